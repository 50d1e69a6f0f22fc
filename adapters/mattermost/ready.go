package mattermost

// Ready is nil while the server is heard; otherwise it says why not: ErrToken
// when the server refuses the bot, another error when it cannot be reached.
func (a *Adapter) Ready() error { return a.contact.Err() }
