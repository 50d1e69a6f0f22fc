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
	{"hold", hold}, {"resume", resume}, {"suspend", suspend}, {"retain", retain}, {"channel", channel}, {"move", move},
	{"relative", relative}, {"cancel", cancel}, {"attendance", attendance}, {"view", view},
}

var often = []decision{
	{"list", list}, {"invite", invite}, {"answer invitation", answerInvitation}, {"circle", circle},
	{"set objective", setObjective}, {"assign", assign}, {"assess", assess},
	{"ask referent", askReferent}, {"answer referent", answerReferent},
	{"plan", plan}, {"attend", attend},
	{"finish", finish}, {"postpone", postpone}, {"reassign", reassign}, {"help", help},
	{"remind", remind}, {"lapse", lapse}, {"show", show},
	{"plan", plan}, {"open session", openSession}, {"open session", openSession}, {"review", review},
	{"freeze", freeze}, {"freeze", freeze}, {"sign", sign}, {"sign", sign}, {"sign", sign}, {"sign on paper", signOnPaper},
}

// atTheTable is what happens while a meeting is under way.
var atTheTable = []decision{
	{"attendance", attendance}, {"topic", topicTaken}, {"topic", topicTaken}, {"view", view},
	{"review", review}, {"set objective", setObjective}, {"assign", assign},
	{"remind", remind}, {"end session", endSession}, {"freeze", freeze},
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
	for range Below(t, 4, "shares") {
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

func closeCase(t *rapid.T, l *Life, _ casework.UserID) ([]casework.Fact, error) {
	degrees := append(casework.Degrees(), "")
	end := casework.Closing{
		Reason:    "moved away",
		Improved:  pick(t, "improved", "", casework.Improved, casework.InPart, casework.Unimproved),
		Satisfied: pick(t, "satisfied", degrees...), Heard: pick(t, "heard", degrees...), Helped: pick(t, "helped", degrees...),
		Words: pick(t, "words", "", "Thank you"), Remains: pick(t, "remains", "", "The driving test"),
	}
	if oneIn(t, 3, "succeeded") {
		end.Successor = l.professional(t)
	}
	return l.Case.Close(end)
}

// list names lines after accounts, so that corrections happen too.
func list(t *rapid.T, l *Life, by casework.UserID) ([]casework.Fact, error) {
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
	return l.Case.ListProfessional(by, p, chosen, l.Now)
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
		Topic: l.openTopic(t), Priority: Below(t, 10, "priority") - 1,
	}
	var aim casework.AimStated
	if oneIn(t, 3, "aim") {
		aim.Aim, aim.Situation = "A job near home", pick(t, "situation", "", "Alone with a son")
	}
	if oneIn(t, 3, "earlier") {
		e.On = l.day(t, "on")
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

func review(t *rapid.T, l *Life, _ casework.UserID) ([]casework.Fact, error) {
	id := item(t, l.Case.Objectives, func(o casework.Objective) string { return o.ID })
	outcome := pick(t, "outcome", casework.Reached, casework.Partly, casework.NotYet, casework.Dropped)
	return l.Case.Review(id, outcome, pick(t, "why", "", "The lease is signed"), l.Now)
}

func relative(t *rapid.T, l *Life, _ casework.UserID) ([]casework.Fact, error) {
	r := casework.Relative{
		Kind:      pick(t, "kind", casework.Herself, casework.Adult, casework.Child),
		FirstName: pick(t, "first name", "Lou", "Sam"), Locker: pick(t, "locker", "", casework.Yes, casework.No),
		Left: oneIn(t, 4, "left"),
	}
	if oneIn(t, 2, "birth") {
		r.Born = l.day(t, "born")
	}
	return l.Case.StateRelative(r, l.Now)
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
		Minutes: pick(t, "length", 0, 60, 90, 5, 600), Extraordinary: oneIn(t, 4, "extraordinary"),
	}
	if oneIn(t, 3, "chaired") {
		m.Chair = l.user(t, "chair")
	}
	return l.Case.PlanCommission(m, l.Now)
}

func (l *Life) commission(t *rapid.T) string {
	if m, ok := l.Case.Session(l.Now); ok && !oneIn(t, 8, "another meeting") {
		return m.ID
	}
	return item(t, l.Case.Commissions, func(m casework.Commission) string { return m.ID })
}

func attend(t *rapid.T, l *Life, by casework.UserID) ([]casework.Fact, error) {
	return l.Case.AnswerAttendance(l.commission(t), by, rapid.Bool().Draw(t, "present"), l.Now)
}

func cancel(t *rapid.T, l *Life, by casework.UserID) ([]casework.Fact, error) {
	return l.Case.CancelCommission(l.commission(t), pick(t, "why", "", "snow"), by, l.Now)
}

// openSession most often waits for the next meeting.
func openSession(t *rapid.T, l *Life, by casework.UserID) ([]casework.Fact, error) {
	next, ok := l.Case.NextCommission(l.Now)
	if !ok || oneIn(t, 4, "some meeting") {
		return l.Case.OpenSession(l.commission(t), by, l.Now)
	}
	if next.At.After(l.Now) {
		l.Now = next.At.Add(time.Duration(Below(t, 20, "late")) * time.Minute)
	}
	return l.Case.OpenSession(next.ID, by, l.Now)
}

func attendance(t *rapid.T, l *Life, by casework.UserID) ([]casework.Fact, error) {
	present := []casework.Actor{l.actor(t), l.actor(t)}
	return l.Case.TakeAttendance(l.commission(t), present, []casework.Actor{l.actor(t)}, by, l.Now)
}

func topicTaken(t *rapid.T, l *Life, by casework.UserID) ([]casework.Fact, error) {
	topic := l.openTopic(t)
	if n := len(l.Case.Objectives); n > 0 && oneIn(t, 2, "of an objective") {
		topic = l.Case.Objectives[Below(t, n, "objective")].Topic
	}
	return l.Case.TakeTopic(l.commission(t), topic, !oneIn(t, 3, "set aside"), by, l.Now)
}

func view(t *rapid.T, l *Life, by casework.UserID) ([]casework.Fact, error) {
	return l.Case.GiveView(l.commission(t), pick(t, "words", "I was heard", "Too many people"), by, l.Now)
}

func endSession(t *rapid.T, l *Life, by casework.UserID) ([]casework.Fact, error) {
	return l.Case.EndSession(l.commission(t), l.day(t, "next"), by, l.Now)
}

func freeze(t *rapid.T, l *Life, by casework.UserID) ([]casework.Fact, error) {
	var next casework.Day
	if oneIn(t, 3, "next") {
		next = l.day(t, "next")
	}
	id := l.commission(t)
	if last, ok := l.Case.LastRecord(); ok && oneIn(t, 3, "correction") {
		id = last.Commission
	}
	return l.Case.FreezeRecord(id, pick(t, "notes", "", "A visit in May"), next, by, l.Now)
}

func (l *Life) record(t *rapid.T) string {
	if last, ok := l.Case.LastRecord(); ok && !oneIn(t, 4, "any record") {
		return last.ID
	}
	return item(t, l.Case.Records, func(r casework.Record) string { return r.ID })
}

func sign(t *rapid.T, l *Life, by casework.UserID) ([]casework.Fact, error) {
	return l.Case.Sign(l.record(t), by, l.Now)
}

func signOnPaper(t *rapid.T, l *Life, by casework.UserID) ([]casework.Fact, error) {
	name, witness := pick(t, "name", "Mme Martin", "M. Martin"), pick(t, "witness", "M. Petit", "")
	return l.Case.SignOnPaper(l.record(t), name, witness, by, l.Now)
}

func remind(_ *rapid.T, l *Life, _ casework.UserID) ([]casework.Fact, error) {
	_, record := l.Case.Due(casework.DefaultPolicy(), l.Now)
	return record, nil
}

func lapse(_ *rapid.T, l *Life, _ casework.UserID) ([]casework.Fact, error) {
	return l.Case.Lapse(l.Now), nil
}

func channel(_ *rapid.T, l *Life, _ casework.UserID) ([]casework.Fact, error) {
	return []casework.Fact{casework.ChannelOpened{Channel: casework.ChannelID("channel-" + l.Case.Code)}}, nil
}

// move has a case go on elsewhere; nobody is let in where one has ended.
func move(t *rapid.T, l *Life, _ casework.UserID) ([]casework.Fact, error) {
	if l.Case.Ended() {
		return nil, nil
	}
	user := l.user(t, "newcomer")
	if oneIn(t, 2, "chosen") {
		return casework.ChoosePast(user, pick(t, "past", casework.Withdraw, casework.NewChannel, "burn"))
	}
	next := fmt.Sprintf("channel-%s-%d", l.Case.Code, len(l.Case.Former)+2)
	return []casework.Fact{casework.ChannelMoved{Channel: casework.ChannelID(next), User: user}}, nil
}

func show(t *rapid.T, l *Life, _ casework.UserID) ([]casework.Fact, error) {
	n := len(l.Entries)
	s := casework.Shown{
		Key: fmt.Sprint(n), Channel: l.Case.Channel, Message: casework.MessageRef(fmt.Sprint("m", n)),
		Topics: topics(t, 0, "topics"), Home: oneIn(t, 3, "home"), View: pick(t, "view", "", "action"), Subject: "a1",
	}
	if oneIn(t, 3, "in private") {
		s.User = l.user(t, "reader")
	}
	return []casework.Fact{s}, nil
}

func hold(t *rapid.T, l *Life, _ casework.UserID) ([]casework.Fact, error) {
	return l.Case.HoldSharing("stranger", l.user(t, "stranger")), nil
}

func resume(_ *rapid.T, l *Life, _ casework.UserID) ([]casework.Fact, error) {
	return l.Case.ResumeSharing(), nil
}

func suspend(t *rapid.T, l *Life, _ casework.UserID) ([]casework.Fact, error) {
	if !oneIn(t, 4, "put back") {
		return nil, nil
	}
	return l.Case.SuspendSharing(casework.ConsentChanged), nil
}

func retain(t *rapid.T, l *Life, _ casework.UserID) ([]casework.Fact, error) {
	return l.Case.SetRetention(pick(t, "months", 3, 24, 36)), nil
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
	return casework.DayOf(l.Now.Add(time.Hour)).Add(unit * (Below(t, 14, what) - 1))
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
	for range least + Below(t, 2+2*least, what) {
		drawn = append(drawn, topic(t))
	}
	return drawn
}
