package main

import (
	"context"
	"errors"
	"fmt"
	"os"

	"parcours/config"
	"parcours/locales"
	"parcours/storage/bolt"
	"parcours/storage/vault"
)

type verifyCmd struct {
	Data string `arg:"" help:"The file where the cases are kept." type:"path"`
	Keys string `help:"The keyset file; the data file's name with .keys unless said. The environment variable PARCOURS_KEYSET comes first." type:"path"`
}

// Run reads the whole store and names each case that is not as it was written.
func (v verifyCmd) Run(ctx context.Context, s streams) error {
	if _, err := os.Stat(v.Data); err != nil {
		return fmt.Errorf("there is no such file: %w", err)
	}
	sealed, _, err := openStore(v.Data, v.Keys, s.getenv, bolt.Options{})
	if err != nil {
		return err
	}
	defer sealed.Close()
	summary, err := sealed.Verify(ctx, func(p vault.Problem) {
		fmt.Fprintln(s.out, p)
	})
	if err != nil {
		return err
	}
	fmt.Fprintf(s.out, "%d cases, %d entries, %d problems\n", summary.Cases, summary.Entries, summary.Problems)
	if summary.Problems > 0 {
		return errors.New("the file is not as it was written: stop the program that uses it and restore a backup")
	}
	return nil
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
	file, err := bolt.Open(path, options)
	if err != nil {
		return nil, nil, err
	}
	sealed, err := vault.Open(file, keys)
	if err != nil {
		return nil, nil, errors.Join(err, file.Close())
	}
	return sealed, keys, nil
}

// openKept opens the store of a set-up, which must be there with its keyset:
// opening would make them anew.
func openKept(cfg config.Config, say locales.Printer, s streams) (*vault.Vault, error) {
	if _, err := os.Stat(cfg.Data); err != nil {
		return nil, fmt.Errorf("there is no such file: %w", err)
	}
	if _, err := os.Stat(cfg.KeysPath()); err != nil && s.getenv(vault.Variable) == "" {
		return nil, fail(say, vault.ErrWrongKey)
	}
	sealed, _, err := openStore(cfg.Data, cfg.KeysPath(), s.getenv, bolt.Options{})
	return sealed, fail(say, err)
}
