package bot_test

import (
	"archive/zip"
	"bytes"
	"io"
	"slices"
	"strings"
	"unicode/utf8"

	"parcours/bot"
	"parcours/bot/bottest"
	"parcours/bot/chat"
	"parcours/casework"
	"parcours/casework/caseworktest"
)

// service are those who have a part in the whole service: paul and sophie are often in
// a circle too, lea and martin seldom.
var service = bot.Staff{Admins: []string{"@paul", "u-lea"}, Pilots: []string{"u-martin", "@sophie"}}

// administers reports whether a user runs the service.
func administers(user casework.UserID) bool {
	return user == bottest.ID("paul") || user == bottest.ID("lea")
}

// consults has somebody ask to read a case in which they need no place, or to have the
// archive of it. What they are then answered is judged apart: they run the service, they
// gave a reason, which is in the journal, and whoever answers for the case was told. Of
// what the person did not agree to share, they read nothing more than before.
func (l *leaks) consults(who string, where casework.ChannelID, line string, code casework.Code) {
	user, before := bottest.ID(who), 0
	if h, ok := l.hear(code); ok {
		before = len(h.judge.Readings())
	}
	answer := l.w.Type(who, where, line)
	h, ok := l.hear(code)
	if !ok || len(h.judge.Readings()) == before {
		l.answered(who, answer)
		return
	}
	reading := h.judge.Readings()[before]
	if !administers(user) || reading.By != user || utf8.RuneCountInString(reading.Reason) < 15 {
		l.Fatalf("%s read %s by %+v", who, code, reading)
	}
	for _, hears := range h.judge.Hears(user) {
		if !l.announced(hears, code, h) {
			l.Fatalf("%s read %s, and %s is not told:\n%s", who, code, hears, l.w.Logged())
		}
	}
	l.times[withoutPlace]++
	out, _ := answer.Say.Value()
	for _, text := range markIn.FindAllString(out.Message.AsText(), -1) {
		told := l.marks[text]
		l.shown++
		l.saw[sight{user, told.code}] = true
		if told.code != code || !h.judge.Opens(told.topic) || len(out.Message.Files) > 0 {
			l.Fatalf("%s, who read %s, is shown %s, which tells of %q in %s:\n%s", who, code, text, told.topic, told.code, out.Message.AsText())
		}
	}
	if markIn.MatchString(out.Message.Text) {
		l.Fatalf("a notification shows %q", out.Message.Text)
	}
	l.goesOn(who, where, answer)
}

// announced reports whether somebody has just been told that a case was read, and notes
// that they know why.
func (l *leaks) announced(user casework.UserID, code casework.Code, h hearing) bool {
	l.told[sight{user, code}] = true
	history := h.c.History()
	at := slices.IndexFunc(history, func(e casework.Entry) bool {
		f, ok := e.Fact.(casework.Consulted)
		return ok && f.ID == h.c.Consultations[len(h.c.Consultations)-1].ID
	})
	return slices.ContainsFunc(history[at:], func(e casework.Entry) bool {
		f, ok := e.Fact.(casework.Shown)
		return ok && f.User == user && (f.View == "consulted" || f.View == "exported")
	})
}

// reasonTo reports whether a mark is why somebody read a case, and a user may know of it:
// they run the service, or are to be told.
func (l *leaks) reasonTo(user casework.UserID, told mark, h hearing) bool {
	return told.reason && (administers(user) || l.told[sight{user, told.code}] || slices.ContainsFunc(h.judge.Readings(), func(r caseworktest.Reading) bool {
		return slices.Contains(h.judge.Hears(r.By), user)
	}))
}

// archive judges all that is recorded of a person, wherever it is: it tells of her alone,
// and is with somebody who runs the service and asked for it, with a reason. Where the
// platform is to keep nothing, there is none.
func (l *leaks) archive(where string, f chat.File, readers []casework.UserID) {
	h, ok := l.hear(f.Case)
	if !ok || l.discreet {
		l.wrong("%s: there is an archive of %q", where, f.Case)
	}
	for _, user := range readers {
		l.saw[sight{user, f.Case}] = true
		asked := slices.ContainsFunc(h.judge.Readings(), func(r caseworktest.Reading) bool { return r.By == user && r.Archive })
		if !administers(user) || !asked {
			l.wrong("%s: %s has the archive of %s, which they did not ask for", where, user, f.Case)
		}
	}
	for _, text := range markIn.FindAllString(unpacked(l, f), -1) {
		if told := l.marks[text]; told.code != f.Case {
			l.wrong("%s: the archive of %s shows %s, of %s", where, f.Case, text, told.code)
		}
	}
}

// texts gives what a file says. One that is said to tell of no case tells of none.
func (l *leaks) texts(f chat.File) string {
	text := unpacked(l, f)
	if strings.HasSuffix(f.Name, ".html") {
		l.times[inPapers] += len(markIn.FindAllString(text, -1))
	}
	if found := markIn.FindString(text); found != "" && f.Case == "" {
		l.wrong("a file that is for everybody shows %s", found)
	}
	return text
}

// unpacked gives the body of a file, and of all that is packed in it.
func unpacked(l *leaks, f chat.File) string {
	packed, err := zip.NewReader(bytes.NewReader(f.Body), int64(len(f.Body)))
	if err != nil {
		return string(f.Body) // it is no archive
	}
	var all strings.Builder
	for _, one := range packed.File {
		body, err := one.Open()
		if err == nil {
			_, err = io.Copy(&all, body)
		}
		if err != nil {
			l.wrong("%s cannot be opened: %v", f.Name, err)
		}
	}
	return all.String()
}
