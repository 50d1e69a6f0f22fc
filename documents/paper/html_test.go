package paper

import (
	"html"
	"regexp"
	"slices"
	"strings"
	"testing"
)

func TestTheHTMLOfTheSample(t *testing.T) {
	golden(t, "sample.html", string(render(t, HTML, sample())))
}

func TestTheHTMLAsksForNothing(t *testing.T) {
	page := string(render(t, HTML, sample()))
	balanced(t, page)
	if found := regexp.MustCompile(`(?i)<script|<link|<img|<iframe|\bsrc=|\bhref=|\burl\(|@import|\bon\w+=`).FindString(page); found != "" {
		t.Errorf("%q in the page", found)
	}
}

// balanced holds that every tag closes the one opened before it, which no text
// would do that made tags of its own.
func balanced(t fataler, page string) {
	t.Helper()
	var open []string
	for _, tag := range regexp.MustCompile(`</?[a-z][a-z0-9]*`).FindAllString(page, -1) {
		name, closing := strings.CutPrefix(tag, "</")
		switch {
		case slices.Contains([]string{"<meta", "<col", "<hr"}, tag):
		case !closing:
			open = append(open, tag[1:])
		case len(open) == 0 || open[len(open)-1] != name:
			t.Fatalf("%s closes %v", tag, open)
		default:
			open = open[:len(open)-1]
		}
	}
	if len(open) > 0 || strings.Contains(page, "<script") {
		t.Fatalf("left open: %v", open)
	}
}

// reading gives what a page shows or tells, without its tags.
func reading(page string) string {
	_, body, _ := strings.Cut(page, "</head>")
	return html.UnescapeString(regexp.MustCompile(`<[^>]*>`).ReplaceAllString(body, ""))
}
