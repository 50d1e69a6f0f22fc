package mattermost

import (
	"context"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/mattermost/mattermost/server/public/model"

	"parcours/bot/chat"
	"parcours/casework"
)

const (
	// fewOptions, and they are all in sight.
	fewOptions = 4
	// partMark parts a field's id from an option's value, where each option is a
	// box of its own. Ids of fields hold no such mark.
	partMark = "."

	dayForm    = "2006-01-02"
	momentForm = "2006-01-02 15:04"
)

// dialog makes a form as this version of the server can show it. The form's
// token travels as its state.
func (a *Adapter) dialog(ctx context.Context, form chat.Form) (model.Dialog, error) {
	d := model.Dialog{
		CallbackId: form.ID, Title: form.Title, IntroductionText: escape(form.Intro),
		SubmitLabel: form.Submit, State: form.Token, Elements: []model.DialogElement{},
	}
	for _, field := range form.Fields {
		elements, err := a.elements(ctx, field)
		if err != nil {
			return model.Dialog{}, fmt.Errorf("mattermost: form %s: %w", form.ID, err)
		}
		d.Elements = append(d.Elements, elements...)
	}
	return d, nil
}

// elements asks one question: by one element, or by a box for each option where
// the server knows no better.
func (a *Adapter) elements(ctx context.Context, field chat.Field) ([]model.DialogElement, error) {
	base := field.About()
	e := model.DialogElement{
		Name: base.ID, DisplayName: base.Label, HelpText: base.Hint, Optional: !base.Required, Default: base.Value(),
	}
	switch f := field.(type) {
	case chat.Text:
		e.Type, e.MaxLength = "text", casework.LineMax
		if len(e.Default) > model.DialogElementTextMaxLength {
			e.Type = "textarea"
		}
	case chat.Area:
		e.Type, e.MaxLength = "textarea", casework.AreaMax
	case chat.Number:
		e.Type, e.SubType, e.MaxLength = "text", "number", 12
		e.Placeholder = fmt.Sprintf("%d – %d", f.Min, f.Max)
	case chat.Select:
		e.Type, e.Options = "select", options(f.Options)
		if len(f.Options) <= fewOptions && base.Required {
			e.Type = "radio"
		}
	case chat.Choice:
		if !a.version.severalChoices() {
			return boxes(f), nil
		}
		e.Type, e.MultiSelect, e.Options = "select", true, options(f.Options)
		e.Default = strings.Join(base.Default, ",")
	case chat.User:
		e.Type, e.DataSource = "select", model.PostActionDataSourceUsers
		e.Default = a.userID(ctx, base.Value())
	case chat.Bool:
		// A required box would have to be ticked; one that is not says no.
		e.Type, e.Optional = "bool", true
		e.Default, e.Placeholder = boolDefault(base.Value()), f.Yes
	case chat.Date:
		a.askDate(&e, f)
	default:
		return nil, fmt.Errorf("field %s is of an unknown kind %T", base.ID, field)
	}
	return []model.DialogElement{e}, nil
}

func options(from []chat.Option) []*model.PostActionOptions {
	to := make([]*model.PostActionOptions, len(from))
	for i, o := range from {
		to[i] = &model.PostActionOptions{Text: o.Label, Value: o.Value}
	}
	return to
}

// boxes asks for any number of options by a box for each.
func boxes(f chat.Choice) []model.DialogElement {
	chosen := map[string]bool{}
	for _, value := range f.Default {
		chosen[value] = true
	}
	all := make([]model.DialogElement, len(f.Options))
	for i, o := range f.Options {
		all[i] = model.DialogElement{
			Name: f.ID + partMark + o.Value, Type: "bool", Optional: true,
			DisplayName: cut(f.Label, model.DialogElementDisplayNameMaxLength),
			Placeholder: cut(o.Label, model.DialogElementBoolMaxLength), Default: fmt.Sprint(chosen[o.Value]),
		}
		if i == 0 {
			all[i].HelpText = f.Hint
		}
	}
	return all
}

