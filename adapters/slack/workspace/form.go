package workspace

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"slices"
	"strconv"
	"time"
)

// A Form is the window that somebody has open.
type Form struct {
	// Callback is its name for the app, Metadata what the app put in it unseen.
	Callback, Metadata string
	// Text is all that it shows.
	Text   string
	Inputs []Input
	// Wrong is what was said of its last sending, by block.
	Wrong map[string]string
}

// An Input is a question of a form.
type Input struct {
	Action, Type string
	Optional     bool
	// Options are the values that can be chosen.
	Options []string
}

// Form gives the window that somebody has open, if there is one.
func (w *Workspace) Form(user string) (Form, bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	s := w.screen(user)
	if len(s.modals) == 0 {
		return Form{}, false
	}
	v := s.modals[len(s.modals)-1]
	form := Form{Callback: v.text("callback_id"), Metadata: v.text("private_metadata"), Text: w.blocksText(v.blocks()), Wrong: maps.Clone(s.wrong)}
	for _, in := range inputs(v) {
		form.Inputs = append(form.Inputs, Input{in.action, in.kind, in.optional, in.values()})
	}
	return form, true
}

// Dismiss has somebody close the window on top.
func (w *Workspace) Dismiss(user string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	s := w.screen(user)
	s.modals, s.wrong = s.modals[:len(s.modals)-1], nil
}

// input is a block that asks something.
type input struct {
	block, action, kind string
	optional            bool
	element             object
}

func inputs(v *view) []input {
	var found []input
	for _, b := range v.blocks() {
		block := b.(object)
		element, ok := block["element"].(object)
		if block["type"] != "input" || !ok {
			continue
		}
		in := input{element: element}
		in.block, _ = block["block_id"].(string)
		in.action, _ = element["action_id"].(string)
		in.kind, _ = element["type"].(string)
		in.optional, _ = block["optional"].(bool)
		found = append(found, in)
	}
	return found
}

func (in input) values() []string {
	var values []string
	options, _ := in.element["options"].([]any)
	for _, o := range options {
		values = append(values, o.(object)["value"].(string))
	}
	return values
}

// Submit has somebody send the window on top, with these values by action: as it
// stands where none is given, emptied where one is given without values. It fails
// where Slack would not let them send it.
func (w *Workspace) Submit(ctx context.Context, user string, values map[string][]string) error {
	w.mu.Lock()
	s := w.screen(user)
	if len(s.modals) == 0 {
		w.mu.Unlock()
		return fmt.Errorf("workspace: %s has no open form", user)
	}
	v := s.modals[len(s.modals)-1]
	state, err := w.filled(v, values)
	if err != nil {
		w.mu.Unlock()
		return err
	}
	payload := object{
		"type": "view_submission", "team": team, "user": w.named(user), "api_app_id": AppID, "token": "deprecated", "enterprise": nil,
		"is_enterprise_install": false, "trigger_id": w.newTrigger(user), "view": w.shownView(v, state), "response_urls": []object{},
	}
	w.mu.Unlock()
	answer, err := w.act(ctx, &delivery{kind: "interactive", url: w.app.interactionURL, answers: true, form: true, payload: payload})
	if err != nil {
		return err
	}
	return w.submitted(user, v, answer)
}

// submitted does what the app answered to a window sent.
func (w *Workspace) submitted(user string, v *view, raw json.RawMessage) error {
	var answer struct {
		Action string            `json:"response_action"`
		Errors map[string]string `json:"errors"`
		View   object            `json:"view"`
	}
	if raw != nil && json.Unmarshal(raw, &answer) != nil {
		return w.misanswered("an answer to a form that is no JSON")
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	defer w.changed()
	s := w.screen(user)
	top := len(s.modals) - 1
	if top < 0 || s.modals[top] != v {
		return nil // another was opened meanwhile
	}
	s.wrong = nil
	switch answer.Action {
	case "":
		s.modals = s.modals[:top]
		return nil
	case "clear":
		s.modals = nil
		return nil
	case "errors":
		for block := range answer.Errors {
			if !slices.ContainsFunc(inputs(v), func(in input) bool { return in.block == block }) {
				w.complain("an error of block %q, which asks nothing", block)
				return ErrFailed
			}
		}
		if len(answer.Errors) == 0 {
			w.complain("errors without any")
			return ErrFailed
		}
		s.wrong = answer.Errors
		s.shown++
		return nil
	case "update", "push":
		if answer.Action == "push" && top+1 == viewStack {
			w.complain("more than %d windows", viewStack)
			return ErrFailed
		}
		if answer.Action == "update" {
			s.modals = s.modals[:top]
		}
		if err := w.checked(answer.View, false); err != nil {
			s.modals = append(s.modals[:top], v)
			w.complain("an answer with a view: %v %v", err, err.(refusal).with["errors"])
			return ErrFailed
		}
		w.show(user, answer.View)
		return nil
	}
	w.complain("an answer that does %q", answer.Action)
	return ErrFailed
}

func (w *Workspace) misanswered(why string) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.complain("%s", why)
	return ErrFailed
}

