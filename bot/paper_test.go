package bot_test

import (
	"strings"

	"parcours/bot/chat"
	"parcours/bot/command"
	"parcours/casework"
)

// viewPaper shows the circle the file of a topic, which is its subject.
const viewPaper = "paper"

// paperCommand hands its asker a file on a topic; shared, the circle sees it too.
func paperCommand() command.Command {
	return command.Command{
		Name: "papier", Twin: "paper", May: command.Members, Form: "paper", Hidden: true,
		Fields: func(r command.Request) []chat.Field {
			var topics []chat.Option
			for _, t := range casework.Topics() {
				topics = append(topics, chat.Option{Value: string(t), Label: string(t)})
			}
			return []chat.Field{
				chat.Select{Base: chat.Base{ID: "topic", Label: "topic", Required: true}, Options: topics},
				chat.Bool{Base: chat.Base{ID: "shared", Label: "shared"}},
			}
		},
		Words: []string{"topic", "shared"},
		Do: func(r command.Request) (command.Response, error) {
			topic := r.Text("topic")
			response := command.Response{Reply: chat.Message{Text: "Voici le papier.", Files: paper(r.Case, casework.Topic(topic))}}
			if r.Bool("shared") {
				response.Notices = []command.Notice{{Act: command.Post, View: viewPaper, Subject: topic}}
			}
			return response, nil
		},
	}
}

func showPaper(v command.ViewRequest) (chat.Message, bool) {
	return chat.Message{Text: "Un papier à lire.", Files: paper(v.Case, casework.Topic(v.Subject))}, true
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
