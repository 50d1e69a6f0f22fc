package slack

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/slack-go/slack"

	"parcours/bot/chat"
	"parcours/casework"
)

const (
	// fewOptions, and they are all in sight.
	fewOptions = 4
	// boxesMax is how many boxes or round buttons one question has.
	boxesMax = 10
	// titleMax is how long the title and the button of a view are.
	titleMax = 24
	// bookMax is how much a view keeps for us.
	bookMax = 3000
	// placeholderMax is how much stands in an empty field.
	placeholderMax = 150

	dayForm    = "2006-01-02"
	momentForm = "2006-01-02 15:04"
)

// A book is what a view keeps for us, and gives back: whom nobody but Slack and this
// package can change.
type book struct {
	Token   string `json:"token"`
	Channel string `json:"channel"`
	// Bools are the questions of yes or no: a box that is not ticked is not told
	// from a list of which nothing is chosen.
	Bools []string `json:"bools,omitempty"`
}

// modal makes a form as a view, for the channel that its token was made for. Error: a
// field of a kind that this package does not know, and what does not fit in a view.
func (a *Adapter) modal(ctx context.Context, form chat.Form, channel string) (slack.ModalViewRequest, error) {
	view := slack.ModalViewRequest{
		Type: slack.VTModal, Title: plain(form.Title), CallbackID: form.ID,
		Blocks: slack.Blocks{BlockSet: append([]slack.Block{}, sections(escape(form.Intro))...)},
	}
	if form.Submit != "" {
		view.Submit = plain(form.Submit)
	}
	kept := book{Token: form.Token, Channel: channel}
	for _, field := range form.Fields {
		input, err := a.input(ctx, field)
		if err != nil {
			return slack.ModalViewRequest{}, fmt.Errorf("slack: form %s: %w", form.ID, err)
		}
		view.Blocks.BlockSet = append(view.Blocks.BlockSet, input)
		if _, is := field.(chat.Bool); is {
			kept.Bools = append(kept.Bools, field.About().ID)
		}
	}
	raw, err := json.Marshal(kept)
	if err != nil || len(raw) > bookMax || len(view.Blocks.BlockSet) > viewMax || size(form.Title) > titleMax || size(form.Submit) > titleMax {
		return slack.ModalViewRequest{}, errors.Join(fmt.Errorf("slack: form %s does not fit in a view", form.ID), err)
	}
	view.PrivateMetadata = string(raw)
	return view, nil
}

// input asks one question.
func (a *Adapter) input(ctx context.Context, field chat.Field) (*slack.InputBlock, error) {
	base := field.About()
	input := &slack.InputBlock{Type: slack.MBTInput, BlockID: base.ID, Label: plain(base.Label), Optional: !base.Required}
	hint := base.Hint
	switch f := field.(type) {
	case chat.Text:
		input.Element = lineInput(base)
	case chat.Area:
		input.Element = &slack.PlainTextInputBlockElement{
			Type: slack.METPlainTextInput, ActionID: base.ID, Multiline: true, MaxLength: casework.AreaMax, InitialValue: base.Value(),
		}
	case chat.Number:
		input.Element = &slack.NumberInputBlockElement{
			Type: slack.METNumber, ActionID: base.ID, InitialValue: whole(base.Value(), f),
			MinValue: strconv.Itoa(f.Min), MaxValue: strconv.Itoa(f.Max),
		}
	case chat.Select:
		input.Element = oneOf(base, f.Options)
	case chat.Choice:
		input.Element = someOf(base, f.Options)
	case chat.User:
		input.Element = &slack.SelectBlockElement{Type: slack.OptTypeUser, ActionID: base.ID, InitialUser: a.userID(ctx, base.Value())}
	case chat.Bool:
		input.Element = yesOrNo(f)
	case chat.Date:
		input.Element, hint = a.date(f)
	default:
		return nil, fmt.Errorf("field %s is of an unknown kind %T", base.ID, field)
	}
	if hint != "" {
		input.Hint = plain(hint)
	}
	return input, nil
}

// lineInput asks for a line. What was given and is too long for one is shown whole,
// so that people shorten it themselves.
func lineInput(base chat.Base) *slack.PlainTextInputBlockElement {
	e := &slack.PlainTextInputBlockElement{
		Type: slack.METPlainTextInput, ActionID: base.ID, MaxLength: casework.LineMax, InitialValue: base.Value(),
	}
	if size(e.InitialValue) > e.MaxLength {
		e.Multiline, e.MaxLength = true, casework.AreaMax
	}
	return e
}

// whole is a number that a field can show; nothing for one it would refuse.
func whole(given string, f chat.Number) string {
	if n, err := strconv.Atoi(given); err != nil || n < f.Min || n > f.Max {
		return ""
	}
	return given
}

func options(from []chat.Option) []*slack.OptionBlockObject {
	to := make([]*slack.OptionBlockObject, len(from))
	for i, o := range from {
		to[i] = slack.NewOptionBlockObject(o.Value, plain(o.Label), nil)
	}
	return to
}

// chosen are the options of some values.
func chosen(from []*slack.OptionBlockObject, values []string) []*slack.OptionBlockObject {
	var all []*slack.OptionBlockObject
	for _, o := range from {
		if slices.Contains(values, o.Value) {
			all = append(all, o)
		}
	}
	return all
}

