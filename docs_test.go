package parcours_test

import (
	"os"
	"os/exec"
	"regexp"
	"strings"
	"testing"
)

// testNames finds tests named on a page.
var testNames = regexp.MustCompile("`((?:Test|Fuzz)\\w+)`")

// TestPromisesNameTheirTests reads the page of promises: each names tests, and
// each of these exists.
func TestPromisesNameTheirTests(t *testing.T) {
	promised := rows(t, "docs/securite.md", "## Ce qui est promis", "## Ce qui n’est pas promis", 20)
	there := declared(t)
	for _, row := range promised {
		held(t, row, there)
	}
}

// TestWhatIsSaidToTheAuthorityIsHeld reads the pages that a département gives to others
// in its name: each row that says something of the program is among those that name
// tests, at the end; or is said to be for the département alone.
func TestWhatIsSaidToTheAuthorityIsHeld(t *testing.T) {
	there := declared(t)
	for _, page := range []struct {
		path, from, to, tests string
		least                 int
	}{
		{"docs/aipd.md", "## 2. Les principes", "## 4. Ce qui reste", "## 6. Les essais", 19},
		{"docs/registre.md", "# Pour le registre", "## Les essais", "## Les essais", 14},
	} {
		said := rows(t, page.path, page.from, page.to, page.least)
		answers := map[string]bool{}
		for _, row := range rows(t, page.path, page.tests, "", 10) {
			about, by, _ := strings.Cut(strings.Trim(row, "| "), " | ")
			for _, one := range strings.Split(about, ", ") {
				answers[one] = true
			}
			if by != "aucun : c’est au département" {
				held(t, row, there)
			}
		}
		for _, row := range said {
			if about, _, _ := strings.Cut(strings.Trim(row, "| "), " | "); !answers[about] {
				t.Errorf("%s: no test holds what is said of %q", page.path, about)
			}
		}
	}
}

// held checks that a row names tests, and that they exist.
func held(t *testing.T, row string, there map[string]bool) {
	t.Helper()
	all := testNames.FindAllStringSubmatch(row, -1)
	if len(all) == 0 {
		t.Errorf("no test holds this promise:\n%s", row)
	}
	for _, name := range all {
		if !there[name[1]] {
			t.Errorf("%s does not exist", name[1])
		}
	}
}

// rows gives the rows of the tables of a page from one heading to another, or to its
// end, without their own headings; there are at least so many.
func rows(t *testing.T, path, from, to string, least int) []string {
	t.Helper()
	page, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	_, part, ok := strings.Cut(string(page), from)
	if to != "" {
		part, _, _ = strings.Cut(part, to)
	}
	var found []string
	lines := strings.Split(part, "\n")
	for i, line := range lines {
		heading := i+1 < len(lines) && strings.HasPrefix(lines[i+1], "|---")
		if strings.HasPrefix(line, "| ") && !heading {
			found = append(found, line)
		}
	}
	if !ok || len(found) < least {
		t.Errorf("%s: only %d promises were read", path, len(found))
	}
	return found
}

// declared gives the names of all tests.
func declared(t *testing.T) map[string]bool {
	t.Helper()
	listed, err := exec.Command("git", "ls-files", "*_test.go").Output()
	if err != nil {
		t.Fatal(err)
	}
	there := map[string]bool{}
	function := regexp.MustCompile(`(?m)^func ((?:Test|Fuzz)\w+)\(`)
	for _, path := range strings.Fields(string(listed)) {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		for _, found := range function.FindAllSubmatch(text, -1) {
			there[string(found[1])] = true
		}
	}
	return there
}
