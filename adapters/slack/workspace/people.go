package workspace

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// A Person has an account.
type Person struct {
	// ID is given by the workspace.
	ID string
	// Handle is what they are mentioned by, Name what is read.
	Handle, Name string
	// Team is theirs; that of the workspace unless said.
	Team string
	// Locale and Zone are as in "fr-FR" and "Europe/Paris", and so unless said.
	Locale, Zone string
	// Guest may be in several channels, SingleGuest in one; Stranger is of another
	// organisation that this one does not know.
	Guest, SingleGuest, Stranger bool
	Deleted, Bot                 bool
}

// Join makes an account and gives its id.
func (w *Workspace) Join(p Person) string {
	w.mu.Lock()
	defer w.mu.Unlock()
	p.ID = w.id("U")
	if p.Team == "" {
		p.Team = TeamID
	}
	if p.Locale == "" {
		p.Locale = "fr-FR"
	}
	if p.Zone == "" {
		p.Zone = "Europe/Paris"
	}
	w.people = append(w.people, &p)
	return p.ID
}

// Change changes an account, as administrators can; the app is told.
func (w *Workspace) Change(user string, change func(*Person)) {
	w.mu.Lock()
	defer w.mu.Unlock()
	p := w.person(user)
	change(p)
	w.tell("user_change", "", object{"user": w.shown(p, true)})
	w.changed()
}

// person gives an account that a test knows to be there.
func (w *Workspace) person(id string) *Person {
	if p := w.find(id); p != nil {
		return p
	}
	panic(fmt.Sprintf("workspace: nobody is %q", id))
}

func (w *Workspace) find(id string) *Person {
	i := slices.IndexFunc(w.people, func(p *Person) bool { return p.ID == id })
	if i < 0 {
		return nil
	}
	return w.people[i]
}

// shown gives an account as the app may read it.
func (w *Workspace) shown(p *Person, locale bool) object {
	first, last, _ := strings.Cut(p.Name, " ")
	offset := 0
	if zone, err := time.LoadLocation(p.Zone); err == nil {
		_, offset = w.options.Now().In(zone).Zone()
	}
	user := object{
		"id": p.ID, "team_id": p.Team, "name": p.Handle, "real_name": p.Name, "deleted": p.Deleted, "is_bot": p.Bot,
		"is_restricted": p.Guest || p.SingleGuest, "is_ultra_restricted": p.SingleGuest, "is_stranger": p.Stranger,
		"is_app_user": false, "updated": w.options.Now().Unix(), "tz": p.Zone, "tz_offset": offset,
		"profile": object{"real_name": p.Name, "display_name": p.Handle, "first_name": first, "last_name": last, "team": p.Team},
	}
	if locale {
		user["locale"] = p.Locale
	}
	return user
}

func usersInfo(c *call) (object, error) {
	p := c.find(c.text("user"))
	if p == nil {
		return nil, refuse("user_not_found")
	}
	return object{"user": c.shown(p, c.flag("include_locale"))}, nil
}

func usersList(c *call) (object, error) {
	page, next, err := paged(c, c.people)
	if err != nil {
		return nil, err
	}
	members := []object{}
	for _, p := range page {
		members = append(members, c.shown(p, c.flag("include_locale")))
	}
	return object{"members": members, "response_metadata": object{"next_cursor": next}}, nil
}

func authTest(c *call) (object, error) {
	if c.other {
		return object{"app_name": "Une autre", "app_id": "A0THEOTHER0"}, nil
	}
	if c.app {
		return object{"app_name": c.Workspace.app.name, "app_id": AppID}, nil
	}
	return object{
		"url": "https://" + Domain + ".slack.com/", "team": "Parcours", "user": c.bot.Handle, "team_id": TeamID, "user_id": c.bot.ID,
		"bot_id": botID, "is_enterprise_install": false,
	}, nil
}

func botsInfo(c *call) (object, error) {
	if c.text("bot") != botID {
		return nil, refuse("bot_not_found")
	}
	return object{"bot": object{"id": botID, "app_id": AppID, "user_id": c.bot.ID, "name": c.Workspace.app.name, "deleted": false}}, nil
}
