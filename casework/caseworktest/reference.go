package caseworktest

import (
	"cmp"
	"slices"
	"time"

	"parcours/casework"
)

// Reference says what is due at now, in the zone of now, by reading the journal
// naively: it looks at each day there was, one after the other, and asks what
// falls on it. It shares no line with the domain: it is the second opinion on Due.
// record are the keys to be recorded.
func Reference(journal []casework.Entry, p casework.Policy, now time.Time) (give []casework.Reminder, record []string) {
	r := readReminders(journal, p, now)
	late := map[string][]casework.Reminder{}
	for _, due := range r.due() {
		if !r.reminded[due.Key] {
			record = append(record, due.Key)
			late[string(due.Kind)+due.Subject] = append(late[string(due.Kind)+due.Subject], due)
		}
	}
	for _, all := range late {
		slices.SortFunc(all, func(a, b casework.Reminder) int { return cmp.Or(b.At.Compare(a.At), b.Days-a.Days) })
		heard := map[casework.UserID]bool{}
		for _, due := range all {
			for user := range r.hears(due) {
				if !heard[user] {
					due.To = append(due.To, user)
				}
				heard[user] = true
			}
			if slices.Sort(due.To); len(due.To) > 0 {
				give = append(give, due)
			}
		}
	}
	slices.SortFunc(give, func(a, b casework.Reminder) int { return cmp.Or(a.At.Compare(b.At), cmp.Compare(a.Key, b.Key)) })
	slices.Sort(record)
	return give, record
}

// reminders is a journal as far as reminders go. Days are numbers: how many there
// are since 1970.
type reminders struct {
	Judge
	p        casework.Policy
	now      time.Time
	opened   time.Time
	ended    bool
	end      time.Time
	decided  time.Time
	consent  casework.Consent
	until    since
	mission  since
	wanted   string // until when the referent asked for is to be
	topics   map[string]casework.Topic
	over     map[string]bool
	actions  map[string]*action
	meetings []*meeting
	records  []*record
	lines    []*line
	order    []casework.UserID
	reminded map[string]bool
	works    map[int]bool
	// kept is the last day on which it is kept if nobody works on it any more.
	kept since
}

// since is a last day, and when it was fixed.
type since struct {
	day string
	at  time.Time
}

type action struct {
	casework.Action
	set  time.Time
	done bool
}

type meeting struct {
	casework.Commission
	set, opened, ended time.Time
	openedBy           casework.UserID
	off                bool
	next               since
}

type record struct {
	casework.Record
	at     time.Time
	signed map[casework.Actor]bool
}

type line struct {
	casework.Professional
	end since
}

func readReminders(journal []casework.Entry, p casework.Policy, now time.Time) *reminders {
	r := &reminders{
		Judge: Hear(journal), p: p, now: now, topics: map[string]casework.Topic{}, over: map[string]bool{},
		actions: map[string]*action{}, reminded: map[string]bool{}, works: map[int]bool{},
	}
	for _, e := range journal {
		switch e.Fact.(type) {
		case casework.Shown, casework.Reminded, casework.Withheld, casework.ChannelOpened, casework.ChannelMoved, casework.SharingHeld, casework.SharingResumed, casework.SharingSuspended, casework.RetentionSet, casework.MissionEnded, casework.ChannelShut, casework.DocumentMade, casework.Consulted:
		default:
			r.decided = e.At
		}
		r.take(e)
	}
	switch {
	case r.ended:
		r.kept = r.keptFrom(r.end)
	case r.agreed && r.until.day >= r.day(r.decided):
		// The consent runs until midnight.
		midnight, err := time.ParseInLocation("2006-01-02", r.until.day, now.Location())
		if err != nil {
			panic(err) // no fact holds such a day
		}
		r.kept = r.keptFrom(midnight.AddDate(0, 0, 1).Add(-time.Second))
	default:
		r.kept = r.keptFrom(r.decided)
	}
	return r
}

func (r *reminders) take(e casework.Entry) {
	switch f := e.Fact.(type) {
	case casework.Opened:
		r.opened = e.At
		r.order = append(r.order, e.By)
		r.lines = append(r.lines, &line{f.Author, since{string(f.Author.End), e.At}})
	case casework.ConsentGiven:
		if r.consent = f.Consent; r.until.day != string(f.Consent.Until) {
			r.until = since{string(f.Consent.Until), e.At}
		}
	case casework.ConsentWithdrawn, casework.CaseClosed:
		r.ended, r.end = true, e.At
	case casework.ProfessionalListed:
		r.list(f.Professional, e.At)
	case casework.MemberInvited:
		if !slices.Contains(r.order, f.User) {
			r.order = append(r.order, f.User)
		}
	case casework.ReferentAsked:
		r.wanted = string(f.Until)
	case casework.ReferentAnswered:
		if f.Accepted {
			r.mission = since{r.wanted, e.At}
		}
	case casework.ObjectiveSet:
		r.topics[f.Objective.ID] = f.Objective.Topic
	case casework.ObjectiveReviewed:
		r.over[f.Objective] = f.Outcome == casework.Reached || f.Outcome == casework.Dropped
	case casework.ActionAssigned:
		r.actions[f.Action.ID] = &action{Action: f.Action, set: e.At}
	case casework.ActionDone:
		r.actions[f.Action].done = true
	case casework.ActionPostponed:
		r.actions[f.Action].Due, r.actions[f.Action].set = f.Due, e.At
	case casework.ActionReassigned:
		r.actions[f.Action].Who, r.actions[f.Action].set = f.Who, e.At
	case casework.Reminded:
		r.reminded[f.Key] = true
	default:
		r.meet(e)
	}
}

func (r *reminders) list(p casework.Professional, at time.Time) {
	for _, known := range r.lines {
		if known.ID != p.ID {
			continue
		}
		if known.Professional = p; known.end.day != string(p.End) {
			known.end = since{string(p.End), at}
		}
		return
	}
	r.lines = append(r.lines, &line{p, since{string(p.End), at}})
}

// meet takes in what happens to meetings and their records.
func (r *reminders) meet(e casework.Entry) {
	switch f := e.Fact.(type) {
	case casework.CommissionPlanned:
		r.meetings = append(r.meetings, &meeting{Commission: f.Commission, set: e.At})
	case casework.CommissionCancelled:
		r.meeting(f.Commission).off = true
	case casework.SessionOpened:
		r.meeting(f.Commission).opened, r.meeting(f.Commission).openedBy = e.At, e.By
	case casework.SessionEnded:
		r.meeting(f.Commission).ended = e.At
		r.fix(f.Commission, f.NextOn, e.At)
	case casework.RecordFrozen:
		r.records = append(r.records, &record{f.Record, e.At, map[casework.Actor]bool{}})
		r.fix(f.Record.Commission, f.Record.Text.NextOn, e.At)
	case casework.RecordSigned:
		for _, known := range r.records {
			if known.ID == f.Signature.Record {
				known.signed[f.Signature.Who] = true
			}
		}
	}
}

func (r *reminders) meeting(id string) *meeting {
	for _, m := range r.meetings {
		if m.ID == id {
			return m
		}
	}
	return nil
}

func (r *reminders) fix(meeting string, next casework.Day, at time.Time) {
	if m := r.meeting(meeting); next != "" && m.next.day != string(next) {
		m.next = since{string(next), at}
	}
}
