package parcours_test

import (
	"os"
	"os/exec"
	"regexp"
	"strings"
	"testing"
)

// TestPromisesNameTheirTests reads the page of promises: each names tests, and
// each of these exists.
func TestPromisesNameTheirTests(t *testing.T) {
	page, err := os.ReadFile("docs/securite.md")
	if err != nil {
		t.Fatal(err)
	}
	listed, err := exec.Command("git", "ls-files", "*_test.go").Output()
	if err != nil {
		t.Fatal(err)
	}
	there := map[string]bool{}
	declared := regexp.MustCompile(`(?m)^func ((?:Test|Fuzz)\w+)\(`)
	for _, path := range strings.Fields(string(listed)) {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		for _, found := range declared.FindAllSubmatch(text, -1) {
			there[string(found[1])] = true
		}
	}
	promised := strings.Split(string(page), "## Ce qui n’est pas promis")[0]
	names := regexp.MustCompile("`((?:Test|Fuzz)\\w+)`")
	rows := 0
	for _, line := range strings.Split(promised[strings.Index(promised, "## Ce qui est promis"):], "\n") {
		if !strings.HasPrefix(line, "| ") || strings.HasPrefix(line, "| promesse") {
			continue
		}
		rows++
		all := names.FindAllStringSubmatch(line, -1)
		if len(all) == 0 {
			t.Errorf("no test holds this promise:\n%s", line)
		}
		for _, name := range all {
			if !there[name[1]] {
				t.Errorf("%s does not exist", name[1])
			}
		}
	}
	if rows < 20 {
		t.Errorf("only %d promises were read", rows)
	}
}
