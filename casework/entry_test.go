package casework_test

import (
	"bufio"
	"errors"
	"flag"
	"maps"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"parcours/casework"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "write the golden file anew")

const golden = "testdata/entries.golden"

// samples are one fact of each kind, with every field that is written.
func samples() []casework.Fact {
	anna := casework.Professional{
		ID: "p1", Name: "Anna", Service: "MDS", Purpose: "suivi", Email: "anna@mds.example", Phone: "03 20",
		User: "u1", Measure: "AEB", Beneficiary: "Léa", Start: "2026-01-01", End: "2026-12-31", Agreed: true,
	}
	full := anna
	full.FirstName, full.Profession, full.Sector, full.Address = "Anne", "educator", "charity", "1 rue Haute"
	relative := casework.Relative{
		ID: "h1", Kind: casework.Herself, Title: casework.Madam, LastName: "Martin", FirstName: "Lucie", Born: "1985-02-03",
		Situation: "mère", Activity: "en formation", Family: casework.SingleParent, Address: "2 rue Basse",
		Email: "l@example.org", Phone: "06 00", Phone2: "03 00", Locker: casework.Yes, Left: true,
	}
	nudge := casework.Nudge{
		Key: "P-7K3F/t1", Case: "P-7K3F", Reminder: "action/a1/2026-11-20/-7", Kind: casework.RemindAction, Subject: "a1", Days: -7,
		On: "2026-11-20", At: time.Date(2026, 11, 10, 8, 0, 0, 0, time.UTC),
	}
	return []casework.Fact{
		casework.Opened{Person: "Mme Martin", Household: casework.Family, EntryPath: "rsa", OwnWords: "souffler", Author: anna},
		casework.ConsentGiven{Consent: casework.Consent{
			Version: 2, Form: casework.Oral, Witness: "M. Petit", Topics: []casework.Topic{casework.Housing},
			Vetoes: []casework.Topic{casework.Health}, Until: "2027-09-01", Purpose: casework.Purpose,
			Shares: []casework.Share{{Professional: "p1", Topics: []casework.Topic{casework.Housing}}},
		}},
		casework.ConsentWithdrawn{},
		casework.ProfessionalListed{Professional: anna},
		casework.MemberInvited{User: "u2", Role: casework.RolePartner, Professional: "p2"},
		casework.InvitationAnswered{User: "u2", Accepted: true},
		casework.MemberLeft{User: "u2"},
		casework.ReferentAsked{User: "u2", Until: "2026-12-31"},
		casework.ReferentAnswered{User: "u2", Accepted: true},
		casework.AimStated{Aim: "Trouver un emploi", Problem: "Comment, sans laisser mon fils seul ?"},
		casework.ElementAssessed{Element: casework.Element{
			ID: "e1", Name: "Voiture", Kind: casework.Obstacle, Topic: casework.Mobility, Priority: 1, Objective: "Réparer",
		}},
		casework.ObjectiveSet{Objective: casework.Objective{
			ID: "o1", Topic: casework.Housing, Title: "Rester", Horizon: casework.Short, OwnWords: "ne plus bouger",
		}},
		casework.ActionAssigned{Action: casework.Action{ID: "a1", Objective: "o1", What: "Appeler", Who: casework.ThePerson, Due: "2026-11-20"}},
		casework.ActionDone{Action: "a1"},
		casework.ActionPostponed{Action: "a1", Due: "2026-12-04"},
		casework.ActionReassigned{Action: "a1", Who: "p2"},
		casework.HelpAsked{Action: "a1"},
		casework.CommissionPlanned{Commission: casework.Commission{
			ID: "c1", At: time.Date(2026, 10, 2, 12, 0, 0, 0, time.UTC), Place: "MDS", Chair: "u2", Minutes: 90, Extraordinary: true, Why: "expulsion",
		}},
		casework.AttendanceAnswered{Commission: "c1", User: "u2", Present: true},
		casework.CaseClosed{Closing: casework.Closing{Reason: "déménagement"}},
		casework.ChannelOpened{Channel: "ch1"},
		casework.Shown{Key: "k1", Channel: "ch1", User: "u2", Message: "m1", Topics: []casework.Topic{casework.Housing}, Home: true},
		casework.Withheld{Messages: []casework.MessageRef{"m1", "m2"}},
		casework.Reminded{Key: "action/a1/2026-11-20/-7"},
		casework.RefusalCounted{Household: casework.OnePerson},
		casework.SharingHeld{Reason: "stranger", User: "u9"},
		casework.SharingResumed{},
		// What was added to facts since: the lines above stay as they were.
		casework.Shown{
			Key: "k1", Channel: "ch1", User: "u2", Message: "m1", Topics: []casework.Topic{casework.Housing}, Home: true,
			View: "action", Subject: "a1",
		},
		casework.ProfessionalListed{Professional: full},
		casework.Opened{Person: "Mme Martin", Household: casework.Family, EntryPath: "rsa", OwnWords: "souffler", Author: full},
		casework.AimStated{Aim: "Trouver un emploi", Problem: "Comment ?", Situation: "Seule avec trois enfants"},
		casework.ElementAssessed{Element: casework.Element{
			ID: "e1", Name: "Voiture", Kind: casework.Obstacle, Topic: casework.Mobility, Priority: 1, Objective: "Réparer", On: "2026-09-01",
		}},
		casework.CommissionPlanned{Commission: casework.Commission{
			ID: "c1", At: time.Date(2026, 10, 2, 12, 0, 0, 0, time.UTC), Place: "MDS", Chair: "u2", Minutes: 90, Extraordinary: true, Why: "expulsion", Phase: "accueil",
		}},
		casework.CaseClosed{Closing: casework.Closing{
			Reason: "autonome", Improved: casework.InPart, Satisfied: casework.Very, Heard: casework.Rather, Helped: casework.Little,
			Words: "merci", Remains: "le permis", Successor: "p2",
		}},
		casework.CommissionCancelled{Commission: "c1", Why: "neige"},
		casework.SessionOpened{Commission: "c1"},
		casework.AttendanceTaken{Commission: "c1", Attendance: []casework.Attendance{{Who: casework.ThePerson, Presence: casework.Present}}},
		casework.TopicTaken{Commission: "c1", Topic: casework.Health, Agreed: true},
		casework.ViewGiven{Commission: "c1", Words: "on m’a écoutée"},
		casework.SessionEnded{Commission: "c1", NextOn: "2027-01-15"},
		casework.ObjectiveReviewed{Objective: "o1", Outcome: casework.Partly, Why: "dossier en cours"},
		casework.RelativeStated{Relative: relative},
		casework.RecordFrozen{Record: casework.Record{ID: "r1", Commission: "c1", Version: 2, Hash: "0123abcd", Text: casework.Minutes{
			Person: "Mme Martin", Household: casework.Family, Relatives: []casework.Relative{relative},
			At: time.Date(2026, 10, 2, 12, 0, 0, 0, time.UTC), Place: "MDS", Length: 90, Extraordinary: true, Phase: "accueil",
			Previous: "2026-07-02", Chair: "p2", Support: []casework.Professional{full},
			Attendance: []casework.Attendance{{Who: "p1", Presence: casework.Excused}},
			Strengths:  []casework.Element{{ID: "e2", Name: "Entourage", Kind: casework.Strength, Topic: casework.Relations}},
			Reviews:    []casework.Reviewed{{Objective: casework.Objective{ID: "o1", Topic: casework.Housing, Title: "Rester"}, Outcome: casework.Reached, Why: "bail signé"}},
			Objectives: []casework.Objective{{ID: "o2", Topic: casework.Budget, Title: "Solder", Horizon: casework.Long}},
			Actions:    []casework.Step{{Action: casework.Action{ID: "a1", Objective: "o2", What: "Appeler", Who: "p1", Due: "2026-11-20"}, Done: true}},
			OwnWords:   "souffler", View: "on m’a écoutée", Notes: "une visite en mai", Referent: "p1", NextOn: "2027-01-15",
		}}},
		casework.RecordSigned{Signature: casework.Signature{
			Record: "r1", Hash: "0123abcd", Who: casework.ThePerson, Name: "Mme Martin", Witness: "Mme Petit", Part: true,
		}},
		casework.DocumentMade{Kind: "record", Model: "62", Subject: "r1"},
		casework.MailboxOpened{User: "u1"},
		casework.SettingsChosen{Settings: casework.Settings{
			Language: "fr", Digest: casework.DigestAt{Never: true, Weekday: time.Monday, At: casework.ClockAt(8, 30)},
			QuietFrom: casework.ClockAt(20, 0), QuietTo: casework.ClockAt(7, 30),
		}},
		casework.NudgeQueued{Nudge: nudge},
		casework.BundleHanded{Bundle: casework.Bundle{Key: "M-1/t2", Nudges: []casework.Nudge{nudge}, Digest: true}},
		casework.BundleArrived{Key: "M-1/t2", Message: "m1", Holds: []string{"P-7K3F/t1"}},
		casework.BundleDropped{Key: "M-1/t2", Gone: true},
		casework.BundleReturned{Key: "M-1/t2"},
		casework.Consulted{ID: "k1", Reason: "plainte de la personne"},
		casework.AccessesMarked{},
		casework.BundleHanded{Bundle: casework.Bundle{Key: "M-1/t2", Nudges: []casework.Nudge{nudge}, Digest: true, DigestOf: "2026-11-23"}},
		casework.ChannelMoved{Channel: "ch2", User: "u2"},
		casework.PastChosen{User: "u2", Past: casework.NewChannel},
		casework.SharingSuspended{Why: casework.ConsentChanged},
		casework.RetentionSet{Months: 36},
		casework.MissionEnded{User: "u2"},
		casework.ChannelShut{},
		casework.Consulted{ID: "k2", Reason: "copie pour la personne", Operator: "jeanne (1000)"},
		casework.Withheld{Messages: []casework.MessageRef{"m1"}, Keys: []string{"k1"}},
	}
}

