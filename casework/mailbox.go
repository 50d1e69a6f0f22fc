package casework

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
)

// A Mailbox is what waits for one person and what they were nudged of, as a
// journal of their own tells it: nudges of several cases that fall at one moment
// make one bundle, which is one message. Read its fields; it changes by Apply
// alone.
type Mailbox struct {
	Code Code
	Seq  uint64
	User UserID
	Settings
	// Waiting are the nudges for the next bundle, oldest first.
	Waiting []Nudge
	// Flying are the bundles handed over that are not known to have arrived, and
	// Arrived those that stand, by key.
	Flying  []Bundle
	Arrived map[string]Bundle

	queued map[string]bool
	// digested is when the last digest was handed over, or the mailbox opened.
	digested time.Time
}

// mailboxPrefix begins the codes of mailboxes, and of nothing else.
const mailboxPrefix = "M-"

// MailboxCode gives the code of a mailbox by a tag, which tells nothing of whose
// it is to who does not know how tags are made. It is not a case's.
func MailboxCode(tag string) Code { return Code(mailboxPrefix + tag) }

// IsMailbox reports whether a journal is that of a mailbox.
func (c Code) IsMailbox() bool { return strings.HasPrefix(string(c), mailboxPrefix) }

// A Nudge is a reminder for one person.
type Nudge struct {
	// Key names it for ever, and says nothing.
	Key  string `json:"key"`
	Case Code   `json:"case"`
	// Reminder is the key of the reminder in its case; the rest is as there.
	Reminder string       `json:"reminder"`
	Kind     ReminderKind `json:"kind"`
	Subject  string       `json:"subject,omitempty"`
	Days     int          `json:"days"`
	On       Day          `json:"on,omitempty"`
	At       time.Time    `json:"at"`
}

// NudgeOf gives the nudge of a reminder of a case, under a key.
func NudgeOf(r Reminder, code Code, key string) Nudge {
	return Nudge{Key: key, Case: code, Reminder: r.Key, Kind: r.Kind, Subject: r.Subject, Days: r.Days, On: r.On, At: r.At.UTC()}
}

// Recalls gives the reminder, without the people it is for.
func (n Nudge) Recalls() Reminder {
	return Reminder{Key: n.Reminder, Kind: n.Kind, Subject: n.Subject, Days: n.Days, On: n.On, At: n.At}
}

// Urgent reports a nudge that is for this very moment, at whatever hour.
func (n Nudge) Urgent() bool { return n.Kind == RemindTime }

// about is what several nudges of one thing have in common.
func (n Nudge) about() string { return string(n.Case) + "/" + string(n.Kind) + "/" + n.Subject }

// A Bundle is what one message holds: nudges, and perhaps the digest of the week.
type Bundle struct {
	// Key is that of its message.
	Key    string  `json:"key"`
	Nudges []Nudge `json:"nudges,omitempty"`
	Digest bool    `json:"digest,omitempty"`
	// DigestOf is the day on which the digest was due.
	DigestOf Day `json:"digest_of,omitempty"`
	// At and Message are when it was handed over and where it stands.
	At      time.Time  `json:"-"`
	Message MessageRef `json:"-"`
	// Before is when the digest before was handed over.
	Before time.Time `json:"-"`
}

// Urgent reports a bundle that is for this very moment, at whatever hour.
func (b Bundle) Urgent() bool { return slices.ContainsFunc(b.Nudges, Nudge.Urgent) }

// Keys are those of its nudges.
func (b Bundle) Keys() []string {
	keys := make([]string, len(b.Nudges))
	for i, n := range b.Nudges {
		keys[i] = n.Key
	}
	return keys
}

// Settings are what somebody chose for themselves.
type Settings struct {
	// Language is empty when that of their account is to be spoken.
	Language string   `json:"language,omitempty"`
	Digest   DigestAt `json:"digest"`
	// QuietFrom and QuietTo are equal when there are no quiet hours.
	QuietFrom Clock `json:"quiet_from,omitempty"`
	QuietTo   Clock `json:"quiet_to,omitempty"`
}

// DigestAt says when the digest of the week is given.
type DigestAt struct {
	Never   bool         `json:"never,omitempty"`
	Weekday time.Weekday `json:"weekday"`
	At      Clock        `json:"at"`
}

// DefaultSettings are those of who chose nothing.
func DefaultSettings() Settings {
	return Settings{Digest: DigestAt{Weekday: time.Monday, At: ClockAt(8, 30)}}
}

// leastOpen is how long somebody must leave open to be nudged at all.
const leastOpen = time.Hour

