package sandbox

import (
	"bytes"
	"html/template"
	"net/http"
	"net/url"
	"slices"
	"time"

	"parcours/bot/chat"
	"parcours/casework"
)

// choosing is the page where one chooses who to be.
type choosing struct {
	Lang   chat.Lang
	Handle string
	People []member
}

// screen is the page of somebody.
type screen struct {
	Lang   chat.Lang
	Handle string
	Me     member
	Base   string
	Now    time.Time
	People []member
	Places []listed
	// Bare: no channel was asked for, so that a phone shows the list alone.
	Bare           bool
	Place          chat.Channel
	Gone, Readable bool
	Members        []member
	Others         []member
	Days           []dayShown
	Pinned         []Seen
	Sheet          *sheet
	Problem, Draft string
}

// member is a person as the pages show them.
type member struct {
	Person
	ID   casework.UserID
	Gone bool
	Link string
}

// listed is a channel in somebody's list.
type listed struct {
	Name, Link                                string
	Direct, Private, Archived, Current, Quiet bool
	Unread                                    int
}

// dayShown is what was said on a day.
type dayShown struct {
	At   time.Time
	Said []Seen
}

func path(handle string, channel casework.ChannelID) string {
	p := "/as/" + url.PathEscape(handle)
	if channel != "" {
		p += "/c/" + url.PathEscape(string(channel))
	}
	return p
}

func (w *web) choose(rw http.ResponseWriter, _ *http.Request) {
	w.chat.mu.Lock()
	lang := w.chat.lang
	people := w.chat.members("")
	w.chat.mu.Unlock()
	w.render(rw, lang, http.StatusOK, "choose.html", choosing{Lang: lang, People: people})
}

func (w *web) home(rw http.ResponseWriter, v visit) { w.show(rw, v, http.StatusOK, outcome{}) }

// show gives somebody's page, with what they had typed if it went wrong.
func (w *web) show(rw http.ResponseWriter, v visit, status int, o outcome) {
	c := w.chat
	bare, direct := v.channel == "", c.Direct(v.user)
	if bare {
		v.channel = direct
	}
	s := screen{
		Lang: v.who.Lang, Handle: v.who.Handle, Base: path(v.who.Handle, v.channel), Now: c.Now(),
		Bare: bare, Gone: v.gone, Problem: o.problem, Draft: o.draft,
	}
	if !bare {
		c.look(v.user, v.channel)
	}
	for _, m := range c.Seen(v.user) {
		if m.Channel != v.channel {
			continue
		}
		// Alone with the bot, that only one can see it goes without saying.
		m.Private = m.Private && v.channel != direct
		if m.Pinned {
			s.Pinned = append(s.Pinned, m)
		}
		if last := len(s.Days) - 1; last < 0 || w.texts[s.Lang].day(s.Days[last].At) != w.texts[s.Lang].day(m.At) {
			s.Days = append(s.Days, dayShown{At: m.At})
		}
		last := &s.Days[len(s.Days)-1]
		last.Said = append(last.Said, m)
	}
	if open, ok := c.formOf(v.user); ok && !v.gone {
		s.Sheet = newSheet(open, c.accounts())
	}
	if !c.describe(&s, v) {
		status = http.StatusNotFound
	}
	w.render(rw, s.Lang, status, "screen.html", s)
}

// describe fills in who and what is there; false when the channel is none of
// the visitor's.
func (c *Chat) describe(s *screen, v visit) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	who := c.byID(v.user)
	for _, p := range c.places {
		if p.id != v.channel || !p.knownTo(v.user) {
			continue
		}
		s.Readable = p.readBy(v.user) && !v.gone
		s.Place = chat.Channel{ID: p.id, Name: p.name, Direct: p.direct, Private: p.private, Archived: p.archived}
		for _, m := range c.members(v.channel) {
			if slices.Contains(p.members, m.ID) {
				s.Members = append(s.Members, m)
			} else if !m.Gone {
				s.Others = append(s.Others, m)
			}
		}
	}
	s.People = c.members(v.channel)
	s.Me = s.People[slices.IndexFunc(s.People, func(m member) bool { return m.ID == v.user })]
	for _, p := range c.places {
		if p.knownTo(v.user) {
			s.Places = append(s.Places, listed{
				Name: p.name, Link: path(who.Handle, p.id), Direct: p.direct, Private: p.private,
				Archived: p.archived, Current: p.id == v.channel, Quiet: s.Bare, Unread: c.unread(p, who),
			})
		}
	}
	// The conversation with the bot comes first, then the others as they came.
	slices.SortStableFunc(s.Places, func(a, b listed) int { return rank(a) - rank(b) })
	return s.Place.ID != ""
}

func rank(l listed) int {
	switch {
	case l.Direct:
		return 0
	case l.Archived:
		return 2
	}
	return 1
}

// members gives everybody, with the way to be them: in the same channel if they
// are there too.
func (c *Chat) members(here casework.ChannelID) []member {
	var all []member
	at, _ := c.find(here)
	for _, p := range c.people {
		to := c.direct(p).id
		if at != nil && at.readBy(p.id) {
			to = here
		}
		all = append(all, member{Person: p.Person, ID: p.id, Gone: p.gone, Link: path(p.Handle, to)})
	}
	return all
}

// accounts are the people a form can name.
func (c *Chat) accounts() []chat.Option {
	c.mu.Lock()
	defer c.mu.Unlock()
	var all []chat.Option
	for _, p := range c.people {
		if !p.gone {
			all = append(all, chat.Option{Value: string(p.id), Label: p.Name + " (@" + p.Handle + ")"})
		}
	}
	return all
}

func (w *web) render(rw http.ResponseWriter, lang chat.Lang, status int, name string, data any) {
	var page bytes.Buffer
	if err := w.pages[lang].ExecuteTemplate(&page, name, data); err != nil {
		http.Error(rw, err.Error(), http.StatusInternalServerError)
		return
	}
	rw.Header().Set("Content-Type", "text/html; charset=utf-8")
	rw.WriteHeader(status)
	// Nothing is left to say to a browser that went away.
	_, _ = page.WriteTo(rw)
}

// functions are what the templates call.
func functions(t texts) template.FuncMap {
	return template.FuncMap{
		"t": t.say, "day": t.day,
		"hour":     func(at time.Time) string { return at.Format("15:04") },
		"stamp":    func(at time.Time) string { return at.Format(time.RFC3339) },
		"initials": initials, "hue": hue, "groups": groups, "style": style, "files": files,
		"said": func(m Seen, base string, at chat.Channel) said {
			return said{m, base, !m.Bot && at.Private && !at.Direct}
		},
		"cardOf":     func(c *chat.Card, base, ref string) cardOf { return cardOf{c, base, ref} },
		"languageOf": func(handle string, channel casework.ChannelID) languageOf { return languageOf{handle, channel} },
	}
}

// What templates hand to one another when it takes several values.
type (
	said struct {
		Seen
		Base string
		// Quotable: something can be made of it.
		Quotable bool
	}
	cardOf struct {
		*chat.Card
		Base, Ref string
	}
	languageOf struct {
		Handle  string
		Channel casework.ChannelID
	}
)
