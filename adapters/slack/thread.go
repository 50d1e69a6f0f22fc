package slack

import (
	"bytes"
	"context"
	"fmt"

	"github.com/slack-go/slack"

	"parcours/bot/chat"
)

// A thread is what the bot has put under one of its messages.
type thread struct {
	// parts are the messages by which it goes on, by number from 1.
	parts map[int]string
	files []sharedFile
}

// A sharedFile is a file in a thread, with the message that shows it.
type sharedFile struct{ name, id, message string }

// threadOf gives what the bot has put under its message.
func (a *Adapter) threadOf(ctx context.Context, channel, id string) (thread, error) {
	me, err := a.me(ctx)
	if err != nil {
		return thread{}, err
	}
	t := thread{parts: map[int]string{}}
	cursor := ""
	for {
		found, _, next, err := a.client.GetConversationRepliesContext(ctx, &slack.GetConversationRepliesParameters{
			ChannelID: channel, Timestamp: id, Cursor: cursor, Limit: page, IncludeAllMetadata: true,
		})
		if err != nil {
			return thread{}, failure("thread", err)
		}
		for _, m := range found {
			if m.Timestamp == id || !isOurs(m, me) {
				continue
			}
			if n := partOf(m); n > 0 {
				t.parts[n] = m.Timestamp
			}
			for _, f := range m.Files {
				t.files = append(t.files, sharedFile{name: f.Name, id: f.ID, message: m.Timestamp})
			}
		}
		if next == "" {
			return t, nil
		}
		cursor = next
	}
}

// goOn puts what a message has no room for in its thread, and takes away what is too
// much there.
func (a *Adapter) goOn(ctx context.Context, channel, id, key string, m chat.Message, more [][]slack.Block, t thread) error {
	for i, blocks := range more {
		n := i + 1
		how := shown(m, blocks, metadata(key, nil, n))
		var err error
		if there, ok := t.parts[n]; ok {
			_, _, _, err = a.client.UpdateMessageContext(ctx, channel, there, how...)
		} else {
			_, _, err = a.client.PostMessageContext(ctx, channel, append(how, slack.MsgOptionTS(id))...)
		}
		if err != nil {
			return failure("go on", err)
		}
	}
	for n, there := range t.parts {
		if n > len(more) {
			if err := a.erase(ctx, channel, there); err != nil {
				return err
			}
		}
	}
	return nil
}

// attach puts in the thread of a message the files that it has and that are not there
// yet. Slack takes no key with a file, but the files of one message have each their
// name.
func (a *Adapter) attach(ctx context.Context, channel, id string, files []chat.File, t thread) error {
	there := map[string]bool{}
	for _, f := range t.files {
		there[f.name] = true
	}
	for _, f := range files {
		if f.Link != "" || there[f.Name] {
			continue
		}
		_, err := a.client.UploadFileContext(ctx, slack.UploadFileParameters{
			Reader: bytes.NewReader(f.Body), FileSize: len(f.Body), Filename: f.Name, Title: f.Name, Channel: channel, ThreadTimestamp: id,
		})
		if err != nil {
			return failure("upload", err)
		}
	}
	return nil
}

// strip destroys files, and takes away the messages that showed them.
func (a *Adapter) strip(ctx context.Context, channel string, files []sharedFile) error {
	for _, f := range files {
		err := a.client.DeleteFileContext(ctx, f.id)
		switch code := codeOf(err); {
		case err == nil, code == errNoFile, code == errFileGone:
		case code == errNoAccess:
			// To this file, whatever else the bot may: no right mends it.
			return fmt.Errorf("%w: %w", failure("delete a file", err), chat.ErrRefused)
		default:
			return failure("delete a file", err)
		}
		if err := a.erase(ctx, channel, f.message); err != nil {
			return err
		}
	}
	return nil
}

// erase takes a message of the bot away.
func (a *Adapter) erase(ctx context.Context, channel, id string) error {
	_, _, err := a.client.DeleteMessageContext(ctx, channel, id)
	if err != nil && codeOf(err) != errNoMessage {
		return failure("delete a message", err)
	}
	return nil
}
