package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"

	"parcours/config"
	"parcours/locales"
)

type setupSlackCmd struct {
	configFlag
	langFlag
	HTTP     string `help:"Have Slack call Parcours at this https address, as https://parcours.example.org, instead of Parcours calling Slack." name:"http" placeholder:"URL"`
	Manifest bool   `help:"Only print the manifest of the app, to paste at Slack."`
}

// Run leads through what is to be done at Slack, and checks the tokens that came of it.
func (c setupSlackCmd) Run(ctx context.Context, s streams) error {
	say := c.say(s)
	c.HTTP = strings.TrimRight(c.HTTP, "/")
	if c.HTTP != "" && (!isAddress(c.HTTP) || !strings.HasPrefix(c.HTTP, "https://")) {
		return errors.New(spread(spoken(say, trouble("setup.slack_not_https", locales.Args{"Given": c.HTTP})).Error()))
	}
	app, err := manifestText(manifest(say, c.HTTP))
	if err != nil {
		return err
	}
	if c.Manifest {
		fmt.Fprint(s.out, app)
		return nil
	}
	cfg, err := config.Load(c.Config, s.getenv)
	var faults config.Faults
	errors.As(err, &faults)
	if !cfg.Slack.Used() {
		return c.guide(s, say, app)
	}
	d := &doctor{report: newReport(s.out, say), streams: s, say: say, path: c.Config, cfg: cfg, wrong: map[string]bool{}}
	for _, fault := range faults {
		if strings.HasPrefix(fault.Key, "slack.") || fault.Key == "callback_url" {
			d.wrong[fault.Key] = true
			d.text(markFault, faultText(say, c.Config, fault))
		}
	}
	d.workspace(ctx)
	fmt.Fprintln(s.out)
	if d.count[markFault] > 0 {
		fmt.Fprintln(s.out, say.T("setup.slack_end_failed"))
		return errSaid
	}
	fmt.Fprintln(s.out, say.T("setup.slack_end", locales.Args{"Path": c.Config}))
	return nil
}

// guide says what is to be done, step by step, and makes the file that it is to be
// written in, if there is none.
func (c setupSlackCmd) guide(s streams, say locales.Printer, app string) error {
	made := false
	if _, err := os.Stat(c.Config); errors.Is(err, fs.ErrNotExist) {
		if err := config.WriteFile(c.Config, config.Sample); err != nil {
			return errors.New(spread(spoken(say, trouble("setup.cannot_write", locales.Args{"Path": c.Config, "Why": cause(err)})).Error()))
		}
		made = true
	}
	third, fourth := "setup.slack_app_token", "setup.slack_file"
	if c.HTTP != "" {
		third, fourth = "setup.slack_signing", "setup.slack_file_signing"
	}
	args := locales.Args{"Path": c.Config, "URL": c.HTTP}
	for _, part := range []string{
		say.T("setup.slack_intro"), say.T("setup.slack_create"), app,
		say.T("setup.slack_install"), say.T(third), say.T(fourth, args), say.T("setup.slack_again", args),
	} {
		fmt.Fprintln(s.out, strings.TrimSpace(part)+"\n")
	}
	if made {
		fmt.Fprintln(s.out, say.T("setup.slack_file_made", args))
	}
	return nil
}
