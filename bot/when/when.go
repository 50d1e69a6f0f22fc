// Package when reads days and hours as French and English people write them. It
// reads the whole text or refuses it: a date that is guessed wrong is a deadline
// that is missed.
package when

import (
	"errors"
	"regexp"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/runes"
	"golang.org/x/text/transform"
	"golang.org/x/text/unicode/norm"
)

// ErrUnreadable: the text is no date, or one that does not exist.
var ErrUnreadable = errors.New("when: not a date")

// A Moment is a day at midnight, and an hour if one was given.
type Moment struct {
	Day          time.Time
	Hour, Minute int
	HasHour      bool
}

// Time is the moment itself, in the zone it was read in.
func (m Moment) Time() time.Time {
	return time.Date(m.Day.Year(), m.Day.Month(), m.Day.Day(), m.Hour, m.Minute, 0, 0, m.Day.Location())
}

// Parse reads text as a day, perhaps with an hour, seen from now and in its
// zone: "2026-11-20", "12/03/2026 14h30", "demain", "dans 15 jours", "vendredi
// 14h", "3 December at 2pm". A day of the week is the next one after today; a
// day without a year is the next one to come. Error: ErrUnreadable.
func Parse(text string, now time.Time) (Moment, error) {
	words, hour, ok := cutHour(Fold(text))
	if !ok {
		return Moment{}, ErrUnreadable
	}
	today := midnight(now.Year(), now.Month(), now.Day(), now.Location())
	for _, read := range readers {
		if day, ok := read(words, today); ok {
			hour.Day = day
			return hour, nil
		}
	}
	return Moment{}, ErrUnreadable
}

// Fold gives text without accents, in lower case and with single spaces, as
// people's words are compared.
func Fold(text string) string {
	if isPlain(text) {
		return strings.Join(strings.Fields(strings.ToLower(text)), " ")
	}
	bare, _, err := transform.String(transform.Chain(norm.NFD, runes.Remove(runes.In(unicode.Mn)), norm.NFC), text)
	if err != nil {
		bare = text
	}
	return strings.Join(strings.Fields(strings.ToLower(strings.ReplaceAll(bare, "’", "'"))), " ")
}

// isPlain reports whether text has no letter that could bear an accent.
func isPlain(text string) bool {
	for i := range len(text) {
		if text[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

var hours = []*regexp.Regexp{
	regexp.MustCompile(`^(.*?)(?:^|[ t])(?:a |at |vers )?(\d{1,2}) ?h(?: ?(\d{2}))?()$`),
	regexp.MustCompile(`^(.*?)(?:^|[ t])(?:a |at |vers )?(\d{1,2}):(\d{2})(?::\d{2})? ?(am|pm)?$`),
	regexp.MustCompile(`^(.*?)(?:^| )(?:at )?(\d{1,2})() ?(am|pm)$`),
	regexp.MustCompile(`^(.*?)(?:^| )(?:a |at )?(?:midi|noon)()()()$`),
}

// cutHour splits the hour at the end of text, if there is one, from the day.
func cutHour(text string) (day string, m Moment, ok bool) {
	for i, pattern := range hours {
		found := pattern.FindStringSubmatch(text)
		if found == nil {
			continue
		}
		m.Hour, m.HasHour = 12, true
		if i < len(hours)-1 {
			m.Hour, _ = strconv.Atoi(found[2])
			m.Minute, _ = strconv.Atoi(found[3])
		}
		if half := found[4]; half != "" {
			if m.Hour < 1 || m.Hour > 12 {
				return "", Moment{}, false
			}
			m.Hour %= 12
			if half == "pm" {
				m.Hour += 12
			}
		}
		return strings.TrimRight(found[1], " ,"), m, m.Hour < 24 && m.Minute < 60
	}
	return text, Moment{}, true
}

func midnight(year int, month time.Month, day int, zone *time.Location) time.Time {
	return time.Date(year, month, day, 0, 0, 0, 0, zone)
}

// date gives a day of the calendar; ok is false for one that does not exist.
func date(year, month, day int, zone *time.Location) (time.Time, bool) {
	t := midnight(year, time.Month(month), day, zone)
	return t, t.Day() == day && t.Month() == time.Month(month) && year >= 1900 && year < 2200
}
