// Package command says what a command of the bot is: one declaration from which
// come its parsing, its form, its help and its buttons.
package command

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"parcours/bot/chat"
	"parcours/casework"
	"parcours/locales"
)

// A Command is one verb.
type Command struct {
	// Name is the French verb, Twin the English one, Aliases other French names.
	// Case and accents do not matter when they are typed.
	Name, Twin string
	Aliases    []string
	// May says who may use it. A command for Anyone is given no case.
	May May
	// Admins says that whoever runs the service may use it too, in any case: the
	// gate shows them nothing of what the case holds.
	Admins bool
	// Form is the id of its form; empty for a command that asks for nothing.
	Form string
	// Fields are the questions of the form, for this request: options come from
	// the case, and from what was already answered. The router fills in what was
	// typed, and asks for what is missing. With nil Values: all the fields that
	// may be typed.
	Fields func(Request) []chat.Field
	// Words are the fields that words typed without a name fill, in order; the
	// last one takes all that remains.
	Words []string
	// Do decides. It is called once all required fields are there and valid by
	// their kind, and may be called again if the case changed meanwhile.
	Do func(Request) (Response, error)
	// Buttons are what the command's cards offer.
	Buttons []Button
	// Hidden commands are left out of the help.
	Hidden bool
	// Traceless says that nothing is noted of its use, anywhere.
	Traceless bool
	// Opens says that it opens a case: it is refused on a chat where none are opened.
	Opens bool
	// Meets says that it is about meetings: where the département holds none, it
	// and its buttons are neither offered nor accepted.
	Meets bool
}

// Offered reports whether the command is for the département of say.
func (c Command) Offered(say locales.Printer) bool { return !c.Meets || say.Place().Meetings }

// A Button is something a card offers. Several buttons may bear one ID, On
// different kinds of subject.
type Button struct {
	ID string
	// On is the kind of subject: the letters its id begins with.
	On string
	// May, Form, Fields and Do are as for a Command.
	May    May
	Form   string
	Fields func(Request) []chat.Field
	Do     func(Request) (Response, error)
}

// May says who may do something.
type May int

// Who may: anyone the platform knows; anyone but an outsider of the
// organisation; the members of the case; whoever keeps the person's consent (or
// the person herself); whoever calls the circle together; whoever the subject
// concerns, which the decision itself checks. Then those who have a part in the
// whole service, whatever the case: whoever leads the démarche in the département,
// and whoever runs the service, who may what the former may. Their commands are
// given no case.
const (
	Anyone May = iota
	AnyProfessional
	Members
	ConsentKeepers
	Coordinators
	Concerned
	Pilots
	Admins
)

// A Request is one use of a command, with all that is needed to decide.
type Request struct {
	// Asker is who acts.
	Asker chat.Account
	// Case is the case concerned, folded anew for this request; nil for a
	// command that needs none.
	Case *casework.Case
	// Values are those given, cleaned, valid by their kind: a Day as
	// "2026-11-20", a moment in RFC 3339, a user as an account id, a choice as
	// one of its options.
	Values chat.Values
	// Subject is what a button acts on.
	Subject string
	// Now is the moment, in the département's time zone.
	Now time.Time
	// Say speaks the asker's language.
	Say locales.Printer
	// Policy is when people are reminded.
	Policy casework.Policy
	// Account gives what the platform knows of a user; for one it does not know,
	// an account with the id as its name.
	Account func(casework.UserID) chat.Account
	// NewCode draws a code for a new case.
	NewCode func() (casework.Code, error)
	// Quote gives the text, cleaned, of the message that a link points at: one that
	// somebody wrote in the case's own channel and that the asker can read. It
	// refuses any other in the same words.
	Quote func(link string) (string, error)
	// Settings gives what the asker chose for themselves.
	Settings func() (casework.Settings, error)
	// Mine gives the cases in which the asker has a place, in the order of their
	// codes.
	Mine func() ([]*casework.Case, error)
	// Accesses gives who was shown something of the case from one moment to
	// another, the last first. Error: Forbidden unless the asker runs the service,
	// or is the person herself. It is nil without a case.
	Accesses func(from, to time.Time) ([]Access, error)
	// Find gives any case by its code, as typed. Error: NoCase. It is nil unless
	// the command is for Admins.
	Find func(code string) (*casework.Case, error)
	// All gives each every case in turn, the register of refusals included, in
	// the order of their codes; one that is no longer used can be let go. It
	// stops at the first error, which it returns: that of each, of a journal
	// that cannot be read, of the context when the request ends, or a refusal
	// when there are too many cases to read while somebody waits. It is nil
	// unless the command is for Pilots or Admins.
	All func(each func(*casework.Case) error) error
}

