package e2e

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"parcours/adapters/slack/workspace"
	"parcours/adapters/slack/workspace/onstage"
	"parcours/casework"
	"parcours/e2e/people"
	"parcours/locales"
	"parcours/storage/bolt"
	"parcours/storage/vault"
	"parcours/story"
)

// A both is the built program serving the server and a workspace on Slack, each at the
// end of a road, with the story's people on each.
type both struct {
	*lived
	slack *workspace.Workspace
	here  side // Mattermost
	there side // Slack
	// accounts are those on Slack, by handle.
	accounts map[string]string
}

// A side is one of the two chats.
type side struct {
	title, name string
	road        *road
	player      *story.Player
	tale        story.Story
	// marked are words that this side's case alone has.
	marked []string
	// reminders counts those somebody was sent of what they are to do.
	reminders func(who string) int
}

func newBoth(t *testing.T) *both {
	t.Helper()
	manifest, err := os.ReadFile(filepath.Join("..", "cmd", "parcours", "testdata", "manifest.json"))
	must(t, err)
	b := &both{accounts: map[string]string{}}
	at, err := slackAddress()
	must(t, err)
	b.slack, err = workspace.Start(workspace.Options{Manifest: manifest, Front: "http://" + at, Unhurried: true})
	must(t, err)
	t.Cleanup(b.slack.Close)
	b.there = side{title: "Slack", name: "slack", road: newRoadAt(t, at, b.slack.Address), tale: longStory(t)}
	b.here = side{title: "Mattermost", name: "mattermost", road: newRoad(t, host(server.URL))}
	b.lived = newLived(t, "http://"+b.here.road.address, "PARCOURS_SLACK_TOKEN", workspace.BotToken,
		"PARCOURS_SLACK_APP_TOKEN", workspace.AppToken, "PARCOURS_SLACK_TEAM", workspace.TeamID)
	b.here.tale, b.here.player, b.here.marked = b.lived.tale, b.lived.player, b.mark()
	b.here.reminders = func(who string) (n int) {
		posts, err := b.people[who].Posts(t.Context(), b.direct(who))
		must(t, err)
		for _, post := range posts {
			if bears(post, "done") {
				n++
			}
		}
		return n
	}
	for _, p := range b.there.tale.People {
		b.accounts[p.Handle] = b.slack.Join(workspace.Person{Handle: p.Handle, Name: p.Name})
	}
	must(t, b.slack.Listening(t.Context()))
	b.there.marked = mark(b.there.tale, strings.ToLower(rand.Text()[:6]))
	b.there.player = &story.Player{
		Stage: &onstage.Stage{Workspace: b.slack, Tale: b.there.tale, Accounts: b.accounts, Act: b.act},
		Out:   &strings.Builder{}, Say: locales.For("fr"),
	}
	// What Slack keeps of one is that there is something to be shown, to them alone.
	b.there.reminders = func(who string) (n int) {
		for _, seen := range b.slack.Seen(b.accounts[who]) {
			if _, ok := seen.Has("show"); ok && !seen.Private && seen.Channel == b.slack.Direct(b.accounts[who]) {
				n++
			}
		}
		return n
	}
	return b
}

// act has somebody do something on Slack, and returns once they were answered and the
// program has done what follows.
func (b *both) act(ctx context.Context, who string, do func(user string) error) error {
	user := b.accounts[who]
	shown, seen := b.slack.Shown(user), len(b.slack.Seen(user))
	if err := do(user); err != nil {
		return err
	}
	err := b.slack.Await(ctx, "answer on the screen", func() bool {
		return b.slack.Shown(user) > shown || len(b.slack.Seen(user)) > seen
	})
	return errors.Join(err, b.quiet(ctx))
}

// play has some steps of each story played on its side, at the same time, up to where
// a demonstration begins when demo is set.
func (b *both) play(demo bool, steps func([]story.Step) []story.Step) {
	b.t.Helper()
	ended := make(chan error, 2)
	for _, on := range []side{b.here, b.there} {
		on.tale.Steps = steps(on.tale.Steps)
		go func() {
			err := errors.New("was cut short")
			defer func() { ended <- err }()
			if err = on.player.Play(b.t.Context(), on.tale, demo); err != nil {
				err = fmt.Errorf("on %s: %w", on.title, err)
			}
		}()
	}
	if err := errors.Join(<-ended, <-ended); err != nil {
		b.t.Fatal(err)
	}
}

// all leaves a story as it is.
func all(steps []story.Step) []story.Step { return steps }

// does gives one step.
func does(step story.Step) func([]story.Step) []story.Step {
	return func([]story.Step) []story.Step { return []story.Step{step} }
}

