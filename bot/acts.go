package bot

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"parcours/bot/chat"
	"parcours/bot/command"
	"parcours/casework"
	"parcours/storage"
)

// open makes the case's channel.
func (o *Outbox) open(ctx context.Context, c *casework.Case) (result, error) {
	if c.Channel != "" {
		return settled(storage.Done), nil
	}
	if c.Ended() || c.State == casework.Proposed || !c.Covers(c.Author, "", o.now()) {
		return settled(storage.Moot), nil
	}
	channel, err := o.platform.Open(ctx, channelName(c.Code), c.Author)
	if err != nil {
		return result{}, fmt.Errorf("open a channel: %w", err)
	}
	return result{
		outcome: storage.Outcome{State: storage.Done}, c: c,
		decision: decision{facts: []casework.Fact{casework.ChannelOpened{Channel: channel}}},
	}, nil
}

// add puts in the channel a user who has a place in it, and whom the consent
// still covers.
func (o *Outbox) add(ctx context.Context, c *casework.Case, user casework.UserID) (result, error) {
	if c.Ended() || !c.Covers(user, "", o.now()) {
		return settled(storage.Moot), nil
	}
	if c.Channel == "" {
		return o.wait(), nil
	}
	if m, _ := c.Member(user); m.Past == casework.NewChannel {
		return o.move(ctx, c, user)
	}
	r, err := o.withhold(ctx, c, user)
	if err != nil {
		return result{}, err
	}
	if err := o.platform.Add(ctx, c.Channel, user); err != nil {
		return result{}, fmt.Errorf("add to a channel: %w", err)
	}
	return r, nil
}

// withhold empties the messages of the channel that tell more than a newcomer
// may know, as they will read all its past. The pinned card comes back with what
// is for all.
func (o *Outbox) withhold(ctx context.Context, c *casework.Case, newcomer casework.UserID) (result, error) {
	posts, home := c.TooTelling(newcomer, o.now())
	if home {
		posts = append(posts, homeOf(c))
	}
	return o.empty(ctx, c, posts...)
}

// empty takes from messages all that they told, files included. What they said is
// still in everyone's overview. One of which it is not known where it stands is looked
// for.
func (o *Outbox) empty(ctx context.Context, c *casework.Case, posts ...casework.Shown) (result, error) {
	r := settled(storage.Done)
	var emptied casework.Withheld
	for _, post := range posts {
		m, _ := o.view(ctx, c, command.Notice{View: command.WithheldView}, post.User)
		out := again(post)
		out.Message = o.sign.buttons(m, c)
		// One that somebody deleted, or that never arrived, tells nothing.
		if err := o.overwrite(ctx, out, c); err != nil && !errors.Is(err, chat.ErrNotFound) {
			return result{}, fmt.Errorf("empty a message: %w", err)
		}
		if post.Message == "" {
			emptied.Keys = append(emptied.Keys, post.Key)
		} else {
			emptied.Messages = append(emptied.Messages, post.Message)
		}
	}
	if len(posts) > 0 {
		r.c, r.decision = c, decision{facts: []casework.Fact{emptied}}
	}
	return r, nil
}

// overwrite has a message that was shown say something else. One that is being handed
// over at this moment is waited for.
func (o *Outbox) overwrite(ctx context.Context, out chat.Outgoing, cases ...*casework.Case) error {
	if o.handing.has(out.Key) {
		return &chat.RetryError{After: look, Err: errors.New("it is being handed over")}
	}
	cleared, _, err := o.gate.Clear(ctx, out, cases...)
	if err != nil {
		return err
	}
	_, err = o.platform.Send(ctx, cleared)
	return err
}

// again gives what changes in place a message that was shown.
func again(shown casework.Shown) chat.Outgoing {
	out := chat.Outgoing{
		Key: shown.Key, User: shown.User, Edit: shown.Message, Seek: shown.Message == "", Pin: shown.Home, View: shown.View, Subject: shown.Subject,
	}
	if shown.User == "" {
		out.Channel = shown.Channel
	}
	return out
}

// remove takes out of the channel a user who has no place in it any more, or not as
// long as the person does not agree anew.
func (o *Outbox) remove(ctx context.Context, c *casework.Case, user casework.UserID) (result, error) {
	if c.Channel == "" || c.IsMember(user) && !c.PutOut(user) && !c.Ended() {
		return settled(storage.Moot), nil
	}
	if err := o.platform.Remove(ctx, c.Channel, user); err != nil {
		return result{}, fmt.Errorf("remove from a channel: %w", err)
	}
	return settled(storage.Done), nil
}

