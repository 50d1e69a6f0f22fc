package commands

import (
	"fmt"
	"slices"
	"strings"

	"parcours/bot/chat"
	"parcours/bot/command"
	"parcours/casework"
	"parcours/locales"
)

// How much a bundle shows: codes on its first line, and buttons that say at once
// that an action is done. The others lead to the reminder alone.
const (
	mostCodes   = 6
	mostDone    = 6
	mostButtons = 25
)

// showBundle shows several reminders as one message, case by case, and the digest
// of the week.
func showBundle(v command.ViewRequest) (chat.Message, bool) {
	s := showing(v)
	text := s.bundleText(v)
	if len(v.Items) == 1 && v.Cases == nil {
		if item := v.Items[0]; !item.Over {
			item.Message.Text = text + " " + item.Message.Text
			return item.Message, true
		}
		return chat.Message{Text: text}, true
	}
	s.card.Title = s.t("bundle.title")
	items := slices.Clone(v.Items)
	slices.SortStableFunc(items, func(a, b command.Item) int { return strings.Compare(string(a.Case.Code), string(b.Case.Code)) })
	for i, item := range items {
		if s.c = item.Case; i == 0 || items[i-1].Case.Code != item.Case.Code {
			s.heading(string(item.Case.Code))
		}
		s.item(item)
	}
	s.itemButtons(v, items)
	s.c = nil
	s.reader = v.Reader
	if v.Cases != nil && s.digest(v) {
		text = strings.TrimSpace(s.t("digest.text") + " " + text)
		s.card.Title = s.t("digest.title")
	} else if len(items) == 0 {
		return chat.Message{}, false
	}
	s.fit()
	return s.message(text), true
}

// bundleText is all that a notification shows: how many reminders, of which cases,
// and since when they are late.
func (s *sheet) bundleText(v command.ViewRequest) string {
	var codes []string
	late, standing := 0, 0
	oldest := casework.DayOf(s.now)
	for _, item := range v.Items {
		if code := string(item.Case.Code); !slices.Contains(codes, code) {
			codes = append(codes, code)
		}
		if item.Over {
			continue
		}
		standing++
		if item.Late {
			late++
			oldest = min(oldest, casework.DayOf(item.At.In(s.now.Location())))
		}
	}
	if len(codes) > mostCodes {
		codes = append(codes[:mostCodes:mostCodes], "…")
	}
	args := locales.Args{"N": standing, "Codes": strings.Join(codes, ", ")}
	switch {
	case len(v.Items) == 0:
		return ""
	case standing == 0 && len(v.Items) == 1:
		s.c = v.Items[0].Case
		return s.t("bundle.over.one", locales.Args{"What": s.itemName(v.Items[0])})
	case standing == 0:
		return s.t("bundle.over.all", locales.Args{"Codes": args["Codes"]})
	case late == 0:
		return s.t("bundle.text", args)
	}
	args["Since"] = s.since(oldest)
	if late == standing && len(v.Items) == 1 && v.Cases == nil {
		// The reminder itself follows, with its code.
		return s.t("bundle.late.one", locales.Args{"Since": args["Since"]})
	}
	if late == standing {
		return s.t("bundle.late", args)
	}
	args["All"], args["N"] = standing, late
	return s.t("bundle.partly", args)
}

// daysOfAWeek is how far back the name of a day of the week says which it is.
const daysOfAWeek = 6

// since says a day that is past.
func (s *sheet) since(d casework.Day) string {
	if casework.DayOf(s.now).Sub(d) > daysOfAWeek {
		return s.t("since.day", locales.Args{"Day": s.say.Day(d)})
	}
	return s.t(fmt.Sprintf("date.weekday.%d", d.At(12, 0, s.now.Location()).Weekday()))
}

