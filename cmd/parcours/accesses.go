package main

import (
	"context"
	"log/slog"
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
