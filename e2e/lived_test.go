package e2e

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"testing"
	"time"

	"parcours/e2e/mmserver"
	"parcours/e2e/people"
	"parcours/locales"
	"parcours/story"
)

// A lived story is the sample one, around the built program on the server.
type lived struct {
	*stage
	office  *office
	program *running
	logged  []*logs
	day     int

	script bytes.Buffer
	player *story.Player
	// disturb does what somebody does, or has it go wrong.
	disturb func(act func() error) error
}

// longStory is the sample story with the person's own account in the circle. Time
// passes up to the days when the actions are due, whatever day of the week it is.
func longStory(t *testing.T) story.Story {
	t.Helper()
	tale, err := story.Ariege()
	must(t, err)
	last := 0
	for i, step := range tale.Steps {
		if step.Press == "accept" && step.As == "sophie" {
			last = i
		}
		if step.Advance != "" {
			tale.Steps[i].Advance = "168h"
		}
	}
	tale.People = append(tale.People, story.Person{Handle: "usagere", Name: "Anne Dupuis"})
	tale.Steps = slices.Insert(tale.Steps, last+1,
		story.Step{As: "claire", In: "case", Type: "/parcours inviter @usagere person"},
		story.Step{As: "usagere", In: "direct", Press: "accept"},
		story.Step{As: "usagere", In: "case", Type: "/parcours suivi", Sees: []string{"Lopez"}},
	)
	return tale
}

// newLived gives the story's people in an office whose program runs. It calls the
// server at an address, its own when empty, and has the settings given, as pairs
// of a variable and its value.
func newLived(t *testing.T, url string, settings ...string) *lived {
	t.Helper()
	o, tale := installed(t, 1), longStory(t)
	if url != "" {
		o.env["PARCOURS_MATTERMOST_URL"] = url
	}
	o.env["PARCOURS_LOG_LEVEL"] = "debug"
	for i := 0; i+1 < len(settings); i += 2 {
		o.env[settings[i]] = settings[i+1]
	}
	w := &world{t: t, team: o.teams[0].Id, suffix: o.suffix, people: map[string]*people.Person{}}
	w.installed.UserID = o.botUser().Id
	for _, person := range tale.People {
		p, err := people.Join(t.Context(), server.Admin, server.URL, w.team, person.Handle+w.suffix, person.Name, mmserver.Password)
		must(t, err)
		t.Cleanup(p.Close)
		w.people[person.Handle] = p
	}
	l := &lived{office: o, stage: &stage{world: w, tale: tale, told: map[string]bool{}}}
	l.disturb = func(act func() error) error { return act() }
	l.stage.settle = l.quiet
	l.player = &story.Player{Stage: l, Out: &l.script, Say: locales.For("fr")}
	o.setClock(0)
	l.start()
	return l
}

func (l *lived) start() {
	l.t.Helper()
	l.program = l.office.serve()
	l.logged = append(l.logged, l.program.logged)
	// It may be killed before it was seen ready.
	l.program.until("/readyz", func() bool {
		status, _ := l.program.get("/readyz")
		return status == http.StatusOK || l.dead()
	})
}

// dead says whether the program has ended.
func (l *lived) dead() bool {
	select {
	case <-l.program.ended:
		return true
	default:
		return false
	}
}

// gauge is a number that the program tells, or -1.
func (l *lived) gauge(name string) float64 {
	_, text := l.program.get("/metrics")
	found := regexp.MustCompile(`(?m)^` + name + ` (\S+)$`).FindStringSubmatch(text)
	if found == nil {
		return -1
	}
	value, err := strconv.ParseFloat(found[1], 64)
	must(l.t, err)
	return value
}

// quiet waits until nothing waits in the program's outbox. A program that was
// killed is started again.
func (l *lived) quiet(ctx context.Context) error {
	return l.poll(ctx, "an empty outbox", func() bool { return l.gauge("parcours_outbox_waiting") == 0 })
}

func (l *lived) poll(ctx context.Context, what string, there func() bool) error {
	ctx, enough := context.WithTimeout(ctx, time.Minute)
	defer enough()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for {
		if l.dead() {
			l.start()
		}
		if there() {
			return nil
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return errors.New("still not: " + what)
		}
	}
}

func (l *lived) Type(ctx context.Context, who, in, text string) error {
	return l.disturb(func() error { return l.stage.Type(ctx, who, in, text) })
}

func (l *lived) Submit(ctx context.Context, who, in string, values map[string][]string) error {
	return l.disturb(func() error { return l.stage.Submit(ctx, who, in, values) })
}

