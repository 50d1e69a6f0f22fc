package commands

import (
	"strings"

	"parcours/bot/chat"
	"parcours/bot/command"
	"parcours/casework"
)

// showHeld tells the coordinator that sharing in the channel is suspended: why,
// and what to do. The subject is the reason, and whom it concerns.
func showHeld(v command.ViewRequest) (chat.Message, bool) {
	reason, user, _ := strings.Cut(v.Subject, " ")
	s := showing(v)
	s.card.Title = s.t("held.title")
	switch reason {
	case "stranger":
		s.plain(s.t("held.why"), s.t("held.stranger.why"))
		// A row nobody may read any more would keep the whole message back.
		if v.Case.Covers(v.Reader, "", v.Now) {
			s.about("", s.t("held.who"), s.user(casework.UserID(user)))
		}
		s.plain(s.t("held.next"), s.t("held.stranger.next"))
		s.run("liste", "inviter")
	case "public":
		s.plain(s.t("held.why"), s.t("held.public.why"))
		s.plain(s.t("held.next"), s.t("held.public.next"))
	default:
		s.plain(s.t("held.why"), s.t("held.missing.why"))
		s.plain(s.t("held.next"), s.t("held.missing.next"))
	}
	return s.message(s.t("held.text")), !v.Case.Ended()
}

// showLeft tells the coordinator that somebody left the channel, and so the
// circle: what was theirs to do is to be handed over.
func showLeft(v command.ViewRequest) (chat.Message, bool) {
	user := casework.UserID(v.Subject)
	s := showing(v)
	s.card.Title = s.t("left.title")
	if v.Case.Covers(v.Reader, "", v.Now) {
		s.about("", s.t("left.who"), s.user(user))
	}
	for _, a := range v.Case.Actions {
		if !a.Done && v.Case.Does(user, a) && v.Case.Covers(v.Reader, v.Case.TopicOf(a), v.Now) {
			s.about(v.Case.TopicOf(a), a.ID, s.action(a))
		}
	}
	s.plain(s.t("held.next"), s.t("left.next"))
	s.run("suivi", "inviter")
	return s.message(s.t("left.text")), !v.Case.Ended() && !v.Case.IsMember(user)
}

// showWithheld takes the place of a message that somebody there may not read.
func showWithheld(v command.ViewRequest) (chat.Message, bool) {
	s := showing(v)
	s.card.Title = s.t("withheld.title")
	s.plain("", s.t("withheld.why"))
	s.run("suivi")
	return s.message(s.t("withheld.text")), true
}
