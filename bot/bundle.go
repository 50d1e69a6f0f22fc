package bot

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"parcours/bot/chat"
	"parcours/bot/command"
	"parcours/casework"
	"parcours/storage"
)

// mailbox opens the mailbox of somebody who has none yet.
func (o *Outbox) mailbox(ctx context.Context, user casework.UserID) (result, error) {
	d, err := o.boxes.of(ctx, user)
	if err != nil || d.base > 0 {
		return settled(storage.Moot), err
	}
	r := settled(storage.Done)
	r.also = []storage.Change{o.boxes.change(ctx, d)}
	return r, nil
}

// A parcel is a bundle being made into a message: what of it still holds, and the
// cases that this tells of.
type parcel struct {
	casework.Bundle
	reader casework.UserID
	items  []command.Item
	cases  []*casework.Case
	// digest are the cases to give a digest of; nil for none.
	digest []*casework.Case
	// holds are the nudges of the items that still hold.
	holds []casework.Nudge
}

// bundle delivers a bundle: what of it still holds when it leaves. One that is
// late for the hours of its reader waits again in the mailbox; so does one that
// was tried in vain until there was more to tell, which is then one message.
func (o *Outbox) bundle(ctx context.Context, row storage.Row, n intent) (result, error) {
	d, err := o.boxes.load(ctx, row.Case)
	if err != nil {
		return result{}, err
	}
	b, ok := d.Bundle(n.Subject)
	if !ok {
		return settled(storage.Moot), nil
	}
	arrived, err := o.arrived(ctx, d.User, b, row.Tries)
	if errors.Is(err, chat.ErrNotFound) {
		return o.passOn(ctx, d, b, b.Nudges)
	}
	if err != nil {
		return result{}, err
	}
	whole, sent := arrived[b.Key]
	// A digest that may have been told is left out: there soon is another.
	b.Digest = b.Digest && (sent || !o.digestOn(ctx, d, b).Before(o.restored))
	more := row.Tries > 0 && len(d.Waiting) > 0
	if !sent && !b.Urgent() && (more || !o.boxes.open(ctx, d.Mailbox)) {
		return o.closing(ctx, d, casework.BundleReturned{Key: b.Key})
	}
	p, err := o.parcel(ctx, b, d, func(nudge casework.Nudge) bool {
		at, known := arrived[nudge.Key]
		return !known || sent && at == whole
	})
	if err != nil {
		return result{}, err
	}
	p.standing()
	m, ok := o.message(ctx, p)
	if !ok && sent {
		// It arrived all the same, and is to say that this does not hold any more.
		if p, m, err = o.unpack(ctx, b, d); err != nil {
			return result{}, err
		}
		ok = m.Text != ""
	}
	if !ok {
		return o.closing(ctx, d, casework.BundleDropped{Key: b.Key})
	}
	out := chat.Outgoing{
		Key: b.Key, Keys: p.keys(), User: d.User, Again: sent || row.Tries > 0,
		View: command.BundleView, Subject: b.Key, Message: o.sign.buttons(m, p.cases...),
	}
	cleared, _, err := o.gate.Clear(ctx, out, p.cases...)
	if no, refused := refusal(err); refused && no.Why == Gone || errors.Is(err, chat.ErrNotFound) {
		return o.passOn(ctx, d, b, p.holds)
	}
	if err != nil {
		return result{}, err
	}
	at, err := o.platform.Send(ctx, cleared)
	if errors.Is(err, chat.ErrRefused) || errors.Is(err, chat.ErrNotFound) {
		return o.passOn(ctx, d, b, p.holds)
	}
	if err != nil {
		return result{}, fmt.Errorf("send: %w", err)
	}
	return o.delivered(ctx, d, p, at)
}

// doubt is how late a nudge may be before the platform is asked whether it was
// sent already: the store may have been put back from an older copy.
const doubt = time.Hour

// slack is how far the platform's clock may be from ours.
const slack = 24 * time.Hour

// arrived gives what of a bundle the platform already shows its reader, by key:
// the bundle itself, if it was tried, and nudges that are late.
func (o *Outbox) arrived(ctx context.Context, user casework.UserID, b casework.Bundle, tries int) (map[string]chat.Sent, error) {
	since, asked := b.At, tries > 0
	for _, nudge := range b.Nudges {
		if nudge.At.Before(since) {
			since = nudge.At
		}
		asked = asked || o.now().Sub(nudge.At) > doubt || o.doubts(nudge.At)
	}
	finder, able := o.platform.(chat.Finder)
	if !asked || !able {
		return nil, nil
	}
	found, err := finder.Find(ctx, user, append(b.Keys(), b.Key), since.Add(-slack))
	if err != nil {
		return nil, fmt.Errorf("look for what was sent: %w", err)
	}
	return found, nil
}

