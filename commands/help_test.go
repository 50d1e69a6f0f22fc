package commands

import (
	"testing"

	"parcours/bot/chat"
	"parcours/casework"
)

// The help shows what the asker can do, no more.
func TestHelpForTheRole(t *testing.T) {
	both(t, func(t *testing.T, w *world) {
		c := w.rich()
		say := w.request(claire, nil, nil).Say
		open, commission, status := say.T("cmd.open.example"), say.T("cmd.commission.example"), say.T("cmd.status.example")
		says(t, w.do(bilal, "aide", c).Reply, open, commission, status)
		m := w.do(sam, "aide", c).Reply
		says(t, m, status)
		keeps(t, m, commission)
		w.outsider = true
		m = w.do(zoe, "aide", nil).Reply
		keeps(t, m, open, commission, status+" ")
		says(t, m, "/parcours agenda")
	})
}

// Each verb has its page, which names every field it takes.
func TestHelpOnOneVerb(t *testing.T) {
	both(t, func(t *testing.T, w *world) {
		for _, c := range All() {
			m := w.do(claire, "aide", nil, "verb", c.Name).Reply
			says(t, m, w.request(claire, nil, nil).Say.T("cmd."+c.Twin+".summary"))
			if c.Fields == nil {
				continue
			}
			for _, f := range c.Fields(w.request(claire, casework.Fold("", nil), nil)) {
				says(t, m, f.About().ID+" : "+f.About().Label)
			}
		}
		_, err := w.try(claire, "aide", nil, chat.Values{"verb": {"xyz"}})
		refusedFor(t, err, casework.NotAChoice, "verb")
	})
}

// The declarations hold together: names are used once, words are fields, and a
// verb's examples begin with it.
func TestDeclarations(t *testing.T) {
	names := map[string]bool{}
	w := newWorld(t, "fr")
	for _, c := range All() {
		for _, name := range append([]string{c.Name}, c.Aliases...) {
			if names[name] {
				t.Errorf("%s is the name of two commands", name)
			}
			names[name] = true
		}
		fields := map[string]bool{}
		if c.Fields != nil {
			for _, f := range c.Fields(w.request(claire, casework.Fold("", nil), nil)) {
				fields[f.About().ID] = true
			}
		}
		for _, word := range c.Words {
			if !fields[word] {
				t.Errorf("%s: word %s is no field", c.Name, word)
			}
		}
		if (c.Form == "") != (c.Fields == nil) || c.Do == nil {
			t.Errorf("%s: form %q and its fields do not go together", c.Name, c.Form)
		}
		for _, b := range c.Buttons {
			if (b.Form == "") != (b.Fields == nil) || b.Do == nil || b.On == "" {
				t.Errorf("button %s on %s is not whole", b.ID, b.On)
			}
		}
	}
}
