package documents_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"parcours/casework"
	"parcours/casework/caseworktest"
	"parcours/documents"
	"parcours/documents/paper"

	"pgregory.net/rapid"
)

// A marked life is a random history in which each text can be told from every
// other, those of its frozen records included.
type marked struct {
	*casework.Case
	now time.Time
	n   int
}

// mark gives a text that no other contains.
func (m *marked) mark(what string) string {
	m.n++
	return fmt.Sprintf("%s-%04d", what, m.n)
}

func (m *marked) apply(by casework.UserID, facts []casework.Fact) {
	for _, fact := range facts {
		switch f := fact.(type) {
		case casework.ObjectiveSet:
			f.Objective.Title = m.mark("objective")
			fact = f
		case casework.ActionAssigned:
			f.Action.What = m.mark("action")
			fact = f
		case casework.ElementAssessed:
			f.Element.Name = m.mark("element")
			fact = f
		case casework.ProfessionalListed:
			f.Professional.Name = m.mark("professional")
			fact = f
		case casework.RelativeStated:
			if f.Relative.Kind == casework.Child {
				f.Relative.FirstName = m.mark("child")
			}
			fact = f
		case casework.RecordFrozen:
			if meeting, ok := m.Commission(f.Record.Commission); ok {
				f.Record.Text = m.Minutes(meeting, f.Record.Text.Notes, f.Record.Text.NextOn)
				f.Record.Hash = f.Record.Text.Fingerprint()
			}
			fact = f
		}
		m.Apply(casework.Entry{Seq: m.Seq + 1, At: m.now, By: by, Fact: fact})
	}
}

// live draws a marked life.
func live(t *rapid.T) *marked {
	l := caseworktest.Begin(t, caseworktest.Users())
	m := &marked{Case: casework.Fold(l.Case.Code, nil), now: l.Now}
	m.apply(l.Users[0], facts(l.Entries))
	for range 10 + below(t, 30, "steps") {
		step := l.Step(t)
		m.now = l.Now
		m.apply(step.By, step.Facts)
		m.more(t, l)
	}
	return m
}

// below draws a number from 0 to n-1, each nearly as likely, which rapid's own
// numbers are not.
func below(t *rapid.T, n int, what string) int {
	drawn := 0
	for _, bit := range rapid.SliceOfN(rapid.Bool(), 8, 8).Draw(t, what) {
		drawn *= 2
		if bit {
			drawn++
		}
	}
	return drawn * n / 256
}

func facts(entries []casework.Entry) []casework.Fact {
	var all []casework.Fact
	for _, e := range entries {
		all = append(all, e.Fact)
	}
	return all
}

// more tries what random histories do too seldom, in the middle of everything
// else: children, reviews, meetings, records, signatures, vetoes.
func (m *marked) more(t *rapid.T, l *caseworktest.Life) {
	by := m.Coordinator()
	try := func(by casework.UserID, facts []casework.Fact, err error) {
		if err == nil {
			l.Apply(by, facts)
			m.apply(by, facts)
		}
	}
	do := func(facts []casework.Fact, err error) { try(by, facts, err) }
	topic := casework.Topics()[below(t, len(casework.Topics()), "topic")]
	if shared := m.Consent().Topics; len(shared) > 0 {
		topic = shared[below(t, len(shared), "shared topic")]
	}
	switch below(t, 8, "more") {
	case 0:
		do(m.StateRelative(casework.Relative{Kind: casework.Child, FirstName: m.mark("new")}, m.now))
	case 1:
		do(m.SetObjective(casework.Objective{Topic: topic, Title: "A quieter home"}, m.now))
	case 2, 3:
		if n := len(m.Objectives); n > 0 {
			o := m.Objectives[below(t, n, "objective")]
			do(m.AssignAction(casework.Action{Objective: o.ID, What: "Call", Who: casework.ThePerson, Due: casework.DayOf(m.now).Add(below(t, 3, "due"))}, m.now))
			outcomes := []casework.Outcome{casework.Partly, casework.NotYet, casework.Reached}
			do(m.Review(m.Objectives[below(t, n, "reviewed")].ID, outcomes[below(t, 3, "outcome")], m.mark("why"), m.now))
		}
	case 4:
		do(m.PlanCommission(casework.Commission{At: m.now.Add(time.Minute), Place: "MDS", Why: "eviction"}, m.now))
	case 5:
		for _, meeting := range m.Commissions {
			do(m.OpenSession(meeting.ID, by, m.now))
			do(m.TakeTopic(meeting.ID, topic, below(t, 3, "agreed") > 0, by, m.now))
			do(m.FreezeRecord(meeting.ID, m.mark("notes"), "", by, m.now))
		}
	case 6:
		for _, r := range m.Records {
			for _, member := range m.Members {
				facts, err := m.Sign(r.ID, member.User, m.now)
				try(member.User, facts, err)
			}
			do(m.SignOnPaper(r.ID, m.mark("signed"), m.mark("witness"), by, m.now))
		}
	case 7:
		if below(t, 4, "veto") == 0 {
			do(m.Extend(by, casework.Extension{Vetoes: []casework.Topic{topic}}, m.now))
		}
	}
}

