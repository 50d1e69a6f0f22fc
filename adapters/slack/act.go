package slack

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"parcours/bot/chat"
	"parcours/casework"
)

const (
	// inTime is less than the three seconds that Slack waits for an answer to a form.
	inTime = 2 * time.Second
	// answerIn is how long the bot takes at most for what somebody did.
	answerIn = 25 * time.Second
)

// act does something for what somebody did, beside what is going on. Its context
// outlives that of the call, and is not for ever.
func (a *Adapter) act(ctx context.Context, do func(context.Context)) {
	a.working.Go(func() {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), answerIn)
		defer cancel()
		do(ctx)
	})
}

// A slash is the command as Slack tells it.
type slash struct {
	User     string `json:"user_id"`
	Channel  string `json:"channel_id"`
	Text     string `json:"text"`
	Trigger  string `json:"trigger_id"`
	Response string `json:"response_url"`
}

// valid says whether it makes sense.
func (s slash) valid() bool { return isUser(s.User) && isChannel(s.Channel) }

// command answers the slash command.
func (a *Adapter) command(ctx context.Context, bot chat.Handler, in slash) {
	who := asker{user: in.User, channel: in.Channel, trigger: in.Trigger, response: in.Response}
	a.run(ctx, bot, who, typed(in.Text))
}

// run has the bot answer a line.
func (a *Adapter) run(ctx context.Context, bot chat.Handler, who asker, line string) {
	if me, err := a.me(ctx); err != nil || who.user == me.user {
		a.logged("a command was left aside", err)
		return
	}
	answer := bot.Command(ctx, chat.Command{User: casework.UserID(who.user), Channel: casework.ChannelID(who.channel), Text: line})
	a.say(ctx, who, answer)
}

// say shows an answer to who asked.
func (a *Adapter) say(ctx context.Context, who asker, answer chat.Answer) {
	if m, ok := a.saying(ctx, who, answer); ok {
		a.tell(ctx, who, m, answer.Instead)
	}
}

// tell is whisper, tried again when Slack wants patience.
func (a *Adapter) tell(ctx context.Context, who asker, m chat.Message, instead string) {
	_, err := patiently(ctx, func() (struct{}, error) { return struct{}{}, a.whisper(ctx, who, m, instead) })
	a.logged("an answer was not said", err)
}

// An interaction is what somebody did with what the bot shows, as Slack tells it.
type interaction struct {
	Type     string `json:"type"`
	Callback string `json:"callback_id"`
	Trigger  string `json:"trigger_id"`
	Response string `json:"response_url"`
	User     struct {
		ID string `json:"id"`
	} `json:"user"`
	Channel struct {
		ID string `json:"id"`
	} `json:"channel"`
	Container struct {
		Type      string `json:"type"`
		Message   string `json:"message_ts"`
		Channel   string `json:"channel_id"`
		Ephemeral bool   `json:"is_ephemeral"`
	} `json:"container"`
	Message struct {
		TS     string `json:"ts"`
		Thread string `json:"thread_ts"`
		User   string `json:"user"`
		Bot    string `json:"bot_id"`
	} `json:"message"`
	Actions []struct {
		ID    string `json:"action_id"`
		Type  string `json:"type"`
		Value string `json:"value"`
	} `json:"actions"`
	View struct {
		ID       string `json:"id"`
		Type     string `json:"type"`
		Callback string `json:"callback_id"`
		Book     string `json:"private_metadata"`
		State    struct {
			Values map[string]map[string]entry `json:"values"`
		} `json:"state"`
	} `json:"view"`
}

// Kinds of interactions.
const (
	pressing   = "block_actions"
	submitting = "view_submission"
	choosing   = "message_action"
)

// interaction answers what somebody did, and says once by ack what is to be shown at
// once: nothing, or what becomes of a form.
func (a *Adapter) interaction(ctx context.Context, bot chat.Handler, in interaction, ack func(any)) {
	if !isUser(in.User.ID) {
		ack(nil)
		return
	}
	switch in.Type {
	case submitting:
		a.submission(ctx, bot, in, ack)
	case pressing:
		ack(nil)
		a.press(ctx, bot, in)
	case choosing:
		ack(nil)
		a.quoting(ctx, bot, in)
	default:
		ack(nil)
	}
}

// press answers a button.
func (a *Adapter) press(ctx context.Context, bot chat.Handler, in interaction) {
	who := asker{user: in.User.ID, channel: in.Channel.ID, trigger: in.Trigger, response: in.Response}
	if who.channel == "" {
		who.channel = in.Container.Channel
	}
	switch in.View.Type {
	case "home":
		who.home = true
	case "modal":
		who.view = in.View.ID
	}
	me, err := a.me(ctx)
	if err != nil || len(in.Actions) != 1 || in.Actions[0].Type != "button" || !in.isOf(me) {
		a.logged("a button was left aside", err)
		return
	}
	if who.home || who.view != "" {
		if who.channel, err = a.direct(ctx, who.user); err != nil {
			a.logged("a button was left aside", err)
			return
		}
	}
	if !isChannel(who.channel) {
		return
	}
	press := chat.Press{
		User: casework.UserID(who.user), Channel: casework.ChannelID(who.channel),
		Message: casework.MessageRef(in.Container.Message), Button: buttonOf(in.Actions[0].ID), Token: in.Actions[0].Value,
	}
	if press.Button == openButton {
		f, ok := a.waiting.get(press.Token, who.user, a.options.Now())
		if ok {
			if m, late := a.opening(ctx, who, f.form, f.channel); late {
				a.tell(ctx, who, m, "")
			}
			return
		}
		// A form that waits no more is answered as a token that is not good.
		press.Button, press.Token = "", ""
	}
	a.say(ctx, who, bot.Press(ctx, press))
	if who.home {
		a.refresh(who.user)
	}
}

