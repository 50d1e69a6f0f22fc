package bot

import (
	"context"
	"slices"
	"strings"
	"time"

	"parcours/bot/chat"
	"parcours/bot/command"
	"parcours/bot/wording"
	"parcours/locales"
)

// newGuard gives the guard of free texts.
func newGuard() wording.Guard {
	return wording.New(locales.Vocabulary(locales.Diagnoses), locales.Vocabulary(locales.Places), locales.Vocabulary(locales.Nobody))
}

// reread has the author look again at a decision before it is written: when one of
// its free texts seems to hold what is better left out, the form is shown with what
// was given and found, asked is true and nothing is written. The same text sent
// from there is written.
func (r *Router) reread(ctx context.Context, u *use, request command.Request, response command.Response) (asked bool, err error) {
	if u.Form == "" || len(response.Record) == 0 {
		return false, nil
	}
	said := nameable(u, request)
	found := r.found(u.fields, request.Values, said)
	if request.Case != nil && slices.ContainsFunc(slices.Concat(found...), isOfName) {
		// The members' accounts are looked up only when they can matter.
		for _, m := range request.Case.Members {
			said = append(said, r.people.account(ctx, m.User).Name)
		}
		found = r.found(u.fields, request.Values, said)
	}
	fields, tags := slices.Clone(u.fields), []string(nil)
	for i, field := range u.fields {
		if len(found[i]) == 0 {
			continue
		}
		text := request.Values.Get(field.About().ID)
		tag := r.sign.tag("reread", field.About().ID, text)
		if tags = append(tags, tag); !slices.Contains(u.ticket.Reread, tag) {
			fields[i], asked = hinted(field, warning(request.Say, text, found[i])), true
		}
	}
	if !asked {
		return false, nil
	}
	u.ticket.Reread, u.ticket.Once = tags, u.once
	u.fields, u.raw = fields, shown(fields, request.Values)
	return true, r.ask(ctx, u, request.Case, request.Say.T("wording.intro"))
}

func isOfName(f wording.Finding) bool { return f.Kind == wording.Name }

// found gives what each field holds that is better left out: free text alone, and
// not what the form already showed as it stands in the case. A field made to name
// people may do so.
func (r *Router) found(fields []chat.Field, values chat.Values, said []string) [][]wording.Finding {
	known := wording.Knowing(said...)
	all := make([][]wording.Finding, len(fields))
	for i, field := range fields {
		switch field.(type) {
		case chat.Text, chat.Area:
		default:
			continue
		}
		about := field.About()
		text := values.Get(about.ID)
		if text == about.Value() {
			continue
		}
		all[i] = r.guard.Check(text, known)
		if about.Naming {
			all[i] = slices.DeleteFunc(all[i], func(f wording.Finding) bool {
				return isOfName(f) || f.Kind == wording.Email || f.Kind == wording.Phone
			})
		}
	}
	return all
}

// nameable gives the people, the services and the places that a decision may speak
// of: those of the case, whoever decides, and whom it names where that is asked.
func nameable(u *use, request command.Request) []string {
	said := []string{request.Asker.Name}
	for _, field := range u.fields {
		if field.About().Naming {
			said = append(said, request.List(field.About().ID)...)
		}
	}
	c := request.Case
	if c == nil {
		return said
	}
	said = append(said, c.Person)
	for _, p := range c.Professionals {
		said = append(said, p.Name, p.FirstName, p.Service, p.Address, p.Beneficiary, p.Email, p.Phone)
	}
	for _, p := range c.Relatives {
		// A name that is passed over in silence is one that its writer may know.
		if c.Covers(request.Asker.ID, p.Topic(), request.Now) {
			said = append(said, p.LastName, p.FirstName, p.Address, p.Email, p.Phone, p.Phone2)
		}
	}
	for _, m := range c.Commissions {
		said = append(said, m.Place)
	}
	return said
}

// warning says what a text seems to hold, in the room of a hint: with the words of
// it that are not seen at once, if they fit.
func warning(say locales.Printer, text string, found []wording.Finding) string {
	var kinds []wording.Kind
	words := map[wording.Kind][]string{}
	for _, f := range found {
		if words[f.Kind] == nil {
			kinds = append(kinds, f.Kind)
		}
		words[f.Kind] = append(words[f.Kind], text[f.Start:f.End])
	}
	var bare, quoted []string
	for _, kind := range kinds {
		what := say.T("wording.kind." + string(kind))
		bare = append(bare, what)
		if kind == wording.Name || kind == wording.Diagnosis {
			what = say.T("wording.quoted", locales.Args{"What": what, "Words": strings.Join(words[kind], ", ")})
		}
		quoted = append(quoted, what)
	}
	whole := func(what []string) string {
		return say.T("wording.found", locales.Args{"What": strings.Join(what, ", ")})
	}
	if said := whole(quoted); len(said) <= chat.HintBytes {
		return said
	}
	for len(bare) > 1 && len(whole(bare)) > chat.HintBytes {
		bare = bare[:len(bare)-1]
	}
	return whole(bare)
}

// hinted gives a field of text with another hint.
func hinted(field chat.Field, hint string) chat.Field {
	switch f := field.(type) {
	case chat.Text:
		f.Hint = hint
		return f
	case chat.Area:
		f.Hint = hint
		return f
	}
	return field
}

// shown gives bound values as they would be submitted.
func shown(fields []chat.Field, values chat.Values) chat.Values {
	given := chat.Values{}
	for _, field := range fields {
		id := field.About().ID
		given[id] = slices.Clone(values[id])
		if f, ok := field.(chat.Date); ok && f.Time {
			for i, text := range given[id] {
				if at, err := time.Parse(time.RFC3339, text); err == nil {
					given[id][i] = at.Format(momentForm)
				}
			}
		}
	}
	return given
}

// momentForm is how a day and an hour are submitted.
const momentForm = "2006-01-02 15:04"
