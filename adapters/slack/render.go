package slack

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"unicode/utf16"

	"github.com/slack-go/slack"

	"parcours/bot/chat"
)

// What Slack takes, in characters as it counts them.
const (
	sectionMax = 3000
	// blocksMax is how many blocks a message has; a view has twice as many.
	blocksMax = 50
	viewMax   = 100
	// pageMax is how much the blocks of one message hold, all that is around their
	// texts included. Slack gives no figure, and refuses from about 13 200.
	pageMax = 12000
	// labelMax is how long a label is beside its value; a phone shows little more in
	// a line.
	labelMax = 30
)

// size counts characters as Slack does.
func size(text string) int { return len(utf16.Encode([]rune(text))) }

// text is all that a notification shows of a message.
func text(m chat.Message) string {
	if m.Text == "" && m.Card != nil {
		return escape(m.Card.Title)
	}
	return escape(m.Text)
}

func plain(text string) *slack.TextBlockObject {
	return slack.NewTextBlockObject(slack.PlainTextType, text, false, false)
}

func mrkdwn(text string) *slack.TextBlockObject {
	return slack.NewTextBlockObject(slack.MarkdownType, text, false, true)
}

// A sheet is a message in blocks: those that come first, those that can go on
// elsewhere, and those that stay with the first.
type sheet struct{ head, body, tail []slack.Block }

// newSheet lays a message out. When that is more than most blocks, its rows are set
// closer.
func newSheet(m chat.Message, most int) sheet {
	said := sections(escape(m.Text))
	first := min(1, len(said))
	s := sheet{head: slices.Clip(said[:first]), body: slices.Clip(said[first:])}
	if m.Card == nil {
		return s
	}
	if title := line(m.Card.Title); title != "" && m.Card.Title != m.Text {
		s.head = append(s.head, slack.NewHeaderBlock(plain(title)))
	}
	if buttons := buttons(m.Card.Buttons); len(buttons) > 0 {
		s.tail = append(s.tail, slack.NewActionBlock("", buttons...))
	}
	s.tail = append(s.tail, sections(linksOf(m.Files))...)
	if footer := line(m.Card.Footer); footer != "" {
		s.tail = append(s.tail, slack.NewContextBlock("", plain(footer)))
	}
	rows := spread(m.Card.Rows)
	if len(s.blocks())+len(rows) > most {
		rows = dense(m.Card.Rows)
	}
	s.body = append(s.body, rows...)
	return s
}

// spread shows each group of rows by itself, under a rule that parts it from the one
// before.
func spread(rows []chat.Row) []slack.Block {
	var blocks []slack.Block
	for _, g := range groups(rows) {
		var said []slack.Block
		for _, paragraph := range g.paragraphs() {
			said = append(said, sections(paragraph)...)
		}
		if len(blocks) > 0 && len(said) > 0 {
			blocks = append(blocks, slack.NewDividerBlock())
		}
		blocks = append(blocks, said...)
	}
	return blocks
}

// dense shows all rows one under the other.
func dense(rows []chat.Row) []slack.Block {
	var all []string
	for _, g := range groups(rows) {
		all = append(all, strings.Join(g.paragraphs(), "\n"))
	}
	return sections(strings.Join(all, "\n\n"))
}

// blocks are all of a sheet's.
func (s sheet) blocks() []slack.Block {
	return append(append(append([]slack.Block{}, s.head...), s.body...), s.tail...)
}

// pages cuts a sheet into as many messages as it takes, between two blocks. Buttons
// are on the first.
func (s sheet) pages() [][]slack.Block {
	first := append([]slack.Block{}, s.head...)
	weight, count := weigh(s.head)+weigh(s.tail), len(s.head)+len(s.tail)
	var pages [][]slack.Block
	page := &first
	for _, b := range s.body {
		w := weigh([]slack.Block{b})
		if len(*page) > 0 && (weight+w > pageMax || count == blocksMax) {
			pages = append(pages, []slack.Block{})
			page, weight, count = &pages[len(pages)-1], 0, 0
		}
		*page = append(*page, b)
		weight, count = weight+w, count+1
	}
	return append([][]slack.Block{append(first, s.tail...)}, pages...)
}

// weigh counts the characters of blocks as they are sent.
func weigh(blocks []slack.Block) int {
	n := 0
	for _, b := range blocks {
		var sent bytes.Buffer
		e := json.NewEncoder(&sent)
		e.SetEscapeHTML(false)
		if e.Encode(b) == nil {
			n += size(sent.String())
		}
	}
	return n
}