// again stops the program, and starts it on some day of the story.
func (b *both) again(day int) {
	b.t.Helper()
	b.program.stop()
	b.day = day
	b.office.setClock(day)
	b.start()
}

// morning has the program start on a morning when somebody on each side is to be
// reminded of something, while the road to one side is blocked: on the other they are
// told all the same, and where it was blocked once it is mended.
func (b *both) morning(day int, who string, up, down side, block func()) {
	b.t.Helper()
	b.again(day)
	// In the new zone somebody decides something first: see Advance.
	b.play(false, does(story.Step{As: "claire", In: "case", Type: fmt.Sprintf(`/parcours diagnostic element:"Rythme %d" kind:strength topic:autres`, day)}))
	b.program.stop()
	was := map[string]int{up.name: up.reminders(who), down.name: down.reminders(who)}
	block()
	b.program = b.office.serve()
	b.logged = append(b.logged, b.program.logged)
	began := time.Now()
	b.program.until("the reminder on "+up.title, func() bool { return up.reminders(who) > was[up.name] })
	b.t.Logf("with %s away, the reminder on %s took %s", down.title, up.title, time.Since(began).Round(time.Millisecond))
	if text := b.program.eventually("/readyz", http.StatusServiceUnavailable); !strings.Contains(text, down.title) || strings.Contains(text, up.title) {
		b.t.Errorf("with %s away, it says %s", down.title, text)
	}
	if down.reminders(who) != was[down.name] || b.gauge("parcours_outbox_waiting") <= 0 || b.gauge(`parcours_chat_connected\{chat="`+down.name+`"\}`) != 0 {
		b.t.Errorf("%s is not away", down.title)
	}
	down.road.mend()
	b.program.longer("the reminder on "+down.title, 3*time.Minute, func() bool {
		return down.reminders(who) > was[down.name] && b.gauge("parcours_outbox_waiting") == 0
	})
	b.program.eventually("/readyz", http.StatusOK)
	for _, on := range []side{up, down} {
		if n := on.reminders(who) - was[on.name]; n != 1 {
			b.t.Errorf("day %d: @%s is reminded %d times on %s", day, who, n, on.title)
		}
	}
}

// TestBothChatsAreServedByOneProgram lives the story on the server and on Slack at the
// same time, one case on each, around one program, which is stopped and started
// meanwhile, and from which Slack is cut, and then the server, that is reached and does not answer.
func TestBothChatsAreServedByOneProgram(t *testing.T) {
	b := newBoth(t)
	b.play(true, all)
	b.morning(7, "claire", b.here, b.there, b.there.road.cut)
	b.play(false, does(story.Step{As: "claire", In: "direct", Press: "done"}))
	b.morning(14, "paul", b.there, b.here, b.here.road.hold)
	b.play(false, func(steps []story.Step) []story.Step {
		for i, step := range steps {
			if step.As == "paul" && step.Press == "done" {
				return steps[i:]
			}
		}
		t.Fatal("the story has changed")
		return nil
	})
	if n := b.tally(); n.doubled != 0 || n.channels != 1 || n.pinned != 1 {
		t.Errorf("on Mattermost it left %v", n)
	}
	b.wantApart()
	b.wantOpenedOn(b.here, b.there)
	b.wantOpenedOn(b.there, b.here)
	b.verified()
	b.wantIDs()
}

// wantApart fails if anybody on one side sees anything of the other's case, or either
// chat was ever given any of it to keep.
func (b *both) wantApart() {
	t, ctx := b.t, b.t.Context()
	t.Helper()
	ours, theirs := append(b.here.marked, b.here.player.Code()), append(b.there.marked, b.there.player.Code())
	if kept := b.holding(theirs); len(kept) != 0 {
		t.Errorf("Mattermost keeps of the case on Slack: %v", kept)
	}
	if kept := b.slack.Holding(ours...); len(kept) != 0 {
		t.Errorf("Slack keeps of the case on Mattermost: %v", kept)
	}
	for _, p := range b.here.tale.People {
		wantBlind(t, b.people[p.Handle], b.team, theirs...)
	}
	for who, user := range b.accounts {
		for _, seen := range b.slack.Seen(user) {
			for _, word := range ours {
				if strings.Contains(seen.Notice+seen.Text, word) {
					t.Errorf("@%s of Slack reads %q in:\n%s", who, word, seen.Text)
				}
			}
		}
	}
	if len(b.holding(ours)) == 0 || len(b.slack.Holding(b.there.player.Code())) == 0 {
		t.Error("what is kept of the own case is not found: the search is blind")
	}
	// Slack keeps the codes alone, and people read the rest on their screens.
	for _, kept := range b.slack.Holding(b.there.marked...) {
		t.Errorf("a %s that Slack keeps holds a marked word: %s", kept.What, kept.Text)
	}
	for _, word := range b.there.marked {
		if !b.readThere(word) {
			t.Errorf("nobody was shown %q on Slack", word)
		}
	}
	// Whoever leads the case on one side is nobody in it on the other.
	const no = "Aucune situation ne correspond"
	must(t, b.people["claire"].Execute(ctx, b.direct("claire"), "/parcours suivi "+b.there.player.Code()))
	if said := b.saidHere(); !strings.Contains(said, no) {
		t.Errorf("claire of Mattermost is told %q", said)
	}
	if said := b.saidThere("/parcours suivi " + b.here.player.Code()); !strings.Contains(said, no) {
		t.Errorf("claire of Slack is told %q", said)
	}
}

