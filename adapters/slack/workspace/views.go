package workspace

import (
	"encoding/json"
	"slices"
	"time"
)

const (
	triggerLife = 3 * time.Second
	viewBytes   = 250 << 10
	viewStack   = 3
)

// A trigger is what lets the app open a window for somebody who just acted.
type trigger struct {
	user string
	used bool
	made time.Time
}

// newTrigger makes one for somebody.
func (w *Workspace) newTrigger(user string) string {
	id := "13" + w.id("") + ".7890123." + w.id("")
	w.triggers[id] = &trigger{user: user, made: w.options.Now()}
	return id
}

// view is a window of questions, or a home.
type view struct {
	id, hash, root, previous string
	given                    object // as the app gave it
}

// text gives one of the texts of a view.
func (v *view) text(name string) string {
	text, _ := v.given[name].(string)
	return text
}

func (v *view) blocks() []any {
	blocks, _ := v.given["blocks"].([]any)
	return blocks
}

// shownView gives a view as the app may read it, with what was answered so far.
func (w *Workspace) shownView(v *view, values object) object {
	shown := object{
		"id": v.id, "team_id": TeamID, "app_id": AppID, "bot_id": botID, "hash": v.hash, "root_view_id": v.root, "previous_view_id": nil,
		"app_installed_team_id": TeamID, "private_metadata": "", "callback_id": "", "external_id": "", "close": nil, "submit": nil,
		"clear_on_close": false, "notify_on_close": false,
	}
	for name, value := range v.given {
		shown[name] = value
	}
	if v.previous != "" {
		shown["previous_view_id"] = v.previous
	}
	if values == nil {
		values = object{}
	}
	shown["state"] = object{"values": values}
	return shown
}

// viewed reads the view of a call.
func (c *call) viewed(home bool) (object, error) {
	given, there, err := c.value("view")
	if !there {
		return nil, refusal{"invalid_arguments", said([]string{"[ERROR] missing required field: view"})}
	}
	v, ok := given.(object)
	if err != nil || !ok {
		return nil, refusal{"invalid_arguments", said([]string{"[ERROR] must be a valid view"})}
	}
	return v, c.checked(v, home)
}

// checked refuses a view as Slack does.
func (w *Workspace) checked(v object, home bool) error {
	raw, err := json.Marshal(v)
	if err != nil {
		panic(err) // it was read from JSON
	}
	if len(raw) > viewBytes {
		return refuse("view_too_large")
	}
	if faults := checkView(v, home); len(faults) > 0 {
		return refusal{"invalid_arguments", said(faults)}
	}
	external, _ := v["external_id"].(string)
	if external == "" {
		return nil
	}
	for _, s := range w.screens {
		for _, open := range s.modals {
			if open.text("external_id") == external {
				return refuse("duplicate_external_id")
			}
		}
	}
	return nil
}

// exchange gives whoever acted, for a trigger that serves still.
func (c *call) exchange() (string, error) {
	t := c.triggers[c.text("trigger_id")]
	switch {
	case t == nil:
		return "", refuse("invalid_trigger_id")
	case t.used:
		return "", refuse("exchanged_trigger_id")
	case c.options.Now().Sub(t.made) > triggerLife:
		return "", refuse("expired_trigger_id")
	}
	t.used = true
	return t.user, nil
}

// show puts a view on top of what somebody has open.
func (w *Workspace) show(user string, given object) *view {
	s := w.screen(user)
	v := &view{id: w.id("V"), hash: w.stamp(), given: given}
	v.root = v.id
	if n := len(s.modals); n > 0 {
		v.root, v.previous = s.modals[0].id, s.modals[n-1].id
	}
	s.modals, s.wrong = append(s.modals, v), nil
	s.shown++
	return v
}

func viewsOpen(c *call) (object, error) {
	given, err := c.viewed(false)
	if err != nil {
		return nil, err
	}
	user, err := c.exchange()
	if err != nil {
		return nil, err
	}
	c.screen(user).modals = nil
	return object{"view": c.shownView(c.show(user, given), nil)}, nil
}

func viewsPush(c *call) (object, error) {
	given, err := c.viewed(false)
	if err != nil {
		return nil, err
	}
	user, err := c.exchange()
	if err != nil {
		return nil, err
	}
	switch n := len(c.screen(user).modals); {
	case n == 0:
		return nil, refuse("not_found")
	case n == viewStack:
		return nil, refuse("push_limit_reached")
	}
	return object{"view": c.shownView(c.show(user, given), nil)}, nil
}

func viewsUpdate(c *call) (object, error) {
	id, external := c.text("view_id"), c.text("external_id")
	for _, s := range c.screens {
		i := slices.IndexFunc(s.modals, func(v *view) bool {
			return id != "" && v.id == id || external != "" && v.text("external_id") == external
		})
		if i < 0 {
			continue
		}
		v := s.modals[i]
		if hash := c.text("hash"); hash != "" && hash != v.hash {
			return nil, refuse("hash_conflict")
		}
		was := v.given
		v.given = nil // its own external id is not another's
		given, err := c.viewed(false)
		if v.given = was; err != nil {
			return nil, err
		}
		v.given, v.hash = given, c.stamp()
		return object{"view": c.shownView(v, nil)}, nil
	}
	return nil, refuse("not_found")
}

func viewsPublish(c *call) (object, error) {
	given, err := c.viewed(true)
	if err != nil {
		return nil, err
	}
	user := c.text("user_id")
	if c.find(user) == nil {
		return nil, refuse("user_not_found")
	}
	if !c.Workspace.app.home {
		return nil, refuse("not_enabled")
	}
	v := c.homes[user]
	if hash := c.text("hash"); v != nil && hash != "" && hash != v.hash {
		return nil, refuse("hash_conflict")
	}
	if v == nil {
		v = &view{id: c.id("V")}
		v.root = v.id
		c.homes[user] = v
	}
	v.given, v.hash = given, c.stamp()
	c.keep("home", given)
	return object{"view": c.shownView(v, nil)}, nil
}
