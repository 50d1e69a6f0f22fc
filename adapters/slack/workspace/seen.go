package workspace

import (
	"html"
	"regexp"
	"slices"
	"strings"
)

// A screen is what one person alone sees.
type screen struct {
	whispers []*whisper
	modals   []*view           // the one on top is last
	wrong    map[string]string // what the one on top was told is wrong, by block
	shown    int               // how many things were ever shown here
}

// A whisper is a message for one person, which Slack does not keep.
type whisper struct {
	channel string
	*message
}

func (w *Workspace) screen(user string) *screen {
	s, ok := w.screens[user]
	if !ok {
		s = &screen{}
		w.screens[user] = s
	}
	return s
}

func (w *Workspace) whisper(channel, user string, m *message) {
	m.ts = w.stamp()
	s := w.screen(user)
	s.whispers = append(s.whispers, &whisper{channel, m})
	s.shown++
}

// Shown counts the answers, windows and faults of a window that somebody was ever
// shown alone.
func (w *Workspace) Shown(user string) int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.screen(user).shown
}

// Seen is a message as somebody sees it.
type Seen struct {
	// TS names it. Channel is where it is, Name the name of that.
	TS, Channel, Name string
	// By is who wrote it.
	By string
	// Text is all that is read, Notice what a notification shows of it.
	Text, Notice string
	// Private: nobody else sees it.
	Private bool
	// Archived: its channel is closed.
	Archived bool
	// Thread is the message it goes on from.
	Thread  string
	Buttons []Button
	// Files are the names of those that go with it.
	Files []string
}

// A Button is one that can be pressed, by its action.
type Button struct{ Action, Value, Label string }

// Has finds the first button whose action is this one, or is it with a number.
func (s Seen) Has(action string) (Button, bool) {
	i := slices.IndexFunc(s.Buttons, func(b Button) bool { return b.Action == action || strings.HasPrefix(b.Action, action+".") })
	if i < 0 {
		return Button{}, false
	}
	return s.Buttons[i], true
}

// Seen gives all that somebody sees, oldest first.
func (w *Workspace) Seen(user string) []Seen {
	w.mu.Lock()
	defer w.mu.Unlock()
	p := w.person(user)
	var all []Seen
	for _, ch := range w.channels {
		if !ch.has(user) || p.Deleted {
			continue
		}
		for _, m := range ch.messages {
			if w.stands(m) {
				all = append(all, w.asSeen(ch, m, false))
			}
		}
	}
	for _, m := range w.screen(user).whispers {
		if ch := w.findChannel(m.channel); !m.deleted && w.reads(p, ch) {
			all = append(all, w.asSeen(ch, m.message, true))
		}
	}
	slices.SortStableFunc(all, func(a, b Seen) int {
		switch {
		case later(a.TS, b.TS):
			return 1
		case later(b.TS, a.TS):
			return -1
		}
		return 0
	})
	return all
}

func (w *Workspace) asSeen(ch *conversation, m *message, private bool) Seen {
	s := Seen{
		TS: m.ts, Channel: ch.id, Name: ch.name, By: m.user, Notice: w.read(m.text), Text: w.read(m.text), Private: private, Archived: ch.archived,
		Thread: m.thread,
	}
	if ch.direct {
		s.Name = ch.id
	}
	if len(m.blocks) > 0 {
		s.Text = w.blocksText(m.blocks)
	}
	s.Buttons = buttons(m.blocks)
	for _, id := range m.files {
		s.Files = append(s.Files, w.files[id].name)
	}
	return s
}

// sees finds a message that somebody sees, by its name.
func (w *Workspace) sees(user, ts string) (ch *conversation, m *message, private bool) {
	p := w.person(user)
	for _, whisper := range w.screen(user).whispers {
		if whisper.ts == ts && !whisper.deleted {
			return w.findChannel(whisper.channel), whisper.message, true
		}
	}
	for _, ch := range w.channels {
		if m := ch.message(ts); m != nil && w.stands(m) && w.reads(p, ch) && !ch.archived {
			return ch, m, false
		}
	}
	return nil, nil, false
}

// buttons gives those of blocks, in order.
func buttons(blocks []any) []Button {
	var found []Button
	walk(blocks, func(o object) {
		if o["type"] == "button" {
			action, _ := o["action_id"].(string)
			value, _ := o["value"].(string)
			label, _ := o["text"].(object)["text"].(string)
			found = append(found, Button{action, value, label})
		}
	})
	return found
}

// walk visits every object in a value of JSON that has a type, outer ones first, as
// they are read: an element before what is beside it.
func walk(value any, visit func(object)) {
	switch v := value.(type) {
	case []any:
		for _, item := range v {
			walk(item, visit)
		}
	case object:
		if v["type"] != nil {
			visit(v)
		}
		for _, name := range []string{"title", "label", "text", "fields", "elements", "accessory", "element", "options", "hint", "blocks"} {
			walk(v[name], visit)
		}
	}
}

// blocksText gives what blocks show, a line for each text, a button in brackets.
func (w *Workspace) blocksText(blocks []any) string {
	var lines []string
	walk(blocks, func(o object) {
		text, _ := o["text"].(string)
		switch o["type"] {
		case "mrkdwn":
			lines = append(lines, w.read(text))
		case "plain_text":
			lines = append(lines, text)
		case "button":
			label, _ := o["text"].(object)["text"].(string)
			lines = append(lines, "["+label+"]")
		}
	})
	// A button's own text was visited too.
	var once []string
	for i, line := range lines {
		if i > 0 && lines[i-1] == "["+line+"]" {
			continue
		}
		once = append(once, line)
	}
	return strings.Join(once, "\n")
}

var (
	reference = regexp.MustCompile(`<([@#!]?)([^<>|]*)(?:\|([^<>]*))?>`)
	strong    = regexp.MustCompile(`(^|[\s(])\*([^*\n]+)\*($|[\s.,:;!?)])`)
	unseen    = strings.NewReplacer("\u2060", "", "\u200b", "")
)

// read gives a text as it reads on a screen.
func (w *Workspace) read(text string) string {
	text = reference.ReplaceAllStringFunc(text, func(found string) string {
		parts := reference.FindStringSubmatch(found)
		switch p := w.find(parts[2]); {
		case parts[1] == "@" && p != nil:
			return "@" + p.Handle
		case parts[3] != "":
			return parts[3]
		}
		return parts[1] + parts[2]
	})
	for range 2 { // what stands after one may stand before the next
		text = strong.ReplaceAllString(text, "$1$2$3")
	}
	return unseen.Replace(html.UnescapeString(text))
}

// HomeText gives what somebody's home shows; nothing when they have none.
func (w *Workspace) HomeText(user string) string {
	w.mu.Lock()
	defer w.mu.Unlock()
	if v := w.homes[user]; v != nil {
		return w.blocksText(v.blocks())
	}
	return ""
}
