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

// Hurry has a form be acknowledged after this time without the bot's answer to it.
func (a *Adapter) Hurry(d time.Duration) { a.inTime = d }

// Quiet returns once all that was heard of who joined and left is told.
func (a *Adapter) Quiet() {
	done := make(chan struct{})
	a.queue.Put(func() { close(done) })
	<-done
}
