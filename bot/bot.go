package bot

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"time"

	"parcours/bot/chat"
	"parcours/bot/command"
	"parcours/casework"
	"parcours/locales"
	"parcours/storage"
)

// Options are what a bot is made of. All are needed but Place, Staff,
// Discreet, CasesOn, Pace, Upkeep, Reminded and Restored.
type Options struct {
	Store    storage.Store
	Platform chat.Platform
	// Accesses is where it is written who was shown what, on which Surface: the
	// name of the platform, unless it is chat.Several, which says it itself.
	Accesses AccessLog
	Surface  string
	Commands []command.Command
	Views    map[string]command.View
	// Secret signs what travels through the platform and comes back.
	Secret []byte
	// Now is the clock, in the département's time zone.
	Now func() time.Time
	// Random draws codes and identifiers.
	Random io.Reader
	Policy casework.Policy
	// Lang is the language of channels; a user is answered in their own.
	Lang chat.Lang
	// Place is the département in whose words people are spoken to; the zero one
	// is neutral.
	Place locales.Departement
	// Staff are those who have a part in the whole service; perhaps nobody.
	Staff Staff
	// Discreet: the platform is to keep nothing that tells of a case but its code.
	// One that is chat.Several says it itself, for each of them.
	Discreet bool
	// CasesOn is the one of several chats where cases are opened; any when zero.
	CasesOn chat.Surface
	// Pace is how fast one user may act.
	Pace Pace
	// Hands is how many cases the outbox serves at a time, on each chat.
	Hands int
	// Log receives identifiers, never names or content.
	Log *slog.Logger
	// Restored is when the store was last put back from a copy; the zero time if it
	// never was. What could have been sent between the copy and then is looked for
	// before it is sent.
	Restored time.Time
	// Upkeep is what is done once a night; it may be nil.
	Upkeep func(context.Context) error
	// Reminded is told how many reminders were just handed over to the outbox;
	// it may be nil.
	Reminded func(n int)
}

// Bot is a running assistant on one platform, which may be several chats.
type Bot struct {
	*Router
	Outbox *Outbox
	Nudges *Nudges
}

// New puts a bot together. It starts nothing: see Run.
func New(o Options) *Bot {
	say := func(lang chat.Lang) locales.Printer { return locales.For(string(lang)).In(o.Place) }
	surfaces := surfaces{platform: o.Platform, only: chat.Surface{Name: o.Surface, Discreet: o.Discreet}}
	gate := newGate(surfaces, o.Now, o.Accesses)
	people := &people{platform: o.Platform, now: o.Now}
	sign := signer{key: o.Secret, now: o.Now, random: o.Random}
	memory := newMemory()
	journals := &journals{store: o.Store, memory: memory, policy: o.Policy, now: o.Now, sign: sign, since: lineage(o.Restored)}
	boxes := &mailboxes{store: o.Store, memory: memory, people: people, policy: o.Policy, now: o.Now, sign: sign}
	people.boxes = boxes
	gate.veil = &veil{sign: sign, people: people, lang: o.Lang, say: say}
	outbox := &Outbox{
		journals: journals, gate: gate, platform: o.Platform, people: people, boxes: boxes, sign: sign,
		views: o.Views, lang: o.Lang, say: say, now: o.Now, log: o.Log,
		restored: o.Restored, surfaces: surfaces, wake: make(chan struct{}, 1),
	}
	outbox.lanes = newLanes(max(1, o.Hands), outbox.deliver)
	reminded := o.Reminded
	if reminded == nil {
		reminded = func(int) {}
	}
	return &Bot{
		Router: &Router{
			journals: journals, gate: gate, people: people, boxes: boxes, platform: o.Platform, sign: sign,
			staff: &staff{platform: o.Platform, named: o.Staff}, guard: newGuard(),
			verbs: newVerbs(o.Commands, say(o.Lang)), say: say, random: o.Random, policy: o.Policy,
			pace: newPacer(o.Pace), now: o.Now, log: o.Log, outbox: outbox, surfaces: surfaces, opens: o.CasesOn,
		},
		Outbox: outbox,
		Nudges: &Nudges{
			journals: journals, mailboxes: boxes, surfaces: surfaces, policy: o.Policy, now: o.Now, log: o.Log, changed: outbox.Wake, reminded: reminded,
			upkeep: upkeep{store: o.Store, now: o.Now, do: o.Upkeep},
		},
	}
}

// Run delivers what waits and reminds until ctx is done, then returns once what
// was under way has ended.
func (b *Bot) Run(ctx context.Context) {
	stop := b.Nudges.start(ctx)
	defer stop()
	b.Outbox.run(ctx)
}

// Settle delivers all that is ready now, reminders included, and returns when
// nothing is left to do at this moment. The error is the store's.
func (b *Bot) Settle(ctx context.Context) error {
	return errors.Join(b.Nudges.Tick(ctx), b.Outbox.Drain(ctx))
}
