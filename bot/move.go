package bot

import (
	"context"
	"fmt"

	"parcours/bot/command"
	"parcours/casework"
	"parcours/storage"
)

// retireChannel asks to empty and close a channel that a case has left; its subject
// is the channel.
const retireChannel command.Act = "retire"

// move opens a new channel for the case before newcomer is let in. All who are
// covered are added to it, the newcomer among them, and told where the case goes on;
// then the old channel closes.
func (o *Outbox) move(ctx context.Context, c *casework.Case, newcomer casework.UserID) (result, error) {
	var circle []casework.UserID
	for _, m := range c.Members {
		if m.Joined && c.Covers(m.User, "", o.now()) {
			circle = append(circle, m.User)
		}
	}
	// Until it is written down, the number and so the channel stay the same.
	name := fmt.Sprintf("%s-%d", channelName(c.Code), len(c.Former)+2)
	channel, err := o.platform.Open(ctx, name, circle[0])
	if err != nil {
		return result{}, fmt.Errorf("open a channel: %w", err)
	}
	r := settled(storage.Done)
	r.c, r.facts = c, []casework.Fact{casework.ChannelMoved{Channel: channel, User: newcomer}}
	for _, user := range circle {
		r.notices = append(r.notices, command.Notice{Act: command.Add, User: user})
		if user != newcomer {
			r.notices = append(r.notices, command.Notice{Act: command.Tell, View: command.MovedView, Subject: string(channel), User: user})
		}
	}
	r.notices = append(r.notices, command.Notice{Act: retireChannel, Subject: string(c.Channel)})
	return r, nil
}

// retire empties and closes a channel that the case has left: nothing could be
// taken from it later.
func (o *Outbox) retire(ctx context.Context, c *casework.Case, id casework.ChannelID) (result, error) {
	closed, err := o.closed(ctx, id)
	if err != nil {
		return result{}, err
	}
	if closed || id == c.Channel {
		return settled(storage.Moot), nil
	}
	var left []casework.Shown
	for _, former := range c.Former {
		for _, post := range former.Posts {
			if former.Channel == id {
				if post.Home {
					post.Key = homeKey(c)
				}
				left = append(left, post)
			}
		}
	}
	r, err := o.empty(ctx, c, left...)
	if err != nil {
		return result{}, err
	}
	if err := o.platform.Archive(ctx, id); err != nil {
		return result{}, fmt.Errorf("archive a channel: %w", err)
	}
	r.quiet = true
	return r, nil
}
