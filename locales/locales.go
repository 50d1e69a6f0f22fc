// Package locales holds every sentence people read, and says it in French or
// English.
package locales

import (
	"embed"
	"fmt"
	"io/fs"
	"strings"
	"sync"
	"time"

	"github.com/BurntSushi/toml"
	"github.com/nicksnyder/go-i18n/v2/i18n"
	"golang.org/x/text/language"

	"parcours/casework"
)

//go:embed *.toml
var files embed.FS

// bundle is read once: it is the same for everybody.
var bundle = sync.OnceValue(func() *i18n.Bundle {
	b := i18n.NewBundle(language.French)
	b.RegisterUnmarshalFunc("toml", toml.Unmarshal)
	names, err := fs.Glob(files, "*.toml")
	if err != nil {
		panic(err) // the pattern is a constant
	}
	for _, name := range names {
		if _, err := b.LoadMessageFileFS(files, name); err != nil {
			panic(fmt.Errorf("locales: %s: %w", name, err)) // embedded and tested
		}
	}
	return b
})

// A Printer speaks one language. The zero Printer speaks French.
type Printer struct {
	lang      string
	localizer *i18n.Localizer
}

// For gives the printer of a language tag, "fr" or "en"; French for others.
func For(lang string) Printer {
	if lang != "en" {
		lang = "fr"
	}
	return Printer{lang: lang, localizer: i18n.NewLocalizer(bundle(), lang)}
}

// Lang is the language spoken, "fr" or "en".
func (p Printer) Lang() string {
	if p.lang == "" {
		return "fr"
	}
	return p.lang
}

// Args fill the gaps of a sentence. N, if there, chooses singular or plural.
type Args map[string]any

// T says the sentence under key. An unknown key reads as itself between
// brackets, and a test forbids it.
func (p Printer) T(key string, args ...Args) string {
	if p.localizer == nil {
		p = For("fr")
	}
	known, seen := fixed.Load(p.lang + key)
	if text, ok := known.(string); ok {
		return text
	}
	config := &i18n.LocalizeConfig{MessageID: key}
	if len(args) > 0 {
		config.TemplateData = map[string]any(args[0])
		if n, ok := args[0]["N"]; ok {
			config.PluralCount = n
		}
	}
	text, err := p.localizer.Localize(config)
	if err != nil {
		return "[" + key + "]"
	}
	switch {
	case seen:
	case config.PluralCount == nil && p.gapless(key):
		fixed.Store(p.lang+key, text)
	default:
		fixed.Store(p.lang+key, nil)
	}
	return text
}

// gapless reports whether a sentence is the same whatever fills it.
func (p Printer) gapless(key string) bool {
	text, err := p.localizer.Localize(&i18n.LocalizeConfig{MessageID: key, TemplateData: map[string]any{}})
	return err == nil && !strings.Contains(text, "<no value>")
}

// fixed holds the sentences without gaps that were said once, and nil for those
// with gaps: there are only so many, and a card says the same ones on every line.
var fixed sync.Map

// Has reports whether there is a sentence under key.
func (p Printer) Has(key string) bool {
	if p.localizer == nil {
		p = For("fr")
	}
	_, tag, err := p.localizer.LocalizeWithTag(&i18n.LocalizeConfig{MessageID: key, TemplateData: Args{}})
	return err == nil && tag.String() == p.lang
}

// Day says a day in full: « vendredi 20 novembre 2026 », "Friday 20 November 2026".
func (p Printer) Day(d casework.Day) string {
	if text, ok := days.Load(p.Lang() + string(d)); ok {
		return text.(string)
	}
	t := d.At(12, 0, time.UTC)
	if t.IsZero() {
		return ""
	}
	text := p.T("date.day", Args{
		"Weekday": p.T("date.weekday." + fmt.Sprint(int(t.Weekday()))),
		"Day":     p.ordinal(t.Day()),
		"Month":   p.T("date.month." + fmt.Sprint(int(t.Month()))),
		"Year":    t.Year(),
	})
	days.Store(p.Lang()+string(d), text)
	return text
}

// days holds the days that were said: lists of deadlines say few, again and
// again.
var days sync.Map

// ordinal writes the first of a month as French does.
func (p Printer) ordinal(day int) string {
	if day == 1 {
		return p.T("date.first")
	}
	return fmt.Sprint(day)
}

// Moment says a day and an hour, in the zone of t.
func (p Printer) Moment(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return p.T("date.moment", Args{"Day": p.Day(casework.DayOf(t)), "Hour": t.Hour(), "Minute": fmt.Sprintf("%02d", t.Minute())})
}
