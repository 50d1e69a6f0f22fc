package e2e

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/mattermost/mattermost/server/public/model"

	"parcours/bot/bottest"
	"parcours/casework"
	"parcours/e2e/people"
	"parcours/locales"
	"parcours/story"
	"parcours/story/storytest"
)

// stage has a story played on the server: its handles get the world's suffix.
type stage struct {
	*world
	tale story.Story
	told map[string]bool
	code string
	// settle returns once the bot has done all it has to do now.
	settle func(context.Context) error
}

func (g *stage) place(ctx context.Context, who, in string) (string, error) {
	p := g.people[who]
	if in == "direct" {
		return g.direct(who), nil
	}
	channel, _, err := p.GetChannelByName(ctx, strings.ToLower(g.code), g.team, "")
	if err != nil {
		return "", fmt.Errorf("@%s does not see the case's channel: %w", who, err)
	}
	return channel.Id, nil
}

// Type has somebody type a line.
func (g *stage) Type(ctx context.Context, who, in, text string) error {
	channel, err := g.place(ctx, who, in)
	if err != nil {
		return err
	}
	for _, person := range g.tale.People {
		text = strings.ReplaceAll(text, "@"+person.Handle, "@"+person.Handle+g.suffix)
	}
	if err := g.people[who].Execute(ctx, channel, text); err != nil {
		return err
	}
	return g.settle(ctx)
}

// Submit has somebody send back the form they have open.
func (g *stage) Submit(ctx context.Context, who, in string, values map[string][]string) error {
	channel, err := g.place(ctx, who, in)
	if err != nil {
		return err
	}
	answer, err := g.people[who].Submit(ctx, channel, values)
	if err != nil {
		return err
	}
	if open, ok := g.people[who].Dialog(); ok {
		return fmt.Errorf("form %s asks again: %v %s", open.Dialog.CallbackId, answer.Errors, answer.Error)
	}
	return g.settle(ctx)
}

// Press has somebody press the newest button of this name that they see there.
func (g *stage) Press(ctx context.Context, who, in, button string) error {
	channel, err := g.place(ctx, who, in)
	if err != nil {
		return err
	}
	posts, err := g.people[who].Posts(ctx, channel)
	if err != nil {
		return err
	}
	for _, post := range g.people[who].Whispers() {
		if post.ChannelId == channel {
			posts = append(posts, post)
		}
	}
	slices.SortStableFunc(posts, func(a, b *model.Post) int { return int(a.CreateAt - b.CreateAt) })
	for _, post := range slices.Backward(posts) {
		if bears(post, button) {
			if err := g.people[who].Press(ctx, post, button); err != nil {
				return err
			}
			return g.settle(ctx)
		}
	}
	return fmt.Errorf("@%s sees no button %s", who, button)
}

// bears says whether a post has a button.
func bears(post *model.Post, button string) bool {
	return slices.ContainsFunc(post.Attachments(), func(a *model.MessageAttachment) bool {
		return slices.ContainsFunc(a.Actions, func(action *model.PostAction) bool { return action.Id == button })
	})
}

// ask has somebody ask to be shown what a post new to them covers, if it does.
func (g *stage) ask(ctx context.Context, who string, post *model.Post) error {
	if g.told[who+post.Id] || !bears(post, "show") {
		return nil
	}
	return g.people[who].Press(ctx, post, "show")
}

// Advance moves the bot's clock; what falls due is delivered.
func (g *stage) Advance(ctx context.Context, d time.Duration) error {
	g.advance(d)
	return g.settle(ctx)
}

