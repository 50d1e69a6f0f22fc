package casework_test

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"parcours/casework"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func TestParseClock(t *testing.T) {
	for text, want := range map[string]string{
		"8h30": "08:30", "8:30": "08:30", "08:05": "08:05", "20 h": "20:00", "20h": "20:00", "7": "07:00", " 8 h 30 ": "08:30", "24:00": "24:00",
		"24:01": "", "25": "", "8h3": "", "8.30": "", "": "", "midi": "", "-1": "", "8h60": "",
	} {
		got, ok := casework.ParseClock(text)
		if ok != (want != "") || ok && got.String() != want {
			t.Errorf("%q is %s, %v", text, got, ok)
		}
	}
}

// office gives the hours of everybody in Paris; 25 December and 1 January are not
// worked.
func office(t *testing.T) casework.Hours {
	p := casework.DefaultPolicy()
	p.Working = func(d casework.Day) bool { return d.IsWeekday() && d[5:] != "12-25" && d[5:] != "01-01" }
	return p.Hours(paris(t))
}

func moment(t *testing.T, text string) time.Time {
	t.Helper()
	at, err := time.ParseInLocation("2006-01-02 15:04", text, paris(t))
	if err != nil {
		t.Fatal(err)
	}
	return at
}

func TestHours(t *testing.T) {
	for _, c := range []struct{ at, quiet, want string }{
		{"2026-11-23 10:00", "", "2026-11-23 10:00"},
		{"2026-11-23 07:59", "", "2026-11-23 08:00"},
		{"2026-11-23 18:30", "", "2026-11-24 08:00"},
		{"2026-11-27 18:29", "", "2026-11-27 18:29"},
		{"2026-11-27 19:00", "", "2026-11-30 08:00"},
		{"2026-12-24 19:00", "", "2026-12-28 08:00"},
		{"2026-11-23 10:00", "09:00-11:00", "2026-11-23 11:00"},
		{"2026-11-23 08:30", "09:00-11:00", "2026-11-23 08:30"},
		{"2026-11-23 08:30", "17:00-09:30", "2026-11-23 09:30"},
		{"2026-11-23 17:00", "17:00-09:30", "2026-11-24 09:30"},
		{"2026-11-23 12:00", "00:00-24:00", "2026-11-23 12:00"},
		// The nights on which the clock is put forward, and back.
		{"2026-03-29 03:30", "", "2026-03-30 08:00"},
		{"2026-10-25 02:30", "", "2026-10-26 08:00"},
		{"2028-02-28 19:00", "", "2028-02-29 08:00"},
	} {
		h := office(t)
		if c.quiet != "" {
			h.QuietFrom, _ = casework.ParseClock(c.quiet[:5])
			h.QuietTo, _ = casework.ParseClock(c.quiet[6:])
		}
		if got := h.Next(moment(t, c.at)); !got.Equal(moment(t, c.want)) {
			t.Errorf("%s, quiet %s: next at %s, want %s", c.at, c.quiet, got, c.want)
		}
	}
	h := office(t)
	h.Zone = time.FixedZone("Réunion", 4*60*60)
	if got := h.Next(moment(t, "2026-11-23 05:00")); !got.Equal(moment(t, "2026-11-23 05:00")) {
		t.Errorf("eight o'clock on an island is at %s here", got)
	}
}

func TestLate(t *testing.T) {
	for _, c := range []struct {
		due, now string
		want     bool
	}{
		{"2026-11-23 09:00", "2026-11-23 18:00", false},
		{"2026-11-23 09:00", "2026-11-24 09:00", false},
		{"2026-11-23 09:00", "2026-11-24 09:01", true},
		{"2026-11-27 09:00", "2026-11-30 09:00", false},
		{"2026-11-28 09:00", "2026-11-30 08:00", false},
		{"2026-11-28 09:00", "2026-12-01 08:01", true},
	} {
		if got := office(t).Late(moment(t, c.due), moment(t, c.now)); got != c.want {
			t.Errorf("due %s, given %s: late is %v", c.due, c.now, got)
		}
	}
}

