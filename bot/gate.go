package bot

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"parcours/bot/chat"
	"parcours/bot/internal/clearance"
	"parcours/casework"
)

// Gate is the only way out. Whatever somebody is to read passes Clear or
// ClearForm, which ask who can read it at this moment and what the person's
// consent lets each of them know.
//
// Nothing of a case is let out that was not written in the access log before.
type Gate struct {
	platform chat.Platform
	now      func() time.Time
	surfaces surfaces
	// veil covers what a chat would keep that is to keep nothing.
	veil     *veil
	accesses recorder
}

// NewGate gives the gate of a platform, by a clock in the département's zone. surface
// is how the access log calls the platform, unless it is several and says so itself.
func NewGate(platform chat.Platform, now func() time.Time, log AccessLog, surface string) *Gate {
	return newGate(surfaces{platform: platform, only: chat.Surface{Name: surface}}, now, log)
}

func newGate(s surfaces, now func() time.Time, log AccessLog) *Gate {
	return &Gate{platform: s.platform, surfaces: s, now: now, accesses: newRecorder(log, now, s)}
}

// A Refusal is the gate's no: why, and whom it concerns.
type Refusal struct {
	Why  Why
	User casework.UserID
}

// Why the gate refuses.
type Why string

// The reasons: the channel can be read by people outside it; it is not the
// case's own; somebody in it, or the reader, is not covered by the consent; no
// part of the message is for all its readers; there is no consent in force; the bot
// cannot see the channel; the reader's account is closed.
const (
	NotPrivate   Why = "public"
	NotItsOwn    Why = "elsewhere"
	Stranger     Why = "stranger"
	NothingToSee Why = "nothing"
	Lapsed       Why = "lapsed"
	Unreachable  Why = "missing"
	Gone         Why = "gone"
)

// Error names the reason, without any identity.
func (r *Refusal) Error() string { return "gate: refused: " + string(r.Why) }

// Clear lets a message out, with what its readers may not see taken away, and
// tells the topics it still speaks of. Rows and files that tell of a case need
// that case among cases. Errors: *Refusal, notRecorded, those of the platform, and a
// message that breaks a limit.
//
// To a channel: it must be private, open, the case's own, and every person in
// it now must be covered. To a user: they must be covered. A row is shown if
// every reader is covered for its topic; a message with a file is refused unless
// every reader is covered for all that the file tells of. Where the platform is to
// keep nothing, all but an answer leaves veiled, and tells of no topic; save what is
// said of a case that is erased.
func (g *Gate) Clear(ctx context.Context, out chat.Outgoing, cases ...*casework.Case) (chat.Cleared, []casework.Topic, error) {
	topics, readers, err := g.filter(ctx, &out, cases)
	if err != nil {
		return chat.Cleared{}, nil, err
	}
	if err := out.Message.Validate(); err != nil {
		return chat.Cleared{}, nil, err
	}
	if g.surfaces.to(out).Discreet && !isAnswer(out) && out.View != erasedView {
		// What a veil covers is shown to nobody yet.
		out.Message, topics = g.veil.over(ctx, out, cases), nil
	} else if err := g.accesses.message(out, readers); err != nil {
		return chat.Cleared{}, nil, err
	}
	return clearance.Grant(out), topics, nil
}

// isAnswer reports whether a message is for whoever acted, who alone sees it.
func isAnswer(out chat.Outgoing) bool { return out.User != "" && out.Channel != "" }

// isPage reports whether a message is an answer that the platform keeps.
func isPage(out chat.Outgoing) bool {
	return out.User != "" && out.Channel == "" && out.Key == "" && out.Edit == ""
}