// readThere says whether somebody on Slack was told something with a word in it.
func (b *both) readThere(word string) bool {
	return strings.Contains(fmt.Sprint(b.there.player.Out), word)
}

// wantOpenedOn fails if, where cases are to be opened on one chat, somebody of the other
// may open one, or is not told where, or the case that is there does not go on.
func (b *both) wantOpenedOn(open, closed side) {
	t, ctx := b.t, b.t.Context()
	t.Helper()
	b.office.env["PARCOURS_CASES_ON"] = open.name
	b.again(b.day)
	said := func(line string) string {
		if closed.name == b.there.name {
			return b.saidThere(line)
		}
		must(t, b.people["claire"].Execute(ctx, b.direct("claire"), line))
		return b.saidHere()
	}
	if text := said("/parcours ouvrir"); !strings.Contains(text, "Ici, on ouvre les situations dans "+open.title) {
		t.Errorf("to open a case on %s, claire is told %q", closed.title, text)
	}
	if text := said("/parcours suivi " + closed.player.Code()); !strings.Contains(text, closed.marked[0]) {
		t.Errorf("of her case on %s, claire is told %q", closed.title, text)
	}
}

// saidHere gives what claire was last told on Mattermost, and nobody else.
func (b *both) saidHere() string {
	whispers := b.people["claire"].Whispers()
	return people.Text(whispers[len(whispers)-1])
}

// saidThere has claire type a line on Slack, and gives what she is told, and nobody else.
func (b *both) saidThere(line string) string {
	b.t.Helper()
	ctx := b.t.Context()
	must(b.t, b.act(ctx, "claire", func(user string) error { return b.slack.Type(ctx, user, b.slack.Direct(user), line) }))
	said := ""
	for _, seen := range b.slack.Seen(b.accounts["claire"]) {
		if seen.Private {
			said = seen.Text
		}
	}
	return said
}

// wantIDs fails if an id of Mattermost's is not stored as it is, or one of Slack's
// without its name. The program has stopped.
func (b *both) wantIDs() {
	b.t.Helper()
	path := filepath.Join(b.office.folder, "parcours.db")
	keys, err := vault.LoadKeys(path+".keys", func(string) string { return "" })
	must(b.t, err)
	file, err := bolt.Open(path, bolt.Options{})
	must(b.t, err)
	store, err := vault.Open(file, keys)
	must(b.t, err)
	defer store.Close()
	for _, on := range []struct {
		side
		claire, prefix string
	}{{b.here, b.people["claire"].User.Id, ""}, {b.there, "slack:" + b.accounts["claire"], "slack:"}} {
		code := casework.Code(on.player.Code())
		journal, err := store.Load(b.t.Context(), code)
		must(b.t, err)
		entries := make([]casework.Entry, len(journal.Entries))
		for i, raw := range journal.Entries {
			entries[i], err = casework.Decode(uint64(i+1), raw)
			must(b.t, err)
		}
		c := casework.Fold(code, entries)
		if string(c.Author) != on.claire {
			b.t.Errorf("the author of the case on %s is %s, want %s", on.title, c.Author, on.claire)
		}
		ids := []string{string(c.Channel), string(c.Home)}
		for _, m := range c.Members {
			ids = append(ids, string(m.User))
		}
		if len(ids) < 6 {
			b.t.Errorf("only %q of the case on %s", ids, on.title)
		}
		for _, id := range ids {
			if plain, ok := strings.CutPrefix(id, on.prefix); !ok || plain == "" || strings.Contains(plain, ":") {
				b.t.Errorf("%q is stored of %s", id, on.title)
			}
		}
	}
}
