package main

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"sync"
	"time"

	"github.com/mattermost/mattermost/server/public/model"

	"parcours/e2e/people"
)

// patience is how long one thing may take before it is given up.
const patience = 20 * time.Second

// until asks again and again, without pause, until there is an answer.
func until(ctx context.Context, what string, there func() bool) error {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	for !there() {
		if ctx.Err() != nil {
			return errors.New("waited in vain for " + what)
		}
	}
	return nil
}

// open opens a case by its form: from the submission until its author can read
// the channel and its pinned card.
func (b *bench) open(ctx context.Context) (time.Duration, error) {
	before := len(b.author.Events(model.WebsocketEventUserAdded))
	if err := b.author.Execute(ctx, b.direct, "/parcours ouvrir"); err != nil {
		return 0, err
	}
	form, ok := b.author.Dialog()
	if !ok {
		return 0, errors.New("no form")
	}
	submission := model.SubmitDialogRequest{
		URL: form.URL, CallbackId: form.Dialog.CallbackId, State: form.Dialog.State, ChannelId: b.direct, TeamId: b.team,
		Submission: map[string]any{
			"person": "Personne", "household": "person", "answer": "accepts", "consent_form": "written",
			"topics": []string{"budget", "logement"},
		},
	}
	start := time.Now()
	answer, _, err := b.author.SubmitInteractiveDialog(ctx, submission)
	if err != nil || answer.Error != "" || len(answer.Errors) > 0 {
		return 0, fmt.Errorf("the form: %+v %w", answer, err)
	}
	channel := ""
	err = b.author.Await("the channel", func() bool {
		added := b.author.Events(model.WebsocketEventUserAdded)
		for _, e := range added[min(before, len(added)):] {
			if e.GetData()["user_id"] == b.author.User.Id {
				channel = e.GetBroadcast().ChannelId
			}
		}
		return channel != ""
	})
	if err != nil {
		return 0, err
	}
	err = until(ctx, "the pinned card", func() bool { return pinned(ctx, b.author, channel) })
	return time.Since(start), err
}

func pinned(ctx context.Context, reader *people.Person, channel string) bool {
	list, _, err := reader.GetPinnedPosts(ctx, channel, "")
	return err == nil && len(list.Order) > 0
}

// bareOpen makes the same calls without Parcours: a private channel, the author
// in it, a card, pinned; read by its author.
func (b *bench) bareOpen(ctx context.Context) (time.Duration, error) {
	start := time.Now()
	channel, _, err := b.bare.CreateChannel(ctx, &model.Channel{TeamId: b.team, Type: model.ChannelTypePrivate, Name: name(), DisplayName: "bare"})
	if err != nil {
		return 0, err
	}
	if _, _, err := b.bare.AddChannelMember(ctx, channel.Id, b.author.User.Id); err != nil {
		return 0, err
	}
	post := &model.Post{ChannelId: channel.Id, Message: "card"}
	model.ParseSlackAttachment(post, []*model.SlackAttachment{{Title: "title", Text: "text"}})
	post, _, err = b.bare.CreatePost(ctx, post)
	if err != nil {
		return 0, err
	}
	if _, err := b.bare.PinPost(ctx, post.Id); err != nil {
		return 0, err
	}
	err = until(ctx, "the pinned card", func() bool { return pinned(ctx, b.author, channel.Id) })
	return time.Since(start), err
}

// bareChannel makes one private channel.
func (b *bench) bareChannel(ctx context.Context) (time.Duration, error) {
	start := time.Now()
	_, _, err := b.bare.CreateChannel(ctx, &model.Channel{TeamId: b.team, Type: model.ChannelTypePrivate, Name: name(), DisplayName: "bare"})
	return time.Since(start), err
}

var codeIn = regexp.MustCompile(`P-[0-9A-Z]{4}`)

// invite invites somebody to the author's case: from the typed line until they
// can read it. Each round invites another, and the list was made before.
func (b *bench) invite(ctx context.Context) (time.Duration, error) {
	guest := b.guests[b.n%len(b.guests)]
	if b.n%len(b.guests) == 0 {
		code, err := b.openTyped(ctx, b.author, b.direct)
		if err != nil {
			return 0, err
		}
		b.code = code
	}
	b.n++
	list := fmt.Sprintf("/parcours liste %s name:%s service:s user:@%s agreed:oui", b.code, guest.Handle, guest.Handle)
	if err := b.author.Execute(ctx, b.direct, list); err != nil {
		return 0, err
	}
	return b.received(ctx, guest, func() error {
		_, _, err := b.author.ExecuteCommandWithTeam(ctx, b.direct, b.team, fmt.Sprintf("/parcours inviter %s @%s partner", b.code, guest.Handle))
		return err
	})
}

