package slack

import "time"

// What the adapter waits at most for the bot's answer to a form, and Slack for the
// adapter's to anything.
const (
	InTime = inTime
	AckIn  = ackIn
)

// Metadata is what travels hidden with a message.
var Metadata = metadata

// Hours has the channels be looked at again at each of these ticks, by HTTP, and not by
// the clock of the computer.
func (a *Adapter) Hours(ticks <-chan time.Time) {
	a.hours = func() (<-chan time.Time, func()) { return ticks, func() {} }
}

// Hurry has a form be acknowledged after this time without the bot's answer to it.
func (a *Adapter) Hurry(d time.Duration) { a.inTime = d }

// Quiet returns once all that was heard of who joined and left is told.
func (a *Adapter) Quiet() {
	done := make(chan struct{})
	a.queue.Put(func() { close(done) })
	<-done
}
