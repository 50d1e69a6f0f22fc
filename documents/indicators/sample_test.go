package indicators_test

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"parcours/casework"
	"parcours/casework/caseworktest"
	"parcours/casework/figures"
	"parcours/documents/indicators"
	"parcours/locales"
)

// year gives the report of a year of so many cases, refusals among them.
func year(t testing.TB, cases int, say locales.Printer) indicators.Report {
	t.Helper()
	zone := caseworktest.Zone()
	tally := figures.NewTally("2026-01-01", "2026-12-31", zone, indicators.Paths())
	start := time.Date(2026, 1, 5, 9, 0, 0, 0, zone)
	var refused []casework.Entry
	for i := range cases {
		random := rand.New(rand.NewPCG(uint64(i), uint64(cases)))
		if random.IntN(8) == 0 {
			refused = append(refused, casework.Entry{Seq: uint64(len(refused) + 1), Fact: casework.RefusalCounted{Household: casework.OnePerson}})
			continue
		}
		code := casework.Code(fmt.Sprintf("P-%04d", i))
		journal := caseworktest.Plausible(random, code, start.AddDate(0, 0, i*300/cases), start.AddDate(1, 0, 0))
		tally.Add(casework.Fold(code, journal))
	}
	tally.Add(casework.Fold(casework.Register, refused))
	return indicators.Report{
		Figures: figures.Mask(tally.Sheet()), From: "2026-01-01", To: "2026-12-31",
		Made: time.Date(2027, 1, 4, 10, 0, 0, 0, zone), Say: say,
	}
}

func day(text string) casework.Day { return casework.Day(text) }