// archive closes the channel of a case that has ended.
func (o *Outbox) archive(ctx context.Context, c *casework.Case) (result, error) {
	if c.Channel == "" || !c.Ended() {
		return settled(storage.Moot), nil
	}
	left, err := o.leftIn(ctx, c)
	if err != nil {
		return result{}, err
	}
	r, err := o.empty(ctx, c, left...)
	if err != nil {
		return result{}, err
	}
	if err := o.platform.Archive(ctx, c.Channel); err != nil {
		return result{}, fmt.Errorf("archive a channel: %w", err)
	}
	return r, nil
}

// home posts the pinned card, or brings it up to date in place.
func (o *Outbox) home(ctx context.Context, c *casework.Case) (result, error) {
	if c.Channel == "" || c.Ended() {
		return settled(storage.Moot), nil
	}
	m, ok := o.view(ctx, c, command.Notice{View: command.HomeView}, "")
	if !ok {
		return settled(storage.Moot), nil
	}
	out := chat.Outgoing{Key: homeKey(c), Channel: c.Channel, Edit: c.Home, Pin: true, Again: true, Message: m}
	r, err := o.send(ctx, c, out, casework.Shown{Home: true, View: command.HomeView})
	if err == nil && r.outcome.State != storage.Done && c.Home != "" && !c.Blank {
		// It says what was so, and somebody who reads it may not know that any more.
		return o.blank(ctx, c, r)
	}
	if out.Edit != "" && errors.Is(err, chat.ErrNotFound) {
		// Somebody deleted the card: it is posted anew.
		out.Edit = ""
		return o.send(ctx, c, out, casework.Shown{Home: true, View: command.HomeView})
	}
	return r, err
}

// blank empties the pinned card, which may not be shown as things are: it comes back
// when it may.
func (o *Outbox) blank(ctx context.Context, c *casework.Case, held result) (result, error) {
	emptied, err := o.empty(ctx, c, homeOf(c))
	held.c, held.quiet = c, true
	held.facts = append(held.facts, emptied.facts...)
	return held, err
}

// homeKey is one key for the life of the card: were it posted and the answer
// lost, whatever posts it next finds it.
func homeKey(c *casework.Case) string { return string(c.Code) + "/home" }

// post shows something in the channel. What some of its people may not know of
// is told to each of the others in private instead.
func (o *Outbox) post(ctx context.Context, c *casework.Case, row storage.Row, n intent) (result, error) {
	if c.Ended() {
		return settled(storage.Moot), nil
	}
	if c.Channel == "" {
		return o.wait(), nil
	}
	m, ok := o.view(ctx, c, n.Notice, "")
	if !ok {
		return settled(storage.Moot), nil
	}
	out := chat.Outgoing{Key: row.Key, Channel: c.Channel, Again: row.Tries > 0, Message: m}
	r, err := o.send(ctx, c, out, casework.Shown{View: n.View, Subject: n.Subject})
	if no, ok := refusal(err); ok && no.Why == NothingToSee {
		return o.toEach(c, row, n)
	}
	return r, err
}

// toEach tells every member in private what could not be shown to all, save
// whoever decided it and knows.
func (o *Outbox) toEach(c *casework.Case, row storage.Row, n intent) (result, error) {
	r := settled(storage.Done)
	r.c, r.quiet = c, true
	for _, m := range c.Members {
		if !m.Joined || m.User == n.By {
			continue
		}
		tell, err := o.telling(row, c, n, m.User)
		if err != nil {
			return result{}, err
		}
		r.extra = append(r.extra, tell)
	}
	return r, nil
}

// tell shows something to one user, in private.
func (o *Outbox) tell(ctx context.Context, c *casework.Case, row storage.Row, n intent) (result, error) {
	m, ok := o.view(ctx, c, n.Notice, n.User)
	if !ok {
		return settled(storage.Moot), nil
	}
	out := chat.Outgoing{Key: row.Key, User: n.User, Again: row.Tries > 0, Message: m}
	r, err := o.send(ctx, c, out, casework.Shown{View: n.View, Subject: n.Subject})
	if no, ok := refusal(err); ok && no.Why == Gone {
		// The journal has what they will not read.
		return settled(storage.Moot), nil
	}
	return r, err
}

