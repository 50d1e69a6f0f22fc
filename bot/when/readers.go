package when

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// readers are the ways to write a day, tried in turn on folded text.
var readers = []func(text string, today time.Time) (time.Time, bool){
	named, written, inSome, weekday, ofMonth,
}

var namedDays = map[string]int{
	"aujourd'hui": 0, "ce jour": 0, "today": 0,
	"demain": 1, "tomorrow": 1,
	"apres-demain": 2, "apres demain": 2, "the day after tomorrow": 2, "day after tomorrow": 2,
	"la semaine prochaine": 7, "semaine prochaine": 7, "next week": 7,
}

func named(text string, today time.Time) (time.Time, bool) {
	days, ok := namedDays[text]
	return today.AddDate(0, 0, days), ok
}

var (
	isoDay   = regexp.MustCompile(`^(\d{4})-(\d{2})-(\d{2})$`)
	slashDay = regexp.MustCompile(`^(\d{1,2})[/.-](\d{1,2})(?:[/.-](\d{4}|\d{2}))?$`)
)

// written reads 2026-03-12 and 12/03/2026, 12/03/26, 12/03.
func written(text string, today time.Time) (time.Time, bool) {
	if f := isoDay.FindStringSubmatch(text); f != nil {
		return date(number(f[1]), number(f[2]), number(f[3]), today.Location())
	}
	f := slashDay.FindStringSubmatch(text)
	switch {
	case f == nil:
		return time.Time{}, false
	case f[3] == "":
		return coming(number(f[2]), number(f[1]), today)
	case len(f[3]) == 2:
		return date(2000+number(f[3]), number(f[2]), number(f[1]), today.Location())
	}
	return date(number(f[3]), number(f[2]), number(f[1]), today.Location())
}

// coming gives the next such day of the year, today included.
func coming(month, day int, today time.Time) (time.Time, bool) {
	// Eight years hold every day of the calendar, 29 February included.
	for year := today.Year(); year <= today.Year()+8; year++ {
		if t, ok := date(year, month, day, today.Location()); ok && !t.Before(today) {
			return t, true
		}
	}
	return time.Time{}, false
}

var (
	inPattern = regexp.MustCompile(`^(?:dans|in|sous|d'ici) (\d{1,3}|[a-z]+) (jours?|days?|semaines?|weeks?|mois|months?|ans?|years?)$`)
	counts    = strings.Fields("zero un deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze")
	countsEn  = strings.Fields("zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen")
)

// inSome reads « dans 15 jours », « dans une semaine », "in two months".
func inSome(text string, today time.Time) (time.Time, bool) {
	f := inPattern.FindStringSubmatch(text)
	if f == nil {
		return time.Time{}, false
	}
	n, err := strconv.Atoi(f[1])
	if err != nil {
		n = max(slices.Index(counts, f[1]), slices.Index(countsEn, f[1]))
		if f[1] == "une" || f[1] == "a" || f[1] == "an" {
			n = 1
		}
	}
	if n < 0 {
		return time.Time{}, false
	}
	switch f[2][0] {
	case 'j', 'd':
		return today.AddDate(0, 0, n), true
	case 's', 'w':
		return today.AddDate(0, 0, 7*n), true
	case 'm':
		return addMonths(today, n), true
	}
	return addMonths(today, 12*n), true
}

// addMonths keeps to the month: a month after 31 January is the last of
// February.
func addMonths(t time.Time, n int) time.Time {
	first := midnight(t.Year(), t.Month(), 1, t.Location()).AddDate(0, n, 0)
	last := first.AddDate(0, 1, -1).Day()
	return first.AddDate(0, 0, min(t.Day(), last)-1)
}

var (
	weekdays   = strings.Fields("dimanche lundi mardi mercredi jeudi vendredi samedi")
	weekdaysEn = strings.Fields("sunday monday tuesday wednesday thursday friday saturday")
)

func weekdayOf(word string) (time.Weekday, bool) {
	n := max(slices.Index(weekdays, word), slices.Index(weekdaysEn, word))
	return time.Weekday(n), n >= 0
}

// weekday reads « vendredi », « vendredi prochain », "next Friday": the next one
// after today.
func weekday(text string, today time.Time) (time.Time, bool) {
	text = strings.TrimPrefix(strings.TrimPrefix(strings.TrimPrefix(text, "le "), "on "), "ce ")
	text = strings.TrimPrefix(strings.TrimSuffix(strings.TrimSuffix(text, " prochain"), " qui vient"), "next ")
	w, ok := weekdayOf(text)
	days := (int(w) - int(today.Weekday()) + 7) % 7
	if days == 0 {
		days = 7
	}
	return today.AddDate(0, 0, days), ok
}

var (
	monthsFr = strings.Fields("janvier fevrier mars avril mai juin juillet aout septembre octobre novembre decembre")
	monthsEn = strings.Fields("january february march april may june july august september october november december")
	dayFirst = regexp.MustCompile(`^(?:le |the )?(?:([a-z]+) )?(\d{1,2})(?:er|st|nd|rd|th)? (?:of )?([a-z]+)\.?(?: (\d{4}))?$`)
	monthFst = regexp.MustCompile(`^(?:([a-z]+),? )?([a-z]+) (\d{1,2})(?:st|nd|rd|th)?,?(?: (\d{4}))?$`)
)

// ofMonth reads « jeudi 3 décembre 2026 », « 1er mars », "December 3".
func ofMonth(text string, today time.Time) (time.Time, bool) {
	f := dayFirst.FindStringSubmatch(text)
	if f == nil {
		if f = monthFst.FindStringSubmatch(text); f == nil {
			return time.Time{}, false
		}
		f[2], f[3] = f[3], f[2]
	}
	month, ok := monthOf(f[3])
	if !ok {
		return time.Time{}, false
	}
	day, ok := coming(month, number(f[2]), today)
	if f[4] != "" {
		day, ok = date(number(f[4]), month, number(f[2]), today.Location())
	}
	if f[1] != "" {
		// A day of the week that does not fit the date is a slip of one or the
		// other: better asked again than guessed.
		w, known := weekdayOf(f[1])
		ok = ok && known && day.Weekday() == w
	}
	return day, ok
}

// monthOf reads a month whole or by its first letters, if they fit one alone.
func monthOf(word string) (month int, ok bool) {
	if len(word) < 3 {
		return 0, false
	}
	found := 0
	for i := range monthsFr {
		if strings.HasPrefix(monthsFr[i], word) || strings.HasPrefix(monthsEn[i], word) {
			if monthsFr[i] == word || monthsEn[i] == word {
				return i + 1, true
			}
			month, found = i+1, found+1
		}
	}
	return month, found == 1
}

// number reads digits that a pattern has already found to be digits.
func number(digits string) int {
	n, _ := strconv.Atoi(digits)
	return n
}
