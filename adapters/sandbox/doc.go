// Package sandbox is a small team chat in one process: in memory, read in a
// browser, for trying the bot without any server or account.
//
// Chat keeps the people, the channels and what was said, as a real platform
// would: it is a chat.Platform for the bot, and hands what people do to a
// chat.Handler. One human usually plays everybody, through the web pages of
// Chat.Handler; a story or a test plays them through Type, Submit and Press.
// Nothing is kept when the process ends.
package sandbox
