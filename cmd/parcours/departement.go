package main

import (
	"errors"
	"os"
	"slices"
	"strings"

	"parcours/config"
	"parcours/locales"
)

// departement gives how a set-up speaks: as its own file says, or in the words
// that are known of its département. The error is locales.Faults.
func departement(cfg config.Config) (locales.Departement, error) {
	if cfg.DepartementFile == "" {
		return locales.DepartementOf(cfg.Departement), nil
	}
	d, err := ownDepartement(cfg.DepartementFile)
	d.Code = cfg.Departement
	return d, err
}

func ownDepartement(path string) (locales.Departement, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return locales.Departement{}, locales.Faults{{Key: path, Kind: "departement.unreadable", Given: cause(err)}}
	}
	return locales.ReadDepartement(text)
}

// departementFaults says what is wrong with a département's file, each with its
// mend.
func departementFaults(say locales.Printer, path string, err error) []string {
	var faults locales.Faults
	errors.As(err, &faults)
	lines := make([]string, len(faults))
	for i, f := range faults {
		lines[i] = say.T(string(f.Kind), locales.Args{"Key": f.Key, "Given": f.Given, "Want": f.Want, "Path": path})
	}
	return lines
}

// departementName says whose words a set-up has.
func departementName(say locales.Printer, cfg config.Config, d locales.Departement) string {
	args := locales.Args{"Name": d.Name, "Code": cfg.Departement, "Path": cfg.DepartementFile}
	switch {
	case cfg.DepartementFile != "":
		return say.T("departement.own", args)
	case d.Code != "":
		return say.T("departement.known", args)
	}
	return say.T("departement.neutral")
}

// departementNamed gives the département of a code, or of a file at a path, for
// the demonstration; the neutral one for none.
func departementNamed(say locales.Printer, name string) (locales.Departement, error) {
	var codes []string
	for _, d := range locales.Departements() {
		if d.Code == name {
			return d, nil
		}
		codes = append(codes, d.Code)
	}
	d, err := ownDepartement(name)
	if err == nil {
		return d, nil
	}
	known := strings.Join(slices.DeleteFunc(codes, func(code string) bool { return code == "" }), ", ")
	lines := append([]string{say.T("departement.none", locales.Args{"Given": name, "Known": known})}, departementFaults(say, name, err)...)
	return d, errors.New(strings.Join(indented(lines), "\n"))
}

// indented puts lines below the first one, each with its mend below it.
func indented(lines []string) []string {
	for i, line := range lines {
		if i > 0 {
			lines[i] = "  " + strings.ReplaceAll(line, "\n", "\n    → ")
		}
	}
	return lines
}
