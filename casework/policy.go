package casework

import (
	"slices"
	"time"
)

// A Policy says when people are reminded, and how long cases are kept. Its lists are in days from a date:
// negative before it, 0 on it, positive after. A reminder that would come on a day
// nobody works comes on the working day before when it is ahead of the date, else
// on the next.
type Policy struct {
	// Hour is the hour of the day, in the département's time zone.
	Hour int
	// Working tells the working days; without it they are Monday to Friday.
	Working func(Day) bool
	// From and To are the times of a working day between which people are nudged,
	// where they are.
	From, To Clock
	// Action, ActionReferent and ActionChair, in working days from an action's due
	// day, are for whoever does it, the coordinator and the chair. The coordinator
	// is told whatever the chair is, and all that an actor cannot be.
	Action, ActionReferent, ActionChair []int
	// Invitations is when the coordinator should send them and when they are late;
	// Commission reminds the members.
	Invitations, Commission []int
	// Record and RecordMost, in working days after a meeting: from the one until
	// the day before the other, whoever leads is told every working day that its
	// record is missing; on the other, the coordinator, for the last time. None
	// when they are 0.
	Record, RecordMost int
	// Signatures is in days after a record was frozen.
	Signatures []int
	// Review is in days from the day fixed for the next meeting.
	Review []int
	// Consent, Mission, Measure are in days from their last day, Retention from
	// the last day on which a case is kept if nobody works on it any more.
	Consent, Mission, Measure, Retention []int
	// Thinking is in days after the proposal, Silence after the last decision, and
	// again after as many more; none when 0.
	Thinking, Silence int
	// Keep is how many months a case is kept after the last contact; 0 leaves it
	// as it is.
	Keep int
}

// DefaultPolicy is what is done where nothing else is set.
func DefaultPolicy() Policy {
	return Policy{
		Hour: 9, From: ClockAt(8, 0), To: ClockAt(18, 30),
		Action: []int{-7, -1, 0, 1, 7}, ActionReferent: []int{7}, ActionChair: []int{15},
		Invitations: []int{-21, -15}, Commission: []int{-7, -1},
		Record: 1, RecordMost: 30, Signatures: []int{3, 7}, Review: []int{-30, -7},
		Consent: []int{-30, -7, 0}, Mission: []int{-60, -30}, Measure: []int{-30}, Retention: []int{-30},
		Thinking: 14, Silence: 60, Keep: RetentionMonths,
	}
}

// offsets are the days from the date of a matter on which people are reminded of
// it, for the kinds that have a list of them.
func (p Policy) offsets(kind ReminderKind) []int {
	switch kind {
	case RemindAction:
		return union(p.Action, slices.Concat(p.ActionReferent, p.ActionChair))
	case RemindInvitations:
		return p.Invitations
	case RemindCommission:
		return p.Commission
	case RemindUnrecorded:
		return positive(p.RecordMost)
	case RemindSignatures:
		return p.Signatures
	case RemindReview:
		return p.Review
	case RemindConsent:
		return p.Consent
	case RemindMission:
		return p.Mission
	case RemindMeasure:
		return p.Measure
	case RemindRetention:
		return p.Retention
	case RemindThinking:
		return positive(p.Thinking)
	}
	return nil
}

func positive(days int) []int {
	if days <= 0 {
		return nil
	}
	return []int{days}
}

// moment is when people are reminded, n days from a date.
func (p Policy) moment(kind ReminderKind, on Day, n int, zone *time.Location) time.Time {
	d := on.Add(n)
	if kind == RemindAction || kind == RemindUnrecorded {
		d = on.AddWorking(n, p.Working)
	}
	if n < 0 {
		d = d.LastWorking(p.Working)
	} else {
		d = d.FirstWorking(p.Working)
	}
	return d.At(p.Hour, 0, zone)
}
