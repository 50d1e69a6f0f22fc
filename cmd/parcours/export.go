package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"parcours/bot"
	"parcours/bot/command"
	"parcours/casework"
	"parcours/commands"
	"parcours/config"
	"parcours/documents/export"
	"parcours/locales"
	"parcours/storage"
	"parcours/storage/access"
)

type exportCmd struct {
	configFlag
	langFlag
	Code   string `arg:"" help:"The code of the case, as P-7K3F."`
	Reason string `help:"Why, in one sentence that tells nothing of the case: it is kept, and whoever answers for the case reads it." required:"" placeholder:"WHY"`
	Out    string `help:"The archive to write." type:"path" required:"" placeholder:"FILE"`
}

// Run gives a person all that is recorded of her: one archive, whole or not at all.
func (c exportCmd) Run(ctx context.Context, s streams) error {
	told := s.out
	err := writeWhole(c.Out, func(to io.Writer) error {
		s.out = to
		return atDesk(ctx, c, s)
	})
	if err != nil {
		return err
	}
	fmt.Fprintln(told, spread(c.say(s).T("export.written", locales.Args{"Path": c.Out})))
	return nil
}

// load also refuses what is no code.
func (c exportCmd) load(s streams, say locales.Printer) (config.Config, locales.Departement, error) {
	cfg, place, err := c.configFlag.load(s, say)
	if err == nil {
		_, err = codeOf(c.Code, say)
	}
	return cfg, place, err
}

// operate speaks to the person in the language of the service, whoever types. Nothing
// is written out before it is in the journal why, with what announces it, and in the
// access log.
func (c exportCmd) operate(ctx context.Context, d *desk, s streams) error {
	code, err := codeOf(c.Code, c.say(s))
	if err != nil {
		return err
	}
	zone, err := d.config.Location()
	if err != nil {
		return err
	}
	restored, err := d.file.Restored(ctx)
	if err != nil {
		return err
	}
	now := time.Now().In(zone)
	options := bot.Options{
		Store: d.sealed, Secret: d.sealed.Keys().Secret(tokensLabel), Now: func() time.Time { return now },
		Policy: policy(d.config), Restored: restored,
	}
	if _, err := d.caseOf(ctx, code, c.say(s)); err != nil {
		return err
	}
	found, err := bot.Decide(ctx, options, code, func(found *casework.Case) ([]casework.Fact, []command.Notice, error) {
		return commands.Exporting(found, c.Reason, s.operator, d.place, now)
	})
	if err != nil {
		return err
	}
	if err := d.record(ctx, s, access.Record{Case: code, Way: access.Export, Reason: c.Reason}); err != nil {
		return err
	}
	request := export.Request{Case: found, Say: locales.For(d.config.Language).In(d.place), Now: now}
	return request.Write(s.out)
}

// codeOf reads the code of a case; what is none is misuse.
func codeOf(typed string, say locales.Printer) (casework.Code, error) {
	code, ok := casework.ParseCode(typed)
	if !ok {
		return "", &misused{spread(say.T("operator.no_code", locales.Args{"Given": typed}))}
	}
	return code, nil
}

// caseOf gives a case that is kept.
func (d *desk) caseOf(ctx context.Context, code casework.Code, say locales.Printer) (*casework.Case, error) {
	journal, err := d.sealed.Load(ctx, code)
	if errors.Is(err, storage.ErrUnknown) {
		return nil, errors.New(spread(say.T("operator.no_case", locales.Args{"Code": code})))
	}
	if err != nil {
		return nil, err
	}
	return casework.Read(code, journal.Entries)
}
