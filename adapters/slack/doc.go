// Package slack is the bot in one Slack workspace: it decodes what people do there
// for a chat.Handler, and is the chat.Platform that the bot speaks by.
//
// What people do arrives either by Socket Mode, a connection that the bot opens
// and Slack speaks on (see Adapter.Run), or by HTTP, signed by Slack (see
// Adapter.Handler). Both carry the same envelopes: slash commands, interactions
// (buttons, forms, the shortcut of a message) and events.
//
// # What Slack is asked
//
// auth.test, apps.connections.open; conversations.create, info, members, open,
// invite, kick, archive, history, replies; users.conversations, info, list;
// chat.postMessage, postEphemeral, update, delete; pins.add;
// files.getUploadURLExternal, completeUploadExternal, delete; views.open, update,
// publish; and the response_url of what people did. Scopes and Events are what an
// app needs for it.
//
// # What is shown where
//
// The text of a message, which is all that a notification shows, is
// Message.Text. Everything is shown by blocks besides: sections of mrkdwn with
// verbatim set, a header, actions, and a context for the footer. Texts are inert:
// see escape. A message that is too long for one goes on in its thread, where its
// files are too, since Slack takes no metadata with a file.
//
// A form is a modal: the block_id and action_id of an input are the field's id,
// callback_id is the form's, private_metadata its token and channel. A button has
// its id as action_id, with "." and a number when it stands there already, and its
// token as value.
//
// The key of a message, and those of what it holds, travel in its metadata, of
// event_type "parcours_message": event_payload.key, keys and, of what goes on in
// the thread, part.
//
// The Home tab of the app shows somebody their cases, or, where Slack is to keep
// nothing, their codes and a button that shows the rest in a modal. It is made afresh each time they
// open it; and, since Slack keeps it, each time the bot tells them something in private
// or takes them out of a channel, as it does when a consent is withdrawn or narrowed.
// A restart forgets whose home that is, until they open it again.
//
// # Choices made for protection
//
// A channel that is shared with another workspace, or about to be, counts as not
// private. Guests, strangers and people of another workspace are outsiders. Archive
// takes the people out before it archives, since Slack lets members go on reading.
// Slack says of a private channel that the bot was taken out of what it says of one
// that never was: both are an error that may pass, since somebody can put the bot
// back, and until then nothing is sent there.
//
// Owners of a workspace may have the right to export what is said in private
// channels. No bot can prevent it.
package slack
