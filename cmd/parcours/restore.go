package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"filippo.io/age"

	"parcours/bot"
	"parcours/casework"
	"parcours/config"
	"parcours/locales"
	"parcours/storage"
	"parcours/storage/access"
	"parcours/storage/backup"
	"parcours/storage/bolt"
	"parcours/storage/erasure"
	"parcours/storage/vault"
)

type restoreCmd struct {
	configFlag
	langFlag
	File     string `arg:"" help:"The backup to put back." type:"existingfile"`
	Identity string `help:"The file of the secret key that opens it." type:"existingfile" required:"" placeholder:"FILE"`
	Replace  bool   `help:"Put it in the place of the store that is there, which is kept aside."`
	// SuspendAll is for the day when the ledger is lost with the machine.
	SuspendAll bool `help:"Suspend sharing in every open case, until the consent is confirmed there: for when the machine was lost, and with it the list of consents withdrawn."`
	Verify     bool `help:"Check the backup only, and put nothing back."`
}

// Run puts a backup back, or checks that it could be. Nothing moves before all of
// it was found sound.
func (c restoreCmd) Run(ctx context.Context, s streams) error {
	say := c.say(s)
	cfg, _, err := c.load(s, say)
	if err != nil {
		return err
	}
	return c.fail(say, cfg, c.restore(ctx, cfg, s, say))
}

// fail says in a sentence what stands in the way.
func (c restoreCmd) fail(say locales.Printer, cfg config.Config, err error) error {
	args := locales.Args{"Path": c.File, "Identity": c.Identity, "Data": cfg.Data, "Keys": cfg.KeysPath()}
	for _, known := range []struct {
		is  error
		key string
	}{
		{errNoKeys, "restore.no_keys"}, {errThere, "restore.there"}, {errNoIdentity, "restore.no_identity"}, {errUnsound, "restore.unsound"},
		{backup.ErrDamaged, "restore.damaged"}, {backup.ErrWrongKey, "restore.wrong_identity"}, {backup.ErrNewer, "serve.newer"},
		{vault.ErrWrongKey, "restore.wrong_keys"},
	} {
		if errors.Is(err, known.is) {
			return &said{spread(say.T(known.key, args)), err}
		}
	}
	return fail(say, err)
}

var (
	errNoKeys     = errors.New("the keyset is missing")
	errThere      = errors.New("there is a store already")
	errNoIdentity = errors.New("no secret key")
	errUnsound    = errors.New("the copy is not sound")
)

func (c restoreCmd) restore(ctx context.Context, cfg config.Config, s streams, say locales.Printer) (err error) {
	zone, err := cfg.Location()
	if err != nil {
		return err
	}
	keys, err := c.ready(cfg, s)
	if err != nil {
		return err
	}
	draft, manifest, lines, err := c.unpack(cfg, keys)
	if draft != "" {
		defer os.Remove(draft)
		defer os.RemoveAll(access.Folder(draft))
	}
	if err != nil {
		return err
	}
	file, err := bolt.Open(draft, bolt.Options{})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	sealed, err := vault.Open(file, keys)
	if err != nil {
		return err
	}
	summary, err := sealed.Verify(ctx, func(d storage.Damage) { fmt.Fprintln(s.err, &d) })
	if err == nil && summary.Problems > 0 {
		err = errUnsound
	}
	if err != nil {
		return err
	}
	if err := verifyRestored(ctx, draft, keys, sealed, s, say); err != nil {
		return err
	}
	args := locales.Args{
		"Path": c.File, "Data": cfg.Data, "Cases": summary.Cases, "Entries": summary.Entries, "Version": manifest.Version,
		"Made": say.Day(casework.DayOf(manifest.Made.In(zone))), "Time": manifest.Made.In(zone).Format("15:04"),
	}
	if c.Verify {
		fmt.Fprintln(s.out, spread(say.T("restore.sound", args)))
		return nil
	}
	_, noLedger := os.Lstat(ledgerPath(cfg.Data))
	ledger := ledgerOf(cfg.Data, keys)
	if err := ledger.Merge(lines...); err != nil {
		return err
	}
	now := time.Now().In(zone)
	if _, err := erasure.Heal(ctx, sealed, ledger, leftovers(sealed)); err != nil {
		return err
	}
	suspended, err := c.suspend(ctx, cfg, keys, sealed, ledger, now)
	if err != nil {
		return err
	}
	if err := errors.Join(sealed.Scrub(ctx), file.MarkRestored(ctx, now)); err != nil {
		return err
	}
	accesses, err := access.Merge(access.Folder(cfg.Data), access.Folder(draft), now)
	if err != nil {
		return err
	}
	if err := errors.Join(recordRestore(ctx, cfg.Data, keys, sealed, manifest.Made), file.Close()); err != nil {
		return err
	}
	aside, err := takePlace(draft, cfg.Data, now)
	if err != nil {
		return err
	}
	fmt.Fprintln(s.out, spread(say.T("restore.done", args)))
	if suspended > 0 {
		fmt.Fprintln(s.out, spread(say.T("restore.suspended", locales.Args{"N": suspended})))
	}
	if noLedger != nil && !c.SuspendAll {
		fmt.Fprintln(s.out, spread(say.T("restore.no_ledger")))
	}
	if aside != "" {
		fmt.Fprintln(s.out, spread(say.T("restore.aside", locales.Args{"Aside": aside})))
	}
	if accesses != "" {
		fmt.Fprintln(s.out, spread(say.T("restore.accesses_aside", locales.Args{"Aside": accesses})))
	}
	return nil
}

