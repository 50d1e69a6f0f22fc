package documents

import (
	"time"

	"parcours/casework"
	"parcours/documents/paper"
	"parcours/locales"
)

// moment is when the meeting is, in the reader's time; zero when there is none.
func (c *composer) moment() time.Time {
	if c.text.At.IsZero() {
		return time.Time{}
	}
	return c.text.At.In(c.Now.Location())
}

// letter invites to the meeting, in one tone to the person and in another to a
// partner, and names everyone invited to both.
func letter(c *composer) {
	toPerson := c.Subject == string(casework.ThePerson)
	c.addressee(toPerson)
	if toPerson {
		c.sentences("doc.letter.person.hello", "doc.letter.person.why", "doc.letter.person.what")
	} else {
		c.add(paper.Paragraph{Text: c.t("doc.letter.partner.hello")})
		c.add(paper.Paragraph{Text: c.t("doc.letter.partner.why", locales.Args{"Person": c.text.Person})})
	}
	section("doc.letter.when", fields(letterDay, place, length, chair))(c)
	c.guestList()
	if toPerson {
		c.points("doc.letter.happens", "doc.letter.person.first", "doc.letter.person.speak", "doc.letter.person.decide", "doc.letter.person.record")
		c.points("doc.letter.rights", "doc.letter.person.refuse", "doc.letter.person.with", "doc.letter.person.change", "doc.letter.person.stop")
	} else {
		c.points("doc.letter.happens", "doc.letter.partner.speak", "doc.letter.partner.needed", "doc.letter.partner.decide", "doc.letter.partner.sign")
		c.points("doc.letter.ask", "doc.letter.partner.answer", "doc.letter.partner.prepare", "doc.letter.partner.secret")
	}
}

// letterDay is when they are expected: the day fixed earlier while no hour is.
var letterDay = field{label: "doc.letter.at", value: func(c *composer) string {
	if c.meeting.ID == "" {
		return joined(", ", c.say.Day(c.text.NextOn), toFill)
	}
	return heldOn.value(c)
}}

// addressee is whom the letter is from, and for.
func (c *composer) addressee(toPerson bool) {
	to := field{label: "doc.letter.to", value: func(c *composer) string {
		if toPerson {
			r := c.herself()
			return joined("\n", or(joined(" ", c.word("title.", string(r.Title)), named(r)), c.text.Person), r.Address)
		}
		p, _ := c.professional(c.Subject)
		return joined("\n", called(p), c.word("profession.", string(p.Profession)), p.Service, p.Address)
	}}
	from := field{label: "doc.letter.from", value: func(c *composer) string {
		p := c.coordinator()
		return joined("\n", c.line(p.ID), or(or(p.Phone, p.Email), toFill))
	}}
	fields(from, to)(c)
	if r := c.herself(); toPerson && r.Address == "" {
		c.lacks(c.t(address.label))
	}
}

// sentences adds sentences, each a paragraph.
func (c *composer) sentences(keys ...string) {
	for _, key := range keys {
		c.add(paper.Paragraph{Text: c.t(key)})
	}
}

// points adds sentences as a list under a heading.
func (c *composer) points(heading string, keys ...string) {
	c.heading(heading)
	var items []string
	for _, key := range keys {
		items = append(items, c.t(key))
	}
	c.add(paper.List{Items: items})
}

// guestList names everybody called.
func (c *composer) guestList() {
	c.heading("doc.letter.guests")
	var items []string
	for _, g := range c.guests() {
		items = append(items, joined(", ", g.name, g.quality))
	}
	c.items("doc.letter.guests", items, false)
}

// contact says whom to ask: whoever keeps the overview.
func (c *composer) contact() {
	p := c.coordinator()
	section("doc.contact", fields(
		field{label: "doc.contact.name", value: func(c *composer) string { return c.line(p.ID) }},
		field{label: "doc.contact.phone", value: func(*composer) string { return p.Phone }},
		field{label: "doc.contact.email", value: func(*composer) string { return p.Email }},
	))(c)
}

// coordinator is whoever keeps the overview.
func (c *composer) coordinator() casework.Professional {
	p, _ := c.Case.ProfessionalOf(c.Case.Coordinator())
	return p
}

// register is the sheet that everybody signs on arriving.
var register = table[guest]{
	heading: "doc.register", rows: (*composer).guests, spare: 3,
	columns: []column[guest]{guestName, guestQuality, {
		title: "doc.register.sign", width: 2.4, hand: true, cell: func(*composer, guest) string { return "" },
	}},
}.part()

// rights is the leaflet: what the démarche is, and what the person may do. It is
// to be read by everybody: short sentences, one idea each.
func rights(c *composer) {
	c.points("doc.rights.what", "doc.rights.what.referent", "doc.rights.what.choose", "doc.rights.what.together", "doc.rights.what.you")
	c.points("doc.rights.refuse", "doc.rights.refuse.free", "doc.rights.refuse.nothing", "doc.rights.refuse.later")
	c.points("doc.rights.stop", "doc.rights.stop.any", "doc.rights.stop.at_once", "doc.rights.stop.topic")
	c.points("doc.rights.who", "doc.rights.who.topics", "doc.rights.who.set_aside", "doc.rights.who.secret")
	c.agreed()
	c.heading("doc.rights.kept")
	c.add(paper.List{Items: []string{
		c.t("doc.rights.kept.what"), c.t("doc.rights.kept.how_long", locales.Args{"Months": c.Case.KeptMonths()}), c.t("doc.rights.kept.erased"),
	}})
	c.points("doc.rights.see", "doc.rights.see.ask", "doc.rights.see.month", "doc.rights.see.correct")
	if len(c.Case.History()) > 0 {
		c.contact()
	}
}

// agreed says what she agreed to share, with whom and until when.
func (c *composer) agreed() {
	consent := c.Case.Consent()
	var topics, names []string
	for _, t := range consent.Topics {
		if c.tells("share "+string(t), t) {
			topics = append(topics, c.t("topic."+string(t)))
		}
	}
	for _, p := range c.text.Support {
		names = append(names, called(p))
	}
	if len(topics) == 0 || len(names) == 0 {
		return
	}
	c.add(paper.Fields{Fields: []paper.Field{
		{Label: c.t("doc.rights.agreed.topics"), Value: joined(", ", topics...)},
		{Label: c.t("doc.rights.agreed.names"), Value: joined(", ", names...)},
		{Label: c.t("doc.rights.agreed.until"), Value: c.say.Day(consent.Until)},
	}})
}
