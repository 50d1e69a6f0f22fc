package e2e

import (
	"testing"
	"time"
)

// TestThePersonTakesHerAgreementBack has the person do it by herself, in private, while
// the program serves: within seconds nobody reads the channel, the server's database
// holds nothing of the case but what messages said before they were emptied, which
// nobody reads, and nothing more is to be said of it.
func TestThePersonTakesHerAgreementBack(t *testing.T) {
	l := newLived(t, "")
	marked := l.mark()
	l.live(false)
	ctx := t.Context()
	channel, err := l.place(ctx, "claire", "case")
	must(t, err)
	left := func() (rows []held) {
		for _, row := range l.holding(marked) {
			if row.table != "posts" || !earlier.MatchString(row.text) {
				rows = append(rows, row)
			}
		}
		return rows
	}
	if len(left()) == 0 {
		t.Error("the chat holds nothing of the case before: the test looks at nothing")
	}

	begun := time.Now()
	must(t, l.people["usagere"].Execute(ctx, l.direct("usagere"), "/parcours consentement withdraw"))
	must(t, l.quiet(ctx))
	took := time.Since(begun)
	if t.Logf("everything was emptied and closed within %s", took.Round(time.Millisecond)); took > 10*time.Second {
		t.Errorf("it took %s until everything was closed", took)
	}
	for _, row := range left() {
		t.Errorf("the chat still holds, in %s: %s", row.table, row.text)
	}
	for handle, p := range l.people {
		if _, err := p.Posts(ctx, channel); err == nil {
			t.Errorf("%s still reads the channel", handle)
		}
	}
	if waiting := l.gauge("parcours_outbox_waiting"); waiting != 0 {
		t.Errorf("%v things are still to be said", waiting)
	}
	l.verified()
}
