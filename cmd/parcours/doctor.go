package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"parcours/config"
	"parcours/locales"
	"parcours/storage"
	"parcours/storage/bolt"
	"parcours/storage/erasure"
	"parcours/storage/vault"
)

type doctorCmd struct {
	configFlag
	langFlag
}

// Run checks all that can be wrong, says each with its mend, and fails when there
// is a fault. It changes nothing.
func (c doctorCmd) Run(ctx context.Context, s streams) error {
	say := c.say(s)
	d := &doctor{report: newReport(s.out, say), say: say, streams: s, path: c.Config}
	d.setUp()
	d.keyset()
	d.data()
	d.disk()
	d.backups()
	d.chatServer(ctx)
	d.workspace(ctx)
	fmt.Fprintln(s.out)
	fmt.Fprintln(s.out, say.T("doctor.end", locales.Args{
		"Faults": say.T("doctor.end_faults", locales.Args{"N": d.count[markFault]}),
		"Warned": say.T("doctor.end_warned", locales.Args{"N": d.count[markWarning]}),
	}))
	if d.count[markFault] > 0 {
		return errSaid
	}
	return nil
}

// A doctor checks one set-up.
type doctor struct {
	*report
	streams
	say  locales.Printer
	path string

	cfg config.Config
	// wrong are the keys that are faulty: what depends on them is not checked.
	wrong map[string]bool
	// secret is what the running program seals with; drawn when there is no
	// keyset yet.
	secret []byte
}

// setUp checks the configuration file, the zone and the addresses.
func (d *doctor) setUp() {
	var err error
	d.cfg, err = config.Load(d.path, d.getenv)
	var faults config.Faults
	errors.As(err, &faults)
	d.wrong = map[string]bool{}
	for _, fault := range faults {
		d.wrong[fault.Key] = true
		d.text(markFault, faultText(d.say, d.path, fault))
	}
	if len(faults) == 0 {
		d.line(markOK, "doctor.config", locales.Args{"Path": d.path})
	}
	place, err := departement(d.cfg)
	for _, fault := range departementFaults(d.say, d.cfg.DepartementFile, err) {
		d.text(markFault, fault)
	}
	if err == nil && !d.wrong["departement"] {
		d.text(markOK, departementName(d.say, d.cfg, place))
	}
	if zone, err := d.cfg.Location(); err == nil && !d.wrong["time_zone"] {
		args := locales.Args{"Zone": d.cfg.ZoneName(), "Time": time.Now().In(zone).Format("15:04"), "Other": config.ZoneOf(d.cfg.Departement), "Departement": d.cfg.Departement}
		if d.cfg.Departement != "" && d.cfg.ZoneName() != config.ZoneOf(d.cfg.Departement) {
			d.line(markWarning, "doctor.zone_other", args)
		} else {
			d.line(markOK, "doctor.zone", args)
		}
	}
	if d.cfg.Exposed() {
		d.line(markWarning, "doctor.exposed", locales.Args{"Listen": d.cfg.Listen})
	}
	d.showing()
}

// showing says what the Mattermost server keeps, and what that asks for.
func (d *doctor) showing() {
	switch {
	case d.wrong["mattermost.showing"], !d.cfg.OnMattermost():
		return
	case d.cfg.Mattermost.Showing == config.Full:
		d.line(markOK, "doctor.showing_full")
		return
	}
	d.line(markOK, "doctor.showing_discreet")
	if d.cfg.Near() && !d.wrong["callback_url"] {
		d.line(markWarning, "doctor.showing_near", locales.Args{"URL": d.cfg.Callback()})
	}
}

