package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"unicode/utf8"

	"parcours/casework"
	"parcours/config"
	"parcours/locales"
	"parcours/storage"
	"parcours/storage/erasure"
	"parcours/storage/vault"
)

// configFlag says which file the set-up is in.
type configFlag struct {
	Config string `help:"The configuration file." default:"parcours.toml" type:"path" placeholder:"FILE"`
}

// langFlag says in what language to speak to who typed the command.
type langFlag struct {
	Lang string `help:"Language of the answers, fr or en; that of the system (LANG) unless said." enum:",fr,en" default:""`
}

// languageVariables say what language the system speaks, the first one first.
var languageVariables = []string{"LC_ALL", "LC_MESSAGES", "LANG"}

func (l langFlag) say(s streams) locales.Printer {
	lang := l.Lang
	for _, name := range languageVariables {
		if lang == "" {
			lang, _, _ = strings.Cut(s.getenv(name), "_")
		}
	}
	return locales.For(lang)
}

// load gives the set-up of a command that is about the store, and how it speaks. What
// concerns the chat server may be faulty: its token may be known to the program that
// serves alone. The error lists every other fault, with its mend.
func (c configFlag) load(s streams, say locales.Printer) (config.Config, locales.Departement, error) {
	return c.loadBut(s, say, func(f config.Fault) bool {
		return strings.HasPrefix(f.Key, "mattermost.") || strings.HasPrefix(f.Key, "slack.")
	})
}

// loadWhole gives the set-up of a command that cannot do with a faulty one. The error
// lists every fault, with its mend.
func (c configFlag) loadWhole(s streams, say locales.Printer) (config.Config, locales.Departement, error) {
	return c.loadBut(s, say, func(config.Fault) bool { return false })
}

func (c configFlag) loadBut(s streams, say locales.Printer, harmless func(config.Fault) bool) (config.Config, locales.Departement, error) {
	cfg, err := config.Load(c.Config, s.getenv)
	var faults config.Faults
	if errors.As(err, &faults); err != nil && faults == nil {
		return cfg, locales.Departement{}, err
	}
	faults = slices.DeleteFunc(faults, harmless)
	place, err := departement(cfg)
	var lines []string
	for _, fault := range faults {
		lines = append(lines, faultText(say, c.Config, fault))
	}
	lines = append(lines, departementFaults(say, cfg.DepartementFile, err)...)
	if len(lines) == 0 {
		return cfg, place, nil
	}
	head := say.T("config.faults", locales.Args{"Path": c.Config, "Count": len(lines)})
	return cfg, place, errors.New(strings.Join(indented(append([]string{head}, lines...)), "\n"))
}

// faultText says a fault of the set-up, and on the next line its mend.
func faultText(say locales.Printer, path string, f config.Fault) string {
	return say.T(string(f.Kind), locales.Args{
		"Key": f.Key, "Given": f.Given, "Want": f.Want, "Path": path, "Variable": config.Variable(f.Key),
	})
}

// fail says an error in a sentence with its mend, where there is one.
func fail(say locales.Printer, err error) error {
	if err == nil {
		return nil
	}
	for _, known := range []struct {
		is  error
		key string
	}{
		{storage.ErrLocked, "serve.locked"}, {storage.ErrNewer, "serve.newer"},
		{vault.ErrWrongKey, "serve.wrong_key"}, {storage.ErrDamaged, "serve.damaged"},
		{erasure.ErrDamaged, "serve.ledger_damaged"},
	} {
		if errors.Is(err, known.is) {
			return &said{spread(say.T(known.key)), err}
		}
	}
	var refused *casework.Error
	if errors.As(err, &refused) {
		return &said{spread(refusal(say, refused)), err}
	}
	var unheard *listenError
	if errors.As(err, &unheard) {
		return &said{spread(say.T("serve.listen", locales.Args{"Listen": unheard.address, "Why": unheard.err.Error()})), err}
	}
	return err
}

// refusal says what the casework refuses, with its mend.
func refusal(say locales.Printer, no *casework.Error) string {
	key := "error." + string(no.Code)
	text := say.T(key, no.Args)
	if hint := key + ".hint"; say.Has(hint) {
		text += "\n" + say.T(hint, no.Args)
	}
	return text
}

// A said error is one that was put in words for people.
type said struct {
	text string
	err  error
}

func (s *said) Error() string { return s.text }
func (s *said) Unwrap() error { return s.err }

// spread puts the mend of a sentence on a line of its own.
func spread(text string) string { return strings.ReplaceAll(text, "\n", "\n  → ") }

// A mark stands before each line of a report.
type mark string

// The marks, by the key of their word.
const (
	markDone    mark = "mark.done"
	markKept    mark = "mark.kept"
	markTodo    mark = "mark.todo"
	markOffer   mark = "mark.offer"
	markOK      mark = "mark.ok"
	markLeft    mark = "mark.left"
	markWarning mark = "mark.warning"
	markFault   mark = "mark.fault"
)

// A report says what was found or done, a line each, with the mend below.
type report struct {
	out   io.Writer
	say   locales.Printer
	count map[mark]int
}

func newReport(out io.Writer, say locales.Printer) *report {
	return &report{out: out, say: say, count: map[mark]int{}}
}

// markWidth is the room of the longest mark.
const markWidth = 13

func (r *report) line(m mark, key string, args ...locales.Args) { r.text(m, r.say.T(key, args...)) }

func (r *report) text(m mark, text string) {
	r.count[m]++
	word := r.say.T(string(m))
	pad := strings.Repeat(" ", max(1, markWidth-utf8.RuneCountInString(word)))
	fmt.Fprintln(r.out, word+pad+strings.ReplaceAll(text, "\n", "\n"+strings.Repeat(" ", markWidth)+"→ "))
}

// stdin is where a human types, if there is one.
func (s streams) terminal() (*os.File, bool) {
	file, ok := s.in.(*os.File)
	return file, ok
}
