package casework

// FactNames are the facts a journal knows, for the tests of its writing.
var FactNames = factNames

// CodeAlphabet is what codes are made of.
const CodeAlphabet = codeAlphabet
