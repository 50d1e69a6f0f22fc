package paper

import (
	"strings"
	"sync"
	"unicode"

	"codeberg.org/go-pdf/fpdf"
	"golang.org/x/image/font"
	"golang.org/x/image/font/gofont/gobold"
	"golang.org/x/image/font/gofont/goregular"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"
	"golang.org/x/text/unicode/norm"
)

// family is the name under which the PDF knows the fonts, whose letters were drawn
// to be told apart (l, I, 1 and O, 0).
const family = "go"

// face is what laying out asks of a font.
type face struct {
	style string
	// widths are in thousandths of the size of the type; a character the font lacks
	// has none.
	widths [1 << 16]uint16
}

// faces are read once: fonts do not change.
var faces = sync.OnceValue(func() (f struct{ regular, bold *face }) {
	f.regular, f.bold = newFace("", goregular.TTF), newFace("B", gobold.TTF)
	return f
})

// newFace panics on a font that cannot be read: it is part of the program.
func newFace(style string, ttf []byte) *face {
	f := &face{style: style}
	parsed, err := sfnt.Parse(ttf)
	if err != nil {
		panic(err)
	}
	var buffer sfnt.Buffer
	em := fixed.Int26_6(1000 << 6)
	for r := rune(' '); r < rune(len(f.widths)); r++ {
		glyph, err := parsed.GlyphIndex(&buffer, r)
		if err != nil {
			panic(err)
		}
		if glyph == 0 {
			continue
		}
		advance, err := parsed.GlyphAdvance(&buffer, glyph, em, font.HintingNone)
		if err != nil {
			panic(err)
		}
		f.widths[r] = uint16(advance.Round())
	}
	return f
}

// embed gives the fonts to a PDF, which keeps of them what it uses.
func embed(f *fpdf.Fpdf) {
	f.AddUTF8FontFromBytes(family, "", goregular.TTF)
	f.AddUTF8FontFromBytes(family, "B", gobold.TTF)
}

// has tells whether the font can draw r.
func (f *face) has(r rune) bool { return int(r) < len(f.widths) && f.widths[r] > 0 }

// missing is drawn for a character that the font lacks.
const missing = '\uFFFD'

// standIns are drawn for characters that the font lacks and has nearly.
var standIns = map[rune]rune{
	'\u202f': '\u00a0', '\u2009': '\u00a0', '\u2007': '\u00a0', '\u2011': '-',
	'☐': '□', '☑': '■', '☒': '■', '✓': '√', '✔': '√',
}

// shown gives the character that the font draws for r, and whether it reads as r.
func (f *face) shown(r rune) (drawn rune, same bool) {
	if f.has(r) {
		return r, true
	}
	if other, ok := standIns[r]; ok && f.has(other) {
		return other, other == '\u00a0' || other == '-'
	}
	return missing, false
}

// legible gives a text as it can be set: composed letters, line breaks of one
// kind, no mark without a shape.
func legible(text string) string {
	if plain(text) {
		return text
	}
	text = strings.ReplaceAll(strings.ToValidUTF8(text, string(missing)), "\r\n", "\n")
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n', r == '\u2028', r == '\u2029', r == '\r':
			return '\n'
		case r == '\t':
			return ' '
		case unicode.IsControl(r), unicode.Is(unicode.Cf, r), unicode.Is(unicode.Variation_Selector, r):
			return -1
		}
		return r
	}, norm.NFC.String(text))
}

// plain tells that nothing in the text needs care: most texts.
func plain(text string) bool {
	for i := range len(text) {
		if c := text[i]; c < ' ' && c != '\n' || c >= 0x7f {
			return false
		}
	}
	return true
}