// item adds a reminder on one line.
func (s *sheet) item(item command.Item) {
	name := s.itemName(item)
	if item.Over {
		s.plain(name, s.t("bundle.over"))
		return
	}
	if a, ok := s.c.Action(item.Subject); ok && item.Kind == casework.RemindAction {
		s.about(s.c.TopicOf(a), name, s.action(a))
		return
	}
	label := capital(name)
	if name == item.Subject {
		label = name // as people type it
	}
	said := capital(strings.TrimLeft(strings.TrimPrefix(item.Message.Text, string(s.c.Code)), " \u00a0\u202f:"))
	if i := slices.IndexFunc(item.Message.Card.Rows, func(r chat.Row) bool { return r.Case != "" }); i >= 0 {
		row := item.Message.Card.Rows[i]
		s.about(row.Topic, label, joined(" — ", strings.TrimSuffix(said, "."), row.Value))
		return
	}
	s.plain(label, said)
}

// itemName names what a reminder is about: its id where people use one.
func (s *sheet) itemName(item command.Item) string {
	switch item.Kind {
	case casework.RemindAction, casework.RemindCommission, casework.RemindSignatures:
		return item.Subject
	}
	return s.t("bundle.kind." + string(item.Kind))
}

// itemButtons adds what can be done at once, and what leads to each reminder.
func (s *sheet) itemButtons(v command.ViewRequest, items []command.Item) {
	for _, item := range items {
		a, ok := item.Case.Action(item.Subject)
		if s.c = item.Case; item.Over || !ok || item.Kind != casework.RemindAction || !s.c.Does(v.Reader, a) || len(s.card.Buttons) == mostDone {
			continue
		}
		s.buttons(a.ID, "done")
		s.card.Buttons[len(s.card.Buttons)-1].Label = s.t("bundle.done", locales.Args{"What": a.ID})
	}
	for _, item := range items {
		if s.c = item.Case; item.Over || len(s.card.Buttons) == mostButtons-1 {
			continue
		}
		s.buttons(seeSubject(item.Reminder), "see")
		last := &s.card.Buttons[len(s.card.Buttons)-1]
		last.Label, last.Style = s.t("bundle.see", locales.Args{"What": s.itemName(item)}), chat.Ordinary
	}
}

// seeSubjects are the first letters of what reminders of each kind are about, where
// that is to be named.
var seeSubjects = map[casework.ReminderKind]string{
	casework.RemindAction: "a", casework.RemindInvitations: "c", casework.RemindCommission: "c", casework.RemindRecord: "c",
	casework.RemindUnrecorded: "c", casework.RemindReview: "c", casework.RemindTime: "c", casework.RemindSignatures: "r",
	casework.RemindMeasure: "p",
}

// seeSubject names a reminder for a button.
func seeSubject(r casework.Reminder) string {
	if seeSubjects[r.Kind] == "" {
		return string(r.Kind)
	}
	return string(r.Kind) + "." + r.Subject
}

// seeButtons show a reminder alone, with all its own buttons, to who asks.
func seeButtons() []command.Button {
	var all []command.Button
	for _, kind := range casework.ReminderKinds() {
		on := string(kind)
		if letter := seeSubjects[kind]; letter != "" {
			on += "." + letter
		}
		all = append(all, command.Button{ID: "see", On: on, May: command.Members, Do: doSee})
	}
	return all
}

func doSee(r command.Request) (command.Response, error) {
	kind, subject, _ := strings.Cut(r.Subject, ".")
	reminder := casework.Reminder{Kind: casework.ReminderKind(kind), Subject: subject}
	if mission, ok := r.Case.Referent(); ok && reminder.Kind == casework.RemindMission {
		reminder.Subject = string(mission.User)
	}
	view, ok := Views()[command.ReminderView(reminder.Kind)]
	if !ok {
		return command.Response{}, casework.Refuse(casework.UnknownItem, "")
	}
	m, ok := view(command.ViewRequest{
		Case: r.Case, Subject: command.ReminderSubject(reminder), Reader: r.Asker.ID, Now: r.Now, Say: r.Say, Account: r.Account, Policy: r.Policy,
	})
	if !ok {
		s := replying(r, r.Case)
		m = chat.Message{Text: s.t("bundle.over.one", locales.Args{"What": s.itemName(command.Item{Case: r.Case, Reminder: reminder})})}
	}
	return command.Response{Reply: m}, nil
}
