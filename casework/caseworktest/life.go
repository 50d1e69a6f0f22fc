// Package caseworktest draws random histories of cases, for property tests of
// the domain and of what rests on it.
//
// A history is made of decisions alone: somebody asks for something, now and
// then something absurd, and what the domain allows is applied. So every
// history is one that could have happened, refusals included.
package caseworktest

import (
	"time"

	"parcours/casework"

	"pgregory.net/rapid"
)

// Users are accounts to draw histories with: enough for a circle, and a few who
// stay outside.
func Users() []casework.UserID {
	return []casework.UserID{"anna", "bruno", "chloe", "denis", "elsa", "farid"}
}

// Zone is the time zone of the histories, with its two changes a year.
func Zone() *time.Location {
	zone, err := time.LoadLocation("Europe/Paris")
	if err != nil {
		panic(err) // a machine without time zones cannot run these tests
	}
	return zone
}

// A Life is a case and how it got there. Case is built entry by entry; the same
// entries folded anew must give the same.
type Life struct {
	Case    *casework.Case
	Entries []casework.Entry
	Users   []casework.UserID
	Now     time.Time
}

// A Step is one thing somebody tried: its facts were applied unless Err.
type Step struct {
	Name  string
	By    casework.UserID
	Facts []casework.Fact
	Err   error
}

// Begin draws the opening of a case by the first of users: most often with the
// person's agreement, sometimes while she is thinking it over.
func Begin(t *rapid.T, users []casework.UserID) *Life {
	code := casework.Code("P-" + rapid.StringMatching(`[2346789ACDEFGHJKMNPQRTWXYZ]{4}`).Draw(t, "code"))
	l := &Life{
		Case:  casework.Fold(code, nil),
		Users: users,
		Now:   time.Date(2026, 1, 5, 8, 0, 0, 0, Zone()).Add(time.Duration(Below(t, 365*24, "start")) * time.Hour),
	}
	p := casework.Proposal{
		Person: "Mme Martin", Household: pick(t, "household", casework.OnePerson, casework.Family),
		Answer: casework.Accepts,
		Author: casework.Professional{Name: "Author", Service: "MDS"},
	}
	if oneIn(t, 8, "thinking") {
		p.Answer = casework.Thinking
	} else {
		p.Consent = firstConsent(t, l)
	}
	facts, err := casework.Open(code, users[0], p, l.Now)
	if err != nil {
		t.Fatalf("open: %v", err)
	}
	l.Apply(users[0], facts)
	return l
}

// Apply appends facts to the life, as decided by somebody now.
func (l *Life) Apply(by casework.UserID, facts []casework.Fact) {
	for _, fact := range facts {
		e := casework.Entry{Seq: uint64(len(l.Entries) + 1), At: l.Now, By: by, Fact: fact}
		l.Entries = append(l.Entries, e)
		l.Case.Apply(e)
	}
}

// Step lets some time pass, draws something that somebody tries, and applies
// what comes of it. Hours pass mostly, seldom weeks; while a meeting is under way
// minutes, and then it is mostly what is done there.
func (l *Life) Step(t *rapid.T) Step {
	what, unit := decisions, pick(t, "unit", time.Minute, time.Hour, time.Hour, time.Hour, 24*time.Hour)
	by := l.user(t, "by")
	if oneIn(t, 2, "coordinator") {
		by = l.Case.Coordinator()
	}
	if m, meeting := l.Case.Session(l.Now); meeting && !oneIn(t, 6, "elsewhere") {
		what, unit = atTheTable, time.Minute
		if !oneIn(t, 4, "somebody there") {
			by = m.OpenedBy
		}
	}
	l.Now = l.Now.Add(time.Duration(Below(t, 20, "pause")) * unit)
	d := pick(t, "decision", what...)
	facts, err := d.try(t, l, by)
	if err != nil {
		return Step{Name: d.name, By: by, Err: err}
	}
	l.Apply(by, facts)
	return Step{Name: d.name, By: by, Facts: facts}
}

// History draws a whole journal with users, who are at least two: the entries of
// a Life of some tens of steps.
func History(t *rapid.T, users []casework.UserID) (casework.Code, []casework.Entry) {
	l := Begin(t, users)
	for range 1 + Below(t, 80, "steps") {
		l.Step(t)
	}
	return l.Case.Code, l.Entries
}

// Below draws a number from 0 to n-1, all nearly as likely: what rapid draws by
// itself leans so far towards the first and the smallest that few cases would
// live long. It shrinks towards 0.
func Below(t *rapid.T, n int, what string) int {
	return number.Draw(t, what) % n
}

var number = rapid.Custom(func(t *rapid.T) int {
	drawn := 0
	for range 16 {
		drawn *= 2
		if rapid.Bool().Draw(t, "bit") {
			drawn++
		}
	}
	return drawn
})

// pick draws one of some things.
func pick[T any](t *rapid.T, what string, among ...T) T { return among[Below(t, len(among), what)] }

// oneIn draws something that happens once in n times.
func oneIn(t *rapid.T, n int, what string) bool { return Below(t, n, what) == n-1 }
