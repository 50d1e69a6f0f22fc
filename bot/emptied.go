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

// emptyShown asks to take from messages what their readers may not know any more;
// its subject is their key.
const emptyShown command.Act = "empty"

// emptying gives the rows that a change leads to: what it takes from somebody is
// taken from the messages that told it to them. Reminders are brought up to date
// with their bundles, and a channel that closes is emptied before.
func (j *journals) emptying(before, after *casework.Case) ([]storage.Row, error) {
	at := running(before, j.now())
	all := append([]casework.Topic{""}, casework.Topics()...)
	lost := map[casework.UserID][]casework.Topic{}
	for _, m := range before.Members {
		for _, t := range all {
			if before.Covers(m.User, t, at) && !after.Covers(m.User, t, at) {
				lost[m.User] = append(lost[m.User], t)
			}
		}
	}
	if len(lost) == 0 {
		return nil, nil
	}
	tells := func(shown casework.Shown, user casework.UserID) bool {
		return slices.ContainsFunc(shown.Topics, func(t casework.Topic) bool { return slices.Contains(lost[user], t) })
	}
	var keys []string
	for _, shown := range before.Told {
		if !command.IsReminder(shown.View) && tells(shown, shown.User) {
			keys = append(keys, shown.Key)
		}
	}
	for _, shown := range before.Posts {
		stays := func(m casework.Member) bool { return m.Joined && tells(shown, m.User) }
		if !after.Ended() && slices.ContainsFunc(after.Members, stays) {
			keys = append(keys, shown.Key)
		}
	}
	var rows []storage.Row
	for _, key := range keys {
		row, err := j.row(intent{Notice: command.Notice{Act: emptyShown, Subject: key}}, refreshKey(after, key), after.Code)
		if err != nil {
			return nil, err
		}
		rows = append(rows, row)
	}
	return rows, nil
}

// running gives now, or the last day on which the consent of a case ran: what is
// taken back after it is taken back all the same.
func running(c *casework.Case, now time.Time) time.Time {
	if until := c.Consent().Until; until != "" && until < casework.DayOf(now) {
		return until.At(12, 0, now.Location())
	}
	return now
}

// emptied empties the messages of a key that somebody reads who may not.
func (o *Outbox) emptied(ctx context.Context, c *casework.Case, key string) (result, error) {
	hidden := func(shown casework.Shown, user casework.UserID) bool {
		return slices.ContainsFunc(shown.Topics, func(t casework.Topic) bool { return !c.Covers(user, t, o.now()) })
	}
	var found []casework.Shown
	for _, shown := range c.Told {
		if shown.Key == key && hidden(shown, shown.User) {
			found = append(found, shown)
		}
	}
	for _, shown := range c.Posts {
		reads := func(m casework.Member) bool { return m.Joined && hidden(shown, m.User) }
		if shown.Key == key && !c.Ended() && slices.ContainsFunc(c.Members, reads) {
			found = append(found, shown)
		}
	}
	if len(found) == 0 {
		return settled(storage.Moot), nil
	}
	sought, err := o.seek(ctx, found)
	if err != nil {
		return result{}, err
	}
	r, err := o.empty(ctx, c, sought...)
	for _, shown := range sought {
		if !slices.ContainsFunc(found, func(known casework.Shown) bool { return known.Message == shown.Message }) {
			r.facts = append([]casework.Fact{shown}, r.facts...)
		}
	}
	return r, err
}

// seek gives messages with where they stand; those that never arrived are left
// out.
func (o *Outbox) seek(ctx context.Context, all []casework.Shown) ([]casework.Shown, error) {
	var sought []casework.Shown
	finder, able := o.platform.(chat.Finder)
	for _, shown := range all {
		if shown.Message == "" && able {
			found, err := finder.Find(ctx, shown.User, []string{shown.Key}, time.Time{})
			if err != nil && !errors.Is(err, chat.ErrNotFound) {
				return nil, fmt.Errorf("look for what was sent: %w", err)
			}
			shown.Message = found[shown.Key].Message
		}
		if shown.Message != "" {
			sought = append(sought, shown)
		}
	}
	return sought, nil
}

// leftIn gives what is left in a channel that must be empty before it closes: all
// that the bot said there, once the person has taken her agreement back.
func (o *Outbox) leftIn(ctx context.Context, c *casework.Case) ([]casework.Shown, error) {
	if c.State != casework.Withdrawn {
		return nil, nil
	}
	// In a channel that is closed already, nothing can be changed.
	channel, err := o.platform.Channel(ctx, c.Channel)
	if errors.Is(err, chat.ErrNotFound) || err == nil && channel.Archived {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("look at a channel: %w", err)
	}
	left := c.Posts
	if c.Home != "" {
		left = append(slices.Clone(left), homeOf(c))
	}
	return left, nil
}

// homeOf gives the pinned card as what was shown.
func homeOf(c *casework.Case) casework.Shown {
	return casework.Shown{Key: homeKey(c), Channel: c.Channel, Message: c.Home, Home: true, View: command.HomeView}
}
