package slack

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/slack-go/slack"

	"parcours/bot/chat"
	"parcours/casework"
)

const (
	// page is how many messages, members or channels are asked for at a time.
	page = 200
	// lookBack is how many messages of a channel are looked through for a key.
	lookBack = 50 * page
)

// What travels with a message of the bot.
const (
	messageType = "parcours_message"
	// keyField is the message's key, by which it is found again, and keysField those
	// of all that it holds, one a line: Slack takes no list of texts.
	keyField  = "key"
	keysField = "keys"
	between   = "\n"
	// partField is the number of what goes on in the thread, from 1.
	partField = "part"
)

// metadata is what travels with a message, or with a part of one.
func metadata(key string, keys []string, part int) slack.SlackMetadata {
	payload := map[string]any{}
	if key != "" {
		payload[keyField] = key
	}
	if len(keys) > 0 {
		payload[keysField] = strings.Join(keys, between)
	}
	if part > 0 {
		payload[partField] = part
	}
	return slack.SlackMetadata{EventType: messageType, EventPayload: payload}
}

// Send delivers a message, or changes one in place. With Again or Seek set it looks
// for the key among the bot's messages there first, as far back as 10 000 messages. It returns
// chat.ErrNotFound for an unknown channel, user or message; chat.ErrRefused for what
// was not let through, breaks a limit, says not exactly one place or lacks a key, for
// an archived channel and where the bot may not write; a chat.RetryError when Slack
// asks for patience.
func (a *Adapter) Send(ctx context.Context, message chat.Cleared) (chat.Sent, error) {
	out, ok := message.Value()
	switch {
	case !ok:
		return chat.Sent{}, fmt.Errorf("slack: a message that nobody let through: %w", chat.ErrRefused)
	case out.Key == "" && out.Edit == "":
		return chat.Sent{}, fmt.Errorf("slack: a message without a key: %w", chat.ErrRefused)
	case (out.Channel == "") == (out.User == ""):
		return chat.Sent{}, fmt.Errorf("slack: a message goes to a channel or to a user: %w", chat.ErrRefused)
	}
	if err := out.Message.Validate(); err != nil {
		return chat.Sent{}, fmt.Errorf("slack: %w: %w", err, chat.ErrRefused)
	}
	channel := string(out.Channel)
	if out.User != "" {
		var err error
		if channel, err = a.direct(ctx, string(out.User)); err != nil {
			return chat.Sent{}, err
		}
	}
	if !isChannel(channel) {
		return chat.Sent{}, fmt.Errorf("slack: send: %w", chat.ErrNotFound)
	}
	sent, err := a.send(ctx, channel, out)
	if err == nil && out.User != "" {
		// Whoever is told that a consent is withdrawn sees its case in their home no more.
		a.refresh(string(out.User))
	}
	return sent, err
}

func (a *Adapter) send(ctx context.Context, channel string, out chat.Outgoing) (chat.Sent, error) {
	if out.Edit != "" {
		return a.edit(ctx, channel, string(out.Edit), out)
	}
	if out.Again || out.Seek {
		found, err := a.find(ctx, channel, out.Key)
		if err != nil {
			return chat.Sent{}, err
		}
		if found != "" {
			// It may have been left half done.
			return a.edit(ctx, channel, found, out)
		}
	}
	if out.Seek {
		return chat.Sent{}, fmt.Errorf("slack: the message of a key: %w", chat.ErrNotFound)
	}
	return a.post(ctx, channel, out)
}

// direct gives the conversation between the bot and a user.
func (a *Adapter) direct(ctx context.Context, user string) (string, error) {
	if id, ok := a.directs.Load(user); ok {
		return id.(string), nil
	}
	me, err := a.me(ctx)
	if err != nil {
		return "", err
	}
	if !isUser(user) || user == me.user {
		return "", fmt.Errorf("slack: conversation: %w", chat.ErrNotFound)
	}
	channel, _, _, err := a.client.OpenConversationContext(ctx, &slack.OpenConversationParameters{Users: []string{user}})
	if err != nil {
		return "", failure("conversation", err)
	}
	a.directs.Store(user, channel.ID)
	return channel.ID, nil
}

