package bot_test

import (
	"strings"

	"parcours/bot/chat"
	"parcours/bot/command"
	"parcours/casework"
)

// Views of the tests: the file of a topic, and the objectives of one or of all,
// as long as there are some; their subject is the topic.
const (
	viewPaper = "paper"
	viewBoard = "board"
)

// extras are commands of the tests: one hands its asker a file on a topic, the
// other has something shown, or brought up to date.
func extras() []command.Command {
	return []command.Command{{
		Name: "papier", Twin: "paper", May: command.Members, Form: "paper", Hidden: true,
		Fields: func(command.Request) []chat.Field { return questions("topic") }, Words: []string{"topic"},
		Do: func(r command.Request) (command.Response, error) {
			return command.Response{Reply: chat.Message{Text: "Voici le papier.", Files: paper(r.Case, casework.Topic(r.Text("topic")))}}, nil
		},
	}, {
		Name: "annonce", Twin: "announce", May: command.Members, Form: "announce", Hidden: true,
		Fields: func(command.Request) []chat.Field {
			return append(questions("act", "view"), chat.Text{Base: chat.Base{ID: "subject", Label: "subject"}}, chat.User{Base: chat.Base{ID: "user", Label: "user"}})
		},
		Words: []string{"act", "view", "subject"},
		Do: func(r command.Request) (command.Response, error) {
			return command.Response{
				Record:  []casework.Fact{casework.Reminded{Key: "announced"}},
				Notices: []command.Notice{{Act: command.Act(r.Text("act")), View: r.Text("view"), Subject: r.Text("subject"), User: r.User("user")}},
			}, nil
		},
	}}
}

func questions(ids ...string) []chat.Field {
	fields := make([]chat.Field, len(ids))
	for i, id := range ids {
		fields[i] = chat.Text{Base: chat.Base{ID: id, Label: id, Required: true}}
	}
	return fields
}

func showPaper(v command.ViewRequest) (chat.Message, bool) {
	return chat.Message{Text: "Un papier à lire.", Files: paper(v.Case, casework.Topic(v.Subject))}, true
}

func showBoard(v command.ViewRequest) (chat.Message, bool) {
	card := &chat.Card{Title: "Les objectifs", Whole: true}
	for _, o := range v.Case.Objectives {
		if v.Subject == "" || v.Subject == string(o.Topic) {
			card.Rows = append(card.Rows, chat.About(v.Case.Code, o.Topic, o.ID, o.Title))
		}
	}
	return chat.Message{Text: "Les objectifs.", Card: card}, len(card.Rows) > 0
}

func paper(c *casework.Case, topic casework.Topic) []chat.File {
	lines := []string{c.Person}
	for _, o := range c.Objectives {
		if o.Topic == topic {
			lines = append(lines, o.Title, o.OwnWords)
		}
	}
	return []chat.File{{
		Name: "papier.txt", Type: "text/plain; charset=utf-8", Case: c.Code, Topics: []casework.Topic{topic},
		Body: []byte(strings.Join(lines, "\n")),
	}}
}
