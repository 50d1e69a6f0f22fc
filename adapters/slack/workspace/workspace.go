package workspace

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"time"
)

// OtherAppToken is that of an app of the same team which is not the bot's.
const OtherAppToken = "xapp-another-app"

// The tokens and names of the one app and the one team.
const (
	BotToken      = "xoxb-bot-of-the-workspace"
	AppToken      = "xapp-app-of-the-workspace"
	SigningSecret = "8f742231b10e8888abcd99yyyzzz85a5"
	AppID         = "A0PARCOURS0"
	TeamID        = "T0PARCOURS0"
	// Domain is that of the team's addresses.
	Domain = "parcours-test"
)

// patience is how long anything may take to be seen.
const patience = 20 * time.Second

// object is a value of JSON with names in it.
type object = map[string]any

// Options say what a workspace is like. Only Manifest is needed.
type Options struct {
	// Manifest is that of the app, as JSON.
	Manifest []byte
	// Now is the clock by which triggers and addresses expire, calls are counted and
	// people wait for an acknowledgement; time.Now unless said.
	Now func() time.Time
	// Pass lets time pass by that clock, while what somebody does is on its way; it is
	// there at once unless said.
	Pass func(time.Duration)
	// Front is the address by which the app reaches the workspace, as in
	// "http://127.0.0.1:8000", when something stands before it; its own unless said.
	Front string
	// History is how old a message may be to be shown, as 90 days where nothing is
	// paid; it does not matter unless said. What is older is kept: see Upgrade.
	History time.Duration
	// Unhurried leaves out the limits on how many calls may be made in a minute.
	Unhurried bool
	// Faults are what goes wrong by chance, from Seed.
	Faults Faults
	Seed   uint64
}

// Faults are how often something goes wrong, from 0 (never) to 1 (always).
type Faults struct {
	// Lost: an envelope does not arrive. Slack sends an event again; whoever
	// pressed or typed is told that it failed.
	Lost float64
	// Twice: an envelope arrives twice.
	Twice float64
	// Late: an event arrives after some that follow it; a command, a button or a
	// shortcut up to five seconds after it was used.
	Late float64
	// Broken: the socket closes once an event is sent, answered or not.
	Broken float64
	// Cut: the connection of a call breaks when all is done and nothing answered.
	Cut float64
}

// A Workspace is one team on Slack with one app. Its methods may be called at the
// same time. Those that have people do things fail as a test does that asks for
// what nobody could do on a screen.
type Workspace struct {
	// URL is the root of the Web API, with the slash at its end.
	URL string
	// Address is the host and port that it listens on.
	Address string

	app     app
	options Options
	// ackIn is how long anything that people do waits to be acknowledged, by the
	// computer's clock: longer where another is held, which does not move meanwhile.
	ackIn  time.Duration
	server *httptest.Server
	front  string
	limits limits

	mu       sync.Mutex
	more     chan struct{} // closed when anything changes
	chance   *rand.Rand
	mishaps  int
	made     int // ids given
	lastSent int64
	revoked  string
	bot      *Person
	people   []*Person
	channels []*conversation
	triggers map[string]*trigger
	replies  map[string]*reply
	screens  map[string]*screen // user id → what they alone see
	homes    map[string]*view   // user id → their home
	files    map[string]*file
	kept     []Kept
	wrong    []string
	barred   []string       // methods that a preference keeps from the app
	cuts     map[string]int // method → calls whose answer is yet to be cut

	sockets sockets
}

// Start opens a workspace. Its Close must be called.
func Start(o Options) (*Workspace, error) {
	installed, err := install(o.Manifest)
	if err != nil {
		return nil, err
	}
	wait := patience
	if o.Now == nil {
		o.Now, wait = time.Now, ackIn
	}
	w := &Workspace{
		app: installed, options: o, ackIn: wait, more: make(chan struct{}), chance: rand.New(rand.NewPCG(o.Seed, 0)),
		limits: limits{}, triggers: map[string]*trigger{}, replies: map[string]*reply{}, screens: map[string]*screen{},
		homes: map[string]*view{}, files: map[string]*file{}, cuts: map[string]int{},
		sockets: sockets{tickets: map[string]bool{}, sent: map[string]*delivery{}},
	}
	w.bot = &Person{ID: w.id("U"), Handle: "parcours", Name: installed.name, Bot: true, Team: TeamID, Locale: "fr-FR", Zone: "Europe/Paris"}
	w.people = append(w.people, w.bot)
	w.server = httptest.NewServer(w.handler())
	w.Address = w.server.Listener.Addr().String()
	w.front = cmp.Or(o.Front, w.server.URL)
	w.URL = w.front + "/api/"
	return w, nil
}

