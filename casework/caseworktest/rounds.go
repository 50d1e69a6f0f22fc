package caseworktest

import (
	"cmp"
	"slices"
	"time"

	"parcours/casework"
)

// Rounds are those of a naive scheduler, who looks at every case each time he is
// asked, and tells each person he finds all that he has for them. It is the second
// opinion on who is told what, and when: it reads the decisions of the journals,
// and keeps by himself what he told.
type Rounds struct {
	Policy casework.Policy

	reminded map[casework.Code][]casework.Entry
	queued   map[post]bool
	waiting  map[casework.UserID][]post
}

// A post is a reminder for somebody.
type post struct {
	code casework.Code
	key  string
	user casework.UserID
	// about is what several reminders of one thing have in common.
	about string
}

// Tell gives what each person is told at now, in the zone of now, of the cases
// that journals tell: the code and the key of each reminder, in order. open says
// who can be told at all at this moment; what is due to others waits.
func (r *Rounds) Tell(now time.Time, journals map[casework.Code][]casework.Entry, open func(casework.UserID) bool) map[casework.UserID][]string {
	if r.queued == nil {
		r.reminded, r.queued, r.waiting = map[casework.Code][]casework.Entry{}, map[post]bool{}, map[casework.UserID][]post{}
	}
	read := map[casework.Code]*reminders{}
	for code, journal := range journals {
		known := r.with(code, decided(journal))
		read[code] = readReminders(known, r.Policy, now)
		give, record := Reference(known, r.Policy, now)
		for _, key := range record {
			r.reminded[code] = append(r.reminded[code], casework.Entry{At: now, Fact: casework.Reminded{Key: key}})
		}
		for _, due := range give {
			for _, user := range due.To {
				r.queue(post{code, due.Key, user, string(code) + "/" + string(due.Kind) + "/" + due.Subject})
			}
		}
	}
	told := map[casework.UserID][]string{}
	for user, posts := range r.waiting {
		if !open(user) {
			continue
		}
		delete(r.waiting, user)
		for i, p := range posts {
			overtaken := slices.ContainsFunc(posts[i+1:], func(later post) bool { return later.about == p.about })
			if !overtaken && read[p.code].holds(p) {
				told[user] = append(told[user], string(p.code)+" "+p.key)
			}
		}
		slices.Sort(told[user])
	}
	return told
}

func (r *Rounds) queue(p post) {
	if !r.queued[p] {
		r.queued[p] = true
		r.waiting[p.user] = append(r.waiting[p.user], p)
	}
}

// with gives a journal with what the scheduler told of it.
func (r *Rounds) with(code casework.Code, journal []casework.Entry) []casework.Entry {
	return slices.Concat(journal, r.reminded[code])
}

// decided leaves out of a journal what was written of reminders.
func decided(journal []casework.Entry) []casework.Entry {
	return slices.DeleteFunc(slices.Clone(journal), func(e casework.Entry) bool {
		_, reminded := e.Fact.(casework.Reminded)
		return reminded
	})
}

// holds reports whether what was due to somebody is as it was, and still for them.
func (r *reminders) holds(p post) bool {
	for _, due := range r.due() {
		if due.Key != p.key {
			continue
		}
		coordinates := p.user == cmp.Or(r.referent, r.author)
		switch due.Kind {
		case casework.RemindAction:
			a := r.actions[due.Subject]
			return r.Lets(p.user, r.topics[a.Objective], r.now) && (coordinates || r.does(p.user, a))
		case casework.RemindSignatures:
			return r.Lets(p.user, "", r.now) && (coordinates || r.unsignedOf(due.Subject)[r.is(p.user)])
		}
		return r.hears(due)[p.user]
	}
	return false
}
