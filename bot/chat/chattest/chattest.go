// Package chattest lets tests of adapters send messages without a bot: it stamps
// what only the gate may stamp.
package chattest

import (
	"parcours/bot/chat"
	"parcours/bot/internal/clearance"
)

// Clear stamps a message as the gate would.
func Clear(out chat.Outgoing) chat.Cleared { return clearance.Grant(out) }

// ClearForm stamps a form as the gate would.
func ClearForm(form chat.Form) chat.ClearedForm { return clearance.Grant(form) }

// ClearFile stamps a file as the gate would.
func ClearFile(file chat.File) chat.ClearedFile { return clearance.Grant(file) }
