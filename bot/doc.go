// Package bot runs the commands: it finds which one was meant and who may use
// it (Router), writes what was decided in one transaction, says the rest through
// a durable outbox (Outbox), reminds people in time (Nudges), watches who joins
// the channels, and lets nothing of a case out but through the gate (Gate).
package bot
