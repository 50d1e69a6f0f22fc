package figures

import (
	"maps"
	"slices"
	"strings"
	"time"

	"parcours/casework"
)

// A Tally counts cases, one at a time, for a period, and keeps nothing of them
// but numbers. What it counts by are closed choices: what somebody wrote in words
// is never a category.
//
// It answers what the State asks (specification of 2016, section 8). Proposals of
// the period are counted with what became of them since; meetings, actions,
// objectives, missions of referents and ends are those of the period.
type Tally struct {
	from, to time.Time // to is the first moment after the period
	zone     *time.Location
	paths    []string
	counts   map[Quantity]int
	days     map[string]map[int]int // of a measure: how often each number of days
}

// The totals of the tables. Accepted is a row of the answers as well, Held one of
// the meetings, Closed one of the ends.
const (
	Proposed    Quantity = "proposed"
	Accepted    Quantity = "answers.accepted"
	Referents   Quantity = "referents"
	Partners    Quantity = "partners"
	Meetings    Quantity = "meetings"
	Held        Quantity = "meetings.held"
	Called      Quantity = "called"
	Actions     Quantity = "actions"
	Objectives  Quantity = "objectives"
	Ended       Quantity = "ended"
	Closed      Quantity = "ended.closed"
	MetOnce     Quantity = "steps.met"
	ReviewedToo Quantity = "reviews.reviewed"
)

// unknown is the row of those of whom it was not said.
const unknown = "unknown"

// NewTally gives an empty tally of the days from to to, both included, as they
// fall in zone. Entry paths are counted by paths, written as they are in cases;
// any other is counted as another.
func NewTally(from, to casework.Day, zone *time.Location, paths []string) *Tally {
	return &Tally{
		from: from.At(0, 0, zone), to: to.Add(1).At(0, 0, zone), zone: zone, paths: paths,
		counts: map[Quantity]int{}, days: map[string]map[int]int{},
	}
}

// Add counts a case, or the register of refusals. A refusal kept without a moment
// is counted whatever the period.
func (t *Tally) Add(c *casework.Case) {
	if c.Code == casework.Register {
		for _, e := range c.History() {
			if _, ok := e.Fact.(casework.RefusalCounted); ok && (e.At.IsZero() || t.holds(e.At)) {
				t.count(Proposed, "answers.refused")
			}
		}
		return
	}
	if t.holds(c.OpenedAt) {
		t.proposal(c)
	}
	for _, m := range c.Commissions {
		if t.holds(m.At) {
			t.meeting(m)
		}
	}
	t.events(c)
}

// Merge adds what other counted, of other cases in the same period.
func (t *Tally) Merge(other *Tally) {
	for q, n := range other.counts {
		t.counts[q] += n
	}
	for id, days := range other.days {
		for d, n := range days {
			t.lasted(id, d, n)
		}
	}
}

// Sheet is what was counted, to be masked.
func (t *Tally) Sheet() Sheet {
	s := Sheet{Counts: maps.Clone(t.counts)}
	for _, q := range t.questions() {
		table := Table{ID: q.id, Kind: q.kind, Total: q.total}
		for _, choice := range q.choices {
			table.Rows = append(table.Rows, rowOf(q.id, choice))
		}
		s.Tables = append(s.Tables, table)
	}
	for _, m := range []struct {
		id   string
		over Quantity
	}{{"duration", Ended}, {"to_meeting", MetOnce}, {"to_review", ReviewedToo}} {
		mean, median := middle(t.days[m.id])
		s.Measures = append(s.Measures,
			Measure{ID: m.id + ".mean", Value: mean, Over: m.over}, Measure{ID: m.id + ".median", Value: median, Over: m.over})
	}
	return s
}

func (t *Tally) holds(at time.Time) bool { return !at.Before(t.from) && at.Before(t.to) }

func (t *Tally) count(quantities ...Quantity) {
	for _, q := range quantities {
		t.counts[q]++
	}
}

// answer counts a choice of the table id, as unknown unless it is one of its
// choices.
func (t *Tally) answer(id, choice string, choices []string) {
	if !slices.Contains(choices, choice) {
		choice = unknown
	}
	t.count(rowOf(id, choice))
}

func rowOf(id, choice string) Quantity { return Quantity(id + "." + choice) }

func (t *Tally) lasted(id string, days, times int) {
	if t.days[id] == nil {
		t.days[id] = map[int]int{}
	}
	t.days[id][days] += times
}

func (t *Tally) since(from, to time.Time) int {
	return casework.DayOf(to.In(t.zone)).Sub(casework.DayOf(from.In(t.zone)))
}

