package workspace

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// botID names the app where messages are signed.
const botID = "B0PARCOURS0"

const (
	textRunes = 40000
	// blocksRunes is how much all the blocks of a message hold. Slack gives no figure;
	// it was seen to refuse from about 13 200 on.
	blocksRunes   = 13200
	metadataBytes = 16 << 10
	maxPins       = 100
)

// message is one that stands somewhere, or that somebody alone sees.
type message struct {
	ts, user, text string
	blocks         []any
	metadata       object
	files          []string
	thread         string // the message it goes on from
	replies        int    // how many go on from it
	edited         bool
	deleted        bool
}

// stands says whether a message is there, and not too old to be shown.
func (w *Workspace) stands(m *message) bool {
	if w.options.History == 0 || m.deleted {
		return !m.deleted
	}
	since := w.options.Now().Add(-w.options.History)
	return later(m.ts, fmt.Sprintf("%d.%06d", since.Unix(), since.Nanosecond()/1000))
}

// shown gives a message as the app may read it.
func (w *Workspace) shownMessage(m *message, metadata bool) object {
	shown := object{"type": "message", "user": m.user, "text": m.text, "ts": m.ts, "team": TeamID}
	if m.user == w.bot.ID {
		shown["bot_id"], shown["app_id"] = botID, AppID
	}
	if len(m.blocks) > 0 {
		shown["blocks"] = m.blocks
	}
	if metadata && m.metadata != nil {
		shown["metadata"] = m.metadata
	}
	if m.thread != "" {
		shown["thread_ts"] = m.thread
	}
	if m.replies > 0 {
		shown["thread_ts"], shown["reply_count"] = m.ts, m.replies
	}
	if m.edited {
		shown["edited"] = object{"user": m.user, "ts": m.ts}
	}
	if len(m.files) > 0 {
		files := []object{}
		for _, id := range m.files {
			files = append(files, w.shownFile(w.files[id]))
		}
		shown["subtype"], shown["files"] = "file_share", files
	}
	return shown
}

// written reads the text, blocks and metadata of a call.
func (c *call) written() (*message, error) {
	m := &message{user: c.bot.ID, text: c.text("text"), thread: c.text("thread_ts")}
	blocks, given, err := c.value("blocks")
	if given {
		list, ok := blocks.([]any)
		if err != nil || !ok {
			return nil, refuse("invalid_blocks_format")
		}
		if faults := checkMessage(list); len(faults) > 0 {
			return nil, refusal{"invalid_blocks", said(faults)}
		}
		if size(compact(list)) > blocksRunes {
			return nil, refuse("msg_blocks_too_long")
		}
		m.blocks = list
	}
	if c.text("attachments") != "" {
		return nil, refuse("invalid_attachments") // none of ours: cards are blocks
	}
	metadata, given, err := c.value("metadata")
	if given {
		about, ok := metadata.(object)
		kind, _ := about["event_type"].(string)
		payload, full := about["event_payload"].(object)
		switch {
		case err != nil || !ok:
			return nil, refuse("invalid_metadata_format")
		case kind == "" || !full || !isPayload(payload):
			return nil, refuse("invalid_metadata_schema")
		case len(c.text("metadata")) > metadataBytes:
			return nil, refuse("metadata_too_large")
		}
		m.metadata = about
	}
	switch {
	case size(m.text) > textRunes:
		return nil, refuse("msg_too_long")
	case strings.TrimSpace(m.text) == "" && len(m.blocks) == 0:
		return nil, refuse("no_text")
	}
	return m, nil
}

// isPayload says whether what travels hidden with a message is made of what Slack's own
// types let it hold: texts, numbers, yes and no, and objects of these, alone or in a list.
func isPayload(payload object) bool {
	for _, value := range payload {
		if isPlain(value) {
			continue
		}
		list, ok := value.([]any)
		if !ok {
			list = []any{value}
		}
		for _, item := range list {
			inner, ok := item.(object)
			if !ok || slices.ContainsFunc(slices.Collect(maps.Values(inner)), func(v any) bool { return !isPlain(v) }) {
				return false
			}
		}
	}
	return true
}

// isPlain says whether a value of JSON is a text, a number, or yes or no.
func isPlain(value any) bool {
	switch value.(type) {
	case string, float64, bool:
		return true
	}
	return false
}

