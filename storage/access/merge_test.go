package access

import (
	"maps"
	"os"
	"path/filepath"
	"testing"
	"time"
)

// put makes a folder with files, and contents gives them again.
func put(t *testing.T, files map[string]string) string {
	t.Helper()
	folder := filepath.Join(t.TempDir(), "log")
	if files == nil {
		return folder
	}
	must(t, os.Mkdir(folder, 0o700))
	for name, text := range files {
		must(t, os.WriteFile(filepath.Join(folder, name), []byte(text), 0o600))
	}
	return folder
}

func contents(t *testing.T, folder string) map[string]string {
	t.Helper()
	files := map[string]string{}
	all, err := os.ReadDir(folder)
	must(t, err)
	for _, entry := range all {
		text, err := os.ReadFile(filepath.Join(folder, entry.Name()))
		must(t, err)
		files[entry.Name()] = string(text)
	}
	return files
}

func TestMerge(t *testing.T) {
	const feb, mar, apr = "2026-02.log", "2026-03.log", "2026-04.log"
	type files = map[string]string
	for name, c := range map[string]struct {
		here, there, want files
		aside             bool
	}{
		"a bare machine":            {nil, files{mar: "1\n"}, files{mar: "1\n"}, false},
		"an empty folder":           {files{}, files{mar: "1\n"}, files{mar: "1\n"}, false},
		"here it went on":           {files{mar: "1\n2\n", apr: "3\n"}, files{mar: "1\n"}, files{mar: "1\n2\n", apr: "3\n"}, false},
		"here it lacks the end":     {files{mar: "1\n"}, files{mar: "1\n2\n", apr: "3\n"}, files{mar: "1\n2\n", apr: "3\n"}, false},
		"here a month was let go":   {files{mar: "2\n3\n"}, files{feb: "1\n", mar: "2\n"}, files{feb: "1\n", mar: "2\n3\n"}, false},
		"the backup is torn":        {files{mar: "1\n23\n"}, files{mar: "1\n2"}, files{mar: "1\n23\n"}, false},
		"here it is torn":           {files{mar: "1\n2"}, files{mar: "1\n23\n"}, files{mar: "1\n23\n"}, false},
		"both went their own way":   {files{mar: "1\n3\n", apr: "4\n"}, files{mar: "1\n2\n"}, files{mar: "1\n2\n"}, true},
		"what others put there":     {files{"note": "x"}, files{mar: "1\n", "note": "y"}, files{mar: "1\n", "note": "x"}, false},
		"a backup without any file": {files{mar: "1\n"}, files{}, files{mar: "1\n"}, false},
	} {
		t.Run(name, func(t *testing.T) {
			here := put(t, c.here)
			aside, err := Merge(here, put(t, c.there), time.Now())
			must(t, err)
			if got := contents(t, here); !maps.Equal(got, c.want) || (aside != "") != c.aside {
				t.Errorf("got %q, aside %q", got, aside)
			}
			if c.aside && !maps.Equal(contents(t, aside), c.here) {
				t.Errorf("kept aside: %q", contents(t, aside))
			}
		})
	}
	if aside, err := Merge(put(t, files{mar: "1\n"}), put(t, nil), time.Now()); aside != "" || err != nil {
		t.Errorf("a backup of before: %q, %v", aside, err)
	}
}
