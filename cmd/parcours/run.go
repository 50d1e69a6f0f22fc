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
	args     []string // the command line, without the program's name
	brought  []byte   // what an operation is handed besides
	operator string   // the system's account for which an operation is done
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
	Indicators indicatorsCmd `cmd:"" help:"Count what is asked of the démarche, without anything that tells of somebody."`
	Verify     verifyCmd     `cmd:"" help:"Check that nothing of what is stored was lost, altered, reordered or removed."`
	Audit      auditCmd      `cmd:"" help:"List who was shown what of the cases, or took a copy of it, when and where. No content."`
	Outbox     outboxCmd     `cmd:"" help:"List what could not be delivered to anybody, and have it tried again."`
	Export     exportCmd     `cmd:"" help:"Give a person all that is recorded of her, as one archive."`
	Erase      eraseCmd      `cmd:"" help:"Destroy a case for ever; its code is asked again."`
	Purge      purgeCmd      `cmd:"" help:"Destroy the cases that were kept long enough, as is done every night; or list them with --dry-run."`
	Backup     backupCmd     `cmd:"" help:"Write a backup, encrypted, of everything but the keyset. The program may serve meanwhile."`
	Restore    restoreCmd    `cmd:"" help:"Put a backup back, or check one with --verify. The program must be stopped; the keyset must be there."`
	Keys       keysCmd       `cmd:"" help:"Look after the keyset, without which nobody can read the cases."`
	Version    versionCmd    `cmd:"" help:"Print the version."`
}

// run executes one command line and gives the exit code: 0 done, 1 failed, 2
// misused.
func run(ctx context.Context, args []string, s streams) int {
	s.args = args
	command, code := parse(ctx, s)
	if command == nil {
		return code
	}
	return conclude(command.Run(), s)
}

// parse reads the command line; what it gives is nil, with the exit code, when
// there is nothing to run.
func parse(ctx context.Context, s streams) (command *kong.Context, code int) {
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
		return nil, failed
	}
	args := s.args
	if len(args) == 0 {
		args = []string{"--help"}
	}
	command, err = parser.Parse(args)
	if exited {
		return nil, code
	}
	if err != nil {
		fmt.Fprintf(s.err, "parcours: %v\nTry: parcours --help\n", err)
		return nil, misuse
	}
	return command, done
}

// conclude says what a command ended with, unless all is said, and gives the exit
// code.
func conclude(err error, s streams) int {
	var elsewhere ended
	switch {
	case err == nil, errors.Is(err, context.Canceled):
		return done
	case errors.As(err, &elsewhere):
		return int(elsewhere)
	}
	if !errors.Is(err, errSaid) {
		fmt.Fprintln(s.err, "parcours:", err)
	}
	if errors.As(err, new(*misused)) {
		return misuse
	}
	return failed
}
