package paper

import (
	"fmt"
	"math"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"parcours/browsertest"
)

// TestTheHTMLInABrowser opens the sample on narrow and wide screens, in plain and
// in large type.
func TestTheHTMLInABrowser(t *testing.T) {
	ctx := browsertest.Start(t, 2*time.Minute)
	for _, large := range []bool{false, true} {
		d := sample()
		d.Large = large
		path := filepath.Join(t.TempDir(), "sample.html")
		if err := os.WriteFile(path, render(t, HTML, d), 0o600); err != nil {
			t.Fatal(err)
		}
		for _, width := range []int64{320, 360, 768, 1280} {
			if err := chromedp.Do(ctx, chromedp.EmulateViewport(width, 800), chromedp.Navigate("file://"+path)); err != nil {
				t.Fatal(err)
			}
			over, err := chromedp.Run(ctx, chromedp.Evaluate[int](`document.documentElement.scrollWidth - document.documentElement.clientWidth`))
			if err != nil || over > 0 {
				t.Errorf("large %v, at %d pixels wide: %d too wide, %v", large, width, over, err)
			}
		}
		for what, script := range map[string]string{
			"names that nothing has": `[...document.querySelectorAll('[aria-labelledby]')].flatMap(e => e.getAttribute('aria-labelledby').split(' ')).filter(id => document.querySelectorAll('#' + id).length != 1).join()`,
			"skipped headings":       `[...document.querySelectorAll('h1,h2,h3')].filter((h, i, all) => h.tagName[1] - (all[i-1] || {tagName: 'H0'}).tagName[1] > 1).map(h => h.textContent).join()`,
			"cells without a head":   `[...document.querySelectorAll('tbody [role=cell]')].filter(c => c.dataset.label != c.closest('table').tHead.rows[0].cells[c.cellIndex].textContent).map(c => c.textContent).join()`,
			"landmarks":              `['header', 'main', 'footer'].filter(name => document.querySelectorAll('body > ' + name).length != 1).join()`,
		} {
			if got, err := chromedp.Run(ctx, chromedp.Evaluate[string](script)); err != nil || got != "" {
				t.Errorf("%s: %q, %v", what, got, err)
			}
		}
	}
}

// TestTheInkCanBeRead holds the contrast that the accessibility rules ask for, by
// day and in the dark.
func TestTheInkCanBeRead(t *testing.T) {
	schemes := regexp.MustCompile(`(?s):root \{(.*?)\}`).FindAllStringSubmatch(string(style), -1)
	if len(schemes) != 2 {
		t.Fatalf("%d schemes", len(schemes))
	}
	for _, scheme := range schemes {
		light := make(map[string]float64)
		for _, v := range regexp.MustCompile(`--(\w+): #(\w+);`).FindAllStringSubmatch(scheme[1], -1) {
			light[v[1]] = luminance(t, v[2])
		}
		for pair, least := range map[string]float64{
			"ink paper": 7, "soft paper": 4.5, "title paper": 4.5, "ink tint": 7, "bar paper": 3,
		} {
			on, under, _ := strings.Cut(pair, " ")
			a, b := light[on], light[under]
			if ratio := (max(a, b) + 0.05) / (min(a, b) + 0.05); ratio < least {
				t.Errorf("%s: %.1f, want %.1f", pair, ratio, least)
			}
		}
	}
}

// luminance is that of WCAG 2.
func luminance(t *testing.T, hex string) float64 {
	t.Helper()
	if len(hex) == 3 {
		hex = fmt.Sprintf("%c%c%c%c%c%c", hex[0], hex[0], hex[1], hex[1], hex[2], hex[2])
	}
	sum := 0.0
	for i, weight := range []float64{0.2126, 0.7152, 0.0722} {
		n, err := strconv.ParseUint(hex[2*i:2*i+2], 16, 8)
		if err != nil {
			t.Fatal(err)
		}
		c := float64(n) / 255
		if c <= 0.04045 {
			c /= 12.92
		} else {
			c = math.Pow((c+0.055)/1.055, 2.4)
		}
		sum += weight * c
	}
	return sum
}
