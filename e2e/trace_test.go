package e2e

import (
	"bytes"
	"encoding/hex"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"path/filepath"
	"strings"
	"testing"

	"filippo.io/age"

	"parcours/storage/backup"
	"parcours/story"
)

// mark gives names and words of the story an ending that nothing else on the
// server has, and gives them.
func (l *lived) mark() []string { return mark(l.tale, l.suffix) }

func mark(tale story.Story, ending string) []string {
	var pairs, marked []string
	for _, word := range []string{"Lopez", "hôtesse de caisse", "cantine", "Garage du Pont", "laisser mon fils", "Solder les dettes", "Cantine et garde du soir"} {
		marked = append(marked, word+ending)
		pairs = append(pairs, word, word+ending)
	}
	own := strings.NewReplacer(pairs...)
	for i, step := range tale.Steps {
		step.Type = own.Replace(step.Type)
		for n, text := range step.Sees {
			step.Sees[n] = own.Replace(text)
		}
		for _, texts := range step.Submit {
			for n, text := range texts {
				texts[n] = own.Replace(text)
			}
		}
		tale.Steps[i] = step
	}
	return marked
}

func TestNothingIsLeftWhereItDoesNotBelong(t *testing.T) {
	l := newLived(t, "")
	marked := l.mark()
	for _, handle := range []string{"attacker", "!outside"} {
		l.join(handle)
	}
	l.live(false)
	l.intrude()
	channel, err := l.place(t.Context(), "claire", "case")
	must(t, err)
	_, err = l.people["claire"].Say(t.Context(), channel, "Je note : "+strings.Join(marked, ", "))
	must(t, err)
	must(t, l.quiet(t.Context()))

	left := map[string]string{}
	_, left["metrics"] = l.program.get("/metrics")
	var logged strings.Builder
	for _, one := range l.logged {
		logged.WriteString(one.String())
	}
	left["log"], left["server's log"] = logged.String(), server.Log()
	maps.Copy(left, l.stolen())
	left["channels"] = fmt.Sprint(l.rows(`SELECT name, displayname, header, purpose FROM channels`))
	for where, text := range left {
		if text == "" {
			t.Errorf("the %s: nothing to look through", where)
		}
		for _, word := range marked {
			for _, form := range []string{word, hex.EncodeToString([]byte(word)), fmt.Sprintf("%+q", word)} {
				if bytes.Contains(bytes.ToLower([]byte(text)), []byte(strings.ToLower(form))) {
					t.Errorf("the %s holds %q", where, form)
				}
			}
		}
	}
	for where, text := range left {
		t.Logf("looked through %d bytes of %s", len(text), where)
	}

	posts := l.scan(marked)
	for _, word := range marked {
		if posts[word] == 0 {
			t.Errorf("%q is nowhere: the scan is blind", word)
		}
	}
	t.Logf("marked words in posts of the circle: %v", posts)
	for handle, words := range map[string][]string{"martin": marked, "attacker": append([]string{l.code}, marked...)} {
		wantBlind(t, l.people[handle], l.team, words...)
	}
	wantBlind(t, l.people["outside"], "", append([]string{l.code}, marked...)...)
}

// stolen gives all that somebody has who takes the disk: every file of the program's
// folder, and a backup, as it is and opened with the secret key that was beside it.
func (l *lived) stolen() map[string]string {
	l.t.Helper()
	identity, err := age.GenerateX25519Identity()
	must(l.t, err)
	folder := l.office.folder
	if said, code := l.office.run("backup", filepath.Join(folder, "copy.age"), "--recipient", identity.Recipient().String()); code != 0 {
		l.t.Fatal(said)
	}
	found := map[string]string{}
	must(l.t, filepath.WalkDir(folder, func(path string, entry fs.DirEntry, err error) error {
		if err == nil && entry.Type().IsRegular() {
			found[strings.TrimPrefix(path, folder)] = read(l.t, path)
		}
		return err
	}))
	for _, name := range []string{"/parcours.db", "/parcours.db.keys", "/parcours.toml", "/copy.age"} {
		if found[name] == "" {
			l.t.Errorf("%s is not among what is looked through", name)
		}
	}
	var copied bytes.Buffer
	accesses := map[string]*strings.Builder{}
	_, erased, err := backup.Read(strings.NewReader(found["/copy.age"]), []age.Identity{identity}, &copied, func(name string) (io.WriteCloser, error) {
		accesses[name] = &strings.Builder{}
		return kept{accesses[name]}, nil
	})
	must(l.t, err)
	found["opened copy"], found["opened copy, erasures"] = copied.String(), "erased: "+string(erased)
	for name, text := range accesses {
		found["opened copy, "+name] = text.String()
	}
	return found
}

