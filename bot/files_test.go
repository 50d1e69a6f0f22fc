package bot_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"parcours/bot"
	"parcours/bot/bottest"
	"parcours/bot/chat"
	"parcours/casework"
)

// bodies gives all that the files in a channel say.
func bodies(w *bottest.World, channel casework.ChannelID) string {
	var all []string
	for _, m := range w.Platform.Messages(channel) {
		for _, f := range m.Now.Files {
			all = append(all, string(f.Body))
		}
	}
	return strings.Join(all, "\n")
}

func TestAReplyWithFilesIsHandedOverInPrivate(t *testing.T) {
	w, _, channel := opened(t)
	done(t, w.Type("claire", channel, "objectif budget Solder les dettes"))
	before := len(w.Platform.Messages(channel))
	said := done(t, w.Type("claire", channel, "papier budget"))
	if said != "Voici le papier. C’est dans votre conversation avec Parcours." {
		t.Errorf("the answer says %q", said)
	}
	got := w.Platform.Messages(direct("claire"))
	if len(got) != 1 || got[0].Now.Text != "Voici le papier." || !strings.Contains(bodies(w, direct("claire")), "Solder les dettes") {
		t.Errorf("handed over: %+v", got)
	}
	if len(w.Platform.Messages(channel)) != before {
		t.Error("it is in the channel too")
	}
	if said := done(t, w.Type("claire", direct("claire"), "papier budget")); said != "" {
		t.Errorf("asked for where it arrives, it is announced: %q", said)
	}
	if got := w.Platform.Messages(direct("claire")); len(got) != 2 || got[0].Key == got[1].Key {
		t.Errorf("asked for twice: %+v", got)
	}
}

func TestAFileThatIsNotForItsAsker(t *testing.T) {
	w, _, channel := opened(t)
	joined(t, w, channel, "budget", "paul")
	done(t, w.Type("claire", channel, "objectif logement Un logement plus petit"))
	told := len(w.Platform.Messages(direct("paul")))
	if said := done(t, w.Type("paul", channel, "papier logement")); !strings.Contains(said, "rien n’a été envoyé") {
		t.Errorf("paul reads %q", said)
	}
	if n := len(w.Platform.Messages(direct("paul"))); n != told {
		t.Errorf("paul is sent %d messages", n-told)
	}
}

func TestFilesThatCannotBeSent(t *testing.T) {
	w, code, channel := opened(t)
	before := w.Case(code).Seq
	w.Platform.Fault = func(call string) error {
		if call == "Send" {
			return errors.New("down: Madame Lopez")
		}
		return nil
	}
	said := bottest.Text(w.Bot.Command(t.Context(), chat.Command{User: bottest.ID("claire"), Channel: channel, Text: "papier budget"}))
	w.Platform.Fault = nil
	if !strings.Contains(said, "n’a pas pu être envoyé") || strings.Contains(said, "conversation") {
		t.Errorf("claire reads %q", said)
	}
	w.Settle()
	if n := len(w.Platform.Messages(direct("claire"))); n != 0 || w.Case(code).Seq != before+1 {
		// The entry says where it would have been.
		t.Errorf("half done: %d messages, %d entries more", n, w.Case(code).Seq-before)
	}
}

