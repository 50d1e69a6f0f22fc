package documents

import (
	"slices"

	"parcours/casework"
	"parcours/documents/paper"
	"parcours/locales"
)

// A composer puts one document together, part after part.
type composer struct {
	Request
	kind Kind
	say  locales.Printer

	// text is what is told of the support and of a meeting: the frozen text of
	// record if there is one, else the case as it is.
	text   casework.Minutes
	record *casework.Record
	// meeting is the one told of or invited to; its ID is empty when there is none.
	meeting casework.Commission
	// blank: nothing is filled in, everything is left to the hand.
	blank bool

	blocks  []paper.Block
	topics  []casework.Topic
	missing []string
	hidden  map[string]bool
	// refused counts every time a line was left out.
	refused int
}

func newComposer(kind Kind, model string, r Request) *composer {
	if r.Case == nil {
		r.Case = casework.Fold("", nil)
	}
	c := &composer{Request: r, kind: kind, say: r.Say.In(locales.DepartementOf(model)), hidden: map[string]bool{}}
	// A département with a file of its own keeps its words for its model.
	own := r.Say.Place()
	if own.Model == model && own.Code == "" && own.Name != locales.DepartementOf("").Name {
		c.say = r.Say
	}
	return c
}

// tells asks whether a line of that topic may stand in the document, and keeps
// what was answered. What the person does not want shared is in no document and
// not even counted, except in a frozen text, of which a reader must know that it
// is not whole.
func (c *composer) tells(line string, topic casework.Topic) bool {
	consent := c.Case.Consent()
	switch {
	case topic == "":
	case c.record == nil && !consent.Shared(topic):
		return false
	case c.Sees == nil || !c.Sees(topic) || slices.Contains(consent.Vetoes, topic):
		c.hidden[line] = true
		c.refused++
		return false
	}
	if !slices.Contains(c.topics, topic) {
		c.topics = append(c.topics, topic)
	}
	return true
}

// t says a sentence.
func (c *composer) t(key string, args ...locales.Args) string { return c.say.T(key, args...) }

func (c *composer) add(b paper.Block) { c.blocks = append(c.blocks, b) }

func (c *composer) heading(key string) { c.add(paper.Heading{Level: 1, Text: c.t(key)}) }

// lacks notes a blank under the name it has in the document.
func (c *composer) lacks(name string) {
	if !c.blank && !slices.Contains(c.missing, name) {
		c.missing = append(c.missing, name)
	}
}

// day says a day in figures.
func (c *composer) day(d casework.Day) string {
	t := d.At(12, 0, c.Now.Location())
	if t.IsZero() {
		return ""
	}
	return c.t("doc.day", locales.Args{"Year": t.Format("2006"), "Month": t.Format("01"), "Day": t.Format("02")})
}

// paper gives what was composed.
func (c *composer) paper(f form) Paper {
	d := paper.Document{
		Lang: c.say.Lang(), Title: f.title(c), Subtitle: c.subtitle(), Code: string(c.Case.Code),
		Date: c.Now, Large: c.kind == Leaflet, Blocks: slices.Concat(c.notices(), c.blocks),
		Labels: paper.Labels{
			Page: c.t("doc.label.page"), Continued: c.t("doc.label.continued"), Blank: c.t("doc.label.blank"),
			Checked: c.t("doc.label.checked"), Unchecked: c.t("doc.label.unchecked"),
		},
	}
	switch {
	case c.record != nil:
		d.Version = c.t("doc.version", locales.Args{"Version": c.record.Version})
		d.Hash = c.t("doc.hash", locales.Args{"Hash": c.record.Hash})
	case c.kind == Record:
		d.Version = c.t("doc.draft")
	case c.kind != Blank && c.kind != Leaflet:
		d.Version = c.t("doc.as_of", locales.Args{"Day": c.say.Day(casework.DayOf(c.Now))})
	}
	return Paper{Document: d, Topics: c.topics, Missing: c.missing, Hidden: len(c.hidden)}
}

// subtitle says when, under the title.
func (c *composer) subtitle() string {
	switch {
	case c.kind == Invitation:
		return c.say.Day(casework.DayOf(c.Now))
	case c.blank || c.meeting.ID == "" || c.kind != Record:
		return ""
	case c.meeting.Extraordinary:
		return c.t("doc.extraordinary", locales.Args{"Moment": c.say.Moment(c.text.At.In(c.Now.Location()))})
	}
	return c.say.Moment(c.text.At.In(c.Now.Location()))
}

// notices are what a reader must know before all else: that a text is not frozen
// or not in use any more, or that something is left out.
func (c *composer) notices() []paper.Block {
	var said []paper.Block
	switch {
	case c.kind != Record:
	case c.record == nil:
		said = append(said, paper.Note{Text: c.t("doc.draft.notice")})
	case c.Case.Stale(*c.record):
		last, _ := c.Case.RecordOf(c.record.Commission)
		said = append(said, paper.Note{Text: c.t("doc.stale", locales.Args{"Version": last.Version})})
	}
	if n := len(c.hidden); n > 0 {
		said = append(said, paper.Note{Text: c.t("doc.hidden", locales.Args{"N": n})})
	}
	return said
}
