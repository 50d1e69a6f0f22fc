package config

import _ "embed"

// Sample is a file that says every key, with the defaults.
//
//go:embed sample.toml
var Sample string