// compact gives blocks as they are sent.
func compact(blocks []any) string {
	var sent strings.Builder
	e := json.NewEncoder(&sent)
	e.SetEscapeHTML(false)
	if err := e.Encode(blocks); err != nil {
		panic(err) // they were read from JSON
	}
	return sent.String()
}

// said gives the faults of blocks as an answer carries them.
func said(faults []string) object {
	return object{"errors": faults, "response_metadata": object{"messages": faults}}
}

// where gives the conversation that a message goes to: a channel, or a person.
func (c *call) where() (*conversation, error) {
	id := c.text("channel")
	if p := c.find(id); p != nil {
		return c.direct(id), nil
	}
	ch := c.findChannel(id)
	switch {
	case ch == nil || ch.private && !ch.has(c.bot.ID):
		return nil, refuse("channel_not_found")
	case ch.archived:
		return nil, refuse("is_archived")
	case !ch.has(c.bot.ID):
		return nil, refuse("not_in_channel")
	case ch.direct && c.person(ch.members[0]).Deleted:
		return nil, refuse("channel_not_found")
	}
	return ch, nil
}

// post puts a message in a channel; the app is told of it too.
func (w *Workspace) post(ch *conversation, m *message) {
	m.ts = w.stamp()
	ch.messages = append(ch.messages, m)
	if first := ch.message(m.thread); first != nil {
		first.replies++
	}
	w.keep("message", w.shownMessage(m, true))
	event := w.shownMessage(m, false)
	event["channel"], event["channel_type"], event["event_ts"] = ch.id, ch.kind(), m.ts
	w.tellMessage(ch, event)
}

// tellMessage tells the app of a message, or of what happened to one, where it is.
func (w *Workspace) tellMessage(ch *conversation, event object) {
	name := map[string]string{"im": "message.im", "group": "message.groups", "channel": "message.channels"}[ch.kind()]
	w.tell(name, ch.kind(), event, ch)
}

func chatPostMessage(c *call) (object, error) {
	ch, err := c.where()
	if err != nil {
		return nil, err
	}
	if ch.direct && !c.Workspace.app.messages {
		return nil, refuse("messages_tab_disabled")
	}
	m, err := c.written()
	if err != nil {
		return nil, err
	}
	if m.thread != "" && ch.message(m.thread) == nil {
		return nil, refuse("thread_not_found")
	}
	c.post(ch, m)
	return object{"channel": ch.id, "ts": m.ts, "message": c.shownMessage(m, true)}, nil
}

// own gives the message that a call changes, which must be the app's.
func (c *call) own(refused string) (*conversation, *message, error) {
	ch, err := c.where()
	if err != nil {
		return nil, nil, err
	}
	m := ch.message(c.text("ts"))
	switch {
	case m == nil:
		return nil, nil, refuse("message_not_found")
	case m.user != c.bot.ID:
		return nil, nil, refuse(refused)
	}
	return ch, m, nil
}

// message gives the message of a channel that stands under a time.
func (ch *conversation) message(ts string) *message {
	i := slices.IndexFunc(ch.messages, func(m *message) bool { return m.ts == ts && !m.deleted })
	if i < 0 {
		return nil
	}
	return ch.messages[i]
}

// chatUpdate changes a message. Blocks are kept if neither they nor a text are
// given, metadata and files if they are not.
func chatUpdate(c *call) (object, error) {
	ch, m, err := c.own("cant_update_message")
	if err != nil {
		return nil, err
	}
	now, err := c.written()
	if err != nil {
		return nil, err
	}
	m.text, m.blocks, m.edited = now.text, now.blocks, true
	if now.metadata != nil {
		m.metadata = now.metadata
	}
	ids, given, err := c.value("file_ids")
	if given {
		list, ok := ids.([]any)
		if err != nil || !ok {
			return nil, refuse("invalid_arguments")
		}
		m.files = nil
		for _, id := range list {
			if c.files[fmt.Sprint(id)] == nil {
				return nil, refuse("file_not_found")
			}
			m.files = append(m.files, fmt.Sprint(id))
		}
	}
	c.keep("message", c.shownMessage(m, true))
	c.tellMessage(ch, object{
		"type": "message", "subtype": "message_changed", "hidden": true, "channel": ch.id, "channel_type": ch.kind(),
		"ts": c.stamp(), "message": c.shownMessage(m, false),
	})
	return object{"channel": ch.id, "ts": m.ts, "text": m.text, "message": c.shownMessage(m, true)}, nil
}