// Journals outlive the program that wrote them: the golden file is what they
// hold, a line a fact. Lines may be added; one that changes is a journal that
// cannot be read any more.
func TestTheFormatOfJournals(t *testing.T) {
	at := time.Date(2026, 9, 1, 10, 0, 0, 123456789, paris(t))
	var lines []string
	seen := map[string]bool{}
	for _, fact := range samples() {
		name := casework.FactName(fact)
		seen[name] = true
		raw, err := casework.Encode(casework.Entry{Seq: 7, At: at, By: "u1", Fact: fact})
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		lines = append(lines, string(raw))

		back, err := casework.Decode(7, raw)
		want := casework.Entry{Seq: 7, At: at.UTC(), By: "u1", Fact: fact}
		if _, anonymous := fact.(casework.RefusalCounted); anonymous {
			want.At, want.By = time.Time{}, ""
		}
		if diff := cmp.Diff(want, back); err != nil || diff != "" {
			t.Errorf("%s: %v (-want +got):\n%s", name, err, diff)
		}
		if back.At.Location() != time.UTC {
			t.Errorf("%s: read in %s", name, back.At.Location())
		}
	}
	for name, fact := range casework.FactNames {
		if !seen[name] || casework.FactName(fact) != name {
			t.Errorf("%s has no sample, or is not the name of %T", name, fact)
		}
	}
	if *update {
		if err := os.WriteFile(golden, []byte(strings.Join(lines, "\n")+"\n"), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if diff := cmp.Diff(readLines(t, golden), lines); diff != "" {
		t.Errorf("the format changed (-golden +now):\n%s", diff)
	}
}

// The samples leave no field unset, so that the golden file shows them all.
func TestSamplesAreFull(t *testing.T) {
	last := map[string]casework.Fact{}
	for _, fact := range samples() {
		last[casework.FactName(fact)] = fact
	}
	for name, fact := range last {
		checkFull(t, name, reflect.ValueOf(fact))
	}
}

func checkFull(t *testing.T, path string, v reflect.Value) {
	for i := range v.NumField() {
		field := v.Type().Field(i)
		at := path + "." + field.Name
		switch value := v.Field(i); {
		case field.Tag.Get("json") == "-":
		case value.IsZero():
			t.Errorf("%s is not set", at)
		case value.Kind() == reflect.Struct && field.Type.PkgPath() == reflect.TypeFor[casework.Case]().PkgPath():
			checkFull(t, at, value)
		}
	}
}

func readLines(t *testing.T, path string) []string {
	t.Helper()
	file, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	var lines []string
	for scanner := bufio.NewScanner(file); scanner.Scan(); {
		lines = append(lines, scanner.Text())
	}
	return lines
}

// Moments are read in UTC, wherever they were written.
func TestDecodeReadsInUTC(t *testing.T) {
	e, err := casework.Decode(1, []byte(`{"k":"closed","t":"2026-09-01T10:00:00+02:00","d":{"reason":"x"}}`))
	if err != nil || e.At.Location() != time.UTC || e.At.Hour() != 8 {
		t.Errorf("%v, %v", e.At, err)
	}
}

// An entry reads the same with a space that Encode does not write: what it writes
// is read by a shorter way.
func TestDecodeReadsTheSameEitherWay(t *testing.T) {
	now := time.Date(2026, 9, 1, 8, 0, 0, 123, time.UTC)
	for _, user := range []casework.UserID{"", "u1", "Éloïse", `a"b`, `a\b`, "<a&b>", "a\tb", "a\u2028b", `","d":{}`} {
		for _, fact := range []casework.Fact{
			casework.CaseClosed{Closing: casework.Closing{Reason: `","d":{"x"}}`}}, casework.ConsentWithdrawn{}, casework.MemberLeft{User: user},
		} {
			want := casework.Entry{Seq: 3, At: now, By: user, Fact: fact}
			raw, err := casework.Encode(want)
			if err != nil {
				t.Fatal(err)
			}
			for _, way := range []string{string(raw), strings.Replace(string(raw), `,"t":`, `, "t":`, 1)} {
				if got, err := casework.Decode(3, []byte(way)); err != nil || got != want {
					t.Errorf("%s reads as %+v, %v", way, got, err)
				}
			}
		}
	}
}

func TestDecodeRefuses(t *testing.T) {
	for name, raw := range map[string]string{
		"nothing":             "",
		"no text of ours":     "P-7K3F",
		"half an entry":       `{"k":"closed","t":"2026-09-01T08:00:00Z","d":{"rea`,
		"more than an entry":  `{"k":"closed","t":"2026-09-01T08:00:00Z","d":{}}{}`,
		"a fact unknown":      `{"k":"teleported","t":"2026-09-01T08:00:00Z","d":{}}`,
		"a fact unnamed":      `{"t":"2026-09-01T08:00:00Z","d":{}}`,
		"a fact without body": `{"k":"closed","t":"2026-09-01T08:00:00Z"}`,
		"a body of null":      `{"k":"closed","t":"2026-09-01T08:00:00Z","d":null}`,
		"another fact's body": `{"k":"action_done","t":"2026-09-01T08:00:00Z","d":{"action":{"id":"a1"}}}`,
		"no moment":           `{"k":"closed","t":"yesterday","d":{}}`,
	} {
		t.Run(name, func(t *testing.T) {
			e, err := casework.Decode(42, []byte(raw))
			var refusal *casework.Error
			if !errors.As(err, &refusal) || refusal.Code != casework.NotAnIdentifier || e != (casework.Entry{}) {
				t.Fatalf("%+v, %v", e, err)
			}
			if !strings.Contains(err.Error(), "entry 42") {
				t.Errorf("%v does not say which entry", err)
			}
		})
	}
}

// A fact must be one of the closed set, by value.
func TestEncodeRefuses(t *testing.T) {
	for _, fact := range []casework.Fact{nil, &casework.CaseClosed{}} {
		if raw, err := casework.Encode(casework.Entry{Fact: fact}); err == nil || raw != nil {
			t.Errorf("%T: %s, %v", fact, raw, err)
		}
		if name := casework.FactName(fact); name != "" {
			t.Errorf("%T has the name %s", fact, name)
		}
	}
}

// Whoever refuses leaves neither name, author nor day (guide IV.A.1).
func TestARefusalIsAnonymous(t *testing.T) {
	facts, err := casework.CountRefusal(casework.Family)
	if err != nil {
		t.Fatal(err)
	}
	raw, err := casework.Encode(casework.Entry{At: time.Date(2026, 9, 1, 10, 0, 0, 0, time.UTC), By: "u1", Fact: facts[0]})
	if err != nil || strings.Contains(string(raw), "u1") || strings.Contains(string(raw), "2026") {
		t.Errorf("%s, %v", raw, err)
	}
}

func TestFactNamesAreDistinct(t *testing.T) {
	types := map[reflect.Type]bool{}
	for _, name := range slices.Sorted(maps.Keys(casework.FactNames)) {
		kind := reflect.TypeOf(casework.FactNames[name])
		if types[kind] {
			t.Errorf("%s is a second name of %s", name, kind)
		}
		types[kind] = true
	}
}

// A large case: 500 entries, as a family followed for years leaves them.
func BenchmarkDecodeAndFold500(b *testing.B) {
	var journal [][]byte
	for len(journal) < 500 {
		for _, fact := range samples() {
			switch fact.(type) {
			case casework.RefusalCounted, casework.CaseClosed, casework.ConsentWithdrawn:
				continue
			}
			raw, err := casework.Encode(casework.Entry{At: time.Unix(int64(len(journal)), 0), By: "u1", Fact: fact})
			if err != nil {
				b.Fatal(err)
			}
			journal = append(journal, raw)
		}
	}
	journal = journal[:500]
	for b.Loop() {
		entries := make([]casework.Entry, len(journal))
		for i, raw := range journal {
			var err error
			if entries[i], err = casework.Decode(uint64(i+1), raw); err != nil {
				b.Fatal(err)
			}
		}
		if c := casework.Fold("P-7K3F", entries); c.Seq != 500 {
			b.Fatal(c.Seq)
		}
	}
}
