package config

import (
	"regexp"
	"strings"
)

// Slack says how the bot speaks in a Slack workspace.
type Slack struct {
	// Token is the bot's, which begins with xoxb-; TokenFile a file that holds it
	// instead.
	Token, TokenFile string
	// AppToken is the app's own, which begins with xapp-: Slack is then heard by a
	// connection that the program opens. With SigningSecret in its place, Slack calls
	// the program. Each may be in a file instead.
	AppToken, AppTokenFile           string
	SigningSecret, SigningSecretFile string
	// Team is the id of the workspace; when it is said, doctor tells a token of another.
	Team string
	// Showing is what Slack keeps of cases: Full or Discreet.
	Showing string
}

// The chats, as CasesOn names them.
const (
	OnMattermost = "mattermost"
	OnSlack      = "slack"
)

// Used says whether anything is said of Slack.
func (s Slack) Used() bool {
	s.Showing = ""
	return s != Slack{}
}

// Called says whether Slack calls the program, rather than being listened to.
func (s Slack) Called() bool { return s.SigningSecret != "" || s.SigningSecretFile != "" }

// Used says whether anything is said of Mattermost.
func (m Mattermost) Used() bool {
	return m.URL != "" || m.Token != "" || m.TokenFile != "" || len(m.Teams) > 0
}

// OnMattermost says whether people are on Mattermost: unless they are on Slack alone.
func (c Config) OnMattermost() bool { return c.Mattermost.Used() || !c.Slack.Used() }

// Browsers is where people's browsers, on Slack, reach Listen; empty for nowhere.
func (c Config) Browsers() string {
	if c.Near() && c.CallbackURL == "" {
		return ""
	}
	return c.Callback()
}

// workspace is what Slack calls one.
var workspace = regexp.MustCompile(`^[TE][A-Z0-9]{2,20}$`)

var slackKeys = []key{
	{name: "slack.token", at: func(c *Config) *string { return &c.Slack.Token }, secret: true},
	{name: "slack.token_file", at: func(c *Config) *string { return &c.Slack.TokenFile }},
	{name: "slack.app_token", at: func(c *Config) *string { return &c.Slack.AppToken }, secret: true},
	{name: "slack.app_token_file", at: func(c *Config) *string { return &c.Slack.AppTokenFile }},
	{name: "slack.signing_secret", at: func(c *Config) *string { return &c.Slack.SigningSecret }, secret: true},
	{name: "slack.signing_secret_file", at: func(c *Config) *string { return &c.Slack.SigningSecretFile }},
	{name: "slack.team", at: func(c *Config) *string { return &c.Slack.Team }},
	{name: "slack.showing", at: func(c *Config) *string { return &c.Slack.Showing }},
}

// slackFaults lists what is wrong in what is said of Slack. No secret is in them.
func (c Config) slackFaults() Faults {
	var faults Faults
	need := func(ok bool, name string, kind Kind, given, want string) {
		if !ok {
			faults = append(faults, Fault{Key: name, Kind: kind, Given: given, Want: want})
		}
	}
	s := c.Slack
	begins := func(name, token, with string) {
		need(token == "" || strings.HasPrefix(token, with), name, NotSlackToken, "", with+"…")
	}
	need(s.Token != "", "slack.token", Missing, "", "")
	begins("slack.token", s.Token, "xoxb-")
	need(s.AppToken != "" || s.SigningSecret != "", "slack.app_token", Missing, "", "")
	need(s.AppToken == "" || s.SigningSecret == "", "slack.signing_secret", TwoWays, "", "")
	begins("slack.app_token", s.AppToken, "xapp-")
	need(s.Team == "" || workspace.MatchString(s.Team), "slack.team", NotWorkspace, s.Team, "")
	need(!s.Called() || strings.HasPrefix(c.Callback(), "https://") && !c.Near(), "callback_url", NoSlackCallback, c.CallbackURL, "")
	return faults
}
