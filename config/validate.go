package config

import (
	"fmt"
	"net"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"filippo.io/age"
)

// teamID is what the server calls a team.
var teamID = regexp.MustCompile(`^[a-z0-9]{26}$`)

// person is an account: its id on Mattermost, or its handle there with an @; or its id
// on Slack, where several may bear one name, after "slack:".
var person = regexp.MustCompile(`^(@[A-Za-z][A-Za-z0-9._-]*|[a-z0-9]{26}|slack:[UW][A-Z0-9]{2,20})$`)

// clock is a time of the day.
var clock = regexp.MustCompile(`^(([01]\d|2[0-3]):[0-5]\d|24:00)$`)

// Validate lists everything that is wrong with a set-up, as Faults; nil when
// nothing is.
func (c Config) Validate() error { return c.validate().orNil() }

func (c Config) validate() Faults {
	var faults Faults
	need := func(ok bool, name string, kind Kind, given, want string) {
		if !ok {
			faults = append(faults, Fault{Key: name, Kind: kind, Given: given, Want: want})
		}
	}
	oneOf := func(name, given string, choices ...string) {
		need(slices.Contains(choices, given), name, NotOneOf, given, strings.Join(choices, ", "))
	}
	need(c.Data != "", "data", Missing, "", "")
	need(c.Departement == "" || isDepartement(c.Departement), "departement", NotDepartement, c.Departement, "")
	for _, k := range keys {
		if k.list == nil {
			continue
		}
		for n, name := range *k.list(&c) {
			need(k.fits(name), fmt.Sprintf("%s[%d]", k.name, n+1), k.wrong, name, "")
		}
	}
	_, err := c.Location()
	need(err == nil && c.Zone != "Local", "time_zone", NotZone, c.Zone, ZoneOf(c.Departement))
	oneOf("language", c.Language, "fr", "en")
	need(c.canListen(), "listen", NotListen, c.Listen, Default().Listen)
	need(c.TLSKey != "" || c.TLSCert == "", "tls_key", Missing, "", "")
	need(c.TLSCert != "" || c.TLSKey == "", "tls_cert", Missing, "", "")
	need(c.CallbackURL == "" || isWebAddress(c.CallbackURL), "callback_url", NotAddress, c.CallbackURL, "")
	need(c.Callback() != "" || !c.canListen() || !c.OnMattermost(), "callback_url", NoCallback, c.Listen, "")
	need(c.Backup.Folder == "" || len(c.Backup.Recipients) > 0, "backup.recipients", Missing, "", "")
	oneOf("log.level", c.Log.Level, "debug", "info", "warn", "error")
	oneOf("log.format", c.Log.Format, "text", "json")
	for _, k := range keys {
		faults = append(faults, k.faults(&c)...)
	}
	r := c.Reminders
	need(clock.MatchString(r.From), "reminders.from", NotClock, r.From, "")
	need(clock.MatchString(r.To) && (r.From < r.To || !clock.MatchString(r.From)), "reminders.to", NotClock, r.To, "")
	need(r.Record == 0 || r.RecordMost > r.Record, "reminders.record_most", OutOfRange, strconv.Itoa(r.RecordMost), fmt.Sprintf("%d … %d", r.Record+1, far))
	// A case is only destroyed once its end was announced thirty days before.
	soonest := max(-far, -noticeDays*(c.RetentionMonths-1))
	announced := func(n int) bool { return soonest <= n && n <= -noticeDays }
	need(slices.ContainsFunc(r.Retention, announced), "reminders.retention", NoNotice, "", fmt.Sprintf("%d … %d", soonest, -noticeDays))

	oneOf("mattermost.showing", c.Mattermost.Showing, Full, Discreet)
	oneOf("slack.showing", c.Slack.Showing, Full, Discreet)
	if c.OnMattermost() {
		faults = append(faults, c.Mattermost.faults()...)
	}
	if c.Slack.Used() {
		faults = append(faults, c.slackFaults()...)
	}
	connected := c.CasesOn == OnMattermost && c.OnMattermost() || c.CasesOn == OnSlack && c.Slack.Used()
	need(c.CasesOn == "" || connected, "cases_on", NotConnected, c.CasesOn, OnMattermost+", "+OnSlack)
	return append(faults, c.away()...)
}

// faults lists what is wrong in what is said of Mattermost.
func (m Mattermost) faults() Faults {
	var faults Faults
	need := func(ok bool, name string, kind Kind, given string) {
		if !ok {
			faults = append(faults, Fault{Key: name, Kind: kind, Given: given})
		}
	}
	need(m.URL != "", "mattermost.url", Missing, "")
	need(m.URL == "" || isWebAddress(m.URL), "mattermost.url", NotAddress, m.URL)
	need(m.Token != "", "mattermost.token", Missing, "")
	need(len(m.Teams) > 0, teamsKey, NoTeam, "")
	seen := map[string]bool{}
	for n, team := range m.Teams {
		name := func(key string) string { return fmt.Sprintf("%s[%d].%s", teamsKey, n+1, key) }
		need(teamID.MatchString(team.ID), name("id"), NotTeamID, team.ID)
		need(team.ID == "" || !seen[team.ID], name("id"), Twice, team.ID)
		need(team.Token != "", name("token"), Missing, "")
		seen[team.ID] = true
	}
	return faults
}

// away lists those who have a part in the service and are on a chat that is not in use.
func (c Config) away() Faults {
	var faults Faults
	for key, names := range map[string][]string{"admins": c.Admins, "pilots": c.Pilots} {
		for n, name := range names {
			here := c.OnMattermost()
			if strings.HasPrefix(name, OnSlack+":") {
				here = c.Slack.Used()
			}
			if !here && person.MatchString(name) {
				faults = append(faults, Fault{Key: fmt.Sprintf("%s[%d]", key, n+1), Kind: PersonAway, Given: name})
			}
		}
	}
	slices.SortFunc(faults, func(a, b Fault) int { return strings.Compare(a.Key, b.Key) })
	return faults
}

// isRecipient says whether a text is a public key of age.
func isRecipient(text string) bool {
	_, err := age.ParseRecipients(strings.NewReader(text))
	return err == nil
}

// canListen says whether Listen is an address or a socket.
func (c Config) canListen() bool {
	if strings.HasPrefix(c.Listen, "unix:") {
		return filepath.Base(c.Socket()) != "." && !strings.HasSuffix(c.Socket(), "/")
	}
	_, port, err := net.SplitHostPort(c.Listen)
	if err != nil {
		return false
	}
	n, err := strconv.Atoi(port)
	return err == nil && n >= 1 && n <= 65535
}