// filled gives the state of a window with these values in it.
func (w *Workspace) filled(v *view, values map[string][]string) (object, error) {
	state, asked := object{}, map[string]bool{}
	for _, in := range inputs(v) {
		given, ok := values[in.action]
		asked[in.action] = true
		if !ok {
			given = in.initial()
		}
		answer, err := w.fill(in, given)
		if err != nil {
			return nil, fmt.Errorf("workspace: field %s: %w", in.action, err)
		}
		if len(given) == 0 && !in.optional {
			return nil, fmt.Errorf("workspace: field %s is needed", in.action)
		}
		answer["type"] = in.kind
		state[in.block] = object{in.action: answer}
	}
	for action := range values {
		if !asked[action] {
			return nil, fmt.Errorf("workspace: the form has no field %s", action)
		}
	}
	return state, nil
}

// initial gives what an input holds when it is shown.
func (in input) initial() []string {
	for _, name := range []string{"initial_value", "initial_user", "initial_date", "initial_time"} {
		if text, ok := in.element[name].(string); ok && text != "" {
			return []string{text}
		}
	}
	if at, ok := in.element["initial_date_time"].(float64); ok {
		return []string{strconv.FormatInt(int64(at), 10)}
	}
	var values []string
	if option, ok := in.element["initial_option"].(object); ok {
		values = append(values, option["value"].(string))
	}
	options, _ := in.element["initial_options"].([]any)
	for _, o := range options {
		values = append(values, o.(object)["value"].(string))
	}
	return values
}

// fill gives what a window sends of an input with these values in it.
func (w *Workspace) fill(in input, given []string) (object, error) {
	one := any(nil)
	if len(given) > 0 {
		one = given[0]
	}
	switch in.kind {
	case "plain_text_input", "number_input":
		if err := in.takes(given); err != nil {
			return nil, err
		}
		return object{"value": one}, nil
	case "users_select":
		if len(given) > 0 && w.find(given[0]) == nil {
			return nil, fmt.Errorf("nobody is %q", given[0])
		}
		return object{"selected_user": one}, nil
	case "datepicker":
		return object{"selected_date": one}, timed(given, "2006-01-02")
	case "timepicker":
		return object{"selected_time": one}, timed(given, "15:04")
	case "datetimepicker":
		if len(given) == 0 {
			return object{"selected_date_time": nil}, nil
		}
		at, err := strconv.ParseInt(given[0], 10, 64)
		return object{"selected_date_time": at}, err
	}
	chosen := []object{}
	for _, value := range given {
		option := optionOf(in.element, value)
		if option == nil {
			return nil, fmt.Errorf("no option %q", value)
		}
		chosen = append(chosen, option)
	}
	switch in.kind {
	case "checkboxes", "multi_static_select":
		return object{"selected_options": chosen}, nil
	case "static_select", "radio_buttons":
		if len(chosen) == 0 {
			return object{"selected_option": nil}, nil
		}
		return object{"selected_option": chosen[0]}, nil
	}
	return nil, fmt.Errorf("nobody here can fill a %s", in.kind)
}

// takes says why a text cannot be typed in an input.
func (in input) takes(given []string) error {
	if len(given) == 0 {
		return nil
	}
	text := given[0]
	limit := func(name string, otherwise float64) float64 {
		if n, ok := in.element[name].(float64); ok {
			return n
		}
		return otherwise
	}
	if in.kind == "plain_text_input" {
		if n := float64(size(text)); n < limit("min_length", 0) || n > limit("max_length", textInput) {
			return fmt.Errorf("%v characters", n)
		}
		return nil
	}
	n, err := strconv.ParseFloat(text, 64)
	bound := func(name string, otherwise float64) float64 {
		if value, err := strconv.ParseFloat(fmt.Sprint(in.element[name]), 64); err == nil {
			return value
		}
		return otherwise
	}
	switch {
	case err != nil:
		return err
	case in.element["is_decimal_allowed"] != true && n != math.Trunc(n):
		return fmt.Errorf("%s is not whole", text)
	case n < bound("min_value", math.Inf(-1)) || n > bound("max_value", math.Inf(1)):
		return fmt.Errorf("%s is out of bounds", text)
	}
	return nil
}

// timed says whether what was given is a day or an hour of the clock.
func timed(given []string, layout string) error {
	if len(given) == 0 {
		return nil
	}
	_, err := time.Parse(layout, given[0])
	return err
}
