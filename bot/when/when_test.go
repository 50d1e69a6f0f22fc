package when

import (
	"errors"
	"testing"
	"time"
)

func TestParse(t *testing.T) {
	paris, err := time.LoadLocation("Europe/Paris")
	if err != nil {
		t.Fatal(err)
	}
	now := time.Date(2026, 11, 21, 10, 0, 0, 0, paris) // a Saturday
	read := []struct{ text, want string }{
		{"2026-03-12", "2026-03-12"},
		{"2026-12-18 14:00", "2026-12-18 14:00"},
		{"2026-12-18T14:00", "2026-12-18 14:00"},
		{"12/03/2026", "2026-03-12"},
		{"12/03/27", "2027-03-12"},
		{"12/03", "2027-03-12"},
		{"21/11", "2026-11-21"},
		{"18/12/2026 14h", "2026-12-18 14:00"},
		{"aujourd’hui", "2026-11-21"},
		{"Demain", "2026-11-22"},
		{"après-demain", "2026-11-23"},
		{"demain 9h", "2026-11-22 09:00"},
		{"demain à 9 h 05", "2026-11-22 09:05"},
		{"dans 15 jours", "2026-12-06"},
		{"dans quinze jours", "2026-12-06"},
		{"dans une semaine", "2026-11-28"},
		{"dans trois mois", "2027-02-21"},
		{"dans 1 an", "2027-11-21"},
		{"in 15 days", "2026-12-06"},
		{"in two weeks", "2026-12-05"},
		{"vendredi 14h", "2026-11-27 14:00"},
		{"vendredi prochain", "2026-11-27"},
		{"samedi", "2026-11-28"},
		{"lundi", "2026-11-23"},
		{"friday 2pm", "2026-11-27 14:00"},
		{"next Friday at 2:30 pm", "2026-11-27 14:30"},
		{"friday 12am", "2026-11-27 00:00"},
		{"la semaine prochaine", "2026-11-28"},
		{"le 3 décembre", "2026-12-03"},
		{"3 décembre 2026 à 14h30", "2026-12-03 14:30"},
		{"jeudi 3 décembre à midi", "2026-12-03 12:00"},
		{"1er mars", "2027-03-01"},
		{"20 nov", "2027-11-20"},
		{"29 février", "2028-02-29"},
		{"December 3", "2026-12-03"},
		{"3rd of December", "2026-12-03"},
		{"may 4", "2027-05-04"},
	}
	for _, c := range read {
		m, err := Parse(c.text, now)
		if err != nil {
			t.Errorf("Parse(%q): %v", c.text, err)
			continue
		}
		layout := "2006-01-02"
		if m.HasHour {
			layout += " 15:04"
		}
		if got := m.Time().Format(layout); got != c.want {
			t.Errorf("Parse(%q) = %s, want %s", c.text, got, c.want)
		}
	}
	for _, text := range []string{
		"", "n'importe quoi", "31/02/2026", "2026-13-01", "12/03/2026/4", "vendredi 3 décembre", // that is a Thursday
		"14h", "demain 25h", "demain 9h75", "ju 3", "3 ju", "dans mille jours", "dans jours", "hier", "13pm", "friday 13pm",
		"0/0/2026", "99/99", "2026-03-12 ou plus tard",
	} {
		if m, err := Parse(text, now); !errors.Is(err, ErrUnreadable) {
			t.Errorf("Parse(%q) = %v, %v; want ErrUnreadable", text, m, err)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add("vendredi 14h")
	f.Add("31/12/99 23:59")
	now := time.Date(2026, 11, 21, 10, 0, 0, 0, time.UTC)
	f.Fuzz(func(t *testing.T, text string) {
		m, err := Parse(text, now)
		if err == nil && (m.Time().IsZero() || m.Hour > 23 || m.Minute > 59) {
			t.Errorf("Parse(%q) = %v", text, m)
		}
	})
}