// isOf says whether what was pressed is the bot's own. Slack tells nothing of who wrote
// what only one person sees, and a view is always the app's.
func (in interaction) isOf(me self) bool {
	if in.Container.Ephemeral || in.View.ID != "" {
		return true
	}
	return in.Message.User == me.user || me.bot != "" && in.Message.Bot == me.bot
}

// quoting has the bot make an action of a message.
func (a *Adapter) quoting(ctx context.Context, bot chat.Handler, in interaction) {
	me, err := a.me(ctx)
	if err != nil || in.Callback != Shortcut || !isChannel(in.Channel.ID) || !isMessage(in.Message.TS) {
		a.logged("a shortcut was left aside", err)
		return
	}
	who := asker{user: in.User.ID, channel: in.Channel.ID, trigger: in.Trigger, response: in.Response}
	a.run(ctx, bot, who, fmt.Sprintf("%s from:%q", Shortcut, permalink(me.address, in.Channel.ID, in.Message.TS, in.Message.Thread)))
}

// submission answers a form. Within the time that Slack waits it tells what becomes of
// the form; after that the form is closed, and what was wrong is told by a message
// with a button that opens it again as it was filled in.
func (a *Adapter) submission(ctx context.Context, bot chat.Handler, in interaction, ack func(any)) {
	var kept book
	if json.Unmarshal([]byte(in.View.Book), &kept) != nil || kept.Token == "" {
		ack(nil)
		return
	}
	who := asker{user: in.User.ID, channel: kept.Channel, trigger: in.Trigger}
	values := a.values(in.View.State.Values, kept.Bools)
	answered := make(chan chat.Answer, 1)
	a.working.Go(func() {
		answered <- bot.Submit(ctx, chat.Submission{
			User: casework.UserID(who.user), Channel: casework.ChannelID(who.channel),
			Form: in.View.Callback, Token: kept.Token, Values: values,
		})
	})
	late := time.NewTimer(a.inTime)
	defer late.Stop()
	var answer chat.Answer
	select {
	case answer = <-answered:
		if a.inForm(ctx, who, kept, in, values, answer, ack) {
			return
		}
	case <-late.C:
		ack(nil)
		answer = <-answered
	}
	if faults := faultsOf(answer); faults != "" {
		if f, ok := a.waiting.get(handle(kept.Token), who.user, a.options.Now()); ok {
			again := a.offer(who, refilled(f.form, values, faults), f.channel, "")
			a.logged("the faults of a form were not said", a.whisper(ctx, who, again, answer.Instead))
			return
		}
	}
	a.say(ctx, who, answer)
}

// inForm answers in the form itself, as far as it can; done says that nothing is left
// to say. Otherwise it has the form closed.
func (a *Adapter) inForm(ctx context.Context, who asker, kept book, in interaction, values chat.Values, answer chat.Answer, ack func(any)) (done bool) {
	switch form, next := answer.Form.Value(); {
	case answer.FormError == "" && in.asks(answer.FieldErrors):
		ack(map[string]any{"response_action": "errors", "errors": answer.FieldErrors})
		return true
	case faultsOf(answer) != "":
		if f, ok := a.waiting.get(handle(kept.Token), who.user, a.options.Now()); ok {
			return a.replace(ctx, who, refilled(f.form, values, faultsOf(answer)), f.channel, ack)
		}
		// A form that was forgotten has a field at least.
		for field := range in.View.State.Values {
			ack(map[string]any{"response_action": "errors", "errors": map[string]string{field: faultsOf(answer)}})
			return true
		}
	case next:
		return a.replace(ctx, who, form, who.channel, ack)
	}
	ack(nil)
	return false
}

// asks says whether all of some faults are of questions that the form asks. Slack shows
// no other fault.
func (in interaction) asks(faults map[string]string) bool {
	for field := range faults {
		if _, ok := in.View.State.Values[field]; !ok {
			return false
		}
	}
	return len(faults) > 0
}

// ackMax is how much Slack takes at once by Socket Mode, with some room to spare.
const ackMax = 18 << 10

// replace shows a form in the place of the one submitted; done is false when it does
// not fit in an answer, and is to be opened by itself.
func (a *Adapter) replace(ctx context.Context, who asker, form chat.Form, channel string, ack func(any)) (done bool) {
	view, err := a.modal(ctx, form, channel)
	if err != nil {
		a.logged("a form could not be shown", err)
		ack(nil)
		return false
	}
	said := map[string]any{"response_action": "update", "view": view}
	if raw, err := json.Marshal(said); err != nil || len(raw) > ackMax {
		ack(nil)
		return false
	}
	a.waiting.put(waitingForm{user: who.user, channel: channel, form: form}, a.options.Now())
	ack(said)
	return true
}
