package caseworktest

import (
	"slices"
	"testing"

	"parcours/casework"

	"pgregory.net/rapid"
)

// The generator is of use only if its histories go everywhere: over many of
// them every fact occurs that a decision can give, every decision is taken at
// some time, and every state is the last one of some.
func TestHistoriesGoEverywhere(t *testing.T) {
	facts, taken := map[string]int{}, map[string]int{}
	states := map[casework.State]int{}
	many := func(t *rapid.T) {
		l := Begin(t, Users())
		for range 80 {
			if step := l.Step(t); len(step.Facts) > 0 {
				taken[step.Name]++
			}
		}
		for _, e := range l.Entries {
			facts[casework.FactName(e.Fact)]++
		}
		states[l.Case.State]++
	}
	for range 5 {
		rapid.Check(t, many)
	}
	for _, fact := range []casework.Fact{
		casework.Opened{}, casework.ConsentGiven{}, casework.ConsentWithdrawn{}, casework.ProfessionalListed{},
		casework.MemberInvited{}, casework.InvitationAnswered{}, casework.MemberLeft{},
		casework.ReferentAsked{}, casework.ReferentAnswered{}, casework.AimStated{}, casework.ElementAssessed{},
		casework.ObjectiveSet{}, casework.ActionAssigned{}, casework.ActionDone{}, casework.ActionPostponed{},
		casework.ActionReassigned{}, casework.HelpAsked{}, casework.CommissionPlanned{}, casework.AttendanceAnswered{},
		casework.CommissionCancelled{}, casework.SessionOpened{}, casework.AttendanceTaken{}, casework.TopicTaken{},
		casework.ViewGiven{}, casework.SessionEnded{}, casework.ObjectiveReviewed{}, casework.RelativeStated{},
		casework.RecordFrozen{}, casework.RecordSigned{},
		casework.CaseClosed{}, casework.ChannelOpened{}, casework.Shown{}, casework.Reminded{},
		casework.SharingHeld{}, casework.SharingResumed{}, casework.SharingSuspended{}, casework.RetentionSet{},
		casework.MissionEnded{}, casework.ChannelShut{},
	} {
		if facts[casework.FactName(fact)] == 0 {
			t.Errorf("no history has a fact %s", casework.FactName(fact))
		}
	}
	for _, d := range slices.Concat(decisions, atTheTable) {
		if taken[d.name] == 0 {
			t.Errorf("%q never succeeds", d.name)
		}
	}
	for _, state := range []casework.State{casework.Proposed, casework.Consented, casework.Followed, casework.Closed, casework.Withdrawn} {
		if states[state] == 0 {
			t.Errorf("no history ends in %s", state)
		}
	}
	t.Logf("facts %v\ntaken %v\nstates %v", facts, taken, states)
}