// request asks for what sees allows.
func (m *marked) request(sees func(casework.Topic) bool) documents.Request {
	return documents.Request{Case: m.Case, Sees: sees, Say: french, Now: m.now}
}

// make makes one document of a marked life.
func (m *marked) make(t *rapid.T, kind documents.Kind, model, subject string, sees func(casework.Topic) bool) documents.Paper {
	r := m.request(sees)
	r.Subject = subject
	p, err := documents.Make(kind, model, r)
	if err != nil {
		t.Fatalf("%s %s: %v", kind, model, err)
	}
	return p
}

// lines are the marks of what tells of a topic.
func (m *marked) lines() map[string]casework.Topic {
	all := map[string]casework.Topic{}
	for _, o := range m.Objectives {
		all[o.Title] = o.Topic
	}
	for _, a := range m.Actions {
		all[a.What] = m.TopicOf(a)
	}
	for _, e := range m.Elements {
		all[e.Name] = e.Topic
	}
	for _, r := range m.Relatives {
		if r.Kind == casework.Child {
			all[r.FirstName] = r.Topic()
		}
	}
	return all
}

// The four documents together hold all that is alive in a case, and each record
// all its signatures.
func TestNothingAliveIsLost(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m := live(t)
		shared := m.Consent().Shared
		var said strings.Builder
		for kind, model := range map[documents.Kind]string{
			documents.Record: "62", documents.List: "75", documents.Synthesis: "09", documents.Project: "67",
		} {
			said.WriteString(text(m.make(t, kind, model, "", shared).Document))
		}
		holds := func(what string) {
			if !strings.Contains(said.String(), what) {
				t.Errorf("%s is in no document", what)
			}
		}
		for _, o := range m.Objectives {
			if !o.Over() && shared(o.Topic) {
				holds(o.Title)
			}
		}
		for _, a := range m.Actions {
			if m.Live(a) && shared(m.TopicOf(a)) {
				holds(a.What)
			}
		}
		for _, p := range m.Professionals {
			if p.Agreed {
				holds(p.Name)
			}
		}
		for _, e := range m.Elements {
			if shared(e.Topic) {
				holds(e.Name)
			}
		}
		for _, r := range m.Records {
			for _, model := range documents.Models() {
				m.signatures(t, r, m.make(t, documents.Record, model, r.ID, shared).Document)
			}
		}
	})
}

