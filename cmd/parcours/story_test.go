package main

import (
	"bytes"
	"path/filepath"
	"testing"
	"time"

	"parcours/bot/chat"
	"parcours/locales"
)

// The stories are played on the day somebody tries them, whichever it is: any day
// of the week, at any hour, with clocks put back or forward and public holidays
// meanwhile; some where the chat keeps nothing, and people ask to be shown.
func TestTheStoriesPlayOnAnyDay(t *testing.T) {
	zone, err := time.LoadLocation("Europe/Paris")
	must(t, err)
	starts := []time.Time{
		time.Date(2027, 10, 12, 0, 20, 0, 0, zone), time.Date(2027, 8, 3, 0, 30, 0, 0, zone), // before clocks go back
		time.Date(2027, 3, 9, 23, 50, 0, 0, zone),                                            // before clocks go forward
		time.Date(2028, 2, 29, 7, 0, 0, 0, zone), time.Date(2026, 12, 17, 10, 0, 0, 0, zone), // a leap day, holidays
	}
	for day := range 7 {
		starts = append(starts, time.Date(2026, 11, 23+day, []int{1, 8, 12, 18}[day%4], 30, 0, 0, zone))
	}
	for name, read := range tales {
		tale, err := read()
		must(t, err)
		for day, start := range starts {
			discreet := day%3 == 0
			t.Run(name+" "+start.Format("Mon 2006-01-02 15h"), func(t *testing.T) {
				var out bytes.Buffer
				p, err := newPlayground(filepath.Join(t.TempDir(), "parcours.db"), tale, chat.French, locales.Departement{}, discreet, atAnyHour(), func() time.Time { return start }, streams{out: &out, err: &out})
				must(t, err)
				defer p.store.Close()
				if err := p.play(t.Context(), tale, &out, false); err != nil {
					t.Errorf("%v\n%s", err, out.String()[max(0, out.Len()-3000):])
				}
			})
		}
	}
}
