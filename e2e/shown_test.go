package e2e

import (
	"slices"
	"strings"
	"testing"

	"github.com/mattermost/mattermost/server/public/model"

	"parcours/bot"
	"parcours/bot/chat"
	"parcours/bot/command"
	"parcours/casework"
	"parcours/e2e/people"
)

// withBoard adds a command of the tests, that has the objectives of a case shown
// with a file, or brought up to date, or handed to its asker.
func withBoard(o *bot.Options) {
	board := func(c *casework.Case) chat.Message {
		m := chat.Message{Text: "Les objectifs.", Card: &chat.Card{Title: "Les objectifs", Whole: true}}
		file := chat.File{Name: "objectifs.txt", Type: "text/plain; charset=utf-8", Case: c.Code}
		for _, objective := range c.Objectives {
			m.Card.Rows = append(m.Card.Rows, chat.About(c.Code, objective.Topic, objective.ID, objective.Title))
			file.Topics = append(file.Topics, objective.Topic)
			file.Body = append(file.Body, objective.Title...)
		}
		m.Files = []chat.File{file}
		return m
	}
	o.Views["board"] = func(v command.ViewRequest) (chat.Message, bool) { return board(v.Case), true }
	o.Commands = append(o.Commands, command.Command{
		Name: "annonce", Twin: "announce", May: command.Members, Form: "announce", Hidden: true, Words: []string{"act"},
		Fields: func(command.Request) []chat.Field {
			return []chat.Field{chat.Text{Base: chat.Base{ID: "act", Label: "act"}}}
		},
		Do: func(r command.Request) (command.Response, error) {
			if r.Text("act") == "" {
				return command.Response{Reply: board(r.Case)}, nil
			}
			return command.Response{
				Record:  []casework.Fact{casework.Reminded{Key: "announced"}},
				Notices: []command.Notice{{Act: command.Act(r.Text("act")), View: "board"}},
			}, nil
		},
	})
}

func TestWhatWasShownChangesInPlaceWithItsFiles(t *testing.T) {
	w := newWorldOf(t, withBoard, "claire", "nadia")
	ctx, claire := t.Context(), w.people["claire"]
	_, channel := w.open("claire")
	do := func(line string) {
		t.Helper()
		must(t, claire.Execute(ctx, channel, "/parcours "+line))
		must(t, w.bot.Settle(ctx))
	}
	boards := func(who string) []*model.Post {
		t.Helper()
		posts, err := w.people[who].Posts(ctx, channel)
		must(t, err)
		return slices.DeleteFunc(posts, func(p *model.Post) bool { return !strings.HasPrefix(p.Message, "Les objectifs") })
	}
	do("objectif logement Un logement plus petit")
	do("annonce post")
	first := boards("claire")
	if len(first) != 1 || len(first[0].FileIds) != 1 {
		t.Fatalf("the board is %+v", first)
	}
	do("objectif budget Solder les dettes")
	do("annonce update")
	now := boards("claire")
	if len(now) != 1 || now[0].Id != first[0].Id || len(now[0].FileIds) != 1 || !strings.Contains(people.Text(now[0]), "Solder") {
		t.Errorf("brought up to date, it is %+v", now)
	}

	// Handed over in private, as an answer holds no file.
	do("annonce")
	if said := w.answered("claire"); !strings.Contains(said, "dans votre conversation") || strings.Contains(said, "Solder") {
		t.Errorf("the answer says %q", said)
	}
	mine, err := claire.Posts(ctx, w.direct("claire"))
	must(t, err)
	if last := mine[len(mine)-1]; len(last.FileIds) != 1 || !strings.Contains(people.Text(last), "Solder") {
		t.Errorf("handed over: %+v", last)
	}

	// A newcomer who may not know of all it says finds it empty.
	w.inviteOn(" topics:budget", "withdraw", channel, "nadia")
	if left := boards("nadia"); len(left) != 0 {
		t.Errorf("the newcomer reads %+v", left)
	}
	emptied, _, err := w.people["nadia"].GetPost(ctx, first[0].Id, "")
	must(t, err)
	infos, _, err := w.people["nadia"].GetFileInfosForPost(ctx, first[0].Id, "")
	must(t, err)
	if len(emptied.FileIds)+len(infos) != 0 || strings.Contains(people.Text(emptied), "petit") {
		t.Errorf("emptied, it is %+v", emptied)
	}

	// Deleted by hand, it is left alone.
	do("consentement extend partners:p2 topics:logement,budget")
	do("annonce post")
	again := boards("claire")
	if len(again) != 1 {
		t.Fatalf("%d boards", len(again))
	}
	_, err = server.Admin.DeletePost(ctx, again[0].Id)
	must(t, err)
	do("annonce update")
	if left := boards("claire"); len(left) != 0 || strings.Contains(w.logged.String(), "given up") {
		t.Errorf("deleted, it is %+v", left)
	}
}
