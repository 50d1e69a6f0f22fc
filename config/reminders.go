package config

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// Reminders say when people are reminded: days before a date are negative, days
// after positive. An empty list, or a lone 0, is no reminder of that kind. What
// each is about is said in docs/rappels.md.
type Reminders struct {
	// Hour is the hour of the day, in the département's time zone.
	Hour int
	// Days is how many days a week are worked; From and To are the times of the
	// day, as "08:00", between which people are nudged where they are.
	Days     int
	From, To string
	// These are in working days.
	Action, ActionReferent, ActionChair []int
	Record, RecordMost                  int
	// These are in days.
	Invitations, Commission, Signatures, Review []int
	Consent, Mission, Measure, Retention        []int
	Thinking, Silence                           int
}

// reminders are the defaults.
func reminders() Reminders {
	return Reminders{
		Hour: 9, Days: 5, From: "08:00", To: "18:30",
		Action: []int{-7, -1, 0, 1, 7}, ActionReferent: []int{7}, ActionChair: []int{15}, Record: 1, RecordMost: 30,
		Invitations: []int{-21, -15}, Commission: []int{-7, -1}, Signatures: []int{3, 7}, Review: []int{-30, -7},
		Consent: []int{-30, -7, 0}, Mission: []int{-60, -30}, Measure: []int{-30}, Retention: []int{-30},
		Thinking: 14, Silence: 60,
	}
}

// noticeDays is how long before the end of its keeping a case is announced at least.
const noticeDays = 30

// far is how far from a date a reminder may be, in days.
const far = 366

// reminderKeys are those of Reminders.
var reminderKeys = []key{
	{name: "reminders.hour", number: func(c *Config) *int { return &c.Reminders.Hour }, most: 23},
	{name: "reminders.days", number: func(c *Config) *int { return &c.Reminders.Days }, least: 5, most: 7},
	{name: "reminders.from", at: func(c *Config) *string { return &c.Reminders.From }},
	{name: "reminders.to", at: func(c *Config) *string { return &c.Reminders.To }},
	{name: "reminders.action", numbers: func(c *Config) *[]int { return &c.Reminders.Action }, least: -far, most: far},
	{name: "reminders.action_referent", numbers: func(c *Config) *[]int { return &c.Reminders.ActionReferent }, least: -far, most: far},
	{name: "reminders.action_chair", numbers: func(c *Config) *[]int { return &c.Reminders.ActionChair }, least: -far, most: far},
	{name: "reminders.invitations", numbers: func(c *Config) *[]int { return &c.Reminders.Invitations }, least: -far},
	{name: "reminders.commission", numbers: func(c *Config) *[]int { return &c.Reminders.Commission }, least: -far},
	{name: "reminders.record", number: func(c *Config) *int { return &c.Reminders.Record }, most: far},
	{name: "reminders.record_most", number: func(c *Config) *int { return &c.Reminders.RecordMost }, most: far},
	{name: "reminders.signatures", numbers: func(c *Config) *[]int { return &c.Reminders.Signatures }, least: 1, most: far},
	{name: "reminders.review", numbers: func(c *Config) *[]int { return &c.Reminders.Review }, least: -far},
	{name: "reminders.consent", numbers: func(c *Config) *[]int { return &c.Reminders.Consent }, least: -far},
	{name: "reminders.mission", numbers: func(c *Config) *[]int { return &c.Reminders.Mission }, least: -far},
	{name: "reminders.measure", numbers: func(c *Config) *[]int { return &c.Reminders.Measure }, least: -far},
	{name: "reminders.retention", numbers: func(c *Config) *[]int { return &c.Reminders.Retention }, least: -far},
	{name: "reminders.thinking", number: func(c *Config) *int { return &c.Reminders.Thinking }, least: 1, most: far},
	{name: "reminders.silence", number: func(c *Config) *int { return &c.Reminders.Silence }, most: far},
}

// given are the numbers of a key.
func (k key) given(c *Config) []int {
	switch {
	case k.number != nil:
		return []int{*k.number(c)}
	case k.numbers != nil:
		return *k.numbers(c)
	}
	return nil
}

// faults are what is wrong with the numbers of a key.
func (k key) faults(c *Config) (faults Faults) {
	given := k.given(c)
	for i, n := range given {
		switch {
		case n < k.least || n > k.most:
			faults = append(faults, Fault{Key: k.name, Kind: OutOfRange, Given: strconv.Itoa(n), Want: fmt.Sprintf("%d … %d", k.least, k.most)})
		case slices.Contains(given[:i], n):
			faults = append(faults, Fault{Key: k.name, Kind: NumberTwice, Given: strconv.Itoa(n)})
		}
	}
	return faults
}

// fault is that of a key whose value is none.
func (k key) fault(name, given string) Fault {
	if k.numbers != nil {
		return Fault{Key: name, Kind: NotNumbers, Given: given}
	}
	return Fault{Key: name, Kind: NotNumber, Given: given}
}

// read takes the numbers of a key from a file.
func (k key) read(c *Config, value any) bool {
	list, isList := value.([]any)
	if isList != (k.numbers != nil) {
		return false
	}
	if !isList {
		list = []any{value}
	}
	numbers := make([]int, len(list))
	for i, one := range list {
		n, ok := one.(int64)
		if !ok {
			return false
		}
		numbers[i] = int(n)
	}
	k.set(c, numbers)
	return true
}

// parse takes the numbers of a key from the environment.
func (k key) parse(c *Config, text string) bool {
	words := []string{text}
	if k.numbers != nil {
		words = strings.Split(text, ",")
	}
	numbers := make([]int, len(words))
	for i, word := range words {
		n, err := strconv.Atoi(strings.TrimSpace(word))
		if err != nil {
			return false
		}
		numbers[i] = n
	}
	k.set(c, numbers)
	return true
}

func (k key) set(c *Config, numbers []int) {
	if k.numbers != nil {
		*k.numbers(c) = numbers
		return
	}
	*k.number(c) = numbers[0]
}

// written is how a file says the numbers of a key.
func (k key) written(c *Config) string {
	words := make([]string, 0, 4)
	for _, n := range k.given(c) {
		words = append(words, strconv.Itoa(n))
	}
	text := strings.Join(words, ", ")
	if k.numbers != nil {
		return "[" + text + "]"
	}
	return text
}
