package documents

import (
	"slices"
	"strings"

	"parcours/casework"
	"parcours/documents/paper"
	"parcours/locales"
)

// A column of a table of T: its title, by the key of its sentence, and what a row
// has to say there.
type column[T any] struct {
	title string
	width float64
	cell  func(*composer, T) string
	// names: the cells name their row.
	names bool
	// hand: the cells are to be filled by hand, and nothing lacks there.
	hand bool
}

// A table is a grid under a heading.
type table[T any] struct {
	heading string
	rows    func(*composer) []T
	columns []column[T]
	// none is said where there is no row; without it, blank rows are left to fill.
	none string
	// spare is how many more blank rows there are.
	spare int
}

// unasked stands where there is nothing to be known, unlike in a blank.
const unasked = "—"

// blankRows are left to the hand where there is no row.
const blankRows = 3

func (t table[T]) part() part {
	return func(c *composer) {
		refused := c.refused
		var rows []T
		if !c.blank {
			rows = t.rows(c)
		}
		t.show(c, rows, c.refused > refused)
	}
}

// show adds the heading and the rows, or what stands instead of a table without
// any; hid tells that some were left out.
func (t table[T]) show(c *composer, rows []T, hid bool) {
	if t.heading != "" {
		c.heading(t.heading)
	}
	switch {
	case c.blank || len(rows) > 0:
	case hid:
		c.add(paper.Paragraph{Text: c.t("doc.not_shown")})
		return
	case t.none != "":
		c.add(paper.Paragraph{Text: c.t(t.none)})
		return
	default:
		c.lacks(c.t(t.heading))
	}
	t.grid(c, rows)
}

// grid adds the rows, or blank ones when there is none.
func (t table[T]) grid(c *composer, rows []T) {
	var grid paper.Table
	for _, col := range t.columns {
		grid.Columns = append(grid.Columns, paper.Column{Title: c.t(col.title), Width: col.width, Names: col.names})
	}
	var lacking []string
	for _, row := range rows {
		var cells []string
		for _, col := range t.columns {
			text := col.cell(c, row)
			if title := c.t(col.title); blankIn(text) && !col.hand && !slices.Contains(lacking, title) {
				lacking = append(lacking, title)
			}
			cells = append(cells, text)
		}
		grid.Rows = append(grid.Rows, cells)
	}
	if len(lacking) > 0 {
		c.lacks(c.t("doc.lacks", locales.Args{"Table": c.t(t.heading), "Columns": strings.Join(lacking, ", ")}))
	}
	spare := t.spare
	if len(rows) == 0 {
		spare = max(spare, blankRows)
	}
	for range spare {
		grid.Rows = append(grid.Rows, nil)
	}
	c.add(grid)
}

type (
	professional = casework.Professional
	relative     = casework.Relative
	element      = casework.Element
)

// The columns of the list of professionals.
var (
	proName    = column[professional]{"doc.pro.name", 2, func(_ *composer, p professional) string { return called(p) }, true, false}
	proFull    = column[professional]{"doc.pro.full", 3, func(c *composer, p professional) string { return c.line(p.ID) }, true, false}
	proLast    = column[professional]{"doc.pro.last", 2, func(_ *composer, p professional) string { return p.Name }, true, false}
	proFirst   = column[professional]{"doc.pro.first", 1.5, func(_ *composer, p professional) string { return p.FirstName }, false, false}
	proJob     = column[professional]{"doc.pro.function", 2, func(c *composer, p professional) string { return c.word("profession.", string(p.Profession)) }, false, false}
	proService = column[professional]{"doc.pro.service", 2, func(_ *composer, p professional) string { return p.Service }, false, false}
	proPurpose = column[professional]{"doc.pro.purpose", 2.5, func(_ *composer, p professional) string { return p.Purpose }, false, false}
	proEmail   = column[professional]{"doc.pro.email", 2.5, func(_ *composer, p professional) string { return p.Email }, false, false}
	proPhone   = column[professional]{"doc.pro.phone", 2.4, func(_ *composer, p professional) string { return p.Phone }, false, false}
	proContact = column[professional]{"doc.pro.contact", 2.5, func(_ *composer, p professional) string { return both(p.Phone, p.Email) }, false, false}
	proAddress = column[professional]{"doc.pro.address", 2.5, func(_ *composer, p professional) string { return p.Address }, false, false}
	proNature  = column[professional]{"doc.pro.nature", 3, func(_ *composer, p professional) string { return joined("\n", p.Measure, p.Purpose) }, false, false}
	proMeasure = column[professional]{"doc.pro.measure", 2, func(_ *composer, p professional) string { return p.Measure }, false, false}
	proQuality = column[professional]{"doc.pro.quality", 2.6, func(c *composer, p professional) string {
		return both(c.word("profession.", string(p.Profession)), p.Service)
	}, false, false}
	proDates = column[professional]{"doc.pro.dates", 1.5, func(c *composer, p professional) string { return both(c.day(p.Start), c.day(p.End)) }, false, false}
	proFor   = column[professional]{"doc.pro.beneficiary", 2, func(_ *composer, p professional) string { return p.Beneficiary }, false, false}
	proEnd   = column[professional]{"doc.pro.end", 1.7, func(c *composer, p professional) string { return c.day(p.End) }, false, false}
)

