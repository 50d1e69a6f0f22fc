// Package mattermost is the bot on a Mattermost server: it decodes what people
// do there for a chat.Handler, and is the chat.Platform that the bot speaks by.
//
// What people do arrives by HTTP (the slash command, forms and buttons, see
// Adapter.Handler) and by WebSocket (direct messages, and who joins and leaves,
// see Adapter.Run). Mattermost signs none of its calls. So the command is
// believed for its token, a form for the token that the bot made for that user,
// and a button for the seal that this package put on it and for being on a post
// of the bot.
//
// # What is shown where
//
// Message.Text is the post; a card is its attachment. A notification on a phone
// or a desktop shows the post alone, since attachments carry no fallback text.
// E-mail notifications do copy attachments: a server where cards must not be
// mailed has SendEmailNotifications off.
//
// Texts are inert: see escape.
//
// # Choices made for protection
//
// A deactivated account stays in the members of a channel, as Mattermost keeps
// it there and would let it read again once reactivated; so do other bots. A
// channel shared with another server counts as not private. Archive takes the
// people out before it archives, since Mattermost lets members go on reading.
// A channel the bot was taken out of is an error that may pass: somebody can put
// the bot back, and until then nothing is sent there.
// Files that are taken away from a post are in no list and no search any more. But
// the server goes on giving one for half an hour, if somebody had opened it, to
// members of the channel who kept its address.
//
// System administrators can read every channel of their server. No bot can
// prevent it.
package mattermost