// A post is a mailbox with a clock, as the tests move it.
type post struct {
	*testing.T
	*casework.Mailbox
	h   casework.Hours
	now time.Time
}

func newPost(t *testing.T, at string) *post {
	p := &post{T: t, Mailbox: casework.NewMailbox("M-1"), h: office(t), now: moment(t, at)}
	p.write(casework.MailboxOpened{User: "u1"})
	return p
}

func (p *post) write(facts ...casework.Fact) {
	for _, f := range facts {
		p.Apply(casework.Entry{Seq: p.Seq + 1, At: p.now, Fact: f})
	}
}

func (p *post) queue(subject string, days int) {
	n := casework.Nudge{Key: fmt.Sprintf("k%s%d", subject, days), Case: "P-7K3F", Kind: casework.RemindAction, Subject: subject, Days: days, At: p.now}
	p.write(p.Queue(n)...)
}

// hand gives what is handed over now, each bundle as its keys.
func (p *post) hand() (bundles []string) {
	facts := p.Hand(p.h, p.now, func(b casework.Bundle) string { return fmt.Sprint(b.Keys(), b.Digest) })
	p.write(facts...)
	for _, f := range facts {
		bundles = append(bundles, f.(casework.BundleHanded).Key)
	}
	return bundles
}

func (p *post) wants(want ...string) {
	p.Helper()
	if diff := cmp.Diff(want, p.hand()); diff != "" {
		p.Errorf("at %s (-want +got):\n%s", p.now, diff)
	}
}

func (p *post) due(want string) {
	p.Helper()
	if got := p.Due(p.h, p.now); want == "" && !got.IsZero() || want != "" && !got.Equal(moment(p.T, want)) {
		p.Errorf("due at %s, want %s", got, want)
	}
}

func TestWhatWaitsIsOneBundle(t *testing.T) {
	p := newPost(t, "2026-11-24 20:00")
	p.due("2026-11-30 08:30")
	p.queue("a1", -7)
	p.queue("a2", 0)
	p.queue("a2", 0)
	p.queue("a1", -1)
	p.due("2026-11-25 08:00")
	p.wants()
	p.now = moment(t, "2026-11-25 08:00")
	p.wants("[ka20 ka1-1] false")
	// While it is on its way the next one waits for it.
	p.queue("a3", 0)
	p.due("")
	p.wants()
	p.write(casework.BundleArrived{Key: "[ka20 ka1-1] false", Message: "m1", Holds: []string{"ka20"}})
	if got := p.Arrived["[ka20 ka1-1] false"]; got.Message != "m1" || len(got.Nudges) != 1 {
		t.Errorf("arrived %+v", got)
	}
	p.due("2026-11-25 08:00")
	p.wants("[ka30] false")
	p.write(casework.BundleReturned{Key: "[ka30] false"})
	p.wants("[ka30] false")
	p.write(casework.BundleDropped{Key: "[ka30] false"})
	p.due("2026-11-30 08:30")
	p.queue("a3", 0)
	p.wants()
}

func TestWhatIsUrgentGoesAlone(t *testing.T) {
	p := newPost(t, "2026-11-28 21:00")
	p.queue("a1", 0)
	p.write(p.Queue(casework.Nudge{Key: "time", Kind: casework.RemindTime, Subject: "c1", At: p.now})...)
	p.due("2026-11-28 21:00")
	p.wants("[time] false")
	p.due("2026-11-30 08:00")
}

