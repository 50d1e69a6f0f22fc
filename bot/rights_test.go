package bot_test

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"parcours/bot"
	"parcours/bot/bottest"
	"parcours/bot/chat"
	"parcours/casework"
	"parcours/storage"
	"parcours/storage/access"
	"parcours/storage/erasure"
)

// asksAccess is a reason that is long enough.
const asksAccess = "reason:\"elle demande une copie de tout\""

// archive gives the files of the archive that somebody was handed last.
func archive(t *testing.T, w *bottest.World, handle string) map[string][]byte {
	t.Helper()
	messages := w.Platform.Messages(direct(handle))
	last := messages[len(messages)-1]
	if len(last.Now.Files) != 1 {
		t.Fatalf("%d files in %q", len(last.Now.Files), last.Now.Text)
	}
	body := last.Now.Files[0].Body
	from, err := zip.NewReader(bytes.NewReader(body), int64(len(body)))
	must(t, err)
	files := map[string][]byte{}
	for _, f := range from.File {
		opened, err := f.Open()
		must(t, err)
		files[f.Name], err = io.ReadAll(opened)
		must(t, err)
	}
	return files
}

// An administrator who has no place in the case is handed all that is recorded, in
// private; the reason is in the case, its coordinator is told, and the access is
// written.
func TestExport(t *testing.T) {
	w, code, channel := consulting(t)
	done(t, w.Type("claire", channel, "document projet"))
	mine := w.Platform.Messages(direct("claire"))
	project := mine[len(mine)-1].Now.Files[0].Body
	before := len(w.Platform.Messages(direct("claire")))
	said := done(t, w.Type("nadia", bottest.Lobby, "exporter "+string(code)+" "+asksAccess))
	if strings.Contains(said, "Lopez") || !strings.Contains(said, "L’archive de "+string(code)+" est prête") {
		t.Errorf("the answer says %q", said)
	}
	files := archive(t, w, "nadia")
	if !bytes.Equal(files[string(code)+"-projet.pdf"], project) {
		t.Error("the project is not the one that the command document gives")
	}
	var told struct {
		Situation struct {
			Person string `json:"person"`
		} `json:"situation"`
		Journal []struct {
			Fact string `json:"fact"`
		} `json:"journal"`
	}
	must(t, json.Unmarshal(files["dossier.json"], &told))
	written := w.Case(code).History()
	at := slices.IndexFunc(written, func(e casework.Entry) bool { return casework.FactName(e.Fact) == "consulted" }) + 2
	for i, e := range written[:at] {
		if told.Journal[i].Fact != casework.FactName(e.Fact) {
			t.Errorf("entry %d: %s", i+1, told.Journal[i].Fact)
		}
	}
	if len(told.Journal) != at || told.Situation.Person != "Madame Lopez" {
		t.Errorf("%d entries of %d about %q", len(told.Journal), at, told.Situation.Person)
	}
	news := w.Platform.Messages(direct("claire"))[before:]
	if len(news) != 1 || !strings.Contains(news[0].Now.AsText(), "elle demande une copie de tout") || !strings.Contains(news[0].Now.AsText(), "Nadia") {
		t.Errorf("who coordinates is told %+v", news)
	}
	var recorded []access.Record
	must(t, w.Accesses.Read(w.Now().Add(-time.Hour), w.Now().Add(time.Hour), func(r access.Record) error {
		if r.User == bottest.ID("nadia") {
			recorded = append(recorded, r)
		}
		return nil
	}))
	if len(recorded) != 1 || recorded[0].Way != access.Export || recorded[0].Reason == "" || recorded[0].Case != code {
		t.Errorf("written: %+v", recorded)
	}
	for who, line := range map[string]string{"claire": "exporter " + string(code) + " " + asksAccess, "paul": "exporter P-ZZZZ " + asksAccess} {
		if said := bottest.Text(w.Type(who, direct(who), line)); !strings.Contains(said, "réservée aux personnes qui administrent") {
			t.Errorf("%s reads %q", who, said)
		}
	}
	w.With(func(o *bot.Options) { o.Discreet = true })
	seq := w.Case(code).Seq
	if said := bottest.Text(w.Type("nadia", direct("nadia"), "exporter "+string(code)+" "+asksAccess)); !strings.Contains(said, "parcours export") || w.Case(code).Seq != seq {
		t.Errorf("where the platform keeps nothing: %q", said)
	}
}

// erasing types what asks for an erasure, and presses what it then offers.
func erasing(t *testing.T, w *bottest.World, code casework.Code) string {
	t.Helper()
	first := w.Type("nadia", direct("nadia"), fmt.Sprintf("effacer %s request %s", code, code))
	out, ok := first.Say.Value()
	if !ok || out.Message.Card == nil || len(out.Message.Card.Buttons) != 1 {
		t.Fatalf("what is asked first: %s", bottest.Text(first))
	}
	return bottest.Text(w.Send("nadia", chat.Press{Channel: direct("nadia"), Button: "erase", Token: out.Message.Card.Buttons[0].Token}))
}

