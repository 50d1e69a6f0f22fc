package workspace

import (
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"unicode/utf16"
)

// textInput is how much an input of text takes, in characters.
const textInput = 3000

// size counts characters as Slack does.
func size(text string) int { return len(utf16.Encode([]rune(text))) }

// A shape says what an object of Block Kit may hold, by field.
type shape map[string]field

// A field of an object: whether it has to be there, and what it is checked by.
type field struct {
	needed bool
	check  check
}

// A check notes the faults of a value.
type check func(r *reader, at string, value any)

func must(c check) field { return field{true, c} }
func may(c check) field  { return field{false, c} }

// A reader goes through blocks and notes what Slack would refuse.
type reader struct {
	faults  []string
	blocks  map[string]bool
	actions map[string]bool
	focused bool
	asks    bool // there is an input
}

func (r *reader) fault(at, format string, about ...any) {
	r.faults = append(r.faults, "[ERROR] "+fmt.Sprintf(format, about...)+" [json-pointer:"+at+"]")
}

// checkMessage gives the faults of the blocks of a message.
func checkMessage(blocks []any) []string { return checkAll(blocks, "/blocks", 50) }

func newReader() *reader { return &reader{blocks: map[string]bool{}, actions: map[string]bool{}} }

func checkAll(blocks []any, at string, most int) []string {
	r := newReader()
	list(0, most, oneOf(blockShapes))(r, at, blocks)
	return r.faults
}

// checkView gives the faults of a modal, or of a home.
func checkView(v object, home bool) []string {
	r := newReader()
	kind, own := "modal", shape{
		"title": must(plain(24)), "submit": may(plain(24)), "close": may(plain(24)), "clear_on_close": may(flag), "notify_on_close": may(flag),
		"submit_disabled": may(flag),
	}
	if home {
		kind, own = "home", shape{}
	}
	maps.Copy(own, shape{
		"type": must(word(kind)), "blocks": must(list(0, 100, oneOf(blockShapes))), "private_metadata": may(text(0, 3000)),
		"callback_id": may(text(0, 255)), "external_id": may(text(0, 255)),
	})
	record(own)(r, "/view", v)
	if r.asks && !home && v["submit"] == nil {
		r.fault("/view", "missing required field: submit, since something is asked")
	}
	return r.faults
}

// record checks an object by its shape: fields that are not in it are refused.
func record(s shape) check {
	return func(r *reader, at string, value any) {
		o, ok := value.(object)
		if !ok {
			r.fault(at, "must be an object")
			return
		}
		for name, f := range s {
			if o[name] == nil && f.needed {
				r.fault(at, "missing required field: %s", name)
			}
		}
		for name, given := range o {
			f, known := s[name]
			switch {
			case !known:
				r.fault(at+"/"+name, "invalid additional property: %s", name)
			case given != nil:
				f.check(r, at+"/"+name, given)
			}
		}
	}
}

// oneOf checks an object by the shape that its type names.
func oneOf(shapes map[string]shape) check {
	return func(r *reader, at string, value any) {
		o, _ := value.(object)
		kind, _ := o["type"].(string)
		s, known := shapes[kind]
		if !known {
			r.fault(at, "unsupported type: %s", kind)
			return
		}
		full := shape{"type": must(text(1, 255))}
		maps.Copy(full, s)
		record(full)(r, at, value)
		r.consistent(at, kind, o)
	}
}

// only gives those of some shapes that a place takes.
func only(names ...string) check {
	shapes := map[string]shape{}
	for _, name := range names {
		shapes[name] = elementShapes[name]
	}
	return oneOf(shapes)
}

func list(least, most int, of check) check {
	return func(r *reader, at string, value any) {
		items, ok := value.([]any)
		switch {
		case !ok:
			r.fault(at, "must be an array")
			return
		case len(items) < least:
			r.fault(at, "must have at least %d items", least)
		case len(items) > most:
			r.fault(at, "no more than %d items allowed", most)
		}
		for i, item := range items {
			of(r, fmt.Sprintf("%s/%d", at, i), item)
		}
	}
}

func text(least, most int) check {
	return func(r *reader, at string, value any) {
		s, ok := value.(string)
		n := size(s)
		switch {
		case !ok:
			r.fault(at, "must be a string")
		case n < least:
			r.fault(at, "must be more than %d characters", least-1)
		case n > most:
			r.fault(at, "must be less than %d characters", most+1)
		}
	}
}

func match(pattern string) check {
	re := regexp.MustCompile(pattern)
	return func(r *reader, at string, value any) {
		if s, ok := value.(string); !ok || !re.MatchString(s) {
			r.fault(at, "must match %s", pattern)
		}
	}
}

