package slack

// Ready is nil while Slack is heard; otherwise it says why not: ErrToken when Slack
// refuses the bot or the app, another error when it cannot be reached.
func (a *Adapter) Ready() error { return a.contact.Err() }
