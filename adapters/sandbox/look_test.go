package sandbox

import (
	"io/fs"
	"math"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

func asset(t *testing.T, name string) string {
	t.Helper()
	source, err := assetFiles.ReadFile("assets/" + name)
	must(t, err)
	return string(source)
}

// palettes are the colours by name, of the light theme and of the dark one.
func palettes(t *testing.T) map[string]map[string]string {
	t.Helper()
	light, dark, ok := strings.Cut(asset(t, "colours.css"), "@media (prefers-color-scheme: dark)")
	if !ok {
		t.Fatal("no dark theme")
	}
	named := regexp.MustCompile(`--([a-z0-9-]+): (#[0-9a-f]{6});`)
	all := map[string]map[string]string{"light": {}, "dark": {}}
	for theme, source := range map[string]string{"light": light, "dark": dark} {
		for _, found := range named.FindAllStringSubmatch(source, -1) {
			all[theme][found[1]] = found[2]
		}
	}
	return all
}

// luminance and contrast are those of WCAG 2.2.
func luminance(t *testing.T, colour string) float64 {
	t.Helper()
	n, err := strconv.ParseUint(strings.TrimPrefix(colour, "#"), 16, 32)
	must(t, err)
	channel := func(shift int) float64 {
		v := float64(n>>shift&0xff) / 255
		if v <= 0.04045 {
			return v / 12.92
		}
		return math.Pow((v+0.055)/1.055, 2.4)
	}
	return 0.2126*channel(16) + 0.7152*channel(8) + 0.0722*channel(0)
}

func contrast(t *testing.T, a, b string) float64 {
	t.Helper()
	x, y := luminance(t, a), luminance(t, b)
	return (max(x, y) + 0.05) / (min(x, y) + 0.05)
}

func TestContrast(t *testing.T) {
	text := map[string][]string{
		"ink":       {"paper", "surface", "wash", "eyes-wash", "danger-wash"},
		"soft":      {"paper", "surface", "wash"},
		"accent":    {"paper", "surface", "wash"},
		"danger":    {"surface", "danger-wash"},
		"eyes":      {"eyes-wash", "wash"},
		"on-accent": {"accent", "accent-hover"},
		"on-hue":    {"hue-0", "hue-1", "hue-2", "hue-3", "hue-4", "hue-5"},
	}
	edges := map[string][]string{
		"edge":   {"surface", "paper", "eyes-wash"},
		"focus":  {"surface", "paper", "wash", "eyes-wash"},
		"danger": {"surface", "danger-wash"},
		"accent": {"surface", "eyes-wash"},
	}
	for theme, colours := range palettes(t) {
		check := func(pairs map[string][]string, least float64) {
			for front, backs := range pairs {
				for _, back := range backs {
					if colours[front] == "" || colours[back] == "" {
						t.Errorf("%s: %s or %s is not a colour", theme, front, back)
					} else if got := contrast(t, colours[front], colours[back]); got < least {
						t.Errorf("%s: %s on %s has a contrast of %.2f, at least %.1f", theme, front, back, got, least)
					}
				}
			}
		}
		check(text, 4.5)
		check(edges, 3)
	}
	if got := contrast(t, "#000000", "#ffffff"); math.Abs(got-21) > 0.01 {
		t.Errorf("black on white has a contrast of %.2f", got)
	}
}

func TestThemesHaveTheSameColours(t *testing.T) {
	all := palettes(t)
	for name := range all["light"] {
		if all["dark"][name] == "" {
			t.Errorf("the dark theme lacks %s", name)
		}
	}
	declared := regexp.MustCompile(`var\(--([a-z0-9-]+)\)`)
	for _, sheet := range []string{"base.css", "screen.css", "message.css", "sheet.css"} {
		for _, found := range declared.FindAllStringSubmatch(asset(t, sheet), -1) {
			if name := found[1]; all["light"][name] == "" && name != "veil" {
				t.Errorf("%s: no colour %s", sheet, name)
			}
		}
	}
}

// No width may be asked that a phone of 360 points does not have: the widest
// fixed sizes stand beside a way to be narrower.
func TestNothingIsWiderThanAPhone(t *testing.T) {
	outside := regexp.MustCompile(`(?s)@media \(min-width: 761px\) \{.*?\n\}`)
	fixed := regexp.MustCompile(`(?m)(?:[;{] *|^ *)(min-width|width): *(\d+)px`)
	narrowed := map[string]bool{"400": true} // .heading .sheetlet, set again for a phone
	for _, sheet := range []string{"base.css", "screen.css", "message.css", "sheet.css"} {
		for _, found := range fixed.FindAllStringSubmatch(outside.ReplaceAllString(asset(t, sheet), ""), -1) {
			if n, _ := strconv.Atoi(found[2]); n > 328 && !narrowed[found[2]] {
				t.Errorf("%s: %s of %d", sheet, found[1], n)
			}
		}
	}
	has(t, asset(t, "screen.css"), ".heading .sheetlet { width: calc(100vw - 24px)", "@media (max-width: 760px)")
	c, _ := newChat(t)
	has(t, browser{t, c.Handler()}.get("/"), `content="width=device-width, initial-scale=1"`)
}

func TestTouchTargets(t *testing.T) {
	for sheet, rules := range map[string][]string{
		"base.css":   {"button {\n  min-height: 44px", "textarea {\n  width: 100%;\n  min-height: 44px", "min-height: 56px"},
		"screen.css": {".menu > summary { display: flex; align-items: center; gap: 8px; min-height: 44px", "min-width: 44px; min-height: 44px"},
		"sheet.css":  {".tick { display: flex; align-items: center; gap: 12px; min-height: 44px"},
	} {
		has(t, asset(t, sheet), rules...)
	}
	has(t, asset(t, "base.css"), ":focus-visible { outline: 3px solid var(--focus)")
}

// The policy of the pages allows no style or script of their own, and nothing
// from elsewhere.
func TestNothingInlineNothingFromElsewhere(t *testing.T) {
	inline := regexp.MustCompile(`(?i)\bstyle=|\son[a-z]+=|<style|<script>|https?://`)
	check := func(name, source string) {
		source = strings.ReplaceAll(source, `xmlns="http://www.w3.org/2000/svg"`, "")
		if found := inline.FindString(source); found != "" {
			t.Errorf("%s: %q", name, found)
		}
	}
	must(t, fs.WalkDir(templateFiles, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		source, err := templateFiles.ReadFile(name)
		check(name, string(source))
		return err
	}))
	c, _ := newChat(t)
	b := browser{t, c.Handler()}
	for _, name := range []string{"base.css", "live.js", "icon.svg"} {
		source := b.get("/assets/" + name)
		check(name, source)
		if source == "" {
			t.Errorf("%s is empty", name)
		}
	}
}