func (a *Adapter) edit(ctx context.Context, channel, id string, out chat.Outgoing) (chat.Sent, error) {
	old, err := a.own(ctx, channel, id)
	unread := errors.Is(err, errUnread)
	if err != nil && !unread {
		return chat.Sent{}, err
	}
	key, keys := out.Key, out.Keys
	if key == "" {
		key = keyOf(old)
	}
	if len(keys) == 0 {
		keys = heldBy(old)
	}
	hidden := metadata(key, keys, 0)
	if unread {
		hidden = slack.SlackMetadata{} // which leaves what it has
	}
	pages := newSheet(out.Message, blocksMax).pages()
	_, _, _, err = a.client.UpdateMessageContext(ctx, channel, id, shown(out.Message, pages[0], hidden)...)
	if err != nil {
		return chat.Sent{}, failure("edit", err)
	}
	var t thread
	if unread || old.ReplyCount > 0 {
		t, err = a.threadOf(ctx, channel, id)
		// With one that Slack does not show goes all its thread, or some of it.
		if err != nil && !(unread && errors.Is(err, chat.ErrNotFound)) {
			return chat.Sent{}, err
		}
	}
	return a.settle(ctx, channel, id, key, out, pages[1:], t)
}

func (a *Adapter) post(ctx context.Context, channel string, out chat.Outgoing) (chat.Sent, error) {
	pages := newSheet(out.Message, blocksMax).pages()
	_, id, err := a.client.PostMessageContext(ctx, channel, shown(out.Message, pages[0], metadata(out.Key, out.Keys, 0))...)
	if err != nil {
		return chat.Sent{}, failure("post", err)
	}
	return a.settle(ctx, channel, id, out.Key, out, pages[1:], thread{})
}

// settle completes a message: pins it, and puts in its thread what goes on there,
// after what is there already, if anything is.
func (a *Adapter) settle(ctx context.Context, channel, id, key string, out chat.Outgoing, more [][]slack.Block, t thread) (chat.Sent, error) {
	if out.Pin {
		err := a.client.AddPinContext(ctx, channel, slack.NewRefToMessage(channel, id))
		if err != nil && codeOf(err) != errAlreadyPinned {
			return chat.Sent{}, failure("pin", err)
		}
	}
	if err := a.goOn(ctx, channel, id, key, out.Message, more, t); err != nil {
		return chat.Sent{}, err
	}
	var err error
	switch {
	case len(out.Message.Files) == 0:
		err = a.strip(ctx, channel, t.files)
	case out.Edit == "": // else they stay as they are
		err = a.attach(ctx, channel, id, out.Message.Files, t)
	}
	if err != nil {
		return chat.Sent{}, err
	}
	return chat.Sent{Channel: casework.ChannelID(channel), Message: casework.MessageRef(id)}, nil
}

// shown says how a message, or a part of one, is written.
func shown(m chat.Message, blocks []slack.Block, with slack.SlackMetadata) []slack.MsgOption {
	options := []slack.MsgOption{
		slack.MsgOptionText(text(m), false), slack.MsgOptionBlocks(blocks...), slack.MsgOptionParse(false),
		slack.MsgOptionDisableLinkUnfurl(), slack.MsgOptionDisableMediaUnfurl(),
	}
	if with.EventType != "" {
		options = append(options, slack.MsgOptionMetadata(with))
	}
	return options
}

// errUnread: Slack shows no such message. It was deleted, or is too old for what the
// workspace pays: it then comes back when that changes, and can be edited all along.
var errUnread = fmt.Errorf("slack: message: %w", chat.ErrNotFound)

// own gives a message of the bot that stands in a channel. Error: chat.ErrNotFound
// when there is none, which is errUnread if it may be there all the same, or it is
// another's.
func (a *Adapter) own(ctx context.Context, channel, id string) (slack.Message, error) {
	me, err := a.me(ctx)
	if err != nil {
		return slack.Message{}, err
	}
	if !isMessage(id) {
		return slack.Message{}, fmt.Errorf("slack: edit: %w", chat.ErrNotFound)
	}
	old, err := a.message(ctx, channel, id, "")
	if err != nil {
		return slack.Message{}, err
	}
	if !isOurs(old, me) {
		return slack.Message{}, fmt.Errorf("slack: edit: the message is another's: %w", chat.ErrNotFound)
	}
	return old, nil
}

