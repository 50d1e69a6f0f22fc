package main

import (
	"maps"
	"slices"
	"time"

	"parcours/casework"
	"parcours/locales"
)

// freshFor is how old the last backup may be, in days.
const freshFor = 2

// backups checks that there is a backup of last night.
func (d *doctor) backups() {
	args := locales.Args{"Folder": d.cfg.Backup.Folder}
	if d.cfg.Backup.Folder == "" {
		d.line(markWarning, "doctor.backup_none")
		return
	}
	all, err := nightlies(d.cfg.Backup.Folder)
	if err != nil {
		args["Why"] = cause(err)
		d.line(markFault, "doctor.backup_folder", args)
		return
	}
	if len(all) == 0 {
		d.line(markWarning, "doctor.backup_never", args)
		return
	}
	last := slices.Max(slices.Collect(maps.Values(all)))
	args["Day"] = d.say.Day(casework.Day(last))
	if last < time.Now().AddDate(0, 0, -freshFor).Format(time.DateOnly) {
		d.line(markWarning, "doctor.backup_old", args)
		return
	}
	d.line(markOK, "doctor.backup", args)
}