func word(words ...string) check {
	return func(r *reader, at string, value any) {
		if s, ok := value.(string); !ok || !slices.Contains(words, s) {
			r.fault(at, "must be one of %s", strings.Join(words, ", "))
		}
	}
}

func flag(r *reader, at string, value any) {
	if _, ok := value.(bool); !ok {
		r.fault(at, "must be a boolean")
	}
}

func number(least, most float64) check {
	return func(r *reader, at string, value any) {
		if n, ok := value.(float64); !ok || n < least || n > most || n != float64(int64(n)) {
			r.fault(at, "must be a whole number from %v to %v", least, most)
		}
	}
}

// plain is a text without markup; written, one with or without.
func plain(most int) check {
	return record(shape{"type": must(word("plain_text")), "text": must(text(1, most)), "emoji": may(flag)})
}

func written(most int) check {
	return func(r *reader, at string, value any) {
		if o, _ := value.(object); o["type"] == "plain_text" {
			plain(most)(r, at, value)
			return
		}
		record(shape{"type": must(word("mrkdwn")), "text": must(text(1, most)), "verbatim": may(flag)})(r, at, value)
	}
}

// unique notes a name that was given before in the same message or view.
func unique(seen func(*reader) map[string]bool, what string) check {
	return func(r *reader, at string, value any) {
		text(1, 255)(r, at, value)
		name, _ := value.(string)
		if seen(r)[name] {
			r.fault(at, "%s %q already exists", what, name)
		}
		seen(r)[name] = true
	}
}

var (
	blockID  = unique(func(r *reader) map[string]bool { return r.blocks }, "block_id")
	actionID = unique(func(r *reader) map[string]bool { return r.actions }, "action_id")
)

// focus notes a second element that wants the cursor.
func focus(r *reader, at string, value any) {
	flag(r, at, value)
	if value == true && r.focused {
		r.fault(at, "only one element may have focus_on_load")
	}
	r.focused = r.focused || value == true
}

// option is one that can be chosen, with the marked-up label that some take.
func option(label func(int) check) check {
	return record(shape{"text": must(label(75)), "value": must(text(1, 75)), "description": may(label(75)), "url": may(text(1, 3000))})
}

var (
	confirm = record(shape{
		"title": must(plain(100)), "text": must(written(300)), "confirm": must(plain(30)), "deny": must(plain(30)), "style": may(word("primary", "danger")),
	})
	day   = match(`^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$`)
	clock = match(`^([01]\d|2[0-3]):[0-5]\d$`)
)

// element gives the shape of one that acts, with what they all have.
func element(own shape) shape {
	own["action_id"] = may(actionID)
	return own
}

// asking is element, for one that may be part of a form.
func asking(own shape) shape {
	own["focus_on_load"], own["confirm"] = may(focus), may(confirm)
	return element(own)
}

var dispatch = record(shape{"trigger_actions_on": may(list(1, 2, word("on_enter_pressed", "on_character_entered")))})

// elementShapes are those of what stands in blocks.
var elementShapes = map[string]shape{
	"button": element(shape{
		"text": must(plain(75)), "value": may(text(0, 2000)), "url": may(text(1, 3000)), "style": may(word("primary", "danger")),
		"confirm": may(confirm), "accessibility_label": may(text(1, 75)),
	}),
	"checkboxes": asking(shape{
		"options": must(list(1, 10, option(written))), "initial_options": may(list(1, 10, option(written))),
	}),
	"radio_buttons": asking(shape{
		"options": must(list(1, 10, option(written))), "initial_option": may(option(written)),
	}),
	"overflow": element(shape{"options": must(list(1, 5, option(plain))), "confirm": may(confirm)}),
	"static_select": asking(shape{
		"placeholder": may(plain(150)), "options": may(list(1, 100, option(plain))), "initial_option": may(option(plain)),
		"option_groups": may(list(1, 100, record(shape{"label": must(plain(75)), "options": must(list(1, 100, option(plain)))}))),
	}),
	"multi_static_select": asking(shape{
		"placeholder": may(plain(150)), "options": may(list(1, 100, option(plain))), "initial_options": may(list(1, 100, option(plain))),
		"option_groups":      may(list(1, 100, record(shape{"label": must(plain(75)), "options": must(list(1, 100, option(plain)))}))),
		"max_selected_items": may(number(1, 100)),
	}),
	"users_select":   asking(shape{"placeholder": may(plain(150)), "initial_user": may(match(`^[UW][A-Z0-9]+$`))}),
	"datepicker":     asking(shape{"placeholder": may(plain(150)), "initial_date": may(day)}),
	"timepicker":     asking(shape{"placeholder": may(plain(150)), "initial_time": may(clock), "timezone": may(text(1, 255))}),
	"datetimepicker": asking(shape{"initial_date_time": may(number(1e9, 1e10-1))}),
	"plain_text_input": element(shape{
		"initial_value": may(text(0, textInput)), "multiline": may(flag), "min_length": may(number(0, 3000)), "max_length": may(number(1, 3000)),
		"placeholder": may(plain(150)), "focus_on_load": may(focus), "dispatch_action_config": may(dispatch),
	}),
	"number_input": element(shape{
		"is_decimal_allowed": must(flag), "initial_value": may(match(`^-?\d+(\.\d+)?$`)), "min_value": may(match(`^-?\d+(\.\d+)?$`)),
		"max_value": may(match(`^-?\d+(\.\d+)?$`)), "placeholder": may(plain(150)), "focus_on_load": may(focus), "dispatch_action_config": may(dispatch),
	}),
	"image": {"image_url": must(text(1, 3000)), "alt_text": must(text(1, 2000))},
}

