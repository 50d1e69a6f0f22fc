package mattermost

import (
	"fmt"
	"strings"

	"github.com/mattermost/mattermost/server/public/model"

	"parcours/bot/chat"
)

// Properties of the bot's posts.
const (
	// propKey is the message's key, by which it is found again.
	propKey = "parcours_key"
	// propKeys are the keys of all that the message holds.
	propKeys = "parcours_keys"
	// propMarks are the marks of the tokens that its buttons bear.
	propMarks = "parcours_buttons"
)

// A place is where a message is shown, which seals its buttons: a post in a
// channel, or an answer to one user there.
type place struct{ kind, user, channel string }

// text is the post of a message: all that a notification shows.
func text(m chat.Message) string {
	if m.Text == "" && m.Card != nil {
		return escape(m.Card.Title)
	}
	return escape(m.Text)
}

// attachments is the card of a message. No part of it is a fallback text, which
// notifications would show.
func (a *Adapter) attachments(m chat.Message, at place) []*model.MessageAttachment {
	if m.Card == nil {
		return nil
	}
	card := &model.MessageAttachment{Footer: plain(m.Card.Footer)}
	if m.Card.Title != m.Text && m.Text != "" {
		card.Text = bold(m.Card.Title)
	}
	for _, group := range groups(m.Card.Rows) {
		if len(group.lines) > 0 || group.heading != "" {
			card.Fields = append(card.Fields, &model.MessageAttachmentField{
				Title: plain(group.heading), Value: strings.Join(group.lines, "\n"),
			})
		}
	}
	if links := linksOf(m.Files); links != "" {
		card.Fields = append(card.Fields, &model.MessageAttachmentField{Value: links})
	}
	card.Actions = a.actions(m.Card.Buttons, at)
	return []*model.MessageAttachment{card}
}

// linksOf gives the files that are elsewhere, one a line. Their addresses are of
// this package's own making.
func linksOf(files []chat.File) string {
	var lines []string
	for _, f := range files {
		if f.Link != "" {
			lines = append(lines, "📎 ["+plain(f.Name)+"]("+f.Link+")")
		}
	}
	return strings.Join(lines, "\n")
}

// group is a heading and the lines under it.
type group struct {
	heading string
	lines   []string
}

func groups(rows []chat.Row) []group {
	all := []group{{}}
	for _, row := range rows {
		last := &all[len(all)-1]
		switch {
		case row.IsHeading():
			all = append(all, group{heading: row.Label})
		case row.Label == "":
			last.lines = append(last.lines, escape(row.Value))
		default:
			last.lines = append(last.lines, bold(row.Label)+" : "+escape(row.Value))
		}
	}
	return all
}

func (a *Adapter) actions(buttons []chat.Button, at place) []*model.PostAction {
	var actions []*model.PostAction
	taken := map[string]bool{}
	for i, b := range buttons {
		actions = append(actions, &model.PostAction{
			Id: actionID(b.ID, i, taken), Type: model.PostActionTypeButton, Name: b.Label, Style: style(b.Style),
			Integration: &model.PostActionIntegration{
				URL: a.callback + actionPath, Context: a.seal.ticket(at.kind, b.ID, b.Token, at.user, at.channel),
			},
		})
	}
	return actions
}

// actionID names a button on its post, by letters and digits alone.
func actionID(id string, index int, taken map[string]bool) string {
	name := strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' || r >= 'A' && r <= 'Z' || r >= 'a' && r <= 'z' {
			return r
		}
		return -1
	}, id)
	if name == "" || taken[name] {
		name = fmt.Sprintf("%s%d", name, index)
	}
	taken[name] = true
	return name
}

func style(s chat.Style) string {
	switch s {
	case chat.Primary:
		return "primary"
	case chat.Danger:
		return "danger"
	}
	return "default"
}

// props are the properties of a post in a channel.
func (a *Adapter) props(key string, m chat.Message, channel string) model.StringInterface {
	props := model.StringInterface{}
	if key != "" {
		props[propKey] = key
	}
	if cards := a.attachments(m, place{kind: onPost, channel: channel}); cards != nil {
		props[model.PostPropsAttachments] = cards
		var marks []string
		for _, b := range m.Card.Buttons {
			marks = append(marks, a.seal.mark(b.ID, b.Token))
		}
		if marks != nil {
			props[propMarks] = marks
		}
	}
	return props
}

// bears says whether a post of the bot bears a button.
func (a *Adapter) bears(post *model.Post, t ticket) bool {
	marks, _ := post.GetProp(propMarks).([]any)
	want := a.seal.mark(t.Button, t.Token)
	for _, mark := range marks {
		if mark == want {
			return true
		}
	}
	return false
}
