package e2e

import (
	"archive/zip"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"filippo.io/age"
)

// What somebody in charge of data protection does, with the command line beside the
// program that serves: a copy for the person, an erasure, and an old backup put back,
// in which the erased case is looked for.
func TestTheRightsOfThePerson(t *testing.T) {
	l := newLived(t, "")
	marked := l.mark()
	l.live(true)
	ctx, o, claire := t.Context(), l.office, l.people["claire"]
	channel, err := l.place(ctx, "claire", "case")
	must(t, err)
	code := codePattern.FindString(l.reads("claire", channel))
	secret := filepath.Join(o.folder, "identity")
	identity, err := age.GenerateX25519Identity()
	must(t, err)
	must(t, os.WriteFile(secret, []byte(identity.String()), 0o600))
	does := func(want int, args ...string) string {
		t.Helper()
		said, got := o.run(append(args, "--config", o.config)...)
		if got != want {
			t.Fatalf("%v: exit code %d, want %d\n%s", args, got, want, said)
		}
		return said
	}

	archive := filepath.Join(o.folder, "copy.zip")
	does(0, "export", code, "--reason", "elle demande une copie de tout", "--out", archive)
	if text := unpacked(t, archive); !strings.Contains(text, marked[0]) {
		t.Error("the copy for the person does not name her")
	}
	backup := filepath.Join(o.folder, "old.age")
	does(0, "backup", backup, "--recipient", identity.Recipient().String())
	does(0, "restore", backup, "--identity", secret, "--verify")

	if len(l.holding(marked)) == 0 {
		t.Error("the chat holds nothing of the case before: the test looks at nothing")
	}
	// The server keeps what a message said before it was changed, for its author alone.
	posts, err := claire.Posts(ctx, channel)
	must(t, err)
	for _, post := range posts {
		if _, resp, err := claire.GetEditHistoryForPost(ctx, post.Id); err == nil || resp.StatusCode != http.StatusForbidden {
			t.Errorf("what a message said before can be read: %v", err)
		}
	}

	begun := time.Now()
	said := does(0, "erase", code, "--reason", "request", "--yes")
	t.Logf("the erasure says:\n%s", said)
	must(t, l.quiet(ctx))
	t.Logf("erased, the messages emptied and the channel closed within %s", time.Since(begun).Round(time.Millisecond))
	gone := func(when string) {
		t.Helper()
		for _, row := range l.holding(marked) {
			if row.table != "posts" || !earlier.MatchString(row.text) {
				t.Errorf("%s, the chat still holds, in %s: %s", when, row.table, row.text)
			}
		}
		if _, err := claire.Posts(ctx, channel); err == nil {
			t.Errorf("%s, the channel can be read", when)
		}
		answer := func(line string) string {
			must(t, claire.Execute(ctx, l.direct("claire"), line))
			seen := claire.Whispers()
			return strings.ReplaceAll(seen[len(seen)-1].Message, code, "P-2222")
		}
		if erased, never := answer("/parcours suivi "+code), answer("/parcours suivi P-2222"); erased != never {
			t.Errorf("%s, a case that is erased says %q, one that never was %q", when, erased, never)
		}
		if said := does(1, "export", code, "--reason", "elle demande une copie de tout", "--out", filepath.Join(o.folder, "again.zip")); !strings.Contains(said, code) {
			t.Errorf("%s, the export says %q", when, said)
		}
		if list := does(0, "audit", "--case", code); !strings.Contains(list, code) {
			t.Errorf("%s, nobody is known to have read the case:\n%s", when, list)
		}
	}
	gone("erased")

	l.program.stop()
	does(0, "restore", backup, "--identity", secret, "--replace")
	l.start()
	must(t, l.quiet(ctx))
	l.program.eventually("/readyz", http.StatusOK)
	gone("with the old backup")
	l.verified()
}

// earlier is what a row of the table of posts has when it is what another said before.
var earlier = regexp.MustCompile(`"originalid":"[a-z0-9]{26}"`)

// unpacked gives all that an archive holds, as text.
func unpacked(t *testing.T, path string) string {
	t.Helper()
	files, err := zip.OpenReader(path)
	must(t, err)
	defer files.Close()
	var all strings.Builder
	for _, f := range files.File {
		r, err := f.Open()
		must(t, err)
		_, err = io.Copy(&all, r)
		must(t, err)
	}
	return all.String()
}
