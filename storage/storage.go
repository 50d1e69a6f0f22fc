// Package storage says what the bot asks of the place where journals are kept:
// one append-only journal a case, an outbox, and the dates at which a case
// wants attention, all written in one transaction.
//
// A Store handles bytes. storage/bolt keeps them in a file, storage/vault is a
// Store around another that seals them, and storage/storagetest is the contract
// that both pass.
package storage

import (
	"context"
	"errors"
	"time"

	"parcours/casework"
)

var (
	// ErrConflict: the journal grew since the decision was taken; decide again.
	ErrConflict = errors.New("storage: the journal has grown meanwhile")
	// ErrRepeated: a change with the same Once was already written.
	ErrRepeated = errors.New("storage: already done")
	// ErrUnknown: there is no journal under this code, or it was forgotten.
	ErrUnknown = errors.New("storage: no such journal")
	// ErrLocked: another process holds the file.
	ErrLocked = errors.New("storage: the file is in use by another process")
	// ErrNewer: the file was written by a newer version of the format.
	ErrNewer = errors.New("storage: the file's format is newer than this program")
	// ErrDamaged: what is stored is not what was written. Where it can be told
	// which journal, the error is a *Damage.
	ErrDamaged = errors.New("storage: the journal is damaged")
	// ErrMalformed: a change or an outcome contradicts itself, which is a fault
	// of the program and not of the data.
	ErrMalformed = errors.New("storage: a change that cannot be written")
)

// Store keeps journals. All its methods may be called from several goroutines.
type Store interface {
	// Append writes changes in one transaction: all of them or none. It returns
	// once they are on disk. Errors: ErrConflict when a journal is not at its
	// Base (or was forgotten), ErrRepeated when a Once is known, ErrMalformed
	// when Change.Check refuses one; then nothing was written. When several of
	// them apply, any may be returned.
	Append(ctx context.Context, changes ...Change) error
	// Load gives a journal in order. Error: ErrUnknown, ErrDamaged.
	Load(ctx context.Context, code casework.Code) (Journal, error)
	// Find gives the cases that carry a term, in the order of their codes.
	Find(ctx context.Context, term Term) ([]casework.Code, error)
	// Due gives at most limit cases whose Due is not after now, earliest first.
	Due(ctx context.Context, now time.Time, limit int) ([]casework.Code, error)
	// Take gives at most limit waiting rows whose After is not after now,
	// earliest first, and hides them until now+lease, so that a row is in one
	// hand at a time and comes back by itself if that hand dies: it then counts
	// one more try and its After is the end of that lease. A row that cannot be
	// read becomes Stuck, and ErrDamaged is returned beside the sound ones.
	Take(ctx context.Context, now time.Time, lease time.Duration, limit int) ([]Row, error)
	// Settle says what became of a row and writes changes, in one transaction,
	// with the errors of Append. The row comes first: one that the changes add
	// is not touched by the outcome. Settling a row that is already settled, or
	// unknown, changes nothing of it.
	Settle(ctx context.Context, outcome Outcome, changes ...Change) error
	// Close waits for what is under way and releases the file.
	Close() error
}

// A Change is what one decision adds to one journal. Several changes of one
// Append are applied in order, each on what the one before it left.
type Change struct {
	// Case may be empty when no journal is concerned: Base, Header, Entries,
	// Terms and Due are then empty too.
	Case casework.Code
	// Base is the number of entries the decision was taken on; 0 opens a
	// journal, with its first entry. A change that has neither a Base nor
	// Entries touches no journal: it carries Rows and a Once, nothing else.
	Base uint64
	// Header replaces the journal's header, unless it is nil.
	Header []byte
	// Entries are appended in order and numbered Base+1, Base+2, …; there may
	// be none, when only the rest of the change matters.
	Entries [][]byte
	// Terms are all the terms under which the case is found from now on.
	Terms []Term
	// Due is when the case next wants attention; the zero time: never.
	Due time.Time
	// Rows are added to the outbox. A row whose Key was ever used is left out.
	Rows []Row
	// Once, if not empty, may be written a single time; kept until OnceUntil,
	// for ever if that is the zero time.
	Once      string
	OnceUntil time.Time
	// Narrows, unless it is the zero time, says that the entries take back some of
	// what the journal allowed, and when that was decided.
	Narrows time.Time
	// Forget, unless it is empty, destroys the journal, its terms, its due date
	// and the bodies of its rows, those that waited becoming Moot; only the code
	// stays taken. It says why. Header, Entries, Terms and Due are then empty.
	// Rows of this very change are kept: they are what remains to be done.
	Forget casework.Erasure
}

// A Term is something a case is found by. Values are compared byte by byte.
type Term struct {
	Kind  TermKind
	Value string
}

// TermKind says what a Term's value is.
type TermKind string

// The terms in use.
const (
	ByChannel TermKind = "channel"
	ByMember  TermKind = "member"
)

