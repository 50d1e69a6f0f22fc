package config_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"parcours/config"

	"github.com/google/go-cmp/cmp"
)

const team = "abcdefghijklmnopqrstuvwxyz"

const recipient = "age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p"

const whole = `
data = "/srv/cases.db"
keys = "/run/keys"
departement = "974"
departement_file = "/srv/words.toml"
retention_months = 36
admins = ["abcdefghijklmnopqrstuvwxyz", "@claire"]
pilots = ["@nadia"]
time_zone = "Indian/Reunion"
language = "en"
listen = "0.0.0.0:9000"
trusted_proxies = ["192.0.2.10", "2001:db8::/32"]
callback_url = "https://parcours.example.org/"

[log]
level = "debug"
format = "json"

[backup]
recipients = ["` + recipient + `"]
folder = "/srv/backups"
keep = 30

[reminders]
hour = 8
days = 6
from = "07:30"
to = "24:00"
action = [-3, 0]
action_referent = [2, 4]
action_chair = []
invitations = [-20]
commission = [-2]
record = 2
record_most = 10
signatures = [5]
review = [-40]
consent = [-10, 0]
mission = [-50]
measure = [-20, -1]
retention = [-60]
thinking = 7
silence = 0

[mattermost]
showing = "discreet"
url = "https://chat.example.org"
token = "bot-secret"

[[mattermost.teams]]
name = "solidarites"
id = "abcdefghijklmnopqrstuvwxyz"
token = "team-secret"
`

func none(string) string { return "" }

// file puts a set-up in a file that its owner alone can read.
func file(t *testing.T, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "parcours.toml")
	must(t, os.WriteFile(path, []byte(text), 0o600))
	return path
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func TestEveryKeyIsRead(t *testing.T) {
	got, err := config.Load(file(t, whole), none)
	must(t, err)
	if err := got.Validate(); err != nil {
		t.Error(err)
	}
	for name, pair := range map[string][2]string{
		"data": {got.Data, "/srv/cases.db"}, "keys": {got.KeysPath(), "/run/keys"}, "departement": {got.Departement, "974"},
		"retention": {fmt.Sprint(got.RetentionMonths), "36"},
		"words":     {got.DepartementFile, "/srv/words.toml"}, "admins": {strings.Join(got.Admins, " "), team + " @claire"}, "pilots": {strings.Join(got.Pilots, " "), "@nadia"},
		"zone": {got.ZoneName(), "Indian/Reunion"}, "language": {got.Language, "en"}, "listen": {got.Listen, "0.0.0.0:9000"},
		"callback": {got.Callback(), "https://parcours.example.org"}, "recipients": {strings.Join(got.Backup.Recipients, " "), recipient}, "backups": {fmt.Sprint(got.Backup.Folder, got.Backup.Keep), "/srv/backups30"}, "level": {got.Log.Level, "debug"}, "format": {got.Log.Format, "json"},
		"showing": {got.Mattermost.Showing, config.Discreet}, "url": {got.Mattermost.URL, "https://chat.example.org"}, "token": {got.Mattermost.Token, "bot-secret"},
		"team": {got.Mattermost.Teams[0].Name + got.Mattermost.Teams[0].ID + got.Mattermost.Teams[0].Token, "solidarites" + team + "team-secret"},
	} {
		if pair[0] != pair[1] {
			t.Errorf("%s is %q, want %q", name, pair[0], pair[1])
		}
	}
	want := config.Reminders{
		Hour: 8, Days: 6, From: "07:30", To: "24:00", Action: []int{-3, 0}, ActionReferent: []int{2, 4}, ActionChair: []int{}, Record: 2, RecordMost: 10,
		Invitations: []int{-20}, Commission: []int{-2}, Signatures: []int{5}, Review: []int{-40},
		Consent: []int{-10, 0}, Mission: []int{-50}, Measure: []int{-20, -1}, Retention: []int{-60}, Thinking: 7,
	}
	if diff := cmp.Diff(want, got.Reminders); diff != "" {
		t.Error(diff)
	}
	if !got.Exposed() {
		t.Error("0.0.0.0 is said to be for this computer only")
	}
}