func TestTheDigestOfTheWeek(t *testing.T) {
	p := newPost(t, "2026-12-14 10:00")
	p.due("2026-12-21 08:30")
	p.now = moment(t, "2026-12-21 08:30")
	p.queue("a1", 0)
	p.wants("[ka10] true")
	p.write(casework.BundleReturned{Key: "[ka10] true"})
	p.wants("[ka10] true")
	p.write(casework.BundleArrived{Key: "[ka10] true", Message: "m1", Holds: []string{"ka10"}})
	p.due("2026-12-28 08:30")
	// Asleep for weeks: one, when it wakes up, then on the next Monday.
	p.now = moment(t, "2027-01-21 23:00")
	p.due("2027-01-22 08:00")
	p.wants()
	p.now = moment(t, "2027-01-22 08:00")
	p.wants("[] true")
	p.write(casework.BundleDropped{Key: "[] true"})
	p.due("2027-01-25 08:30")

	p.write(casework.SettingsChosen{Settings: casework.Settings{Digest: casework.DigestAt{Weekday: time.Friday, At: casework.ClockAt(17, 0)}}})
	p.due("2027-01-22 17:00")
	p.write(casework.SettingsChosen{Settings: casework.Settings{Digest: casework.DigestAt{Weekday: time.Friday, At: casework.ClockAt(17, 0)}, QuietFrom: casework.ClockAt(16, 0), QuietTo: casework.ClockAt(9, 0)}})
	p.due("2027-01-25 09:00")
	p.write(casework.SettingsChosen{Settings: casework.Settings{Digest: casework.DigestAt{Never: true}}})
	p.due("")

	// 25 December is a Friday, and not worked.
	p = newPost(t, "2026-12-24 10:00")
	p.write(casework.SettingsChosen{Settings: casework.Settings{Digest: casework.DigestAt{Weekday: time.Friday, At: casework.ClockAt(8, 30)}}})
	p.due("2026-12-28 08:30")
}

func TestAClockThatWasWrongCostsNoDigest(t *testing.T) {
	p := newPost(t, "2027-11-24 10:00")
	p.now = moment(t, "2026-11-24 10:00")
	p.due("2026-11-30 08:30")
}

func TestChooseSettings(t *testing.T) {
	s := casework.DefaultSettings()
	s.QuietFrom, s.QuietTo = casework.ClockAt(17, 0), casework.ClockAt(9, 0)
	if facts, err := s.Choose(office(t)); err != nil || len(facts) != 1 {
		t.Errorf("%v, %v", facts, err)
	}
	for code, change := range map[casework.ErrorCode]func(*casework.Settings){
		casework.TooQuiet:   func(s *casework.Settings) { s.QuietFrom, s.QuietTo = casework.ClockAt(9, 0), casework.ClockAt(8, 30) },
		casework.NotAChoice: func(s *casework.Settings) { s.Digest.At = casework.ClockAt(24, 0) },
	} {
		s := casework.DefaultSettings()
		change(&s)
		_, err := s.Choose(office(t))
		var refusal *casework.Error
		if !errors.As(err, &refusal) || refusal.Code != code {
			t.Errorf("%s: %v", code, err)
		}
	}
}

// Whatever is asked, nobody is nudged at a bad hour, and always at some hour.
func TestHoursProperty(t *testing.T) {
	zone := paris(t)
	rapid.Check(t, func(t *rapid.T) {
		clock := rapid.IntRange(0, 24*60)
		p := casework.DefaultPolicy()
		h := p.Hours(zone)
		h.QuietFrom, h.QuietTo = casework.Clock(clock.Draw(t, "from")), casework.Clock(clock.Draw(t, "to"))
		at := time.Unix(rapid.Int64Range(1_700_000_000, 1_900_000_000).Draw(t, "at"), 0).In(zone)
		next := h.Next(at)
		if next.Before(at) || !h.Open(next) || next.Sub(at) > 5*24*time.Hour {
			t.Fatalf("%s gives %s", at, next)
		}
		if h.Left() == 0 {
			return
		}
		local := next.In(zone)
		minute := casework.ClockAt(local.Hour(), local.Minute())
		quiet := h.QuietFrom <= minute && minute < h.QuietTo
		if h.QuietTo < h.QuietFrom {
			quiet = minute >= h.QuietFrom || minute < h.QuietTo
		}
		if quiet || minute < h.From || minute >= h.To || !casework.DayOf(local).IsWeekday() {
			t.Fatalf("%s, quiet from %s to %s, gives %s", at, h.QuietFrom, h.QuietTo, local)
		}
	})
}
