package calendar_test

import (
	"bytes"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"parcours/documents/calendar"

	"github.com/emersion/go-ical"
	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

var now = time.Date(2026, 11, 21, 8, 30, 0, 0, time.UTC)

func meeting(start time.Time) calendar.Event {
	return calendar.Event{UID: "c1@parcours", Start: start, End: start.Add(90 * time.Minute), Title: "Commission"}
}

// file writes events, holds the lines of the file to the format, and gives the
// whole, unfolded.
func file(t interface {
	Helper()
	Fatalf(string, ...any)
}, events ...calendar.Event) (string, *ical.Calendar) {
	t.Helper()
	var out bytes.Buffer
	if err := calendar.File(&out, "Parcours", events, now); err != nil {
		t.Fatalf("%v", err)
	}
	text := out.String()
	body, ended := strings.CutSuffix(text, "\r\n")
	if !ended {
		t.Fatalf("the last line does not end: %q", text)
	}
	for line := range strings.SplitSeq(body, "\r\n") {
		switch {
		case len(line) > 75:
			t.Fatalf("%d octets in a line: %q", len(line), line)
		case !utf8.ValidString(line):
			t.Fatalf("a letter is cut: %q", line)
		case strings.ContainsFunc(line, func(r rune) bool { return r < ' ' || r == 0x7f }):
			t.Fatalf("a control character in %q", line)
		case line == "" || line == " ":
			t.Fatalf("an empty line in %q", text)
		}
	}
	cal, err := ical.NewDecoder(strings.NewReader(text)).Decode()
	if err != nil {
		t.Fatalf("%v in\n%s", err, text)
	}
	return strings.ReplaceAll(text, "\r\n ", ""), cal
}

func TestEveryLineOfAMeeting(t *testing.T) {
	paris, err := time.LoadLocation("Europe/Paris")
	if err != nil {
		t.Fatal(err)
	}
	e := meeting(time.Date(2026, 12, 18, 14, 0, 0, 0, paris))
	e.Title, e.Place = "Commission, phase 1; situation 7F3K", "Maison des solidarités,\n12 rue de l’Œuvre"
	e.Description, e.Alarm, e.Sequence = "Apporter :\r\n- le relevé \\ la liste", 24*time.Hour, 3
	got, _ := file(t, e)
	want := strings.ReplaceAll(`BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//Parcours//Parcours//FR
METHOD:PUBLISH
NAME:Parcours
X-WR-CALNAME:Parcours
BEGIN:VEVENT
UID:c1@parcours
DTSTAMP:20261121T083000Z
DTSTART:20261218T130000Z
DTEND:20261218T143000Z
SUMMARY:Commission\, phase 1\; situation 7F3K
LOCATION:Maison des solidarités\, 12 rue de l’Œuvre
DESCRIPTION:Apporter :\n- le relevé \\ la liste
SEQUENCE:3
CLASS:PRIVATE
STATUS:CONFIRMED
BEGIN:VALARM
ACTION:DISPLAY
TRIGGER:-PT1440M
DESCRIPTION:Commission\, phase 1\; situation 7F3K
END:VALARM
END:VEVENT
END:VCALENDAR
`, "\n", "\r\n")
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestAnHourIsTheSameInEveryZone(t *testing.T) {
	for _, tt := range []struct{ zone, start, want string }{
		{"Europe/Paris", "2026-07-10 14:00", "20260710T120000Z"},
		{"Europe/Paris", "2026-12-10 14:00", "20261210T130000Z"},
		{"Europe/Paris", "2027-03-28 04:00", "20270328T020000Z"}, // the clocks have just moved
		{"Europe/Paris", "2026-10-25 01:30", "20261024T233000Z"},
		{"America/Martinique", "2026-07-10 14:00", "20260710T180000Z"},
		{"Indian/Reunion", "2026-12-10 14:00", "20261210T100000Z"},
		{"Pacific/Noumea", "2026-12-10 08:00", "20261209T210000Z"},
		{"America/Miquelon", "2026-07-10 14:00", "20260710T160000Z"},
	} {
		zone, err := time.LoadLocation(tt.zone)
		if err != nil {
			t.Fatal(err)
		}
		start, err := time.ParseInLocation("2006-01-02 15:04", tt.start, zone)
		if err != nil {
			t.Fatal(err)
		}
		text, cal := file(t, meeting(start))
		if !strings.Contains(text, "DTSTART:"+tt.want+"\r\n") {
			t.Errorf("%s %s: no DTSTART:%s in\n%s", tt.zone, tt.start, tt.want, text)
		}
		read := cal.Events()[0]
		if got, err := read.DateTimeStart(time.UTC); err != nil || !got.Equal(start) {
			t.Errorf("%s %s is read as %v, %v", tt.zone, tt.start, got, err)
		}
		if got, err := read.DateTimeEnd(time.UTC); err != nil || got.Sub(start) != 90*time.Minute {
			t.Errorf("%s %s ends, as read, at %v, %v", tt.zone, tt.start, got, err)
		}
	}
}

func TestAWholeDayEndsTheDayAfter(t *testing.T) {
	noumea := time.FixedZone("", 11*3600)
	for _, tt := range []struct {
		start, end         time.Time
		wantStart, wantEnd string
	}{
		{start: time.Date(2026, 12, 31, 0, 0, 0, 0, time.UTC), wantStart: "20261231", wantEnd: "20270101"},
		{start: time.Date(2026, 12, 31, 1, 0, 0, 0, noumea), wantStart: "20261231", wantEnd: "20270101"},
		{start: time.Date(2027, 3, 27, 12, 0, 0, 0, noumea), end: time.Date(2027, 3, 29, 0, 0, 0, 0, noumea), wantStart: "20270327", wantEnd: "20270330"},
	} {
		text, _ := file(t, calendar.Event{UID: "d", AllDay: true, Start: tt.start, End: tt.end, Title: "Échéance", Alarm: -9 * time.Hour})
		for _, want := range []string{"DTSTART;VALUE=DATE:" + tt.wantStart, "DTEND;VALUE=DATE:" + tt.wantEnd, "TRANSP:TRANSPARENT", "TRIGGER:PT540M"} {
			if !strings.Contains(text, want+"\r\n") {
				t.Errorf("no %s in\n%s", want, text)
			}
		}
	}
}

func TestACancelledMeetingDoesNotRing(t *testing.T) {
	e := meeting(now)
	e.Cancelled, e.Sequence, e.Alarm = true, 4, time.Hour
	text, _ := file(t, e)
	if !strings.Contains(text, "STATUS:CANCELLED\r\n") || !strings.Contains(text, "SEQUENCE:4\r\n") || strings.Contains(text, "VALARM") {
		t.Error(text)
	}
}

func TestWhatIsNoEventIsRefused(t *testing.T) {
	for name, change := range map[string]func(*calendar.Event){
		"no UID":               func(e *calendar.Event) { e.UID = "" },
		"no start":             func(e *calendar.Event) { e.Start = time.Time{} },
		"no end":               func(e *calendar.Event) { e.End = time.Time{} },
		"ends before it":       func(e *calendar.Event) { e.End = e.Start },
		"ends the day before":  func(e *calendar.Event) { e.AllDay, e.End = true, e.Start.AddDate(0, 0, -1) },
		"the UID of the other": func(e *calendar.Event) { e.UID = "other" },
	} {
		e, other := meeting(now), meeting(now)
		other.UID = "other"
		change(&e)
		var out bytes.Buffer
		if err := calendar.File(&out, "", []calendar.Event{other, e}, now); err == nil || out.Len() > 0 {
			t.Errorf("%s: error %v, %d octets written", name, err, out.Len())
		}
	}
}

// What people write comes back as they wrote it, whatever it is.
func TestTextsComeBack(t *testing.T) {
	text := func(newlines string) *rapid.Generator[string] {
		return rapid.StringOf(rapid.OneOf(
			rapid.SampledFrom([]rune(`,;:\"'<>= nNé’œ«»€🙂👩‍👧`+newlines)), rapid.RuneFrom([]rune("abc"))))
	}
	rapid.Check(t, func(t *rapid.T) {
		e := meeting(now)
		e.UID = rapid.StringMatching(`[a-z0-9-]{1,100}@parcours`).Draw(t, "uid")
		e.Title, e.Place = text("").Draw(t, "title"), text("").Draw(t, "place")
		e.Description = text("\n").Draw(t, "description")
		_, cal := file(t, e)
		read := cal.Events()[0]
		for name, want := range map[string]string{ical.PropUID: e.UID, ical.PropSummary: e.Title, ical.PropLocation: e.Place, ical.PropDescription: e.Description} {
			if got, err := read.Props.Text(name); err != nil || got != want {
				t.Fatalf("%s: read %q, %v; want %q", name, got, err, want)
			}
		}
	})
}
