// Package chat is what the bot knows of a team chat, whichever it is: messages,
// cards, buttons, forms, what users do, and the Platform that carries them.
//
// Texts are plain. An adapter escapes them for its platform, so that nothing a
// user typed is ever read as markup, a mention or a link.
package chat
