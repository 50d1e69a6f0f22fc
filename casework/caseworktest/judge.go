package caseworktest

import (
	"time"

	"parcours/casework"
)

// A Judge reads a journal and says who may know what by the rules of the
// démarche alone. It shares no line with the domain: it is the second opinion on
// Covers.
type Judge struct {
	author casework.UserID
	agreed bool      // the person consented at least once
	over   bool      // she took it back
	doubt  bool      // whether she still agrees to as much is not known
	closed time.Time // when the case was closed
	// months is how long it is kept then, told at set; 0 where nobody said.
	months int
	set    time.Time
	// asked was asked to be the referent, referent is.
	asked, referent casework.UserID
	until           string
	topics          map[casework.Topic]bool
	vetoes          map[casework.Topic]bool
	shares          map[string]map[casework.Topic]bool
	inside          map[casework.UserID]bool
	offered         map[casework.UserID]casework.MemberInvited
}

// Hear reads a journal.
func Hear(journal []casework.Entry) Judge {
	j := Judge{inside: map[casework.UserID]bool{}, offered: map[casework.UserID]casework.MemberInvited{}}
	for _, e := range journal {
		switch f := e.Fact.(type) {
		case casework.Opened:
			j.author = e.By
			j.inside[e.By] = true
			j.offered[e.By] = casework.MemberInvited{Professional: f.Author.ID}
		case casework.ConsentGiven:
			if !j.minds(e.By) {
				continue
			}
			j.agreed, j.doubt = true, false
			j.until = string(f.Consent.Until)
			j.topics, j.vetoes = set(f.Consent.Topics), set(f.Consent.Vetoes)
			j.shares = map[string]map[casework.Topic]bool{}
			for _, s := range f.Consent.Shares {
				j.shares[s.Professional] = set(s.Topics)
			}
		case casework.ConsentWithdrawn:
			// It stays with the service of whoever opened it.
			j.over, j.referent, j.asked = true, "", ""
		case casework.SharingSuspended:
			j.doubt = true
		case casework.RetentionSet:
			j.months, j.set = f.Months, e.At
		case casework.CaseClosed:
			j.closed, j.asked = e.At, ""
		case casework.ReferentAsked:
			j.asked = f.User
		case casework.ReferentAnswered:
			if f.Accepted && f.User == j.asked {
				j.referent = f.User
			}
			if f.User == j.asked {
				j.asked = ""
			}
		case casework.MemberInvited:
			j.inside[f.User] = false
			j.offered[f.User] = f
		case casework.InvitationAnswered:
			j.inside[f.User] = f.Accepted
		case casework.MissionEnded:
			j.referent = ""
			j.inside[f.User] = j.inside[f.User] && f.User == j.author
			if f.User == j.asked && f.User != j.author {
				j.asked = ""
			}
		case casework.MemberLeft:
			j.inside[f.User] = false
			if f.User == j.asked {
				j.asked = ""
			}
			if f.User == j.referent {
				j.referent = ""
			}
		}
	}
	return j
}

// minds says whether the consent is somebody's to change: a version that another wrote is
// not believed.
func (j Judge) minds(user casework.UserID) bool {
	herself := j.inside[user] && j.offered[user].Role == casework.RolePerson
	return user == j.author || user == j.referent || herself
}

func set(topics []casework.Topic) map[casework.Topic]bool {
	all := map[casework.Topic]bool{}
	for _, t := range topics {
		all[t] = true
	}
	return all
}

// Lets says whether user may know of topic at that moment; the empty topic is
// what all who may know of anything may know.
func (j Judge) Lets(user casework.UserID, topic casework.Topic, at time.Time) bool {
	if j.over || !j.inside[user] {
		return false
	}
	if !j.agreed {
		return user == j.author && topic == ""
	}
	herself := j.offered[user].Role == casework.RolePerson
	keeper := user == j.author || user == j.referent
	ran := j.doubt || j.until < at.Format("2006-01-02")
	if ran && (j.closed.IsZero() || !herself && !keeper) {
		return false
	}
	if !j.closed.IsZero() && j.lost(j.closed, at) {
		return false
	}
	if herself {
		return true
	}
	for open := range j.shares[j.offered[user].Professional] {
		if (topic == "" || topic == open) && j.topics[open] && !j.vetoes[open] {
			return true
		}
	}
	return false
}

// lost says whether a case that rests since a moment is kept no more at another.
func (j Judge) lost(since, at time.Time) bool {
	return j.last(since, at.Location()) < at.Format("2006-01-02")
}

// last is the last day of a case that rests since a moment: two years after, or as many
// months as was said; a day that the month of the anniversary lacks is its last. Thirty
// days at least lie between what was said and its end.
func (j Judge) last(since time.Time, zone *time.Location) string {
	months := 24
	if j.months > 0 {
		months = j.months
	}
	year, month, day := since.In(zone).Date()
	anniversary := time.Date(year, month+time.Month(months), day, 0, 0, 0, 0, time.UTC)
	if anniversary.Day() != day {
		anniversary = anniversary.AddDate(0, 0, -anniversary.Day())
	}
	last := anniversary.Format("2006-01-02")
	if notice := j.set.In(zone).AddDate(0, 0, 31).Format("2006-01-02"); j.set.After(since) && notice > last {
		last = notice
	}
	return last
}