// Text gives a field as text.
func (r Request) Text(id string) string { return r.Values.Get(id) }

// List gives all the values of a field.
func (r Request) List(id string) []string { return r.Values[id] }

// Topics gives all the values of a field as topics.
func (r Request) Topics(id string) []casework.Topic {
	topics := make([]casework.Topic, len(r.Values[id]))
	for i, v := range r.Values[id] {
		topics[i] = casework.Topic(v)
	}
	return topics
}

// User gives a field as an account id.
func (r Request) User(id string) casework.UserID { return casework.UserID(r.Values.Get(id)) }

// Bool gives a field as yes or no; no when it is not given.
func (r Request) Bool(id string) bool { return r.Values.Get(id) == "true" }

// Number gives a field as a number; 0 when it is not given.
func (r Request) Number(id string) int {
	n, _ := strconv.Atoi(r.Values.Get(id))
	return n
}

// Day gives a field as a day; no day when it is not given.
func (r Request) Day(id string) casework.Day { return casework.Day(r.Values.Get(id)) }

// Moment gives a field as a moment, in the zone of Now; the zero time when it is
// not given.
func (r Request) Moment(id string) time.Time {
	t, err := time.Parse(time.RFC3339, r.Values.Get(id))
	if err != nil {
		return time.Time{}
	}
	return t.In(r.Now.Location())
}

// A Response is what a command decided. The router writes Record and Notices in
// one transaction, then says Reply to the asker. The zero Response does nothing.
type Response struct {
	// Record are the facts to append to the case; to the new case Opens, if it
	// is not empty.
	Record []casework.Fact
	Opens  casework.Code
	// Count are facts to append to the register of refusals.
	Count []casework.Fact
	// Mailbox are facts to append to the asker's own mailbox.
	Mailbox []casework.Fact
	// Consults is a case that Reply shows to an administrator who has no place in
	// it: Record, which holds a casework.Consulted, and Notices are then of this
	// case.
	Consults *casework.Case
	// Forget, unless empty, says why nothing of the case is to be kept.
	Forget casework.Erasure
	// Reply is for the asker alone. One with files is sent to them in private,
	// and the answer says so.
	Reply chat.Message
	// Ask, if not nil, asks these fields instead of doing anything: the ones of
	// the form, and more. FormError says why.
	Ask       []chat.Field
	FormError string
	// Notices are what others must see or have done for them; they follow from
	// what is in Record.
	Notices []Notice
}

// An Access says that somebody was shown something of a case.
type Access struct {
	At time.Time
	// User is who was shown it; empty for what Readers people could read in the
	// case's channel.
	User    casework.UserID
	Readers int
	// Operator is the account of the server that asked on the command line, instead.
	Operator string
	// Way is how: answer, form, tell, files, post, override, export or audit. What is
	// the English name of the command, or the form, view or kind of document.
	Way, What string
	// Reason is that of an override.
	Reason string
}

// A Notice is something to be said or done on the platform, after the facts are
// on disk. It names what is to be shown, not its content: the view gives that at
// the moment of sending, from the case as it is then.
type Notice struct {
	Act Act `json:"act"`
	// View and Subject say what a Post, a Tell or an Announce shows, or which one an
	// Update is for.
	View    string `json:"view,omitempty"`
	Subject string `json:"subject,omitempty"`
	// User is whom a Tell is for, or who is added or removed.
	User casework.UserID `json:"user,omitempty"`
}

// Act is what a notice asks for.
type Act string

