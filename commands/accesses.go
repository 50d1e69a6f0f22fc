package commands

import (
	"time"

	"parcours/bot/command"
	"parcours/casework"
	"parcours/locales"
)

const (
	// accessesMost is how many lines say who looked.
	accessesMost = 20
	// accessMonths is how far back they go unless asked.
	accessMonths = 3
)

// looked adds who was shown something of the case since a day, the last first.
// Somebody to whom the case is not open reads the names of accounts, and no other.
func (s *sheet) looked(accesses []command.Access, since casework.Day, open bool) {
	s.heading(s.t("access.heading", locales.Args{"Day": s.say.Day(since)}))
	if len(accesses) == 0 {
		s.plain("", s.t("access.none"))
	}
	shown := 0
	for len(accesses) > 0 {
		n := alike(accesses, s.now.Location())
		a := accesses[0]
		accesses = accesses[n:]
		if shown == accessesMost {
			s.plain("", s.t("access.more", locales.Args{"N": len(accesses) + n}))
			break
		}
		shown++
		at := s.say.Moment(a.At.In(s.now.Location()))
		if open {
			s.about("", at, s.access(a, n, s.user(a.User)))
		} else {
			s.plain(at, s.access(a, n, s.account(a.User).Name))
		}
	}
	s.group = ""
}

// alike is how many accesses from the first on are the same again, on the same
// day.
func alike(accesses []command.Access, zone *time.Location) int {
	day := func(a command.Access) casework.Day { return casework.DayOf(a.At.In(zone)) }
	n := 1
	for n < len(accesses) && day(accesses[n]) == day(accesses[0]) {
		a, b := accesses[n], accesses[0]
		if a.At = b.At; a != b {
			break
		}
		n++
	}
	return n
}

// access says one access in plain words.
func (s *sheet) access(a command.Access, times int, who string) string {
	key, args := "access."+a.Way, locales.Args{"Who": who, "Reason": a.Reason}
	if plain := "access.answer." + a.What; a.Way == "answer" && s.say.Has(plain) {
		key = plain
	}
	switch {
	case a.Operator != "":
		args["Who"] = s.t("access.operator", locales.Args{"Account": a.Operator})
	case a.User == "":
		args["N"] = a.Readers
	}
	text := s.t(key, args)
	if times > 1 {
		text = s.t("access.times", locales.Args{"What": text, "Times": times})
	}
	return text
}
