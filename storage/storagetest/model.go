package storagetest

import (
	"cmp"
	"context"
	"errors"
	"maps"
	"slices"
	"time"

	"parcours/casework"
	"parcours/storage"
)

// A model is the plainest storage.Store: maps, read from end to end. It judges
// the others, for one goroutine at a time and a context never done.
type model struct {
	cases map[casework.Code]modelCase
	rows  map[string]modelRow
	once  map[string]time.Time
}

type modelCase struct {
	storage.Journal
	terms     []storage.Term
	due       time.Time
	forgotten bool
}

type modelRow struct {
	storage.Row
	state storage.RowState
}

func newModel() *model {
	return &model{cases: map[casework.Code]modelCase{}, rows: map[string]modelRow{}, once: map[string]time.Time{}}
}

func (m *model) Append(ctx context.Context, changes ...storage.Change) error {
	return m.Settle(ctx, storage.Outcome{State: storage.Done}, changes...)
}

// Settle returns every error that applies, joined.
func (m *model) Settle(_ context.Context, outcome storage.Outcome, changes ...storage.Change) error {
	next := &model{maps.Clone(m.cases), maps.Clone(m.rows), maps.Clone(m.once)}
	var refusals error
	if row, ok := next.rows[outcome.Key]; ok && row.state == storage.Waiting {
		row.state, row.After = outcome.State, outcome.After
		next.rows[outcome.Key] = row
	}
	for _, change := range changes {
		refusals = errors.Join(refusals, change.Check(), next.apply(change))
	}
	if refusals == nil {
		*m = *next
	}
	return refusals
}

func (m *model) apply(change storage.Change) (refusals error) {
	if change.Once != "" {
		if until, ok := m.once[change.Once]; ok && (until.IsZero() || until.After(time.Now())) {
			refusals = storage.ErrRepeated
		}
		m.once[change.Once] = change.OnceUntil
	}
	if change.Base > 0 || len(change.Entries) > 0 {
		found := m.cases[change.Case]
		if found.forgotten || uint64(len(found.Entries)) != change.Base {
			return errors.Join(refusals, storage.ErrConflict)
		}
		found.Entries = append(slices.Clone(found.Entries), change.Entries...)
		found.terms, found.due = change.Terms, change.Due
		if change.Header != nil {
			found.Header = change.Header
		}
		if change.Forget != "" {
			found = modelCase{forgotten: true}
			m.forgetRows(change.Case)
		}
		m.cases[change.Case] = found
	}
	for _, row := range change.Rows {
		if _, ok := m.rows[row.Key]; !ok {
			m.rows[row.Key] = modelRow{row, storage.Waiting}
		}
	}
	return refusals
}

func (m *model) forgetRows(code casework.Code) {
	for key, row := range m.rows {
		if row.Case == code && row.state == storage.Waiting {
			row.state = storage.Moot
			m.rows[key] = row
		}
	}
}

func (m *model) Load(_ context.Context, code casework.Code) (storage.Journal, error) {
	if found := m.cases[code]; len(found.Entries) > 0 {
		return found.Journal, nil
	}
	return storage.Journal{}, storage.ErrUnknown
}

func (m *model) Find(_ context.Context, term storage.Term) ([]casework.Code, error) {
	var codes []casework.Code
	for code, found := range m.cases {
		if slices.Contains(found.terms, term) {
			codes = append(codes, code)
		}
	}
	slices.Sort(codes)
	return codes, nil
}

func (m *model) Due(_ context.Context, now time.Time, limit int) ([]casework.Code, error) {
	var codes []casework.Code
	for code, found := range m.cases {
		if !found.due.IsZero() && !found.due.After(now) {
			codes = append(codes, code)
		}
	}
	slices.SortFunc(codes, func(a, b casework.Code) int {
		return cmp.Or(m.cases[a].due.Compare(m.cases[b].due), cmp.Compare(a, b))
	})
	return codes[:min(limit, len(codes))], nil
}

func (m *model) Take(_ context.Context, now time.Time, lease time.Duration, limit int) ([]storage.Row, error) {
	var rows []storage.Row
	for _, row := range m.rows {
		if row.state == storage.Waiting && !row.After.After(now) {
			rows = append(rows, row.Row)
		}
	}
	slices.SortFunc(rows, func(a, b storage.Row) int {
		return cmp.Or(a.After.Compare(b.After), cmp.Compare(a.Key, b.Key))
	})
	rows = rows[:min(limit, len(rows))]
	for _, row := range rows {
		row.After, row.Tries = now.Add(lease), row.Tries+1
		m.rows[row.Key] = modelRow{row, storage.Waiting}
	}
	return rows, nil
}

func (m *model) Close() error { return nil }
