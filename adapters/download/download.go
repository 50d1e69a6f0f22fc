// Package download gives files to people who follow a link of theirs, for the
// adapters that serve browsers. Nobody is asked who they are: whoever has the link,
// which serves once, has the file.
package download

import (
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"errors"
	"html/template"
	"log/slog"
	"mime"
	"net/http"

	"parcours/bot/chat"
)

//go:embed page.html
var text string

//go:embed page.css
var style string

var page = template.Must(template.New("page").Parse(text))

// policy lets the page do nothing but ask for its file, in its own style.
var policy = func() string {
	sum := sha256.Sum256([]byte(style))
	return "default-src 'none'; style-src 'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) +
		"'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
}()

// Handle serves the links of shelf, which may be nil as long as there is none,
// under path, which ends with a slash. A link answers GET with its page, and POST
// with its file.
func Handle(mux *http.ServeMux, path string, shelf func() chat.Shelf, log *slog.Logger) {
	mux.HandleFunc("GET "+path+"{token}", func(w http.ResponseWriter, r *http.Request) {
		show(w, r, shelf(), http.StatusOK)
	})
	mux.HandleFunc("POST "+path+"{token}", func(w http.ResponseWriter, r *http.Request) {
		l := shelf()
		if l == nil {
			show(w, r, nil, http.StatusServiceUnavailable)
			return
		}
		cleared, err := l.Fetch(r.Context(), r.PathValue("token"))
		file, ok := cleared.Value()
		switch {
		case err == nil && ok:
			give(w, file)
		case errors.Is(err, chat.ErrNotFound):
			show(w, r, l, http.StatusNotFound)
		default:
			log.Error("a file could not be made", "err", err)
			show(w, r, l, http.StatusInternalServerError)
		}
	})
}

// show gives the page of a link.
func show(w http.ResponseWriter, r *http.Request, l chat.Shelf, status int) {
	private(w.Header(), policy)
	if l == nil {
		w.WriteHeader(http.StatusServiceUnavailable)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	// Nothing is left to say to a browser that went away.
	_ = page.Execute(w, struct {
		chat.Page
		Style template.CSS
	}{l.Page(r.Context(), r.PathValue("token")), template.CSS(style)})
}

// give gives a file to be kept, never to be opened here.
func give(w http.ResponseWriter, f chat.File) {
	private(w.Header(), "sandbox; default-src 'none'")
	w.Header().Set("Content-Type", f.Type)
	w.Header().Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": f.Name}))
	_, _ = w.Write(f.Body)
}

// private has nobody keep what is answered, or tell where it was found.
func private(h http.Header, policy string) {
	h.Set("Content-Security-Policy", policy)
	h.Set("Cache-Control", "no-store")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("X-Robots-Tag", "noindex")
}
