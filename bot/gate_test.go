package bot_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"parcours/bot"
	"parcours/bot/bottest"
	"parcours/bot/chat"
	"parcours/casework"
)

// TestTheGate is the rule of what may leave: who can read it where it goes, now,
// and what the person agreed that each of them may know.
func TestTheGate(t *testing.T) {
	w, code, channel := opened(t)
	joined(t, w, channel, "budget", "paul")
	joined(t, w, channel, "budget,logement", "sophie")
	c := w.Case(code)
	general, budget, housing, health := chat.About(code, "", "Personne", "Madame Lopez"), chat.About(code, casework.Budget, "b", "dettes"),
		chat.About(code, casework.Housing, "l", "logement"), chat.About(code, casework.Health, "s", "santé")
	none := func() {}
	tests := []struct {
		name  string
		now   func() // what happens on the platform before
		out   chat.Outgoing
		card  chat.Card
		why   bot.Why
		shown []string
	}{
		{"for all who are there", none, chat.Outgoing{Channel: channel}, chat.Card{Rows: []chat.Row{general, budget}}, "", []string{"Madame Lopez", "dettes"}},
		{"a row that one of them may not know", none, chat.Outgoing{Channel: channel}, chat.Card{Rows: []chat.Row{general, chat.Heading("h"), housing}}, "", []string{"Madame Lopez"}},
		{"said to be hidden", none, chat.Outgoing{Channel: channel}, chat.Card{Rows: []chat.Row{general, housing}, HiddenNote: "caché"}, "", []string{"Madame Lopez", "caché"}},
		{"an overview of which all is shown", none, chat.Outgoing{Channel: channel}, chat.Card{Rows: []chat.Row{general, budget}, HiddenNote: "caché"}, "", []string{"Madame Lopez", "dettes"}},
		{"whole or not at all", none, chat.Outgoing{Channel: channel}, chat.Card{Rows: []chat.Row{general, housing}, Whole: true}, bot.NothingToSee, nil},
		{"nothing left", none, chat.Outgoing{Channel: channel}, chat.Card{Rows: []chat.Row{chat.Plain("", "x"), housing}}, bot.NothingToSee, nil},
		{"nothing left of an overview", none, chat.Outgoing{Channel: channel}, chat.Card{Rows: []chat.Row{chat.Plain("", "x"), housing}, HiddenNote: "caché"}, "", []string{"x", "caché"}},
		{"a vetoed topic, to the author", none, chat.Outgoing{User: c.Author}, chat.Card{Rows: []chat.Row{general, health}}, "", []string{"Madame Lopez"}},
		{"in private, what is theirs", none, chat.Outgoing{User: bottest.ID("sophie")}, chat.Card{Rows: []chat.Row{budget, housing}}, "", []string{"dettes", "logement"}},
		{"in private, to an outsider", none, chat.Outgoing{User: bottest.ID("martin")}, chat.Card{Rows: []chat.Row{general}}, bot.NothingToSee, nil},
		{"an answer in a public place is private", none, chat.Outgoing{User: c.Author, Channel: bottest.Lobby}, chat.Card{Rows: []chat.Row{general}}, "", []string{"Madame Lopez"}},
		{"an answer, while the platform does not say who anybody is", func() { w.Platform.Fault = func(string) error { return errors.New("no answer") } }, chat.Outgoing{User: c.Author, Channel: bottest.Lobby}, chat.Card{Rows: []chat.Row{general}}, "", []string{"Madame Lopez"}},
		{"nowhere", func() { w.Platform.Fault = nil }, chat.Outgoing{}, chat.Card{Rows: []chat.Row{general}}, bot.NotItsOwn, nil},
		{"in another channel", none, chat.Outgoing{Channel: bottest.Lobby}, chat.Card{Rows: []chat.Row{general}}, bot.NotItsOwn, nil},
		{"nothing of a case goes anywhere", none, chat.Outgoing{Channel: bottest.Lobby}, chat.Card{Rows: []chat.Row{chat.Plain("", "bonjour")}}, "", []string{"bonjour"}},
		{"a case that was not given", none, chat.Outgoing{User: c.Author}, chat.Card{Rows: []chat.Row{chat.About("P-2222", "", "", "x")}}, bot.NothingToSee, nil},
		{"to an account that is closed", func() { w.Platform.Deactivate(bottest.ID("sophie")) }, chat.Outgoing{User: bottest.ID("sophie")}, chat.Card{Rows: []chat.Row{budget}}, bot.Gone, nil},
		{"a stranger", func() { must(t, w.Platform.Add(t.Context(), channel, bottest.ID("martin"))) }, chat.Outgoing{Channel: channel}, chat.Card{Rows: []chat.Row{general}}, bot.Stranger, nil},
		{"a stranger, and rows for nobody in particular", none, chat.Outgoing{Channel: channel}, chat.Card{Rows: []chat.Row{general, chat.Plain("", "x")}, HiddenNote: "caché"}, bot.Stranger, nil},
		{"public", func() { w.Platform.Publish(channel) }, chat.Outgoing{Channel: channel}, chat.Card{Rows: []chat.Row{general}}, bot.NotPrivate, nil},
		{"after the last day of the consent", func() { w.Advance(366 * 24 * time.Hour) }, chat.Outgoing{Channel: channel}, chat.Card{Rows: []chat.Row{general}}, bot.Lapsed, nil},
		{"after it, to the author", none, chat.Outgoing{User: c.Author}, chat.Card{Rows: []chat.Row{general}}, bot.NothingToSee, nil},
	}
	gate := bot.NewGate(w.Platform, w.Now, w.Accesses, "test")
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			test.now()
			test.out.Message = chat.Message{Text: "texte", Card: &test.card}
			cleared, _, err := gate.Clear(t.Context(), test.out, c)
			if test.why != "" {
				var no *bot.Refusal
				if !errors.As(err, &no) || no.Why != test.why {
					t.Fatalf("err = %v, want a refusal: %s", err, test.why)
				}
				if _, ok := cleared.Value(); ok {
					t.Error("refused, and cleared all the same")
				}
				return
			}
			out, ok := cleared.Value()
			if err != nil || !ok {
				t.Fatalf("not cleared: %v", err)
			}
			var shown []string
			for _, row := range out.Message.Card.Rows {
				shown = append(shown, row.Value)
			}
			if diff := cmp.Diff(test.shown, shown); diff != "" {
				t.Errorf("shown (-want +got):\n%s", diff)
			}
		})
	}
}