func TestTheGateLetsAFileOutForAllOrNotAtAll(t *testing.T) {
	w, code, channel := opened(t)
	joined(t, w, channel, "budget", "paul")
	joined(t, w, channel, "budget,logement", "sophie")
	c := w.Case(code)
	file := func(of casework.Code, topics ...casework.Topic) chat.File {
		return chat.File{Name: "a.pdf", Type: "application/pdf", Case: of, Topics: topics, Body: []byte("x")}
	}
	to := func(handle string) chat.Outgoing { return chat.Outgoing{User: bottest.ID(handle)} }
	budget, housing := casework.Budget, casework.Housing
	tests := []struct {
		name   string
		out    chat.Outgoing
		file   chat.File
		card   *chat.Card
		why    bot.Why
		topics []casework.Topic
	}{
		{"for all who are there", chat.Outgoing{Channel: channel}, file(code, budget), nil, "", []casework.Topic{"", budget}},
		{"of a topic that one of them may not know", chat.Outgoing{Channel: channel}, file(code, budget, housing), nil, bot.NothingToSee, nil},
		{"beside a card that is for all", chat.Outgoing{Channel: channel}, file(code, housing), &chat.Card{Rows: []chat.Row{chat.About(code, "", "", "x")}, HiddenNote: "caché"}, bot.NothingToSee, nil},
		{"beside a card on another topic", chat.Outgoing{Channel: channel}, file(code), &chat.Card{Rows: []chat.Row{chat.About(code, budget, "", "x")}}, "", []casework.Topic{"", budget}},
		{"in private, on what is theirs", to("sophie"), file(code, housing), nil, "", []casework.Topic{"", housing}},
		{"in private, on what is not", to("paul"), file(code, housing), nil, bot.NothingToSee, nil},
		{"in private, to an outsider", to("martin"), file(code), nil, bot.NothingToSee, nil},
		{"in another channel", chat.Outgoing{Channel: bottest.Lobby}, file(code), nil, bot.NotItsOwn, nil},
		{"of a case that was not given", to("claire"), file("P-2222"), nil, bot.NothingToSee, nil},
		{"of no case", chat.Outgoing{Channel: bottest.Lobby}, file(""), nil, "", nil},
		{"of no case, beside a card of one", chat.Outgoing{Channel: channel}, file(""), &chat.Card{Rows: []chat.Row{chat.About(code, budget, "", "x")}}, "", []casework.Topic{budget}},
	}
	gate := bot.NewGate(w.Platform, w.Now, w.Accesses, "test")
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			test.out.Message = chat.Message{Text: "texte", Card: test.card, Files: []chat.File{test.file}}
			cleared, topics, err := gate.Clear(t.Context(), test.out, c)
			out, ok := cleared.Value()
			if test.why != "" {
				var no *bot.Refusal
				if !errors.As(err, &no) || no.Why != test.why || ok {
					t.Errorf("err = %v, want a refusal: %s", err, test.why)
				}
				return
			}
			if err != nil || len(out.Message.Files) != 1 {
				t.Fatalf("not cleared: %v", err)
			}
			if diff := cmp.Diff(test.topics, topics); diff != "" {
				t.Errorf("topics (-want +got):\n%s", diff)
			}
		})
	}
	must(t, w.Platform.Add(t.Context(), channel, bottest.ID("martin")))
	_, _, err := gate.Clear(t.Context(), chat.Outgoing{Channel: channel, Message: chat.Message{Files: []chat.File{file(code)}}}, c)
	var no *bot.Refusal
	if !errors.As(err, &no) || no.Why != bot.Stranger {
		t.Errorf("with a stranger there: %v", err)
	}
}

func TestTheFilesOfAPostGoWhenSomebodyComesWhoMayNotKnow(t *testing.T) {
	w, code, channel := opened(t)
	joined(t, w, channel, "budget,logement", "sophie")
	done(t, w.Type("claire", channel, "objectif logement Un logement plus petit"))
	done(t, w.Type("claire", channel, "annonce post paper logement"))
	if !strings.Contains(bodies(w, channel), "plus petit") {
		t.Fatal("the file is not in the channel")
	}
	posts := w.Case(code).Posts
	if last := posts[len(posts)-1]; !cmp.Equal(last.Topics, []casework.Topic{"", casework.Housing}) {
		t.Errorf("recorded as telling of %q", last.Topics)
	}
	joined(t, w, channel, "budget", "paul")
	if got := bodies(w, channel); got != "" {
		t.Errorf("paul, who came, can open a file that says %q", got)
	}
}

func TestAFileNotForAllIsHandedToTheOthers(t *testing.T) {
	w, _, channel := opened(t)
	joined(t, w, channel, "budget", "paul")
	joined(t, w, channel, "logement", "sophie")
	done(t, w.Type("claire", channel, "objectif logement Un logement plus petit"))
	done(t, w.Type("claire", channel, "annonce post paper logement"))
	for where, sees := range map[casework.ChannelID]bool{channel: false, direct("sophie"): true, direct("paul"): false} {
		if got := strings.Contains(bodies(w, where), "plus petit"); got != sees {
			t.Errorf("in %s: %v, want %v", where, got, sees)
		}
	}
}

// A post of the channel that somebody deleted does not keep anybody out.
func TestADeletedPostIsAlreadyEmpty(t *testing.T) {
	w, code, channel := opened(t)
	done(t, w.Type("claire", channel, "objectif logement Un logement plus petit"))
	w.Platform.Delete(w.Case(code).Posts[0].Message)
	joined(t, w, channel, "budget", "paul")
	now, err := w.Platform.Channel(t.Context(), channel)
	if err != nil || len(now.Members) != 2 || len(w.Case(code).Posts) != 0 {
		t.Errorf("members %v, posts %v, %v", now.Members, w.Case(code).Posts, err)
	}
}
