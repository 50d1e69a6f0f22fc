package mattermost

import (
	"context"
	"errors"
	"fmt"

	"parcours/bot/chat"
)

// upload hands files to the server for a post in a channel, and gives their ids.
// Until a post bears them nobody learns their ids: those of a try that failed are
// left there, and serve no more.
func (a *Adapter) upload(ctx context.Context, channel string, files []chat.File) ([]string, error) {
	var ids []string
	for _, f := range files {
		made, resp, err := a.client.UploadFile(ctx, f.Body, channel, f.Name)
		if err != nil {
			return nil, failure("upload", resp, err)
		}
		if len(made.FileInfos) != 1 {
			return nil, errors.New("mattermost: upload: the server does not say which file it has")
		}
		ids = append(ids, made.FileInfos[0].Id)
	}
	return ids, nil
}

// stripped makes sure that a post has no files left. A server that keeps them on
// a post which does not name them any more has the post deleted, with its files;
// the error is then chat.ErrNotFound.
func (a *Adapter) stripped(ctx context.Context, id string) error {
	left, resp, err := a.client.GetFileInfosForPost(ctx, id, "")
	if err != nil {
		return failure("files of a post", resp, err)
	}
	if len(left) == 0 {
		return nil
	}
	if resp, err := a.client.DeletePost(ctx, id); err != nil {
		return failure("delete a post", resp, err)
	}
	return fmt.Errorf("mattermost: edit: the post was deleted, as it kept its files: %w", chat.ErrNotFound)
}
