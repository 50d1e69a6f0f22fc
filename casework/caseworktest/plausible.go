package caseworktest

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"time"

	"parcours/casework"
)

// Plausible draws the journal of a case as cases are lived: agreement, list,
// referent, assessment, a meeting or several, who does what, and often an end; of
// about 25 entries when there is time. It begins at start and goes no further
// than until. Equal draws give equal journals.
func Plausible(r *rand.Rand, code casework.Code, start, until time.Time) []casework.Entry {
	l := &lived{Rand: r, Life: Life{Now: start}, until: until, topics: casework.Topics()}
	r.Shuffle(len(l.topics), func(i, j int) { l.topics[i], l.topics[j] = l.topics[j], l.topics[i] })
	l.topics = l.topics[:3+r.IntN(3)]
	l.propose(code)
	if l.Case.State == casework.Proposed {
		return l.Entries
	}
	steps := []func(){l.household, l.circle, l.assess, l.meet, l.work, l.end}
	if l.chance(35) {
		steps = slices.Insert(steps, len(steps)-1, l.meet, l.work)
	}
	for _, step := range steps {
		if step(); l.over() {
			break
		}
	}
	return l.Entries
}

// lived is a Life drawn without rapid, and without anything absurd.
type lived struct {
	*rand.Rand
	Life
	until  time.Time
	topics []casework.Topic
}

const (
	author  casework.UserID = "anna"
	partner casework.UserID = "bruno"
	chair   casework.UserID = "chloe"
)

func (l *lived) over() bool { return l.Now.After(l.until) || l.Case.Ended() }

// one draws the likeliest first.
func one[T any](l *lived, among []T) T {
	return among[min(l.IntN(len(among)), l.IntN(len(among)))]
}

func (l *lived) chance(percent int) bool { return l.IntN(100) < percent }

// wait lets up to most days pass.
func (l *lived) wait(most int) { l.Now = l.Now.Add(time.Duration(1+l.IntN(24*most)) * time.Hour) }

// happens applies what was decided, unless it is too late for it.
func (l *lived) happens(by casework.UserID, facts []casework.Fact, err error) {
	if l.over() {
		return
	}
	if err != nil {
		panic(fmt.Errorf("a plausible decision was refused: %w", err))
	}
	l.Apply(by, facts)
}

func (l *lived) propose(code casework.Code) {
	l.Case = casework.Fold(code, nil)
	p := casework.Proposal{
		Person: "Mme Martin", Household: one(l, []casework.Household{casework.OnePerson, casework.Family}), Answer: casework.Accepts,
		OwnWords: "Je voudrais un logement où recevoir mes enfants, et ne plus répéter mon histoire à chacun.",
		Author:   l.professional("Petit", author),
		Consent: casework.Consent{
			Form: casework.Oral, Witness: "M. Durand", Topics: l.topics, Until: casework.DayOf(l.Now).AddMonths(24),
		},
	}
	if l.chance(8) {
		p.Answer = casework.Thinking
	}
	facts, err := casework.Open(code, author, p, l.Now)
	if err != nil {
		panic(err)
	}
	l.Apply(author, facts)
}

func (l *lived) professional(name string, user casework.UserID) casework.Professional {
	return casework.Professional{
		Name: name, Service: "Maison des solidarités", User: user, Agreed: true, Email: "accueil@example.org", Phone: "03 21 00 00 00",
		Profession: one(l, casework.Professions()), Sector: one(l, casework.Sectors()), Purpose: "Accompagnement social",
	}
}

func (l *lived) household() {
	l.wait(2)
	title := casework.Madam
	if l.chance(40) {
		title = casework.Mister
	}
	born := casework.DayOf(l.Now.AddDate(-18-l.IntN(60), -l.IntN(12), 0))
	facts, err := l.Case.StateRelative(casework.Relative{Kind: casework.Herself, Title: title, Born: born, Family: one(l, casework.FamilySituations())}, l.Now)
	l.happens(author, facts, err)
	for n := range l.IntN(3) {
		if !l.Case.Consent().Shared(casework.Childhood) {
			break
		}
		facts, err := l.Case.StateRelative(casework.Relative{Kind: casework.Child, FirstName: fmt.Sprint("Enfant ", n+1), Born: casework.DayOf(l.Now.AddDate(-1-l.IntN(17), 0, 0))}, l.Now)
		l.happens(author, facts, err)
	}
}