// update changes in place what was shown, if it still stands, into what is to be
// shown now. What its readers may not know any more is emptied.
func (o *Outbox) update(ctx context.Context, c *casework.Case, row storage.Row, n intent) (result, error) {
	shown, ok := c.Standing(n.View, n.Subject, n.User)
	if !ok || n.User == "" && c.Ended() {
		return settled(storage.Moot), nil
	}
	out := again(shown)
	out.Again = row.Tries > 0
	if out.Message, ok = o.view(ctx, c, n.Notice, n.User); !ok {
		return settled(storage.Moot), nil
	}
	r, err := o.send(ctx, c, out, shown)
	no, refused := refusal(err)
	switch {
	case refused && (no.Why == NothingToSee || out.Again), err == nil && out.Again && r.outcome.State == storage.Moot:
		// The try before may have it tell more than is known of it.
		return o.empty(ctx, c, shown)
	case refused, errors.Is(err, chat.ErrNotFound):
		// Nobody reads it any more, or somebody deleted it.
		return settled(storage.Moot), nil
	}
	return r, err
}

// view makes a message as the case is now.
func (o *Outbox) view(ctx context.Context, c *casework.Case, n command.Notice, reader casework.UserID) (chat.Message, bool) {
	view, ok := o.views[n.View]
	if !ok {
		o.log.Error("outbox: no such view", "view", n.View)
		return chat.Message{}, false
	}
	lang := o.lang
	if reader != "" {
		lang = o.people.reader(ctx, reader).Lang
	}
	return view(command.ViewRequest{
		Case: c, Subject: n.Subject, Reader: reader, Now: o.now(), Say: o.say(lang), Account: o.people.lookup(ctx),
	})
}

// send passes the gate and delivers. What was shown, where, and on which topics,
// is written with the settlement of the row, unless it is known: shown is what
// is known of the message, or the view and subject of a new one.
func (o *Outbox) send(ctx context.Context, c *casework.Case, out chat.Outgoing, shown casework.Shown) (result, error) {
	out.Message, out.View, out.Subject = o.sign.buttons(out.Message, c), shown.View, shown.Subject
	cleared, topics, err := o.gate.Clear(ctx, out, c)
	if no, ok := refusal(err); ok {
		r, err := o.held(c, out, no)
		if lost, news := unheard(c, out, shown); news && r.outcome.State == storage.Waiting && tried(out) {
			r.facts, r.quiet = append(r.facts, lost), true
		}
		return r, err
	}
	if err != nil {
		return result{}, unsure(err, tried(out), c, out, shown)
	}
	sent, err := o.platform.Send(ctx, cleared)
	if err != nil {
		never := errors.Is(err, chat.ErrRefused) || errors.Is(err, chat.ErrNotFound)
		return result{}, unsure(fmt.Errorf("send: %w", err), !never || tried(out), c, out, shown)
	}
	r := settled(storage.Done)
	r.c, r.quiet = c, true
	if out.Channel != "" {
		r.facts = c.ResumeSharing()
	}
	if len(out.Message.Files) > 0 {
		// Those of a message that is changed are still those it was sent with.
		topics = union(shown.Topics, topics)
	}
	if out.Edit == "" || shown.Home && c.Blank || !shown.Home && !slices.Equal(topics, shown.Topics) {
		shown.Key, shown.Channel, shown.User, shown.Message, shown.Topics = out.Key, sent.Channel, out.User, sent.Message, topics
		r.facts = append(r.facts, shown)
	}
	return r, nil
}

// union gives topics and those of more that are not among them.
func union(topics, more []casework.Topic) []casework.Topic {
	all := slices.Clone(topics)
	for _, t := range more {
		if !slices.Contains(all, t) {
			all = append(all, t)
		}
	}
	return all
}

// held says what becomes of a message that the gate kept back; it gives back the
// refusals that have another way out. In a channel that
// can be mended (somebody who should not be there, a channel made public), it
// waits, and the coordinator is told once. Otherwise it is dropped: the journal
// keeps what it said.
func (o *Outbox) held(c *casework.Case, out chat.Outgoing, no *Refusal) (result, error) {
	if no.Why == NothingToSee && !out.Pin && (out.Channel != "" || out.Edit != "") || no.Why == Gone {
		return result{}, no
	}
	if out.User != "" || !mendable(no) {
		return settled(storage.Moot), nil
	}
	r := o.wait()
	r.c, r.decision = c, hold(c, no)
	return r, nil
}

// mendable reports whether somebody can take away what stands in the way.
func mendable(no *Refusal) bool {
	return no.Why == Stranger || no.Why == NotPrivate || no.Why == Unreachable
}

// hold decides to tell the coordinator why sharing has stopped, if it is news.
func hold(c *casework.Case, no *Refusal) decision {
	facts := c.HoldSharing(string(no.Why), no.User)
	if facts == nil {
		return decision{}
	}
	subject := string(no.Why)
	if no.User != "" {
		subject += " " + string(no.User)
	}
	return decision{facts: facts, quiet: true, notices: []command.Notice{{
		Act: command.Tell, View: command.HeldView, Subject: subject, User: c.Coordinator(),
	}}}
}