// told gives all that the bot's messages say, to anybody and anywhere.
func told(w *bottest.World) string {
	var all []string
	for _, m := range w.Platform.Select(func(m bottest.Message) bool { return m.From == "" }) {
		all = append(all, m.Now.AsText())
		for _, f := range m.Now.Files {
			all = append(all, string(f.Body))
		}
	}
	return strings.Join(all, "\n")
}

// rich gives a case that was told of in its channel, in private and in reminders,
// and its words.
func rich(t *testing.T) (*bottest.World, casework.Code, casework.ChannelID, []string) {
	w, code, channel := consulting(t)
	joined(t, w, channel, "budget,logement", "sophie")
	done(t, w.Type("claire", channel, `action objective:o1 what:"Ecrire au tresor" who:p2 due:02/12/2026`))
	w.Advance(24 * time.Hour)
	w.Settle()
	w.Advance(7 * 24 * time.Hour)
	w.Settle()
	return w, code, channel, []string{"Lopez", "Solder les dettes", "Ecrire au tresor"}
}

// Erased, a case is nowhere: no byte of it in the file, nothing of it in any message
// of the bot, no word of it to anybody; everybody is told, the channel is left and
// archived, and to those outside it never existed.
func TestErase(t *testing.T) {
	w, code, channel, words := rich(t)
	if text := told(w); !strings.Contains(text, words[1]) || !strings.Contains(text, words[2]) {
		t.Fatalf("nothing was told before:\n%s", text)
	}
	journal, err := w.Store.Load(t.Context(), code)
	must(t, err)
	if said := bottest.Text(w.Type("nadia", direct("nadia"), fmt.Sprintf("effacer %s request P-ZZZZ", code))); !strings.Contains(said, "rien n’est effacé") {
		t.Errorf("with another code: %q", said)
	}
	for _, who := range []string{"claire", "paul", "lea"} {
		for _, line := range []string{fmt.Sprintf("effacer %s request %s", code, code), fmt.Sprintf("répondre %s request erase", code)} {
			if said := bottest.Text(w.Type(who, direct(who), line)); !strings.Contains(said, "réservée") {
				t.Errorf("%s types %s and reads %q", who, line, said)
			}
		}
	}
	before := w.Case(code).Seq
	said := erasing(t, w, code)
	if before == 0 || !strings.Contains(said, "est effacée") || !strings.Contains(said, "sauvegardes") || !strings.Contains(said, "avant d’être vidés") {
		t.Errorf("the answer says %q", said)
	}
	w.Settle()

	nowhere(t, w, code, words)
	for _, who := range []string{"claire", "paul", "sophie"} {
		if got := texts(w, direct(who)); strings.Count(got, "La situation "+string(code)+" est effacée, à la demande") != 1 {
			t.Errorf("%s reads:\n%s", who, got)
		}
	}
	c, err := w.Platform.Channel(t.Context(), channel)
	if err != nil || !c.Archived || len(c.Members) != 0 {
		t.Errorf("the channel: %+v, %v", c, err)
	}
	if _, err := w.Store.Load(t.Context(), code); !errors.Is(err, storage.ErrUnknown) {
		t.Errorf("the journal: %v", err)
	}
	file, err := os.ReadFile(w.Path)
	must(t, err)
	for _, entry := range journal.Entries {
		if bytes.Contains(file, entry) {
			t.Errorf("in the file: %s", entry)
		}
	}
	var recorded []access.Record
	must(t, w.Accesses.Read(w.Now().Add(-time.Hour), w.Now().Add(time.Hour), func(r access.Record) error {
		recorded = append(recorded, r)
		return nil
	}))
	if !slices.ContainsFunc(recorded, func(r access.Record) bool {
		return r.User == bottest.ID("nadia") && r.Way == access.Erasure && r.Case == code
	}) {
		t.Errorf("written: %+v", recorded)
	}
	if stuck, err := w.Store.(storage.Overseer).Stuck(t.Context()); err != nil || len(stuck) > 0 {
		t.Errorf("stuck: %v, %v", stuck, err)
	}
}

