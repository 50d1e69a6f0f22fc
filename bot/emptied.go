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
	return o.empty(ctx, c, found...)
}

// leftIn gives what is left in a channel that must be empty before it closes: all
// that the bot said there, once the person has taken her agreement back.
func (o *Outbox) leftIn(ctx context.Context, c *casework.Case) ([]casework.Shown, error) {
	if c.State != casework.Withdrawn {
		return nil, nil
	}
	if closed, err := o.closed(ctx, c.Channel); closed || err != nil {
		return nil, err
	}
	return append(slices.Clone(c.Posts), homeOf(c)), nil
}

// closed reports whether nothing can be changed in a channel any more.
func (o *Outbox) closed(ctx context.Context, id casework.ChannelID) (bool, error) {
	channel, err := o.platform.Channel(ctx, id)
	if errors.Is(err, chat.ErrNotFound) {
		return true, nil
	}
	if err != nil {
		return false, fmt.Errorf("look at a channel: %w", err)
	}
	return channel.Archived, nil
}

// homeOf gives the pinned card as what was shown; where it is not known to stand, it
// may have been posted all the same.
func homeOf(c *casework.Case) casework.Shown {
	return casework.Shown{Key: homeKey(c), Channel: c.Channel, Message: c.Home, Home: true, View: command.HomeView}
}