// A Journal is what was appended under one code.
type Journal struct {
	// Header is what the last Change with a Header left.
	Header  []byte
	Entries [][]byte
}

// A Row is something to be said or done on a platform, waiting in the outbox.
type Row struct {
	// Key identifies it for ever; the platform is given it, so that a second
	// try after a crash can be recognised.
	Key  string
	Case casework.Code
	// Body says what to do.
	Body []byte
	// After is the earliest moment to try.
	After time.Time
	// Tries counts the times it was taken before this one.
	Tries int
}

// An Outcome is what became of a row that was taken.
type Outcome struct {
	Key string
	// State after this try.
	State RowState
	// After is the moment of the next try when State is Waiting.
	After time.Time
	// Why says in a word, without any content, why the row is Stuck.
	Why string
}

// RowState is where a row stands.
type RowState byte

// A row waits until it is done, moot (what it would have said no longer holds),
// or stuck: given up, for a human to look at. Only Waiting rows are taken.
const (
	Waiting RowState = 'w'
	Done    RowState = 'd'
	Moot    RowState = 'm'
	Stuck   RowState = 's'
)

// Scanner is a Store that can be read from end to end, for verification
// and for figures.
type Scanner interface {
	// Scan calls each for every journal in the order of their codes, forgotten
	// ones excepted, and stops at the first error, which it returns: that of
	// each, or of the context, asked before every journal. A journal
	// that cannot be read is handed over as its error, so that one damaged
	// journal does not hide the others.
	Scan(ctx context.Context, each func(casework.Code, Journal, error) error) error
}

// Inspector is a Store that can tell whether what it stands on is as it was written:
// not the journals alone, but all by which they are found and what is to be done.
type Inspector interface {
	// Check reads the whole store and calls each for what is wrong with it beyond
	// the journals, which Scan tells. Error: that of the context, or ErrDamaged when
	// it is such that nothing more should be read from it.
	Check(ctx context.Context, each func(Damage)) error
}

// Destroyer is a Store of whose forgotten journals nothing remains.
type Destroyer interface {
	// Length gives how many entries a journal has, be they readable or not; 0 when
	// it was forgotten. Error: ErrUnknown when there never was one.
	Length(ctx context.Context, code casework.Code) (uint64, error)
	// Scrub leaves no byte of what was forgotten where the journals are kept. An
	// Append that forgets does it before it returns, if it can; this makes up for
	// what it could not, and does nothing when there is nothing to make up for.
	Scrub(ctx context.Context) error
}

// Overseer is a Store whose stuck rows a human can look at.
type Overseer interface {
	// Stuck gives the rows that are stuck, those that became so first before the
	// others; not those whose case was forgotten.
	Stuck(ctx context.Context) ([]StuckRow, error)
	// Unstick makes a stuck row wait again, to be tried at once. Error:
	// ErrUnknown when there is none under this key.
	Unstick(ctx context.Context, key string) error
}

// A StuckRow is a row that was given up, when and why. One that could not be
// read has neither case nor body.
type StuckRow struct {
	Row
	Since time.Time
	Why   string
}

// Unreadable is why a row is stuck that is not what was written.
const Unreadable = "unreadable"

// Keeper is a Store that keeps a small private value beside the journals, in
// the same transaction as each Append: the vault's seal over the whole store.
type Keeper interface {
	// Keep has turn called in every Append and Settle, once all is checked, with
	// the value kept so far (nil before the first) and the journals that moved,
	// perhaps none, and keeps what it returns. turn must depend on nothing else,
	// since it may be called again for the same transaction, and must not use
	// the Store. An error of turn fails the whole transaction. Keep is called
	// before the Store is shared.
	Keep(turn func(kept []byte, moved []Moved) ([]byte, error))
	// Kept gives the value as it stands.
	Kept(ctx context.Context) ([]byte, error)
}

// Moved tells how one Change changed a journal.
type Moved struct {
	Case casework.Code
	// Before and After are the last entry's bytes, nil where there is none.
	Before, After []byte
	// From and To are the number of entries; To is 0 for a forgotten journal.
	From, To uint64
	// HeaderBefore and HeaderAfter are the header's bytes if it changed, nil
	// where there is none; both are nil if it did not change.
	HeaderBefore, HeaderAfter []byte
}

// Resealer is a Store whose seals can be made anew, without anything else that it
// holds changing.
type Resealer interface {
	// Reseal looks at some of the parts that the store holds, from a mark on, the
	// first one being empty, and gives the mark to go on from, empty at the end.
	// Those that stale tells are replaced by what anew gives, in one transaction;
	// where it gives nothing they stay. A part that changes meanwhile is looked at
	// again as it then is. Neither may use the Store.
	Reseal(ctx context.Context, from string, stale func(Part) bool, anew func(Part) []byte) (next string, err error)
}

// A Part is a header or the body of an outbox row, Row being empty for a header.
type Part struct {
	Case  casework.Code
	Row   string
	Bytes []byte
}
