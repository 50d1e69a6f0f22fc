package bot

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"parcours/bot/chat"
	"parcours/casework"
	"parcours/locales"
)

// linkLife is how long the link to a file serves.
const linkLife = 10 * time.Minute

// links are the files that people were offered by link. What waits is how to make
// a file, and for whom, not the file. It is not kept over a restart: a file is
// asked for again.
type links struct {
	mu      sync.Mutex
	waiting map[string]link
}

// A link leads one user to one file, once.
type link struct {
	user  casework.UserID
	name  string
	again recipe
	until time.Time
}

func (l *links) put(once string, one link, now time.Time) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.waiting == nil {
		l.waiting = map[string]link{}
	}
	for old, w := range l.waiting {
		if w.until.Before(now) {
			delete(l.waiting, old)
		}
	}
	l.waiting[once] = one
}

// get gives a link that still serves; and takes it away, when it is to serve.
func (l *links) get(once string, now time.Time, take bool) (link, bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	one, ok := l.waiting[once]
	if take {
		delete(l.waiting, once)
	}
	return one, ok && !one.until.Before(now)
}

// linked gives a message whose files are fetched by links, for one user. On a platform
// that browsers have no way through, it is given without them, and says so. Error:
// filesNoWay there, for one that is nothing but its files.
func (r *Router) linked(u *use, m chat.Message, again recipe) (chat.Message, error) {
	linker, able := r.platform.(chat.Linker)
	if !able || linker.Link("") == "" {
		if m.Card == nil {
			return m, casework.Refuse(filesNoWay, "")
		}
		card := *m.Card
		card.Rows = append(slices.Clone(card.Rows), chat.Plain("", r.say(u.asker.Lang).T("error.files_no_way")))
		m.Card, m.Files = &card, nil
		return m, nil
	}
	card := chat.Card{}
	if m.Card != nil {
		card = *m.Card
	}
	card.Rows = append(slices.Clone(card.Rows), chat.Plain("", r.say(u.asker.Lang).T("link.note", locales.Args{"Minutes": int(linkLife.Minutes())})))
	m.Card, m.Files = &card, slices.Clone(m.Files)
	for i := range m.Files {
		f := &m.Files[i]
		once, err := r.sign.draw()
		if err != nil {
			return m, err
		}
		now := r.now()
		r.links.put(once, link{user: u.asker.ID, name: f.Name, again: again, until: now.Add(linkLife)}, now)
		f.Body, f.Link = nil, linker.Link(r.sign.seal(ticket{Once: once}))
	}
	return m, nil
}

var _ chat.Shelf = (*Router)(nil)

// Page says what the link of a token leads to: it names neither case nor document.
func (r *Router) Page(ctx context.Context, token string) chat.Page {
	t, err := r.sign.open(token)
	one, ok := r.links.get(t.Once, r.now(), false)
	if err != nil || !ok {
		say := r.say(r.outbox.lang)
		return chat.Page{Lang: r.outbox.lang, Title: say.T("link.title"), Text: say.T("link.over")}
	}
	lang := r.people.reader(ctx, one.user).Lang
	say := r.say(lang)
	return chat.Page{Lang: lang, Title: say.T("link.title"), Text: say.T("link.text"), Button: say.T("link.button")}
}

// Fetch makes the file of a link anew, and lets it out as far as the one it was
// given to may see it now.
func (r *Router) Fetch(ctx context.Context, token string) (chat.ClearedFile, error) {
	none := fmt.Errorf("bot: a file by link: %w", chat.ErrNotFound)
	t, err := r.sign.open(token)
	if err != nil {
		return chat.ClearedFile{}, none
	}
	one, ok := r.links.get(t.Once, r.now(), true)
	if !ok {
		return chat.ClearedFile{}, none
	}
	m, cases, err := one.again(ctx)
	var refused *casework.Error
	if errors.As(err, &refused) {
		return chat.ClearedFile{}, none
	}
	if err != nil {
		return chat.ClearedFile{}, err
	}
	i := slices.IndexFunc(m.Files, func(f chat.File) bool { return f.Name == one.name })
	if i < 0 {
		return chat.ClearedFile{}, none
	}
	file, err := r.gate.ClearFile(ctx, one.user, m.Files[i], cases...)
	if _, no := refusal(err); no {
		return chat.ClearedFile{}, none
	}
	return file, err
}
