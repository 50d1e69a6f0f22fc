package main

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"parcours/casework"
	"parcours/config"
	"parcours/locales"
	"parcours/storage/access"
)

type auditCmd struct {
	configFlag
	langFlag
	Case   string `help:"What was shown of this case alone, as P-7K3F." placeholder:"CODE"`
	User   string `help:"What was shown to this account alone, written as the list writes it." placeholder:"ID"`
	From   string `help:"First day; as far back as the log goes unless said." placeholder:"DAY"`
	To     string `help:"Last day; today unless said." placeholder:"DAY"`
	Format string `help:"What to write: text, csv or json, one line each." enum:"text,csv,json" default:"text"`
	Signed string `help:"Write the list to this file, signed, as JSON." type:"path" placeholder:"FILE" xor:"what"`
	Check  string `help:"Check a signed list: that it is of this installation, and as it was written." type:"path" placeholder:"FILE" xor:"what"`
	Key    bool   `help:"Print the public key with which others can check a signed list." xor:"what"`
}

// Run lists who was shown what; or writes it signed, checks what was signed, or
// prints the key for that.
func (c auditCmd) Run(ctx context.Context, s streams) error {
	switch {
	case c.Check != "":
		return c.check(ctx, s)
	case c.Signed != "":
		return c.write(ctx, s)
	}
	return atDesk(ctx, c, s)
}

// write puts a signed list in its file, whole or not at all.
func (c auditCmd) write(ctx context.Context, s streams) error {
	told := s.out
	err := writeWhole(c.Signed, func(to io.Writer) error {
		s.out = to
		return atDesk(ctx, c, s)
	})
	if err != nil {
		return err
	}
	fmt.Fprintln(told, spread(c.say(s).T("audit.written", locales.Args{"Path": c.Signed})))
	return nil
}

// check says whether a signed list is of this installation, and as it was written.
func (c auditCmd) check(ctx context.Context, s streams) error {
	say, told := c.say(s), s.out
	cfg, _, err := c.load(s, say)
	if err != nil {
		return err
	}
	zone, err := cfg.Location()
	if err != nil {
		return err
	}
	text, err := os.ReadFile(c.Check)
	if err != nil {
		return err
	}
	var key bytes.Buffer
	s.out = &key
	if err := atDesk(ctx, c, s); err != nil {
		return err
	}
	public, err := parsePublic(key.Bytes())
	if err != nil {
		return err
	}
	found, err := access.CheckSigned(text, public)
	args := locales.Args{"Path": c.Check, "Key": access.Fingerprint(public)}
	switch {
	case errors.Is(err, access.ErrOthers):
		return errors.New(spread(say.T("audit.others", args)))
	case err != nil:
		return errors.New(spread(say.T("audit.forged", args)))
	}
	args["N"], args["Made"] = found.Records, say.Moment(found.Made.In(zone))
	fmt.Fprintln(told, say.T("audit.sound", args))
	if found.Problems > 0 {
		fmt.Fprintln(told, spread(say.T("audit.unsound", locales.Args{"N": found.Problems})))
	}
	return nil
}

// load also refuses what is no code, and a period that is none.
func (c auditCmd) load(s streams, say locales.Printer) (config.Config, locales.Departement, error) {
	cfg, place, err := c.configFlag.load(s, say)
	if err == nil {
		_, err = c.asked(cfg, say)
	}
	return cfg, place, err
}

func (c auditCmd) operate(ctx context.Context, d *desk, s streams) error {
	say, key := c.say(s), d.auditKey()
	if c.Key || c.Check != "" {
		return writePublic(s.out, key)
	}
	q, err := c.asked(d.config, say)
	if err != nil {
		return err
	}
	if err := d.record(ctx, s, access.Record{Case: q.code, Way: access.Audit}); err != nil {
		return err
	}
	book, err := d.book()
	if err != nil {
		return err
	}
	marks, err := access.LoadMarks(ctx, d.sealed)
	if err != nil {
		return err
	}
	whole, err := book.Verify(marks, func(access.Problem) {})
	if err != nil {
		return err
	}
	if whole.Problems > 0 {
		fmt.Fprintln(s.err, spread(say.T("audit.unsound", locales.Args{"N": whole.Problems})))
	}
	each := func(add func(access.Record) error) error {
		return book.Read(q.from.At(0, 0, q.zone), q.to.Add(1).At(0, 0, q.zone), func(r access.Record) error {
			if !q.wants(r) {
				return ctx.Err()
			}
			return errors.Join(ctx.Err(), add(r))
		})
	}
	if c.Signed == "" {
		return listAccesses(s.out, c.Format, q.zone, say, each)
	}
	list := access.NewSignedList(s.out)
	if err := each(list.Add); err != nil {
		return err
	}
	return list.Sign(access.Statement{
		Made: time.Now().UTC(), From: q.from, To: q.to, Case: q.code, User: q.user, Head: whole.Head, Problems: whole.Problems,
	}, key)
}

// A question is what is asked of the access log.
type question struct {
	code     casework.Code
	user     string
	from, to casework.Day
	zone     *time.Location
}

func (q question) wants(r access.Record) bool {
	return (q.code == "" || r.Case == q.code) && (q.user == "" || string(r.User) == q.user || r.Operator == q.user)
}

// asked reads what is asked for, in the set-up's zone.
func (c auditCmd) asked(cfg config.Config, say locales.Printer) (q question, err error) {
	if q.zone, err = cfg.Location(); err != nil {
		return q, err
	}
	now := time.Now().In(q.zone)
	q.user = c.User
	if c.Case != "" {
		if q.code, err = codeOf(c.Case, say); err != nil {
			return q, err
		}
	}
	if q.from, err = dayOf(c.From, now, say); err != nil {
		return q, err
	}
	if q.to, err = dayOf(c.To, now, say); err != nil {
		return q, err
	}
	if q.to == "" {
		q.to = casework.DayOf(now)
	}
	return q, forwards(q.from, q.to, say)
}

// auditLabel is what the key of signed lists is derived under.
const auditLabel = "audit"

func (d *desk) auditKey() ed25519.PrivateKey {
	return ed25519.NewKeyFromSeed(d.sealed.Keys().Secret(auditLabel))
}

// writePublic writes the public half of a key as PEM.
func writePublic(to io.Writer, key ed25519.PrivateKey) error {
	der, err := x509.MarshalPKIXPublicKey(key.Public())
	if err != nil {
		return err
	}
	return pem.Encode(to, &pem.Block{Type: "PUBLIC KEY", Bytes: der})
}

// parsePublic reads what writePublic wrote.
func parsePublic(text []byte) (ed25519.PublicKey, error) {
	block, _ := pem.Decode(text)
	if block == nil {
		return nil, errors.New("no public key")
	}
	key, err := x509.ParsePKIXPublicKey(block.Bytes)
	if err != nil {
		return nil, err
	}
	public, ok := key.(ed25519.PublicKey)
	if !ok {
		return nil, errors.New("no public key")
	}
	return public, nil
}
