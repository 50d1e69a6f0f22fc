package bot

import (
	"context"
	"slices"
	"time"

	lru "github.com/hashicorp/golang-lru/v2"

	"parcours/bot/chat"
	"parcours/bot/command"
	"parcours/casework"
	"parcours/storage/access"
)

// AccessLog is where it is written who was shown what of the cases.
type AccessLog interface {
	// Record writes that something is about to be shown. On an error nothing is
	// to be shown.
	Record(records ...access.Record) error
	// Read gives each record from one moment to another, the second left out, the
	// oldest first, and stops at the first error of each, which it returns.
	Read(from, to time.Time, each func(access.Record) error) error
}

// recorder writes in the access log what the gate lets out.
type recorder struct {
	log      AccessLog
	now      func() time.Time
	surfaces surfaces
	// sent are keys of messages that were recorded: what is tried again is no
	// second access.
	sent *lru.Cache[string, struct{}]
}

// mostSent is how many keys are remembered. One forgotten is recorded twice.
const mostSent = 4096

func newRecorder(log AccessLog, now func() time.Time, surfaces surfaces) recorder {
	sent, err := lru.New[string, struct{}](mostSent)
	if err != nil {
		panic(err) // of a size that is not positive
	}
	return recorder{log: log, now: now, surfaces: surfaces, sent: sent}
}

// message records what a message tells of each case. Error: notRecorded.
func (r recorder) message(out chat.Outgoing, readers []casework.UserID) error {
	one := access.Record{User: out.User, What: out.View, Surface: r.surfaces.to(out).Name}
	switch {
	case out.User == "":
		one.Way, one.Readers = access.Post, len(readers)
	case isAnswer(out), isPage(out):
		one.Way = access.Answer
	case len(out.Message.Files) > 0:
		one.Way = access.Files
	default:
		one.Way = access.Tell
	}
	var told []casework.Code
	if out.Message.Card != nil {
		for _, row := range out.Message.Card.Rows {
			told = append(told, row.Case)
		}
	}
	for _, file := range out.Message.Files {
		told = append(told, file.Case)
	}
	if again := out.Again && out.Edit == "" && r.sent.Contains(out.Key); again {
		return nil
	}
	if err := r.write(one, told); err != nil {
		return err
	}
	if out.Key != "" {
		r.sent.Add(out.Key, struct{}{})
	}
	return nil
}

// file records that somebody fetches a file. Error: notRecorded.
func (r recorder) file(user casework.UserID, file chat.File) error {
	return r.write(access.Record{User: user, Way: access.Files}, []casework.Code{file.Case})
}

// form records what a form tells of each case: one that is about a single case may
// hold something of it in any of its fields. Error: notRecorded.
func (r recorder) form(user casework.UserID, form chat.Form, cases []*casework.Case) error {
	var told []casework.Code
	if len(cases) == 1 {
		told = append(told, cases[0].Code)
	}
	for _, field := range form.Fields {
		switch f := field.(type) {
		case chat.Select:
			told = append(told, casesOf(f.Options)...)
		case chat.Choice:
			told = append(told, casesOf(f.Options)...)
		}
	}
	return r.write(access.Record{User: user, Way: access.Form, What: form.ID}, told)
}

func casesOf(options []chat.Option) []casework.Code {
	codes := make([]casework.Code, len(options))
	for i, o := range options {
		codes[i] = o.Case
	}
	return codes
}

// write records the same of each case once.
func (r recorder) write(one access.Record, told []casework.Code) error {
	if one.Surface == "" {
		one.Surface = r.surfaces.of(string(one.User)).Name
	}
	slices.Sort(told)
	var records []access.Record
	for _, code := range slices.Compact(told) {
		if code != "" {
			one.At, one.Case = r.now(), code
			records = append(records, one)
		}
	}
	if err := r.log.Record(records...); err != nil {
		return &casework.Error{Code: notRecorded, Err: err}
	}
	return nil
}

// accessesTo gives who was shown something of a case, the last first. Error:
// Forbidden unless asker runs the service, or is the person herself.
func (r *Router) accessesTo(ctx context.Context, asker chat.Account, c *casework.Case, from, to time.Time) ([]command.Access, error) {
	member, _ := c.Member(asker.ID)
	if !(member.Joined && member.Role == casework.RolePerson) && r.staff.allows(ctx, asker, command.Admins) != nil {
		return nil, casework.Refuse(casework.Forbidden, "")
	}
	var all []command.Access
	err := r.gate.accesses.log.Read(from, to, func(one access.Record) error {
		if one.Case == c.Code {
			all = append(all, command.Access{
				At: one.At, User: one.User, Readers: one.Readers, Operator: one.Operator, Way: string(one.Way), What: one.What, Reason: one.Reason,
			})
		}
		return ctx.Err()
	})
	slices.Reverse(all)
	return all, err
}
