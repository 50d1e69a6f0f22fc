package slack

// Quiet returns once all that was heard of who joined and left is told.
func (a *Adapter) Quiet() {
	done := make(chan struct{})
	a.queue.Put(func() { close(done) })
	<-done
}
