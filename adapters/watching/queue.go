package watching

import (
	"context"
	"sync"
)

// Queue holds what is to be done for the events heard, so that a connection is read
// without waiting for it.
type Queue struct {
	mu   sync.Mutex
	todo []func()
	more chan struct{}
}

// NewQueue gives an empty queue.
func NewQueue() *Queue { return &Queue{more: make(chan struct{}, 1)} }

// Put adds something to do.
func (q *Queue) Put(do func()) {
	q.mu.Lock()
	q.todo = append(q.todo, do)
	q.mu.Unlock()
	select {
	case q.more <- struct{}{}:
	default: // it knows
	}
}

// Work does all in turn until ctx is done.
func (q *Queue) Work(ctx context.Context) {
	for {
		q.mu.Lock()
		todo := q.todo
		q.todo = nil
		q.mu.Unlock()
		for _, do := range todo {
			if ctx.Err() != nil {
				return
			}
			do()
		}
		if len(todo) > 0 {
			continue
		}
		select {
		case <-ctx.Done():
			return
		case <-q.more:
		}
	}
}
