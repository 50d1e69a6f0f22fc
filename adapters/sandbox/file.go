package sandbox

import (
	"fmt"
	"mime"
	"net/http"
	"net/url"
	"path/filepath"
	"strings"

	"parcours/bot/chat"
	"parcours/casework"
)

// fileOf gives a file of a message that somebody can see now, by its name. It
// returns chat.ErrNotFound, for whatever reason they have none.
func (c *Chat) fileOf(user casework.UserID, message casework.MessageRef, name string) (chat.File, error) {
	for _, m := range c.Seen(user) {
		for _, f := range m.Message.Files {
			if m.Ref == message && f.Name == name {
				return f, nil
			}
		}
	}
	return chat.File{}, fmt.Errorf("sandbox: a file of message %s: %w", message, chat.ErrNotFound)
}

// file gives a file to be kept, never to be opened here: a page in it could act
// as this one.
func (w *web) file(rw http.ResponseWriter, v visit) {
	f, err := w.chat.fileOf(v.user, casework.MessageRef(v.PathValue("message")), v.PathValue("file"))
	if err != nil {
		w.show(rw, v, http.StatusNotFound, outcome{problem: problem(err)})
		return
	}
	h := rw.Header()
	h.Set("Content-Type", f.Type)
	h.Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": f.Name}))
	h.Set("Content-Security-Policy", "sandbox; default-src 'none'")
	// Nothing is left to say to a browser that went away.
	_, _ = rw.Write(f.Body)
}

// A fileShown is a file under a message: where it is, its extension, and how
// heavy it is, in thousands of bytes, unless it is elsewhere.
type fileShown struct {
	Name, Link, Mark string
	Weight           int
	Elsewhere        bool
}

// downloads is the path under which people fetch files by link.
const downloads = "/document/"

var _ chat.Linker = (*Chat)(nil)

// Link gives the address of a file on these pages.
func (c *Chat) Link(token string) string { return downloads + token }

// shelf gives the bot, if it has files to give.
func (c *Chat) shelf() chat.Shelf {
	c.mu.Lock()
	defer c.mu.Unlock()
	s, _ := c.handler.(chat.Shelf)
	return s
}

// files gives those of a message seen at base.
func files(m Seen, base string) []fileShown {
	var all []fileShown
	for _, f := range m.Message.Files {
		shown := fileShown{
			Name: f.Name, Link: base + "/m/" + url.PathEscape(string(m.Ref)) + "/" + url.PathEscape(f.Name),
			Mark: strings.TrimPrefix(filepath.Ext(f.Name), "."), Weight: (len(f.Body) + 999) / 1000,
		}
		if f.Link != "" {
			shown.Link, shown.Elsewhere = f.Link, true
		}
		all = append(all, shown)
	}
	return all
}
