// Package parcours_test holds the one rule of style that a machine enforces:
// which room of the house may import which.
package parcours_test

import (
	"os/exec"
	"slices"
	"strings"
	"testing"
)

// rooms says, for each package, which of the project's packages it may import. A
// package that is not listed here fails the test: it has no room yet.
var rooms = map[string][]string{
	"casework":               {},
	"casework/figures":       {"casework"},
	"casework/caseworktest":  {"casework"},
	"locales":                {"casework"},
	"storage":                {"casework"},
	"storage/access":         {"casework", "storage"},
	"storage/bolt":           {"casework", "storage"},
	"storage/vault":          {"casework", "storage"},
	"storage/storagetest":    {"casework", "storage"},
	"storage/erasure":        {"casework", "storage"},
	"storage/backup":         {},
	"bot/internal/clearance": {},
	"bot/chat":               {"casework", "bot/internal/clearance"},
	"bot/chat/chattest":      {"bot/chat", "bot/internal/clearance"},
	"bot/switchboard":        {"casework", "bot/chat"},
	"bot/when":               {},
	"bot/wording":            {"bot/when"},
	"bot/command":            {"casework", "locales", "bot/chat"},
	"bot":                    {"casework", "locales", "storage", "storage/access", "bot/chat", "bot/command", "bot/when", "bot/wording", "bot/internal/clearance"},
	"bot/bottest":            {"casework", "storage", "storage/access", "storage/bolt", "storage/erasure", "storage/vault", "bot", "bot/chat", "bot/command"},
	"commands":               {"casework", "casework/figures", "locales", "bot/chat", "bot/command", "documents", "documents/export", "documents/calendar", "documents/indicators", "documents/paper"},
	"adapters/download":      {"bot/chat"},
	"adapters/sandbox":       {"casework", "bot/chat", "adapters/download"},
	"adapters/watching":      {"casework"},
	"adapters/mattermost":    {"casework", "bot/chat", "adapters/download", "adapters/watching"},
	"adapters/slack":         {"casework", "bot/chat", "adapters/download", "adapters/watching"},
	"documents":              {"casework", "locales", "documents/paper"},
	"documents/indicators":   {"casework", "casework/figures", "locales", "documents/paper"},
	"documents/export":       {"casework", "locales", "documents", "documents/paper"},
	"documents/paper":        {},
	"documents/calendar":     {},
	"story":                  {"locales"},
	"story/storytest":        {"story"},
	"story/sidebyside":       {"story"},
	"workdays":               {"casework"},
	"config":                 {},
	"scripts/mutants":        {},
	"cmd/parcours":           nil, // everything

	// For tests: a browser, and doubles of others' services.
	"browsertest":                      {},
	"adapters/slack/workspace":         {},
	"adapters/slack/workspace/onstage": {"casework", "story", "adapters/slack/workspace"},
}

// forbidden are packages of others that a room must do without.
var forbidden = map[string][]string{
	"casework": {"os", "net", "net/http", "database/sql", "log", "log/slog", "math/rand", "crypto/rand"},
	"commands": {"os", "net", "net/http"},
	"bot":      {"net/http", "os"},
}

func TestImportsFollowTheRooms(t *testing.T) {
	out, err := exec.Command("go", "list", "-f", `{{.ImportPath}} {{join .Imports " "}}`, "./...").Output()
	if err != nil {
		t.Fatal(err)
	}
	for _, line := range strings.Split(strings.TrimSpace(string(out)), "\n") {
		words := strings.Fields(line)
		name := strings.TrimPrefix(words[0], "parcours/")
		allowed, ok := rooms[name]
		switch {
		case name == "parcours":
			continue // this test
		case !ok:
			t.Errorf("package %s has no room: say in this test what it may import", name)
			continue
		}
		for _, imported := range words[1:] {
			ours, isOurs := strings.CutPrefix(imported, "parcours/")
			if isOurs && allowed != nil && !slices.Contains(allowed, ours) {
				t.Errorf("%s may not import %s", name, ours)
			}
			if slices.Contains(forbidden[name], imported) {
				t.Errorf("%s may not import %s", name, imported)
			}
			if !isOurs && name == "casework" && strings.Contains(imported, ".") {
				t.Errorf("casework stands on the standard library alone, not on %s", imported)
			}
		}
	}
}

// TestOnlyTheGateClears holds that nothing but the gate stamps a message as
// cleared, whichever package could reach the stamp.
func TestOnlyTheGateClears(t *testing.T) {
	out, err := exec.Command("git", "grep", "-l", "clearance.Grant(", "--", "*.go", ":!*_test.go").Output()
	if err != nil {
		t.Fatal(err)
	}
	if got := strings.Fields(string(out)); !slices.Equal(got, []string{"bot/chat/chattest/chattest.go", "bot/gate.go", "bot/override.go"}) {
		t.Errorf("clearance is granted in %v, want bot/gate.go, its one exception, and chattest for tests", got)
	}
}

// TestOnlyAddressesChangeAfterTheGate holds that what was cleared is changed in one
// place alone, which changes whom it is for, and not what it says.
func TestOnlyAddressesChangeAfterTheGate(t *testing.T) {
	out, err := exec.Command("git", "grep", "-l", "clearance.Change(", "--", "*.go", ":!*_test.go").Output()
	if err != nil {
		t.Fatal(err)
	}
	if got := strings.Fields(string(out)); !slices.Equal(got, []string{"bot/chat/several.go"}) {
		t.Errorf("what was cleared is changed in %v", got)
	}
}
