package sandbox

import (
	"embed"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"parcours/bot/chat"
)

//go:embed texts/*.json
var textFiles embed.FS

// texts are what the pages say in a language, by key.
type texts map[string]string

func loadTexts(lang chat.Lang) (texts, error) {
	raw, err := textFiles.ReadFile("texts/" + string(lang) + ".json")
	if err != nil {
		return nil, err
	}
	t := texts{}
	if err := json.Unmarshal(raw, &t); err != nil {
		return nil, fmt.Errorf("sandbox: texts of %s: %w", lang, err)
	}
	return t, nil
}

// say gives a text, with its blanks filled in.
func (t texts) say(key string, blanks ...any) (string, error) {
	text, ok := t[key]
	if !ok {
		return "", fmt.Errorf("sandbox: no text %q", key)
	}
	if len(blanks) > 0 {
		text = fmt.Sprintf(text, blanks...)
	}
	return text, nil
}

// day gives a date in full: « samedi 21 novembre 2026 ».
func (t texts) day(at time.Time) string {
	weekday := strings.Split(t["weekdays"], ",")[at.Weekday()]
	month := strings.Split(t["months"], ",")[at.Month()-1]
	number := fmt.Sprint(at.Day())
	if at.Day() == 1 {
		number = t["first"]
	}
	return fmt.Sprintf("%s %s %s %d", weekday, number, month, at.Year())
}