// Close closes the workspace.
func (w *Workspace) Close() {
	w.Cut()
	w.server.CloseClientConnections()
	w.server.Close()
}

// BotID is the user id of the app's bot.
func (w *Workspace) BotID() string { return w.bot.ID }

// Revoke has every call refused from now on, with this error of Slack's, as in
// "token_revoked"; with none when it is empty.
func (w *Workspace) Revoke(code string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.revoked = code
}

// Upgrade has every message be shown again, however old.
func (w *Workspace) Upgrade() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.options.History = 0
}

// Restrict has a preference of the workspace keep these from the app from now on, of
// "conversations.create", "conversations.kick" and "conversations.archive"; nothing,
// when there is none.
func (w *Workspace) Restrict(methods ...string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.barred = methods
}

// SetFaults changes what goes wrong from now on.
func (w *Workspace) SetFaults(f Faults) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.options.Faults = f
}

// CutNext has the connections of the next n calls to a method, as in
// "chat.postMessage", break once all is done and before anything is answered.
func (w *Workspace) CutNext(method string, n int) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.cuts[method] = n
}

// Complaints are what the app did that Slack would have swallowed in silence.
func (w *Workspace) Complaints() []string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return append([]string(nil), w.wrong...)
}

func (w *Workspace) complain(format string, about ...any) {
	w.wrong = append(w.wrong, fmt.Sprintf(format, about...))
}

// Await returns once something is there, which it looks for again whenever
// anything changes; what names it in the error of having waited too long.
func (w *Workspace) Await(ctx context.Context, what string, there func() bool) error {
	ctx, stop := context.WithTimeout(ctx, patience)
	defer stop()
	for {
		w.mu.Lock()
		more := w.more
		w.mu.Unlock()
		if there() {
			return nil
		}
		select {
		case <-more:
		case <-ctx.Done():
			return fmt.Errorf("workspace: no %s: %w", what, ctx.Err())
		}
	}
}

// changed wakes those who wait.
func (w *Workspace) changed() {
	close(w.more)
	w.more = make(chan struct{})
}

// Mishaps counts what went wrong by chance so far.
func (w *Workspace) Mishaps() int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.mishaps
}

// happens tells whether something that goes wrong this often does so now.
func (w *Workspace) happens(often float64) bool {
	if often == 0 || w.chance.Float64() >= often {
		return false
	}
	w.mishaps++
	return true
}

// id makes an id of a kind, named by its first letter.
func (w *Workspace) id(kind string) string {
	w.made++
	number := strings.ToUpper(strconv.FormatInt(int64(w.made), 36))
	return kind + "0" + strings.Repeat("0", 9-len(number)) + number
}

// stamp gives the time of a message, which is also its name: no two are the same,
// and a later one sorts after.
func (w *Workspace) stamp() string {
	now := w.options.Now().UnixMicro()
	w.lastSent = max(w.lastSent+1, now)
	return fmt.Sprintf("%d.%06d", w.lastSent/1e6, w.lastSent%1e6)
}

// A Kept is something that Slack keeps, as it was given.
type Kept struct {
	// What it is: "message", "file", "home" or "channel".
	What string
	// Text is all that was given, names and hidden parts included.
	Text string
}

// keep notes something that Slack keeps; what is changed or deleted later stays
// noted.
func (w *Workspace) keep(what string, given any) {
	raw, err := json.Marshal(given)
	if err != nil {
		panic(err) // it was read from JSON, or made of strings
	}
	// Accents may have been given as escapes, and texts as JSON within JSON.
	w.kept = append(w.kept, Kept{what, strings.NewReplacer(`\u003c`, "<", `\u003e`, ">", `\u0026`, "&", `\"`, `"`).Replace(string(raw))})
}

// Kept gives all that Slack was ever given to keep: messages in each of their
// versions, files, homes and names of channels. What was shown on a screen alone is
// not in it.
func (w *Workspace) Kept() []Kept {
	w.mu.Lock()
	defer w.mu.Unlock()
	return append([]Kept(nil), w.kept...)
}

// Holding gives what of Kept holds one of these words.
func (w *Workspace) Holding(words ...string) []Kept {
	var found []Kept
	for _, k := range w.Kept() {
		for _, word := range words {
			if strings.Contains(k.Text, word) {
				found = append(found, k)
				break
			}
		}
	}
	return found
}
