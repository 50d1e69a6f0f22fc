// Package story holds the sample case as people live it, in a file that any
// platform replays: who types, presses and submits what, and what they then see.
package story

import (
	"bytes"
	"context"
	"embed"
	"fmt"
	"io"
	"regexp"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"

	"parcours/locales"
)

//go:embed *.yaml
var files embed.FS

// A Story is a case lived by some people.
type Story struct {
	// Name is that of its file.
	Name   string `yaml:"-"`
	Title  string
	People []Person
	Staff  Staff
	// Secret are words of the case that nobody outside it may ever read.
	Secret []string
	Steps  []Step
}

// Staff are those who have a part in the whole service, by handle.
type Staff struct{ Admins, Pilots []string }

// A Person takes part in a story.
type Person struct{ Handle, Name, Note string }

// A Step is one thing that happens: a note to the reader, something a person
// does, or time that passes.
type Step struct {
	Note string
	// As does something In a place: "direct", their conversation with the bot, or
	// "case", the case's channel.
	As, In string
	Type   string
	Submit map[string][]string
	Press  string
	// Advance the clock, in hours: "168h" is a week.
	Advance string
	// Sees are words that the person then sees; Refused, that they are told no,
	// and see nothing of the case.
	Sees    []string
	Refused bool
	// Meets steps are about a meeting: they are left out where none is held.
	Meets bool
	// Demo marks where a demonstration hands over to its user.
	Demo bool
}

// A Stage is a platform with the bot and the story's people on it.
type Stage interface {
	Type(ctx context.Context, who, in, text string) error
	Submit(ctx context.Context, who, in string, values map[string][]string) error
	Press(ctx context.Context, who, in, button string) error
	Advance(ctx context.Context, d time.Duration) error
	// News gives what each person can see that they could not at the last call,
	// in order.
	News(ctx context.Context) ([]Line, error)
}

// A Line is something one or several people see.
type Line struct {
	// Who sees it, by handle; In which channel, by name.
	Who []string
	In  string
	// Private: an answer to their own doing, seen by nobody else.
	Private bool
	Text    string
}

// Ariege is the case of the guide's annexe 2.3.
func Ariege() (Story, error) { return read("ariege.yaml") }

// Family is that of a family over three meetings, to the end of the démarche.
func Family() (Story, error) { return read("famille.yaml") }

func read(name string) (Story, error) {
	raw, err := files.ReadFile(name)
	if err != nil {
		return Story{}, fmt.Errorf("read the story: %w", err)
	}
	var s Story
	decoder := yaml.NewDecoder(bytes.NewReader(raw))
	decoder.KnownFields(true)
	if err := decoder.Decode(&s); err != nil {
		return Story{}, fmt.Errorf("read the story %s: %w", name, err)
	}
	s.Name = strings.TrimSuffix(name, ".yaml")
	return s, nil
}

// As gives the admins and the pilots, each as a platform calls them.
func (s Staff) As(called func(handle string) string) (admins, pilots []string) {
	for _, handle := range s.Admins {
		admins = append(admins, called(handle))
	}
	for _, handle := range s.Pilots {
		pilots = append(pilots, called(handle))
	}
	return admins, pilots
}

// A Scene is a step as it was lived.
type Scene struct {
	// Heads tell the reader what is done, and News what is then seen.
	Heads []string
	News  []Line
}

// A Player plays a story on a stage and writes what everybody sees.
type Player struct {
	Stage Stage
	// Out receives the transcript.
	Out io.Writer
	// Say speaks to the reader of the transcript, in the words of the département
	// where the story is played.
	Say locales.Printer

	scenes []Scene
	code   string
	secret []string
}

var codePattern = regexp.MustCompile(`P-[0-9A-Z]{4}`)

// Play plays the steps of a story, up to its Demo mark when demo is set. It
// stops at the first step that fails or that somebody does not see as told.
func (p *Player) Play(ctx context.Context, s Story, demo bool) error {
	p.secret = s.Secret
	for i, step := range s.Steps {
		if step.Demo && demo {
			return nil
		}
		if step.Meets && !p.Say.Place().Meetings {
			continue
		}
		if err := p.step(ctx, step); err != nil {
			return fmt.Errorf("step %d: %w", i+1, err)
		}
	}
	return nil
}

func (p *Player) step(ctx context.Context, s Step) error {
	p.scenes = append(p.scenes, Scene{})
	if s.Note != "" {
		p.head("── " + s.Note)
	}
	if err := p.act(ctx, s); err != nil {
		return err
	}
	news, err := p.Stage.News(ctx)
	if err != nil {
		return err
	}
	p.scenes[len(p.scenes)-1].News = news
	var own []string
	for _, line := range news {
		p.tell(line)
		if p.code == "" {
			p.code = codePattern.FindString(line.Text)
		}
		if len(line.Who) == 1 && line.Who[0] == s.As {
			own = append(own, line.Text)
		}
	}
	return p.check(s, strings.Join(own, "\n"))
}

func (p *Player) act(ctx context.Context, s Step) error {
	text := strings.ReplaceAll(s.Type, "{code}", p.code)
	switch {
	case s.Type != "":
		p.head(fmt.Sprintf("@%s %s> %s", s.As, s.In, text))
		return p.Stage.Type(ctx, s.As, s.In, text)
	case s.Submit != nil:
		p.head(fmt.Sprintf("@%s %s> [%s]", s.As, s.In, p.Say.T("story.submitted")))
		return p.Stage.Submit(ctx, s.As, s.In, s.Submit)
	case s.Press != "":
		p.head(fmt.Sprintf("@%s %s> [%s]", s.As, s.In, s.Press))
		return p.Stage.Press(ctx, s.As, s.In, s.Press)
	case s.Advance != "":
		d, err := time.ParseDuration(s.Advance)
		if err != nil {
			return err
		}
		p.head("── " + p.Say.T("story.later", locales.Args{"N": int(d.Hours() / 24)}))
		return p.Stage.Advance(ctx, d)
	}
	return nil
}

// head tells the reader what is done.
func (p *Player) head(line string) {
	scene := &p.scenes[len(p.scenes)-1]
	scene.Heads = append(scene.Heads, line)
	fmt.Fprintf(p.Out, "\n%s\n", line)
}

func (p *Player) tell(line Line) {
	fmt.Fprintf(p.Out, "  %s\n", p.Readers(line))
	for _, text := range strings.Split(line.Text, "\n") {
		fmt.Fprintf(p.Out, "    │ %s\n", text)
	}
}

func (p *Player) check(s Step, own string) error {
	for _, want := range s.Sees {
		want = strings.ReplaceAll(want, "{code}", p.code)
		if !strings.Contains(own, want) {
			return fmt.Errorf("@%s does not see %q but:\n%s", s.As, want, own)
		}
	}
	if !s.Refused {
		return nil
	}
	if own == "" {
		return fmt.Errorf("@%s is not told anything", s.As)
	}
	for _, word := range p.secret {
		if strings.Contains(own, word) {
			return fmt.Errorf("@%s, who is refused, sees %q", s.As, word)
		}
	}
	return nil
}

// Readers says who sees a line, and where.
func (p *Player) Readers(line Line) string {
	mark := "#" + line.In
	if line.Private {
		mark += ", " + p.Say.T("story.private")
	}
	return fmt.Sprintf("%s (%s)", strings.Join(line.Who, ", "), mark)
}

// Code is the code that the story's case was given.
func (p *Player) Code() string { return p.code }

// Scenes gives what was lived so far, step by step.
func (p *Player) Scenes() []Scene { return p.scenes }
