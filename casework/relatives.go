package casework

import (
	"cmp"
	"strconv"
	"strings"
	"time"
)

// A Relative is the person herself, or somebody of her household, as the forms
// of the départements ask (guide, annexes 2.1, 2.2 and 2.4). A child's line tells
// of Childhood, the others of the general part of the case.
type Relative struct {
	ID        string       `json:"id"`
	Kind      RelativeKind `json:"kind"`
	Title     Title        `json:"title,omitempty"`
	LastName  string       `json:"last_name,omitempty"`
	FirstName string       `json:"first_name,omitempty"`
	Born      Day          `json:"born,omitempty"`
	// Situation is their place in the family, and Activity what they do, in words.
	Situation string `json:"situation,omitempty"`
	Activity  string `json:"activity,omitempty"`

	// The rest is asked of the person herself alone.
	Family  FamilySituation `json:"family,omitempty"`
	Address string          `json:"address,omitempty"`
	Email   string          `json:"email,omitempty"`
	Phone   string          `json:"phone,omitempty"`
	Phone2  string          `json:"phone2,omitempty"`
	// Locker says whether she would like a digital locker for her papers.
	Locker YesNo `json:"locker,omitempty"`
	// Left: not of the household any more.
	Left bool `json:"left,omitempty"`
}

// RelativeKind says who of the household a line is about.
type RelativeKind string

// The kinds of relatives.
const (
	Herself RelativeKind = "person"
	Adult   RelativeKind = "adult"
	Child   RelativeKind = "child"
)

// Title is how somebody is addressed.
type Title string

// The titles.
const (
	Madam  Title = "madame"
	Mister Title = "monsieur"
)

// FamilySituation is the person's, in the few words that figures can count.
type FamilySituation string

// The family situations.
const (
	Alone        FamilySituation = "alone"
	Couple       FamilySituation = "couple"
	SingleParent FamilySituation = "single_parent"
	TwoParents   FamilySituation = "two_parents"
	Otherwise    FamilySituation = "other"
)

// FamilySituations are all of them, in order.
func FamilySituations() []FamilySituation {
	return []FamilySituation{Alone, Couple, SingleParent, TwoParents, Otherwise}
}

// YesNo is an answer that may not have been given.
type YesNo string

// The answers.
const (
	Yes YesNo = "yes"
	No  YesNo = "no"
)

// FullName is how somebody of the household is named.
func (r Relative) FullName() string { return strings.TrimSpace(r.FirstName + " " + r.LastName) }

// Topic is what a line tells of.
func (r Relative) Topic() Topic {
	if r.Kind == Child {
		return Childhood
	}
	return ""
}

// RelativeStated: a line of the household, new or corrected.
type RelativeStated struct {
	Relative Relative `json:"relative"`
}

func (f RelativeStated) apply(c *Case, _ Entry) {
	if known, ok := find(c.Relatives, f.Relative.ID, relativeID); ok {
		*known = f.Relative
		return
	}
	c.Relatives = append(c.Relatives, f.Relative)
}

func relativeID(r Relative) string { return r.ID }

// Herself gives the person's own line, if it was stated.
func (c *Case) Herself() (Relative, bool) {
	r, ok := find(c.Relatives, string(Herself), func(r Relative) string { return string(r.Kind) })
	if !ok {
		return Relative{}, false
	}
	return *r, true
}

// StateRelative decides a line of the household, or the correction of the line of
// the same person: herself, or whoever has the same names. What a correction
// leaves empty stays as it was; Left is said each time. Errors: Missing, TooLong,
// NotAChoice, NotADate, FutureDate for a birth to come, SameAgain, TopicVetoed,
// TopicNotShared and TopicSetAside for a child, and those of a decision on a case
// at work.
func (c *Case) StateRelative(r Relative, now time.Time) ([]Fact, error) {
	err := first(c.working(now), oneOf("kind", r.Kind, Herself, Adult, Child), r.sized(), r.chosen())
	if err != nil {
		return nil, err
	}
	if r.Kind == Child {
		if err := c.topicNow(Childhood, now); err != nil {
			return nil, err
		}
	}
	switch {
	case r.Kind != Herself && r.FirstName == "" && r.LastName == "":
		return nil, Refuse(Missing, "first_name")
	case r.Born != "" && !r.Born.Valid():
		return nil, Refuse(NotADate, "born")
	case r.Born > DayOf(now):
		return nil, Refuse(FutureDate, "born")
	}
	r.ID = "h" + strconv.Itoa(len(c.Relatives)+1)
	if known, ok := c.sameRelative(r); ok {
		if r = r.over(known); r == known {
			return nil, Refuse(SameAgain, "")
		}
	}
	return []Fact{RelativeStated{Relative: r}}, nil
}

func (r Relative) sized() error {
	return first(
		line("last_name", r.LastName, false), line("first_name", r.FirstName, false),
		line("situation", r.Situation, false), line("activity", r.Activity, false),
		line("address", r.Address, false), line("email", r.Email, false),
		line("phone", r.Phone, false), line("phone2", r.Phone2, false),
	)
}

// chosen refuses a closed answer that is none.
func (r Relative) chosen() error {
	return first(
		oneOfOr("title", r.Title, Madam, Mister), oneOfOr("family", r.Family, FamilySituations()...),
		oneOfOr("locker", r.Locker, Yes, No),
	)
}

func (c *Case) sameRelative(r Relative) (Relative, bool) {
	for _, known := range c.Relatives {
		same := known.FirstName == r.FirstName && known.LastName == r.LastName
		if known.Kind == r.Kind && (r.Kind == Herself || same) {
			return known, true
		}
	}
	return Relative{}, false
}

// over gives r with what it leaves empty taken from known.
func (r Relative) over(known Relative) Relative {
	return Relative{
		ID: known.ID, Kind: r.Kind, Title: cmp.Or(r.Title, known.Title),
		LastName: cmp.Or(r.LastName, known.LastName), FirstName: cmp.Or(r.FirstName, known.FirstName),
		Born: cmp.Or(r.Born, known.Born), Situation: cmp.Or(r.Situation, known.Situation),
		Activity: cmp.Or(r.Activity, known.Activity), Family: cmp.Or(r.Family, known.Family),
		Address: cmp.Or(r.Address, known.Address), Email: cmp.Or(r.Email, known.Email),
		Phone: cmp.Or(r.Phone, known.Phone), Phone2: cmp.Or(r.Phone2, known.Phone2),
		Locker: cmp.Or(r.Locker, known.Locker), Left: r.Left,
	}
}