// signatures checks that a record shows each of its signatures once.
func (m *marked) signatures(t *rapid.T, r casework.Record, d paper.Document) {
	var boxes []paper.Signature
	for _, block := range d.Blocks {
		if b, ok := block.(paper.Signatures); ok {
			boxes = slices.DeleteFunc(b.Signatures, func(s paper.Signature) bool { return s.Mark == "" })
		}
	}
	if len(boxes) != len(r.Signatures) {
		t.Errorf("%d signatures are shown of %d", len(boxes), len(r.Signatures))
	}
	for _, s := range r.Signatures {
		name := s.Name
		if p, ok := m.Professional(string(s.Who)); ok {
			name = p.Name
			for _, then := range r.Text.Support {
				if then.ID == p.ID {
					name = then.Name
				}
			}
		}
		shown := slices.ContainsFunc(boxes, func(b paper.Signature) bool {
			return strings.Contains(b.Name, name) && strings.Contains(b.Mark, s.Witness) && b.Date != "" &&
				strings.Contains(b.Mark, "partie") == s.Part
		})
		if !shown {
			t.Errorf("the signature of %s is not shown as it was made", name)
		}
	}
	if d.Hash == "" || !strings.Contains(d.Hash, r.Hash) || !strings.Contains(d.Version, fmt.Sprint(r.Version)) {
		t.Errorf("record %s version %d bears %q %q", r.ID, r.Version, d.Version, d.Hash)
	}
}

// Whatever the history, the kind and the model: no line that the reader may not
// see, nor of a vetoed topic, is in a document; what is left out is counted, but
// for what nobody is to know of, save in a frozen text; and the topics said are
// exactly those told of.
func TestNothingHiddenIsTold(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m := live(t)
		consent := m.Consent()
		open := map[casework.Topic]bool{}
		for _, topic := range casework.Topics() {
			open[topic] = rapid.Bool().Draw(t, string(topic))
		}
		few := func(topic casework.Topic) bool { return open[topic] }
		lines := m.lines()
		for _, kind := range documents.Kinds() {
			for _, model := range documents.Models() {
				part, whole := m.make(t, kind, model, "", few), m.make(t, kind, model, "", all)
				said, everything := text(part.Document), text(whole.Document)
				hidden := whole.Hidden
				told := map[casework.Topic]bool{}
				for line, topic := range lines {
					in := strings.Contains(said, line)
					if in && (!open[topic] || slices.Contains(consent.Vetoes, topic)) {
						t.Errorf("%s %s tells %s, of %s", kind, model, line, topic)
					}
					told[topic] = told[topic] || in
					if strings.Contains(everything, line) && !in {
						hidden++
					}
				}
				frozen := kind == documents.Record && len(m.Records) > 0
				for line, topic := range lines {
					closed := slices.Contains(consent.Vetoes, topic) || !frozen && !consent.Shared(topic)
					if closed && strings.Contains(everything, line) {
						t.Errorf("%s %s tells %s, of %s, which is not to be shared", kind, model, line, topic)
					}
				}
				if !frozen && whole.Hidden > 0 {
					t.Errorf("%s %s counts %d lines that nobody is to know of", kind, model, whole.Hidden)
				}
				if kind == documents.Leaflet {
					continue // it names topics, and has no lines
				}
				if part.Hidden != hidden {
					t.Errorf("%s %s hides %d lines and says %d", kind, model, hidden, part.Hidden)
				}
				for _, topic := range casework.Topics() {
					if said := slices.Contains(part.Topics, topic); said != told[topic] {
						t.Errorf("%s %s: of %s, told %t and said %t", kind, model, topic, told[topic], said)
					}
				}
				if kind != documents.Blank && !slices.Contains(part.Topics, "") {
					t.Errorf("%s %s does not say that it tells of the case", kind, model)
				}
			}
		}
	})
}

// Every blank of a form is named, but for what is to be filled by hand.
func TestEveryBlankIsNamed(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m := live(t)
		for _, kind := range documents.Kinds() {
			for _, model := range documents.Models() {
				p := m.make(t, kind, model, "", all)
				if kind == documents.Blank {
					if len(p.Missing) > 0 || p.Topics != nil {
						t.Errorf("a blank form lacks %q and tells of %q", p.Missing, p.Topics)
					}
					continue
				}
				for _, block := range p.Document.Blocks {
					fields, _ := block.(paper.Fields)
					for _, f := range fields.Fields {
						if f.Value == "" && f.Label != "À compléter" && !slices.Contains(p.Missing, f.Label) {
							t.Errorf("%s %s: the blank %q is not named", kind, model, f.Label)
						}
					}
				}
			}
		}
	})
}