// kept is what a part of a backup is written to.
type kept struct{ *strings.Builder }

func (kept) Close() error { return nil }

// intrude has those who are not of the circle try what they can.
func (l *lived) intrude() {
	l.t.Helper()
	ctx := l.t.Context()
	for _, handle := range []string{"attacker", "martin"} {
		p := l.people[handle]
		for _, line := range []string{"suivi " + l.code, "journal " + l.code, "action " + l.code, "inviter " + l.code, "mes-situations", "agenda"} {
			must(l.t, p.Execute(ctx, l.direct(handle), "/parcours "+line))
		}
	}
	for _, row := range l.rows(`SELECT id FROM channels WHERE creatorid = {bot} AND type = 'P'`) {
		if _, _, err := l.people["attacker"].GetPostsForChannel(ctx, row[0], 0, 10, "", false, false); err == nil {
			l.t.Error("the attacker reads the channel")
		}
	}
}

// scan looks for the marked words in every column of every table of the server's
// database, and gives in how many posts each is. They may be in posts of the
// case's channel, and of the direct conversations between the bot and members of
// the case, and in nothing else.
func (l *lived) scan(marked []string) map[string]int {
	l.t.Helper()
	allowed := map[string]bool{}
	for _, row := range l.rows(`
		SELECT id FROM channels WHERE creatorid = {bot} AND type = 'P'
		UNION SELECT d.id FROM channels d JOIN channelmembers o ON o.channelid = d.id AND o.userid <> {bot}
		WHERE d.type = 'D' AND d.name LIKE '%' || {bot} || '%' AND o.userid IN (
			SELECT m.userid FROM channelmembers m JOIN channels c ON c.id = m.channelid WHERE c.creatorid = {bot} AND c.type = 'P')`) {
		allowed[row[0]] = true
	}
	if len(allowed) != 6 {
		l.t.Errorf("%d places of the case, want its channel and five conversations", len(allowed))
	}
	found := map[string]int{}
	for _, row := range l.holding(marked) {
		if !allowed[row.place] {
			l.t.Errorf("table %s holds a marked word: %s", row.table, row.text)
		}
		for _, word := range marked {
			if allowed[row.place] && strings.Contains(strings.ToLower(row.text), strings.ToLower(word)) {
				found[word]++
			}
		}
	}
	return found
}

// A held is a row of the server's database; place is the channel of a post.
type held struct{ table, place, text string }

// holding gives every row of every table of the server's database that holds one of
// some words, in letters or in bytes.
func (l *lived) holding(words []string) []held {
	l.t.Helper()
	tables := l.rows(`SELECT table_name FROM information_schema.tables WHERE table_schema = 'public' AND table_type = 'BASE TABLE'`)
	if len(tables) < 40 {
		l.t.Errorf("only %d tables", len(tables))
	}
	var wants []string
	for _, word := range words {
		wants = append(wants, "'%"+word+"%'", "'%"+hex.EncodeToString([]byte(word))+"%'")
	}
	var all []held
	for _, table := range tables {
		// A whole row at a time: columns of bytes are shown in hexadecimal.
		place := "''"
		if table[0] == "posts" {
			place = "r.channelid"
		}
		for _, row := range l.rows(fmt.Sprintf(`SELECT %s, row_to_json(r)::text FROM %q r WHERE row_to_json(r)::text ILIKE ANY (ARRAY[%s])`,
			place, table[0], strings.Join(wants, ","))) {
			all = append(all, held{table[0], row[0], row[1]})
		}
	}
	return all
}
