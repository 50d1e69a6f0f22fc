package chat_test

import (
	"strings"
	"testing"

	"parcours/bot/chat"
	"parcours/casework"
)

func TestFilesWithinLimits(t *testing.T) {
	body := []byte("x")
	file := func(change func(*chat.File)) []chat.File {
		f := chat.File{Name: "releve-P-7K3F.pdf", Type: "application/pdf", Case: "P-7K3F", Topics: []casework.Topic{"", casework.Budget}, Body: body}
		if change != nil {
			change(&f)
		}
		return []chat.File{f}
	}
	named := func(name string) []chat.File { return file(func(f *chat.File) { f.Name = name }) }
	five := make([]chat.File, 5)
	for i := range five {
		five[i] = named(strings.Repeat("a", i+1) + ".ics")[0]
	}
	for name, c := range map[string]struct {
		files []chat.File
		ok    bool
	}{
		"none":              {nil, true},
		"one":               {file(nil), true},
		"five":              {five, true},
		"six":               {append(five[:5:5], file(nil)...), false},
		"the same name":     {append(file(nil), file(nil)...), false},
		"of no case":        {file(func(f *chat.File) { f.Case, f.Topics = "", nil }), true},
		"topics of no case": {file(func(f *chat.File) { f.Case = "" }), false},
		"nothing in it":     {file(func(f *chat.File) { f.Body = nil }), false},
		"heavy":             {file(func(f *chat.File) { f.Body = make([]byte, 10<<20) }), true},
		"too heavy":         {file(func(f *chat.File) { f.Body = make([]byte, 10<<20+1) }), false},
		"elsewhere":         {file(func(f *chat.File) { f.Body, f.Link = nil, "https://example.org/x" }), true},
		"here and there":    {file(func(f *chat.File) { f.Link = "https://example.org/x" }), false},
		"a charset":         {file(func(f *chat.File) { f.Type = "text/html; charset=utf-8" }), true},
		"no type":           {file(func(f *chat.File) { f.Type = "" }), false},
		"two lines of type": {file(func(f *chat.File) { f.Type = "text/html\r\nX: y" }), false},
		"no name":           {named(""), false},
		"no extension":      {named("releve"), false},
		"a path":            {named("../releve.pdf"), false},
		"a folder":          {named("a/releve.pdf"), false},
		"a drive":           {named(`c:\releve.pdf`), false},
		"hidden":            {named(".releve.pdf"), false},
		"an option":         {named("-releve.pdf"), false},
		"dots":              {named("releve..pdf"), false},
		"a space":           {named("mon releve.pdf"), false},
		"an accent":         {named("relevé.pdf"), false},
		"a quote":           {named(`a".pdf`), false},
		"a line break":      {named("a.pdf\n"), false},
		"long":              {named(strings.Repeat("a", 61) + ".pdf"), false},
	} {
		t.Run(name, func(t *testing.T) {
			if err := (chat.Message{Text: "x", Files: c.files}).Validate(); (err == nil) != c.ok {
				t.Errorf("%v", err)
			}
		})
	}
}
