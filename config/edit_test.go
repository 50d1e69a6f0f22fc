package config_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"parcours/config"
)

func TestEditLeavesTheRest(t *testing.T) {
	const before = `# mine
data = "a.db" # here

[log] # loud
level = "debug"

[mattermost]
# our own server
url = "http://old" # since 2020
token = 'old'

[[mattermost.teams]]
# the first
id = "abcdefghijklmnopqrstuvwxyz"
token = "old"

# the end
`
	got, err := config.Edit(before, map[string]string{"mattermost.url": "https://new", "mattermost.token": `n"w`, "data": "a.db", "callback_url": "https://here"},
		[]config.Team{{Name: "one", ID: team, Token: "t1"}, {Name: "two", ID: "zyxwvutsrqponmlkjihgfedcba", Token: "t2"}})
	must(t, err)
	const want = `# mine
data = "a.db" # here
callback_url = "https://here"

[log] # loud
level = "debug"

[mattermost]
# our own server
url = "https://new" # since 2020
token = "n\"w"

[[mattermost.teams]]
# the first
id = "abcdefghijklmnopqrstuvwxyz"
token = "t1"
name = "one"

# the end

[[mattermost.teams]]
name = "two"
id = "zyxwvutsrqponmlkjihgfedcba"
token = "t2"
`
	if got != want {
		t.Errorf("got\n%s", got)
	}
	again, err := config.Edit(got, map[string]string{"mattermost.url": "https://new"}, []config.Team{{Name: "other", ID: team, Token: "t1"}})
	must(t, err)
	if again != got {
		t.Error("what is in place is changed")
	}
}

func TestEditFillsInTheSample(t *testing.T) {
	got, err := config.Edit("", map[string]string{"mattermost.url": "https://chat", "mattermost.token": "x", "callback_url": "https://here"}, []config.Team{{Name: "one", ID: team, Token: "t"}})
	must(t, err)
	if !strings.Contains(got, "\nurl = \"https://chat\"\n") || strings.Contains(got, "#callback_url") || !strings.Contains(got, "# The set-up of Parcours") {
		t.Errorf("got\n%s", got)
	}
	if _, err := config.Load(file(t, got), none); err != nil {
		t.Error(err)
	}
}

func TestEditWithoutTables(t *testing.T) {
	got, err := config.Edit("language = \"en\"\n", map[string]string{"mattermost.url": "https://chat", "data": "b.db"}, nil)
	must(t, err)
	if got != "language = \"en\"\ndata = \"b.db\"\n\n[mattermost]\nurl = \"https://chat\"\n" {
		t.Errorf("got %q", got)
	}
}

func TestEditDoesNotGuess(t *testing.T) {
	for _, text := range []string{
		"mattermost = { url = \"http://old\" }\n",
		"mattermost.url = \"http://old\"\n",
		"[mattermost]\nurl = \"\"\"\nhttp://old\"\"\"\n",
		"not toml",
		"x = '''\n[mattermost]\nurl = \"a\"\n'''\n[mattermost]\nurl = \"http://old\"\n",
	} {
		if got, err := config.Edit(text, map[string]string{"mattermost.url": "http://new"}, nil); !errors.Is(err, config.ErrUnsure) {
			t.Errorf("%q became %q, %v", text, got, err)
		}
	}
	inline := "mattermost.teams = [{id = \"" + team + "\", token = \"old\"}]\n"
	if got, err := config.Edit(inline, nil, []config.Team{{ID: team, Token: "new"}}); !errors.Is(err, config.ErrUnsure) {
		t.Errorf("got %q, %v", got, err)
	}
}

func TestWriteFile(t *testing.T) {
	folder := t.TempDir()
	path, link := filepath.Join(folder, "a.toml"), filepath.Join(folder, "link.toml")
	must(t, os.WriteFile(path, []byte("old"), 0o644))
	must(t, os.Symlink(path, link))
	must(t, config.CanWrite(link))
	must(t, config.WriteFile(link, "new"))
	text, err := os.ReadFile(path)
	must(t, err)
	info, err := os.Lstat(path)
	must(t, err)
	if string(text) != "new" || info.Mode() != 0o600 {
		t.Errorf("%q, %v", text, info.Mode())
	}
	if info, err := os.Lstat(link); err != nil || info.Mode()&os.ModeSymlink == 0 {
		t.Error("the link is gone")
	}
	left, err := os.ReadDir(folder)
	must(t, err)
	if len(left) != 2 {
		t.Errorf("%d files are left", len(left))
	}
	nowhere := filepath.Join(folder, "no", "a.toml")
	if config.CanWrite(nowhere) == nil || config.WriteFile(nowhere, "x") == nil {
		t.Error("a folder that is not there is written to")
	}
}