func TestTheEnvironmentComesFirst(t *testing.T) {
	env := map[string]string{
		"PARCOURS_DATA": "/elsewhere.db", "PARCOURS_MATTERMOST_TOKEN": "other", "PARCOURS_LOG_LEVEL": "error",
		"PARCOURS_PILOTS":         "@paul, @sophie",
		"PARCOURS_REMINDERS_HOUR": "10", "PARCOURS_REMINDERS_ACTION": "-2, 1",
		"PARCOURS_MATTERMOST_TEAMS": "zyxwvutsrqponmlkjihgfedcba=one, " + team + "=two",
	}
	got, err := config.Load(file(t, whole), func(name string) string { return env[name] })
	must(t, err)
	if got.Data != "/elsewhere.db" || got.Mattermost.Token != "other" || got.Log.Level != "error" || len(got.Mattermost.Teams) != 2 || got.Mattermost.Teams[1].Token != "two" {
		t.Errorf("got %+v", got)
	}
	if !slices.Equal(got.Pilots, []string{"@paul", "@sophie"}) || len(got.Admins) != 2 {
		t.Errorf("pilots %q, admins %q", got.Pilots, got.Admins)
	}
	if r := got.Reminders; r.Hour != 10 || !slices.Equal(r.Action, []int{-2, 1}) || r.Record != 2 {
		t.Errorf("reminders %+v", r)
	}
	if got.Language != "en" {
		t.Error("what the environment does not say is lost")
	}
}

// sound is a file without fault, to which each case below does something.
const sound = `
[mattermost]
url = "https://chat.example.org"
token = "bot-secret"
[[mattermost.teams]]
id = "abcdefghijklmnopqrstuvwxyz"
token = "team-secret"
`

