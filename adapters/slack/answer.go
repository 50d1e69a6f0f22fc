package slack

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"

	"github.com/slack-go/slack"

	"parcours/bot/chat"
)

// An asker is who acted and where, by what a view can be opened at once, and where an
// answer can be sent for a while.
type asker struct {
	user, channel string
	trigger       string
	response      string
	// view is the modal in which they acted, if they did in one.
	view string
	// home: they acted in the Home tab, where nothing can be said.
	home bool
}

// openButton is the id of the button that opens a form which waits. No command has a
// colon in its name.
const openButton = ":form"

// saying gives the message of an answer, for the eyes of who asked alone. A form is
// opened if it can be; otherwise the message offers to open it. Nothing is said for
// the zero answer.
func (a *Adapter) saying(ctx context.Context, who asker, answer chat.Answer) (chat.Message, bool) {
	if out, ok := answer.Say.Value(); ok {
		if string(out.User) != who.user {
			a.options.Log.Error("slack: an answer for somebody else was kept back")
			return chat.Message{}, false
		}
		return out.Message, true
	}
	if form, ok := answer.Form.Value(); ok {
		return a.opening(ctx, who, form, who.channel)
	}
	if faults := faultsOf(answer); faults != "" {
		return chat.Message{Text: faults}, true
	}
	return chat.Message{}, false
}

// faultsOf are the faults of a form, where there is no form to show them in.
func faultsOf(answer chat.Answer) string {
	var all []string
	if answer.FormError != "" {
		all = append(all, answer.FormError)
	}
	for _, fault := range answer.FieldErrors {
		all = append(all, fault)
	}
	slices.Sort(all)
	return strings.Join(all, "\n")
}

// opening opens a form if it can be; otherwise it gives the message that offers it, and
// says so where it was to be opened at once.
func (a *Adapter) opening(ctx context.Context, who asker, form chat.Form, channel string) (chat.Message, bool) {
	if who.view == "" && who.trigger == "" {
		return a.offer(who, form, channel, ""), true
	}
	err := a.openForm(ctx, who, form, channel)
	if err == nil {
		return chat.Message{}, false
	}
	a.options.Log.Warn("slack: a form could not be opened at once", "form", form.ID, "err", err)
	return a.offer(who, form, channel, form.Late), true
}

// openForm opens a form whose token is for a channel, and remembers it.
func (a *Adapter) openForm(ctx context.Context, who asker, form chat.Form, channel string) error {
	view, err := a.modal(ctx, form, channel)
	if err != nil {
		return err
	}
	a.waiting.put(waitingForm{user: who.user, channel: channel, form: form}, a.options.Now())
	return a.openView(ctx, who, view)
}

// openView shows a view: in the place of the one in which they acted, or else on top.
func (a *Adapter) openView(ctx context.Context, who asker, view slack.ModalViewRequest) error {
	var err error
	switch {
	case who.view != "":
		_, err = a.client.UpdateViewContext(ctx, view, "", "", who.view)
	case who.trigger != "":
		_, err = a.client.OpenViewContext(ctx, who.trigger, view)
	default:
		return errors.New("slack: nothing to open a view by")
	}
	if err != nil {
		return failure("open a view", err)
	}
	return nil
}

// offer is a message with a button that opens a form, and why it is not open, if there
// is a reason.
func (a *Adapter) offer(who asker, form chat.Form, channel, why string) chat.Message {
	a.waiting.put(waitingForm{user: who.user, channel: channel, form: form}, a.options.Now())
	card := &chat.Card{Title: form.Title, Buttons: []chat.Button{{
		ID: openButton, Label: form.Title, Style: chat.Primary, Token: handle(form.Token), Command: "/parcours",
	}}}
	return chat.Message{Text: strings.TrimSpace(strings.TrimSpace(form.Title+"\n"+why) + "\n" + form.Intro), Card: card}
}

// whisper says something to who asked, and to nobody else: where they acted if it can
// be, or else in their conversation with the bot. Slack keeps what is said there: if it
// is not to, that is what the bot has to say instead, and the rest is told for as long
// as their screen holds it.
func (a *Adapter) whisper(ctx context.Context, who asker, m chat.Message, instead string) error {
	if who.view != "" || who.home {
		err := a.openView(ctx, who, reading(m))
		if err == nil {
			return nil
		}
		a.logged("an answer in a view was said elsewhere", err)
	}
	pages := newSheet(m, blocksMax).pages()
	if a.isResponse(who.response) {
		err := a.respond(ctx, who.response, m, pages)
		if err == nil {
			return nil
		}
		a.logged("an answer was said by another way", err)
	}
	if isChannel(who.channel) && !who.home {
		if said, err := a.breathe(ctx, who.channel, who.user, m, pages); said || err != nil {
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
	_, err = a.breathe(ctx, channel, who.user, m, pages)
	return err
}

// isResponse says whether an address is one of Slack's to answer at. Whoever could
// have another called would learn what the bot says.
func (a *Adapter) isResponse(address string) bool {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" {
		return false
	}
	api, err := url.Parse(a.options.APIURL)
	if err == nil && u.Scheme == api.Scheme && strings.EqualFold(u.Host, api.Host) {
		return true
	}
	return u.Scheme == "https" && strings.HasSuffix(strings.ToLower(u.Hostname()), ".slack.com")
}

// respond answers where Slack said to.
func (a *Adapter) respond(ctx context.Context, address string, m chat.Message, pages [][]slack.Block) error {
	for _, blocks := range pages {
		options := append(shown(m, blocks, slack.SlackMetadata{}), slack.MsgOptionResponseURL(address, slack.ResponseTypeEphemeral))
		if _, _, _, err := a.client.SendMessageContext(ctx, "", options...); err != nil {
			return failure("answer", err)
		}
	}
	return nil
}

// breathe shows something to a user on the screen before them, which Slack does not
// keep; said is false where it will not.
func (a *Adapter) breathe(ctx context.Context, channel, user string, m chat.Message, pages [][]slack.Block) (said bool, err error) {
	for i, blocks := range pages {
		_, err := a.client.PostEphemeralContext(ctx, channel, user, shown(m, blocks, slack.SlackMetadata{})...)
		switch {
		case err == nil:
		case i == 0 && codeOf(err) != "" && !slices.Contains(hurried, codeOf(err)):
			return false, nil
		default:
			return false, failure("answer", err)
		}
	}
	return true, nil
}

// write says something to a user in their conversation with the bot.
func (a *Adapter) write(ctx context.Context, user string, m chat.Message) error {
	channel, err := a.direct(ctx, user)
	if err != nil {
		return err
	}
	for _, blocks := range newSheet(m, blocksMax).pages() {
		if _, _, err := a.client.PostMessageContext(ctx, channel, shown(m, blocks, slack.SlackMetadata{})...); err != nil {
			return failure("answer in private", err)
		}
	}
	return nil
}

// brand is the title of a view that is only read.
const brand = "Parcours"

// reading is a message as a view.
func reading(m chat.Message) slack.ModalViewRequest {
	blocks := newSheet(m, viewMax).blocks()
	return slack.ModalViewRequest{Type: slack.VTModal, Title: plain(brand), Blocks: slack.Blocks{BlockSet: blocks}}
}

func (a *Adapter) logged(what string, err error) {
	if err != nil {
		a.options.Log.Warn("slack: "+what, "err", fmt.Sprint(err))
	}
}
