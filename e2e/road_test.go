package e2e

import (
	"io"
	"net"
	"sync"
	"testing"
)

// road is the way to a server, which can be cut and mended.
type road struct {
	address string

	mu     sync.Mutex
	broken bool
	open   []net.Conn
}

func newRoad(t *testing.T, to string) *road {
	t.Helper()
	return newRoadAt(t, "127.0.0.1:0", to)
}

// newRoadAt is newRoad, from an address.
func newRoadAt(t *testing.T, from, to string) *road {
	t.Helper()
	listener, err := net.Listen("tcp", from)
	must(t, err)
	r := &road{address: listener.Addr().String()}
	t.Cleanup(func() {
		listener.Close()
		r.cut()
	})
	go func() {
		for {
			from, err := listener.Accept()
			if err != nil {
				return
			}
			go r.carry(from, to)
		}
	}()
	return r
}

func (r *road) carry(from net.Conn, address string) {
	to, err := net.Dial("tcp", address)
	if err != nil {
		from.Close()
		return
	}
	r.mu.Lock()
	r.open = append(r.open, from, to)
	broken := r.broken
	r.mu.Unlock()
	if broken {
		from.Close()
		to.Close()
		return
	}
	go func() {
		_, _ = io.Copy(to, from)
		to.Close()
	}()
	_, _ = io.Copy(from, to)
	from.Close()
}

func (r *road) cut() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.broken = true
	for _, c := range r.open {
		c.Close()
	}
	r.open = nil
}

func (r *road) mend() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.broken = false
}