// closing writes facts in a mailbox with the settlement of a row, by which nothing
// was sent.
func (o *Outbox) closing(ctx context.Context, d *desk, facts ...casework.Fact) (result, error) {
	r := settled(storage.Moot)
	err := o.boxes.write(d, facts...)
	r.also = []storage.Change{o.boxes.change(ctx, d)}
	return r, err
}

// delivered writes that a bundle arrived: in the mailbox, and in each case what was
// told of it.
func (o *Outbox) delivered(ctx context.Context, d *desk, p parcel, at chat.Sent) (result, error) {
	r, err := o.closing(ctx, d, casework.BundleArrived{Key: p.Key, Message: at.Message, Holds: p.keys()})
	r.outcome.State = storage.Done
	if err != nil {
		return r, err
	}
	for _, c := range p.cases {
		told := decision{quiet: true}
		for _, item := range p.items {
			if item.Case == c && !item.Over {
				told.facts = append(told.facts, casework.Shown{
					Key: p.Key, Channel: at.Channel, User: p.reader, Message: at.Message, Topics: topicsOf(item.Message),
					View: command.ReminderView(item.Kind), Subject: command.ReminderSubject(item.Reminder),
				})
			}
		}
		if len(told.facts) == 0 {
			continue
		}
		change, err := o.journals.change(c, told)
		if err != nil {
			return r, err
		}
		r.also = append(r.also, change)
	}
	return r, nil
}

// topicsOf gives the topics that a message tells of.
func topicsOf(m chat.Message) []casework.Topic {
	var topics []casework.Topic
	for _, f := range m.Files {
		if f.Case != "" {
			topics = union(union(topics, []casework.Topic{""}), f.Topics)
		}
	}
	if m.Card == nil {
		return topics
	}
	for _, row := range m.Card.Rows {
		if row.Case != "" {
			topics = union(topics, []casework.Topic{row.Topic})
		}
	}
	return topics
}

// parcel looks again at each nudge of a bundle that keep says yes to.
func (o *Outbox) parcel(ctx context.Context, b casework.Bundle, d *desk, keep func(casework.Nudge) bool) (parcel, error) {
	p := parcel{Bundle: b, reader: d.User}
	if b.Digest {
		var err error
		if p.cases, err = o.journals.of(ctx, d.User); err != nil {
			return p, err
		}
		p.digest = p.cases
	}
	hours := d.In(o.boxes.hours(ctx, d.Mailbox))
	for _, nudge := range b.Nudges {
		if !keep(nudge) {
			continue
		}
		c, err := o.caseOf(ctx, &p, nudge.Case)
		if err != nil {
			return p, err
		}
		item := command.Item{Case: c, Reminder: nudge.Recalls(), Late: hours.Late(nudge.At, o.now())}
		m, ok := o.view(ctx, c, noticeOf(nudge, d.User), d.User)
		if ok = ok && c.Stands(item.Reminder, d.User, o.now()); ok {
			item.Message, ok = o.gate.part(d.User, m, c)
		}
		if item.Over = !ok; ok {
			p.holds = append(p.holds, nudge)
		}
		p.items = append(p.items, item)
	}
	return p, nil
}

// noticeOf gives the notice that shows a nudge alone.
func noticeOf(n casework.Nudge, user casework.UserID) command.Notice {
	return command.Notice{
		Act: command.Tell, View: command.ReminderView(n.Kind), Subject: command.ReminderSubject(n.Recalls()), User: user,
	}
}

// caseOf gives a case that a parcel tells of, read once; one that was forgotten
// is empty.
func (o *Outbox) caseOf(ctx context.Context, p *parcel, code casework.Code) (*casework.Case, error) {
	if c := caseOf(p.cases, code); c != nil {
		return c, nil
	}
	c, err := o.journals.loadOrNew(ctx, code)
	if err == nil {
		p.cases = append(p.cases, c)
	}
	return c, err
}

// standing leaves out what does not hold any more.
func (p *parcel) standing() {
	p.items = slices.DeleteFunc(p.items, func(i command.Item) bool { return i.Over })
}

