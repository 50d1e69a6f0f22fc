// Package switchboard joins several team chats into the one platform that the bot
// speaks by.
//
// Each chat is a Line. The ids of its users, channels and messages bear the name of
// the line, as in "slack:U024BE7LH", put on when something comes in and taken off when
// it goes out: neither the adapters nor the bot know of it. The ids of one line, the
// Bare one, stay as the chat gives them. It is always the same chat, Mattermost, even
// where it is not in use: what was stored before there were lines stays as it is, and a
// line can be added to either chat later without anything being written anew.
//
// A case lives on one line, that of whoever opened it.
package switchboard