// nowhere checks that nothing is told of a case, nor of those words, and that its
// code is one that never was.
func nowhere(t *testing.T, w *bottest.World, code casework.Code, words []string) {
	t.Helper()
	text := told(w)
	for _, word := range words {
		if strings.Contains(text, word) {
			t.Errorf("%q still stands in:\n%s", word, text)
		}
	}
	for _, who := range []string{"claire", "paul", "nadia", "lea"} {
		w.Type(who, direct(who), "aide") // a newcomer is welcomed once
		for _, line := range []string{"suivi %s", "journal %s", "document %s", "objectif %s budget x", "consulter %s " + asksAccess, "exporter %s " + asksAccess, "effacer %s request %[1]s"} {
			there := bottest.Text(w.Type(who, direct(who), fmt.Sprintf(line, code)))
			never := bottest.Text(w.Type(who, direct(who), fmt.Sprintf(line, "P-ZZZZ")))
			if strings.ReplaceAll(there, string(code), "P-ZZZZ") != never {
				t.Errorf("%s types %s and reads %q, not %q", who, line, there, never)
			}
		}
		for _, line := range []string{"mes-situations", "agenda 60", ""} {
			if said := bottest.Text(w.Type(who, direct(who), line)); strings.Contains(said, string(code)) {
				t.Errorf("%s types %q and reads %q", who, line, said)
			}
		}
	}
}

// Whatever is cut between the ledger and the last message, the next start ends it.
func TestAnErasureThatIsCutIsEnded(t *testing.T) {
	for _, call := range []string{"", "Send", "Remove", "Archive", "Channel"} {
		t.Run("at "+call, func(t *testing.T) {
			w, code, channel, words := rich(t)
			if call == "" {
				// Told to the ledger, and then the power was cut.
				must(t, w.Ledger.Record(code, casework.OnRequest))
			} else {
				n := 0
				w.Platform.Fault = func(name string) error {
					if n++; name == call && n > 1 {
						return errors.New("cut")
					}
					return nil
				}
				must(t, erasure.Erase(t.Context(), w.Store.(erasure.Store), code, casework.OnRequest, leftovers(t, w, code)...))
				_ = w.Bot.Settle(t.Context())
				w.Platform.Fault = nil
			}
			w.Restart()
			w.Advance(time.Hour)
			w.Settle()
			nowhere(t, w, code, words)
			if c, err := w.Platform.Channel(t.Context(), channel); err != nil || !c.Archived || len(c.Members) != 0 {
				t.Errorf("the channel: %+v, %v", c, err)
			}
			for _, who := range []string{"claire", "paul"} {
				if n := strings.Count(texts(w, direct(who)), "est effacée, à la demande"); n != 1 {
					t.Errorf("%s is told %d times", who, n)
				}
			}
		})
	}
}

// A channel that the case has left and that is not closed yet is emptied and closed
// with the other.
func TestEraseWhileACaseMoves(t *testing.T) {
	w, code, channel, words := rich(t)
	must(t, w.Store.Append(t.Context(), moved(t, w, code)))
	erasing(t, w, code)
	w.Settle()
	nowhere(t, w, code, words)
	for _, id := range []casework.ChannelID{channel, "c-next"} {
		if c, err := w.Platform.Channel(t.Context(), id); err != nil || !c.Archived || len(c.Members) != 0 {
			t.Errorf("the channel %s: %+v, %v", id, c, err)
		}
	}
}

// moved gives the change by which a case goes on in another channel.
func moved(t *testing.T, w *bottest.World, code casework.Code) storage.Change {
	t.Helper()
	next, err := w.Platform.Open(t.Context(), "next", bottest.ID("claire"))
	must(t, err)
	c := w.Case(code)
	raw, err := casework.Encode(casework.Entry{At: w.Now(), Fact: casework.ChannelMoved{Channel: next, User: bottest.ID("paul")}})
	must(t, err)
	return storage.Change{Case: code, Base: c.Seq, Entries: [][]byte{raw}}
}

// A copy of the store from before an erasure forgets the case again.
func TestACopyFromBeforeAnErasure(t *testing.T) {
	w, code, _, words := rich(t)
	must(t, w.Store.Close())
	copied, err := os.ReadFile(w.Path)
	must(t, err)
	w.Reopen()
	erasing(t, w, code)
	must(t, w.Store.Close())
	must(t, os.WriteFile(w.Path, copied, 0o600))
	w.Reopen()
	w.Settle()
	nowhere(t, w, code, words)
}

// Where the platform is to keep nothing, members are told of an erasure at once: there
// is nothing to cover, and nothing that could be shown later.
func TestAnErasureIsToldUncovered(t *testing.T) {
	w, code, _, words := rich(t)
	w.With(func(o *bot.Options) { o.Discreet = true })
	erasing(t, w, code)
	w.Settle()
	nowhere(t, w, code, words)
	said := last(t, w, direct("paul")).Now
	if text := said.AsText(); !strings.Contains(text, string(code)+" est effacée") || said.Card != nil && len(said.Card.Buttons) > 0 {
		t.Errorf("paul reads:\n%s", text)
	}
}

func leftovers(t *testing.T, w *bottest.World, code casework.Code) []storage.Row {
	t.Helper()
	rows, err := bot.Leftovers(w.Secret, w.Case(code), casework.OnRequest, "", w.Now())
	must(t, err)
	return rows
}
