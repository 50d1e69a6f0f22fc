package commands

import (
	"parcours/bot/command"
	"parcours/casework"
	"parcours/locales"
)

// digestDays is how far ahead the digest of the week looks.
const digestDays = 14

// digest adds what somebody has to keep in mind this week, in all their cases:
// what is late, what is due, who has not answered, and where nothing moves. It
// reports whether there is anything.
func (s *sheet) digest(v command.ViewRequest) bool {
	before := len(s.card.Rows)
	var mine []deadline
	byCode := map[casework.Code]*casework.Case{}
	for _, c := range v.Cases {
		if s.c = c; !c.IsMember(v.Reader) || c.Ended() {
			continue
		}
		byCode[c.Code] = c
		for _, d := range append(s.deadlines(), s.thinking(v.Policy)...) {
			if d.day <= casework.DayOf(s.now).Add(digestDays) && d.doer(v.Reader) {
				mine = append(mine, d)
			}
		}
	}
	today := casework.DayOf(s.now)
	section := func(heading string, holds func(deadline) bool) {
		s.heading(s.t(heading))
		for _, d := range sorted(mine) {
			if s.c = byCode[d.code]; holds(d) {
				s.about(d.topic, s.when(d.day), s.t("line.deadline", locales.Args{"Text": d.text}))
			}
		}
	}
	section("digest.late", func(d deadline) bool { return d.day < today })
	section("digest.due", func(d deadline) bool { return d.day >= today })
	s.heading(s.t("digest.unanswered"))
	for _, c := range v.Cases {
		if s.c = c; c.Coordinator() == v.Reader && !c.Ended() {
			s.unanswered(v)
		}
	}
	s.heading(s.t("digest.silent"))
	for _, c := range v.Cases {
		days := casework.DayOf(s.now).Sub(casework.DayOf(c.DecidedAt.In(s.now.Location())))
		if c.Coordinator() == v.Reader && !c.Ended() && c.State != casework.Proposed && v.Policy.Silence > 0 && days >= v.Policy.Silence {
			s.plain(string(c.Code), s.t("digest.silence", locales.Args{"N": days}))
		}
	}
	s.group, s.c = "", nil
	if len(s.card.Rows) == before {
		return false
	}
	s.run("agenda", "mes-situations")
	return true
}

// unanswered adds who else was asked something in the case and has not answered.
func (s *sheet) unanswered(v command.ViewRequest) {
	for _, m := range s.c.Members {
		if m.Asked && m.User != v.Reader {
			s.about("", string(s.c.Code), s.t("digest.invited", locales.Args{"Who": s.user(m.User)}))
		}
	}
	for _, meeting := range s.c.Commissions {
		if meeting.Cancelled || !meeting.At.After(s.now) {
			continue
		}
		for _, m := range s.c.Members {
			if _, said := meeting.Answers[m.User]; m.Joined && !said && m.User != v.Reader {
				s.about("", string(s.c.Code), s.t("digest.attendance", locales.Args{"Who": s.user(m.User), "ID": meeting.ID}))
			}
		}
	}
}
