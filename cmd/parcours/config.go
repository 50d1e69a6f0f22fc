package main

import (
	"fmt"

	"parcours/config"
)

type configCmd struct {
	configFlag
	langFlag
	Sample bool `help:"Print a sample file that explains every key, instead."`
}

// Run prints the set-up as it is understood, the environment included and the
// secrets hidden.
func (c configCmd) Run(s streams) error {
	if c.Sample {
		_, err := fmt.Fprint(s.out, config.Sample)
		return err
	}
	say := c.say(s)
	cfg, place, err := c.loadWhole(s, say)
	fmt.Fprint(s.out, cfg.Dump())
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(s.out, "\n# %s\n", departementName(say, cfg, place))
	return err
}
