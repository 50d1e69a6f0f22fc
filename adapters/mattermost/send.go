package mattermost

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"time"

	"github.com/mattermost/mattermost/server/public/model"

	"parcours/bot/chat"
	"parcours/casework"
)

const (
	// page is how many posts or members are asked for at a time.
	page = 200
	// lookBack is how many posts of a channel are looked through for a key.
	lookBack = 50 * page
)

// Send delivers a message, or changes one in place. With Again or Seek set it
// looks for the key among the bot's posts there first, as far back as 10 000 posts. It
// returns chat.ErrNotFound for an unknown channel, user or message;
// chat.ErrRefused for what was not let through, breaks a limit, says not exactly
// one place or lacks a key, for an archived channel and where the bot may not
// write; a chat.RetryError when the server asks for patience.
func (a *Adapter) Send(ctx context.Context, message chat.Cleared) (chat.Sent, error) {
	out, ok := message.Value()
	switch {
	case !ok:
		return chat.Sent{}, fmt.Errorf("mattermost: a message that nobody let through: %w", chat.ErrRefused)
	case out.Key == "" && out.Edit == "":
		return chat.Sent{}, fmt.Errorf("mattermost: a message without a key: %w", chat.ErrRefused)
	case (out.Channel == "") == (out.User == ""):
		return chat.Sent{}, fmt.Errorf("mattermost: a message goes to a channel or to a user: %w", chat.ErrRefused)
	}
	if err := out.Message.Validate(); err != nil {
		return chat.Sent{}, fmt.Errorf("mattermost: %w: %w", err, chat.ErrRefused)
	}
	me, err := a.me(ctx)
	if err != nil {
		return chat.Sent{}, err
	}
	if out.User == "" {
		return a.deliver(ctx, string(out.Channel), string(me), out)
	}
	channel, err := a.direct(ctx, string(out.User))
	if err != nil {
		return chat.Sent{}, err
	}
	sent, err := a.deliver(ctx, channel, string(me), out)
	return sent, a.admitted(string(out.User), err)
}

// deliver delivers a message to a channel, or changes one there.
func (a *Adapter) deliver(ctx context.Context, channel, me string, out chat.Outgoing) (chat.Sent, error) {
	if out.Edit != "" {
		return a.edit(ctx, channel, string(out.Edit), out)
	}
	if out.Again || out.Seek {
		found, err := a.find(ctx, channel, me, out.Key)
		if err != nil {
			return chat.Sent{}, err
		}
		if found != "" {
			// It may have been left half done.
			return a.edit(ctx, channel, found, out)
		}
	}
	if out.Seek {
		return chat.Sent{}, fmt.Errorf("mattermost: the message of a key: %w", chat.ErrNotFound)
	}
	return a.post(ctx, channel, me, out)
}

func (a *Adapter) edit(ctx context.Context, channel, id string, out chat.Outgoing) (chat.Sent, error) {
	me, err := a.me(ctx)
	if err != nil {
		return chat.Sent{}, err
	}
	if !model.IsValidId(id) {
		return chat.Sent{}, fmt.Errorf("mattermost: edit: %w", chat.ErrNotFound)
	}
	old, resp, err := a.client.GetPost(ctx, id, "")
	if err != nil {
		return chat.Sent{}, failure("edit", resp, err)
	}
	if old.UserId != string(me) || old.ChannelId != channel || old.DeleteAt != 0 {
		return chat.Sent{}, fmt.Errorf("mattermost: edit: the post is another's or elsewhere: %w", chat.ErrNotFound)
	}
	key := out.Key
	if key == "" {
		key, _ = old.GetProp(propKey).(string)
	}
	said, props := text(out.Message), a.props(key, out.Message, channel)
	if len(out.Keys) > 0 {
		props[propKeys] = out.Keys
	} else if held := old.GetProp(propKeys); held != nil {
		props[propKeys] = held
	}
	patch := &model.PostPatch{Message: &said, Props: &props}
	if out.Pin {
		patch.IsPinned = &out.Pin
	}
	strip := len(old.FileIds) > 0 && len(out.Message.Files) == 0
	if strip {
		patch.FileIds = &model.StringArray{}
	}
	if _, resp, err = a.client.PatchPost(ctx, id, patch); err != nil {
		return chat.Sent{}, failure("edit", resp, err)
	}
	if strip {
		if err := a.stripped(ctx, id); err != nil {
			return chat.Sent{}, err
		}
	}
	return chat.Sent{Channel: casework.ChannelID(channel), Message: casework.MessageRef(id)}, nil
}

