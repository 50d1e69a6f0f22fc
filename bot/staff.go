package bot

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"

	"parcours/bot/chat"
	"parcours/bot/command"
	"parcours/casework"
)

// Staff are those who have a part in the whole service, each by account id, or by
// handle with its @. A handle counts for whoever bears it when it is first asked;
// whoever takes it over later gets nothing by it.
type Staff struct {
	// Admins run the service; Pilots lead the démarche in the département. What
	// pilots may, admins may too.
	Admins, Pilots []string
}

// staff tells who has a part in the service.
type staff struct {
	platform chat.Platform
	named    Staff

	mu sync.Mutex
	// bearers are the accounts of the handles asked for so far; empty for a
	// handle that nobody bore.
	bearers map[string]casework.UserID
}

// allows refuses a user who has no such part. Another error is the platform's,
// which could not tell whose handle it is.
func (s *staff) allows(ctx context.Context, user chat.Account, may command.May) error {
	names, no := s.named.Admins, notAdmin
	if may == command.Pilots {
		names, no = append(names[:len(names):len(names)], s.named.Pilots...), notPilot
	}
	if !user.Active || user.Outsider || user.Bot {
		return casework.Refuse(no, "")
	}
	var unknown error
	for _, name := range names {
		id, err := s.account(ctx, name)
		switch {
		case err != nil:
			unknown = err
		case id == user.ID:
			return nil
		}
	}
	if unknown != nil {
		return unknown
	}
	return casework.Refuse(no, "")
}

// account gives the account of a name: an id is its own, and a handle is asked of
// the platform once.
func (s *staff) account(ctx context.Context, name string) (casework.UserID, error) {
	if !strings.HasPrefix(name, "@") {
		return casework.UserID(name), nil
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if id, known := s.bearers[name]; known {
		return id, nil
	}
	account, err := s.platform.Account(ctx, name)
	if err != nil && !errors.Is(err, chat.ErrNotFound) {
		return "", fmt.Errorf("who has a part in the service: %w", err)
	}
	if s.bearers == nil {
		s.bearers = map[string]casework.UserID{}
	}
	s.bearers[name] = account.ID
	return account.ID, nil
}
