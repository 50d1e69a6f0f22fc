package main

import (
	"testing"

	"parcours/casework"
	"parcours/config"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

// The defaults of a set-up are those of the domain, on the working days of the
// département.
func TestPolicyOfASetUp(t *testing.T) {
	of := func(departement string) casework.Policy {
		cfg := config.Default()
		cfg.Departement = departement
		return policy(cfg)
	}
	got := of("67")
	if diff := cmp.Diff(casework.DefaultPolicy(), got, cmpopts.IgnoreFields(casework.Policy{}, "Working")); diff != "" {
		t.Error(diff)
	}
	if got.Working("2026-12-26") || got.Working("2026-04-03") || !of("09").Working("2026-04-03") {
		t.Error("Good Friday is a holiday in the Bas-Rhin, and not in Ariège")
	}
}
