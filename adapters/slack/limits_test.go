package slack

import (
	"encoding/json"
	"fmt"
	"slices"

	"github.com/slack-go/slack"
)

// A reporter is a test, drawn at random or not.
type reporter interface {
	Helper()
	Errorf(format string, args ...any)
	Fatal(args ...any)
}

// within fails unless blocks keep what Slack documents of them.
func within(t reporter, what string, blocks []slack.Block, most int) {
	t.Helper()
	fault := func(format string, args ...any) {
		t.Helper()
		t.Errorf("%s: %s", what, fmt.Sprintf(format, args...))
	}
	if len(blocks) > most {
		fault("%d blocks", len(blocks))
	}
	raw, err := json.Marshal(blocks)
	if err != nil {
		t.Fatal(err)
	}
	var all []map[string]any
	if err := json.Unmarshal(raw, &all); err != nil {
		t.Fatal(err)
	}
	var ids []string
	for _, b := range all {
		if id, _ := b["block_id"].(string); id != "" {
			if slices.Contains(ids, id) || len(id) > 255 {
				fault("block_id %q", id)
			}
			ids = append(ids, id)
		}
		switch kind := b["type"]; kind {
		case "section":
			fields, _ := b["fields"].([]any)
			if b["text"] == nil && len(fields) == 0 || len(fields) > 10 {
				fault("a section with %d fields", len(fields))
			}
			if b["text"] != nil {
				texts(fault, b["text"], 3000)
			}
			for _, field := range fields {
				texts(fault, field, 2000)
			}
		case "divider":
		case "header":
			texts(fault, b["text"], 150)
		case "context":
			for _, e := range b["elements"].([]any) {
				texts(fault, e, 2000)
			}
		case "actions":
			elements(fault, b["elements"].([]any))
		case "input":
			texts(fault, b["label"], 2000)
			if b["hint"] != nil {
				texts(fault, b["hint"], 2000)
			}
			inputs(fault, b["element"].(map[string]any))
			if b["element"].(map[string]any)["action_id"] != b["block_id"] {
				fault("the ids of %v", b["block_id"])
			}
		default:
			fault("a block of kind %v", kind)
		}
	}
}

type faults func(format string, args ...any)

func texts(fault faults, of any, most int) {
	text := of.(map[string]any)
	said := text["text"].(string)
	if n := size(said); n == 0 || n > most {
		fault("a text of %d characters, from 1 to %d", n, most)
	}
	if text["type"] == "mrkdwn" && text["verbatim"] != true {
		fault("Slack looks for addresses in %q", said)
	}
}

func elements(fault faults, all []any) {
	var ids []string
	if n := len(all); n == 0 || n > 25 {
		fault("%d buttons", n)
	}
	for _, one := range all {
		e := one.(map[string]any)
		texts(fault, e["text"], 75)
		id := e["action_id"].(string)
		value, _ := e["value"].(string)
		if id == "" || len(id) > 255 || slices.Contains(ids, id) || len(value) > 2000 {
			fault("the button %q", id)
		}
		ids = append(ids, id)
	}
}

func inputs(fault faults, e map[string]any) {
	given, _ := e["options"].([]any)
	most := map[any]int{"static_select": 100, "multi_static_select": 100, "checkboxes": 10, "radio_buttons": 10}[e["type"]]
	if len(given) > most || most > 0 && len(given) == 0 {
		fault("%d options", len(given))
	}
	for _, one := range given {
		o := one.(map[string]any)
		texts(fault, o["text"], 75)
		if value := o["value"].(string); value == "" || size(value) > 75 {
			fault("the value %q", value)
		}
	}
	if e["placeholder"] != nil {
		texts(fault, e["placeholder"], 150)
	}
	if initial, _ := e["initial_value"].(string); e["max_length"] != nil && float64(size(initial)) > e["max_length"].(float64) {
		fault("a value of %d characters", size(initial))
	}
}

// fits fails unless a view keeps what Slack documents of it.
func fits(t reporter, what string, view slack.ModalViewRequest) {
	t.Helper()
	within(t, what, view.Blocks.BlockSet, 100)
	fault := func(format string, args ...any) { t.Errorf("%s: %s", what, fmt.Sprintf(format, args...)) }
	raw, err := json.Marshal(view)
	if err != nil || len(raw) > 250_000 || len(view.PrivateMetadata) > 3000 || len(view.CallbackID) > 255 {
		fault("%d bytes, %d kept: %v", len(raw), len(view.PrivateMetadata), err)
	}
	asks := false
	for _, b := range view.Blocks.BlockSet {
		asks = asks || b.BlockType() == slack.MBTInput
	}
	for name, text := range map[string]*slack.TextBlockObject{"title": view.Title, "submit": view.Submit} {
		if text != nil && (size(text.Text) == 0 || size(text.Text) > 24) {
			fault("its %s of %d characters", name, size(text.Text))
		}
	}
	if view.Title == nil || asks && view.Submit == nil {
		fault("no title, or nothing to send it by")
	}
}
