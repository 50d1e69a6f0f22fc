package mattermost

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
)

// seal proves that this package made what comes back through the server.
type seal struct{ key []byte }

// of seals some words for a purpose.
func (s seal) of(purpose string, words ...string) string {
	h := hmac.New(sha256.New, s.key)
	for _, word := range append([]string{"mattermost", purpose}, words...) {
		// With their lengths, no two lists of words read the same.
		fmt.Fprintf(h, "%d %s", len(word), word)
	}
	return hex.EncodeToString(h.Sum(nil))
}

func (s seal) is(given, purpose string, words ...string) bool {
	return hmac.Equal([]byte(given), []byte(s.of(purpose, words...)))
}

// Where a button stands. One on a post is believed if the post is the bot's and
// bears it; one on an answer, which no server keeps, is sealed for who reads it;
// and one of a form opens what waits for its user.
const (
	onPost   = "post"
	onAnswer = "answer"
	onForm   = "form"
)

// A ticket is what the server keeps with a button, hidden from people, and gives
// back when it is pressed.
type ticket struct {
	Kind   string `json:"kind"`
	Button string `json:"button"`
	Token  string `json:"token"`
	Seal   string `json:"seal"`
}

// ticket makes the ticket of a button. An answer is for one user alone.
func (s seal) ticket(kind, button, token, user, channel string) map[string]any {
	if kind == onPost {
		user = ""
	}
	return map[string]any{
		"kind": kind, "button": button, "token": token,
		"seal": s.of("button", kind, button, token, user, channel),
	}
}

// holds says whether the ticket was made for this user and channel.
func (s seal) holds(t ticket, user, channel string) bool {
	if t.Kind == onPost {
		user = ""
	}
	return s.is(t.Seal, "button", t.Kind, t.Button, t.Token, user, channel)
}

// mark is what a post shows of a token it bears: enough to know it again.
func (s seal) mark(button, token string) string { return s.of("mark", button, token)[:32] }
