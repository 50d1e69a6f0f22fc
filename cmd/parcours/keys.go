package main

import (
	"bytes"
	"context"
	"crypto/subtle"
	"errors"
	"fmt"
	"os"
	"text/tabwriter"
	"time"

	"parcours/casework"
	"parcours/config"
	"parcours/locales"
	"parcours/storage/vault"
)

type keysCmd struct {
	Status keysStatusCmd `cmd:"" help:"Say which key protects how much, and when a copy of the keyset was last tested. No secret is shown."`
	Check  keysCheckCmd  `cmd:"" help:"Test that a copy of the keyset opens the cases, all of them, and note the day."`
	Rotate keysRotateCmd `cmd:"" help:"Put a new key in use, and protect with it all that is kept. The former one stays in the keyset."`
	Retire keysRetireCmd `cmd:"" help:"Take the former keys out of the keyset, once nothing needs them and a copy of it was tested."`
}

type keysStatusCmd struct {
	configFlag
	langFlag
}

// Run says what each key protects.
func (c keysStatusCmd) Run(ctx context.Context, s streams) error { return atDesk(ctx, c, s) }

func (c keysStatusCmd) operate(ctx context.Context, d *desk, s streams) error {
	say := c.say(s)
	counts, err := d.sealed.Wrapped(ctx)
	if err != nil {
		return err
	}
	table := tabwriter.NewWriter(s.out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, say.T("keys.name")+"\t"+say.T("keys.made")+"\t"+say.T("keys.journals")+"\t"+say.T("keys.rows")+"\t"+say.T("keys.role"))
	masters := d.sealed.Keys().Masters()
	for _, master := range masters {
		role, made := say.T("keys.former"), say.T("keys.unknown")
		if master.Current {
			role = say.T("keys.current")
		}
		if !master.Made.IsZero() {
			made = say.Day(casework.DayOf(master.Made))
		}
		count := counts[master.Name]
		delete(counts, master.Name)
		fmt.Fprintf(table, "%s\t%s\t%d\t%d\t%s\n", master.Name, made, count.Journals, count.Rows, role)
	}
	if err := table.Flush(); err != nil {
		return err
	}
	fmt.Fprintln(s.out, say.T(keptIn[d.keyset.Kind], locales.Args{"Path": d.keyset.Name}))
	if len(masters) > 1 {
		fmt.Fprintln(s.out, say.T("keys.several"))
	}
	_, text := copyState(say, d.config.Data, d.sealed.Keys(), time.Now())
	fmt.Fprintln(s.out, spread(text))
	if len(counts) > 0 {
		return errors.New(spread(say.T("keys.damaged")))
	}
	return nil
}

// keptIn says where the keyset is.
var keptIn = map[vault.PlaceKind]string{
	vault.InVariable: "keys.in_variable", vault.InCredential: "keys.in_credential", vault.InFile: "keys.in_file",
}

type keysCheckCmd struct {
	configFlag
	langFlag
	Copy string `arg:"" help:"The copy of the keyset." type:"path"`
}

// Run tests a copy of the keyset, which must be another file than the one in use.
func (c keysCheckCmd) Run(ctx context.Context, s streams) error {
	say := c.say(s)
	cfg, _, err := c.load(s, say)
	if err != nil {
		return err
	}
	info, err := os.Stat(c.Copy)
	if err == nil {
		s.brought, err = os.ReadFile(c.Copy)
	}
	if err != nil {
		return errors.New(spread(say.T("keys.copy_unreadable", locales.Args{"Path": c.Copy, "Why": cause(err)})))
	}
	if used, err := os.Stat(vault.PlaceOf(cfg.KeysPath(), s.getenv).Name); err == nil && os.SameFile(info, used) {
		return errors.New(spread(say.T("keys.copy_itself", locales.Args{"Path": c.Copy})))
	}
	return atDesk(ctx, c, s)
}

func (c keysCheckCmd) operate(ctx context.Context, d *desk, s streams) error {
	say := c.say(s)
	copied, err := vault.ParseKeys(s.brought)
	if err != nil {
		return errors.New(spread(say.T("keys.copy_bad", locales.Args{"Path": c.Copy})))
	}
	switch err := d.sealed.OpensWith(ctx, copied); {
	case errors.Is(err, vault.ErrWrongKey):
		return errors.New(spread(say.T("keys.copy_wrong", locales.Args{"Path": c.Copy})))
	case err != nil:
		return err
	}
	if err := noteTest(d.config.Data, d.sealed.Keys(), time.Now()); err != nil {
		return err
	}
	fmt.Fprintln(s.out, say.T("keys.copy_opens", locales.Args{"Path": c.Copy}))
	return nil
}

