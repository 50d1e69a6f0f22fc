package main

import (
	"context"
	"errors"
	"fmt"
	"os"

	"parcours/config"
	"parcours/locales"
	"parcours/storage/access"
	"parcours/storage/bolt"
	"parcours/storage/vault"
)

// An operation is an operator's command on the store. One program at a time can
// hold the store's file: where the one that serves does, the operation is done
// there, asked for through its hatch, and else here. It cannot tell the
// difference: it has a desk, and streams that lead to who typed the command. What
// it reads and writes besides, files above all, is for its Run, which is always
// here.
type operation interface {
	// say and load give how to speak, and the set-up; load also refuses what can
	// be seen to be wrong without the store.
	say(s streams) locales.Printer
	load(s streams, say locales.Printer) (config.Config, locales.Departement, error)
	// operate does what was asked for.
	operate(ctx context.Context, d *desk, s streams) error
}

// A desk is an opened store with its set-up.
type desk struct {
	config config.Config
	place  locales.Departement
	file   *bolt.Store
	sealed *vault.Vault
	keyset vault.Place
	// accesses is the access log while it is written; nil where nobody serves.
	accesses *access.Log
}

// atDesk has an operation done where the store is open, or opens it here.
func atDesk(ctx context.Context, o operation, s streams) error {
	say := o.say(s)
	cfg, place, err := o.load(s, say)
	if err != nil {
		return err
	}
	if err := ask(ctx, cfg.Data, s, say); !errors.Is(err, errNobodyServes) {
		return err
	}
	d, err := openDesk(cfg, place, s)
	if err != nil {
		return fail(say, err)
	}
	s.operator = ownAccount()
	return errors.Join(perform(ctx, o, d, s), d.sealed.Close())
}

// perform does an operation, and says what became of it.
func perform(ctx context.Context, o operation, d *desk, s streams) error {
	err := o.operate(ctx, d, s)
	if err != nil && ctx.Err() != nil {
		return errors.New(o.say(s).T("operator.stopped"))
	}
	return fail(o.say(s), err)
}

// openDesk opens the store of a set-up, which must be there with its keyset:
// opening would make them anew.
func openDesk(cfg config.Config, place locales.Departement, s streams) (*desk, error) {
	if _, err := os.Stat(cfg.Data); err != nil {
		return nil, fmt.Errorf("there is no such file: %w", err)
	}
	d := &desk{config: cfg, place: place, keyset: vault.PlaceOf(cfg.KeysPath(), s.getenv)}
	if d.keyset.Missing() {
		return nil, vault.ErrWrongKey
	}
	keys, err := vault.LoadKeys(cfg.KeysPath(), s.getenv)
	if err != nil {
		return nil, err
	}
	d.file, d.sealed, err = openSealed(cfg.Data, keys, bolt.Options{})
	return d, err
}
