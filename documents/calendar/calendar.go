// Package calendar writes events as a file that calendars import: RFC 5545, as
// Thunderbird, Outlook and Google read it. It knows nothing of cases.
package calendar

import (
	"fmt"
	"io"
	"strings"
	"time"
	"unicode"

	ics "github.com/arran4/golang-ical"
)

// An Event is a meeting, or something due on a day.
type Event struct {
	// UID is the same each time the event is written, so that a calendar replaces
	// what it has.
	UID string
	// Start and End are instants, in any zone; End comes after Start.
	Start, End time.Time
	// AllDay keeps of Start and End only their days, each in its own zone: the
	// event lasts to the end of the day of End, or of Start when End is zero, and
	// leaves people free.
	AllDay bool
	// Title is on one line; Place and Description may be empty.
	Title, Place, Description string
	// Alarm rings that long before the start, which is midnight for a whole day; 0
	// never rings, and less than 0 rings after it.
	Alarm time.Duration
	// Sequence grows each time the event is moved, changed or cancelled.
	Sequence  int
	Cancelled bool
}

// File writes the events as one calendar of that name, which may be empty. now is
// when the file is made. An event without a UID, with that of another, or that
// ends before it starts is an error, and nothing is written.
func File(w io.Writer, name string, events []Event, now time.Time) error {
	cal := ics.NewCalendarFor("Parcours")
	cal.SetProductId("-//Parcours//Parcours//FR")
	cal.SetMethod(ics.MethodPublish)
	if name != "" {
		cal.SetName(oneLine(name))
	}
	seen := make(map[string]bool)
	for i, e := range events {
		switch {
		case e.UID == "" || seen[e.UID]:
			return fmt.Errorf("calendar: event %d has no UID of its own", i)
		case e.Start.IsZero():
			return fmt.Errorf("calendar: event %d has no start", i)
		}
		seen[e.UID] = true
		if err := add(cal, e, now); err != nil {
			return fmt.Errorf("calendar: event %d %w", i, err)
		}
	}
	return cal.SerializeTo(w, ics.WithNewLineWindows)
}

func add(cal *ics.Calendar, e Event, now time.Time) error {
	v := cal.AddEvent(e.UID)
	v.SetDtStampTime(now)
	if e.AllDay {
		last := e.End
		if last.IsZero() {
			last = e.Start
		}
		if day(last).Before(day(e.Start)) {
			return errEnd
		}
		v.SetAllDayStartAt(day(e.Start))
		// In the format, the end is the first day that is no longer of the event.
		v.SetAllDayEndAt(day(last).AddDate(0, 0, 1))
		v.SetTimeTransparency(ics.TransparencyTransparent)
	} else {
		if !e.End.After(e.Start) {
			return errEnd
		}
		// In UTC, a calendar needs no rule of ours to find the hour of its own zone.
		v.SetStartAt(e.Start)
		v.SetEndAt(e.End)
	}
	v.SetSummary(oneLine(e.Title))
	if e.Place != "" {
		v.SetLocation(oneLine(e.Place))
	}
	if e.Description != "" {
		v.SetDescription(clean(e.Description))
	}
	v.SetSequence(e.Sequence)
	v.SetClass(ics.ClassificationPrivate)
	if e.Cancelled {
		v.SetStatus(ics.ObjectStatusCancelled)
		return nil
	}
	v.SetStatus(ics.ObjectStatusConfirmed)
	if e.Alarm != 0 {
		alarm := v.AddAlarm()
		alarm.SetAction(ics.ActionDisplay)
		alarm.SetTrigger(trigger(e.Alarm))
		alarm.SetDescription(oneLine(e.Title))
	}
	return nil
}

var errEnd = fmt.Errorf("ends before it starts")

// day gives the day of an instant in its own zone.
func day(t time.Time) time.Time {
	return time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, time.UTC)
}

// trigger writes a time before the start as the format does, in seconds at most.
func trigger(before time.Duration) string {
	sign := "-"
	if before < 0 {
		sign, before = "", -before
	}
	seconds := int(before / time.Second)
	if seconds%60 == 0 {
		return fmt.Sprintf("%sPT%dM", sign, seconds/60)
	}
	return fmt.Sprintf("%sPT%dS", sign, seconds)
}

// clean keeps of a text what the format can carry: no control character but line
// breaks, of one kind.
func clean(text string) string {
	text = strings.ReplaceAll(strings.ToValidUTF8(text, "\uFFFD"), "\r\n", "\n")
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\r', r == '\n':
			return '\n'
		case r == '\t':
			return ' '
		case unicode.IsControl(r):
			return -1
		}
		return r
	}, text)
}

// oneLine is clean, without line breaks.
func oneLine(text string) string { return strings.ReplaceAll(clean(text), "\n", " ") }
