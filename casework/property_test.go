package casework_test

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"parcours/casework"
	"parcours/casework/caseworktest"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"
)

// lives checks something of a random case before its first step and after each.
func lives(t *testing.T, check func(*rapid.T, *caseworktest.Life, caseworktest.Step)) {
	t.Helper()
	rapid.Check(t, func(t *rapid.T) {
		l := caseworktest.Begin(t, caseworktest.Users())
		check(t, l, caseworktest.Step{Name: "open", Facts: facts(l.Entries)})
		for range 40 {
			check(t, l, l.Step(t))
		}
	})
}

func facts(entries []casework.Entry) []casework.Fact {
	var all []casework.Fact
	for _, e := range entries {
		all = append(all, e.Fact)
	}
	return all
}

// sameCase compares all of two cases, the unexported parts included.
func sameCase(t rapid.TB, name string, want, got *casework.Case) {
	t.Helper()
	opts := []cmp.Option{cmp.AllowUnexported(casework.Case{}), cmpopts.EquateEmpty()}
	if diff := cmp.Diff(want, got, opts...); diff != "" {
		t.Fatalf("%s (-want +got):\n%s", name, diff)
	}
}

// A case is its journal: folding any beginning of it gives what the case was
// then, whatever was applied, asked or decided since; and a journal is not
// changed by being read.
func TestFoldingABeginningGivesTheCaseOfThatTime(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		l := caseworktest.Begin(t, caseworktest.Users())
		type past struct {
			n    int
			then *casework.Case
		}
		var kept []past
		for range 40 {
			if rapid.IntRange(0, 9).Draw(t, "keep") == 9 {
				kept = append(kept, past{len(l.Entries), casework.Fold(l.Case.Code, slices.Clone(l.Entries))})
			}
			l.Step(t)
		}
		sameCase(t, "fold and apply differ", casework.Fold(l.Case.Code, l.Entries), l.Case)
		for _, k := range kept {
			sameCase(t, "the past changed", k.then, casework.Fold(l.Case.Code, l.Entries[:k.n]))
		}
	})
}

// What is written is what is read: Fold of the decoded journal is the Fold of
// the journal, and encoding it again gives the same bytes.
func TestAJournalSurvivesItsWriting(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		code, entries := caseworktest.History(t, caseworktest.Users())
		var read []casework.Entry
		for i, e := range entries {
			raw, err := casework.Encode(e)
			if err != nil {
				t.Fatalf("encode %s: %v", casework.FactName(e.Fact), err)
			}
			back, err := casework.Decode(uint64(i+1), raw)
			if err != nil {
				t.Fatalf("decode %s: %v", raw, err)
			}
			again, err := casework.Encode(back)
			if err != nil || !bytes.Equal(raw, again) {
				t.Fatalf("encoded again: %s, %v; want %s", again, err, raw)
			}
			read = append(read, back)
		}
		sameCase(t, "written and read", casework.Fold(code, entries), casework.Fold(code, read))
	})
}

// Covers is the rule of the gate (guide III.B.3, annexe 2.1): it says exactly
// what a second reading of the journal says, for everybody, every topic and
// every moment.
func TestCoversIsWhatTheJournalLets(t *testing.T) {
	lives(t, func(t *rapid.T, l *caseworktest.Life, _ caseworktest.Step) {
		j := caseworktest.Hear(l.Entries)
		lastDay := l.Case.Consent().Until.At(23, 59, l.Now.Location())
		for _, user := range append(l.Users, "", "stranger") {
			for _, topic := range append(casework.Topics(), "", "nonsense") {
				for _, at := range []time.Time{l.Now, lastDay, lastDay.Add(2 * time.Minute), l.Now.AddDate(2, 0, 0)} {
					if got, want := l.Case.Covers(user, topic, at), j.Lets(user, topic, at); got != want {
						t.Fatalf("Covers(%q, %q, %s) = %t, the journal says %t", user, topic, at, got, want)
					}
				}
			}
		}
	})
}

// Sharing stops at once with a withdrawal and after the last day of the consent,
// and a vetoed topic is for no professional (guide III.B.3, annexe 2.1).
func TestNobodyIsCoveredWithoutConsent(t *testing.T) {
	lives(t, func(t *rapid.T, l *caseworktest.Life, _ caseworktest.Step) {
		consent := l.Case.Consent()
		for _, user := range l.Users {
			for _, topic := range append(casework.Topics(), "") {
				covered := l.Case.Covers(user, topic, l.Now)
				m, _ := l.Case.Member(user)
				switch {
				case covered && l.Case.State == casework.Withdrawn:
					t.Fatalf("%s is covered for %q in a case whose consent was withdrawn", user, topic)
				case covered && slices.Contains(consent.Vetoes, topic) && m.Role != casework.RolePerson:
					t.Fatalf("%s is covered for %q, which is vetoed", user, topic)
				case covered && consent.Version > 0 && casework.DayOf(l.Now) > consent.Until && l.Case.State != casework.Closed:
					t.Fatalf("%s is covered for %q after %s", user, topic, consent.Until)
				case covered && consent.Version == 0 && user != l.Case.Author:
					t.Fatalf("%s is covered before any consent", user)
				}
			}
		}
	})
}