// message gives the message that stands at a moment in a channel, or in a thread of
// it. Error: chat.ErrNotFound; errUnread when Slack shows none there.
func (a *Adapter) message(ctx context.Context, channel, id, thread string) (slack.Message, error) {
	var all []slack.Message
	if thread != "" && thread != id {
		found, _, _, err := a.client.GetConversationRepliesContext(ctx, &slack.GetConversationRepliesParameters{
			ChannelID: channel, Timestamp: thread, Oldest: id, Latest: id, Inclusive: true, Limit: page, IncludeAllMetadata: true,
		})
		if err != nil {
			return slack.Message{}, failure("message", err)
		}
		all = found
	} else {
		found, err := a.client.GetConversationHistoryContext(ctx, &slack.GetConversationHistoryParameters{
			ChannelID: channel, Oldest: id, Latest: id, Inclusive: true, Limit: 1, IncludeAllMetadata: true,
		})
		if err != nil {
			return slack.Message{}, failure("message", err)
		}
		all = found.Messages
	}
	for _, m := range all {
		if m.Timestamp == id {
			return m, nil
		}
	}
	return slack.Message{}, errUnread
}

func isOurs(m slack.Message, me self) bool {
	return m.User == me.user || me.bot != "" && m.BotID == me.bot
}

// find gives the bot's message of a key in a channel, or nothing.
func (a *Adapter) find(ctx context.Context, channel, key string) (id string, err error) {
	me, err := a.me(ctx)
	if err != nil {
		return "", err
	}
	err = a.walk(ctx, channel, time.Time{}, func(m slack.Message) bool {
		if isOurs(m, me) && keyOf(m) == key {
			id = m.Timestamp
		}
		return id == ""
	})
	return id, err
}

// walk gives the messages of a channel to each, latest first, as long as it asks for
// more.
func (a *Adapter) walk(ctx context.Context, channel string, since time.Time, each func(slack.Message) (more bool)) error {
	ask := &slack.GetConversationHistoryParameters{ChannelID: channel, Limit: page, IncludeAllMetadata: true, Inclusive: true}
	if !since.IsZero() {
		ask.Oldest = fmt.Sprintf("%d.%06d", since.Unix(), since.Nanosecond()/1000)
	}
	for range lookBack / page {
		found, err := a.client.GetConversationHistoryContext(ctx, ask)
		if err != nil {
			return failure("look for a message", err)
		}
		for _, m := range found.Messages {
			if !each(m) {
				return nil
			}
		}
		if ask.Cursor = found.ResponseMetaData.NextCursor; ask.Cursor == "" {
			return nil
		}
	}
	return nil
}

var _ chat.Finder = (*Adapter)(nil)

// Find gives where the bot's messages of these keys stand in the conversation with a
// user, as far back as since, and at most 10 000 messages. Errors: those of Send.
func (a *Adapter) Find(ctx context.Context, user casework.UserID, keys []string, since time.Time) (map[string]chat.Sent, error) {
	me, err := a.me(ctx)
	if err != nil {
		return nil, err
	}
	channel, err := a.direct(ctx, string(user))
	if err != nil {
		return nil, err
	}
	found := map[string]chat.Sent{}
	err = a.walk(ctx, channel, since, func(m slack.Message) bool {
		if !isOurs(m, me) {
			return true
		}
		for _, key := range append([]string{keyOf(m)}, heldBy(m)...) {
			if slices.Contains(keys, key) {
				found[key] = chat.Sent{Channel: casework.ChannelID(channel), Message: casework.MessageRef(m.Timestamp)}
			}
		}
		return true
	})
	return found, err
}

// keyOf is the key of a message; nothing for one without, and for a part of one.
func keyOf(m slack.Message) string {
	if m.Metadata.EventType != messageType || partOf(m) > 0 {
		return ""
	}
	key, _ := m.Metadata.EventPayload[keyField].(string)
	return key
}

// heldBy are the keys of what a message holds.
func heldBy(m slack.Message) []string {
	if m.Metadata.EventType != messageType {
		return nil
	}
	switch held := m.Metadata.EventPayload[keysField].(type) {
	case string:
		return strings.Split(held, between)
	case []any: // as messages were once written
		var keys []string
		for _, one := range held {
			if key, ok := one.(string); ok {
				keys = append(keys, key)
			}
		}
		return keys
	}
	return nil
}

// partOf is the number of a part that goes on in the thread; 0 for all else.
func partOf(m slack.Message) int {
	if m.Metadata.EventType != messageType {
		return 0
	}
	n, err := strconv.Atoi(fmt.Sprint(m.Metadata.EventPayload[partField]))
	if err != nil {
		return 0
	}
	return n
}
