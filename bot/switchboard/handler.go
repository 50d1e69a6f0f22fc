package switchboard

import (
	"context"

	"parcours/bot/chat"
)

// Handler gives what answers the people of one line, by a name that New was given.
func (s Switchboard) Handler(name string, bot chat.Handler) chat.Handler {
	l, err := s.line(name + mark)
	if err != nil {
		panic("switchboard: " + name + " is not a line")
	}
	if shelf, able := bot.(chat.Shelf); able {
		return lending{handler{l, bot}, shelf}
	}
	return handler{l, bot}
}

// handler has the bot answer the people of one line.
type handler struct {
	line Line
	bot  chat.Handler
}

// lending is a handler that gives files to those who follow a link too.
type lending struct {
	handler
	chat.Shelf
}

func (h handler) Command(ctx context.Context, c chat.Command) chat.Answer {
	c.User, c.Channel = named(h.line, c.User), named(h.line, c.Channel)
	return h.line.answer(h.bot.Command(ctx, c))
}

func (h handler) Submit(ctx context.Context, s chat.Submission) chat.Answer {
	s.User, s.Channel = named(h.line, s.User), named(h.line, s.Channel)
	return h.line.answer(h.bot.Submit(ctx, s))
}

func (h handler) Press(ctx context.Context, p chat.Press) chat.Answer {
	p.User, p.Channel, p.Message = named(h.line, p.User), named(h.line, p.Channel), named(h.line, p.Message)
	return h.line.answer(h.bot.Press(ctx, p))
}

func (h handler) Moved(ctx context.Context, m chat.Move) {
	m.User, m.Channel = named(h.line, m.User), named(h.line, m.Channel)
	h.bot.Moved(ctx, m)
}