// askDate asks for a day, or a moment, by a calendar where there is one. What was
// typed and is not a date yet is shown beside the empty field.
func (a *Adapter) askDate(e *model.DialogElement, f chat.Date) {
	given := e.Default
	at, ok := a.moment(given)
	e.Type, e.MaxLength, e.Default, e.Placeholder = "text", 60, given, a.options.Now().AddDate(0, 0, 15).Format(dayForm)
	switch {
	case f.Time && ok:
		e.Default = at.Format(momentForm)
	case ok:
		e.Default = at.Format(dayForm)
	}
	if f.Time {
		e.Placeholder += " 14:30"
	}
	if !a.version.dates() {
		e.HelpText = f.TypedHint()
		return
	}
	e.MaxLength, e.Placeholder = 0, ""
	if !ok {
		e.Default, e.Placeholder = "", cut(given, model.DialogElementTextMaxLength)
	}
	e.Type = "date"
	if f.Time {
		e.Type = "datetime"
		e.DateTimeConfig = &model.DialogDateTimeConfig{TimeInterval: 15, LocationTimezone: a.options.Now().Location().String(), ManualTimeEntry: true}
		//lint:ignore SA1019 the first servers with dates know nothing else
		e.TimeInterval = 15
		if ok {
			e.Default = at.UTC().Format(model.ISODateTimeFormat)
		}
	}
}

// moment reads a day or a moment as a field gives it.
func (a *Adapter) moment(given string) (time.Time, bool) {
	zone := a.options.Now().Location()
	for _, form := range []string{time.RFC3339, momentForm, dayForm} {
		if at, err := time.ParseInLocation(form, given, zone); err == nil {
			return at.In(zone), true
		}
	}
	return time.Time{}, false
}

// userID is what a list of users shows as chosen, for an id or a handle.
func (a *Adapter) userID(ctx context.Context, given string) string {
	if !strings.HasPrefix(given, "@") {
		return given
	}
	account, err := a.Account(ctx, given)
	if err != nil {
		return ""
	}
	return string(account.ID)
}

func boolDefault(given string) string {
	if given == "true" {
		return given
	}
	return "false"
}

// cut shortens text to a number of bytes, between two characters.
func cut(text string, most int) string {
	if len(text) <= most {
		return text
	}
	const ellipsis = "…"
	text = text[:most-len(ellipsis)]
	for !utf8.ValidString(text) {
		text = text[:len(text)-1]
	}
	return text + ellipsis
}

// values reads what was submitted, as the fields of the form would have it.
// Error: a value of a kind that no element gives.
func (a *Adapter) values(submitted map[string]any) (chat.Values, error) {
	values := chat.Values{}
	for name, given := range submitted {
		texts, err := a.texts(given)
		if err != nil {
			return nil, fmt.Errorf("mattermost: a submitted value: %w", err)
		}
		id, option, boxed := strings.Cut(name, partMark)
		switch {
		case boxed && len(texts) == 1 && texts[0] == "true":
			values[id] = append(values[id], option)
		case !boxed && len(texts) > 0:
			values[id] = texts
		}
	}
	return values, nil
}

func (a *Adapter) texts(given any) ([]string, error) {
	switch v := given.(type) {
	case nil:
		return nil, nil
	case string:
		// A calendar with hours answers in universal time.
		if at, err := time.Parse(time.RFC3339, v); err == nil {
			v = at.In(a.options.Now().Location()).Format(momentForm)
		}
		return []string{v}, nil
	case bool:
		return []string{fmt.Sprint(v)}, nil
	case float64:
		return []string{fmt.Sprintf("%.0f", v)}, nil
	case []any:
		var all []string
		for _, one := range v {
			text, ok := one.(string)
			if !ok {
				return nil, fmt.Errorf("a list of %T", one)
			}
			all = append(all, text)
		}
		return all, nil
	}
	return nil, fmt.Errorf("of kind %T", given)
}