// ClearFile lets a file out to a user who fetches it. Errors: as for Clear.
func (g *Gate) ClearFile(ctx context.Context, user casework.UserID, file chat.File, cases ...*casework.Case) (chat.ClearedFile, error) {
	readers, err := g.readers(ctx, chat.Outgoing{User: user}, cases)
	if err != nil {
		return chat.ClearedFile{}, err
	}
	if _, err := g.files([]chat.File{file}, readers, cases); err != nil {
		return chat.ClearedFile{}, err
	}
	if err := g.accesses.file(user, file); err != nil {
		return chat.ClearedFile{}, err
	}
	return clearance.Grant(file), nil
}

// filter takes from the message what its readers may not see, and gives the
// topics that are left, and the readers.
func (g *Gate) filter(ctx context.Context, out *chat.Outgoing, cases []*casework.Case) ([]casework.Topic, []casework.UserID, error) {
	if !tells(out.Message) {
		return nil, nil, nil
	}
	readers, err := g.readers(ctx, *out, cases)
	if err != nil {
		return nil, nil, err
	}
	topics, err := g.files(out.Message.Files, readers, cases)
	if err == nil && out.Message.Card != nil {
		topics, err = g.rows(out, topics, readers, cases)
	}
	return topics, readers, err
}

// tells reports whether a message tells anything of a case.
func tells(m chat.Message) bool {
	return m.Card != nil && slices.ContainsFunc(m.Card.Rows, func(r chat.Row) bool { return r.Case != "" }) ||
		slices.ContainsFunc(m.Files, func(f chat.File) bool { return f.Case != "" })
}

// files refuses files that one of the readers may not see, and gives the topics
// they tell of.
func (g *Gate) files(files []chat.File, readers []casework.UserID, cases []*casework.Case) ([]casework.Topic, error) {
	var topics []casework.Topic
	for _, f := range files {
		if f.Case == "" {
			continue
		}
		for _, topic := range append([]casework.Topic{""}, f.Topics...) {
			if !g.allCovered(readers, caseOf(cases, f.Case), topic) {
				return nil, &Refusal{Why: NothingToSee}
			}
			if !slices.Contains(topics, topic) {
				topics = append(topics, topic)
			}
		}
	}
	return topics, nil
}

// rows takes from the card the rows that one of the readers may not see, and adds
// the topics of the others.
func (g *Gate) rows(out *chat.Outgoing, topics []casework.Topic, readers []casework.UserID, cases []*casework.Case) ([]casework.Topic, error) {
	card := *out.Message.Card
	var rows []chat.Row
	hidden, shown := 0, 0
	for _, row := range card.Rows {
		if row.Case != "" && !g.allCovered(readers, caseOf(cases, row.Case), row.Topic) {
			hidden++
			continue
		}
		if row.Case != "" {
			shown++
			if !slices.Contains(topics, row.Topic) {
				topics = append(topics, row.Topic)
			}
		}
		rows = append(rows, row)
	}
	if hidden > 0 && (card.Whole || shown == 0 && card.HiddenNote == "") {
		return nil, &Refusal{Why: NothingToSee}
	}
	card.Rows = withoutEmptyGroups(rows)
	if hidden > 0 && card.HiddenNote != "" {
		card.Rows = append(card.Rows, chat.Plain("", card.HiddenNote))
	}
	out.Message.Card = &card
	return topics, nil
}

// readers gives who can read a message where it goes, asked of the platform now;
// it refuses a place where the cases may not be spoken of at all.
func (g *Gate) readers(ctx context.Context, out chat.Outgoing, cases []*casework.Case) ([]casework.UserID, error) {
	if isAnswer(out) {
		// The platform has just said who this is.
		return []casework.UserID{out.User}, nil
	}
	if out.User != "" {
		account, err := g.platform.Account(ctx, string(out.User))
		if err != nil {
			return nil, fmt.Errorf("who reads: %w", err)
		}
		if !account.Active {
			return nil, &Refusal{Why: Gone, User: out.User}
		}
		return []casework.UserID{out.User}, nil
	}
	if len(cases) != 1 || cases[0].Channel == "" || cases[0].Channel != out.Channel {
		return nil, &Refusal{Why: NotItsOwn}
	}
	return g.circle(ctx, cases[0])
}