func TestEveryFaultIsFound(t *testing.T) {
	swap := func(old, new string) string { return strings.Replace(sound, old, new, 1) }
	for _, c := range []struct {
		name, text string
		want       []config.Fault
	}{
		{"nothing wrong", sound, nil},
		{"syntax", "data = \n", []config.Fault{{Key: "1", Kind: config.Syntax}}},
		{"unknown key", "dta = \"x\"\n" + sound, []config.Fault{{Key: "dta", Kind: config.Unknown}}},
		{"unknown table", sound + "[slak]\nx = 1\n", []config.Fault{{Key: "slak", Kind: config.Unknown}}},
		{"unknown key in a table", swap("url", "adress = \"x\"\nurl"), []config.Fault{{Key: "mattermost.adress", Kind: config.Unknown}}},
		{"unknown key of a team", swap("id =", "nom = \"x\"\nid ="), []config.Fault{{Key: "mattermost.teams[1].nom", Kind: config.Unknown}}},
		{"a number", "data = 3\n" + sound, []config.Fault{{Key: "data", Kind: config.NotText}}},
		{"a text for a list", "admins = \"@claire\"\n" + sound, []config.Fault{{Key: "admins", Kind: config.NotTexts}}},
		{"numbers in a list", "pilots = [1]\n" + sound, []config.Fault{{Key: "pilots", Kind: config.NotTexts}}},
		{"a name without @", "pilots = [\"@nadia\", \"claire\"]\n" + sound, []config.Fault{{Key: "pilots[2]", Kind: config.NotPerson, Given: "claire"}}},
		{"nobody", "admins = [\"\"]\n" + sound, []config.Fault{{Key: "admins[1]", Kind: config.NotPerson}}},
		{"teams as a text", "[mattermost]\nurl = \"https://a\"\ntoken = \"x\"\nteams = \"b\"", []config.Fault{{Key: "mattermost.teams", Kind: config.NotTeams}}},
		{"empty", "", []config.Fault{{Key: "mattermost.url", Kind: config.Missing}, {Key: "mattermost.token", Kind: config.Missing}, {Key: "mattermost.teams", Kind: config.NoTeam}}},
		{"not an address", swap("https://chat", "chat"), []config.Fault{{Key: "mattermost.url", Kind: config.NotAddress, Given: "chat.example.org"}}},
		{"an address with a password", swap("https://", "https://a:b@"), []config.Fault{{Key: "mattermost.url", Kind: config.NotAddress}}},
		{"département", "departement = \"20\"\n" + sound, []config.Fault{{Key: "departement", Kind: config.NotDepartement, Given: "20"}}},
		{"zone", "time_zone = \"Europe/Foix\"\n" + sound, []config.Fault{{Key: "time_zone", Kind: config.NotZone, Given: "Europe/Foix"}}},
		{"local zone", "time_zone = \"Local\"\n" + sound, []config.Fault{{Key: "time_zone", Kind: config.NotZone}}},
		{"language", "language = \"de\"\n" + sound, []config.Fault{{Key: "language", Kind: config.NotOneOf, Given: "de"}}},
		{"listen", "listen = \"here\"\n" + sound, []config.Fault{{Key: "listen", Kind: config.NotListen, Given: "here"}}},
		{"port", "listen = \"127.0.0.1:99999\"\n" + sound, []config.Fault{{Key: "listen", Kind: config.NotListen}}},
		{"no callback", "listen = \"unix:/run/x.sock\"\n" + sound, []config.Fault{{Key: "callback_url", Kind: config.NoCallback}}},
		{"level and format", sound + "[log]\nlevel = \"loud\"\nformat = \"xml\"\n", []config.Fault{{Key: "log.level", Kind: config.NotOneOf}, {Key: "log.format", Kind: config.NotOneOf}}},
		{"both tokens", swap("token", "token_file = \"x\"\ntoken"), []config.Fault{{Key: "mattermost.token_file", Kind: config.Both}}},
		{"team id", swap(team, "solidarites"), []config.Fault{{Key: "mattermost.teams[1].id", Kind: config.NotTeamID, Given: "solidarites"}}},
		{"team twice", sound + "[[mattermost.teams]]\nid = \"" + team + "\"\n", []config.Fault{{Key: "mattermost.teams[2].id", Kind: config.Twice}, {Key: "mattermost.teams[2].token", Kind: config.Missing}}},
		{"a text for a number", sound + "[reminders]\nhour = \"9\"\n", []config.Fault{{Key: "reminders.hour", Kind: config.NotNumber}}},
		{"a number for a list", sound + "[reminders]\naction = 1\n", []config.Fault{{Key: "reminders.action", Kind: config.NotNumbers}}},
		{"a list for a number", sound + "[reminders]\nsilence = [1]\n", []config.Fault{{Key: "reminders.silence", Kind: config.NotNumber}}},
		{"texts in a list of numbers", sound + "[reminders]\naction = [\"1\"]\n", []config.Fault{{Key: "reminders.action", Kind: config.NotNumbers}}},
		{"half a day", sound + "[reminders]\nconsent = [-1.5]\n", []config.Fault{{Key: "reminders.consent", Kind: config.NotNumbers}}},
		{"a proxy by its name", "trusted_proxies = [\"192.0.2.10\", \"relais\"]\n" + sound, []config.Fault{{Key: "trusted_proxies[2]", Kind: config.NotProxy, Given: "relais"}}},
		{"everybody for a proxy", "trusted_proxies = [\"0.0.0.0/0\"]\n" + sound, []config.Fault{{Key: "trusted_proxies[1]", Kind: config.NotProxy, Given: "0.0.0.0/0"}}},
		{"a proxy with its port", "trusted_proxies = [\"192.0.2.10:80\"]\n" + sound, []config.Fault{{Key: "trusted_proxies[1]", Kind: config.NotProxy}}},
		{"no public key", sound + "[backup]\nrecipients = [\"" + recipient + "\", \"age1\"]\n", []config.Fault{{Key: "backup.recipients[2]", Kind: config.NotRecipient, Given: "age1"}}},
		{"backups for nobody", sound + "[backup]\nfolder = \"/srv\"\n", []config.Fault{{Key: "backup.recipients", Kind: config.Missing}}},
		{"no time of the day", sound + "[reminders]\nfrom = \"8 h\"\n", []config.Fault{{Key: "reminders.from", Kind: config.NotClock, Given: "8 h"}}},
		{"an end before the beginning", sound + "[reminders]\nto = \"07:00\"\n", []config.Fault{{Key: "reminders.to", Kind: config.NotClock, Given: "07:00"}}},
		{"kept no longer than the notice", "retention_months = 2\n" + sound, []config.Fault{{Key: "retention_months", Kind: config.OutOfRange, Given: "2"}}},
		{"an end that nobody hears of", sound + "[reminders]\nretention = []\n", []config.Fault{{Key: "reminders.retention", Kind: config.NoNotice}}},
		{"an end heard of too late", sound + "[reminders]\nretention = [-29, -1]\n", []config.Fault{{Key: "reminders.retention", Kind: config.NoNotice}}},
		{"an end to be heard of too soon", "retention_months = 3\n" + sound + "[reminders]\nretention = [-90]\n", []config.Fault{{Key: "reminders.retention", Kind: config.NoNotice}}},
		{"kept for ever", "retention_months = 121\n" + sound, []config.Fault{{Key: "retention_months", Kind: config.OutOfRange, Given: "121"}}},
		{"no hour of the day", sound + "[reminders]\nhour = 24\n", []config.Fault{{Key: "reminders.hour", Kind: config.OutOfRange, Given: "24"}}},
		{"after what is to be told before", sound + "[reminders]\ncommission = [-7, 1]\nmeasure = [3]\n", []config.Fault{
			{Key: "reminders.commission", Kind: config.OutOfRange, Given: "1"}, {Key: "reminders.measure", Kind: config.OutOfRange, Given: "3"}}},
		{"a day twice", sound + "[reminders]\naction = [1, 0, 1]\n", []config.Fault{{Key: "reminders.action", Kind: config.NumberTwice, Given: "1"}}},
		{"a record that nobody waits for", sound + "[reminders]\nrecord = 4\nrecord_most = 4\n", []config.Fault{{Key: "reminders.record_most", Kind: config.OutOfRange, Given: "4"}}},
		{"a reminder of nothing", sound + "[reminders]\nbirthday = [1]\n", []config.Fault{{Key: "reminders.birthday", Kind: config.Unknown}}},
		{"showing", strings.Replace(sound, "[mattermost]", "[mattermost]\nshowing = \"nothing\"", 1), []config.Fault{{Key: "mattermost.showing", Kind: config.NotOneOf, Given: "nothing"}}},
		{"several", "language = \"de\"\ndata = \"\"\n" + swap("https", "ftp"), []config.Fault{{Key: "data", Kind: config.Missing}, {Key: "language", Kind: config.NotOneOf}, {Key: "mattermost.url", Kind: config.NotAddress}}},
	} {
		t.Run(c.name, func(t *testing.T) { faulty(t, c.text, c.want, "secret") })
	}
}

