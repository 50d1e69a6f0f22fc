package backup

// Unpack reads what a backup holds, once it was opened.
var Unpack = unpack
