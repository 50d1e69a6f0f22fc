package commands

import (
	"slices"
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
	narrow   = "narrow"
	withdraw = "withdraw"
)

// consentCommand records what the person agrees to share (guide III.B.3). She may
// take back what she agreed to by herself.
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
	if c := known(r); isPerson(c, r.Asker.ID) && !c.KeepsConsent(r.Asker.ID) {
		q.one("action", needed, choices(r.Say, "consent_action", narrow, withdraw))
		q.several("veto", r.Text("action") == narrow, topicChoices(r.Say))
		return q.fields
	}
	q.one("action", needed, choices(r.Say, "consent_action", grant, extend, narrow, withdraw))
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
	case narrow:
		return narrowConsent(r)
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

// narrowConsent closes topics to everybody, at the person's word or by herself:
// then whoever coordinates is told that she did, not what.
func narrowConsent(r command.Request) (command.Response, error) {
	facts, err := r.Case.Narrow(r.Asker.ID, r.Topics("veto"), r.Now)
	if err != nil {
		return command.Response{}, err
	}
	response := consentReply(r, facts)
	coordinator := after(r, facts).Coordinator()
	response.Notices = append(response.Notices, tell(r.Asker.ID, coordinator, viewNarrowed, string(coordinator))...)
	return response, nil
}

// consentReply says what the person now agrees to, and who leaves the circle by it.
func consentReply(r command.Request, facts []casework.Fact) command.Response {
	next := after(r, facts)
	s := replying(r, next)
	s.card.Title = s.t("consent.title")
	s.consent(next.Consent())
	var left []string
	for _, fact := range facts {
		if gone, ok := fact.(casework.MemberLeft); ok {
			left = append(left, s.user(gone.User))
		}
	}
	s.about("", s.t("consent.left_out"), strings.Join(left, ", "))
	return command.Response{Record: facts, Reply: s.overview(s.t("consent.recorded")), Notices: departures(r, facts)}
}

// ownConsent adds the button by which the person takes back what she agreed to.
func (s *sheet) ownConsent() {
	s.run("consentement")
	s.card.Buttons[len(s.card.Buttons)-1].Label = s.t("button.own_consent")
}

// showNarrowed tells whoever coordinates that the person took part of her agreement
// back by herself; what, the overview says to those who may know.
func showNarrowed(v command.ViewRequest) (chat.Message, bool) {
	s := showing(v)
	s.card.Title = s.t("narrowed.title")
	s.plain("", s.t("narrowed.what"))
	s.plain("", s.t("narrowed.next"))
	s.run("suivi")
	return s.message(s.t("narrowed.text")), !v.Case.Ended()
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
	s.card.Title = s.t("withdrawn.title")
	s.plain("", s.t("consent.withdrawn.next"))
	s.papers()
	response := command.Response{Record: facts, Reply: s.message(s.t("consent.withdrawn"))}
	var removed []command.Notice
	for _, m := range c.Members {
		if !m.Joined {
			continue
		}
		// Whoever records it too: what answers them goes with the channel they are in.
		response.Notices = append(response.Notices, tell("", m.User, viewWithdrawn, string(m.User))...)
		if m.User != c.Author {
			removed = append(removed, command.Notice{Act: command.Remove, User: m.User})
		}
	}
	response.Notices = append(response.Notices, removed...)
	response.Notices = append(response.Notices, command.Notice{Act: command.Archive})
	return response, nil
}

// papers adds the documents that were made, since they exist outside: kinds and
// days alone, which tell nothing of the case.
func (s *sheet) papers() {
	s.heading(s.t("withdrawn.papers"))
	for _, e := range s.c.History() {
		if made, ok := e.Fact.(casework.DocumentMade); ok {
			s.plain(s.say.Day(casework.DayOf(e.At.In(s.now.Location()))), s.t("document."+made.Kind))
		}
	}
	s.group = ""
	s.within(rowsMost, "note.too_long")
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
// that sharing has stopped; and whoever recorded it, which papers exist outside.
func showWithdrawn(v command.ViewRequest) (chat.Message, bool) {
	s := showing(v)
	s.card.Title = s.t("withdrawn.title")
	if m, _ := v.Case.Member(v.Reader); m.Role == casework.RolePerson {
		s.plain("", s.t("withdrawn.person.what"))
		s.plain("", s.t("withdrawn.person.next"))
	} else {
		s.plain("", s.t("withdrawn.what"))
		s.plain("", s.t("withdrawn.next"))
		s.plain("", s.t("withdrawn.outside"))
	}
	if withdrew(v.Case, v.Reader) {
		s.papers()
	}
	return s.message(s.t("withdrawn.text")), v.Case.State == casework.Withdrawn
}

// withdrew reports whether user recorded the end of the consent.
func withdrew(c *casework.Case, user casework.UserID) bool {
	return slices.ContainsFunc(c.History(), func(e casework.Entry) bool {
		_, withdrawn := e.Fact.(casework.ConsentWithdrawn)
		return withdrawn && e.By == user
	})
}
