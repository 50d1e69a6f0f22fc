package export

import (
	"time"

	"parcours/casework"
)

// A situation is the case as it stands: what the entries of the journal come to.
type situation struct {
	State     casework.State     `json:"state"`
	Author    casework.UserID    `json:"author"`
	OpenedAt  time.Time          `json:"opened_at"`
	LastAt    time.Time          `json:"last_at"`
	ClosedAt  *time.Time         `json:"closed_at,omitempty"`
	KeptUntil casework.Day       `json:"kept_until,omitempty"`
	Person    string             `json:"person"`
	Household casework.Household `json:"household"`
	Entry     string             `json:"entry,omitempty"`
	Words     string             `json:"words,omitempty"`
	Aim       string             `json:"aim,omitempty"`
	Problem   string             `json:"problem,omitempty"`
	Overview  string             `json:"situation,omitempty"`

	Relatives     []casework.Relative     `json:"relatives"`
	Consents      []consent               `json:"consents"`
	Professionals []casework.Professional `json:"professionals"`
	Members       []member                `json:"members"`
	Referents     []mission               `json:"referents"`
	Elements      []casework.Element      `json:"elements"`
	Objectives    []objective             `json:"objectives"`
	Actions       []action                `json:"actions"`
	Commissions   []commission            `json:"commissions"`
	Records       []record                `json:"records"`
	Closing       *casework.Closing       `json:"closing,omitempty"`
}

type consent struct {
	casework.Consent
	Withdrawn bool `json:"withdrawn"`
}

type member struct {
	User         casework.UserID `json:"user"`
	Role         casework.Role   `json:"role"`
	Professional string          `json:"professional,omitempty"`
	Joined       bool            `json:"joined"`
	Asked        bool            `json:"asked"`
}

type mission struct {
	User     casework.UserID `json:"user"`
	Since    time.Time       `json:"since"`
	Until    casework.Day    `json:"until,omitempty"`
	Asked    bool            `json:"asked"`
	Accepted bool            `json:"accepted"`
	Ended    bool            `json:"ended"`
}

type objective struct {
	casework.Objective
	Outcome casework.Outcome `json:"outcome,omitempty"`
	Why     string           `json:"why,omitempty"`
}

type action struct {
	casework.Action
	Done bool `json:"done"`
	Help bool `json:"help"`
}

type commission struct {
	casework.Commission
	Answers    map[casework.UserID]bool `json:"answers"`
	Cancelled  bool                     `json:"cancelled"`
	WhyOff     string                   `json:"why_off,omitempty"`
	OpenedAt   *time.Time               `json:"opened_at,omitempty"`
	EndedAt    *time.Time               `json:"ended_at,omitempty"`
	Attendance []casework.Attendance    `json:"attendance"`
	Topics     []casework.TopicTaken    `json:"topics"`
	View       string                   `json:"view,omitempty"`
	Next       casework.Day             `json:"next,omitempty"`
}

type record struct {
	casework.Record
	FrozenAt   time.Time       `json:"frozen_at"`
	By         casework.UserID `json:"by"`
	Signatures []signature     `json:"signatures"`
}

type signature struct {
	casework.Signature
	At time.Time       `json:"at"`
	By casework.UserID `json:"by"`
}

// situationOf gives the situation of a case; days are those of zone.
func situationOf(c *casework.Case, zone *time.Location) situation {
	s := situation{
		State: c.State, Author: c.Author, OpenedAt: c.OpenedAt, LastAt: c.LastAt, ClosedAt: moment(c.ClosedAt), KeptUntil: c.KeptUntil(zone),
		Person: c.Person, Household: c.Household, Entry: c.EntryPath, Words: c.OwnWords, Aim: c.Aim, Problem: c.Problem, Overview: c.Situation,
		Relatives: some(c.Relatives), Professionals: some(c.Professionals), Elements: some(c.Elements),
		Consents: each(c.Consents, func(v casework.Consent) consent { return consent{v, v.Withdrawn} }),
		Members: each(c.Members, func(m casework.Member) member {
			return member{User: m.User, Role: m.Role, Professional: m.Professional, Joined: m.Joined, Asked: m.Asked}
		}),
		Referents: each(c.Referents, func(m casework.Mission) mission {
			return mission{User: m.User, Since: m.Since, Until: m.Until, Asked: m.Asked, Accepted: m.Accepted, Ended: m.Ended}
		}),
		Objectives: each(c.Objectives, func(o casework.Objective) objective { return objective{o, o.Outcome, o.Why} }),
		Actions:    each(c.Actions, func(a casework.Action) action { return action{a, a.Done, a.Help} }),
		Commissions: each(c.Commissions, func(m casework.Commission) commission {
			return commission{
				Commission: m, Answers: m.Answers, Cancelled: m.Cancelled, WhyOff: m.WhyOff, OpenedAt: moment(m.OpenedAt), EndedAt: moment(m.EndedAt),
				Attendance: some(m.Attendance), Topics: some(m.Topics), View: m.View, Next: m.NextOn,
			}
		}),
		Records: each(c.Records, func(r casework.Record) record {
			signed := each(r.Signatures, func(s casework.Signature) signature { return signature{s, s.At, s.By} })
			return record{r, r.At, r.By, signed}
		}),
	}
	if !c.ClosedAt.IsZero() {
		s.Closing = &c.Closing
	}
	return s
}

// moment gives none for the zero time.
func moment(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}

// some gives an empty list for none: a field that is always there is easier to read.
func some[T any](all []T) []T { return append([]T{}, all...) }

func each[T, U any](all []T, as func(T) U) []U {
	made := make([]U, len(all))
	for i, one := range all {
		made[i] = as(one)
	}
	return made
}
