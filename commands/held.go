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

// showSuspended tells the coordinator that nothing is shared until they have
// confirmed the consent with the person, since an older copy was put back: why, and
// what to do. The subject is the reason.
func showSuspended(v command.ViewRequest) (chat.Message, bool) {
	s := showing(v)
	s.card.Title = s.t("held.title")
	why := "suspended.unknown.why"
	if casework.Suspension(v.Subject) == casework.ConsentChanged {
		why = "suspended.changed.why"
	}
	s.plain(s.t("held.why"), s.t(why))
	s.plain(s.t("held.next"), s.t("suspended.next"))
	s.plain("", s.t("suspended.again"))
	s.run("consentement")
	return s.message(s.t("suspended.text")), v.Case.Consent().Suspended && !v.Case.Ended()
}

// showShut tells somebody that the channel is closed, since the last day of the consent
// has passed, and whoever keeps the consent how it opens again.
func showShut(v command.ViewRequest) (chat.Message, bool) {
	s := showing(v)
	s.card.Title = s.t("shut.title")
	s.plain(s.t("held.why"), s.t("shut.why"))
	if v.Case.KeepsConsent(v.Reader) {
		s.plain(s.t("held.next"), s.t("shut.renew"))
		s.run("consentement")
	} else {
		s.plain("", s.t("shut.wait"))
	}
	return s.message(s.t("shut.text")), !v.Case.Consent().InForce(v.Now) && !v.Case.Ended()
}

// showWithheld takes the place of a message that somebody there may not read.
func showWithheld(v command.ViewRequest) (chat.Message, bool) {
	s := showing(v)
	s.card.Title = s.t("withheld.title")
	if v.Case.State == casework.Withdrawn || v.Reader != "" && !v.Case.Covers(v.Reader, "", v.Now) {
		s.plain("", s.t("withheld.over"))
	} else {
		s.plain("", s.t("withheld.why"))
		s.run("suivi")
	}
	return s.message(s.t("withheld.text")), true
}
