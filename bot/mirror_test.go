package bot_test

import (
	"context"
	"sync"

	"parcours/casework"
	"parcours/storage"
)

// A mirror stands before a store and keeps in memory what its journals tell, as
// they grow.
type mirror struct {
	store
	// mu has what is written taken in, in the order it was.
	mu    sync.Mutex
	cases map[casework.Code]*casework.Case
	boxes map[casework.UserID]*casework.Mailbox
	// owners are those whose mailboxes these are.
	owners map[casework.Code]casework.UserID
	// wrote is told each entry of a mailbox before it is taken in.
	wrote func(*casework.Mailbox, casework.Entry)
}

// store is what a mirror stands before.
type store interface {
	storage.Store
	storage.Scanner
	storage.Overseer
}

// read has the mirror read all that is stored anew.
func (m *mirror) read(ctx context.Context) error {
	m.cases, m.boxes = map[casework.Code]*casework.Case{}, map[casework.UserID]*casework.Mailbox{}
	m.owners = map[casework.Code]casework.UserID{}
	return m.Scan(ctx, func(code casework.Code, journal storage.Journal, err error) error {
		if code == casework.Accesses {
			return err
		}
		if err == nil && code.IsMailbox() {
			var box *casework.Mailbox
			if box, err = casework.ReadMailbox(code, journal.Entries); err == nil {
				m.boxes[box.User], m.owners[code] = box, box.User
			}
		} else if err == nil {
			m.cases[code], err = casework.Read(code, journal.Entries)
		}
		return err
	})
}

func (m *mirror) Append(ctx context.Context, changes ...storage.Change) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	err := m.store.Append(ctx, changes...)
	if err == nil {
		err = m.take(changes)
	}
	return err
}

func (m *mirror) Settle(ctx context.Context, outcome storage.Outcome, changes ...storage.Change) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	err := m.store.Settle(ctx, outcome, changes...)
	if err == nil {
		err = m.take(changes)
	}
	return err
}

func (m *mirror) take(changes []storage.Change) error {
	for _, change := range changes {
		for i, raw := range change.Entries {
			e, err := casework.Decode(change.Base+uint64(i)+1, raw)
			if err != nil {
				return err
			}
			if change.Case.IsMailbox() {
				m.post(change.Case, e)
			} else {
				m.note(change.Case, e)
			}
		}
	}
	return nil
}

func (m *mirror) note(code casework.Code, e casework.Entry) {
	c, ok := m.cases[code]
	if !ok {
		c = casework.Fold(code, nil)
		m.cases[code] = c
	}
	c.Apply(e)
}

func (m *mirror) post(code casework.Code, e casework.Entry) {
	if opened, ok := e.Fact.(casework.MailboxOpened); ok {
		m.owners[code], m.boxes[opened.User] = opened.User, casework.NewMailbox(code)
	}
	box := m.boxes[m.owners[code]]
	m.wrote(box, e)
	box.Apply(e)
}
