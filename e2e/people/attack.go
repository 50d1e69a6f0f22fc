package people

import (
	"context"

	"github.com/mattermost/mattermost/server/public/model"
)

// Trap posts a message with a button of one's own that calls url with a context.
func (p *Person) Trap(ctx context.Context, channel, url string, with map[string]any) (*model.Post, error) {
	post := &model.Post{ChannelId: channel, Message: "cliquez"}
	post.SetProps(model.StringInterface{model.PostPropsAttachments: []*model.MessageAttachment{{
		Text: "x", Actions: []*model.PostAction{{
			Id: "trap", Type: model.PostActionTypeButton, Name: "Fait", Integration: &model.PostActionIntegration{URL: url, Context: with},
		}},
	}}})
	made, _, err := p.CreatePost(ctx, post)
	return made, err
}
