package main

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"parcours/bot"
	"parcours/commands"
	"parcours/locales"
)

// TestEverySentenceExists looks for all that reads as the key of a sentence.
func TestEverySentenceExists(t *testing.T) {
	isKey := regexp.MustCompile(`^(config|departement|setup|doctor|serve|ready|mark|operator|keys|audit)\.[a-z_]+$`)
	french, english := locales.For("fr"), locales.For("en")
	found := 0
	for _, folder := range []string{".", "../../config", "../../locales"} {
		files, err := filepath.Glob(filepath.Join(folder, "*.go"))
		must(t, err)
		for _, name := range files {
			if strings.HasSuffix(name, "_test.go") {
				continue
			}
			text, err := os.ReadFile(name)
			must(t, err)
			file, err := parser.ParseFile(token.NewFileSet(), name, text, 0)
			must(t, err)
			ast.Inspect(file, func(n ast.Node) bool {
				literal, ok := n.(*ast.BasicLit)
				if !ok || literal.Kind != token.STRING {
					return true
				}
				key, _ := strconv.Unquote(literal.Value)
				if isKey.MatchString(key) {
					found++
					if !french.Has(key) || !english.Has(key) {
						t.Errorf("%s: %s is no sentence", name, key)
					}
				}
				return true
			})
		}
	}
	if found < 100 {
		t.Errorf("only %d keys were found", found)
	}
}

func TestEveryMendIsSaid(t *testing.T) {
	// What goes well, and labels, need no mend.
	fine := regexp.MustCompile(`^doctor\.(config|zone|staff|copy|backup|keys|keys_new|data|data_new|data_locked|disk|server|clock_right|site_url|token|rights|team|command|serving|callback|bot_creation|internal|owner_free|emails_off|hardened|end|end_faults|end_warned|slack|slack_scopes|slack_socket)$`)
	isName := regexp.MustCompile(`^departement\.(known|own|neutral|none)$`)
	for _, name := range []string{"doctor", "setup"} {
		text, err := os.ReadFile("../../locales/" + name + ".fr.toml")
		must(t, err)
		for _, line := range strings.Split(string(text), "\n") {
			key, sentence, ok := strings.Cut(line, " = ")
			key = strings.Trim(key, `"`)
			fault := strings.HasPrefix(key, "doctor.") && !fine.MatchString(key) || strings.HasPrefix(key, "config.") && key != "config.faults" ||
				strings.HasPrefix(key, "departement.") && !isName.MatchString(key)
			if ok && fault && !strings.Contains(sentence, `\n`) {
				t.Errorf("%s says no mend", key)
			}
		}
	}
}

func TestRoom(t *testing.T) {
	for free, want := range map[uint64]mark{10 << 20: markFault, 500 << 20: markWarning, 20 << 30: markOK} {
		got, text := room(locales.For("fr"), "/srv", free)
		if got != want || !strings.Contains(text, "/srv") {
			t.Errorf("%d: %s %s", free, got, text)
		}
	}
}

func TestLabelsOfMetricsAreKnownWords(t *testing.T) {
	all := newTestMetrics()
	if among(all.buttons, "made-up") != unknown || among(all.buttons, bot.ShowButton) == unknown || among(all.forms, "") != unknown {
		t.Error("made-up words make labels")
	}
}

func newTestMetrics() *metrics {
	return newMetrics(commands.All(), func() float64 { return 0 }, func() float64 { return 0 }, func() bool { return true })
}
