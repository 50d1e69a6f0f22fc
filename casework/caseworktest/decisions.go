package caseworktest

import (
	"fmt"
	"slices"
	"time"

	"parcours/casework"

	"pgregory.net/rapid"
)

type decision struct {
	name string
	try  func(t *rapid.T, l *Life, by casework.UserID) ([]casework.Fact, error)
}

// decisions are everything that can happen to a case; what should happen often
// comes first and more than once, what ends it comes last.
var decisions = slices.Concat(
	often, often, often, often, often, often, often, often,
	seldom, seldom, seldom,
	[]decision{{"close", closeCase}, {"withdraw", withdraw}},
)

var seldom = []decision{
	{"grant", grant}, {"extend", extend}, {"leave", leave},
	{"hold", hold}, {"resume", resume}, {"channel", channel},
}

var often = []decision{
	{"list", list}, {"invite", invite}, {"answer invitation", answerInvitation}, {"circle", circle},
	{"set objective", setObjective}, {"assign", assign}, {"assess", assess},
	{"ask referent", askReferent}, {"answer referent", answerReferent},
	{"plan", plan}, {"attend", attend},
	{"finish", finish}, {"postpone", postpone}, {"reassign", reassign}, {"help", help},
	{"remind", remind}, {"show", show},
}

func firstConsent(t *rapid.T, l *Life) casework.Consent {
	v := casework.Consent{
		Form: casework.Written, Topics: topics(t, 3, "topics"),
		Vetoes: topics(t, 0, "vetoes"),
	}
	if oneIn(t, 3, "limited") {
		v.Until = l.day(t, "until")
	}
	if !v.Until.Valid() || v.Until < casework.DayOf(l.Now) {
		v.Until = ""
	}
	return v
}

func grant(t *rapid.T, l *Life, by casework.UserID) ([]casework.Fact, error) {
	v := firstConsent(t, l)
	v.Form = pick(t, "form", casework.Written, casework.Oral)
	v.Witness = pick(t, "witness", "", "M. Petit")
	for range below(t, 4, "shares") {
		v.Shares = append(v.Shares, casework.Share{Professional: l.professional(t), Topics: topics(t, 0, "share")})
	}
	return l.Case.Grant(by, v, l.Now)
}

func extend(t *rapid.T, l *Life, by casework.UserID) ([]casework.Fact, error) {
	var x casework.Extension
	if oneIn(t, 2, "wider") {
		x.Topics = topics(t, 1, "topics")
	}
	if oneIn(t, 2, "partners") {
		x.Partners = []string{l.professional(t)}
	}
	if oneIn(t, 3, "veto") {
		x.Vetoes = topics(t, 1, "vetoes")
	}
	if oneIn(t, 2, "longer") {
		x.Until = l.day(t, "until")
	}
	return l.Case.Extend(by, x, l.Now)
}

func withdraw(_ *rapid.T, l *Life, by casework.UserID) ([]casework.Fact, error) {
	return l.Case.Withdraw(by)
}

func closeCase(_ *rapid.T, l *Life, _ casework.UserID) ([]casework.Fact, error) {
	return l.Case.Close(casework.Closing{Reason: "moved away"})
}

// list names lines after accounts, so that corrections happen too.
func list(t *rapid.T, l *Life, _ casework.UserID) ([]casework.Fact, error) {
	p := casework.Professional{
		Name: "Line of " + string(l.user(t, "name")), Service: "CAF",
		User: l.user(t, "user"), Agreed: !oneIn(t, 5, "against"),
	}
	if oneIn(t, 4, "without account") {
		p.User = ""
	}
	if oneIn(t, 3, "limited") {
		p.End = l.day(t, "end")
	}
	var chosen []casework.Topic
	if oneIn(t, 3, "some topics") {
		chosen = []casework.Topic{l.openTopic(t), l.openTopic(t)}
	}
	return l.Case.ListProfessional(p, chosen, l.Now)
}

