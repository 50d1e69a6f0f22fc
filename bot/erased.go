package bot

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"parcours/bot/chat"
	"parcours/bot/command"
	"parcours/casework"
	"parcours/locales"
	"parcours/storage"
)

// A remnant is what is left of an erased case in one place on the platform. It
// carries all that is needed to put it away, since the case is gone.
type remnant struct {
	// Channel is the case's own, or one it has left: it is emptied, left by its Members
	// and archived.
	// In its place, User is whose private messages are emptied.
	Channel casework.ChannelID `json:"channel,omitempty"`
	Members []casework.UserID  `json:"members,omitempty"`
	User    casework.UserID    `json:"user,omitempty"`
	Posts   []casework.Shown   `json:"posts,omitempty"`
}

// What the outbox does once a case is erased: put away what is left of it in one
// place; tell a member, without anything of what it held. Subject is why.
const (
	putAway    command.Act = "put_away"
	tellErased command.Act = "erased"
)

// erasedView is how what is said of an erased case is called: there is nothing left to
// veil, nor to show.
const erasedView = "erased"

// Leftovers gives what remains to be done on the platform once a case is erased:
// rows for the outbox that need nothing of the case. secret is that of Options.
// Whoever erases it themself is not told.
func Leftovers(secret []byte, c *casework.Case, why casework.Erasure, by casework.UserID, now time.Time) ([]storage.Row, error) {
	l := leaving{c: c, sign: signer{key: secret}, now: now}
	posts, told := l.standing()
	members := make([]casework.UserID, len(c.Members))
	for i, m := range c.Members {
		members[i] = m.User
	}
	channels := []casework.ChannelID{c.Channel}
	for _, former := range c.Former {
		channels = append(channels, former.Channel)
	}
	for _, id := range channels {
		if id != "" {
			there := slices.DeleteFunc(slices.Clone(posts), func(s casework.Shown) bool { return s.Channel != id })
			l.row(l.key("channel", string(id)), c.Code, intent{Notice: command.Notice{Act: putAway}, Remnant: &remnant{Channel: id, Members: members, Posts: there}})
		}
	}
	users := make([]casework.UserID, 0, len(told))
	for _, m := range c.Members {
		if m.Joined && m.User != by && why != casework.Declined {
			l.row(l.key("told", string(m.User)), c.Code, intent{Notice: command.Notice{Act: tellErased, User: m.User, Subject: string(why)}})
		}
		users = append(users, m.User)
	}
	for user := range told {
		users = append(users, user)
	}
	slices.Sort(users)
	for _, user := range slices.Compact(users) {
		l.private(user, told[user])
	}
	return l.rows, l.err
}

// leaving gathers the rows of an erased case.
type leaving struct {
	c    *casework.Case
	sign signer
	now  time.Time
	rows []storage.Row
	err  error
}

func (l *leaving) key(what ...string) string {
	return string(l.c.Code) + "/erased/" + l.sign.tag(what...)
}

func (l *leaving) row(key string, code casework.Code, in intent) {
	body, err := json.Marshal(in)
	l.err = errors.Join(l.err, err)
	l.rows = append(l.rows, storage.Row{Key: key, Case: code, Body: body, After: l.now})
}

// standing gives every message that was ever shown of the case and not emptied
// since: those of its channel, and those of each user.
func (l *leaving) standing() (posts []casework.Shown, told map[casework.UserID][]casework.Shown) {
	told = map[casework.UserID][]casework.Shown{}
	emptied, found := map[casework.MessageRef]bool{}, map[string]bool{}
	var shown []casework.Shown
	if l.c.Channel != "" {
		// The pinned card comes back by itself after it was emptied.
		posts = append(posts, homeOf(l.c))
	}
	for _, former := range l.c.Former {
		for _, post := range former.Posts {
			if post.Home {
				post.Key = homeKey(l.c)
				posts = append(posts, post)
			}
		}
	}
	for _, e := range l.c.History() {
		switch f := e.Fact.(type) {
		case casework.Shown:
			if !f.Home {
				shown = append(shown, f)
			}
			delete(emptied, f.Message)
			found[place(f)] = f.Message != ""
		case casework.Withheld:
			for _, m := range f.Messages {
				emptied[m] = true
			}
			for _, s := range shown {
				if s.Message == "" && slices.Contains(f.Keys, s.Key) {
					found[place(s)] = true
				}
			}
		}
	}
	for _, s := range shown {
		if s.Message == "" && found[place(s)] || emptied[s.Message] {
			continue // it was found since, or is emptied
		}
		if s.Message != "" {
			emptied[s.Message] = true // each is emptied once
		} else {
			found[place(s)] = true
		}
		if s.User != "" {
			told[s.User] = append(told[s.User], s)
		} else {
			posts = append(posts, s)
		}
	}
	return posts, told
}

