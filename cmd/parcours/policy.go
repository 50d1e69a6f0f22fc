package main

import (
	"parcours/casework"
	"parcours/config"
	"parcours/workdays"
)

// policy gives when people are reminded, by a set-up, on the working days of a
// département.
func policy(r config.Reminders, departement string) casework.Policy {
	return casework.Policy{
		Hour: r.Hour, Working: workdays.Of(departement),
		Action: r.Action, ActionReferent: r.ActionReferent, ActionChair: r.ActionChair,
		Invitations: r.Invitations, Commission: r.Commission,
		Record: r.Record, RecordMost: r.RecordMost, Signatures: r.Signatures, Review: r.Review,
		Consent: r.Consent, Mission: r.Mission, Measure: r.Measure, Retention: r.Retention,
		Thinking: r.Thinking, Silence: r.Silence,
	}
}
