package commands

import (
	"bytes"
	"time"

	"parcours/bot/chat"
	"parcours/casework"
	"parcours/documents/calendar"
)

// calendarType is the type of calendar files.
const calendarType = "text/calendar"

// Alarms before a meeting, and in the morning of the day before a deadline.
const (
	beforeMeeting  = 24 * time.Hour
	beforeDeadline = 15 * time.Hour
)

// event gives a meeting for a calendar. Calendars are synchronised to many
// places, and read over shoulders: it names the case by its code alone.
func (s *sheet) event(m casework.Commission) calendar.Event {
	e := calendar.Event{
		UID:   m.ID + "." + string(s.c.Code) + "@parcours",
		Start: m.At, End: m.Ends(), Title: s.t("calendar.meeting"), Place: m.Place, Alarm: beforeMeeting, Cancelled: m.Cancelled,
	}
	if m.Cancelled {
		e.Sequence = 1
	}
	return e
}

// due gives a deadline for a calendar, without what it is about.
func (s *sheet) due(d deadline) calendar.Event {
	return calendar.Event{
		UID: d.id + "." + string(d.code) + "@parcours", Start: d.day.At(0, 0, s.now.Location()), AllDay: true,
		Title: s.t("calendar.deadline"), Description: s.t("calendar.more"), Alarm: beforeDeadline,
	}
}

// calendar gives events as a file; nothing when there are none.
func (s *sheet) calendar(name string, events []calendar.Event) []chat.File {
	if len(events) == 0 {
		return nil
	}
	var body bytes.Buffer
	if err := calendar.File(&body, s.t("calendar.name"), events, s.now); err != nil {
		panic(err) // an event without an identifier of its own
	}
	return []chat.File{{Name: name + ".ics", Type: calendarType, Body: body.Bytes()}}
}

// dated gives a message with a meeting as a calendar file.
func (s *sheet) dated(m chat.Message, meeting casework.Commission) chat.Message {
	if meeting.ID == "" {
		return m
	}
	m.Files = s.calendar(string(s.c.Code)+"-"+meeting.ID, []calendar.Event{s.event(meeting)})
	for i := range m.Files {
		m.Files[i].Case, m.Files[i].Topics = s.c.Code, []casework.Topic{""}
	}
	return m
}
