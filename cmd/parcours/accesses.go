package main

import (
	"context"
	"errors"
	"log/slog"
	"os"
	"os/user"
	"strconv"
	"time"

	"parcours/storage"
	"parcours/storage/access"
	"parcours/storage/vault"
)

// accessLabel is what the secret of the access log is derived under.
const accessLabel = "access"

// book gives the access log beside the store, to be read.
func (d *desk) book() (*access.Book, error) {
	return access.NewBook(access.Folder(d.config.Data), d.sealed.Keys().Secret(accessLabel))
}

// openAccesses opens the access log beside the data file, to be written. The
// store, which holds its marks, must stay open longer.
func openAccesses(data string, keys *vault.Keys, store storage.Store, now func() time.Time, log *slog.Logger) (*access.Log, error) {
	return access.Open(context.Background(), access.Options{
		Folder: access.Folder(data), Secret: keys.Secret(accessLabel), Store: store, Now: now, Log: log,
	})
}

// commandLine is how the access log calls the surface where operators are.
const commandLine = "command line"

// record writes in the access log, and on the disk, that the operator is about to be
// shown something. On an error nothing is to be shown.
func (d *desk) record(ctx context.Context, s streams, one access.Record) (err error) {
	log := d.accesses
	if log == nil {
		log, err = openAccesses(d.config.Data, d.sealed.Keys(), d.sealed, time.Now, slog.New(slog.DiscardHandler))
		if err != nil {
			return err
		}
		defer func() { err = errors.Join(err, log.Close(ctx)) }()
	}
	return log.Record(typed(one, s.operator))
}

// typed says of a record which account of the system it was, and where.
func typed(one access.Record, operator string) access.Record {
	one.At, one.Operator, one.Surface = time.Now(), operator, commandLine
	return one
}

// recordRestore writes in the access log beside the data file, and on the disk, that a
// copy is about to be put back, which is the store.
func recordRestore(ctx context.Context, data string, keys *vault.Keys, store storage.Store, made time.Time) error {
	log, err := openAccesses(data, keys, store, time.Now, slog.New(slog.DiscardHandler))
	if err != nil {
		return err
	}
	err = log.Record(typed(access.Record{Way: access.Restore, What: made.UTC().Format(time.RFC3339)}, ownAccount()))
	return errors.Join(err, log.Close(ctx))
}

// accountOf names an account of the system by its number, which stays where the name
// may be given to another.
func accountOf(uid int) string {
	number := strconv.Itoa(uid)
	if account, err := user.LookupId(number); err == nil {
		return account.Username + " (" + number + ")"
	}
	return number
}

// ownAccount names the account that runs the program.
func ownAccount() string {
	account, err := user.Current()
	if err != nil {
		return accountOf(os.Getuid())
	}
	return account.Username + " (" + account.Uid + ")"
}