func (a *Adapter) post(ctx context.Context, channel, me string, out chat.Outgoing) (chat.Sent, error) {
	post := &model.Post{
		ChannelId: channel, Message: text(out.Message), IsPinned: out.Pin,
		// The same for every try, so that the server itself knows a second one
		// that comes at once; nobody else can guess it.
		PendingPostId: a.seal.of("pending", channel, out.Key)[:52],
	}
	props := a.props(out.Key, out.Message, channel)
	if len(out.Keys) > 0 {
		props[propKeys] = out.Keys
	}
	post.SetProps(props)
	var err error
	if post.FileIds, err = a.upload(ctx, channel, out.Message.Files); err != nil {
		return chat.Sent{}, err
	}
	made, resp, err := a.client.CreatePost(ctx, post)
	if err != nil {
		if errorID(err) == errPending {
			return chat.Sent{}, fmt.Errorf("mattermost: post: the first try is still under way: %s", errPending)
		}
		return chat.Sent{}, failure("post", resp, err)
	}
	if key, _ := made.GetProp(propKey).(string); made.UserId != me || made.ChannelId != channel || key != out.Key {
		return chat.Sent{}, errors.New("mattermost: post: the server gave somebody else's post")
	}
	return chat.Sent{Channel: casework.ChannelID(channel), Message: casework.MessageRef(made.Id)}, nil
}

// find gives the bot's post of a key in a channel, or nothing.
func (a *Adapter) find(ctx context.Context, channel, me, key string) (id string, err error) {
	is := func(p *model.Post) bool {
		found, _ := p.GetProp(propKey).(string)
		return found == key && standing(p, channel, me)
	}
	pinned, resp, err := a.client.GetPinnedPosts(ctx, channel, "")
	if err != nil {
		return "", failure("look for a post", resp, err)
	}
	for _, p := range pinned.Posts {
		if is(p) {
			return p.Id, nil
		}
	}
	err = a.walk(ctx, channel, func(p *model.Post) bool {
		if is(p) {
			id = p.Id
		}
		return id == ""
	})
	return id, err
}

// standing reports a post of the bot that stands in a channel.
func standing(p *model.Post, channel, me string) bool {
	return p.UserId == me && p.ChannelId == channel && p.DeleteAt == 0
}

// walk gives the posts of a channel to each, latest first, as long as it asks for
// more.
func (a *Adapter) walk(ctx context.Context, channel string, each func(*model.Post) (more bool)) error {
	before := ""
	for range lookBack / page {
		var posts *model.PostList
		var resp *model.Response
		var err error
		if before == "" {
			posts, resp, err = a.client.GetPostsForChannel(ctx, channel, 0, page, "", false, false)
		} else {
			posts, resp, err = a.client.GetPostsBefore(ctx, channel, before, 0, page, "", false, false)
		}
		if err != nil {
			if resp != nil && resp.StatusCode == http.StatusNotFound && before != "" {
				return nil
			}
			return failure("look for a post", resp, err)
		}
		for _, id := range posts.Order {
			if !each(posts.Posts[id]) {
				return nil
			}
		}
		if len(posts.Order) < page {
			return nil
		}
		before = posts.Order[len(posts.Order)-1]
	}
	return nil
}

var _ chat.Finder = (*Adapter)(nil)

// Find gives where the bot's posts of these keys stand in the conversation with a
// user, as far back as since, and at most 10 000 posts. Errors: those of Send.
func (a *Adapter) Find(ctx context.Context, user casework.UserID, keys []string, since time.Time) (map[string]chat.Sent, error) {
	me, err := a.me(ctx)
	if err != nil {
		return nil, err
	}
	channel, err := a.direct(ctx, string(user))
	if err != nil {
		return nil, err
	}
	found := map[string]chat.Sent{}
	err = a.walk(ctx, channel, func(p *model.Post) bool {
		if p.CreateAt < since.UnixMilli() {
			return false
		}
		if standing(p, channel, string(me)) {
			for _, key := range keysOf(p) {
				if slices.Contains(keys, key) {
					found[key] = chat.Sent{Channel: casework.ChannelID(channel), Message: casework.MessageRef(p.Id)}
				}
			}
		}
		return true
	})
	return found, a.admitted(string(user), err)
}

// keysOf gives the key of a post and those of what it holds.
func keysOf(p *model.Post) []string {
	key, _ := p.GetProp(propKey).(string)
	keys := []string{key}
	held, _ := p.GetProp(propKeys).([]any)
	for _, one := range held {
		if key, ok := one.(string); ok {
			keys = append(keys, key)
		}
	}
	return keys
}