// oneOf asks for one of some options: all in sight when they are few.
func oneOf(base chat.Base, from []chat.Option) slack.BlockElement {
	all := options(from)
	var first *slack.OptionBlockObject
	if found := chosen(all, base.Default); len(found) > 0 {
		first = found[0]
	}
	if len(all) <= fewOptions && base.Required {
		return &slack.RadioButtonsBlockElement{Type: slack.METRadioButtons, ActionID: base.ID, Options: all, InitialOption: first}
	}
	return &slack.SelectBlockElement{Type: slack.OptTypeStatic, ActionID: base.ID, Options: all, InitialOption: first}
}

// someOf asks for any number of options: by boxes, unless they are too many.
func someOf(base chat.Base, from []chat.Option) slack.BlockElement {
	all := options(from)
	first := chosen(all, base.Default)
	if len(all) <= boxesMax {
		return &slack.CheckboxGroupsBlockElement{Type: slack.METCheckboxGroups, ActionID: base.ID, Options: all, InitialOptions: first}
	}
	return &slack.MultiSelectBlockElement{Type: slack.MultiOptTypeStatic, ActionID: base.ID, Options: all, InitialOptions: first}
}

// yesOrNo asks for one of both where it is needed: a box would have to be ticked. It is
// one box otherwise.
func yesOrNo(f chat.Bool) slack.BlockElement {
	yes, no := chat.Option{Value: "true", Label: f.Yes}, chat.Option{Value: "false", Label: f.No}
	if f.Required {
		return oneOf(f.Base, []chat.Option{yes, no})
	}
	return someOf(f.Base, []chat.Option{yes})
}

// date asks for a day, or a moment, by a calendar, and gives the hint beside it. What
// was typed and is not a date yet is shown beside the empty field.
func (a *Adapter) date(f chat.Date) (slack.BlockElement, string) {
	given := f.Value()
	at, ok := a.moment(given)
	if f.Time {
		e := slack.NewDateTimePickerBlockElement(f.ID)
		switch {
		case ok:
			e.InitialDateTime = at.Unix()
		case given != "":
			// A calendar with hours has nowhere else to show it.
			return e, strings.TrimSpace(given + "\n" + f.Hint)
		}
		return e, f.Hint
	}
	e := slack.NewDatePickerBlockElement(f.ID)
	switch {
	case ok:
		e.InitialDate = at.Format(dayForm)
	case given != "":
		e.Placeholder = plain(shortened(given))
	}
	return e, f.Hint
}

// shortened is a text that fits in an empty field.
func shortened(text string) string {
	if size(text) <= placeholderMax {
		return text
	}
	return prefix(text, placeholderMax-1) + "…"
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
	if given == "" || isUser(given) {
		return given
	}
	account, err := a.Account(ctx, given)
	if err != nil {
		return ""
	}
	return string(account.ID)
}

// An entry is what a field holds when a view is sent back.
type entry struct {
	Value            *string  `json:"value"`
	SelectedUser     *string  `json:"selected_user"`
	SelectedDate     *string  `json:"selected_date"`
	SelectedDateTime *int64   `json:"selected_date_time"`
	SelectedOption   *option  `json:"selected_option"`
	SelectedOptions  []option `json:"selected_options"`
}

type option struct {
	Value string `json:"value"`
}

// values reads what was submitted, as the fields of the form would have it.
func (a *Adapter) values(state map[string]map[string]entry, bools []string) chat.Values {
	values := chat.Values{}
	for _, id := range bools {
		values[id] = []string{"false"}
	}
	for id, entries := range state {
		for _, e := range entries {
			if texts := a.texts(e); len(texts) > 0 {
				values[id] = texts
			}
		}
	}
	return values
}

func (a *Adapter) texts(e entry) []string {
	for _, one := range []*string{e.Value, e.SelectedUser, e.SelectedDate} {
		if one != nil {
			return []string{*one}
		}
	}
	switch {
	case e.SelectedDateTime != nil:
		return []string{time.Unix(*e.SelectedDateTime, 0).In(a.options.Now().Location()).Format(momentForm)}
	case e.SelectedOption != nil:
		return []string{e.SelectedOption.Value}
	}
	var all []string
	for _, o := range e.SelectedOptions {
		all = append(all, o.Value)
	}
	return all
}

// refilled is a form with what was submitted, and what is wrong with it above.
func refilled(form chat.Form, values chat.Values, fault string) chat.Form {
	form.Intro = strings.TrimSpace("⚠️ " + fault + "\n\n" + form.Intro)
	fields := slices.Clone(form.Fields)
	for i, field := range fields {
		given := values[field.About().ID]
		switch f := field.(type) {
		case chat.Text:
			f.Default = given
			fields[i] = f
		case chat.Area:
			f.Default = given
			fields[i] = f
		case chat.Number:
			f.Default = given
			fields[i] = f
		case chat.Select:
			f.Default = given
			fields[i] = f
		case chat.Choice:
			f.Default = given
			fields[i] = f
		case chat.User:
			f.Default = given
			fields[i] = f
		case chat.Bool:
			f.Default = given
			fields[i] = f
		case chat.Date:
			f.Default = given
			fields[i] = f
		}
	}
	form.Fields = fields
	return form
}
