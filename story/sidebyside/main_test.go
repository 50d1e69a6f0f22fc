package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"parcours/story"
)

func TestAColumnForEachPlatform(t *testing.T) {
	folder := t.TempDir()
	told := func(platform string, scenes ...story.Scene) {
		raw, err := json.Marshal(scenes)
		if err == nil {
			err = os.WriteFile(filepath.Join(folder, "tale."+platform+".json"), raw, 0o600)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	said := func(text string) story.Scene {
		return story.Scene{Heads: []string{"@a direct> /parcours"}, News: []story.Line{{Who: []string{"a", "b"}, In: "p-7k3f", Text: text}}}
	}
	told("sandbox", said("un & un"))
	told("slack", said("deux"))
	told("mattermost", said("<trois>"))
	var out strings.Builder
	if err := write(&out, folder, "tale"); err != nil {
		t.Fatal(err)
	}
	at := 0
	for _, want := range []string{"@a direct&gt; /parcours", "a, b, dans p-7k3f", "un &amp; un", "deux", "&lt;trois&gt;"} {
		i := strings.Index(out.String()[at:], want)
		if i < 0 {
			t.Fatalf("no %q after %d in:\n%s", want, at, out.String())
		}
		at += i
	}
	told("slack")
	if err := write(&strings.Builder{}, folder, "tale"); err == nil {
		t.Error("a story played halfway makes a page")
	}
}