// What is not shared is not written down either: no objective, element or action
// on a topic vetoed or not agreed to (guide IV.B.3).
func TestNothingIsWrittenOnAClosedTopic(t *testing.T) {
	lives(t, func(t *rapid.T, l *caseworktest.Life, step caseworktest.Step) {
		for _, fact := range step.Facts {
			var topic casework.Topic
			switch f := fact.(type) {
			case casework.ObjectiveSet:
				topic = f.Objective.Topic
			case casework.ElementAssessed:
				topic = f.Element.Topic
			case casework.ActionAssigned:
				topic = l.Case.TopicOf(f.Action)
			default:
				continue
			}
			if consent := l.Case.Consent(); !slices.Contains(consent.Topics, topic) || slices.Contains(consent.Vetoes, topic) {
				t.Fatalf("%s on %q, which is not shared", casework.FactName(fact), topic)
			}
		}
	})
}

// The circle holds together: whoever is in it, the author and the person apart,
// is on the list under their own account with the person's agreement; and
// consents speak of nobody else (guide IV.A.2).
func TestTheCircleIsThePersonsOwn(t *testing.T) {
	lives(t, func(t *rapid.T, l *caseworktest.Life, _ caseworktest.Step) {
		if l.Case.Ended() {
			return
		}
		consent := l.Case.Consent()
		for _, m := range l.Case.Members {
			if !m.Joined || m.User == l.Case.Author || m.Role == casework.RolePerson {
				continue
			}
			p, ok := l.Case.ProfessionalOf(m.User)
			if !ok || !p.Agreed || p.ID != m.Professional {
				t.Fatalf("%s is in the circle as %q, on the list as %+v", m.User, m.Professional, p)
			}
		}
		for _, share := range consent.Shares {
			if p, ok := l.Case.Professional(share.Professional); !ok || !p.Agreed {
				t.Fatalf("the consent speaks of %s, whom the person did not agree to", share.Professional)
			}
			if slices.ContainsFunc(share.Topics, func(topic casework.Topic) bool { return !consent.Shared(topic) }) {
				t.Fatalf("a share of %v in a consent to %v without %v", share.Topics, consent.Topics, consent.Vetoes)
			}
		}
		accounts := map[casework.UserID]bool{}
		for _, p := range l.Case.Professionals {
			if p.User != "" && accounts[p.User] {
				t.Fatalf("%s is twice on the list", p.User)
			}
			accounts[p.User] = true
		}
	})
}

// One professional at most is referent, a member of the circle; whoever
// coordinates is in it too (guide IV.A.3).
func TestTheReferentIsInvolved(t *testing.T) {
	lives(t, func(t *rapid.T, l *caseworktest.Life, _ caseworktest.Step) {
		underWay := 0
		for _, m := range l.Case.Referents {
			if m.Accepted && !m.Ended {
				underWay++
				if !l.Case.IsMember(m.User) {
					t.Fatalf("the referent %s is not in the circle", m.User)
				}
			}
		}
		if underWay > 1 {
			t.Fatalf("%d referents", underWay)
		}
		if !l.Case.IsMember(l.Case.Coordinator()) {
			t.Fatalf("the coordinator %s is not in the circle", l.Case.Coordinator())
		}
	})
}

// Reminders reach those who may know, of things still to be done; what is handed
// over once is not due again; and NextDue wakes exactly when there is something
// to do.
func TestRemindersAtAnyMoment(t *testing.T) {
	policy := casework.DefaultPolicy()
	lives(t, func(t *rapid.T, l *caseworktest.Life, _ caseworktest.Step) {
		unit := rapid.SampledFrom([]time.Duration{time.Minute, 24 * time.Hour}).Draw(t, "unit")
		now := l.Now.Add(time.Duration(rapid.IntRange(0, 400).Draw(t, "asleep")) * unit)
		give, record := l.Case.Due(policy, now)
		subjects := map[string]bool{}
		for _, r := range give {
			checkReminder(t, l, r, now)
			for _, user := range r.To {
				subject := fmt.Sprint(r.Kind, r.Subject, user)
				if subjects[subject] {
					t.Fatalf("two reminders of %s at once", subject)
				}
				subjects[subject] = true
				if !l.Case.Stands(r, user, now) {
					t.Fatalf("%s is told at %s of what does not stand: %+v", user, now, r)
				}
			}
		}
		next := l.Case.NextDue(policy, now.Location())
		if due := !next.IsZero() && !next.After(now); due != (len(record) > 0) {
			t.Fatalf("NextDue is %s, and at %s there are %d facts to record", next, now, len(record))
		}

		later := casework.Fold(l.Case.Code, l.Entries)
		for _, fact := range record {
			later.Apply(casework.Entry{Seq: later.Seq + 1, At: now, Fact: fact})
		}
		if give, record := later.Due(policy, now); len(give)+len(record) > 0 {
			t.Fatalf("handed over, and due again: %v %v", give, record)
		}
		if next := later.NextDue(policy, now.Location()); !next.IsZero() && !next.After(now) {
			t.Fatalf("nothing is due at %s, yet NextDue is %s", now, next)
		}
	})
}

