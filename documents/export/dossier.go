package export

import (
	"encoding/json"
	"io"
	"time"

	"parcours/casework"
)

// format is the number of the form of dossier.json. A field keeps its name and its
// meaning for ever; only one that is given another makes a new number.
const format = 1

// A dossier is what dossier.json holds.
type dossier struct {
	Format int           `json:"format"`
	Code   casework.Code `json:"code"`
	MadeAt time.Time     `json:"made_at"`
	// Accounts are the names of all who are told of by their account.
	Accounts  map[casework.UserID]string `json:"accounts"`
	Situation situation                  `json:"situation"`
	Journal   []entry                    `json:"journal"`
}

// An entry is one of the journal: its Data is what the journal keeps, whole.
type entry struct {
	Number uint64          `json:"number"`
	At     time.Time       `json:"at"`
	By     casework.UserID `json:"by,omitempty"`
	Fact   string          `json:"fact"`
	Data   json.RawMessage `json:"data"`
}

func (r Request) dossier(w io.Writer) error {
	d := dossier{
		Format: format, Code: r.Case.Code, MadeAt: r.Now.UTC(), Accounts: map[casework.UserID]string{},
		Situation: situationOf(r.Case, r.Now.Location()), Journal: []entry{},
	}
	for _, e := range r.Case.History() {
		data, err := json.Marshal(e.Fact)
		if err != nil {
			return err
		}
		d.Journal = append(d.Journal, entry{Number: e.Seq, At: e.At.UTC(), By: e.By, Fact: casework.FactName(e.Fact), Data: data})
		r.account(&d, e.By)
	}
	for _, m := range r.Case.Members {
		r.account(&d, m.User)
	}
	to := json.NewEncoder(w)
	to.SetIndent("", "  ")
	to.SetEscapeHTML(false)
	return to.Encode(d)
}

// account adds the name of an account: as the list has it, or as it is known.
func (r Request) account(d *dossier, user casework.UserID) {
	if user == "" {
		return
	}
	name := ""
	if p, ok := r.Case.ProfessionalOf(user); ok {
		name = p.FullName()
	} else if r.Name != nil {
		name = r.Name(user)
	}
	d.Accounts[user] = name
}
