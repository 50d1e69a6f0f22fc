package config

import (
	"fmt"
	"strings"
)

// A Fault is one thing that is wrong in a set-up.
type Fault struct {
	// Key is the faulty key, as in "mattermost.url", the environment variable it
	// came from, or the path of a file.
	Key  string
	Kind Kind
	// Given is what was found, and Want what could stand there; a secret is never
	// in them.
	Given, Want string
}

// Kind says what is wrong; it is the key of the sentence that tells it, with the
// mend.
type Kind string

// The kinds.
const (
	NoFile         Kind = "config.no_file"
	Unreadable     Kind = "config.unreadable"
	Readable       Kind = "config.readable"
	Syntax         Kind = "config.syntax"
	Unknown        Kind = "config.unknown"
	NotText        Kind = "config.not_text"
	NotTexts       Kind = "config.not_texts"
	NotNumber      Kind = "config.not_number"
	NotNumbers     Kind = "config.not_numbers"
	OutOfRange     Kind = "config.out_of_range"
	NotClock       Kind = "config.not_clock"
	NumberTwice    Kind = "config.number_twice"
	NoNotice       Kind = "config.no_notice"
	NotPerson      Kind = "config.not_person"
	NotRecipient   Kind = "config.not_recipient"
	NotProxy       Kind = "config.not_proxy"
	Missing        Kind = "config.missing"
	NotAddress     Kind = "config.not_address"
	NotListen      Kind = "config.not_listen"
	NotZone        Kind = "config.not_zone"
	NotDepartement Kind = "config.not_departement"
	NotOneOf       Kind = "config.not_one_of"
	NotTeamID      Kind = "config.not_team_id"
	Twice          Kind = "config.twice"
	Both           Kind = "config.both"
	NoTeam         Kind = "config.no_team"
	NotTeams       Kind = "config.not_teams"
	NoCallback     Kind = "config.no_callback"

	NotSlackToken   Kind = "config.not_slack_token"
	TwoWays         Kind = "config.two_ways"
	NotWorkspace    Kind = "config.not_workspace"
	NoSlackCallback Kind = "config.no_slack_callback"
	NotConnected    Kind = "config.not_connected"
	PersonAway      Kind = "config.person_away"
)

// Error names the fault in short; the sentences for people are kept elsewhere,
// under Kind.
func (f Fault) Error() string {
	text := f.Key + ": " + string(f.Kind)
	if f.Given != "" {
		text += fmt.Sprintf(" %q", f.Given)
	}
	return text
}

// Faults are all that is wrong in a set-up.
type Faults []Fault

// Error names each fault in short.
func (f Faults) Error() string {
	all := make([]string, len(f))
	for i, fault := range f {
		all[i] = fault.Error()
	}
	return strings.Join(all, "\n")
}

// orNil gives nil when there is no fault.
func (f Faults) orNil() error {
	if len(f) == 0 {
		return nil
	}
	return f
}
