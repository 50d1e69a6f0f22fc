package people

import (
	"context"
	"fmt"
	"html"
	"regexp"
	"slices"
	"strings"

	"github.com/mattermost/mattermost/server/public/model"
)

var escaped = regexp.MustCompile("\\\\([\\\\`*_~\\[\\]|!#+\\-.)])")

// Text gives all that a post shows, as it reads on the screen.
func Text(post *model.Post) string {
	lines := []string{post.Message}
	for _, a := range post.Attachments() {
		lines = append(lines, a.Title, a.Text)
		for _, f := range a.Fields {
			lines = append(lines, f.Title, fmt.Sprint(f.Value))
		}
		for _, action := range a.Actions {
			lines = append(lines, "["+action.Name+"]")
		}
		lines = append(lines, a.Footer)
	}
	lines = slices.DeleteFunc(lines, func(l string) bool { return l == "" })
	text := strings.ReplaceAll(strings.Join(lines, "\n"), "**", "")
	return html.UnescapeString(escaped.ReplaceAllString(strings.ReplaceAll(text, "\u2060", ""), "$1"))
}

// Files gives the names of the files that go with a post.
func Files(post *model.Post) []string {
	if post.Metadata == nil {
		return nil
	}
	var names []string
	for _, file := range post.Metadata.Files {
		names = append(names, file.Name)
	}
	return names
}

// Posts gives what this person can read in a channel, oldest first, without the
// server's own messages.
func (p *Person) Posts(ctx context.Context, channel string) ([]*model.Post, error) {
	list, resp, err := p.GetPostsForChannel(ctx, channel, 0, 200, "", false, false)
	if err != nil {
		return nil, fmt.Errorf("@%s reads a channel: status %d: %w", p.Handle, statusOf(resp), err)
	}
	var posts []*model.Post
	for _, id := range list.Order {
		if !strings.HasPrefix(list.Posts[id].Type, model.PostSystemMessagePrefix) {
			posts = append(posts, list.Posts[id])
		}
	}
	slices.Reverse(posts)
	return posts, nil
}

// Channels gives the channels this person is in, conversations included, with
// those that were archived.
func (p *Person) Channels(ctx context.Context) ([]*model.Channel, error) {
	channels, _, err := p.GetChannelsForTeamForUser(ctx, p.Team, p.User.Id, true, "")
	if err != nil {
		return nil, fmt.Errorf("@%s lists channels: %w", p.Handle, err)
	}
	return channels, nil
}
