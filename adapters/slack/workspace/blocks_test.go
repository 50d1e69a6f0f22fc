package workspace

import (
	"fmt"
	"strings"
	"testing"
)

// Pieces of Block Kit, as JSON.
const (
	aButton  = `{"type":"button","action_id":"a","text":{"type":"plain_text","text":"Fait"},"value":"x"}`
	aSelect  = `{"type":"static_select","action_id":"a","options":[{"text":{"type":"plain_text","text":"Un"},"value":"1"}]}`
	aSection = `{"type":"section","text":{"type":"mrkdwn","text":"x"}}`
)

func plainJSON(n int) string {
	return `{"type":"plain_text","text":"` + strings.Repeat("é", n) + `"}`
}

func buttonJSON(id, rest string) string {
	return fmt.Sprintf(`{"type":"button","action_id":%q,"text":{"type":"plain_text","text":"x"}%s}`, id, rest)
}

func actionsJSON(elements ...string) string {
	return `{"type":"actions","elements":[` + strings.Join(elements, ",") + `]}`
}

func inputJSON(element string) string {
	return `{"type":"input","label":{"type":"plain_text","text":"x"},"element":` + element + `}`
}

func optionsJSON(n int) string {
	var all []string
	for i := range n {
		all = append(all, fmt.Sprintf(`{"text":{"type":"plain_text","text":"x"},"value":"%d"}`, i))
	}
	return `[` + strings.Join(all, ",") + `]`
}

func selectJSON(kind, rest string) string {
	return `{"type":"` + kind + `","action_id":"a"` + rest + `}`
}

func many(n int, one func(int) string) string {
	all := make([]string, n)
	for i := range all {
		all[i] = one(i)
	}
	return strings.Join(all, ",")
}

