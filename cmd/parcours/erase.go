package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"time"

	"parcours/bot"
	"parcours/casework"
	"parcours/commands"
	"parcours/config"
	"parcours/locales"
	"parcours/storage"
	"parcours/storage/access"
	"parcours/storage/erasure"
)

type eraseCmd struct {
	configFlag
	langFlag
	Code   string           `arg:"" help:"The code of the case, as P-7K3F."`
	Reason casework.Erasure `help:"Why: request (the person asked), retention (the time it is kept is over), error (opened by mistake)." enum:"request,retention,error" required:"" placeholder:"WHY"`
	Yes    bool             `help:"Do not ask to type the code again."`
}

// Run destroys a case for ever, once its code was typed again.
func (c eraseCmd) Run(ctx context.Context, s streams) error {
	say := c.say(s)
	code, err := codeOf(c.Code, say)
	if err != nil {
		return err
	}
	if !c.Yes {
		fmt.Fprint(s.out, say.T("erase.ask", locales.Args{"Code": code})+" ")
		typed, _ := bufio.NewReader(s.in).ReadString('\n')
		if again, ok := casework.ParseCode(typed); !ok || again != code {
			return errors.New(say.T("error.not_confirmed"))
		}
	}
	return atDesk(ctx, c, s)
}

// load also refuses what is no code.
func (c eraseCmd) load(s streams, say locales.Printer) (config.Config, locales.Departement, error) {
	cfg, place, err := c.configFlag.load(s, say)
	if err == nil {
		_, err = codeOf(c.Code, say)
	}
	return cfg, place, err
}

func (c eraseCmd) operate(ctx context.Context, d *desk, s streams) error {
	say := c.say(s)
	code, err := codeOf(c.Code, say)
	if err != nil {
		return err
	}
	zone, err := d.config.Location()
	if err != nil {
		return err
	}
	found, err := d.caseOf(ctx, code, say)
	if err != nil {
		return err
	}
	if err := d.erase(ctx, s, found, c.Reason); err != nil {
		return err
	}
	fmt.Fprintln(s.out, say.T("erased.text", locales.Args{"Code": code}))
	fmt.Fprintln(s.out, say.T("erase.outside"))
	for _, line := range commands.Outside(found, say.In(d.place), zone) {
		fmt.Fprintln(s.out, "-", line)
	}
	return nil
}

// erase destroys a case, and leaves to the outbox what is to be put away of it.
func (d *desk) erase(ctx context.Context, s streams, c *casework.Case, why casework.Erasure) error {
	rows, err := d.leftovers(ctx, s, c, why)
	if err != nil {
		return err
	}
	return erasure.Erase(ctx, d.sealed, c.Code, why, rows...)
}

// leftovers gives what is left to do of a case that is to be destroyed, once that is on
// record.
func (d *desk) leftovers(ctx context.Context, s streams, c *casework.Case, why casework.Erasure) ([]storage.Row, error) {
	rows, err := bot.Leftovers(d.sealed.Keys().Secret(tokensLabel), c, why, "", time.Now())
	if err != nil {
		return nil, err
	}
	return rows, d.record(ctx, s, access.Record{Case: c.Code, Way: access.Erasure, Reason: string(why)})
}
