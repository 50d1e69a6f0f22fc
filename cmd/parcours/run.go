package main

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/alecthomas/kong"
)

// Exit codes.
const (
	done   = 0
	failed = 1
	misuse = 2
)

// streams are what the program has of the world.
type streams struct {
	getenv   func(string) string
	in       io.Reader
	out, err io.Writer
}

// cli is the command line; the words of the help are in the tags.
type cli struct {
	Demo       demoCmd       `cmd:"" help:"Try Parcours in a browser, with a sample case. Everything stays on this computer, and is gone when you stop."`
	Setup      setupCmd      `cmd:"" help:"Set Parcours up on a chat server, or repair what it needs there."`
	Doctor     doctorCmd     `cmd:"" help:"Check everything that can be wrong, and say how to mend it."`
	Serve      serveCmd      `cmd:"" help:"Answer on the chat server, until stopped."`
	ConfigCmd  configCmd     `cmd:"" name:"config" help:"Print the configuration as it is understood, its secrets hidden."`
	Indicators indicatorsCmd `cmd:"" help:"Count what is asked of the démarche, without anything that tells of somebody. The program that serves must be stopped meanwhile."`
	Verify     verifyCmd     `cmd:"" help:"Check that nothing of what is stored was lost, altered, reordered or removed."`
	Outbox     outboxCmd     `cmd:"" help:"List what could not be delivered to anybody, and have it tried again."`
	Version    versionCmd    `cmd:"" help:"Print the version."`
}

// run executes one command line and gives the exit code: 0 done, 1 failed, 2
// misused.
func run(ctx context.Context, args []string, s streams) (code int) {
	var c cli
	exited := false
	parser, err := kong.New(&c,
		kong.Name("parcours"),
		kong.Description("Assistant for the démarche « référent de parcours », inside your team chat."),
		kong.Writers(s.out, s.err),
		kong.Exit(func(n int) { exited, code = true, n }),
		kong.BindTo(ctx, (*context.Context)(nil)),
		kong.Bind(s),
		kong.UsageOnError(),
	)
	if err != nil {
		fmt.Fprintln(s.err, "parcours:", err)
		return failed
	}
	if len(args) == 0 {
		args = []string{"--help"}
	}
	command, err := parser.Parse(args)
	if exited {
		return code
	}
	if err != nil {
		fmt.Fprintf(s.err, "parcours: %v\nTry: parcours --help\n", err)
		return misuse
	}
	if err := command.Run(); err != nil && !errors.Is(err, context.Canceled) {
		if !errors.Is(err, errSaid) {
			fmt.Fprintln(s.err, "parcours:", err)
		}
		if errors.As(err, new(*misused)) {
			return misuse
		}
		return failed
	}
	return done
}
