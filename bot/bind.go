package bot

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"parcours/bot/chat"
	"parcours/bot/when"
	"parcours/casework"
	"parcours/locales"
)

// binder reads what was typed or submitted as the fields ask.
type binder struct {
	// near finds a user as the one who answers calls them.
	near func(ctx context.Context, idOrHandle string) (chat.Account, error)
	now  time.Time
	say  locales.Printer
}

// bind gives the values that are valid by their field's kind, and a refusal for
// each field that is not. Fields that ask nothing more are not in raw's way: a
// value for a field that does not exist is left out.
func (b binder) bind(ctx context.Context, fields []chat.Field, raw chat.Values) (chat.Values, map[string]error) {
	values, wrong := chat.Values{}, map[string]error{}
	for _, field := range fields {
		id := field.About().ID
		var given []string
		for _, text := range raw[id] {
			if text = casework.CleanText(text); text != "" {
				given = append(given, text)
			}
		}
		if len(given) == 0 {
			if field.About().Required {
				wrong[id] = casework.Refuse(casework.Missing, id)
			}
			continue
		}
		read, err := b.read(ctx, field, given)
		if err != nil {
			wrong[id] = err
			continue
		}
		values[id] = read
	}
	return values, wrong
}

// read reads the values of one field.
func (b binder) read(ctx context.Context, field chat.Field, given []string) ([]string, error) {
	id, text := field.About().ID, strings.Join(given, " ")
	switch f := field.(type) {
	case chat.Text:
		return sized(id, strings.Join(strings.Fields(text), " "), casework.LineMax)
	case chat.Area:
		return sized(id, text, casework.AreaMax)
	case chat.Number:
		n, err := strconv.Atoi(text)
		if err != nil || n < f.Min || n > f.Max {
			return nil, casework.Refuse(casework.NotANumber, id).With("Min", f.Min).With("Max", f.Max)
		}
		return []string{strconv.Itoa(n)}, nil
	case chat.Bool:
		return b.yesNo(id, text)
	case chat.Select:
		chosen, err := option(id, f.Options, text)
		return []string{chosen}, err
	case chat.Choice:
		return several(id, f.Options, given)
	case chat.User:
		account, err := b.near(ctx, text)
		var refused *casework.Error
		switch {
		case errors.As(err, &refused):
			refused.Field = id
			return nil, refused
		case err != nil:
			return nil, casework.Refuse(casework.NotAUser, id)
		}
		return []string{string(account.ID)}, nil
	case chat.Date:
		return b.date(id, text, f.Time)
	}
	return nil, casework.Refuse(casework.NotAChoice, id)
}

func sized(id, text string, most int) ([]string, error) {
	if n := utf8.RuneCountInString(text); n > most {
		return nil, casework.Refuse(casework.TooLong, id).With("Max", most).With("Count", n)
	}
	return []string{text}, nil
}

var yes, no = []string{"true", "oui", "yes", "o", "y", "vrai", "1"}, []string{"false", "non", "no", "n", "faux", "0"}

func (b binder) yesNo(id, text string) ([]string, error) {
	switch folded := when.Fold(text); {
	case slices.Contains(yes, folded):
		return []string{"true"}, nil
	case slices.Contains(no, folded):
		return []string{"false"}, nil
	}
	return nil, casework.Refuse(casework.NotAChoice, id)
}

// option gives the option meant by text: its value, its label, or the beginning
// of one label alone.
func option(id string, options []chat.Option, text string) (string, error) {
	folded := when.Fold(text)
	var begun []string
	for _, o := range options {
		label := when.Fold(o.Label)
		if o.Value == text || when.Fold(o.Value) == folded || label == folded {
			return o.Value, nil
		}
		if strings.HasPrefix(label, folded) {
			begun = append(begun, o.Value)
		}
	}
	if len(begun) == 1 {
		return begun[0], nil
	}
	return "", casework.Refuse(casework.NotAChoice, id)
}

// several reads options separated by commas, or given one by one.
func several(id string, options []chat.Option, given []string) ([]string, error) {
	var chosen []string
	for _, text := range given {
		parts := strings.Split(text, ",")
		if _, err := option(id, options, text); err == nil {
			parts = []string{text}
		}
		for _, part := range parts {
			one, err := option(id, options, strings.TrimSpace(part))
			if err != nil {
				return nil, err
			}
			if !slices.Contains(chosen, one) {
				chosen = append(chosen, one)
			}
		}
	}
	return chosen, nil
}

// date reads a day, or a moment when the field asks for the hour too.
func (b binder) date(id, text string, hour bool) ([]string, error) {
	m, err := when.Parse(text, b.now)
	switch {
	case err != nil:
		return nil, casework.Refuse(casework.NotADate, id)
	case !hour:
		return []string{string(casework.DayOf(m.Day))}, nil
	case !m.HasHour:
		return nil, casework.Refuse(noHour, id)
	}
	return []string{m.Time().Format(time.RFC3339)}, nil
}

// prefilled gives the fields with what was given as their defaults, as far as it
// can be shown again.
func prefilled(fields []chat.Field, raw chat.Values) []chat.Field {
	filled := slices.Clone(fields)
	for i, field := range filled {
		given := raw[field.About().ID]
		if strings.TrimSpace(strings.Join(given, "")) == "" {
			continue
		}
		given = slices.Clone(given)
		for j := range given {
			given[j] = casework.CleanText(given[j])
		}
		switch f := field.(type) {
		case chat.Text:
			f.Default = given
			filled[i] = f
		case chat.Area:
			f.Default = given
			filled[i] = f
		case chat.Number:
			f.Default = given
			filled[i] = f
		case chat.Select:
			if chosen, err := option("", f.Options, strings.Join(given, " ")); err == nil {
				f.Default = []string{chosen}
			}
			filled[i] = f
		case chat.Choice:
			if chosen, err := several("", f.Options, given); err == nil {
				f.Default = chosen
			}
			filled[i] = f
		case chat.User:
			f.Default = given
			filled[i] = f
		case chat.Bool:
			f.Default = given
			filled[i] = f
		case chat.Date:
			f.Default = given
			filled[i] = f
		}
	}
	return filled
}