var menus = []string{"static_select", "multi_static_select", "users_select", "datepicker", "timepicker", "checkboxes", "radio_buttons"}

// block gives the shape of a block, with what they all have.
func block(own shape) shape {
	own["block_id"] = may(blockID)
	return own
}

// blockShapes are those that this app's messages, forms and homes are made of; any
// other is refused.
var blockShapes = map[string]shape{
	"divider": block(shape{}),
	"header":  block(shape{"text": must(plain(150))}),
	"section": block(shape{
		"text": may(written(3000)), "fields": may(list(1, 10, written(2000))), "expand": may(flag),
		"accessory": may(only(append(menus, "button", "overflow", "image")...)),
	}),
	"context": block(shape{"elements": must(list(1, 10, contextual))}),
	"actions": block(shape{"elements": must(list(1, 25, only(append(menus, "button", "overflow", "datetimepicker")...)))}),
	"input": block(shape{
		"label": must(plain(2000)), "hint": may(plain(2000)), "optional": may(flag), "dispatch_action": may(flag),
		"element": must(only(append(menus, "plain_text_input", "number_input", "datetimepicker")...)),
	}),
	"image": block(shape{"image_url": must(text(1, 3000)), "alt_text": must(text(1, 2000)), "title": may(plain(2000))}),
}

// contextual is what a context holds: an image, or a text.
func contextual(r *reader, at string, value any) {
	if o, _ := value.(object); o["type"] == "image" {
		only("image")(r, at, value)
		return
	}
	written(2000)(r, at, value)
}

// consistent notes what no single field tells.
func (r *reader) consistent(at, kind string, o object) {
	switch kind {
	case "section":
		if o["text"] == nil && o["fields"] == nil {
			r.fault(at, "must have a text or fields")
		}
	case "input":
		r.asks = true
	case "static_select", "multi_static_select":
		if (o["options"] == nil) == (o["option_groups"] == nil) {
			r.fault(at, "must have either options or option_groups")
		}
	case "plain_text_input":
		least, _ := o["min_length"].(float64)
		most, limited := o["max_length"].(float64)
		value, _ := o["initial_value"].(string)
		if limited && (least > most || float64(size(value)) > most) {
			r.fault(at, "min_length and initial_value must be within max_length")
		}
	}
	initial, _ := o["initial_options"].([]any)
	if o["initial_option"] != nil {
		initial = append(initial, o["initial_option"])
	}
	for _, chosen := range initial {
		value, _ := chosen.(object)["value"].(string)
		if offered := optionOf(o, value); offered == nil || !reflect.DeepEqual(offered, chosen) {
			r.fault(at, "initial options must be among the options")
		}
	}
	seen := map[string]bool{}
	options, _ := o["options"].([]any)
	for _, item := range options {
		value, _ := item.(object)["value"].(string)
		if seen[value] {
			r.fault(at, "two options of value %q", value)
		}
		seen[value] = true
	}
}

// Check gives the faults of blocks, or of a view, as JSON: what Slack would refuse.
func Check(raw []byte) []string {
	var value any
	if err := json.Unmarshal(raw, &value); err != nil {
		return []string{err.Error()}
	}
	switch v := value.(type) {
	case []any:
		return checkMessage(v)
	case object:
		return checkView(v, v["type"] == "home")
	}
	return []string{"neither blocks nor a view"}
}