// proposal counts what became of a proposal, and who entered.
func (t *Tally) proposal(c *casework.Case) {
	t.count(Proposed)
	if len(c.Consents) == 0 {
		t.count("answers.thinking")
		return
	}
	t.count(Accepted)
	her, _ := c.Herself()
	t.answer("household", string(c.Household), households)
	t.count(rowOf("age", t.age(her.Born, c.Consents[0].SetAt)))
	t.answer("sex", string(her.Title), titles)
	t.answer("family", string(her.Family), families)
	t.count(rowOf("entry", t.path(c.EntryPath)))
	var met []casework.Topic
	for _, e := range c.Elements {
		if e.Kind == casework.Obstacle && !slices.Contains(met, e.Topic) {
			met = append(met, e.Topic)
			t.answer("problems", string(e.Topic), topics)
		}
	}
	for _, p := range c.Professionals {
		if p.Agreed && p.User != c.Author {
			t.count(Partners)
			t.answer("partners", string(p.Sector), sectors)
		}
	}
	t.steps(c)
}

// age gives the band of somebody's age on the day of entry.
func (t *Tally) age(born casework.Day, entry time.Time) string {
	if !born.Valid() {
		return unknown
	}
	day := casework.DayOf(entry.In(t.zone))
	for i, years := range []int{25, 35, 45, 55, 65} {
		if born.AddMonths(12*years) > day {
			return ages[i]
		}
	}
	return ages[5]
}

func (t *Tally) path(entry string) string {
	for _, path := range t.paths {
		if strings.EqualFold(path, strings.TrimSpace(entry)) {
			return path
		}
	}
	if entry == "" {
		return unknown
	}
	return "other"
}

// steps measures how long it took from the proposal to the first meeting, and
// from there to the first review.
func (t *Tally) steps(c *casework.Case) {
	var first time.Time
	for _, m := range c.Commissions {
		if held(m) && (first.IsZero() || m.At.Before(first)) {
			first = m.At
		}
	}
	if first.IsZero() {
		return
	}
	t.count(MetOnce)
	t.lasted("to_meeting", t.since(c.OpenedAt, first), 1)
	for _, e := range c.History() {
		if _, ok := e.Fact.(casework.ObjectiveReviewed); ok && !e.At.Before(first) {
			t.count(ReviewedToo)
			t.lasted("to_review", t.since(first, e.At), 1)
			return
		}
	}
}

// held reports whether it was written down that a meeting took place.
func held(m casework.Commission) bool { return !m.OpenedAt.IsZero() || len(m.Attendance) > 0 }

func (t *Tally) meeting(m casework.Commission) {
	t.count(Meetings)
	switch {
	case m.Cancelled:
		t.count("meetings.cancelled")
		return
	case !held(m):
		t.count("meetings.unrecorded")
		return
	}
	t.count(Held)
	if m.Extraordinary {
		t.count("called_as.extraordinary")
	} else {
		t.count("called_as.ordinary")
	}
	t.answer("person", string(m.PresenceOf(casework.ThePerson)), presences)
	for _, a := range m.Attendance {
		if a.Who != casework.ThePerson {
			t.count(Called)
			t.answer("presence", string(a.Presence), presences)
		}
	}
}

// events counts what the journal says of the period.
func (t *Tally) events(c *casework.Case) {
	helped := map[string]bool{}
	for _, e := range c.History() {
		if f, ok := e.Fact.(casework.HelpAsked); ok {
			helped[f.Action] = true
		}
	}
	for _, e := range c.History() {
		if !t.holds(e.At) {
			continue
		}
		switch f := e.Fact.(type) {
		case casework.ActionAssigned:
			t.count(Actions)
			if a, _ := c.Action(f.Action.ID); a.Done {
				t.count("actions.done")
			} else {
				t.count("actions.open")
			}
			if helped[f.Action.ID] {
				t.count("difficulties.help")
			}
		case casework.ObjectiveSet:
			o, _ := c.Objective(f.Objective.ID)
			t.count(Objectives)
			t.answer("objectives", string(o.Outcome), outcomes)
		case casework.ReferentAnswered:
			if f.Accepted {
				p, _ := c.ProfessionalOf(f.User)
				t.count(Referents)
				t.answer("referents", string(p.Profession), professions)
			}
		case casework.ConsentWithdrawn:
			t.end(c, "ended.withdrawn", e.At)
		case casework.CaseClosed:
			t.end(c, Closed, e.At)
			t.answer("improved", string(f.Improved), changes)
			t.answer("satisfied", string(f.Satisfied), degrees)
			t.answer("heard", string(f.Heard), degrees)
			t.answer("helped", string(f.Helped), degrees)
		}
	}
}

func (t *Tally) end(c *casework.Case, how Quantity, at time.Time) {
	t.count(Ended, how)
	t.lasted("duration", t.since(c.Consents[0].SetAt, at), 1)
}

// middle gives the mean and the median of numbers, given how often each is
// there; 0 when none is.
func middle(times map[int]int) (mean, median float64) {
	n, sum := 0, 0
	for value, count := range times {
		n, sum = n+count, sum+value*count
	}
	if n == 0 {
		return 0, 0
	}
	passed := 0
	for _, value := range slices.Sorted(maps.Keys(times)) {
		before := passed
		passed += times[value]
		for _, place := range []int{(n - 1) / 2, n / 2} {
			if before <= place && place < passed {
				median += float64(value) / 2
			}
		}
	}
	return float64(sum) / float64(n), median
}