type keysRotateCmd struct {
	configFlag
	langFlag
	Print bool `help:"Print a keyset with a new key instead, secrets in clear, for where the program cannot write it. Nothing changes until you put it there and start the program again."`
}

// Run draws a new key, unless what an earlier rotation began is still to be ended.
func (c keysRotateCmd) Run(ctx context.Context, s streams) error { return atDesk(ctx, c, s) }

func (c keysRotateCmd) operate(ctx context.Context, d *desk, s streams) error {
	say := c.say(s)
	left, err := d.former(ctx)
	if err != nil {
		return err
	}
	if left == 0 || c.Print {
		next, err := d.sealed.Keys().Rotated(time.Now())
		if err != nil {
			return err
		}
		if c.Print {
			return printKeys(next, say, s)
		}
		if err := d.keep(ctx, next, say); err != nil {
			return err
		}
	}
	if err := d.sealed.Rewrap(ctx); err != nil {
		return err
	}
	fmt.Fprintln(s.out, spread(say.T("keys.rotated", locales.Args{"Name": d.sealed.Keys().Current(), "Path": d.keyset.Name})))
	return nil
}

func printKeys(keys *vault.Keys, say locales.Printer, s streams) error {
	text, err := keys.Text()
	if err == nil {
		_, err = s.out.Write(text)
	}
	if err != nil {
		return err
	}
	fmt.Fprintln(s.err, spread(say.T("keys.printed")))
	return nil
}

type keysRetireCmd struct {
	configFlag
	langFlag
	Print bool `help:"Print the keyset without the former keys instead, secrets in clear, for where the program cannot write it."`
}

// Run takes the former keys out of the keyset. Nobody can undo it who has no copy,
// so that it is refused while anything needs them, and until a copy of what stays
// was tested.
func (c keysRetireCmd) Run(ctx context.Context, s streams) error { return atDesk(ctx, c, s) }

func (c keysRetireCmd) operate(ctx context.Context, d *desk, s streams) error {
	say := c.say(s)
	keys := d.sealed.Keys()
	if len(keys.Masters()) == 1 {
		fmt.Fprintln(s.out, say.T("keys.nothing_to_retire"))
		return nil
	}
	if err := d.sealed.Rewrap(ctx); err != nil {
		return err
	}
	left, err := d.former(ctx)
	if err != nil {
		return err
	}
	if left > 0 {
		return errors.New(spread(say.T("keys.damaged")))
	}
	if note, ok := lastTest(d.config.Data); !ok || note.Key != keys.Current() {
		return errors.New(spread(say.T("keys.copy_first", locales.Args{"Path": d.keyset.Name})))
	}
	next, err := keys.Retired()
	if err != nil {
		return err
	}
	if c.Print {
		return printKeys(next, say, s)
	}
	if err := d.keep(ctx, next, say); err != nil {
		return err
	}
	fmt.Fprintln(s.out, spread(say.T("keys.retired")))
	return nil
}

// former counts what is protected by another key than the current one.
func (d *desk) former(ctx context.Context) (n int, err error) {
	counts, err := d.sealed.Wrapped(ctx)
	for name, count := range counts {
		if name != d.sealed.Keys().Current() {
			n += count.Journals + count.Rows
		}
	}
	return n, err
}

// keep puts other keys in the place of those in use, once it is proven that as
// they are kept they open the whole store, and then uses them.
func (d *desk) keep(ctx context.Context, next *vault.Keys, say locales.Printer) error {
	if d.keyset.Kind != vault.InFile {
		return errors.New(spread(say.T("keys.not_in_file", locales.Args{"Path": d.keyset.Name})))
	}
	there, err := os.ReadFile(d.keyset.Name)
	if err != nil {
		return fmt.Errorf("read the keyset: %w", err)
	}
	if found, err := vault.ParseKeys(there); err != nil || !sameKeys(found, d.sealed.Keys()) {
		return errors.New(spread(say.T("keys.changed", locales.Args{"Path": d.keyset.Name})))
	}
	text, err := next.Text()
	if err != nil {
		return err
	}
	written, err := vault.ParseKeys(text)
	if err == nil {
		err = d.sealed.OpensWith(ctx, written)
	}
	if err == nil {
		err = config.WriteFile(d.keyset.Name, string(text))
	}
	if err != nil {
		return err
	}
	return d.sealed.Use(next)
}

func sameKeys(one, other *vault.Keys) bool {
	a, err := one.Text()
	b, otherErr := other.Text()
	return err == nil && otherErr == nil && subtle.ConstantTimeCompare(bytes.TrimSpace(a), bytes.TrimSpace(b)) == 1
}