// keyset checks what opens the store, and does not make it.
func (d *doctor) keyset() {
	place := vault.PlaceOf(d.cfg.KeysPath(), d.getenv)
	args := locales.Args{"Path": place.Name}
	d.secret = []byte(rand.Text())
	info, err := os.Stat(place.Name)
	_, noData := os.Stat(d.cfg.Data)
	switch {
	case place.Kind != vault.InFile:
	case errors.Is(err, fs.ErrNotExist) && noData == nil:
		d.line(markFault, "doctor.keys_gone", args)
		return
	case errors.Is(err, fs.ErrNotExist):
		d.line(markOK, "doctor.keys_new", args)
		return
	case err != nil:
		args["Why"] = cause(err)
		d.line(markFault, "doctor.keys_unreadable", args)
		return
	case info.Mode().Perm()&0o077 != 0:
		d.line(markFault, "doctor.keys_open", args)
		return
	}
	keys, err := vault.LoadKeys(d.cfg.KeysPath(), d.getenv)
	if err != nil {
		d.line(markFault, "doctor.keys_bad", args)
		return
	}
	d.secret = keys.Secret(secretLabel)
	d.line(markOK, "doctor.keys", args)
	if noData == nil {
		d.text(copyState(d.say, d.cfg.Data, keys, time.Now()))
	}
}

// data checks that the file of the cases opens; a running program holds it.
func (d *doctor) data() {
	args := locales.Args{"Path": d.cfg.Data, "Folder": filepath.Dir(d.cfg.Data)}
	info, err := os.Stat(d.cfg.Data)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		if err := config.CanWrite(d.cfg.Data); err != nil {
			args["Why"] = cause(err)
			d.line(markFault, "doctor.data_folder", args)
			return
		}
		d.line(markOK, "doctor.data_new", args)
		return
	case err != nil:
		args["Why"] = cause(err)
		d.line(markFault, "doctor.data_unreadable", args)
		return
	case info.Mode().Perm()&0o077 != 0:
		d.line(markFault, "doctor.data_open", args)
		return
	}
	if vault.PlaceOf(d.cfg.KeysPath(), d.getenv).Missing() {
		return // said of the keyset, which opening would draw anew
	}
	sealed, _, err := openStore(d.cfg.Data, d.cfg.Keys, d.getenv, bolt.Options{LockTimeout: 200 * time.Millisecond})
	switch {
	case errors.Is(err, storage.ErrLocked):
		d.line(markOK, "doctor.data_locked", args)
		if why := unfit(d.cfg.Data, d.say); hatchHere && why != "" {
			d.text(markWarning, why)
		}
	case errors.Is(err, vault.ErrWrongKey):
		d.line(markFault, "doctor.data_key", args)
	case errors.Is(err, erasure.ErrDamaged):
		d.text(markFault, d.say.T("serve.ledger_damaged"))
	case errors.Is(err, storage.ErrNewer):
		d.line(markFault, "doctor.data_newer", args)
	case errors.Is(err, storage.ErrDamaged):
		d.line(markFault, "doctor.data_damaged", args)
	case err != nil:
		args["Why"] = cause(err)
		d.line(markFault, "doctor.data_unreadable", args)
	default:
		d.line(markOK, "doctor.data", args)
		if err := sealed.Close(); err != nil {
			args["Why"] = cause(err)
			d.line(markFault, "doctor.data_unreadable", args)
		}
	}
}

const (
	// little is when the disk is soon full, none when it is as good as full: a
	// compaction of the file needs its size again.
	little = 1 << 30
	none   = 100 << 20
)

// disk checks the room that is left where the cases are kept.
func (d *doctor) disk() {
	folder := filepath.Dir(d.cfg.Data)
	free, ok := freeSpace(folder)
	if ok {
		d.text(room(d.say, folder, free))
	}
}

// room says what to think of some free bytes.
func room(say locales.Printer, folder string, free uint64) (mark, string) {
	args := locales.Args{"Folder": folder, "Free": free >> 20}
	switch {
	case free < none:
		return markFault, say.T("doctor.disk_full", args)
	case free < little:
		return markWarning, say.T("doctor.disk_little", args)
	}
	return markOK, say.T("doctor.disk", args)
}