// faulty checks the faults of a file, all of them in their order, and that none tells
// a secret.
func faulty(t *testing.T, text string, want []config.Fault, secret string) {
	t.Helper()
	_, err := config.Load(file(t, text), none)
	var got config.Faults
	if err != nil && !errors.As(err, &got) {
		t.Fatalf("%T is not Faults", err)
	}
	same := slices.EqualFunc(got, want, func(a, b config.Fault) bool {
		return a.Key == b.Key && a.Kind == b.Kind && (b.Given == "" || a.Given == b.Given)
	})
	if !same {
		t.Errorf("got  %q\nwant %q", got, want)
	}
	if strings.Contains(got.Error(), secret) {
		t.Errorf("a secret is told: %v", got)
	}
}

func TestAFaultyNumberOfTheEnvironment(t *testing.T) {
	env := map[string]string{"PARCOURS_REMINDERS_HOUR": "nine", "PARCOURS_REMINDERS_ACTION": "1,", "PARCOURS_REMINDERS_THINKING": "0"}
	_, err := config.Load(file(t, sound), func(name string) string { return env[name] })
	want := config.Faults{
		{Key: "PARCOURS_REMINDERS_HOUR", Kind: config.NotNumber, Given: "nine"},
		{Key: "PARCOURS_REMINDERS_ACTION", Kind: config.NotNumbers, Given: "1,"},
		{Key: "reminders.thinking", Kind: config.OutOfRange, Given: "0", Want: "1 … 366"},
	}
	if diff := cmp.Diff(want, faults(err)); diff != "" {
		t.Error(diff)
	}
}

func TestASecretThatOthersCanReadIsRefused(t *testing.T) {
	path := file(t, sound)
	must(t, os.Chmod(path, 0o644))
	want := config.Fault{Key: path, Kind: config.Readable, Given: "0644"}
	if _, err := config.Load(path, none); !slices.Contains(faults(err), want) {
		t.Errorf("got %v", err)
	}
	// Without a secret in it, anybody may read it.
	must(t, os.WriteFile(path, []byte("language = \"fr\"\n"), 0o644))
	if _, err := config.Load(path, none); slices.ContainsFunc(faults(err), func(f config.Fault) bool { return f.Kind == config.Readable }) {
		t.Errorf("got %v", err)
	}

	token := filepath.Join(filepath.Dir(path), "token")
	must(t, os.WriteFile(token, []byte("from-file\n"), 0o644))
	must(t, os.Chmod(path, 0o600))
	must(t, os.WriteFile(path, []byte(strings.Replace(sound, `token = "bot-secret"`, `token_file = "token"`, 1)), 0o600))
	got, err := config.Load(path, none)
	if fs := faults(err); len(fs) != 1 || fs[0].Key != token || fs[0].Kind != config.Readable {
		t.Errorf("got %v", err)
	}
	must(t, os.Chmod(token, 0o600))
	if got, err = config.Load(path, none); err != nil || got.Mattermost.Token != "from-file" {
		t.Errorf("got %q, %v", got.Mattermost.Token, err)
	}
	must(t, os.Remove(token))
	if _, err = config.Load(path, none); len(faults(err)) != 2 {
		t.Errorf("got %v", err)
	}
}