// keys are those of the nudges that hold.
func (p *parcel) keys() []string { return casework.Bundle{Nudges: p.holds}.Keys() }

// message gives what a parcel says: one reminder as it is said alone, or all as
// one. ok is false when there is nothing to say.
func (o *Outbox) message(ctx context.Context, p parcel) (m chat.Message, ok bool) {
	if len(p.items) == 1 && p.digest == nil && !p.items[0].Late && !p.items[0].Over {
		return p.items[0].Message, true
	}
	view, ok := o.views[command.BundleView]
	if !ok {
		o.log.Error("outbox: no such view", "view", command.BundleView)
		return chat.Message{}, false
	}
	return view(command.ViewRequest{
		Items: p.items, Cases: p.digest, Reader: p.reader, Now: o.now(), Policy: o.boxes.policy,
		Say: o.say(o.people.reader(ctx, p.reader).Lang), Account: o.people.lookup(ctx),
	})
}

// passOn ends the delivery of a bundle whose reader is gone: each nudge that still
// holds goes its own way to somebody else.
func (o *Outbox) passOn(ctx context.Context, d *desk, b casework.Bundle, nudges []casework.Nudge) (result, error) {
	for _, nudge := range nudges {
		row, err := o.journals.row(intent{Notice: passing(nudge, d.User), Nudge: &nudge}, nudge.Key+"/pass", nudge.Case)
		if err != nil {
			return result{}, err
		}
		d.rows = append(d.rows, row)
	}
	return o.closing(ctx, d, casework.BundleDropped{Key: b.Key, Gone: true})
}

func passing(n casework.Nudge, user casework.UserID) command.Notice {
	notice := noticeOf(n, user)
	notice.Act = passNudge
	return notice
}

// pass gives the nudge of somebody who is gone to whoever keeps the overview of
// the case; to themself if they are back and nobody else is there. Where nobody is,
// it stays for whoever runs the service.
func (o *Outbox) pass(ctx context.Context, c *casework.Case, n intent) (result, error) {
	if n.Nudge == nil {
		return stuck(whyForeign), nil
	}
	r := n.Nudge.Recalls()
	if !c.Stands(r, c.Coordinator(), o.now()) && !c.Stands(r, n.User, o.now()) {
		return settled(storage.Moot), nil
	}
	for _, user := range []casework.UserID{c.Coordinator(), n.User} {
		account, err := o.platform.Account(ctx, string(user))
		if err != nil && !errors.Is(err, chat.ErrNotFound) {
			return result{}, fmt.Errorf("who is there: %w", err)
		}
		if !account.Active || !c.Stands(r, user, o.now()) {
			continue
		}
		nudge := o.boxes.nudge(r, c.Code, user)
		if user == n.User {
			nudge.Key = n.Nudge.Key + "/again"
		}
		d, err := o.boxes.of(ctx, user)
		if err != nil {
			return result{}, err
		}
		result, err := o.closing(ctx, d, d.Queue(nudge)...)
		result.outcome.State = storage.Done
		return result, err
	}
	return stuck(whyGone), nil
}

// refresh brings messages of a mailbox up to date: that of a bundle, or those of
// all digests.
func (o *Outbox) refresh(ctx context.Context, row storage.Row, n intent) (result, error) {
	d, err := o.boxes.load(ctx, row.Case)
	if err != nil {
		return result{}, err
	}
	for _, b := range d.Standing() {
		if b.Key != n.Subject && (n.Act != refreshDigests || !b.Digest) {
			continue
		}
		if err := o.amend(ctx, d, b); err != nil {
			return result{}, err
		}
	}
	return settled(storage.Done), nil
}

// amend brings the message of a bundle up to date.
func (o *Outbox) amend(ctx context.Context, d *desk, b casework.Bundle) error {
	p, m, err := o.unpack(ctx, b, d)
	if err != nil {
		return err
	}
	if m.Text == "" {
		return nil
	}
	out := chat.Outgoing{
		Key: b.Key, Keys: b.Keys(), User: d.User, Edit: b.Message, View: command.BundleView, Subject: b.Key, Message: o.sign.buttons(m, p.cases...),
	}
	cleared, _, err := o.gate.Clear(ctx, out, p.cases...)
	if _, refused := refusal(err); refused || errors.Is(err, chat.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	if _, err = o.platform.Send(ctx, cleared); err != nil && !errors.Is(err, chat.ErrNotFound) { // deleted by somebody
		return fmt.Errorf("send: %w", err)
	}
	return nil
}
