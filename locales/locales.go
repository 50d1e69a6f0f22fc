// Package locales holds every sentence people read, and says it in French or
// English.
package locales

import (
	"embed"
	"fmt"
	"io/fs"
	"maps"
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

// A Printer speaks one language, in the words of one département. The zero
// Printer speaks French, in neutral words.
type Printer struct {
	lang      string
	localizer *i18n.Localizer
	place     *Departement
}

// localizers are for the languages spoken.
var localizers = sync.OnceValue(func() map[string]*i18n.Localizer {
	all := map[string]*i18n.Localizer{}
	for _, lang := range languages {
		all[lang] = i18n.NewLocalizer(bundle(), lang)
	}
	return all
})

// For gives the printer of a language tag, "fr" or "en"; French for others. It
// speaks in neutral words: see In.
func For(lang string) Printer {
	if lang != "en" {
		lang = "fr"
	}
	neutral := DepartementOf("")
	return Printer{lang: lang, localizer: localizers()[lang], place: &neutral}
}

// In gives a printer of the same language that speaks in the words of d.
func (p Printer) In(d Departement) Printer {
	p = p.whole()
	if d.voice != nil {
		p.place = &d
	}
	return p
}

// whole gives the zero Printer what it lacks.
func (p Printer) whole() Printer {
	if p.localizer == nil {
		return For("fr")
	}
	return p
}

// Lang is the language spoken, "fr" or "en".
func (p Printer) Lang() string { return p.whole().lang }

// Place is the département whose words are spoken.
func (p Printer) Place() Departement { return *p.whole().place }

// Args fill the gaps of a sentence. N, if there, chooses singular or plural. The
// gaps named in Words fill themselves.
type Args map[string]any

// A manner is how a sentence is said: always as text, if fixed; otherwise with
// what fills its gaps, and with the words of the département if it has some.
type manner struct {
	text         string
	fixed, local bool
}

// T says the sentence under key. An unknown key reads as itself between
// brackets, and a test forbids it.
func (p Printer) T(key string, args ...Args) string {
	p = p.whole()
	said := p.place.voice.said[p.lang]
	known, seen := said.Load(key)
	if m, ok := known.(manner); ok && m.fixed {
		return m.text
	}
	config := &i18n.LocalizeConfig{MessageID: key}
	if len(args) > 0 {
		config.TemplateData = map[string]any(args[0])
		if n, ok := args[0]["N"]; ok {
			config.PluralCount = n
		}
	}
	if !seen {
		m, err := p.manner(key, config.PluralCount != nil)
		if err != nil {
			return "[" + key + "]"
		}
		said.Store(key, m)
		known = m
	}
	switch m := known.(manner); {
	case m.fixed:
		return m.text
	case m.local:
		config.TemplateData = p.filled(args)
	}
	text, err := p.localizer.Localize(config)
	if err != nil {
		return "[" + key + "]"
	}
	return text
}

// manner finds how a sentence is said. There are only so many sentences, and a
// card says the same ones on every line: each is looked at once. The forms of a
// counted one have the same words of the département.
func (p Printer) manner(key string, counted bool) (manner, error) {
	text, err := p.localizer.Localize(&i18n.LocalizeConfig{MessageID: key, TemplateData: map[string]any(p.words())})
	if err != nil {
		return manner{}, err
	}
	if !counted && !strings.Contains(text, noValue) {
		return manner{text: text, fixed: true}, nil
	}
	bare, err := p.localizer.Localize(&i18n.LocalizeConfig{MessageID: key, TemplateData: map[string]any{}})
	return manner{local: text != bare}, err
}

// noValue stands where a gap was not filled.
const noValue = "<no value>"

// words are those of the département: the neutral ones where it holds no
// meetings, as some may have been held before.
func (p Printer) words() Args {
	if !p.place.Meetings {
		return DepartementOf("").voice.words[p.lang]
	}
	return p.place.voice.words[p.lang]
}

// filled adds the words of the département to what fills a sentence.
func (p Printer) filled(args []Args) map[string]any {
	all := maps.Clone(map[string]any(p.words()))
	for _, more := range args {
		maps.Copy(all, more)
	}
	return all
}

// Has reports whether there is a sentence under key.
func (p Printer) Has(key string) bool {
	p = p.whole()
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
