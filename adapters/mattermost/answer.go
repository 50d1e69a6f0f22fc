package mattermost

import (
	"context"
	"fmt"
	"strings"

	"github.com/mattermost/mattermost/server/public/model"

	"parcours/bot/chat"
)

// An asker is who acted and where, and by what a form can be opened at once.
type asker struct{ user, channel, trigger string }

// openForm opens a form for whoever holds the trigger.
func (a *Adapter) openForm(ctx context.Context, trigger string, form chat.Form) error {
	dialog, err := a.dialog(ctx, form)
	if err != nil {
		return err
	}
	resp, err := a.client.OpenInteractiveDialog(ctx, model.OpenDialogRequest{
		TriggerId: trigger, URL: a.callback + dialogPath, Dialog: dialog,
	})
	if err != nil {
		return failure("open a form", resp, err)
	}
	return nil
}

// saying gives the message of an answer, for the eyes of who asked alone. A form
// is opened if it can be; otherwise the message offers to open it. Nothing is
// said for the zero answer.
func (a *Adapter) saying(ctx context.Context, who asker, answer chat.Answer) (chat.Message, bool) {
	if out, ok := answer.Say.Value(); ok {
		if string(out.User) != who.user {
			a.options.Log.Error("mattermost: an answer for somebody else was kept back")
			return chat.Message{}, false
		}
		return out.Message, true
	}
	if form, ok := answer.Form.Value(); ok {
		if who.trigger != "" {
			err := a.openForm(ctx, who.trigger, form)
			if err == nil {
				return chat.Message{}, false
			}
			a.options.Log.Warn("mattermost: a form could not be opened at once", "form", form.ID, "err", err)
			return a.offer(who, form, form.Late), true
		}
		return a.offer(who, form, ""), true
	}
	if faults := faultsOf(answer); faults != "" {
		return chat.Message{Text: faults}, true
	}
	return chat.Message{}, false
}

// offer is a message with a button that opens a form, and why it is not open, if there
// is a reason.
func (a *Adapter) offer(who asker, form chat.Form, why string) chat.Message {
	handle := a.waiting.put(waitingForm{user: who.user, channel: who.channel, home: who.channel, form: form}, a.options.Now())
	card := &chat.Card{Title: form.Title, Buttons: []chat.Button{{
		ID: openButton, Label: form.Title, Style: chat.Primary, Token: handle, Command: "/parcours",
	}}}
	return chat.Message{Text: strings.TrimSpace(strings.TrimSpace(form.Title+"\n"+why) + "\n" + form.Intro), Card: card}
}

// openButton is the id of the button that opens a form which waits.
const openButton = "form"

// faultsOf are the faults of a form, where there is no form to show them in.
func faultsOf(answer chat.Answer) string {
	var all []string
	if answer.FormError != "" {
		all = append(all, answer.FormError)
	}
	for _, fault := range answer.FieldErrors {
		all = append(all, fault)
	}
	return strings.Join(all, "\n")
}

// cards are the attachments of an answer.
func (a *Adapter) cards(who asker, m chat.Message) []*model.MessageAttachment {
	kind := onAnswer
	if offers(m) {
		kind = onForm
	}
	return a.attachments(m, place{kind: kind, user: who.user, channel: who.channel})
}

func offers(m chat.Message) bool {
	return m.Card != nil && len(m.Card.Buttons) == 1 && m.Card.Buttons[0].ID == openButton
}

// whisper says something to who asked, and to nobody else: where they acted if
// they are there still and the bot may, or else in their conversation with it. The
// server keeps what is said there: if it is not to, that is what the bot has to say
// instead, and the rest is told for as long as their screen holds it.
func (a *Adapter) whisper(ctx context.Context, who asker, m chat.Message, instead string) error {
	if a.isThere(ctx, who) {
		if said, err := a.breathe(ctx, who, m); said || err != nil {
			return err
		}
	}
	if instead == "" {
		return a.write(ctx, who.user, m)
	}
	if err := a.write(ctx, who.user, chat.Message{Text: instead}); err != nil {
		return err
	}
	channel, err := a.direct(ctx, who.user)
	if err != nil {
		return err
	}
	if offers(m) {
		a.waiting.move(m.Card.Buttons[0].Token, channel)
	}
	_, err = a.breathe(ctx, asker{user: who.user, channel: channel}, m)
	return err
}

// breathe shows something to who asked on the screen before them, which the server
// does not keep; said is false when the bot may not.
func (a *Adapter) breathe(ctx context.Context, who asker, m chat.Message) (said bool, err error) {
	me, err := a.me(ctx)
	if err != nil {
		return false, err
	}
	post := &model.Post{UserId: string(me), ChannelId: who.channel, Message: text(m)}
	post.SetProps(model.StringInterface{model.PostPropsAttachments: a.cards(who, m)})
	_, resp, err := a.client.CreatePostEphemeral(ctx, &model.PostEphemeral{UserID: who.user, Post: post})
	switch {
	case err == nil:
		return true, nil
	case errorID(err) == errPermission:
		return false, nil
	}
	return false, failure("answer", resp, err)
}

// isThere says whether who asked can read where they acted, as far as the bot
// can see. The server shows an answer to anybody it is told to.
func (a *Adapter) isThere(ctx context.Context, who asker) bool {
	if !model.IsValidId(who.channel) {
		return false
	}
	_, _, err := a.client.GetChannelMember(ctx, who.channel, who.user, "")
	return err == nil
}

// write says something to a user in their conversation with the bot.
func (a *Adapter) write(ctx context.Context, user string, m chat.Message) error {
	channel, err := a.direct(ctx, user)
	if err != nil {
		return err
	}
	post := &model.Post{ChannelId: channel, Message: text(m)}
	if offers(m) {
		a.waiting.move(m.Card.Buttons[0].Token, channel)
		post.SetProps(model.StringInterface{model.PostPropsAttachments: a.cards(asker{user: user, channel: channel}, m)})
	} else {
		post.SetProps(a.props("", m, channel))
	}
	_, resp, err := a.client.CreatePost(ctx, post)
	if err != nil {
		return failure("answer in private", resp, err)
	}
	return nil
}

// respond is the body of a command's answer, seen by who typed it alone.
func (a *Adapter) respond(who asker, m chat.Message) *model.CommandResponse {
	return &model.CommandResponse{
		ResponseType: model.CommandResponseTypeEphemeral, Text: text(m),
		Attachments: a.cards(who, m), SkipSlackParsing: true,
	}
}

func (a *Adapter) logged(what string, err error) {
	if err != nil {
		a.options.Log.Warn("mattermost: "+what, "err", fmt.Sprint(err))
	}
}
