package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"time"

	"filippo.io/age"

	"parcours/config"
	"parcours/locales"
	"parcours/storage/access"
	"parcours/storage/backup"
)

type backupCmd struct {
	configFlag
	langFlag
	File      string   `arg:"" help:"The backup to write." type:"path"`
	Recipient []string `help:"A public key, age1…, of somebody who can open it; may be repeated. Those of the configuration unless said." placeholder:"KEY"`
}

// Run writes a backup, whole or not at all, whether the program serves or not.
func (c backupCmd) Run(ctx context.Context, s streams) error {
	cfg, _, err := c.load(s, c.say(s))
	if err != nil {
		return err
	}
	told := s.out
	err = writeWhole(c.File, func(to io.Writer) error {
		s.out = to
		return atDesk(ctx, c, s)
	})
	if err != nil {
		return err
	}
	fmt.Fprintln(told, spread(c.say(s).T("backup.made", locales.Args{"Path": c.File, "Keys": cfg.KeysPath()})))
	return nil
}

// load also refuses a backup that nobody could open.
func (c backupCmd) load(s streams, say locales.Printer) (config.Config, locales.Departement, error) {
	cfg, place, err := c.configFlag.load(s, say)
	if err == nil && len(c.Recipient) == 0 && len(cfg.Backup.Recipients) == 0 {
		err = &misused{spread(say.T("backup.nobody"))}
	}
	return cfg, place, err
}

func (c backupCmd) operate(ctx context.Context, d *desk, s streams) error {
	recipients := c.Recipient
	if len(recipients) == 0 {
		recipients = d.config.Backup.Recipients
	}
	keys, err := age.ParseRecipients(strings.NewReader(strings.Join(recipients, "\n")))
	if err != nil {
		return err
	}
	// Whoever holds one of the keys will hold all that is kept.
	if err := d.record(ctx, s, access.Record{Way: access.Backup, What: strings.Join(recipients, " ")}); err != nil {
		return err
	}
	return d.backUp(ctx, s.out, keys, time.Now())
}

// backUp writes a backup of the store, without a trace of what was erased.
func (d *desk) backUp(ctx context.Context, to io.Writer, keys []age.Recipient, now time.Time) error {
	if err := d.sealed.Scrub(ctx); err != nil {
		return err
	}
	return backup.Write(ctx, to, keys, version, now, d.file, func() ([]byte, error) {
		text, err := os.ReadFile(ledgerPath(d.config.Data))
		if errors.Is(err, fs.ErrNotExist) {
			err = nil
		}
		return text, err
	}, os.DirFS(access.Folder(d.config.Data)))
}

// writeWhole puts a file in its place, readable by its owner alone, once it is
// whole and on the disk.
func writeWhole(path string, write func(io.Writer) error) error {
	draft, err := os.CreateTemp(filepath.Dir(path), filepath.Base(path)+".*.new")
	if err != nil {
		return err
	}
	defer os.Remove(draft.Name())
	err = write(draft)
	if err = errors.Join(err, draft.Sync(), draft.Close()); err != nil {
		return err
	}
	if err := os.Rename(draft.Name(), path); err != nil {
		return err
	}
	return syncFolder(filepath.Dir(path))
}

// syncFolder makes the names in a folder as lasting as the files.
func syncFolder(path string) error {
	folder, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(folder.Sync(), folder.Close())
}

// nightlyName is how backups of the night are called, by their day.
var nightlyName = regexp.MustCompile(`^parcours-(\d{4}-\d{2}-\d{2})\.age$`)

// nightly writes the backup of the night, where one is wanted, and then takes away
// those that were kept long enough.
func (d *desk) nightly(ctx context.Context, now time.Time) error {
	folder := d.config.Backup.Folder
	if folder == "" {
		return nil
	}
	keys, err := age.ParseRecipients(strings.NewReader(strings.Join(d.config.Backup.Recipients, "\n")))
	if err == nil {
		err = writeWhole(filepath.Join(folder, "parcours-"+now.Format(time.DateOnly)+".age"), func(to io.Writer) error {
			return d.backUp(ctx, to, keys, now)
		})
	}
	if err != nil {
		return fmt.Errorf("back up: %w", err)
	}
	all, err := nightlies(folder)
	for path, day := range all {
		if day < now.AddDate(0, 0, -d.config.Backup.Keep).Format(time.DateOnly) {
			err = errors.Join(err, os.Remove(path))
		}
	}
	return err
}

// nightlies gives the backups in a folder, by path, with the day of each.
func nightlies(folder string) (map[string]string, error) {
	entries, err := os.ReadDir(folder)
	days := map[string]string{}
	for _, entry := range entries {
		if name := nightlyName.FindStringSubmatch(entry.Name()); name != nil {
			days[filepath.Join(folder, entry.Name())] = name[1]
		}
	}
	return days, err
}