// verifyRestored says what is wrong with the access log of a backup, if it holds one.
// It does not keep the cases from being put back.
func verifyRestored(ctx context.Context, draft string, keys *vault.Keys, store storage.Store, s streams, say locales.Printer) error {
	if _, err := os.Stat(access.Folder(draft)); errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	book, err := access.NewBook(access.Folder(draft), keys.Secret(accessLabel))
	if err != nil {
		return err
	}
	marks, err := access.LoadMarks(ctx, store)
	if err != nil {
		return err
	}
	summary, err := book.Verify(marks, func(p access.Problem) { fmt.Fprintln(s.err, p) })
	if err == nil && summary.Problems > 0 {
		fmt.Fprintln(s.err, spread(say.T("restore.accesses_unsound", locales.Args{"N": summary.Problems})))
	}
	return err
}

// suspend suspends sharing where the copy allows more than was allowed since, or
// everywhere, and gives in how many cases.
func (c restoreCmd) suspend(ctx context.Context, cfg config.Config, keys *vault.Keys, store storage.Store, ledger *erasure.Ledger, now time.Time) (int, error) {
	widened, err := ledger.Widened()
	if err != nil {
		return 0, err
	}
	options := bot.Options{
		Store: store, Secret: keys.Secret("tokens"), Now: func() time.Time { return now },
		Policy: policy(cfg), Restored: now,
	}
	return bot.Suspend(ctx, options, func(one *casework.Case) casework.Suspension {
		switch {
		case widened(one):
			return casework.ConsentChanged
		case c.SuspendAll:
			return casework.ConsentUnknown
		}
		return ""
	})
}

// ready gives the keyset, and refuses to go on where nothing could be put back.
func (c restoreCmd) ready(cfg config.Config, s streams) (*vault.Keys, error) {
	if vault.PlaceOf(cfg.KeysPath(), s.getenv).Missing() {
		return nil, errNoKeys
	}
	keys, err := vault.LoadKeys(cfg.KeysPath(), s.getenv)
	if err != nil || c.Verify {
		return keys, err
	}
	if _, err := os.Lstat(cfg.Data); errors.Is(err, fs.ErrNotExist) {
		return keys, nil
	}
	if !c.Replace {
		return nil, errThere
	}
	there, err := bolt.Open(cfg.Data, bolt.Options{})
	if errors.Is(err, storage.ErrLocked) {
		return nil, err
	}
	if err != nil {
		return keys, nil // that it cannot be opened may be why a backup is put back
	}
	return keys, there.Close()
}

// unpack opens the backup beside the place where it belongs.
func (c restoreCmd) unpack(cfg config.Config, keys *vault.Keys) (draft string, m backup.Manifest, lines []erasure.Line, err error) {
	secret, err := os.Open(c.Identity)
	if err != nil {
		return "", m, nil, err
	}
	identities, err := age.ParseIdentities(secret)
	if err = errors.Join(err, secret.Close()); err != nil {
		return "", m, nil, errNoIdentity // not wrapped, since it may quote what it read
	}
	from, err := os.Open(c.File)
	if err != nil {
		return "", m, nil, err
	}
	defer from.Close()
	to, err := os.CreateTemp(filepath.Dir(cfg.Data), filepath.Base(cfg.Data)+".*.restore")
	if err != nil {
		return "", m, nil, err
	}
	m, text, err := backup.Read(from, identities, to, accessesTo(access.Folder(to.Name())))
	if err = errors.Join(err, to.Sync(), to.Close()); err == nil {
		lines, err = erasure.Read(text, keys.Secret(ledgerLabel))
	}
	return to.Name(), m, lines, err
}

// accessesTo gives files in a folder, made for the first of them.
func accessesTo(folder string) func(name string) (io.WriteCloser, error) {
	return func(name string) (io.WriteCloser, error) {
		if err := os.MkdirAll(folder, 0o700); err != nil {
			return nil, err
		}
		file, err := os.OpenFile(filepath.Join(folder, name), os.O_WRONLY|os.O_CREATE|os.O_EXCL, ownerOnly)
		return lasting{file}, err
	}
}

// A lasting file is on the disk once it is closed.
type lasting struct{ *os.File }

func (l lasting) Close() error { return errors.Join(l.Sync(), l.File.Close()) }

// takePlace puts a file in the place of another, which is kept aside under the name
// that is given; the place is never empty meanwhile.
func takePlace(draft, path string, now time.Time) (aside string, err error) {
	if _, err := os.Lstat(path); err == nil {
		aside = path + ".replaced-" + now.Format("20060102-150405")
		if os.Link(path, aside) != nil {
			// Not every file system can give a file two names.
			if err := os.Rename(path, aside); err != nil {
				return "", err
			}
		}
	}
	return aside, errors.Join(os.Rename(draft, path), syncFolder(filepath.Dir(path)))
}