// conversing is a platform that tells who is in the conversation with claire.
type conversing struct{ *bottest.Platform }

func (p conversing) Channel(ctx context.Context, id casework.ChannelID) (chat.Channel, error) {
	if id == direct("claire") {
		return chat.Channel{ID: id, Private: true, Direct: true, Members: []casework.UserID{bottest.ID("claire")}}, nil
	}
	return p.Platform.Channel(ctx, id)
}

// A case that is over, or has no channel, is told of nowhere: its consent may run on.
func TestTheGateIsClosedAroundACaseWithoutAPlace(t *testing.T) {
	w, code, channel := opened(t)
	gate := bot.NewGate(conversing{w.Platform}, w.Now, w.Accesses, "test")
	general := chat.Message{Card: &chat.Card{Rows: []chat.Row{chat.About(code, "", "Personne", "Madame Lopez")}}}
	closed, unplaced := w.Case(code), w.Case(code)
	closed.Apply(casework.Entry{Seq: closed.Seq + 1, At: w.Now(), Fact: casework.CaseClosed{}})
	unplaced.Channel = ""
	aside, archived := w.Case(code), w.Case(code)
	aside.Channel = direct("claire")
	place, err := w.Platform.Open(t.Context(), "archived", bottest.ID("claire"))
	must(t, err)
	archived.Channel = place
	must(t, w.Platform.Archive(t.Context(), place))
	nowhere := w.Case(code)
	nowhere.Channel = "c-nowhere"
	for name, test := range map[string]struct {
		c   *casework.Case
		out chat.Outgoing
		why bot.Why
	}{
		"closed":            {closed, chat.Outgoing{Channel: channel, Message: general}, bot.Lapsed},
		"without a channel": {unplaced, chat.Outgoing{Message: general}, bot.NotItsOwn},
		"in a conversation": {aside, chat.Outgoing{Channel: aside.Channel, Message: general}, bot.NotPrivate},
		"in one archived":   {archived, chat.Outgoing{Channel: archived.Channel, Message: general}, bot.NotPrivate},
		"in none that is":   {nowhere, chat.Outgoing{Channel: nowhere.Channel, Message: general}, bot.Unreachable},
	} {
		var no *bot.Refusal
		if _, _, err := gate.Clear(t.Context(), test.out, test.c); !errors.As(err, &no) || no.Why != test.why {
			t.Errorf("%s: err = %v, want a refusal: %s", name, err, test.why)
		}
	}
	// Of several cases nothing is told in a channel, nor of none that is given.
	for _, cases := range [][]*casework.Case{nil, {w.Case(code), w.Case(code)}} {
		var no *bot.Refusal
		out := chat.Outgoing{Channel: channel, Message: general}
		if _, _, err := gate.Clear(t.Context(), out, cases...); !errors.As(err, &no) || no.Why != bot.NotItsOwn {
			t.Errorf("%d cases: err = %v, want a refusal: %s", len(cases), err, bot.NotItsOwn)
		}
	}
}

func TestTheGateFiltersOptions(t *testing.T) {
	w, code, channel := opened(t)
	joined(t, w, channel, "budget", "paul")
	c := w.Case(code)
	gate := bot.NewGate(w.Platform, w.Now, w.Accesses, "test")
	form := func(required bool, options ...chat.Option) chat.Form {
		return chat.Form{ID: "f", Title: "t", Fields: []chat.Field{
			chat.Select{Base: chat.Base{ID: "o", Label: "o", Required: required}, Options: options},
		}}
	}
	budget := chat.Option{Value: "o1", Label: "dettes", Case: code, Topic: casework.Budget}
	housing := chat.Option{Value: "o2", Label: "logement", Case: code, Topic: casework.Housing}
	cleared, err := gate.ClearForm(bottest.ID("paul"), form(true, budget, housing), c)
	must(t, err)
	shown, _ := cleared.Value()
	if got := shown.Fields[0].(chat.Select).Options; len(got) != 1 || got[0].Value != "o1" {
		t.Errorf("paul may choose %+v", got)
	}
	if _, err := gate.ClearForm(bottest.ID("paul"), form(true, housing), c); err == nil {
		t.Error("a question without an answer is asked")
	}
	cleared, err = gate.ClearForm(bottest.ID("paul"), form(false, housing), c)
	must(t, err)
	if shown, _ := cleared.Value(); len(shown.Fields) != 0 {
		t.Errorf("an idle question is asked: %+v", shown.Fields)
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