// openTyped opens a case by a typed line, and gives its code.
func (b *bench) openTyped(ctx context.Context, who *people.Person, direct string) (string, error) {
	response, _, err := who.ExecuteCommandWithTeam(ctx, direct, b.team, "/parcours ouvrir person:Personne household:person answer:accepts consent_form:written topics:budget,logement")
	if err != nil {
		return "", err
	}
	if code := codeIn.FindString(response.Text + fmt.Sprint(attachments(response))); code != "" {
		return code, nil
	}
	code := ""
	err = who.Await("a code", func() bool {
		whispers := who.Whispers()
		for i := len(whispers) - 1; i >= 0 && code == ""; i-- {
			code = codeIn.FindString(people.Text(whispers[i]))
		}
		return code != ""
	})
	return code, err
}

func attachments(response *model.CommandResponse) string {
	text := ""
	for _, a := range response.Attachments {
		text += a.Title + a.Text
	}
	return text
}

// received measures from an act until a new message reaches somebody's browser.
func (b *bench) received(ctx context.Context, reader *people.Person, act func() error) (time.Duration, error) {
	before := len(reader.Events(model.WebsocketEventPosted))
	start := time.Now()
	if err := act(); err != nil {
		return 0, err
	}
	err := reader.Await("a message", func() bool { return len(reader.Events(model.WebsocketEventPosted)) > before })
	return time.Since(start), err
}

// bareInvite makes the same calls without Parcours: a typed line that does
// nothing, and a message to somebody in private.
func (b *bench) bareInvite(ctx context.Context) (time.Duration, error) {
	guest := b.guests[b.n%len(b.guests)]
	return b.received(ctx, guest, func() error {
		if _, _, err := b.author.ExecuteCommandWithTeam(ctx, b.direct, b.team, "/empty"); err != nil {
			return err
		}
		channel, _, err := b.bare.CreateDirectChannel(ctx, b.bot, guest.User.Id)
		if err != nil {
			return err
		}
		post := &model.Post{ChannelId: channel.Id, Message: "invitation"}
		model.ParseSlackAttachment(post, []*model.SlackAttachment{{Title: "title", Text: "text"}})
		_, _, err = b.bare.CreatePost(ctx, post)
		return err
	})
}

func (b *bench) typed(ctx context.Context, line string) (time.Duration, error) {
	start := time.Now()
	_, _, err := b.author.ExecuteCommandWithTeam(ctx, b.direct, b.team, line)
	return time.Since(start), err
}

// status looks at a case with a circle of a usual size.
func (b *bench) status(ctx context.Context) (time.Duration, error) {
	if b.usual == "" {
		code, err := b.openTyped(ctx, b.author, b.direct)
		if err != nil {
			return 0, err
		}
		b.usual = code
		lines := []string{
			"objectif %s topic:budget title:dettes", "objectif %s topic:logement title:logement",
			`action %s objective:o1 what:appeler who:person due:"dans 9 jours"`, `action %s objective:o2 what:demander who:p2 due:"dans 9 jours"`,
		}
		for _, guest := range b.guests[:4] {
			lines = append([]string{fmt.Sprintf("liste %%s name:%s service:s user:@%s agreed:oui", guest.Handle, guest.Handle)}, lines...)
		}
		for _, line := range lines {
			if err := b.author.Execute(ctx, b.direct, "/parcours "+fmt.Sprintf(line, code)); err != nil {
				return 0, err
			}
		}
	}
	return b.typed(ctx, "/parcours suivi "+b.usual)
}

func (b *bench) bareCommand(ctx context.Context) (time.Duration, error) {
	return b.typed(ctx, "/empty")
}

// minute is how long the crowd works.
const minute = time.Minute

type crowd struct {
	took   []time.Duration
	errors int
}

// crowd has everybody, each with a case of their own, use the bot without a pause
// for a minute: lists, overviews, and objectives that are posted.
func (b *bench) crowd(ctx context.Context) (all crowd, err error) {
	var mu sync.Mutex
	count := func(took time.Duration, err error) {
		mu.Lock()
		defer mu.Unlock()
		if err != nil {
			all.errors++
			return
		}
		all.took = append(all.took, took)
	}
	directs, codes := make([]string, len(b.guests)), make([]string, len(b.guests))
	for i, guest := range b.guests {
		if directs[i], err = guest.Direct(ctx, b.bot); err != nil {
			return all, err
		}
		if codes[i], err = b.openTyped(ctx, guest, directs[i]); err != nil {
			return all, err
		}
	}
	var everybody sync.WaitGroup
	end := time.Now().Add(minute)
	for i, guest := range b.guests {
		everybody.Go(func() {
			for n := 0; time.Now().Before(end); n++ {
				line := "/parcours mes-situations"
				switch n % 10 {
				case 3, 6:
					line = "/parcours suivi " + codes[i]
				case 9:
					line = fmt.Sprintf("/parcours objectif %s topic:budget title:objectif-%d", codes[i], n)
				}
				start := time.Now()
				_, _, err := guest.ExecuteCommandWithTeam(ctx, directs[i], b.team, line)
				count(time.Since(start), err)
			}
		})
	}
	everybody.Wait()
	if len(all.took) == 0 {
		return all, errors.New("nobody could do anything")
	}
	return all, ctx.Err()
}