func TestBlocksThatAreRefused(t *testing.T) {
	option := func(label, value string) string {
		return `,"options":[{"text":{"type":"plain_text","text":"` + label + `"},"value":"` + value + `"}]`
	}
	long := func(n int) string { return strings.Repeat("é", n) }
	for _, c := range []struct{ name, good, bad string }{
		{"a type there is not", aSection, `{"type":"sections"}`},
		{"a field there is not", aSection, `{"type":"section","txt":"x","text":{"type":"mrkdwn","text":"x"}}`},
		{"a section of nothing", aSection, `{"type":"section"}`},
		{"a text of nothing", aSection, `{"type":"section","text":{"type":"mrkdwn","text":""}}`},
		{"a text that is none", aSection, `{"type":"section","text":"x"}`},
		{"the text of a section", `{"type":"section","text":` + plainJSON(3000) + `}`, `{"type":"section","text":` + plainJSON(3001) + `}`},
		{"a field of a section", `{"type":"section","fields":[` + plainJSON(2000) + `]}`, `{"type":"section","fields":[` + plainJSON(2001) + `]}`},
		{"the fields of a section", `{"type":"section","fields":[` + many(10, func(int) string { return plainJSON(1) }) + `]}`, `{"type":"section","fields":[` + many(11, func(int) string { return plainJSON(1) }) + `]}`},
		{"a header", `{"type":"header","text":` + plainJSON(150) + `}`, `{"type":"header","text":` + plainJSON(151) + `}`},
		{"markup in a header", `{"type":"header","text":` + plainJSON(1) + `}`, `{"type":"header","text":{"type":"mrkdwn","text":"x"}}`},
		{"a context", `{"type":"context","elements":[` + many(10, func(int) string { return plainJSON(1) }) + `]}`, `{"type":"context","elements":[` + many(11, func(int) string { return plainJSON(1) }) + `]}`},
		{"a button in a context", `{"type":"context","elements":[` + plainJSON(1) + `]}`, `{"type":"context","elements":[` + aButton + `]}`},
		{"50 blocks", many(50, func(int) string { return aSection }), many(51, func(int) string { return aSection })},
		{"25 buttons", actionsJSON(many(25, func(i int) string { return buttonJSON(fmt.Sprint(i), "") })), actionsJSON(many(26, func(i int) string { return buttonJSON(fmt.Sprint(i), "") }))},
		{"the same action", actionsJSON(buttonJSON("a", ""), buttonJSON("b", "")), actionsJSON(buttonJSON("a", "")) + "," + actionsJSON(buttonJSON("a", ""))},
		{"the same block", `{"type":"divider","block_id":"a"},{"type":"divider","block_id":"b"}`, `{"type":"divider","block_id":"a"},{"type":"divider","block_id":"a"}`},
		{"a block's name", `{"type":"divider","block_id":"` + long(255) + `"}`, `{"type":"divider","block_id":"` + long(256) + `"}`},
		{"the text of a button", actionsJSON(`{"type":"button","text":` + plainJSON(75) + `}`), actionsJSON(`{"type":"button","text":` + plainJSON(76) + `}`)},
		{"the value of a button", actionsJSON(buttonJSON("a", `,"value":"`+long(2000)+`"`)), actionsJSON(buttonJSON("a", `,"value":"`+long(2001)+`"`))},
		{"the style of a button", actionsJSON(buttonJSON("a", `,"style":"danger"`)), actionsJSON(buttonJSON("a", `,"style":"default"`))},
		{"an input among actions", inputJSON(`{"type":"plain_text_input","action_id":"a"}`), actionsJSON(`{"type":"plain_text_input","action_id":"a"}`)},
		{"a button in an input", inputJSON(aSelect), inputJSON(aButton)},
		{"an input without a label", inputJSON(aSelect), `{"type":"input","element":` + aSelect + `}`},
		{"the label of an input", `{"type":"input","label":` + plainJSON(2000) + `,"element":` + aSelect + `}`, `{"type":"input","label":` + plainJSON(2001) + `,"element":` + aSelect + `}`},
		{"the hint of an input", `{"type":"input","label":` + plainJSON(1) + `,"hint":` + plainJSON(2000) + `,"element":` + aSelect + `}`, `{"type":"input","label":` + plainJSON(1) + `,"hint":` + plainJSON(2001) + `,"element":` + aSelect + `}`},
		{"100 options", inputJSON(selectJSON("static_select", `,"options":`+optionsJSON(100))), inputJSON(selectJSON("static_select", `,"options":`+optionsJSON(101)))},
		{"no options", inputJSON(aSelect), inputJSON(selectJSON("static_select", `,"options":[]`))},
		{"neither options nor groups", inputJSON(aSelect), inputJSON(selectJSON("static_select", ""))},
		{"10 boxes", inputJSON(selectJSON("checkboxes", `,"options":`+optionsJSON(10))), inputJSON(selectJSON("checkboxes", `,"options":`+optionsJSON(11)))},
		{"10 radio buttons", inputJSON(selectJSON("radio_buttons", `,"options":`+optionsJSON(10))), inputJSON(selectJSON("radio_buttons", `,"options":`+optionsJSON(11)))},
		{"an option's label", inputJSON(selectJSON("static_select", option(long(75), "x"))), inputJSON(selectJSON("static_select", option(long(76), "x")))},
		{"an option's value", inputJSON(selectJSON("static_select", option("x", long(75)))), inputJSON(selectJSON("static_select", option("x", long(76))))},
		{"two options of one value", inputJSON(aSelect), inputJSON(selectJSON("static_select", `,"options":[`+many(2, func(int) string { return `{"text":` + plainJSON(1) + `,"value":"x"}` })+`]`))},
		{"an initial option", inputJSON(selectJSON("static_select", option("x", "1")+`,"initial_option":{"text":{"type":"plain_text","text":"x"},"value":"1"}`)), inputJSON(selectJSON("static_select", option("x", "1")+`,"initial_option":{"text":{"type":"plain_text","text":"y"},"value":"1"}`))},
		{"a placeholder", inputJSON(`{"type":"plain_text_input","placeholder":` + plainJSON(150) + `}`), inputJSON(`{"type":"plain_text_input","placeholder":` + plainJSON(151) + `}`)},
		{"what a text begins with", inputJSON(`{"type":"plain_text_input","initial_value":"` + long(3000) + `"}`), inputJSON(`{"type":"plain_text_input","initial_value":"` + long(3001) + `"}`)},
		{"more than a text takes", inputJSON(`{"type":"plain_text_input","initial_value":"xx","max_length":2}`), inputJSON(`{"type":"plain_text_input","initial_value":"xxx","max_length":2}`)},
		{"how much a text takes", inputJSON(`{"type":"plain_text_input","max_length":3000}`), inputJSON(`{"type":"plain_text_input","max_length":3001}`)},
		{"a number of unknown kind", inputJSON(`{"type":"number_input","is_decimal_allowed":false}`), inputJSON(`{"type":"number_input"}`)},
		{"a bound that is no text", inputJSON(`{"type":"number_input","is_decimal_allowed":false,"min_value":"1"}`), inputJSON(`{"type":"number_input","is_decimal_allowed":false,"min_value":1}`)},
		{"a day", inputJSON(`{"type":"datepicker","initial_date":"2026-11-23"}`), inputJSON(`{"type":"datepicker","initial_date":"23/11/2026"}`)},
		{"an hour", inputJSON(`{"type":"timepicker","initial_time":"14:30"}`), inputJSON(`{"type":"timepicker","initial_time":"14h30"}`)},
		{"a moment", inputJSON(`{"type":"datetimepicker","initial_date_time":1795430000}`), inputJSON(`{"type":"datetimepicker","initial_date_time":"1795430000"}`)},
		{"somebody", inputJSON(`{"type":"users_select","initial_user":"U0ABC"}`), inputJSON(`{"type":"users_select","initial_user":"claire"}`)},
		{"one cursor", inputJSON(`{"type":"plain_text_input","focus_on_load":true}`), inputJSON(`{"type":"plain_text_input","focus_on_load":true}`) + "," + inputJSON(`{"type":"plain_text_input","focus_on_load":true}`)},
	} {
		if faults := Check([]byte("[" + c.good + "]")); len(faults) > 0 {
			t.Errorf("%s: what is right is refused: %v", c.name, faults)
		}
		if faults := Check([]byte("[" + c.bad + "]")); len(faults) == 0 {
			t.Errorf("%s: taken", c.name)
		}
	}
}

