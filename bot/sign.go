package bot

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"parcours/bot/chat"
	"parcours/casework"
)

// formLife is how long a form may stay open.
const formLife = 30 * time.Minute

var errForged = errors.New("bot: the token is not ours, or not for this")

// A ticket is what travels through the platform with a form or a button, sealed,
// and comes back with what the user did.
type ticket struct {
	// Verb is the command of a form; empty for a button and its form.
	Verb    string        `json:"v,omitempty"`
	Button  string        `json:"b,omitempty"`
	Case    casework.Code `json:"c,omitempty"`
	Subject string        `json:"s,omitempty"`
	// View is what a button shows of the subject; to User alone, if it says one.
	View string `json:"w,omitempty"`
	// The rest binds a form to one user, one place, one time and one use.
	Form    string             `json:"f,omitempty"`
	User    casework.UserID    `json:"u,omitempty"`
	Channel casework.ChannelID `json:"h,omitempty"`
	Until   int64              `json:"x,omitempty"`
	Once    string             `json:"n,omitempty"`
	// Entry and At say by which entry of its journal, and when that was written, the
	// case was as a button shows it.
	Entry uint64 `json:"e,omitempty"`
	At    int64  `json:"t,omitempty"`
	// Reread tells the texts that the author was asked to look at again, each by a
	// tag.
	Reread []string `json:"r,omitempty"`
}

// seen notes how far the journal went when the ticket was made.
func (t *ticket) seen(c *casework.Case) {
	if history := c.History(); len(history) > 0 {
		last := history[len(history)-1]
		t.Entry, t.At = last.Seq, last.At.UnixMilli()
	}
}

// outlived reports whether the ticket was made of a journal that was lost, an older
// copy having been put back: what it names is perhaps something else by now.
func (t ticket) outlived(c *casework.Case) bool {
	history := c.History()
	return t.Entry > 0 && (t.Entry > uint64(len(history)) || history[t.Entry-1].At.UnixMilli() != t.At)
}

// signer makes and checks tokens. The platform keeps some of them: whoever reads
// one there learns nothing by it.
type signer struct {
	key    []byte
	now    func() time.Time
	random io.Reader
}

// form makes the token of a form for one user in one place. A form that is shown
// again keeps its number.
func (s signer) form(t ticket, user casework.UserID, channel casework.ChannelID) (string, error) {
	if t.Once == "" {
		once, err := s.draw()
		if err != nil {
			return "", err
		}
		t.Once = once
	}
	t.User, t.Channel = user, channel
	t.Until = s.now().Add(formLife).Unix()
	return s.seal(t), nil
}

// draw gives a number that is drawn once.
func (s signer) draw() (string, error) {
	number := make([]byte, 16)
	if _, err := io.ReadFull(s.random, number); err != nil {
		return "", fmt.Errorf("draw a number: %w", err)
	}
	return hex.EncodeToString(number), nil
}

// buttons puts the tokens on a message's buttons, which act on cases.
func (s signer) buttons(m chat.Message, cases ...*casework.Case) chat.Message {
	if m.Card == nil || len(m.Card.Buttons) == 0 {
		return m
	}
	card := *m.Card
	card.Buttons = make([]chat.Button, len(m.Card.Buttons))
	for i, b := range m.Card.Buttons {
		t := ticket{Button: b.ID, Case: b.Case, Subject: b.Subject}
		if c := caseOf(cases, b.Case); c != nil && b.ID != runButton {
			t.seen(c)
		}
		b.Token = s.seal(t)
		card.Buttons[i] = b
	}
	m.Card = &card
	return m
}

// openForm checks that the token was made for this form, user and place, and is
// fresh. Error: errForged; or Expired in a casework.Error.
func (s signer) openForm(in chat.Submission) (ticket, error) {
	t, err := s.open(in.Token)
	switch {
	case err != nil:
		return ticket{}, err
	case t.Once == "" || t.Form != in.Form || t.User != in.User || t.Channel != in.Channel:
		return ticket{}, errForged
	case s.now().Unix() > t.Until:
		return ticket{}, casework.Refuse(expiredForm, "")
	}
	return t, nil
}

// openButton checks that the token was made for this button.
func (s signer) openButton(in chat.Press) (ticket, error) {
	t, err := s.open(in.Token)
	if err != nil || t.Button == "" || t.Button != in.Button || t.Once != "" {
		return ticket{}, errForged
	}
	return t, nil
}

func (s signer) seal(t ticket) string {
	body, err := json.Marshal(t)
	if err != nil {
		panic(err) // strings and a number always encode
	}
	return base64.RawURLEncoding.EncodeToString(s.box().Seal(nil, nil, body, nil))
}

func (s signer) open(token string) (ticket, error) {
	sealed, err := base64.RawURLEncoding.DecodeString(token)
	if err != nil {
		return ticket{}, errForged
	}
	body, err := s.box().Open(nil, nil, sealed, nil)
	if err != nil {
		return ticket{}, errForged
	}
	var t ticket
	if err := json.Unmarshal(body, &t); err != nil {
		return ticket{}, errForged
	}
	return t, nil
}

// box is what tickets are sealed in.
func (s signer) box() cipher.AEAD {
	key, err := hkdf.Expand(sha256.New, s.key, "parcours tickets", 32)
	if err != nil {
		panic(err) // 32 bytes are not too many
	}
	block, err := aes.NewCipher(key)
	if err != nil {
		panic(err) // a key of 32 bytes
	}
	box, err := cipher.NewGCMWithRandomNonce(block)
	if err != nil {
		panic(err) // a block of 16 bytes
	}
	return box
}

func (s signer) mac(text string) []byte {
	h := hmac.New(sha256.New, s.key)
	h.Write([]byte(text))
	return h.Sum(nil)
}

// tag gives a short name for some words, always the same, that tells nothing of
// them: keys are kept in clear and travel through the platform.
func (s signer) tag(words ...string) string {
	return "t" + hex.EncodeToString(s.mac(strings.Join(words, "\x00"))[:10])
}
