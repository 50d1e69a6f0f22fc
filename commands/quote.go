package commands

import (
	"maps"
	"strings"

	"parcours/bot/chat"
	"parcours/bot/command"
	"parcours/casework"
)

// quoting is the field that names a message of the channel, whose text is to be
// the answer to another field.
const quoting = "from"

// quotes reports whether a message is still to be read for a field.
func quotes(r command.Request, field string) bool {
	return strings.TrimSpace(r.Text(quoting)) != "" && strings.TrimSpace(r.Text(field)) == ""
}

// from adds the field that names a message to be read for another field. Until it
// is read nothing else is asked.
func (q *questionnaire) from(r command.Request, field string) {
	if quotes(r, field) {
		q.fields = nil
	}
	q.text(quoting, optional)
}

// quote asks fields, with the text of the message named as the answer to one of
// them: its beginning, if it is long.
func quote(r command.Request, fields func(command.Request) []chat.Field, field string) (command.Response, error) {
	text, err := r.Quote(r.Text(quoting))
	if err != nil {
		return command.Response{}, err
	}
	r.Values = maps.Clone(r.Values)
	r.Values[field] = []string{cut(strings.Join(strings.Fields(text), " "), casework.LineMax)}
	asked := fields(r)
	for i := range asked {
		if f, ok := asked[i].(chat.Text); ok && f.ID == field {
			f.Default = r.Values[field]
			asked[i] = f
		}
	}
	return command.Response{Ask: asked}, nil
}
