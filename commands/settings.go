package commands

import (
	"fmt"
	"strings"
	"time"

	"parcours/bot/chat"
	"parcours/bot/command"
	"parcours/casework"
	"parcours/locales"
)

// settingsCommand shows and changes what somebody chose for themselves: their
// language, when the digest of the week comes, and quiet hours.
func settingsCommand() command.Command {
	return command.Command{
		Name: "réglages", Twin: "settings",
		May:    command.Anyone,
		Form:   "settings",
		Fields: settingsFields,
		Do:     doSettings,
	}
}

func settingsFields(r command.Request) []chat.Field {
	q := asking(r, "settings")
	q.one("language", optional, choices(r.Say, "language", languages...))
	q.text("digest_at", optional)
	q.text("quiet_from", optional)
	q.text("quiet_to", optional)
	return q.fields
}

var languages = []chat.Lang{chat.French, chat.English}

func doSettings(r command.Request) (command.Response, error) {
	known, err := r.Settings()
	if err != nil {
		return command.Response{}, err
	}
	if len(r.Values) == 0 {
		return command.Response{Ask: settingsNow(r, known), FormError: strings.Join(settingsSaid(r.Say, r.Asker, known), " ")}, nil
	}
	chosen, err := settingsGiven(r, known)
	if err != nil {
		return command.Response{}, err
	}
	facts, err := chosen.Choose(r.Policy.Hours(r.Now.Location()))
	if err != nil {
		return command.Response{}, err
	}
	say := r.Say
	if chosen.Language != "" {
		say = locales.For(chosen.Language).In(r.Say.Place())
	}
	s := &sheet{say: say, now: r.Now}
	s.card.Title = s.t("settings.title")
	for _, line := range settingsSaid(say, r.Asker, chosen) {
		s.plain("", line)
	}
	return command.Response{Mailbox: facts, Reply: s.message(s.t("settings.done"))}, nil
}

// settingsNow are the fields with what holds.
func settingsNow(r command.Request, known casework.Settings) []chat.Field {
	lang := chat.Lang(known.Language)
	if lang == "" {
		lang = r.Asker.Lang
	}
	now := map[string]string{"language": string(lang), "digest_at": digestText(r.Say, known.Digest)}
	if known.QuietFrom != known.QuietTo {
		now["quiet_from"], now["quiet_to"] = known.QuietFrom.String(), known.QuietTo.String()
	}
	fields := settingsFields(r)
	for i, field := range fields {
		value := now[field.About().ID]
		if value == "" {
			continue
		}
		switch f := field.(type) {
		case chat.Select:
			f.Default = []string{value}
			fields[i] = f
		case chat.Text:
			f.Default = []string{value}
			fields[i] = f
		}
	}
	return fields
}

// settingsGiven gives what holds with what is asked in its place. Errors:
// NotATime, on the field.
func settingsGiven(r command.Request, s casework.Settings) (casework.Settings, error) {
	if lang := r.Text("language"); lang != "" {
		s.Language = lang
	}
	if text := r.Text("digest_at"); text != "" {
		at, ok := parseDigest(text, s.Digest)
		if !ok {
			return s, casework.Refuse(casework.NotATime, "digest_at")
		}
		s.Digest = at
	}
	for _, quiet := range []struct {
		field string
		at    *casework.Clock
	}{{"quiet_from", &s.QuietFrom}, {"quiet_to", &s.QuietTo}} {
		text := r.Text(quiet.field)
		if text == "" {
			continue
		}
		if never(text) {
			s.QuietFrom, s.QuietTo = 0, 0
			return s, nil
		}
		at, ok := casework.ParseClock(text)
		if !ok {
			return s, casework.Refuse(casework.NotATime, quiet.field)
		}
		*quiet.at = at
	}
	return s, nil
}

// never reports a word by which people want none of something, in any language.
func never(text string) bool {
	for _, lang := range languages {
		if strings.EqualFold(strings.TrimSpace(text), locales.For(string(lang)).T("settings.never")) {
			return true
		}
	}
	return false
}

// parseDigest reads a day of the week, an hour or both, in any language; what is
// not said stays.
func parseDigest(text string, at casework.DigestAt) (casework.DigestAt, bool) {
	if never(text) {
		at.Never = true
		return at, true
	}
	at.Never = false
	day, hour, _ := strings.Cut(strings.TrimSpace(text), " ")
	if weekday, ok := parseWeekday(day); ok {
		at.Weekday, text = weekday, strings.TrimSpace(hour)
		if text == "" {
			return at, true
		}
	}
	clock, ok := casework.ParseClock(text)
	at.At = clock
	return at, ok
}

func parseWeekday(word string) (time.Weekday, bool) {
	for _, lang := range languages {
		for day := time.Sunday; day <= time.Saturday; day++ {
			if strings.EqualFold(word, locales.For(string(lang)).T(fmt.Sprintf("date.weekday.%d", day))) {
				return day, true
			}
		}
	}
	return 0, false
}

// digestText says when the digest comes, as it can be typed.
func digestText(say locales.Printer, at casework.DigestAt) string {
	if at.Never {
		return say.T("settings.never")
	}
	return say.T(fmt.Sprintf("date.weekday.%d", at.Weekday)) + " " + at.At.String()
}

// settingsSaid says what holds, a sentence each.
func settingsSaid(say locales.Printer, asker chat.Account, s casework.Settings) []string {
	lang := chat.Lang(s.Language)
	if lang == "" {
		lang = asker.Lang
	}
	lines := []string{
		say.T("settings.language", locales.Args{"Language": say.T("language." + string(lang))}),
		say.T("settings.digest", locales.Args{"At": digestText(say, s.Digest)}),
	}
	if s.Digest.Never {
		lines[1] = say.T("settings.digest.never")
	}
	if s.QuietFrom != s.QuietTo {
		return append(lines, say.T("settings.quiet", locales.Args{"From": s.QuietFrom, "To": s.QuietTo}))
	}
	return append(lines, say.T("settings.quiet.none"))
}
