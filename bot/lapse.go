package bot

import (
	"time"

	"parcours/bot/command"
	"parcours/casework"
	"parcours/storage"
)

// lapse decides what follows in a case from last days that have passed. Whoever may
// read it no more is taken out of the channel at once, and told in the morning.
func (n *Nudges) lapse(c *casework.Case) decision {
	now := n.now()
	facts := c.Lapse(now)
	if facts == nil {
		return decision{}
	}
	d := decision{facts: facts, later: morning(n.policy, now)}
	after := c.After(facts, "", now)
	for _, fact := range d.facts {
		switch f := fact.(type) {
		case casework.MissionEnded:
			// None of it is done where whoever opened the case stays.
			d.notices = append(d.notices, command.Notice{Act: command.Remove, User: f.User})
			d.notices = append(d.notices, departure(after, f.User, now)...)
		case casework.ChannelShut:
			for _, m := range after.Members {
				if after.PutOut(m.User) {
					d.notices = append(d.notices, command.Notice{Act: command.Remove, User: m.User})
				}
				if after.PutOut(m.User) || m.User == c.Author {
					d.notices = append(d.notices, command.Notice{Act: command.Tell, View: command.ShutView, User: m.User})
				}
			}
		}
	}
	return d
}

// morning is when people are told of what happened by night: at the hour of reminders,
// on the day or the next one that is worked; at once when that is past.
func morning(p casework.Policy, now time.Time) time.Time {
	return casework.DayOf(now).FirstWorking(p.Working).At(p.Hour, 0, now.Location())
}

// back gives the rows that let in again those who were put out of the channel, since
// the person agreed anew; those of them whom she named no more are not let in.
func (j *journals) back(before, after *casework.Case) ([]storage.Row, error) {
	var rows []storage.Row
	for _, m := range after.Members {
		if !before.PutOut(m.User) || after.PutOut(m.User) {
			continue
		}
		row, err := j.row(intent{Notice: command.Notice{Act: command.Add, User: m.User}}, refreshKey(after, "back/"+j.sign.tag(string(m.User))), after.Code)
		if err != nil {
			return nil, err
		}
		rows = append(rows, row)
	}
	return rows, nil
}