// circle gives the people in the case's channel now, all covered; or a refusal.
func (g *Gate) circle(ctx context.Context, c *casework.Case) ([]casework.UserID, error) {
	if c.Ended() || !c.Consent().InForce(g.now()) {
		return nil, &Refusal{Why: Lapsed}
	}
	channel, err := g.platform.Channel(ctx, c.Channel)
	if errors.Is(err, chat.ErrNotFound) {
		return nil, &Refusal{Why: Unreachable}
	}
	if err != nil {
		return nil, fmt.Errorf("who reads: %w", err)
	}
	if !channel.Private || channel.Direct || channel.Archived {
		return nil, &Refusal{Why: NotPrivate}
	}
	for _, user := range channel.Members {
		if !c.Covers(user, "", g.now()) {
			return nil, &Refusal{Why: Stranger, User: user}
		}
	}
	return channel.Members, nil
}

// part gives what of a card one reader may see of a case; ok is false when that
// is not to be shown.
func (g *Gate) part(reader casework.UserID, m chat.Message, c *casework.Case) (part chat.Message, ok bool) {
	if m.Card == nil {
		return m, true
	}
	out := chat.Outgoing{Message: m}
	_, err := g.rows(&out, nil, []casework.UserID{reader}, []*casework.Case{c})
	return out.Message, err == nil
}

func (g *Gate) allCovered(readers []casework.UserID, c *casework.Case, topic casework.Topic) bool {
	if c == nil {
		return false
	}
	return !slices.ContainsFunc(readers, func(user casework.UserID) bool { return !c.Covers(user, topic, g.now()) })
}

// ClearForm lets a form out to a user, without the options they may not know of.
// Errors: noOption when a question that must be answered has none left,
// notRecorded, and a form that breaks a limit.
func (g *Gate) ClearForm(user casework.UserID, form chat.Form, cases ...*casework.Case) (chat.ClearedForm, error) {
	fields := make([]chat.Field, 0, len(form.Fields))
	for _, field := range form.Fields {
		left := -1
		switch f := field.(type) {
		case chat.Select:
			f.Options = g.options(user, f.Options, cases)
			field, left = f, len(f.Options)
		case chat.Choice:
			f.Options = g.options(user, f.Options, cases)
			field, left = f, len(f.Options)
		}
		switch {
		case left != 0:
			fields = append(fields, field)
		case field.About().Required:
			return chat.ClearedForm{}, casework.Refuse(noOption, field.About().ID)
		}
	}
	form.Fields = fields
	if err := form.Validate(); err != nil {
		return chat.ClearedForm{}, err
	}
	if err := g.accesses.form(user, form, cases); err != nil {
		return chat.ClearedForm{}, err
	}
	return clearance.Grant(form), nil
}

func (g *Gate) options(user casework.UserID, options []chat.Option, cases []*casework.Case) []chat.Option {
	return slices.DeleteFunc(slices.Clone(options), func(o chat.Option) bool {
		return o.Case != "" && !g.allCovered([]casework.UserID{user}, caseOf(cases, o.Case), o.Topic)
	})
}

func caseOf(cases []*casework.Case, code casework.Code) *casework.Case {
	i := slices.IndexFunc(cases, func(c *casework.Case) bool { return c.Code == code })
	if i < 0 {
		return nil
	}
	return cases[i]
}

// withoutEmptyGroups takes away the headings that nothing follows.
func withoutEmptyGroups(rows []chat.Row) []chat.Row {
	var kept []chat.Row
	for i, row := range rows {
		if row.IsHeading() && (i+1 == len(rows) || rows[i+1].IsHeading()) {
			continue
		}
		kept = append(kept, row)
	}
	return kept
}

// refusal gives the gate's refusal in err, if that is what it is.
func refusal(err error) (*Refusal, bool) {
	var r *Refusal
	ok := errors.As(err, &r)
	return r, ok
}
