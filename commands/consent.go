package commands

import (
	"strings"

	"parcours/bot/chat"
	"parcours/bot/command"
	"parcours/casework"
	"parcours/locales"
)

// What may be done to a consent.
const (
	grant    = "grant"
	extend   = "extend"
	withdraw = "withdraw"
)

// consentCommand records what the person agrees to share (guide III.B.3).
func consentCommand() command.Command {
	return command.Command{
		Name: "consentement", Twin: "consent",
		May:    command.ConsentKeepers,
		Form:   "consent",
		Fields: consentFields,
		Words:  []string{"action"},
		Do:     doConsent,
	}
}

func consentFields(r command.Request) []chat.Field {
	granted := r.Text("action") == grant
	q := asking(r, "consent")
	q.one("action", needed, choices(r.Say, "consent_action", grant, extend, withdraw))
	q.several("topics", granted, topicChoices(r.Say))
	q.several("partners", optional, listedChoices(known(r)))
	q.day("until", optional)
	q.one("form", granted, choices(r.Say, "consent_form", casework.Written, casework.Oral))
	q.naming("witness", optional)
	q.several("veto", optional, topicChoices(r.Say))
	return q.fields
}

func doConsent(r command.Request) (command.Response, error) {
	switch r.Text("action") {
	case grant:
		return grantConsent(r)
	case extend:
		return extendConsent(r)
	case withdraw:
		return withdrawConsent(r)
	}
	return command.Response{}, casework.Refuse(casework.NotAChoice, "action")
}

func grantConsent(r command.Request) (command.Response, error) {
	shares := make([]casework.Share, 0, len(r.List("partners")))
	for _, partner := range r.List("partners") {
		shares = append(shares, casework.Share{Professional: partner, Topics: r.Topics("topics")})
	}
	facts, err := r.Case.Grant(r.Asker.ID, casework.Consent{
		Form: casework.ConsentForm(r.Text("form")), Witness: r.Text("witness"),
		Topics: r.Topics("topics"), Vetoes: r.Topics("veto"), Until: r.Day("until"), Shares: shares,
	}, r.Now)
	if err != nil {
		return command.Response{}, err
	}
	response := consentReply(r, facts)
	if r.Case.State == casework.Proposed {
		response.Notices = []command.Notice{{Act: command.Open}}
	}
	return response, nil
}

func extendConsent(r command.Request) (command.Response, error) {
	facts, err := r.Case.Extend(r.Asker.ID, casework.Extension{
		Topics: r.Topics("topics"), Partners: r.List("partners"), Vetoes: r.Topics("veto"),
		Until: r.Day("until"), Form: casework.ConsentForm(r.Text("form")), Witness: r.Text("witness"),
	}, r.Now)
	if err != nil {
		return command.Response{}, err
	}
	return consentReply(r, facts), nil
}

// consentReply says what the person now agrees to, and whom it leaves out.
func consentReply(r command.Request, facts []casework.Fact) command.Response {
	next := after(r, facts)
	s := replying(r, next)
	s.card.Title = s.t("consent.title")
	s.consent(next.Consent())
	var left []string
	for _, m := range next.Members {
		if m.Joined && r.Case.Covers(m.User, "", r.Now) && !next.Covers(m.User, "", r.Now) {
			left = append(left, s.user(m.User))
		}
	}
	s.about("", s.t("consent.left_out"), strings.Join(left, ", "))
	if len(left) > 0 {
		s.plain("", s.t("consent.left_out.next"))
	}
	return command.Response{Record: facts, Reply: s.overview(s.t("consent.recorded"))}
}

// consent adds what a consent says. A vetoed topic is counted, never named.
func (s *sheet) consent(v casework.Consent) {
	if v.Version == 0 {
		s.plain("", s.t("consent.none"))
		return
	}
	s.plain(s.t("label.until"), s.ends(v.Until))
	var shared []casework.Topic
	for _, topic := range v.Topics {
		if v.Shared(topic) {
			shared = append(shared, topic)
		}
	}
	s.about("", s.t("label.topics"), s.topics(shared))
	s.plain(s.t("label.vetoes"), s.t("consent.vetoes", locales.Args{"N": len(v.Vetoes)}))
	var all []string // those who may know of all that is shared, on one line
	for _, share := range v.Shares {
		p, _ := s.c.Professional(share.Professional)
		var open []casework.Topic
		for _, topic := range share.Topics {
			if v.Shared(topic) {
				open = append(open, topic)
			}
		}
		if len(open) == len(shared) {
			all = append(all, signature(p))
			continue
		}
		s.about("", s.t("label.share"), s.t("line.share", locales.Args{"Name": signature(p), "Topics": s.topics(open)}))
	}
	if len(all) > 0 {
		s.about("", s.t("label.share"), s.t("line.share", locales.Args{"Name": strings.Join(all, ", "), "Topics": s.t("consent.all_topics")}))
	}
}

func withdrawConsent(r command.Request) (command.Response, error) {
	c := r.Case
	s := replying(r, c)
	if c.State == casework.Proposed {
		return refuseAfterThinking(r)
	}
	facts, err := c.Withdraw(r.Asker.ID)
	if err != nil {
		return command.Response{}, err
	}
	response := command.Response{Record: facts, Reply: chat.Message{Text: s.t("consent.withdrawn")}}
	var removed []command.Notice
	for _, m := range c.Members {
		if !m.Joined {
			continue
		}
		response.Notices = append(response.Notices, tell(r.Asker.ID, m.User, viewWithdrawn, string(m.User))...)
		if m.User != c.Author {
			removed = append(removed, command.Notice{Act: command.Remove, User: m.User})
		}
	}
	response.Notices = append(response.Notices, removed...)
	response.Notices = append(response.Notices, command.Notice{Act: command.Archive})
	return response, nil
}

// refuseAfterThinking: the person, who was thinking it over, does not enter the
// démarche. Nothing of her is kept.
func refuseAfterThinking(r command.Request) (command.Response, error) {
	if !r.Case.KeepsConsent(r.Asker.ID) {
		return command.Response{}, casework.Refuse(casework.Forbidden, "")
	}
	facts, err := casework.CountRefusal(r.Case.Household)
	if err != nil {
		return command.Response{}, err
	}
	return command.Response{Count: facts, Forget: casework.Declined, Reply: chat.Message{Text: replying(r, r.Case).t("open.refused")}}, nil
}

// showWithdrawn tells a member, who may no longer know anything of the case,
// that sharing has stopped.
func showWithdrawn(v command.ViewRequest) (chat.Message, bool) {
	s := showing(v)
	s.card.Title = s.t("withdrawn.title")
	s.plain("", s.t("withdrawn.what"))
	s.plain("", s.t("withdrawn.next"))
	return s.message(s.t("withdrawn.text")), v.Case.State == casework.Withdrawn
}