func invite(t *rapid.T, l *Life, _ casework.UserID) ([]casework.Fact, error) {
	role := pick(t, "role", casework.RolePartner, casework.RolePerson, casework.RoleChair, casework.RoleSecretary)
	return l.Case.Invite(l.user(t, "user"), role, l.Now)
}

// circle invites whoever is on the list and is not in the circle yet; without
// it, few circles would grow.
func circle(t *rapid.T, l *Life, _ casework.UserID) ([]casework.Fact, error) {
	role := pick(t, "role", casework.RolePartner, casework.RoleChair)
	for _, p := range l.Case.Professionals {
		if p.Agreed && p.User != "" && !l.Case.IsMember(p.User) {
			return l.Case.Invite(p.User, role, l.Now)
		}
	}
	return nil, nil
}

// answerInvitation most often has somebody answer who was asked.
func answerInvitation(t *rapid.T, l *Life, by casework.UserID) ([]casework.Fact, error) {
	for _, m := range l.Case.Members {
		if m.Asked {
			by = m.User
		}
	}
	return l.Case.AnswerInvitation(by, !oneIn(t, 5, "declines"), l.Now)
}

func leave(t *rapid.T, l *Life, by casework.UserID) ([]casework.Fact, error) {
	for _, m := range l.Case.Members {
		if m.Joined && oneIn(t, 2, "leaves") {
			by = m.User
		}
	}
	return l.Case.Leave(by)
}

func askReferent(t *rapid.T, l *Life, _ casework.UserID) ([]casework.Fact, error) {
	var until casework.Day
	if oneIn(t, 2, "limited") {
		until = l.day(t, "until")
	}
	user := l.user(t, "user")
	for _, m := range l.Case.Members {
		if m.Joined && oneIn(t, 3, "member") {
			user = m.User
		}
	}
	return l.Case.AskReferent(user, until, !oneIn(t, 6, "not chosen"), l.Now)
}

func answerReferent(t *rapid.T, l *Life, by casework.UserID) ([]casework.Fact, error) {
	for _, m := range l.Case.Referents {
		if m.Asked {
			by = m.User
		}
	}
	return l.Case.AnswerReferent(by, !oneIn(t, 5, "declines"), l.Now)
}

func assess(t *rapid.T, l *Life, _ casework.UserID) ([]casework.Fact, error) {
	e := casework.Element{
		Name: "Car", Kind: pick(t, "kind", casework.Obstacle, casework.Strength),
		Topic: l.openTopic(t), Priority: below(t, 10, "priority") - 1,
	}
	var aim casework.AimStated
	if oneIn(t, 3, "aim") {
		aim.Aim = "A job near home"
	}
	return l.Case.Assess(e, aim, l.Now)
}

func setObjective(t *rapid.T, l *Life, _ casework.UserID) ([]casework.Fact, error) {
	return l.Case.SetObjective(casework.Objective{Topic: l.openTopic(t), Title: "A quieter home"}, l.Now)
}

func assign(t *rapid.T, l *Life, _ casework.UserID) ([]casework.Fact, error) {
	a := casework.Action{
		Objective: item(t, l.Case.Objectives, func(o casework.Objective) string { return o.ID }),
		What:      "Call the landlord", Who: l.actor(t), Due: l.day(t, "due"),
	}
	return l.Case.AssignAction(a, l.Now)
}

func (l *Life) action(t *rapid.T) string {
	return item(t, l.Case.Actions, func(a casework.Action) string { return a.ID })
}

func finish(t *rapid.T, l *Life, by casework.UserID) ([]casework.Fact, error) {
	return l.Case.Finish(l.action(t), by, l.Now)
}

func postpone(t *rapid.T, l *Life, by casework.UserID) ([]casework.Fact, error) {
	return l.Case.Postpone(l.action(t), l.day(t, "due"), by, l.Now)
}

func reassign(t *rapid.T, l *Life, by casework.UserID) ([]casework.Fact, error) {
	return l.Case.Reassign(l.action(t), l.actor(t), by, l.Now)
}

func help(t *rapid.T, l *Life, by casework.UserID) ([]casework.Fact, error) {
	return l.Case.AskHelp(l.action(t), by, l.Now)
}

