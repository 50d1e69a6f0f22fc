package mattermost

import "strings"

// probeWord begins the line by which the bot's own account asks whether its
// commands arrive.
const probeWord = "probe "

// Probe is a line to type after /parcours, as the bot's own account, to learn
// whether the server reaches the Handler that holds the same secret: Answer is
// then the text of the answer. Nothing else happens.
type Probe struct{ Line, Answer string }

// NewProbe makes a probe of a word that was not used before.
func NewProbe(secret []byte, word string) Probe {
	return Probe{Line: probeWord + word, Answer: seal{secret}.of("probe", word)}
}

// probed gives what is answered to the bot's own account: nothing but to a probe.
func (a *Adapter) probed(line string) string {
	word, ok := strings.CutPrefix(line, probeWord)
	if !ok {
		return ""
	}
	return a.seal.of("probe", word)
}
