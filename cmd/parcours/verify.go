package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"parcours/bot"
	"parcours/casework"
	"parcours/config"
	"parcours/locales"
	"parcours/storage"
	"parcours/storage/access"
	"parcours/storage/bolt"
	"parcours/storage/erasure"
	"parcours/storage/vault"
)

type verifyCmd struct {
	langFlag
	Data string `arg:"" help:"The file where the cases are kept." type:"path"`
	Keys string `help:"The keyset file; the data file's name with .keys unless said. The environment variable PARCOURS_KEYSET comes first." type:"path"`
}

// Run reads the whole store and names each case that is not as it was written.
func (v verifyCmd) Run(ctx context.Context, s streams) error { return atDesk(ctx, v, s) }

func (v verifyCmd) load(streams, locales.Printer) (config.Config, locales.Departement, error) {
	return config.Config{Data: v.Data, Keys: v.Keys}, locales.Departement{}, nil
}

func (verifyCmd) operate(ctx context.Context, d *desk, s streams) error {
	summary, err := d.sealed.Verify(ctx, func(wrong storage.Damage) {
		fmt.Fprintln(s.out, &wrong)
	})
	if err != nil {
		return err
	}
	fmt.Fprintf(s.out, "%d cases, %d entries, %d problems\n", summary.Cases, summary.Entries, summary.Problems)
	looked, err := verifyAccesses(ctx, d, s)
	if err != nil {
		return err
	}
	if summary.Problems+looked.Problems > 0 {
		return errors.New("the file is not as it was written: stop the program that uses it and restore a backup")
	}
	return nil
}

// verifyAccesses does the same for the access log beside the store.
func verifyAccesses(ctx context.Context, d *desk, s streams) (access.Summary, error) {
	book, err := d.book()
	if err != nil {
		return access.Summary{}, err
	}
	marks, err := access.LoadMarks(ctx, d.sealed)
	if err != nil {
		return access.Summary{}, err
	}
	summary, err := book.Verify(marks, func(p access.Problem) { fmt.Fprintln(s.out, p) })
	if err != nil {
		return summary, err
	}
	if summary.Torn {
		fmt.Fprintln(s.out, "access log: its last line is not whole, as a power cut leaves it; it is cut off at the next start")
	}
	fmt.Fprintf(s.out, "%d accesses, %d problems\n", summary.Records, summary.Problems)
	return summary, nil
}

// openStore opens the sealed store at path, with its keyset beside it unless
// said otherwise.
func openStore(path, keysPath string, getenv func(string) string, options bolt.Options) (*vault.Vault, *vault.Keys, error) {
	if keysPath == "" {
		keysPath = path + ".keys"
	}
	keys, err := vault.LoadKeys(keysPath, getenv)
	if err != nil {
		return nil, nil, err
	}
	_, sealed, err := openSealed(path, keys, options)
	return sealed, keys, err
}

// openSealed opens the file at path with keys; what is read goes through the vault.
// What the ledger beside it tells was erased is erased again if need be.
func openSealed(path string, keys *vault.Keys, options bolt.Options) (*bolt.Store, *vault.Vault, error) {
	ledger := ledgerOf(path, keys)
	options.Forgetting, options.Narrowing = ledger.Record, ledger.RecordNarrowed
	file, err := bolt.Open(path, options)
	if err != nil {
		return nil, nil, err
	}
	sealed, err := vault.Open(file, keys)
	if err == nil {
		_, err = erasure.Heal(context.Background(), sealed, ledger, leftovers(sealed))
	}
	if err != nil {
		return nil, nil, errors.Join(err, file.Close())
	}
	return file, sealed, nil
}

// leftovers gives what remains to be done on the platform of a case that is there
// again: nothing of one that cannot be read.
func leftovers(sealed *vault.Vault) func(erasure.Line) []storage.Row {
	return func(line erasure.Line) []storage.Row {
		journal, err := sealed.Load(context.Background(), line.Code)
		if err != nil {
			return nil
		}
		c, err := casework.Read(line.Code, journal.Entries)
		if err != nil {
			return nil
		}
		rows, err := bot.Leftovers(sealed.Keys().Secret(tokensLabel), c, line.Why, "", time.Now())
		if err != nil {
			return nil
		}
		return rows
	}
}

// tokensLabel is what the bot's secret is derived under.
const tokensLabel = "tokens"

// ledgerOf gives the ledger of erasures that goes with the file at path.
func ledgerOf(path string, keys *vault.Keys) *erasure.Ledger {
	return erasure.Open(ledgerPath(path), keys.Secret(ledgerLabel), time.Now)
}

// ledgerLabel is what the ledger's secret is derived under.
const ledgerLabel = "erasures"

func ledgerPath(data string) string { return data + ".erased" }
