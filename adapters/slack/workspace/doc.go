// Package workspace is a Slack workspace for tests: the service that the real
// client of Slack's interface talks to, and the people in it.
//
// It is strict. It refuses what Slack's documentation says is refused, in Slack's
// words: scopes that are missing, blocks that are malformed or too long, triggers
// that are late, channels the bot is not in, more calls than a minute allows. What
// people do fails if it is not acknowledged in three seconds. It counts time by a
// clock that a test holds. What Slack swallows in silence, such as
// an answer nobody waits for, is noted as a complaint, see Workspace.Complaints.
//
// The app in it is installed from its manifest. So a scope or an event that the
// manifest forgets is missing here too.
//
// github.com/slack-go/slack/slacktest was looked at and left out: its answers are
// canned, it has no people, channels or limits, and its socket sends one queue to
// whoever is connected, without envelopes, acknowledgements or reconnections.
//
// Where the documentation leaves a choice, the harder one is taken: names of actions
// are unique in a whole message, a deactivated account stays in the members of its
// channels, and an event that comes again does so in an envelope of another name.
package workspace
