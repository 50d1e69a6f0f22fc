package paper

import (
	"bytes"
	"fmt"
	"regexp"
	"strings"
	"unicode/utf16"
)

// tag is an element of what a PDF says about itself to a screen reader: that this
// is a heading, that a cell of a table. The library that draws knows no tags.
type tag struct {
	role string
	// attributes are in the notation of PDF.
	attributes string
	kids       []kid
	object     int
}

// kid is an element inside another, or a numbered stretch of drawing on a page.
type kid struct {
	*tag
	page, mark int
}

// add puts an element after those already inside t. The tag nil is for what is
// not to be read, and stays so.
func (t *tag) add(role, attributes string) *tag {
	if t == nil {
		return nil
	}
	inner := &tag{role: role, attributes: attributes}
	t.kids = append(t.kids, kid{tag: inner})
	return inner
}

// instead is the attribute of what is read as other words than those drawn.
func instead(text string) string {
	if text == "" {
		return ""
	}
	return "/ActualText " + hex(text) + " "
}

// hex gives a string of PDF in any language.
func hex(text string) string {
	var b strings.Builder
	b.WriteString("<FEFF")
	for _, unit := range utf16.Encode([]rune(text)) {
		fmt.Fprintf(&b, "%04X", unit)
	}
	b.WriteByte('>')
	return b.String()
}

// ending is how fpdf ends a file: its catalogue comes last, its table of objects
// before that.
var ending = regexp.MustCompile(`/Size (\d+)\n/Root (\d+) 0 R\n/Info (\d+) 0 R\n>>\nstartxref\n(\d+)\n%%EOF\n$`)

// complete adds to a file made by fpdf its tags, its language and its title, as PDF
// lets any file be completed: what is new or replaced is appended, with a table of
// where it is. marks are, for each page, the element of each stretch of drawing.
func complete(file []byte, d Document, root *tag, marks [][]*tag) ([]byte, error) {
	tail := file[max(0, len(file)-256):]
	found := ending.FindSubmatch(tail)
	if found == nil {
		return nil, fmt.Errorf("paper: the file does not end as expected")
	}
	var size, catalog, info, table int
	for i, n := range []*int{&size, &catalog, &info, &table} {
		if _, err := fmt.Sscan(string(found[i+1]), n); err != nil {
			return nil, fmt.Errorf("paper: %w", err)
		}
	}
	a := appendix{out: bytes.NewBuffer(file), next: size}

	tree, parents := a.number(), a.number()
	a.numberAll(root)
	for i := range marks {
		a.object(pageObject(i), "/Type /Page /Parent 1 0 R /Resources 2 0 R /Contents %d 0 R /StructParents %d /Tabs /S", pageObject(i)+1, i)
	}
	a.object(catalog, "/Type /Catalog /Version /1.7 /Pages 1 0 R /Lang %s /MarkInfo <</Marked true>> /StructTreeRoot %d 0 R /ViewerPreferences <</DisplayDocTitle true>>", hex(d.Lang), tree)
	date := d.Date.UTC().Format("20060102150405Z")
	a.object(info, "/Title %s /Producer (Parcours) /CreationDate (D:%s) /ModDate (D:%s)", hex(strings.Join(strings.Fields(legible(d.Title)), " ")), date, date)
	a.object(tree, "/Type /StructTreeRoot /K %d 0 R /ParentTree %d 0 R /ParentTreeNextKey %d", root.object, parents, len(marks))
	var nums strings.Builder
	for i, owners := range marks {
		fmt.Fprintf(&nums, "%d [", i)
		for _, owner := range owners {
			fmt.Fprintf(&nums, "%d 0 R ", owner.object)
		}
		nums.WriteString("]\n")
	}
	a.object(parents, "/Nums [%s]", nums.String())
	a.elements(root, tree)
	a.end(catalog, info, table)
	return a.out.Bytes(), nil
}

// pageObject is the number fpdf gives to a page, counted from 0; what is drawn on
// the page follows it.
func pageObject(page int) int { return 3 + 2*page }

// appendix is a section appended to a file.
type appendix struct {
	out  *bytes.Buffer
	next int
	// where tells the place of each object, in the order they were written.
	where []place
}

type place struct{ object, offset int }

func (a *appendix) number() int {
	a.next++
	return a.next - 1
}

func (a *appendix) numberAll(t *tag) {
	t.object = a.number()
	for _, k := range t.kids {
		if k.tag != nil {
			a.numberAll(k.tag)
		}
	}
}

func (a *appendix) object(number int, format string, args ...any) {
	a.where = append(a.where, place{number, a.out.Len()})
	fmt.Fprintf(a.out, "%d 0 obj\n<<", number)
	fmt.Fprintf(a.out, format, args...)
	a.out.WriteString(">>\nendobj\n")
}

func (a *appendix) elements(t *tag, parent int) {
	var kids strings.Builder
	for _, k := range t.kids {
		if k.tag != nil {
			fmt.Fprintf(&kids, "%d 0 R ", k.object)
		} else {
			fmt.Fprintf(&kids, "<</Type /MCR /Pg %d 0 R /MCID %d>> ", pageObject(k.page), k.mark)
		}
	}
	a.object(t.object, "/Type /StructElem /S /%s /P %d 0 R %s/K [%s]", t.role, parent, t.attributes, kids.String())
	for _, k := range t.kids {
		if k.tag != nil {
			a.elements(k.tag, t.object)
		}
	}
}

func (a *appendix) end(catalog, info, previous int) {
	start := a.out.Len()
	a.out.WriteString("xref\n")
	for _, p := range a.where {
		fmt.Fprintf(a.out, "%d 1\n%010d 00000 n \n", p.object, p.offset)
	}
	fmt.Fprintf(a.out, "trailer\n<</Size %d /Root %d 0 R /Info %d 0 R /Prev %d>>\nstartxref\n%d\n%%%%EOF\n", a.next, catalog, info, previous, start)
}
