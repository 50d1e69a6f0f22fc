package sandbox

import (
	"io/fs"
	"maps"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"parcours/bot/chat"
)

func both(t *testing.T) map[chat.Lang]texts {
	t.Helper()
	all := map[chat.Lang]texts{}
	for _, lang := range []chat.Lang{chat.French, chat.English} {
		loaded, err := loadTexts(lang)
		must(t, err)
		all[lang] = loaded
	}
	return all
}

func TestLanguagesSayTheSameThings(t *testing.T) {
	all := both(t)
	fr, en := slices.Sorted(maps.Keys(all[chat.French])), slices.Sorted(maps.Keys(all[chat.English]))
	if !slices.Equal(fr, en) {
		t.Errorf("the keys differ:\n%v\n%v", fr, en)
	}
	blanks := regexp.MustCompile(`%[a-z]`)
	for _, key := range fr {
		f, e := all[chat.French][key], all[chat.English][key]
		if f == "" || e == "" || !slices.Equal(blanks.FindAllString(f, -1), blanks.FindAllString(e, -1)) {
			t.Errorf("%s: %q and %q", key, f, e)
		}
	}
}

func TestEveryTextIsUsedAndEveryUseHasOne(t *testing.T) {
	used := map[string]bool{}
	collect := func(source string, pattern string) {
		for _, found := range regexp.MustCompile(pattern).FindAllStringSubmatch(source, -1) {
			used[found[1]] = true
		}
	}
	must(t, fs.WalkDir(templateFiles, ".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		source, err := templateFiles.ReadFile(path)
		collect(string(source), `\bt "([^"]+)"`)
		return err
	}))
	for _, file := range []string{"web.go", "texts.go"} {
		source, err := os.ReadFile(file)
		must(t, err)
		collect(string(source), `"(problem\.[a-z]+)"`)
		collect(string(source), `\bt\["([^"]+)"\]`)
	}
	have := slices.Sorted(maps.Keys(both(t)[chat.French]))
	if want := slices.Sorted(maps.Keys(used)); !slices.Equal(have, want) {
		t.Errorf("texts:\n%v\nused:\n%v", have, want)
	}
}

// French puts a space that does not break before high punctuation, and curls
// its apostrophes.
func TestFrenchTypography(t *testing.T) {
	wrong := regexp.MustCompile(`'| [;:?!»]|« |\.\.\.|\pL[;?!]|\pL:`)
	for key, text := range both(t)[chat.French] {
		if found := wrong.FindString(text); found != "" {
			t.Errorf("%s: %q in %q", key, found, text)
		}
	}
}

func TestMissingTextIsAnError(t *testing.T) {
	if _, err := (texts{}).say("nothing"); err == nil {
		t.Error("a text that is not there was said")
	}
}

func TestDays(t *testing.T) {
	all := both(t)
	first := time.Date(2026, time.May, 1, 9, 0, 0, 0, time.UTC)
	for lang, want := range map[chat.Lang]string{chat.French: "vendredi 1er mai 2026", chat.English: "Friday 1 May 2026"} {
		if got := all[lang].day(first); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
	for _, lang := range all {
		if days, months := strings.Split(lang["weekdays"], ","), strings.Split(lang["months"], ","); len(days) != 7 || len(months) != 12 {
			t.Errorf("%v %v", days, months)
		}
	}
}
