package config

import (
	"slices"
	"strconv"
)

// paris is where most départements are.
const paris = "Europe/Paris"

// overseas are the codes whose clock is not that of Paris.
var overseas = map[string]string{
	"971": "America/Guadeloupe", "972": "America/Martinique", "973": "America/Cayenne", "974": "Indian/Reunion",
	"975": "America/Miquelon", "976": "Indian/Mayotte", "977": "America/St_Barthelemy", "978": "America/Marigot",
	"986": "Pacific/Wallis", "987": "Pacific/Tahiti", "988": "Pacific/Noumea",
}

// ZoneOf gives the time zone of a département; Paris's for none.
func ZoneOf(departement string) string {
	if zone, ok := overseas[departement]; ok {
		return zone
	}
	return paris
}

// isDepartement knows the official codes: 01 to 95, with 2A and 2B for 20, and
// overseas.
func isDepartement(code string) bool {
	if _, ok := overseas[code]; ok || slices.Contains([]string{"2A", "2B"}, code) {
		return true
	}
	n, err := strconv.Atoi(code)
	return err == nil && len(code) == 2 && n >= 1 && n <= 95 && n != 20
}
