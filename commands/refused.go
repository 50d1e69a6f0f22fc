package commands

import (
	"strings"

	"parcours/bot/chat"
	"parcours/bot/command"
	"parcours/casework"
)

// showRefused tells whoever takes over what the chat does not let the assistant do, and
// how they do it by hand. The subject is the act, and whom it concerns.
func showRefused(v command.ViewRequest) (chat.Message, bool) {
	act, user, _ := strings.Cut(v.Subject, " ")
	s := showing(v)
	s.card.Title = s.t("refused.title")
	var why, next string
	switch command.Act(act) {
	case command.Open:
		why, next = s.t("refused.open.why"), s.t("refused.open.next")
	case command.Add:
		why, next = s.t("refused.add.why"), s.t("refused.add.next")
	case command.Remove:
		why, next = s.t("refused.remove.why"), s.t("refused.remove.next")
	case command.Archive:
		why, next = s.t("refused.archive.why"), s.t("refused.archive.next")
	default:
		return chat.Message{}, false
	}
	s.plain(s.t("held.why"), why)
	// A row nobody may read any more would keep the whole message back.
	if user != "" && v.Case.Covers(v.Reader, "", v.Now) {
		s.about("", s.t("held.who"), s.user(casework.UserID(user)))
	}
	s.plain(s.t("held.next"), next)
	return s.message(s.t("refused.text")), true
}
