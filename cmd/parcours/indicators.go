package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"io/fs"
	"os"
	"sync"
	"time"

	"golang.org/x/term"

	"parcours/bot/when"
	"parcours/casework"
	"parcours/casework/figures"
	"parcours/config"
	"parcours/documents/indicators"
	"parcours/locales"
	"parcours/storage"
)

type indicatorsCmd struct {
	configFlag
	langFlag
	From   string `help:"First day of the period; the 1st of January unless said." placeholder:"DAY"`
	To     string `help:"Last day of the period; today unless said." placeholder:"DAY"`
	Format string `help:"What to write: table, html, pdf, csv or xlsx." enum:"table,html,pdf,csv,xlsx" default:"table"`
	Out    string `help:"The file to write; - is the terminal, for table and csv." default:"-" placeholder:"FILE"`
}

// Validate refuses to write a file to a terminal.
func (c indicatorsCmd) Validate() error {
	if c.Out == "-" && c.Format != string(indicators.Text) && c.Format != string(indicators.CSV) {
		return fmt.Errorf("--format %s needs a file to write: --out FILE", c.Format)
	}
	return nil
}

// Run counts every case that is kept, and writes what may be published of it.
func (c indicatorsCmd) Run(ctx context.Context, s streams) error {
	if c.Out == "-" {
		return atDesk(ctx, c, s)
	}
	var out bytes.Buffer
	to := s.out
	s.out = &out
	if err := atDesk(ctx, c, s); err != nil {
		return err
	}
	if err := os.WriteFile(c.Out, out.Bytes(), ownerOnly); err != nil {
		return fmt.Errorf("write the figures: %w", err)
	}
	fmt.Fprintln(to, c.say(s).T("indicators.written", locales.Args{"Path": c.Out}))
	return nil
}

// load also refuses a period that is none.
func (c indicatorsCmd) load(s streams, say locales.Printer) (config.Config, locales.Departement, error) {
	cfg, place, err := c.configFlag.load(s, say)
	if err == nil {
		_, _, _, err = c.period(say, cfg)
	}
	return cfg, place, err
}

func (c indicatorsCmd) operate(ctx context.Context, d *desk, s streams) error {
	say := c.say(s)
	from, to, now, err := c.period(say, d.config)
	if err != nil {
		return err
	}
	tally, err := count(ctx, d.sealed, from, to, now.Location(), newProgress(s.err, say))
	if err != nil {
		return err
	}
	var out bytes.Buffer
	report := indicators.Report{Figures: figures.Mask(tally.Sheet()), From: from, To: to, Made: now, Say: say.In(d.place)}
	if err := report.Write(&out, indicators.Format(c.Format)); err != nil {
		return err
	}
	_, err = s.out.Write(out.Bytes())
	return err
}

const ownerOnly fs.FileMode = 0o600

// period reads the days that were asked for, as of now in the set-up's zone. A day
// that cannot be read, and a period that ends before it begins, are misuse.
func (c indicatorsCmd) period(say locales.Printer, cfg config.Config) (from, to casework.Day, now time.Time, err error) {
	zone, err := cfg.Location()
	if err != nil {
		return "", "", now, err
	}
	now = time.Now().In(zone)
	if from, err = dayOf(c.From, now, say); err != nil {
		return "", "", now, err
	}
	if to, err = dayOf(c.To, now, say); err != nil {
		return "", "", now, err
	}
	from, to = indicators.Period(from, to, now)
	return from, to, now, forwards(from, to, say)
}

// dayOf reads a day as it was typed, none of nothing. What is no day is misuse.
func dayOf(typed string, now time.Time, say locales.Printer) (casework.Day, error) {
	if typed == "" {
		return "", nil
	}
	m, err := when.Parse(typed, now)
	if err != nil {
		return "", &misused{spread(say.T("indicators.no_day", locales.Args{"Given": typed}))}
	}
	return casework.DayOf(m.Day), nil
}

// forwards refuses, as misuse, a period that ends before it begins.
func forwards(from, to casework.Day, say locales.Printer) error {
	if from > to {
		return &misused{spread(say.T("indicators.backwards", locales.Args{"From": say.Day(from), "To": say.Day(to)}))}
	}
	return nil
}

// A misused error is the fault of who typed the command line.
type misused struct{ text string }

func (m *misused) Error() string { return m.text }

// counters is how many fold and count while the store is read.
const counters = 2

// ahead is how many journals wait for a counter.
const ahead = 4 * counters

// count reads every case of the store, the register of refusals included, with no
// more than a few in memory at a time. It stops at the first one that cannot be
// read: figures that leave some out would be false.
func count(ctx context.Context, store storage.Scanner, from, to casework.Day, zone *time.Location, p *progress) (*figures.Tally, error) {
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	journals := make(chan journal, ahead)
	tallies := make([]*figures.Tally, counters)
	var counting sync.WaitGroup
	for i := range tallies {
		tallies[i] = figures.NewTally(from, to, zone, indicators.Paths())
		counting.Go(func() {
			for j := range journals {
				if c, err := casework.Read(j.code, j.entries); err != nil {
					stop(err)
				} else {
					tallies[i].Add(c)
				}
			}
		})
	}
	err := store.Scan(ctx, func(code casework.Code, entries storage.Journal, err error) error {
		if err != nil {
			return err
		}
		if code.IsMailbox() {
			return nil
		}
		p.step()
		journals <- journal{code, entries.Entries}
		return nil
	})
	close(journals)
	counting.Wait()
	p.done()
	if cause := context.Cause(ctx); cause != nil {
		err = cause
	}
	if err != nil {
		return nil, fmt.Errorf("count: %w", err)
	}
	for _, other := range tallies[1:] {
		tallies[0].Merge(other)
	}
	return tallies[0], nil
}

// A journal is one that was read and is still to be folded.
type journal struct {
	code    casework.Code
	entries [][]byte
}

// A progress tells somebody at a terminal how far the reading is; the nil one
// tells nobody.
type progress struct {
	out  io.Writer
	say  locales.Printer
	read int
}

// every is how many cases are read between two words of it.
const every = 1000

// newProgress gives none where nobody looks.
func newProgress(out io.Writer, say locales.Printer) *progress {
	if file, ok := out.(*os.File); ok && term.IsTerminal(int(file.Fd())) {
		return &progress{out: out, say: say}
	}
	return nil
}

func (p *progress) step() {
	if p == nil {
		return
	}
	if p.read++; p.read%every == 0 {
		fmt.Fprint(p.out, "\r"+p.say.T("indicators.reading", locales.Args{"N": p.read}))
	}
}

// done ends the line, if there is one.
func (p *progress) done() {
	if p != nil && p.read >= every {
		fmt.Fprintln(p.out)
	}
}