func (l *lived) Press(ctx context.Context, who, in, button string) error {
	return l.disturb(func() error { return l.stage.Press(ctx, who, in, button) })
}

// Advance starts the program anew on another morning, with something to remind
// of: the story has things fall due then. When the next reminder is due stands in the store since the last decision,
// as a moment of the clock that all share: in the new zone somebody decides
// something first.
func (l *lived) Advance(ctx context.Context, d time.Duration) error {
	l.program.stop()
	l.day += int(d / (24 * time.Hour))
	l.office.setClock(l.day)
	l.start()
	line := fmt.Sprintf(`/parcours diagnostic element:"Rythme %d" kind:strength topic:autres`, l.day)
	if err := l.stage.Type(ctx, "claire", "case", line); err != nil {
		return err
	}
	l.program.stop()
	return l.disturb(func() error {
		l.start()
		first := l.program
		if err := l.poll(ctx, "reminders", func() bool { return l.program != first || l.gauge("parcours_nudges_total") > 0 }); err != nil {
			return err
		}
		return l.quiet(ctx)
	})
}

// live plays the story to its end, or to where a demonstration begins.
func (l *lived) live(demo bool) {
	l.t.Helper()
	if err := l.player.Play(l.t.Context(), l.tale, demo); err != nil {
		l.t.Fatalf("%v\n%s", err, l.script.String())
	}
}

// rows asks the server's database, with the bot's id for {bot} and the team's for
// {team}.
func (l *lived) rows(sql string) [][]string {
	l.t.Helper()
	for name, value := range map[string]string{"{bot}": l.installed.UserID, "{team}": l.team} {
		sql = regexp.MustCompile(regexp.QuoteMeta(name)).ReplaceAllString(sql, "'"+value+"'")
	}
	rows, err := server.Query(l.t.Context(), sql)
	must(l.t, err)
	return rows
}

// A tally counts what the bot has left on the server.
type tally struct {
	home, posts, tells, nudges int
	// handed over at once, with files, to whoever asked; asked again, they are
	// handed over again.
	handed                          int
	doubled, pinned, channels, seat int
}

func (n tally) String() string {
	return fmt.Sprintf("home cards %d (pinned %d), posts %d, told %d, reminders %d, doubled %d, channels %d, seats %d",
		n.home, n.pinned, n.posts, n.tells, n.nudges, n.doubled, n.channels, n.seat)
}

var keyKinds = []struct {
	pattern *regexp.Regexp
	count   func(*tally) *int
}{
	{regexp.MustCompile(`^P-\w{4}/home$`), func(n *tally) *int { return &n.home }},
	{regexp.MustCompile(`^P-\w{4}/\d{6}/\d{2}$`), func(n *tally) *int { return &n.posts }},
	{regexp.MustCompile(`^P-\w{4}/\d{6}/t`), func(n *tally) *int { return &n.tells }},
	{regexp.MustCompile(`^M-t[0-9a-f]+/t`), func(n *tally) *int { return &n.nudges }},
	{regexp.MustCompile(`^[0-9a-f]{32}$`), func(n *tally) *int { return &n.handed }},
}

func (l *lived) tally() tally {
	l.t.Helper()
	var n tally
	seen := map[string]bool{}
	for _, row := range l.rows(`SELECT channelid, props->>'parcours_key', ispinned FROM posts WHERE userid = {bot} AND deleteat = 0 AND props->>'parcours_key' IS NOT NULL`) {
		known := false
		for _, kind := range keyKinds {
			if kind.pattern.MatchString(row[1]) {
				*kind.count(&n)++
				known = true
			}
		}
		if !known {
			l.t.Errorf("a key of no kind: %s", row[1])
		}
		if seen[row[0]+row[1]] {
			n.doubled++
		}
		seen[row[0]+row[1]] = true
		if row[2] == "t" {
			n.pinned++
		}
	}
	n.channels = len(l.rows(`SELECT id FROM channels WHERE creatorid = {bot} AND type = 'P'`))
	n.seat = len(l.rows(`SELECT m.userid FROM channelmembers m JOIN channels c ON c.id = m.channelid WHERE c.creatorid = {bot} AND c.type = 'P'`))
	return n
}

// verified stops the program and has the journals checked.
func (l *lived) verified() string {
	l.t.Helper()
	l.program.stop()
	said, code := l.office.run("verify", "parcours.db")
	if code != 0 || !regexp.MustCompile(`\b0 problems`).MatchString(said) {
		l.t.Errorf("verify: exit code %d\n%s", code, said)
	}
	return said
}