// The acts. The home card is brought up to date by itself after every change.
const (
	// Post shows a view in the case's channel.
	Post Act = "post"
	// Tell shows a view to one user, in private.
	Tell Act = "tell"
	// Announce tells a view to those who must hear of it: in private, to the first who
	// answers for the case, has an account that is open and did not decide it, and to
	// the person where she is in the circle.
	Announce Act = "announce"
	// Update changes in place the last Post of a view and subject or, with a
	// User, the last Tell to them, into what the view shows now. It does nothing
	// when none stands any more, or the view has nothing to show.
	Update Act = "update"
	// Open makes the case's channel, with the author in it.
	Open Act = "open"
	// Add and Remove change who is in the channel.
	Add    Act = "add"
	Remove Act = "remove"
	// Archive closes the channel.
	Archive Act = "archive"
	// Home posts the pinned card, or edits it.
	Home Act = "home"
)

// A View gives the message that shows a subject of a case as it is now; ok is
// false when there is nothing to show any more.
type View func(ViewRequest) (message chat.Message, ok bool)

// A ViewRequest is what a view may look at.
type ViewRequest struct {
	Case    *casework.Case
	Subject string
	// Reader is who will read it; empty for a channel.
	Reader casework.UserID
	// Items and Cases are for BundleView: what to remind of, and the cases of the
	// reader to give a digest of; nil when none is to be given.
	Items   []Item
	Cases   []*casework.Case
	Policy  casework.Policy
	Now     time.Time
	Say     locales.Printer
	Account func(casework.UserID) chat.Account
}

// An Item is one reminder of a bundle.
type Item struct {
	Case *casework.Case
	casework.Reminder
	// Message is the reminder alone; none when it is Over.
	Message chat.Message
	// Over: it was shown, and does not hold any more.
	Over bool
	// Late: it should have been shown long before.
	Late bool
}

// BundleView is the name of the view of several reminders as one message, with the
// digest of the week if there are Cases; or of one alone that is late or over. It
// has no Case, and ok is false when there is nothing to tell.
const BundleView = "bundle"

// HomeView is the name of the view of a case's pinned card.
const HomeView = "home"

// WithheldView is the name of the view that takes the place of a message that
// not all its readers may read any more. LeftView tells whoever takes
// over who left the circle; RemovedView tells them that they are out of it; their
// subject is the account. MovedView tells members that the case goes on in a new
// channel. HeldView tells them that
// sharing is suspended; its subject is the reason, and the account concerned.
// ShutView tells whoever was put out of the channel, and whoever keeps the consent,
// that its last day has passed.
// RefusedView tells whoever takes over what the platform does not let the bot do, which
// is to be done by hand; its subject is the Act, and the account concerned.
// SuspendedView tells them that sharing is suspended until the consent is given anew;
// its subject is a casework.Suspension.
const (
	WithheldView  = "withheld"
	LeftView      = "left"
	RemovedView   = "removed"
	MovedView     = "moved"
	HeldView      = "held"
	ShutView      = "shut"
	RefusedView   = "refused"
	SuspendedView = "suspended"
)

// ReminderView is the name of the view of a reminder of this kind; its subject
// is that of ReminderSubject.
func ReminderView(kind casework.ReminderKind) string { return reminders + string(kind) }

// ReminderSubject is what the view of a reminder shows: the reminder's subject,
// the days, and the date it is about.
func ReminderSubject(r casework.Reminder) string {
	return fmt.Sprintf("%s %d %s", r.Subject, r.Days, r.On)
}

// ReminderOf gives the reminder that a view is to show, as far as its subject
// tells; the date may be missing.
func ReminderOf(kind casework.ReminderKind, subject string) casework.Reminder {
	r := casework.Reminder{Kind: kind}
	parts := strings.Split(subject, " ")
	r.Subject = parts[0]
	if len(parts) > 1 {
		r.Days, _ = strconv.Atoi(parts[1])
	}
	if len(parts) > 2 {
		r.On = casework.Day(parts[2])
	}
	return r
}

// ReminderKind gives the kind of the reminder that a view shows.
func ReminderKind(view string) casework.ReminderKind {
	return casework.ReminderKind(strings.TrimPrefix(view, reminders))
}

// IsReminder reports whether a view is that of a reminder.
func IsReminder(view string) bool { return strings.HasPrefix(view, reminders) }

const reminders = "reminder."