func (l *lived) circle() {
	for _, partner := range []struct {
		name string
		user casework.UserID
		role casework.Role
	}{{"Bernard", partner, casework.RolePartner}, {"Morel", chair, casework.RoleChair}, {"Roux", "", ""}, {"Leroy", "", ""}}[:2+l.IntN(3)] {
		facts, err := l.Case.ListProfessional(author, l.professional(partner.name, partner.user), l.topics[:1+l.IntN(len(l.topics))], l.Now)
		l.happens(author, facts, err)
		if partner.user == "" {
			continue
		}
		facts, err = l.Case.Invite(partner.user, partner.role, l.Now)
		l.happens(author, facts, err)
		l.wait(3)
		facts, err = l.Case.AnswerInvitation(partner.user, true, l.Now)
		l.happens(partner.user, facts, err)
	}
	referent := one(l, []casework.UserID{author, partner})
	facts, err := l.Case.AskReferent(referent, "", true, l.Now)
	l.happens(author, facts, err)
	l.wait(4)
	facts, err = l.Case.AnswerReferent(referent, true, l.Now)
	l.happens(referent, facts, err)
}

func (l *lived) assess() {
	for range 1 + l.IntN(3) {
		l.wait(8)
		e := casework.Element{
			Name: "Logement trop petit et cher, bail qui finit", Kind: one(l, []casework.Kind{casework.Obstacle, casework.Strength}),
			Topic: one(l, l.topics), Priority: 1 + l.IntN(7), Objective: "Trouver plus grand, sans quitter le quartier",
		}
		facts, err := l.Case.Assess(e, casework.AimStated{}, l.Now)
		l.happens(author, facts, err)
	}
}

// meet plans a meeting and holds it.
func (l *lived) meet() {
	by := l.Case.Coordinator()
	at := l.Now.AddDate(0, 0, casework.NoticeDays+1+l.IntN(20))
	facts, err := l.Case.PlanCommission(casework.Commission{At: at, Place: "Maison des solidarités"}, l.Now)
	l.happens(by, facts, err)
	if l.Now = at; l.over() {
		return
	}
	id := l.Case.Commissions[len(l.Case.Commissions)-1].ID
	facts, err = l.Case.OpenSession(id, by, l.Now)
	l.happens(by, facts, err)
	var present, excused []casework.Actor
	for n, who := range l.Case.Called() {
		switch {
		case n < 2 || l.chance(65):
			present = append(present, who)
		case l.chance(50):
			excused = append(excused, who)
		}
	}
	facts, err = l.Case.TakeAttendance(id, present, excused, by, l.Now)
	l.happens(by, facts, err)
	for _, o := range l.Case.Objectives {
		if o.Over() {
			continue
		}
		facts, err = l.Case.Review(o.ID, one(l, []casework.Outcome{casework.Partly, casework.Reached, casework.NotYet, casework.Dropped}), "", l.Now)
		l.happens(by, facts, err)
	}
	facts, err = l.Case.EndSession(id, casework.DayOf(l.Now).Add(90), by, l.Now)
	l.happens(by, facts, err)
}

// work sets objectives, and has most of what they ask done.
func (l *lived) work() {
	for range 1 + l.IntN(2) {
		facts, err := l.Case.SetObjective(casework.Objective{Topic: one(l, l.topics), Title: "Trouver un logement stable", Horizon: casework.Short}, l.Now)
		l.happens(author, facts, err)
		for range 1 + l.IntN(2) {
			a := casework.Action{
				Objective: l.Case.Objectives[len(l.Case.Objectives)-1].ID, What: "Préparer le dossier du fonds de solidarité",
				Who: one(l, []casework.Actor{casework.ThePerson, "p1"}), Due: casework.DayOf(l.Now).Add(14 + l.IntN(60)),
			}
			facts, err := l.Case.AssignAction(a, l.Now)
			l.happens(author, facts, err)
		}
	}
	for _, a := range slices.Clone(l.Case.Actions) {
		if !l.Case.Live(a) || l.chance(30) {
			continue
		}
		l.wait(10)
		facts, err := l.Case.Finish(a.ID, author, l.Now)
		l.happens(author, facts, err)
	}
}

func (l *lived) end() {
	if l.chance(25) {
		return
	}
	l.wait(60)
	end := casework.Closing{Reason: "Les objectifs sont atteints", Words: "On m’a écoutée."}
	if l.chance(85) {
		end.Improved = one(l, []casework.Change{casework.Improved, casework.InPart, casework.Unimproved})
		end.Satisfied, end.Heard, end.Helped = one(l, casework.Degrees()), one(l, casework.Degrees()), one(l, casework.Degrees())
	}
	facts, err := l.Case.Close(end)
	l.happens(author, facts, err)
}