// titled gives the column under the name that a model has for it.
func titled[T any](col column[T], title string) column[T] {
	col.title = title
	return col
}

// support is the list of professionals.
func support(heading string, columns ...column[professional]) part {
	return table[professional]{heading: heading, columns: columns, rows: func(c *composer) []professional { return c.text.Support }}.part()
}

// referentTable is the referent's own line, as a table.
func referentTable(heading string, columns ...column[professional]) part {
	return table[professional]{heading: heading, columns: columns, rows: func(c *composer) []professional {
		p, ok := c.professional(c.text.Referent)
		if !ok {
			return nil
		}
		return []professional{p}
	}}.part()
}

// householdTable is everybody of the household.
var householdTable = table[relative]{
	heading: "doc.household", rows: (*composer).relatives,
	columns: []column[relative]{
		{title: "doc.rel.last", width: 2, names: true, cell: func(_ *composer, r relative) string { return r.LastName }},
		{title: "doc.rel.first", width: 2, names: true, cell: func(_ *composer, r relative) string { return r.FirstName }},
		{title: "doc.rel.born", width: 1.6, cell: func(c *composer, r relative) string { return c.day(r.Born) }},
		{title: "doc.rel.situation", width: 2.5, cell: (*composer).familySituation},
		{title: "doc.rel.activity", width: 2.5, cell: func(_ *composer, r relative) string { return r.Activity }},
	},
}.part()

// guest is somebody called to a meeting.
type guest struct {
	name, quality string
	presence      casework.Presence
}

// guests are those called, as the text has them: the person first.
func (c *composer) guests() []guest {
	all := []guest{{name: c.actor(casework.ThePerson), quality: c.t("actor.person"), presence: c.presence(casework.ThePerson)}}
	for _, p := range c.text.Support {
		all = append(all, guest{
			name: called(p), quality: joined(", ", c.word("profession.", string(p.Profession)), p.Service),
			presence: c.presence(casework.Actor(p.ID)),
		})
	}
	return all
}

func (c *composer) presence(who casework.Actor) casework.Presence {
	return casework.Commission{Attendance: c.text.Attendance}.PresenceOf(who)
}

var (
	guestName    = column[guest]{title: "doc.guest.name", width: 2, names: true, cell: func(_ *composer, g guest) string { return g.name }}
	guestQuality = column[guest]{title: "doc.guest.quality", width: 3, cell: func(_ *composer, g guest) string { return g.quality }}
)

// invited says who was called to the meeting, and who came.
func invited(heading string) part {
	return table[guest]{heading: heading, rows: (*composer).guests, columns: []column[guest]{guestName, guestQuality, {
		title: "doc.guest.presence", width: 1.2,
		cell: func(c *composer, g guest) string { return c.word("presence.", string(g.presence)) },
	}}}.part()
}

// The columns of reviews.
func reviewColumns(objective, outcome string) []column[casework.Reviewed] {
	return []column[casework.Reviewed]{
		{title: objective, width: 1, names: true, cell: func(_ *composer, r casework.Reviewed) string { return r.Objective.Title }},
		{title: outcome, width: 1.4, cell: func(c *composer, r casework.Reviewed) string {
			outcome := c.word("outcome.", string(r.Outcome))
			if r.Why == "" {
				return outcome
			}
			return c.t("doc.review", locales.Args{"Outcome": outcome, "Why": r.Why})
		}},
	}
}

// reviews say what became of the objectives of earlier meetings, and why.
func reviews(heading, objective, outcome string) part {
	return table[casework.Reviewed]{
		heading: heading, none: "doc.reviews.none", columns: reviewColumns(objective, outcome),
		rows: func(c *composer) []casework.Reviewed {
			return kept(c.text.Reviews, func(r casework.Reviewed) bool {
				return c.tells("objective "+r.Objective.ID, r.Objective.Topic)
			})
		},
	}.part()
}

// achieved are the objectives worked on no more, if there are some.
func achieved(c *composer) {
	var over []casework.Reviewed
	for _, o := range c.Case.Objectives {
		if o.Over() && c.tells("objective "+o.ID, o.Topic) {
			over = append(over, casework.Reviewed{Objective: o, Outcome: o.Outcome, Why: o.Why})
		}
	}
	if len(over) > 0 {
		table[casework.Reviewed]{heading: "doc.achieved", columns: reviewColumns("doc.step.objective", "doc.reviews.outcome")}.show(c, over, false)
	}
}