func TestViewsThatAreRefused(t *testing.T) {
	modal := func(rest string) string {
		return `{"type":"modal","title":` + plainJSON(1) + rest + `}`
	}
	for _, c := range []struct{ name, good, bad string }{
		{"no title", modal(`,"blocks":[]`), `{"type":"modal","blocks":[]}`},
		{"the title", `{"type":"modal","title":` + plainJSON(24) + `,"blocks":[]}`, `{"type":"modal","title":` + plainJSON(25) + `,"blocks":[]}`},
		{"to send it", modal(`,"blocks":[],"submit":` + plainJSON(24)), modal(`,"blocks":[],"submit":` + plainJSON(25))},
		{"to close it", modal(`,"blocks":[],"close":` + plainJSON(24)), modal(`,"blocks":[],"close":` + plainJSON(25))},
		{"a question without sending", modal(`,"submit":` + plainJSON(1) + `,"blocks":[` + inputJSON(aSelect) + `]`), modal(`,"blocks":[` + inputJSON(aSelect) + `]`)},
		{"100 blocks", modal(`,"blocks":[` + many(100, func(int) string { return aSection }) + `]`), modal(`,"blocks":[` + many(101, func(int) string { return aSection }) + `]`)},
		{"what it holds hidden", modal(`,"blocks":[],"private_metadata":"` + strings.Repeat("x", 3000) + `"`), modal(`,"blocks":[],"private_metadata":"` + strings.Repeat("x", 3001) + `"`)},
		{"its name", modal(`,"blocks":[],"callback_id":"` + strings.Repeat("x", 255) + `"`), modal(`,"blocks":[],"callback_id":"` + strings.Repeat("x", 256) + `"`)},
		{"a home with a title", `{"type":"home","blocks":[]}`, `{"type":"home","title":` + plainJSON(1) + `,"blocks":[]}`},
		{"blocks at all", modal(`,"blocks":[]`), modal("")},
	} {
		if faults := Check([]byte(c.good)); len(faults) > 0 {
			t.Errorf("%s: what is right is refused: %v", c.name, faults)
		}
		if faults := Check([]byte(c.bad)); len(faults) == 0 {
			t.Errorf("%s: taken", c.name)
		}
	}
}