// Choose decides on settings; h are the hours without them. Errors: NotAChoice
// for a digest at no time of the day, TooQuiet when hardly a moment is left.
func (s Settings) Choose(h Hours) ([]Fact, error) {
	if s.Digest.At < 0 || s.Digest.At >= ClockAt(24, 0) || s.Digest.Weekday < time.Sunday || s.Digest.Weekday > time.Saturday {
		return nil, Refuse(NotAChoice, "digest_at")
	}
	if s.In(h).Left() < leastOpen {
		return nil, Refuse(TooQuiet, "quiet_to")
	}
	return []Fact{SettingsChosen{s}}, nil
}

// In gives the hours of somebody with these settings, of those of everybody.
func (s Settings) In(h Hours) Hours {
	h.QuietFrom, h.QuietTo = s.QuietFrom, s.QuietTo
	return h
}

// A posted fact is one of a mailbox; of a case it says nothing.
type posted interface {
	Fact
	sort(m *Mailbox, e Entry)
}

// MailboxOpened: somebody has a place in a case for the first time, or chose
// settings.
type MailboxOpened struct {
	User UserID `json:"user"`
}

// SettingsChosen: the person of the mailbox chose settings.
type SettingsChosen struct {
	Settings
}

// NudgeQueued: a nudge waits for the next bundle.
type NudgeQueued struct {
	Nudge
}

// BundleHanded: what waited was handed over for delivery, as one message.
type BundleHanded struct {
	Bundle
}

// BundleArrived: the message of a bundle stands. It holds the nudges of these
// keys; the others of the bundle did not hold any more, or were known to have
// arrived before.
type BundleArrived struct {
	Key     string     `json:"key"`
	Message MessageRef `json:"message"`
	Holds   []string   `json:"holds,omitempty"`
}

// BundleDropped: nothing of a bundle held any more, or its reader is gone, and
// what it held was passed on.
type BundleDropped struct {
	Key  string `json:"key"`
	Gone bool   `json:"gone,omitempty"`
}

// BundleReturned: a bundle could not be delivered while its reader may be nudged,
// and waits again with whatever else does.
type BundleReturned struct {
	Key string `json:"key"`
}

func (MailboxOpened) apply(*Case, Entry)  {}
func (SettingsChosen) apply(*Case, Entry) {}
func (NudgeQueued) apply(*Case, Entry)    {}
func (BundleHanded) apply(*Case, Entry)   {}
func (BundleArrived) apply(*Case, Entry)  {}
func (BundleDropped) apply(*Case, Entry)  {}
func (BundleReturned) apply(*Case, Entry) {}

func (f MailboxOpened) sort(m *Mailbox, e Entry) { m.User, m.digested = f.User, e.At }

func (f SettingsChosen) sort(m *Mailbox, _ Entry) { m.Settings = f.Settings }

func (f NudgeQueued) sort(m *Mailbox, _ Entry) {
	m.queued[f.Key] = true
	m.Waiting = append(m.Waiting, f.Nudge)
}

func (f BundleHanded) sort(m *Mailbox, e Entry) {
	f.At, f.Before = e.At, m.digested
	m.Flying = append(m.Flying, f.Bundle)
	if f.Digest {
		m.digested = e.At
	}
	if f.Urgent() {
		keys := f.Keys()
		m.Waiting = slices.DeleteFunc(slices.Clone(m.Waiting), func(n Nudge) bool { return slices.Contains(keys, n.Key) })
	} else {
		// Those that are not in it were overtaken by one that is.
		m.Waiting = nil
	}
}

func (f BundleArrived) sort(m *Mailbox, _ Entry) {
	b, ok := m.land(f.Key)
	if !ok || f.Message == "" {
		return
	}
	b.Message = f.Message
	b.Nudges = slices.DeleteFunc(slices.Clone(b.Nudges), func(n Nudge) bool { return !slices.Contains(f.Holds, n.Key) })
	m.Arrived[f.Key] = b
}

func (f BundleDropped) sort(m *Mailbox, _ Entry) { m.land(f.Key) }

func (f BundleReturned) sort(m *Mailbox, _ Entry) {
	b, ok := m.land(f.Key)
	if !ok {
		return
	}
	m.Waiting = append(slices.Clone(b.Nudges), m.Waiting...)
	if b.Digest {
		m.digested = b.Before
	}
}

// land takes a bundle out of those that fly.
func (m *Mailbox) land(key string) (Bundle, bool) {
	b, ok := m.Bundle(key)
	m.Flying = slices.DeleteFunc(slices.Clone(m.Flying), func(b Bundle) bool { return b.Key == key })
	return b, ok
}

// NewMailbox gives a mailbox that was not opened yet.
func NewMailbox(code Code) *Mailbox {
	return &Mailbox{Code: code, Settings: DefaultSettings(), Arrived: map[string]Bundle{}, queued: map[string]bool{}}
}

