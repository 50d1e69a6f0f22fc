package casework_test

import (
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

// A reading is a journal read naively, up to a record: the second opinion on
// what the record is to say. It shares no line with the domain.
type reading struct {
	consent  casework.Consent
	aside    map[string]bool // « meeting topic »
	meetings map[string]casework.Commission
	began    map[string]time.Time
	off      map[string]bool
	set      []casework.Objective
	outcomes map[string]casework.ObjectiveReviewed
	reviewed map[string]time.Time
	// during are the objectives reviewed since the meeting was opened.
	during  map[string][]string
	under   string
	actions []casework.Action
	done    map[string]bool
	lines   []casework.Professional
	// texts are the records in use, by meeting, and frozen is when they were.
	texts  map[string]casework.Minutes
	frozen map[string]time.Time
}

func read(journal []casework.Entry) reading {
	r := reading{
		aside: map[string]bool{}, meetings: map[string]casework.Commission{}, began: map[string]time.Time{}, off: map[string]bool{},
		outcomes: map[string]casework.ObjectiveReviewed{}, reviewed: map[string]time.Time{}, during: map[string][]string{},
		done: map[string]bool{}, texts: map[string]casework.Minutes{}, frozen: map[string]time.Time{},
	}
	for _, e := range journal {
		switch f := e.Fact.(type) {
		case casework.Opened:
			r.lines = append(r.lines, f.Author)
		case casework.ProfessionalListed:
			i := slices.IndexFunc(r.lines, func(p casework.Professional) bool { return p.ID == f.Professional.ID })
			if i < 0 {
				r.lines = append(r.lines, f.Professional)
			} else {
				r.lines[i] = f.Professional
			}
		case casework.ConsentGiven:
			r.consent = f.Consent
		case casework.CommissionPlanned:
			r.meetings[f.Commission.ID], r.began[f.Commission.ID] = f.Commission, f.Commission.At
		case casework.CommissionCancelled:
			r.off[f.Commission] = true
		case casework.SessionOpened:
			r.under, r.began[f.Commission] = f.Commission, e.At
		case casework.SessionEnded:
			r.under = ""
		case casework.TopicTaken:
			r.aside[f.Commission+" "+string(f.Topic)] = !f.Agreed
		case casework.ObjectiveSet:
			r.set = append(r.set, f.Objective)
		case casework.ObjectiveReviewed:
			r.outcomes[f.Objective], r.reviewed[f.Objective] = f, e.At
			r.during[r.under] = append(r.during[r.under], f.Objective)
		case casework.ActionAssigned:
			r.actions = append(r.actions, f.Action)
		case casework.ActionDone:
			r.done[f.Action] = true
		case casework.ActionPostponed:
			r.of(f.Action).Due = f.Due
		case casework.ActionReassigned:
			r.of(f.Action).Who = f.Who
		case casework.RecordFrozen:
			r.texts[f.Record.Commission], r.frozen[f.Record.Commission] = f.Record.Text, e.At
		}
	}
	return r
}

func (r reading) of(action string) *casework.Action {
	return &r.actions[slices.IndexFunc(r.actions, func(a casework.Action) bool { return a.ID == action })]
}

// open says whether the record of a meeting may speak of topic.
func (r reading) open(meeting string, topic casework.Topic) bool {
	return slices.Contains(r.consent.Topics, topic) && !slices.Contains(r.consent.Vetoes, topic) && !r.aside[meeting+" "+string(topic)]
}

func (r reading) live(objective string) bool {
	o := r.outcomes[objective].Outcome
	return o != casework.Reached && o != casework.Dropped
}

// previous is the meeting before, if there was one.
func (r reading) previous(meeting string) (last casework.Commission) {
	for id, m := range r.meetings {
		if !r.off[id] && m.At.Before(r.meetings[meeting].At) && m.At.After(last.At) {
			last = m
		}
	}
	return last
}

// longLives is lives, longer and more of them: few come to a record early.
func longLives(t *testing.T, check func(*rapid.T, *caseworktest.Life, caseworktest.Step)) {
	t.Helper()
	for range 4 {
		rapid.Check(t, func(t *rapid.T) {
			l := caseworktest.Begin(t, caseworktest.Users())
			for range 80 {
				check(t, l, l.Step(t))
			}
		})
	}
}

// A record says all that was decided and nothing that is not to be told: every
// objective that is worked on, with who does what, of topics that are shared and
// that the person would speak of at the meeting; what became of those of the
// meeting before; every professional she agreed to (guide IV.C.2, IV.D.2, annexe
// 2.1).
func TestARecordSaysWhatTheJournalSays(t *testing.T) {
	frozen := 0
	longLives(t, func(t *rapid.T, l *caseworktest.Life, step caseworktest.Step) {
		for _, fact := range step.Facts {
			f, ok := fact.(casework.RecordFrozen)
			if !ok {
				continue
			}
			frozen++
			// What was known is the journal before this step.
			checkMinutes(t, read(l.Entries[:len(l.Entries)-len(step.Facts)]), f.Record)
		}
	})
	if frozen == 0 {
		t.Error("no record was frozen: the test looks at nothing")
	}
}

func checkMinutes(t *rapid.T, r reading, record casework.Record) {
	text, meeting := record.Text, record.Commission
	var want, got []string
	for _, o := range r.set {
		if !r.live(o.ID) || !r.open(meeting, o.Topic) {
			continue
		}
		want = append(want, fmt.Sprint("objective ", o.ID, o.Topic, o.Title))
		for _, a := range r.actions {
			if a.Objective == o.ID {
				want = append(want, fmt.Sprint("action ", a.ID, a.What, a.Who, a.Due, r.done[a.ID]))
			}
		}
	}
	for _, p := range r.lines {
		if p.Agreed {
			want = append(want, fmt.Sprintf("professional %+v", p))
		}
	}
	for _, o := range text.Objectives {
		got = append(got, fmt.Sprint("objective ", o.ID, o.Topic, o.Title))
		for _, s := range text.Actions {
			if s.Action.Objective == o.ID {
				got = append(got, fmt.Sprint("action ", s.Action.ID, s.Action.What, s.Action.Who, s.Action.Due, s.Done))
			}
		}
	}
	for _, p := range text.Support {
		got = append(got, fmt.Sprintf("professional %+v", p))
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Fatalf("the record of %s (-journal +record):\n%s", meeting, diff)
	}
	for _, topic := range text.Topics() {
		if topic != "" && !r.open(meeting, topic) {
			t.Fatalf("the record of %s tells of %q", meeting, topic)
		}
	}
	checkReviews(t, r, record)
}

func checkReviews(t *rapid.T, r reading, record casework.Record) {
	said := map[string]bool{}
	for _, review := range record.Text.Reviews {
		id := review.Objective.ID
		if last := r.outcomes[id]; said[id] || review.Outcome != "" && (review.Outcome != last.Outcome || review.Why != last.Why) {
			t.Fatalf("%+v, the last was %+v", review, last)
		}
		said[id] = true
	}
	before := r.previous(record.Commission).ID
	// A record corrected while this meeting was held tells of what it set.
	inTime := r.frozen[before].Before(r.began[record.Commission])
	for _, o := range r.set {
		earlier := inTime && slices.ContainsFunc(r.texts[before].Objectives, func(known casework.Objective) bool { return known.ID == o.ID })
		here := slices.Contains(r.during[record.Commission], o.ID)
		atOnce := r.reviewed[o.ID].Equal(r.frozen[before])
		if r.open(record.Commission, o.Topic) && !said[o.ID] && (here || earlier && !atOnce) {
			t.Fatalf("the record of %s says nothing of what became of %s, of %s: %+v", record.Commission, o.ID, before, record.Text.Reviews)
		}
	}
}

// What was frozen stays as it was; versions of a meeting's record are 1 to n;
// whoever signs, signs the text in use, once and for themselves.
func TestRecordsAndSignaturesHold(t *testing.T) {
	signed := 0
	var life *caseworktest.Life
	var texts map[string]casework.Minutes
	longLives(t, func(t *rapid.T, l *caseworktest.Life, step caseworktest.Step) {
		if l != life {
			life, texts = l, map[string]casework.Minutes{}
		}
		for _, fact := range step.Facts {
			switch f := fact.(type) {
			case casework.RecordFrozen:
				texts[f.Record.ID] = f.Record.Text
			case casework.RecordSigned:
				signed++
				r, _ := l.Case.Record(f.Signature.Record)
				if used, _ := l.Case.RecordOf(r.Commission); used.ID != r.ID {
					t.Fatalf("signed %s while %s was in use", r.ID, used.ID)
				}
				if f.Signature.Witness == "" && f.Signature.Who != whoIs(l.Case, step.By) {
					t.Fatalf("%s signed for another: %+v", step.By, f.Signature)
				}
			}
		}
		checkRecords(t, l.Case, texts)
	})
	if signed == 0 {
		t.Error("nothing was signed: the test looks at nothing")
	}
}

func checkRecords(t *rapid.T, c *casework.Case, texts map[string]casework.Minutes) {
	versions := map[string]int{}
	for _, r := range c.Records {
		if versions[r.Commission]++; r.Version != versions[r.Commission] {
			t.Fatalf("%s is version %d of %s, want %d", r.ID, r.Version, r.Commission, versions[r.Commission])
		}
		if diff := cmp.Diff(texts[r.ID], r.Text, cmpopts.EquateEmpty()); diff != "" || r.Hash != r.Text.Fingerprint() {
			t.Fatalf("%s changed after it was frozen, or is not what its hash says (-frozen +now):\n%s", r.ID, diff)
		}
		seen := map[string]bool{}
		for _, s := range r.Signatures {
			whose := string(s.Who) + s.Name
			if seen[whose] || s.Hash != r.Hash || s.Record != r.ID {
				t.Fatalf("%+v, under %s of hash %s", s, r.ID, r.Hash)
			}
			seen[whose] = true
			if s.OnPaper() && (s.Who != casework.ThePerson || s.Name == "" || s.By == "") {
				t.Fatalf("signed on paper for somebody else: %+v", s)
			}
		}
	}
}

// whoIs gives the member behind an account.
func whoIs(c *casework.Case, user casework.UserID) casework.Actor {
	m, _ := c.Member(user)
	if m.Role == casework.RolePerson {
		return casework.ThePerson
	}
	return casework.Actor(m.Professional)
}

// Whoever may not know of some topics is shown the record without them, and
// nothing less (guide III.B.3).
func TestSeenHidesExactlyWhatIsAsked(t *testing.T) {
	seen := 0
	longLives(t, func(t *rapid.T, l *caseworktest.Life, step caseworktest.Step) {
		if !slices.ContainsFunc(step.Facts, func(f casework.Fact) bool { _, ok := f.(casework.RecordFrozen); return ok }) {
			return
		}
		seen++
		text := l.Case.Records[len(l.Case.Records)-1].Text
		closed := rapid.SliceOfDistinct(rapid.SampledFrom(casework.Topics()), rapid.ID[casework.Topic]).Draw(t, "closed")
		shown, hidden := text.Seen(func(topic casework.Topic) bool { return !slices.Contains(closed, topic) })
		var want []string
		all := tells(text, text)
		for _, line := range all {
			topic, _, _ := strings.Cut(line, " ")
			if !slices.Contains(closed, casework.Topic(topic)) {
				want = append(want, line)
			}
		}
		if diff := cmp.Diff(want, tells(shown, text), cmpopts.EquateEmpty()); diff != "" || hidden != len(all)-len(want) {
			t.Fatalf("closed %v, said to hide %d of %d (-want +got):\n%s", closed, hidden, len(all), diff)
		}
		shown.Relatives, shown.Strengths, shown.Reviews, shown.Objectives, shown.Actions = text.Relatives, text.Strengths, text.Reviews, text.Objectives, text.Actions
		if shown.Fingerprint() != text.Fingerprint() {
			t.Fatal("what tells of no topic was changed too")
		}
	})
	if seen == 0 {
		t.Error("no record was seen: the test looks at nothing")
	}
}

// tells gives the lines of a text that tell of a topic, each with the topic first;
// that of an action is said by the whole text.
func tells(text, whole casework.Minutes) []string {
	var lines []string
	add := func(topic casework.Topic, what any) {
		lines = append(lines, fmt.Sprintf("%s %T %+v", topic, what, what))
	}
	for _, r := range text.Relatives {
		topic := casework.Topic("")
		if r.Kind == casework.Child {
			topic = casework.Childhood
		}
		add(topic, r)
	}
	for _, e := range text.Strengths {
		add(e.Topic, e)
	}
	for _, r := range text.Reviews {
		add(r.Objective.Topic, r)
	}
	for _, o := range text.Objectives {
		add(o.Topic, o)
	}
	for _, s := range text.Actions {
		i := slices.IndexFunc(whole.Objectives, func(o casework.Objective) bool { return o.ID == s.Action.Objective })
		add(whole.Objectives[i].Topic, s)
	}
	return lines
}

// The time of a meeting is kept twice at most, by somebody who is there, and
// never after it ended.
func TestTheTimeKeeperSpeaksTwiceAtMost(t *testing.T) {
	spoke := 0
	policy := casework.DefaultPolicy()
	lives(t, func(t *rapid.T, l *caseworktest.Life, step caseworktest.Step) {
		open, ok := l.Case.Session(l.Now)
		if !ok || !slices.ContainsFunc(step.Facts, func(f casework.Fact) bool { _, ok := f.(casework.SessionOpened); return ok }) {
			return
		}
		c := casework.Fold(l.Case.Code, l.Entries)
		ends := rapid.IntRange(0, 300).Draw(t, "minutes")
		times := 0
		for minute := range 400 {
			now := l.Now.Add(time.Duration(minute) * time.Minute)
			if minute == ends {
				c.Apply(casework.Entry{Seq: c.Seq + 1, At: now, Fact: casework.SessionEnded{Commission: open.ID}})
			}
			give, record := c.Due(policy, now)
			for _, r := range give {
				if r.Kind == casework.RemindTime {
					times++
					if minute >= ends || times > 2 || r.Subject != open.ID {
						t.Fatalf("reminder %d, %d minutes after the opening of a meeting of %d: %+v", times, minute, ends, r)
					}
				}
			}
			for _, fact := range record {
				c.Apply(casework.Entry{Seq: c.Seq + 1, At: now, Fact: fact})
			}
		}
		spoke += times
	})
	if spoke == 0 {
		t.Error("the time was never kept: the test looks at nothing")
	}
}
