package config

import (
	"slices"
	"strings"
)

// A key is one text of the set-up, by its name in the file and in the environment;
// or a list of texts, separated by commas in the environment; or a number or a list
// of them, from least to most.
type key struct {
	name        string
	at          func(*Config) *string
	list        func(*Config) *[]string
	number      func(*Config) *int
	numbers     func(*Config) *[]int
	least, most int
	secret      bool
	// fits says whether one of a list makes sense, and wrong what it is otherwise.
	fits  func(string) bool
	wrong Kind
}

// isText says whether the key is one text.
func (k key) isText() bool { return k.at != nil }

// isNumber says whether the key is a number, or a list of them.
func (k key) isNumber() bool { return k.number != nil || k.numbers != nil }

// keys are all but the teams.
var keys = slices.Concat(generalKeys, backupKeys, reminderKeys, mattermostKeys, slackKeys)

var generalKeys = []key{
	{name: "data", at: func(c *Config) *string { return &c.Data }},
	{name: "keys", at: func(c *Config) *string { return &c.Keys }},
	{name: "departement", at: func(c *Config) *string { return &c.Departement }},
	{name: "departement_file", at: func(c *Config) *string { return &c.DepartementFile }},
	// Below three months, the end of a case could not be announced thirty days before.
	{name: "retention_months", number: func(c *Config) *int { return &c.RetentionMonths }, least: 3, most: 120},
	{name: "time_zone", at: func(c *Config) *string { return &c.Zone }},
	{name: "language", at: func(c *Config) *string { return &c.Language }},
	{name: "listen", at: func(c *Config) *string { return &c.Listen }},
	{name: "tls_cert", at: func(c *Config) *string { return &c.TLSCert }},
	{name: "tls_key", at: func(c *Config) *string { return &c.TLSKey }},
	{name: "trusted_proxies", list: func(c *Config) *[]string { return &c.TrustedProxies }, fits: isProxy, wrong: NotProxy},
	{name: "callback_url", at: func(c *Config) *string { return &c.CallbackURL }},
	{name: "admins", list: func(c *Config) *[]string { return &c.Admins }, fits: person.MatchString, wrong: NotPerson},
	{name: "pilots", list: func(c *Config) *[]string { return &c.Pilots }, fits: person.MatchString, wrong: NotPerson},
	{name: "cases_on", at: func(c *Config) *string { return &c.CasesOn }},
	{name: "log.level", at: func(c *Config) *string { return &c.Log.Level }},
	{name: "log.format", at: func(c *Config) *string { return &c.Log.Format }},
}

var backupKeys = []key{
	{name: "backup.recipients", list: func(c *Config) *[]string { return &c.Backup.Recipients }, fits: isRecipient, wrong: NotRecipient},
	{name: "backup.folder", at: func(c *Config) *string { return &c.Backup.Folder }},
	{name: "backup.keep", number: func(c *Config) *int { return &c.Backup.Keep }, least: 1, most: 3660},
}

var mattermostKeys = []key{
	{name: "mattermost.url", at: func(c *Config) *string { return &c.Mattermost.URL }},
	{name: "mattermost.token", at: func(c *Config) *string { return &c.Mattermost.Token }, secret: true},
	{name: "mattermost.token_file", at: func(c *Config) *string { return &c.Mattermost.TokenFile }},
	{name: "mattermost.showing", at: func(c *Config) *string { return &c.Mattermost.Showing }},
}

// A secretFile is a file that holds a secret in the place of its key.
type secretFile struct {
	name       string
	text, file func(*Config) *string
}

// secretFiles are those of all secrets that may be in a file.
var secretFiles = []secretFile{
	{"mattermost.token", func(c *Config) *string { return &c.Mattermost.Token }, func(c *Config) *string { return &c.Mattermost.TokenFile }},
	{"slack.token", func(c *Config) *string { return &c.Slack.Token }, func(c *Config) *string { return &c.Slack.TokenFile }},
	{"slack.app_token", func(c *Config) *string { return &c.Slack.AppToken }, func(c *Config) *string { return &c.Slack.AppTokenFile }},
	{"slack.signing_secret", func(c *Config) *string { return &c.Slack.SigningSecret }, func(c *Config) *string { return &c.Slack.SigningSecretFile }},
}

// teamKeys are those of one team.
var teamKeys = []struct {
	name   string
	at     func(*Team) *string
	secret bool
}{
	{name: "name", at: func(t *Team) *string { return &t.Name }},
	{name: "id", at: func(t *Team) *string { return &t.ID }},
	{name: "token", at: func(t *Team) *string { return &t.Token }, secret: true},
}

// teamsKey is the list of the teams, teamsVariable the same in the environment.
const (
	teamsKey      = "mattermost.teams"
	teamsVariable = "PARCOURS_MATTERMOST_TEAMS"
)

// Variable is the environment variable that comes before a key of the file.
func Variable(name string) string {
	return "PARCOURS_" + strings.ToUpper(strings.ReplaceAll(name, ".", "_"))
}