func plan(t *rapid.T, l *Life, _ casework.UserID) ([]casework.Fact, error) {
	m := casework.Commission{
		At: l.day(t, "at").At(14, 0, l.Now.Location()), Place: "MDS", Why: pick(t, "why", "", "eviction"),
		Minutes: pick(t, "length", 0, 60, 90, 5, 600),
	}
	if oneIn(t, 3, "chaired") {
		m.Chair = l.user(t, "chair")
	}
	return l.Case.PlanCommission(m, l.Now)
}

func attend(t *rapid.T, l *Life, by casework.UserID) ([]casework.Fact, error) {
	id := item(t, l.Case.Commissions, func(m casework.Commission) string { return m.ID })
	return l.Case.AnswerAttendance(id, by, rapid.Bool().Draw(t, "present"), l.Now)
}

func remind(_ *rapid.T, l *Life, _ casework.UserID) ([]casework.Fact, error) {
	_, record := l.Case.Due(casework.DefaultPolicy(), l.Now)
	return record, nil
}

func channel(_ *rapid.T, l *Life, _ casework.UserID) ([]casework.Fact, error) {
	return []casework.Fact{casework.ChannelOpened{Channel: casework.ChannelID("channel-" + l.Case.Code)}}, nil
}

func show(t *rapid.T, l *Life, _ casework.UserID) ([]casework.Fact, error) {
	n := len(l.Entries)
	return []casework.Fact{casework.Shown{
		Key: fmt.Sprint(n), Channel: l.Case.Channel, Message: casework.MessageRef(fmt.Sprint("m", n)),
		Topics: topics(t, 0, "topics"), Home: oneIn(t, 3, "home"),
	}}, nil
}

func hold(t *rapid.T, l *Life, _ casework.UserID) ([]casework.Fact, error) {
	return l.Case.HoldSharing("stranger", l.user(t, "stranger")), nil
}

func resume(_ *rapid.T, l *Life, _ casework.UserID) ([]casework.Fact, error) {
	return l.Case.ResumeSharing(), nil
}

// user draws one of the users.
func (l *Life) user(t *rapid.T, what string) casework.UserID {
	return pick(t, what, l.Users...)
}

// professional draws a line of the list, seldom one that is not there.
func (l *Life) professional(t *rapid.T) string {
	return item(t, l.Case.Professionals, func(p casework.Professional) string { return p.ID })
}

func (l *Life) actor(t *rapid.T) casework.Actor {
	if oneIn(t, 3, "herself") {
		return casework.ThePerson
	}
	return casework.Actor(l.professional(t))
}

// day draws a day near now, sometimes past, seldom none at all.
func (l *Life) day(t *rapid.T, what string) casework.Day {
	if oneIn(t, 25, "no day") {
		return "2026-02-30"
	}
	unit := pick(t, "unit", 1, 7, 30)
	return casework.DayOf(l.Now.Add(time.Hour)).Add(unit * (below(t, 14, what) - 1))
}

// item draws the id of one of items, seldom one that is not there.
func item[T any](t *rapid.T, items []T, id func(T) string) string {
	if len(items) == 0 || oneIn(t, 20, "unknown") {
		return "x9"
	}
	return id(pick(t, "item", items...))
}

// openTopic draws a topic, most often one that may be shared.
func (l *Life) openTopic(t *rapid.T) casework.Topic {
	shared := slices.DeleteFunc(casework.Topics(), func(t casework.Topic) bool { return !l.Case.Consent().Shared(t) })
	if len(shared) == 0 || oneIn(t, 6, "any topic") {
		return topic(t)
	}
	return pick(t, "open topic", shared...)
}

func topic(t *rapid.T) casework.Topic { return pick(t, "topic", casework.Topics()...) }

// topics draws at least some topics, now and then one of them twice.
func topics(t *rapid.T, least int, what string) []casework.Topic {
	var drawn []casework.Topic
	for range least + below(t, 2+2*least, what) {
		drawn = append(drawn, topic(t))
	}
	return drawn
}
