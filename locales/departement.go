package locales

import (
	"embed"
	"fmt"
	"maps"
	"path"
	"slices"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"github.com/BurntSushi/toml"
)

// A Departement is how one département holds the démarche, and the words it has
// for it. The zero Departement is the neutral one.
type Departement struct {
	// Code is the official one, as "09"; empty for the neutral one and for one
	// read from somebody's own file.
	Code string
	// Name is for people.
	Name string
	// Meetings says whether the person and the professionals are called
	// together. Where they are not, there are no Phases.
	Meetings bool
	// Phases are the kinds of meetings, at least one where there are meetings.
	Phases []Phase
	// Documents are the kinds offered, the most usual first.
	Documents []string
	// Model is whose documents are made, by the code of the département.
	Model string
	// Cell is where worries about a child are told; empty where it is not known.
	Cell Cell

	voice *voice
}

// A Cell is the département's own service that hears worries about children
// (cellule de recueil des informations préoccupantes). Each of its parts may be empty.
type Cell struct {
	Phone string `toml:"phone"`
	Email string `toml:"email"`
	// Hours are when somebody answers, for people.
	Hours string `toml:"hours"`
}

// A Phase is one kind of meeting.
type Phase struct {
	ID string
	// Chair says who may lead it.
	Chair Chair

	name, ledBy map[string]string
}

// Name says what the phase is called, in the language of say.
func (f Phase) Name(say Printer) string { return f.name[say.Lang()] }

// Chair says who may lead a meeting.
type Chair string

// Who may lead: somebody preferably not involved in the support; the referent;
// anybody of the circle.
const (
	ChairThird    Chair = "third"
	ChairReferent Chair = "referent"
	ChairAny      Chair = "any"
)

// Kinds are the documents that a département may offer, and Models those whose
// documents are known.
var (
	Kinds  = []string{"record", "project", "list", "synthesis", "invitation", "attendance", "blank", "leaflet"}
	Models = []string{"62", "75", "09", "67"}
)

// aboutMeetings are the documents that only a meeting gives.
var aboutMeetings = []string{"record", "invitation", "attendance", "blank"}

// A voice is the words of a département, and what was said with them.
type voice struct {
	words map[string]Args
	// said remembers, by language, what each sentence needs; see Printer.T.
	said map[string]*sync.Map
}

// neutralFile is the département of those who set none.
const neutralFile = "neutral"

//go:embed departements/*.toml
var departementFiles embed.FS

// departements are those of the folder, by their codes, read once.
var departements = sync.OnceValue(func() map[string]Departement {
	found := map[string]Departement{}
	names, err := departementFiles.ReadDir("departements")
	if err != nil {
		panic(err) // the folder is embedded
	}
	for _, name := range names {
		text, err := departementFiles.ReadFile("departements/" + name.Name())
		if err != nil {
			panic(err)
		}
		d, err := ReadDepartement(text)
		if err != nil {
			panic(fmt.Errorf("locales: %s: %w", name.Name(), err)) // embedded and tested
		}
		if code := strings.TrimSuffix(name.Name(), path.Ext(name.Name())); code != neutralFile {
			d.Code = code
		}
		found[d.Code] = d
	}
	return found
})

// Departements gives the départements whose words are known, by their codes; the
// neutral one comes first.
func Departements() []Departement {
	known := departements()
	all := make([]Departement, 0, len(known))
	for _, code := range slices.Sorted(maps.Keys(known)) {
		all = append(all, known[code])
	}
	return all
}

// DepartementOf gives the words of the département of a code, or the neutral ones.
func DepartementOf(code string) Departement {
	if d, ok := departements()[code]; ok {
		return d
	}
	return departements()[""]
}