func faults(err error) config.Faults {
	var all config.Faults
	errors.As(err, &all)
	return all
}

func TestAFileThatIsNotThere(t *testing.T) {
	path := filepath.Join(t.TempDir(), "none.toml")
	if _, err := config.Load(path, none); len(faults(err)) != 1 || faults(err)[0].Kind != config.NoFile {
		t.Errorf("got %v", err)
	}
}

func TestPathsStartFromTheFile(t *testing.T) {
	path := file(t, "data = \"x/cases.db\"\ndepartement_file = \"words.toml\"\nlisten = \"unix:here.sock\"\n"+`callback_url = "https://a"`+"\n"+sound)
	got, err := config.Load(path, none)
	must(t, err)
	folder := filepath.Dir(path)
	if got.Data != filepath.Join(folder, "x/cases.db") || got.DepartementFile != filepath.Join(folder, "words.toml") || got.KeysPath() != got.Data+".keys" || got.Socket() != filepath.Join(folder, "here.sock") {
		t.Errorf("got %s, %s, %s", got.Data, got.KeysPath(), got.Socket())
	}
}

func TestZones(t *testing.T) {
	for departement, want := range map[string]string{"": "Europe/Paris", "09": "Europe/Paris", "2A": "Europe/Paris", "974": "Indian/Reunion", "988": "Pacific/Noumea"} {
		c := config.Default()
		c.Departement = departement
		if zone, err := c.Location(); err != nil || zone.String() != want {
			t.Errorf("%q: %v, %v", departement, zone, err)
		}
	}
}

// TestTheSampleIsTrue holds that the sample says every key, that as it stands it
// changes nothing, and that with its examples uncommented it reads.
func TestTheSampleIsTrue(t *testing.T) {
	got, wrong := config.ReadFile(file(t, config.Sample))
	if len(wrong) > 0 {
		t.Error(wrong)
	}
	want := config.Default()
	if got.Dump() != strings.Replace(want.Dump(), `"parcours.db"`, `"`+got.Data+`"`, 1) {
		t.Errorf("the sample is not the default:\n%s\n%s", got.Dump(), want.Dump())
	}
	bare := regexp.MustCompile(`(?m)^#(\[|\w+ = )`).ReplaceAllString(config.Sample, "$1")
	all, wrong := config.ReadFile(file(t, bare))
	if len(wrong) != 0 {
		t.Error(wrong)
	}
	all.Mattermost.Token = "x" // the sample's is empty
	for _, line := range strings.Split(whole+"\ntoken_file = \"x\"", "\n") {
		name, _, ok := strings.Cut(line, " = ")
		if ok && !regexp.MustCompile(`(?m)^`+name+` = `).MatchString(all.Dump()) {
			t.Errorf("the sample does not say %s", name)
		}
	}
}

func TestDumpHidesSecrets(t *testing.T) {
	c, err := config.Load(file(t, whole), none)
	must(t, err)
	dump := c.Dump()
	if strings.Contains(dump, "secret") || !strings.Contains(dump, `"***"`) {
		t.Errorf("got\n%s", dump)
	}
	again, wrong := config.ReadFile(file(t, dump))
	if len(wrong) > 0 || again.Data != c.Data || len(again.Mattermost.Teams) != 1 {
		t.Errorf("a dump does not read: %v\n%s", wrong, dump)
	}
}

func TestNear(t *testing.T) {
	for callback, want := range map[string]bool{
		"": true, "http://localhost:8070": true, "http://127.0.0.1:8070": true, "http://[::1]:8070": true, "https://parcours.example.org": false, "http://10.0.0.3": false,
	} {
		c := config.Default()
		c.CallbackURL = callback
		if c.Near() != want {
			t.Errorf("%q leads nowhere but here: %v, want %v", callback, !want, want)
		}
	}
}
