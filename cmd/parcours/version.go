package main

import (
	"fmt"
	"runtime"
	"runtime/debug"
)

// version is set when a release is built.
var version = "dev"

type versionCmd struct{}

// Run prints the version, the commit it was built from if known, and Go's.
func (versionCmd) Run(s streams) error {
	commit := ""
	if info, ok := debug.ReadBuildInfo(); ok {
		for _, setting := range info.Settings {
			if setting.Key == "vcs.revision" {
				commit = " (" + setting.Value[:min(12, len(setting.Value))] + ")"
			}
		}
	}
	_, err := fmt.Fprintf(s.out, "parcours %s%s %s\n", version, commit, runtime.Version())
	return err
}
