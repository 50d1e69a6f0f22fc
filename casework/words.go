package casework

import "slices"

// UserID is a chat platform's own id of an account.
type UserID string

// ChannelID is a chat platform's own id of a channel.
type ChannelID string

// MessageRef is a chat platform's own id of a message.
type MessageRef string

// Topic is a field of life that objectives, consent and vetoes speak of
// (guide, annexe 2.4, Bas-Rhin).
type Topic string

// The topics, in the order of the family project form.
const (
	Childhood Topic = "enfance"
	Housing   Topic = "logement"
	Health    Topic = "sante"
	Budget    Topic = "budget"
	Relations Topic = "relations"
	Work      Topic = "emploi"
	Mobility  Topic = "mobilite"
	Disabled  Topic = "handicap"
	Other     Topic = "autres"
)

// Topics are all the topics, in order.
func Topics() []Topic {
	return []Topic{Childhood, Housing, Health, Budget, Relations, Work, Mobility, Disabled, Other}
}

// Household says whether one person or a family entered the démarche.
type Household string

// The households.
const (
	OnePerson Household = "person"
	Family    Household = "family"
)

// Answer is what the person says to the proposal (guide IV.A.1).
type Answer string

// The answers.
const (
	Accepts  Answer = "accepts"
	Refuses  Answer = "refuses"
	Thinking Answer = "thinking"
)

// ConsentForm is how the person's agreement was given.
type ConsentForm string

// The forms of consent; an oral one needs a witness.
const (
	Written ConsentForm = "written"
	Oral    ConsentForm = "oral"
)

// Role is a member's place in the circle.
type Role string

// The roles. The referent is not one of them: it is a mission, held by a member.
const (
	RoleAuthor    Role = "author"
	RolePartner   Role = "partner"
	RoleChair     Role = "chair"
	RoleSecretary Role = "secretary"
	RolePerson    Role = "person"
)

// Kind says which way an element of the assessment pulls (guide, annexe 2.3).
type Kind string

// The kinds: « frein » and « moteur ».
const (
	Obstacle Kind = "obstacle"
	Strength Kind = "strength"
)

// Outcome is what became of an objective (guide IV.D.2).
type Outcome string

// The outcomes. An objective that was reached or dropped is over.
const (
	Reached Outcome = "reached"
	Partly  Outcome = "partly"
	NotYet  Outcome = "not"
	Dropped Outcome = "dropped"
)

// Profession is what a professional does, in the few words that figures can
// count.
type Profession string

// Professions are all of them, in order.
func Professions() []Profession {
	return []Profession{"social_worker", "family_adviser", "educator", "work_adviser", "nurse", "psychologist", "manager", "teacher", "guardian", "volunteer", "other"}
}

// Sector is where a professional works, in the few words that figures can count.
type Sector string

// Sectors are all of them, in order.
func Sectors() []Sector {
	return []Sector{"department", "town", "childhood", "school", "housing", "health", "benefits", "work", "justice", "charity", "other"}
}

// Degree is an answer to a question of satisfaction.
type Degree string

// The degrees.
const (
	Very     Degree = "very"
	Rather   Degree = "rather"
	Little   Degree = "little"
	NotAtAll Degree = "not"
)

// Degrees are all of them, in order.
func Degrees() []Degree { return []Degree{Very, Rather, Little, NotAtAll} }

// Change is whether the situation improved at the end (specification of 2016,
// section 8).
type Change string

// The changes.
const (
	Improved   Change = "yes"
	InPart     Change = "partly"
	Unimproved Change = "no"
)

// Horizon is how far an objective lies (guide IV.C.2).
type Horizon string

// The horizons.
const (
	Short  Horizon = "short"
	Medium Horizon = "medium"
	Long   Horizon = "long"
)

// State is where a case stands in its life.
type State string

// The states. A refusal has none: nothing of the case is kept.
const (
	Proposed  State = "proposed"
	Consented State = "consented"
	Followed  State = "followed"
	Closed    State = "closed"
	Withdrawn State = "withdrawn"
)

// oneOf refuses a value that is not among allowed.
func oneOf[T ~string](field string, value T, allowed ...T) error {
	if value == "" {
		return Refuse(Missing, field)
	}
	if !slices.Contains(allowed, value) {
		return Refuse(NotAChoice, field)
	}
	return nil
}

// oneOfOr is oneOf for a value that need not be given.
func oneOfOr[T ~string](field string, value T, allowed ...T) error {
	if value == "" {
		return nil
	}
	return oneOf(field, value, allowed...)
}