// sections shows lines of mrkdwn, in as many sections as they take. They are parted
// between lines; a line that is too long by itself, between words; a word, anywhere.
func sections(text string) []slack.Block {
	var blocks []slack.Block
	for _, part := range parts(text, sectionMax) {
		blocks = append(blocks, slack.NewSectionBlock(mrkdwn(part), nil, nil, slack.SectionBlockOptionExpand(true)))
	}
	return blocks
}

// parts cuts text into parts of at most that many characters, none of them empty.
func parts(text string, most int) []string {
	var all []string
	for size(text) > most {
		head := prefix(text, most)
		at := strings.LastIndex(head, "\n")
		if at <= 0 {
			at = strings.LastIndexAny(head, " ")
		}
		if at <= 0 {
			at = len(head)
			// An entity is one character.
			if amp := strings.LastIndex(head, "&"); amp > 0 && amp > at-len("&amp;") && !strings.Contains(head[amp:], ";") {
				at = amp
			}
		}
		if part := strings.TrimSpace(text[:at]); part != "" {
			all = append(all, part)
		}
		text = strings.TrimLeft(text[at:], " \n")
	}
	if strings.TrimSpace(text) != "" {
		all = append(all, text)
	}
	return all
}

// prefix is the beginning of a text, of at most that many characters.
func prefix(text string, most int) string {
	n := 0
	for i, r := range text {
		if n += utf16.RuneLen(r); n > most {
			return text[:i]
		}
	}
	return text
}

// A group is a heading and the rows under it.
type group struct {
	heading string
	rows    []chat.Row
}

// groups gives the rows by their headings, the first of which may have none.
func groups(rows []chat.Row) []group {
	var all []group
	for i, row := range rows {
		if i == 0 || row.IsHeading() {
			all = append(all, group{})
		}
		last := &all[len(all)-1]
		if row.IsHeading() {
			last.heading = row.Label
		} else {
			last.rows = append(last.rows, row)
		}
	}
	return all
}

// paragraphs are the group's: its rows one under the other, as many as a section holds,
// and each of its sentences by itself. The heading is over the first.
func (g group) paragraphs() []string {
	var all, lines []string
	if heading := bold(g.heading); heading != "" {
		lines = append(lines, heading)
	}
	for i, row := range g.rows {
		line := rowLine(row)
		if i > 0 && (isSentence(row) || isSentence(g.rows[i-1]) || size(strings.Join(lines, "\n")+line) >= sectionMax) {
			all, lines = append(all, strings.Join(lines, "\n")), nil
		}
		lines = append(lines, line)
	}
	return append(all, strings.Join(lines, "\n"))
}

// isSentence says whether a row is a text to read, not a line of a list.
func isSentence(row chat.Row) bool {
	value := strings.TrimSpace(row.Value)
	return row.Label == "" && value != "" && strings.LastIndexAny(value, ".?!") == len(value)-1
}

// rowLine shows a row: its value beside its label, or under one that takes the whole
// line of a phone.
func rowLine(row chat.Row) string {
	label, value := bold(row.Label), escape(row.Value)
	switch {
	case label == "":
		return value
	case size(row.Label) > labelMax || strings.Contains(value, "\n"):
		return label + "\n" + value
	}
	return label + " : " + value
}

// linksOf gives the files that are elsewhere, one a line. Their addresses are of
// this package's own making.
func linksOf(files []chat.File) string {
	var lines []string
	for _, f := range files {
		if f.Link != "" {
			lines = append(lines, "📎 <"+f.Link+"|"+entities.Replace(f.Name)+">")
		}
	}
	return strings.Join(lines, "\n")
}

// twinMark parts a button's id from a number, where it stands more than once. Ids of
// buttons hold no such mark.
const twinMark = "."

func buttons(from []chat.Button) []slack.BlockElement {
	var all []slack.BlockElement
	taken := map[string]bool{}
	for i, b := range from {
		id := b.ID
		if taken[id] {
			id += fmt.Sprint(twinMark, i)
		}
		taken[id] = true
		all = append(all, slack.NewButtonBlockElement(id, b.Token, plain(b.Label)).WithStyle(style(b.Style)))
	}
	return all
}

// buttonOf gives a button's id back.
func buttonOf(action string) string {
	id, _, _ := strings.Cut(action, twinMark)
	return id
}

func style(s chat.Style) slack.Style {
	switch s {
	case chat.Primary:
		return slack.StylePrimary
	case chat.Danger:
		return slack.StyleDanger
	}
	return slack.StyleDefault
}
