package main

import (
	"parcours/casework"
	"parcours/config"
	"parcours/workdays"
)

// policy gives when people are reminded and how long cases are kept, by a set-up, on
// the working days of its département.
func policy(cfg config.Config) casework.Policy {
	r := cfg.Reminders
	from, _ := casework.ParseClock(r.From)
	to, _ := casework.ParseClock(r.To)
	return casework.Policy{
		Hour: r.Hour, Working: workdays.Week(cfg.Departement, r.Days), From: from, To: to,
		Action: r.Action, ActionReferent: r.ActionReferent, ActionChair: r.ActionChair,
		Invitations: r.Invitations, Commission: r.Commission,
		Record: r.Record, RecordMost: r.RecordMost, Signatures: r.Signatures, Review: r.Review,
		Consent: r.Consent, Mission: r.Mission, Measure: r.Measure, Retention: r.Retention,
		Thinking: r.Thinking, Silence: r.Silence, Keep: cfg.RetentionMonths,
	}
}