// place names a message by its key and where it was sent.
func place(s casework.Shown) string {
	if s.User != "" {
		return s.Key + " " + string(s.User)
	}
	return s.Key + " " + string(s.Channel)
}

// private has what a user was told put away: messages about the case alone are
// emptied; a bundle, which may tell of other cases, is brought up to date, and so
// are digests.
func (l *leaving) private(user casework.UserID, told []casework.Shown) {
	box := mailboxOf(l.sign, user)
	var posts []casework.Shown
	for _, s := range told {
		if command.IsReminder(s.View) {
			l.row(l.key("bundle", s.Key), box, intent{Notice: command.Notice{Act: refreshBundle, Subject: s.Key}})
		} else {
			posts = append(posts, s)
		}
	}
	if len(posts) > 0 {
		l.row(l.key("private", string(user)), l.c.Code, intent{Notice: command.Notice{Act: putAway}, Remnant: &remnant{User: user, Posts: posts}})
	}
	l.row(l.key("digests", string(user)), box, intent{Notice: command.Notice{Act: refreshDigests}})
}

// putAway empties what is left in one place and, if that is the case's channel, has
// everybody leave it and archives it. All of it is tried again until all is done;
// what the platform will never do stays for whoever runs the service.
func (o *Outbox) putAway(ctx context.Context, left *remnant) (result, error) {
	if left == nil {
		return stuck(whyForeign), nil
	}
	if left.Channel != "" {
		if closed, err := o.closed(ctx, left.Channel); closed || err != nil {
			return settled(storage.Moot), err
		}
	}
	refused := false
	done := func(what string, err error) error {
		refused = refused || errors.Is(err, chat.ErrRefused)
		if err == nil || errors.Is(err, chat.ErrRefused) || errors.Is(err, chat.ErrNotFound) {
			return nil
		}
		return fmt.Errorf("%s: %w", what, err)
	}
	for _, post := range left.Posts {
		if err := done("empty a message", o.erase(ctx, post)); err != nil {
			return result{}, err
		}
	}
	for _, user := range left.Members {
		if err := done("remove from a channel", o.platform.Remove(ctx, left.Channel, user)); err != nil {
			return result{}, err
		}
	}
	if left.Channel != "" {
		if err := done("archive a channel", o.platform.Archive(ctx, left.Channel)); err != nil {
			return result{}, err
		}
	}
	if refused {
		o.log.Error("outbox: something of an erased case could not be put away")
		return stuck(whyRefused), nil
	}
	return settled(storage.Done), nil
}

// erase takes from a message all that it said, files included.
func (o *Outbox) erase(ctx context.Context, post casework.Shown) error {
	lang := o.lang
	if post.User != "" {
		lang = o.people.reader(ctx, post.User).Lang
	}
	out := again(post)
	out.View, out.Subject, out.Message = erasedView, "", chat.Message{Text: o.say(lang).T("erased.withheld")}
	return o.overwrite(ctx, out)
}

// erased tells a member that a case is no more.
func (o *Outbox) erased(ctx context.Context, row storage.Row, n intent) (result, error) {
	say := o.say(o.people.reader(ctx, n.User).Lang)
	cleared, _, err := o.gate.Clear(ctx, chat.Outgoing{
		Key: row.Key, User: n.User, Again: row.Tries > 0, View: erasedView,
		Message: chat.Message{Text: say.T("erased."+n.Subject, locales.Args{"Code": row.Case}) + " " + say.T("erased.next")},
	})
	if err != nil {
		return result{}, err
	}
	if _, err := o.platform.Send(ctx, cleared); errors.Is(err, chat.ErrNotFound) {
		return settled(storage.Moot), nil // an account that is no more
	} else if err != nil {
		return result{}, fmt.Errorf("send: %w", err)
	}
	return settled(storage.Done), nil
}
