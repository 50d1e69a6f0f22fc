package bot

import (
	"context"
	"encoding/json"

	"parcours/bot/command"
	"parcours/storage"
)

// givenUp gives up a row that the platform refuses for good. Where somebody is to do by
// hand what it asked for, whoever takes over in the case is told so, once for what one
// decision asked; the gate, which asks who is there, keeps the channel silent meanwhile.
func (o *Outbox) givenUp(ctx context.Context, row storage.Row) result {
	r := stuck(whyRefused)
	var n intent
	if err := json.Unmarshal(row.Body, &n); err != nil || !byHand(n.Act) {
		return r
	}
	c, err := o.journals.load(ctx, row.Case)
	if err != nil {
		o.log.Error("outbox: nobody is told of a refusal", "key", row.Key, "err", err)
		return r
	}
	what, to := string(n.Act), c.Heir(o.now())
	switch {
	case n.Act == retireChannel, c.Ended():
		what = string(command.Archive)
	case n.User != "":
		what += " " + string(n.User)
	}
	if c.Ended() || to == n.User {
		to = c.Author
	}
	tell := intent{Decision: n.Decision, Notice: command.Notice{Act: command.Tell, View: command.RefusedView, Subject: what, User: to}}
	told, err := o.journals.row(tell, row.Key+"/refused", c.Code)
	if err != nil {
		o.log.Error("outbox: nobody is told of a refusal", "key", row.Key, "err", err)
		return r
	}
	r.c, r.quiet, r.extra = c, true, []storage.Row{told}
	return r
}

// byHand reports whether people can do an act in the bot's place: it is about a channel
// and who is in it.
func byHand(act command.Act) bool {
	switch act {
	case command.Open, command.Add, command.Remove, command.Archive, retireChannel:
		return true
	}
	return false
}
