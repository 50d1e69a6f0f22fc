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
	held   chan struct{} // until it is closed, whoever sets out stands still
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
	r.mu.Lock()
	held := r.held
	r.mu.Unlock()
	if held != nil {
		<-held
	}
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

// hold cuts the road, and has all who set out on it stand still, rather than turn back,
// until it is mended.
func (r *road) hold() {
	r.cut()
	r.mu.Lock()
	defer r.mu.Unlock()
	r.broken, r.held = false, make(chan struct{})
}

func (r *road) mend() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.broken = false
	if r.held != nil {
		close(r.held)
		r.held = nil
	}
}