// News gives what people see that they have not been told of yet, and what they are
// shown when they ask.
func (g *stage) News(ctx context.Context) ([]story.Line, error) {
	type seen struct {
		at int64
		story.Line
	}
	var news []*seen
	shared := map[string]*seen{}
	for _, person := range g.tale.People {
		p := g.people[person.Handle]
		channels, err := p.Channels(ctx)
		if err != nil {
			return nil, err
		}
		add := func(post *model.Post, in string, private bool) {
			if g.told[person.Handle+post.Id] {
				return
			}
			g.told[person.Handle+post.Id] = true
			if line, ok := shared[post.Id]; ok {
				line.Who = append(line.Who, person.Handle)
				return
			}
			text := people.Text(post)
			if files := people.Files(post); len(files) > 0 {
				text += "\n📎 " + strings.Join(files, ", ")
			}
			line := &seen{post.CreateAt, story.Line{Who: []string{person.Handle}, In: in, Private: private, Text: text}}
			shared[post.Id], news = line, append(news, line)
		}
		names := map[string]string{}
		for _, channel := range channels {
			names[channel.Id] = channel.Name
			if channel.Type == model.ChannelTypeDirect {
				names[channel.Id] = "direct"
			}
			posts, err := p.Posts(ctx, channel.Id)
			if err != nil {
				return nil, err
			}
			for _, post := range posts {
				if channel.DeleteAt == 0 {
					if err := g.ask(ctx, person.Handle, post); err != nil {
						return nil, err
					}
				}
				add(post, names[channel.Id], false)
			}
		}
		for _, post := range p.Whispers() {
			if name, there := names[post.ChannelId]; there {
				add(post, name, true)
			}
		}
	}
	slices.SortStableFunc(news, func(a, b *seen) int { return int(a.at - b.at) })
	lines := make([]story.Line, len(news))
	for i, line := range news {
		lines[i] = line.Line
		if code, ok := casework.ParseCode(line.In); ok {
			g.code = string(code)
		}
	}
	return lines, nil
}

// lives plays a story on the server, holds what people are told to what they are told
// elsewhere, and gives its world and code.
func lives(t *testing.T, tale story.Story, outsiders ...string) (*world, string) {
	t.Helper()
	w := newWorld(t, outsiders...)
	start, err := time.Parse(time.RFC3339, bottest.Start)
	must(t, err)
	w.advance(time.Until(start))
	must(t, people.AllowAnswers(t.Context(), server.Admin, w.installed.UserID))
	for _, person := range tale.People {
		p, err := people.Join(t.Context(), server.Admin, server.URL, w.team, person.Handle+w.suffix, person.Name, "Parcours-2026-essai")
		must(t, err)
		t.Cleanup(p.Close)
		w.people[person.Handle] = p
	}
	var transcript bytes.Buffer
	player := story.Player{
		Stage: &stage{world: w, tale: tale, told: map[string]bool{}, settle: w.bot.Settle},
		Out:   &transcript, Say: locales.For("fr"),
	}
	if err := player.Play(t.Context(), tale, false); err != nil {
		t.Fatalf("%v\n%s", err, transcript.String())
	}
	storytest.Tells(t, "mattermost", tale, &player)
	return w, strings.ToLower(player.Code())
}

func TestTheStoryIsLivedOnARealServer(t *testing.T) {
	tale, err := story.Ariege()
	must(t, err)
	w, code := lives(t, tale, "attacker", "!outside")
	wantBlind(t, w.people["martin"], w.team, "Lopez", "caisse", "Garage du Pont", "cantine", "garde de mon fils")
	wantBlind(t, w.people["attacker"], w.team, "Lopez", "caisse", "Garage du Pont", "cantine", "garde de mon fils", code)
	wantBlind(t, w.people["outside"], "", "Lopez", "caisse", "Garage du Pont", "cantine", "garde de mon fils", code)
	// The members read what they are covered for, and no more.
	wantBlind(t, w.people["paul"], w.team, "logement plus petit", "demande de logement")
	wantBlind(t, w.people["sophie"], w.team, "garde de mon fils", "Les enfants")
	for _, word := range []string{"Lopez", "caisse", "cantine", "Garage"} {
		if strings.Contains(w.logged.String(), word) {
			t.Errorf("the log holds %q", word)
		}
	}
}