func chatDelete(c *call) (object, error) {
	ch, m, err := c.own("cant_delete_message")
	if err != nil {
		return nil, err
	}
	c.erase(ch, m)
	return object{"channel": ch.id, "ts": m.ts}, nil
}

func (w *Workspace) erase(ch *conversation, m *message) {
	m.deleted = true
	if first := ch.message(m.thread); first != nil {
		first.replies--
	}
	ch.pinned = slices.DeleteFunc(ch.pinned, func(ts string) bool { return ts == m.ts })
	w.tellMessage(ch, object{
		"type": "message", "subtype": "message_deleted", "hidden": true, "channel": ch.id, "channel_type": ch.kind(),
		"ts": w.stamp(), "deleted_ts": m.ts,
	})
}

func chatPostEphemeral(c *call) (object, error) {
	ch, err := c.where()
	if err != nil {
		return nil, err
	}
	user := c.text("user")
	if c.find(user) == nil || !ch.has(user) {
		return nil, refuse("user_not_in_channel")
	}
	m, err := c.written()
	if err != nil {
		return nil, err
	}
	c.whisper(ch.id, user, m)
	return object{"message_ts": m.ts}, nil
}

// Permalink is the address of a message.
func Permalink(channel, ts string) string {
	return "https://" + Domain + ".slack.com/archives/" + channel + "/p" + strings.Replace(ts, ".", "", 1)
}

// conversationsHistory gives messages, newest first, without what goes on in
// threads.
func conversationsHistory(c *call) (object, error) {
	ch, err := c.history()
	if err != nil {
		return nil, err
	}
	var found []*message
	for _, m := range slices.Backward(ch.messages) {
		if c.stands(m) && m.thread == "" && c.within(m) {
			found = append(found, m)
		}
	}
	return c.read(ch, found)
}

// conversationsReplies gives a message and what goes on in its thread, oldest
// first. One that was deleted leaves its thread.
func conversationsReplies(c *call) (object, error) {
	ch, err := c.history()
	if err != nil {
		return nil, err
	}
	var found []*message
	for _, m := range ch.messages {
		first := m.ts == c.text("ts")
		if c.stands(m) && (first || m.thread == c.text("ts") && c.within(m)) {
			found = append(found, m)
		}
	}
	if len(found) == 0 {
		return nil, refuse("thread_not_found")
	}
	return c.read(ch, found)
}

// history gives the channel whose messages a call reads.
func (c *call) history() (*conversation, error) {
	ch, err := c.channel("history")
	if err == nil && !ch.has(c.bot.ID) {
		return nil, refuse("not_in_channel")
	}
	return ch, err
}

// within says whether a message is of the time that a call asks for.
func (c *call) within(m *message) bool {
	oldest, latest, inclusive := c.text("oldest"), c.text("latest"), c.flag("inclusive")
	if inclusive && (m.ts == oldest || m.ts == latest) {
		return true
	}
	return (oldest == "" || later(m.ts, oldest)) && (latest == "" || later(latest, m.ts))
}

// read gives messages as the app may read them.
func (c *call) read(ch *conversation, found []*message) (object, error) {
	page, next, err := paged(c, found)
	shown := []object{}
	for _, m := range page {
		one := c.shownMessage(m, c.flag("include_all_metadata"))
		if slices.Contains(ch.pinned, m.ts) {
			one["pinned_to"] = []string{ch.id}
		}
		shown = append(shown, one)
	}
	return object{
		"messages": shown, "has_more": next != "", "pin_count": len(ch.pinned), "response_metadata": object{"next_cursor": next},
	}, err
}

// later says whether a time is after another, however many digits either has.
func later(a, b string) bool {
	parts := func(ts string) (string, string) {
		whole, part, _ := strings.Cut(ts, ".")
		return strings.Repeat("0", max(0, 12-len(whole))) + whole, (part + "000000")[:6]
	}
	aw, ap := parts(a)
	bw, bp := parts(b)
	return aw > bw || aw == bw && ap > bp
}

func pinsAdd(c *call) (object, error) {
	ch, err := c.where()
	if err != nil {
		return nil, err
	}
	ts := c.text("timestamp")
	switch {
	case ch.message(ts) == nil:
		return nil, refuse("message_not_found")
	case slices.Contains(ch.pinned, ts):
		return nil, refuse("already_pinned")
	case len(ch.pinned) == maxPins:
		return nil, refuse("not_pinnable")
	}
	ch.pinned = append(ch.pinned, ts)
	return object{}, nil
}
