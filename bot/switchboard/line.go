package switchboard

import (
	"strings"

	"parcours/bot/chat"
	"parcours/casework"
)

// A Line is one chat of several.
type Line struct {
	chat.Surface
	Platform chat.Platform
	// Bare: its ids bear no name. One line at most is bare.
	Bare bool
}

// mark stands between the name of a line and an id of its chat.
const mark = ":"

// named gives an id of the line's chat as the bot knows it; nothing stays nothing.
func named[ID ~string](l Line, id ID) ID {
	// An id that bears a mark by itself is never taken for one of another line.
	if id == "" || l.Bare && !strings.Contains(string(id), mark) {
		return id
	}
	return ID(l.Name+mark) + id
}

// plain gives an id as the line's chat knows it; one of another line stays as it is,
// which no chat knows.
func plain[ID ~string](l Line, id ID) ID {
	own, _ := strings.CutPrefix(string(id), l.Name+mark)
	return ID(own)
}

// sent gives where a message stands as the bot knows it.
func (l Line) sent(at chat.Sent) chat.Sent {
	return chat.Sent{Channel: named(l, at.Channel), Message: named(l, at.Message)}
}

// account gives somebody as the bot knows them.
func (l Line) account(a chat.Account) chat.Account {
	a.ID = named(l, a.ID)
	return a
}

// outward gives a cleared message as the line's chat knows whom it is for.
func (l Line) outward(m chat.Cleared) chat.Cleared {
	return chat.Readdressed(m,
		func(id casework.ChannelID) casework.ChannelID { return plain(l, id) },
		func(id casework.UserID) casework.UserID { return plain(l, id) },
		func(id casework.MessageRef) casework.MessageRef { return plain(l, id) })
}

// answer gives an answer as the line's chat knows whom it is for.
func (l Line) answer(a chat.Answer) chat.Answer {
	a.Say = l.outward(a.Say)
	a.Form = chat.ReaddressedForm(a.Form, func(id casework.UserID) casework.UserID { return plain(l, id) })
	return a
}