// departementFile is a département as a file says it.
type departementFile struct {
	Name      string                       `toml:"name"`
	Meetings  *bool                        `toml:"meetings"`
	Documents []string                     `toml:"documents"`
	Model     string                       `toml:"model"`
	Cell      Cell                         `toml:"crip"`
	Meeting   map[string]map[string]string `toml:"meeting"`
	Phases    []struct {
		ID    string            `toml:"id"`
		Chair string            `toml:"chair"`
		Name  map[string]string `toml:"name"`
		LedBy map[string]string `toml:"led_by"`
	} `toml:"phase"`
}

// A form is a word for the meeting: its key in a file, and what sentences call it.
type form struct{ key, word string }

var forms = []form{
	{"name", "meeting"}, {"plural", "meetings"}, {"the", "theMeeting"}, {"a", "aMeeting"},
	{"of", "ofMeeting"}, {"to", "toMeeting"}, {"next", "nextMeeting"}, {"call", "callMeeting"},
}

// leaders is what sentences call whoever usually leads.
const leaders = "whoLeads"

// Words are the gaps that a Printer fills by itself in any sentence, in the words
// of its département: {{.theMeeting}} is « la commission », and with a capital,
// at the beginning of a sentence, {{.TheMeeting}} « La commission ».
func Words() []string {
	names := []string{leaders, capital(leaders)}
	for _, f := range forms {
		names = append(names, f.word, capital(f.word))
	}
	return names
}

// Where words stand that are limited, in bytes: the title of a form, and the
// hint of a field.
const (
	titleMost = 24
	hintMost  = 150
)

var languages = []string{"fr", "en"}

// ReadDepartement reads the text of a département's file; those that come with
// the program, in locales/departements, show what to write. The error is Faults:
// all that is wrong with it.
func ReadDepartement(text []byte) (Departement, error) {
	var file departementFile
	read, err := toml.Decode(string(text), &file)
	if err != nil {
		return Departement{}, Faults{{Key: lineOf(err), Kind: FaultSyntax}}
	}
	d := Departement{
		Name: file.Name, Meetings: file.Meetings == nil || *file.Meetings,
		Documents: file.Documents, Model: file.Model, Cell: file.Cell,
	}
	for _, p := range file.Phases {
		d.Phases = append(d.Phases, Phase{ID: p.ID, Chair: Chair(p.Chair), name: p.Name, ledBy: p.LedBy})
	}
	faults := unknownKeys(read)
	faults = append(faults, d.faults(file.Meeting)...)
	if len(faults) > 0 {
		return Departement{}, faults
	}
	d.voice = newVoice(file.Meeting, d.Phases)
	return d, nil
}

// newVoice gives the words of a sound file.
func newVoice(meeting map[string]map[string]string, phases []Phase) *voice {
	v := &voice{words: map[string]Args{}, said: map[string]*sync.Map{}}
	for _, lang := range languages {
		words := Args{}
		for _, f := range forms {
			words[f.word] = meeting[lang][f.key]
		}
		words[leaders] = whoLeads(phases, lang)
		for word, text := range maps.Clone(words) {
			words[capital(word)] = capital(text.(string))
		}
		v.words[lang], v.said[lang] = words, &sync.Map{}
	}
	return v
}

// whoLeads says who usually leads: of each phase, where there are several.
func whoLeads(phases []Phase, lang string) string {
	if len(phases) == 1 {
		return phases[0].ledBy[lang] + "."
	}
	colon := map[string]string{"fr": "\u00a0: ", "en": ": "}[lang]
	said := make([]string, len(phases))
	for i, f := range phases {
		said[i] = capital(f.name[lang]) + colon + f.ledBy[lang] + "."
	}
	return strings.Join(said, " ")
}

// capital gives text with a capital as its first letter, inside a quote if it
// begins with one.
func capital(text string) string {
	at := strings.IndexFunc(text, unicode.IsLetter)
	if at < 0 {
		return text
	}
	first, size := utf8.DecodeRuneInString(text[at:])
	return text[:at] + string(unicode.ToUpper(first)) + text[at+size:]
}
