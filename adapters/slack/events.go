package slack

import (
	"context"
	"encoding/json"
	"strings"
	"sync"

	"parcours/bot/chat"
	"parcours/casework"
)

// helpLine is what a mention of the bot is taken for.
const helpLine = "aide"

// An occurrence is an event with its envelope, as Slack tells it.
type occurrence struct {
	Type      string `json:"type"`
	ID        string `json:"event_id"`
	Challenge string `json:"challenge"`
	Event     event  `json:"event"`
}

// An event is what happened. User and Channel are ids or what has one.
type event struct {
	Type    string  `json:"type"`
	Subtype string  `json:"subtype"`
	User    account `json:"user"`
	Channel named   `json:"channel"`
	// Old and New are the ids of a channel that took another.
	Old  string `json:"old_channel_id"`
	New  string `json:"new_channel_id"`
	Kind string `json:"channel_type"`
	Bot  string `json:"bot_id"`
	Text string `json:"text"`
	Tab  string `json:"tab"`
}

// named is an id, or something that has one.
type named struct{ ID string }

// UnmarshalJSON reads either; what is neither has none.
func (n *named) UnmarshalJSON(raw []byte) error {
	if json.Unmarshal(raw, &n.ID) == nil {
		return nil
	}
	var whole struct {
		ID string `json:"id"`
	}
	if json.Unmarshal(raw, &whole) == nil {
		n.ID = whole.ID
	}
	return nil
}

// account is a user's id, or the user with what makes them an outsider.
type account struct {
	ID string
	standing
}

// standing is what makes somebody another reader than before.
type standing struct {
	Team     string `json:"team_id"`
	Deleted  bool   `json:"deleted"`
	Guest    bool   `json:"is_restricted"`
	Visitor  bool   `json:"is_ultra_restricted"`
	Stranger bool   `json:"is_stranger"`
}

// UnmarshalJSON reads either; what is neither has no id.
func (a *account) UnmarshalJSON(raw []byte) error {
	var who named
	if err := who.UnmarshalJSON(raw); err != nil {
		return err
	}
	a.ID = who.ID
	if json.Unmarshal(raw, &a.standing) != nil {
		a.standing = standing{}
	}
	return nil
}

// standings remembers those of the users of whom something was told, which is mostly
// a new status or picture.
type standings struct{ known sync.Map }

// changed says whether a user's standing may be another than before.
func (s *standings) changed(user account) bool {
	before, known := s.known.Swap(user.ID, user.standing)
	return !known || before != user.standing
}

// occurred tells the bot what an event means for it, once. Who joins and leaves is told
// in turn; people are answered beside.
func (a *Adapter) occurred(ctx context.Context, o occurrence) {
	if o.Type != "event_callback" || o.ID != "" && !a.heard.first("event "+o.ID, a.options.Now()) {
		return
	}
	bot := a.bot()
	if bot == nil {
		return
	}
	e := o.Event
	switch e.Type {
	case "app_home_opened":
		if e.Tab == "home" && isUser(e.User.ID) {
			a.act(ctx, func(ctx context.Context) { a.home(ctx, bot, e.User.ID) })
		}
	case "app_mention":
		a.act(ctx, func(ctx context.Context) { a.mentioned(ctx, bot, e) })
	case "message":
		if e.Kind == "im" && isSomebodys(e.Subtype) {
			a.act(ctx, func(ctx context.Context) { a.written(ctx, bot, e) })
			return
		}
		a.queue.Put(func() { a.moved(ctx, bot, e) })
	case "app_uninstalled", "tokens_revoked":
		a.contact.Set(false, ErrToken)
	default:
		a.queue.Put(func() { a.moved(ctx, bot, e) })
	}
}

// moved tells who can read a channel from now on.
func (a *Adapter) moved(ctx context.Context, bot chat.Handler, e event) {
	me, err := a.me(ctx)
	if err != nil {
		a.logged("an event was left aside", err)
		return
	}
	move := func(m chat.Move) {
		if isChannel(string(m.Channel)) && (m.User == "" || isUser(string(m.User))) {
			bot.Moved(ctx, m)
		}
	}
	here, user := casework.ChannelID(e.Channel.ID), casework.UserID(e.User.ID)
	switch e.Type {
	case "member_joined_channel", "member_left_channel":
		if e.User.ID == me.user {
			user = "" // all of the channel is new to the bot, or hidden from it
		}
		if user == "" || isUser(e.User.ID) {
			move(chat.Move{Channel: here, User: user, Left: user != "" && e.Type == "member_left_channel"})
		}
	case "channel_archive", "channel_unarchive", "channel_deleted", "channel_left", "channel_shared", "channel_unshared",
		"group_archive", "group_unarchive", "group_deleted", "group_left",
		"shared_channel_invite_accepted", "shared_channel_invite_approved":
		move(chat.Move{Channel: here})
	case "channel_id_changed":
		move(chat.Move{Channel: casework.ChannelID(e.Old)})
		move(chat.Move{Channel: casework.ChannelID(e.New)})
	case "message":
		if strings.HasPrefix(e.Subtype, "channel_convert_to_") {
			move(chat.Move{Channel: here})
		}
	case "user_change":
		if !isUser(e.User.ID) || !a.standing.changed(e.User) {
			return
		}
		for _, channel := range a.circles.With(user) {
			move(chat.Move{Channel: channel})
		}
	}
}

// written answers a direct message as the command it is. What programs write is left
// aside.
func (a *Adapter) written(ctx context.Context, bot chat.Handler, e event) {
	if e.Bot != "" || !isUser(e.User.ID) || !isChannel(e.Channel.ID) {
		return
	}
	me, err := a.me(ctx)
	if err != nil || e.User.ID == me.user {
		a.logged("a message was left aside", err)
		return
	}
	who := asker{user: e.User.ID, channel: e.Channel.ID}
	line := strings.TrimSpace(strings.TrimPrefix(strings.TrimSpace(typed(e.Text)), "/parcours"))
	answer := bot.Command(ctx, chat.Command{User: casework.UserID(who.user), Channel: casework.ChannelID(who.channel), Text: line})
	m, ok := a.saying(ctx, who, answer)
	switch {
	case ok && answer.Instead == "":
		a.logged("an answer in private was not said", a.write(ctx, who.user, m))
	case ok:
		a.logged("an answer in private was not said", a.whisper(ctx, who, m, answer.Instead))
	}
}

// mentioned answers a mention of the bot with the help, once a day for each user in
// each channel.
func (a *Adapter) mentioned(ctx context.Context, bot chat.Handler, e event) {
	here, user := casework.ChannelID(e.Channel.ID), casework.UserID(e.User.ID)
	if e.Bot != "" || !isUser(e.User.ID) || !isChannel(e.Channel.ID) || !a.helped.First(user, here, a.options.Now()) {
		return
	}
	a.run(ctx, bot, asker{user: e.User.ID, channel: e.Channel.ID}, helpLine)
}
