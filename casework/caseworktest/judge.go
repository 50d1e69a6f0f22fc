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
	readings        []Reading
}

// A Reading is one of the case by somebody who needs no place in it for that.
type Reading struct {
	By     casework.UserID
	At     time.Time
	Reason string
	// Archive: it was to hand over to the person all that is recorded of her.
	Archive bool
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
		case casework.Consulted:
			j.readings = append(j.readings, Reading{By: e.By, At: e.At, Reason: f.Reason})
		case casework.DocumentMade:
			if n := len(j.readings); n > 0 && j.readings[n-1].By == e.By && f.Kind == "export" {
				j.readings[n-1].Archive = true
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

// Readings are those of people who needed no place in the case, the last at the end.
func (j Judge) Readings() []Reading { return j.readings }

// Opens says whether such a reading shows topic, to whomever it may be: what the person
// agreed to share, with anybody, and did not set aside; for as long as the case is kept,
// even once she took her agreement back.
func (j Judge) Opens(topic casework.Topic) bool {
	return topic == "" || j.topics[topic] && !j.vetoes[topic]
}

// Hears gives who is told of a reading by somebody: the first of the referent, whoever
// opened the case and whoever leads the meetings who did not read it themself; and the
// person herself, where she is in the circle. Nobody is left of a circle that she
// dissolved but whoever opened the case.
func (j Judge) Hears(by casework.UserID) []casework.UserID {
	first := []casework.UserID{j.referent, j.author}
	var herself []casework.UserID
	for user, in := range j.inside {
		switch {
		case !in || j.over || user == by:
		case j.offered[user].Role == casework.RoleChair:
			first = append(first, user)
		case j.offered[user].Role == casework.RolePerson:
			herself = append(herself, user)
		}
	}
	for _, user := range first {
		if user != "" && user != by {
			return append(herself, user)
		}
	}
	return herself
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