func checkReminder(t *rapid.T, l *caseworktest.Life, r casework.Reminder, now time.Time) {
	if r.At.After(now) || len(r.To) == 0 {
		t.Fatalf("at %s: %+v", now, r)
	}
	if r.At.Hour() != casework.DefaultPolicy().Hour && r.Kind != casework.RemindTime {
		t.Fatalf("at %d o'clock: %+v", r.At.Hour(), r)
	}
	var topic casework.Topic
	if r.Kind == casework.RemindAction {
		a, ok := l.Case.Action(r.Subject)
		o, _ := l.Case.Objective(a.Objective)
		if !ok || a.Done || o.Outcome == casework.Reached || o.Outcome == casework.Dropped {
			t.Fatalf("a reminder of %+v for %+v", a, o)
		}
		topic = o.Topic
	}
	if m, ok := l.Case.Commission(r.Subject); ok {
		keepsTime := r.Kind == casework.RemindTime
		after := r.Kind == casework.RemindRecord || r.Kind == casework.RemindUnrecorded || r.Kind == casework.RemindReview
		switch {
		case m.Cancelled:
			t.Fatalf("a reminder of a meeting that will not be held: %+v", r)
		case keepsTime && (m.OpenedAt.IsZero() || !m.EndedAt.IsZero()):
			t.Fatalf("a reminder of the time of a meeting that is not under way: %+v", r)
		case !keepsTime && !after && !m.At.After(now):
			t.Fatalf("a reminder of a meeting that has begun: %+v", r)
		}
	}
	keepers := forKeepers(l.Case, r)
	for i, user := range r.To {
		switch {
		case slices.Contains(r.To[:i], user):
			t.Fatalf("%s is told twice: %+v", user, r)
		case keepers && user != l.Case.Coordinator():
			t.Fatalf("%s does not coordinate: %+v", user, r)
		case !keepers && !l.Case.IsMember(user):
			t.Fatalf("%s is not in the circle: %+v", user, r)
		case !keepers && !l.Case.Covers(user, topic, now):
			t.Fatalf("%s may not know of %q: %+v", user, topic, r)
		}
	}
}

// forKeepers reports whether a reminder is for whoever coordinates, though they may
// know of nothing any more.
func forKeepers(c *casework.Case, r casework.Reminder) bool {
	switch r.Kind {
	case casework.RemindConsent, casework.RemindThinking:
		return true
	case casework.RemindRetention:
		return c.State != casework.Proposed && c.State != casework.Closed
	}
	return false
}

// The life of a case goes one way: proposed, consented, followed, then closed or
// withdrawn. A refusal has no state, for nothing is kept of it (guide IV.A.1).
func TestStatesOnlyMoveForward(t *testing.T) {
	allowed := map[casework.State][]casework.State{
		"":                 {casework.Proposed},
		casework.Proposed:  {casework.Consented},
		casework.Consented: {casework.Followed, casework.Closed, casework.Withdrawn},
		casework.Followed:  {casework.Closed, casework.Withdrawn},
	}
	rapid.Check(t, func(t *rapid.T) {
		code, entries := caseworktest.History(t, caseworktest.Users())
		c := casework.Fold(code, nil)
		for _, e := range entries {
			before := c.State
			c.Apply(e)
			if c.State != before && !slices.Contains(allowed[before], c.State) {
				t.Fatalf("%s made %q of %q", casework.FactName(e.Fact), c.State, before)
			}
		}
	})
}

// A refusal says why in words of the domain: every error is an *Error, and comes
// with nothing to record.
func TestRefusalsAreTyped(t *testing.T) {
	lives(t, func(t *rapid.T, _ *caseworktest.Life, step caseworktest.Step) {
		if step.Err == nil {
			return
		}
		if refused, ok := step.Err.(*casework.Error); !ok || refused.Code == "" || len(step.Facts) > 0 {
			t.Fatalf("%s: %#v with %v", step.Name, step.Err, step.Facts)
		}
	})
}

// An ended case stays as it ended: nothing is added to the work, and all that it
// reminds of is that it will be destroyed.
func TestNothingIsDecidedAfterTheEnd(t *testing.T) {
	lives(t, func(t *rapid.T, l *caseworktest.Life, step caseworktest.Step) {
		if !l.Case.Ended() {
			return
		}
		for _, fact := range step.Facts {
			switch f := fact.(type) {
			case casework.Reminded:
				if !strings.HasPrefix(f.Key, string(casework.RemindRetention)+"/") {
					t.Fatalf("%s after the end", f.Key)
				}
			case casework.ConsentWithdrawn, casework.CaseClosed, casework.MemberLeft,
				casework.ChannelOpened, casework.Shown, casework.Withheld, casework.SharingHeld, casework.SharingResumed,
				casework.RetentionSet:
			default:
				t.Fatalf("%s after the end", casework.FactName(fact))
			}
		}
	})
}