// ReadMailbox folds the mailbox that a journal tells, as it is kept. Error: that
// of Decode, with the code; or a fact that is none of a mailbox's.
func ReadMailbox(code Code, journal [][]byte) (*Mailbox, error) {
	entries := make([]Entry, len(journal))
	for i, raw := range journal {
		var err error
		if entries[i], err = Decode(uint64(i+1), raw); err != nil {
			return nil, fmt.Errorf("read %s: %w", code, err)
		}
	}
	return FoldMailbox(code, entries)
}

// FoldMailbox folds the mailbox that entries tell. Error: a fact that is none of a
// mailbox's.
func FoldMailbox(code Code, entries []Entry) (*Mailbox, error) {
	m := NewMailbox(code)
	for _, e := range entries {
		if _, ok := e.Fact.(posted); !ok {
			return nil, fmt.Errorf("read %s: entry %d: %s is no fact of a mailbox", code, e.Seq, FactName(e.Fact))
		}
		m.Apply(e)
	}
	return m, nil
}

// Apply takes in the next entry of the journal; a fact that is none of a
// mailbox's changes nothing.
func (m *Mailbox) Apply(e Entry) {
	m.Seq = e.Seq
	if f, ok := e.Fact.(posted); ok {
		f.sort(m, e)
	}
}

// Bundle gives a bundle that was handed over and is not known to have arrived.
func (m *Mailbox) Bundle(key string) (Bundle, bool) {
	i := slices.IndexFunc(m.Flying, func(b Bundle) bool { return b.Key == key })
	if i < 0 {
		return Bundle{}, false
	}
	return m.Flying[i], true
}

// Standing gives the bundles whose messages stand, oldest first.
func (m *Mailbox) Standing() []Bundle {
	return slices.SortedFunc(maps.Values(m.Arrived), func(a, b Bundle) int {
		return cmp.Or(a.At.Compare(b.At), cmp.Compare(a.Key, b.Key))
	})
}

// Queue decides that a nudge waits: nothing when it ever did.
func (m *Mailbox) Queue(n Nudge) []Fact {
	if m.queued[n.Key] {
		return nil
	}
	return []Fact{NudgeQueued{n}}
}

// Hand decides what is to be delivered at now: what is urgent, each alone; and,
// if h let it be and nothing else is on its way, all that waits and the digest
// if it is due, as one bundle. Of several nudges about one thing the last is
// given, in the place of all. name gives the key of a bundle.
func (m *Mailbox) Hand(h Hours, now time.Time, name func(Bundle) string) []Fact {
	var facts []Fact
	hand := func(b Bundle) {
		b.Key = name(b)
		facts = append(facts, BundleHanded{b})
	}
	var b Bundle
	for _, n := range m.Waiting {
		if n.Urgent() {
			hand(Bundle{Nudges: []Nudge{n}})
		} else {
			b.Nudges = slices.DeleteFunc(b.Nudges, func(other Nudge) bool { return other.about() == n.about() })
			b.Nudges = append(b.Nudges, n)
		}
	}
	digest := m.nextDigest(h, now)
	if b.Digest = !digest.IsZero() && !digest.After(now); b.Digest {
		b.DigestOf = DayOf(digest)
	}
	if (b.Digest || len(b.Nudges) > 0) && !m.busy() && m.In(h).Open(now) {
		hand(b)
	}
	return facts
}

// busy reports whether a bundle is on its way: the next one waits for it.
func (m *Mailbox) busy() bool {
	return slices.ContainsFunc(m.Flying, func(b Bundle) bool { return !b.Urgent() })
}

// Due is when Hand will next have something to give, as things stand at now: the
// zero time when that waits for a bundle to arrive, or is never. h are the hours
// of everybody where they are.
func (m *Mailbox) Due(h Hours, now time.Time) time.Time {
	switch {
	case slices.ContainsFunc(m.Waiting, Nudge.Urgent):
		return now
	case m.busy():
		return time.Time{}
	case len(m.Waiting) > 0:
		return m.In(h).Next(now)
	}
	digest := m.nextDigest(h, now)
	if digest.IsZero() {
		return digest
	}
	return m.In(h).Next(latest(digest, now))
}

// week is how many days are between two digests.
const week = 7

// nextDigest gives when the next digest is due: on its day or, when that is not
// worked, the first that is; the zero time when never.
func (m *Mailbox) nextDigest(h Hours, now time.Time) time.Time {
	if m.Digest.Never {
		return time.Time{}
	}
	after := m.digested
	if after.After(now.AddDate(0, 0, 1)) {
		// The clock was wrong then: it is not to cost a digest now.
		after = now
	}
	on := DayOf(after.In(h.Zone))
	for on.At(12, 0, time.UTC).Weekday() != m.Digest.Weekday || !m.Digest.At.On(on, h.Zone).After(after) {
		on = on.Add(1)
	}
	for range week {
		if h.Working(on) {
			break
		}
		on = on.Add(1)
	}
	return m.Digest.At.On(on, h.Zone)
}
