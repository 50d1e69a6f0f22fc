package bot_test

import (
	"encoding/base64"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"pgregory.net/rapid"

	"parcours/bot/bottest"
	"parcours/bot/chat"
	"parcours/casework"
	"parcours/casework/caseworktest"
	"parcours/documents/export"
)

// answered looks at what somebody is answered, options of forms included. What
// they typed themselves comes back to them in forms, and is left aside.
func (l *leaks) answered(who string, answer chat.Answer) {
	reader := []casework.UserID{bottest.ID(who)}
	if out, ok := answer.Say.Value(); ok {
		l.look("answer to "+who, out.Message, reader)
		l.fetch(who, out.Message)
	}
	form, ok := answer.Form.Value()
	if !ok {
		return
	}
	text := form.Title + form.Intro
	for _, field := range form.Fields {
		if form.ID == "correct" {
			// Nobody types what this form holds: it is what the record says.
			text += strings.Join(field.About().Default, " ")
		}
		switch f := field.(type) {
		case chat.Select:
			text += fmt.Sprint(f.Options)
		case chat.Choice:
			text += fmt.Sprint(f.Options)
		}
	}
	l.look("form for "+who, chat.Message{Text: text}, reader)
}

// fetch has somebody follow the links of an answer, perhaps after a while.
func (l *leaks) fetch(who string, m chat.Message) {
	for _, f := range m.Files {
		if rapid.Bool().Draw(l.T, "later") {
			l.platform(l.channel(l.codes[0]))
		}
		cleared, err := l.w.Bot.Fetch(l.w.Context(), strings.TrimPrefix(f.Link, bottest.LinkTo))
		if file, ok := cleared.Value(); ok && err == nil {
			before := l.shown
			l.look("file for "+who, chat.Message{Files: []chat.File{file}}, []casework.UserID{bottest.ID(who)})
			l.fetched += l.shown - before
		}
	}
}

// kept looks at a message that the platform keeps: codes, and no content.
func (l *leaks) kept(m chat.Message, button string) {
	if ofTheErased.MatchString(m.Text) && m.Card == nil && len(m.Files) == 0 {
		return // a case that is no more
	}
	if markIn.MatchString(m.AsText()) || len(m.Files) > 0 || m.Card == nil {
		l.wrong("the platform keeps:\n%s", m.AsText())
		return
	}
	text := regexp.MustCompile(`P-[A-Z0-9]{4}(, )?`).ReplaceAllString(m.AsText(), "")
	for _, known := range []string{"Du nouveau dans", "Du nouveau dans vos situations", "La situation", "Vos situations", "Rien n’en est gardé ici"} {
		text = strings.ReplaceAll(text, known, "")
	}
	for _, b := range m.Card.Buttons {
		sealed, err := base64.RawURLEncoding.DecodeString(b.Token)
		tells := slices.ContainsFunc(l.codes, func(code casework.Code) bool { return strings.Contains(string(sealed), string(code)) })
		if err != nil || b.ID != button || tells {
			l.wrong("the platform keeps a button %s: %q", b.ID, sealed)
		}
	}
	if len(m.Card.Rows) != 1 || m.Card.Title != "" || len(text) > 200 {
		l.wrong("the platform keeps:\n%s", m.AsText())
	}
}

// stands looks at all that the bot's messages say now: nothing that a decision has
// taken from whoever reads it. That a consent runs out empties nothing by itself.
func (l *leaks) stands() {
	places := map[casework.ChannelID][]casework.UserID{}
	for _, who := range everybody {
		places[direct(who)] = []casework.UserID{bottest.ID(who)}
	}
	for _, code := range l.codes {
		id := l.channel(code)
		if there, err := l.w.Platform.Channel(l.w.Context(), id); err == nil && there.Private && !there.Archived {
			places[id] = there.Members
		}
	}
	judges, ran := map[casework.Code]caseworktest.Judge{}, map[casework.Code]time.Time{}
	for _, code := range l.codes {
		h, ok := l.hear(code)
		if !ok {
			l.times[ofErased]++
			continue
		}
		judges[code], ran[code] = h.judge, l.w.Now()
		if until := h.c.Consent().Until; until != "" && until < casework.DayOf(l.w.Now()) {
			ran[code] = until.At(12, 0, l.w.Now().Location())
		}
	}
	for where, readers := range places {
		for _, m := range l.w.Platform.Messages(where) {
			if m.From != "" {
				continue // the bot said nothing of that
			}
			all := m.Now.AsText()
			for _, f := range m.Now.Files {
				if f.Type == export.Media {
					l.archive(string(where), f, readers)
					continue
				}
				all += l.texts(f)
			}
			for _, text := range markIn.FindAllString(all, -1) {
				told := l.marks[text]
				if ran[told.code].IsZero() {
					l.Fatalf("%s: still shows %s of a case that is no more:\n%s", where, text, m.Now.AsText())
				}
				judge, at := judges[told.code], ran[told.code]
				for _, user := range readers {
					// Whoever was let in by others is none of those the bot told.
					inside := judge.Lets(user, "", at) || where == direct(strings.TrimPrefix(string(user), "u-"))
					if inside && !judge.Lets(user, told.topic, at) && !(told.reason && l.told[sight{user, told.code}]) {
						l.Fatalf("%s: %s still reads %s, which tells of %q in %s:\n%s", where, user, text, told.topic, told.code, m.Now.AsText())
					}
				}
			}
		}
	}
}

// joined looks at what a newcomer finds, when the bot let them in: the whole past
// of the channel.
func (l *leaks) joined(m chat.Move) {
	if m.Left || l.intruding {
		return
	}
	for _, past := range l.w.Platform.Messages(m.Channel) {
		if past.From == "" {
			l.look("the past of #"+string(m.Channel), past.Now, []casework.UserID{m.User})
		}
	}
}

// look judges a message by who can read it, and its files.
func (l *leaks) look(where string, m chat.Message, readers []casework.UserID) {
	all := m.AsText() + m.Text
	for _, f := range m.Files {
		if f.Type == export.Media {
			l.archive(where, f, readers)
			continue
		}
		all += l.texts(f)
		if markIn.MatchString(f.Name) {
			l.wrong("%s: the name of a file shows %q", where, f.Name)
		}
	}
	for _, text := range markIn.FindAllString(all, -1) {
		l.shown++
		told := l.marks[text]
		h, ok := l.hear(told.code)
		if !ok {
			l.wrong("%s: shows %s of a case that is no more", where, text)
			continue
		}
		if !h.c.ClosedAt.IsZero() {
			l.times[ofClosed]++
		}
		for _, reader := range readers {
			user := casework.UserID(reader)
			if !told.reason && !strings.HasPrefix(where, "#c-") && !strings.HasPrefix(where, "the past") {
				l.saw[sight{user, told.code}] = true
			}
			if !h.judge.Lets(user, told.topic, l.w.Now()) && !l.reasonTo(user, told, h) {
				l.wrong("%s: %s may read %s, which tells of %q in %s:\n%s", where, user, text, told.topic, told.code, m.AsText())
			}
		}
	}
	if text := m.Text; markIn.MatchString(text) && !strings.HasPrefix(where, "form") {
		l.wrong("%s: a notification shows %q", where, text)
	}
}
