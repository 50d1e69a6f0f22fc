// Package storytest holds what people are told of a story on one platform to what they
// are told on the others: there is one golden file for each story, and each platform's
// own test asks Tells.
//
// What is compared are words, line by line. Left out is what differs by itself, each
// time or on each platform:
//
//   - the case's code, minutes that pass, and the fingerprints of what was signed;
//   - how a row is laid out: Slack has a long label and its value on two lines;
//   - the command that a button stands for, told where nothing can be pressed;
//   - where files stand: Slack has them in messages of their own;
//   - the order of messages in different places, which nobody can tell, and whether
//     something long is one message or goes on in the next.
//
// Who reads what, where, for their eyes alone or with others, in what order and whole,
// with which buttons and which files, is the same. When sentences or stories change, the
// golden files are written anew by
//
//	go test ./cmd/parcours -run TheStoriesAreTold -update
package storytest

import (
	"embed"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"parcours/story"
)

//go:embed *.txt
var golden embed.FS

// FolderVariable names a folder where Tells is to write what was told, by story and by
// platform, as JSON.
const FolderVariable = "PARCOURS_TRANSCRIPTS"

// Tells fails unless people were told, on a platform, what the golden file of the story
// says.
func Tells(t testing.TB, platform string, tale story.Story, player *story.Player) {
	t.Helper()
	if folder := os.Getenv(FolderVariable); folder != "" {
		keep(t, filepath.Join(folder, tale.Name+"."+platform+".json"), player)
	}
	want, err := golden.ReadFile(tale.Name + ".txt")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(strings.Split(string(want), "\n"), strings.Split(Plain(player), "\n")); diff != "" {
		t.Errorf("%s is not told on %s as elsewhere (-golden +%s):\n%s", tale.Name, platform, platform, diff)
	}
}

// keep writes what was told to a file, with a code that is the same each time.
func keep(t testing.TB, file string, player *story.Player) {
	t.Helper()
	raw, err := json.MarshalIndent(player.Scenes(), "", "\t")
	if err == nil {
		err = os.WriteFile(file, []byte(recoded(player, "P-7K3F").Replace(string(raw))), 0o644)
	}
	if err != nil {
		t.Fatal(err)
	}
}

// recoded puts another code in the place of the story's.
func recoded(player *story.Player, code string) *strings.Replacer {
	return strings.NewReplacer(player.Code(), code, strings.ToLower(player.Code()), strings.ToLower(code))
}

// Plain gives what was played, in words alone; see Tells.
func Plain(player *story.Player) string {
	var out strings.Builder
	same := recoded(player, "P-XXXX")
	for _, scene := range player.Scenes() {
		for _, head := range scene.Heads {
			fmt.Fprintf(&out, "\n%s\n", same.Replace(head))
		}
		told := map[string]*screen{}
		for _, line := range scene.News {
			where := same.Replace(player.Readers(line))
			if told[where] == nil {
				told[where] = &screen{}
			}
			told[where].add(same.Replace(line.Text))
		}
		for _, where := range slices.Sorted(maps.Keys(told)) {
			fmt.Fprintf(&out, "  %s\n%s", where, told[where])
		}
	}
	return out.String()
}

// A screen is what some people see, in one place, of one scene.
type screen struct{ lines, files []string }

var (
	button = regexp.MustCompile(`^(\[[^\]]+\]) .*$`)
	// passing is what is never the same twice.
	passing = regexp.MustCompile(`\b\d+ minutes?|( h) \d\d\b|\b[0-9a-f]{12}\b`)
)

func (s *screen) add(text string) {
	for line := range strings.SplitSeq(text, "\n") {
		line = strings.TrimPrefix(strings.Join(strings.Fields(line), " "), "· ")
		if names, ok := strings.CutPrefix(line, "📎 "); ok {
			s.files = append(s.files, strings.Split(names, ", ")...)
			continue
		}
		line = passing.ReplaceAllString(button.ReplaceAllString(line, "$1"), "$1…")
		s.lines = append(s.lines, strings.Split(line, " : ")...)
	}
}

func (s *screen) String() string {
	var out strings.Builder
	for _, line := range s.lines {
		fmt.Fprintf(&out, "    │ %s\n", line)
	}
	for _, name := range slices.Sorted(slices.Values(s.files)) {
		fmt.Fprintf(&out, "    📎 %s\n", name)
	}
	return out.String()
}
