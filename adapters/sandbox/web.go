package sandbox

import (
	"context"
	"embed"
	"errors"
	"html/template"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"strings"
	"time"

	"parcours/adapters/download"
	"parcours/bot/chat"
	"parcours/casework"
)

//go:embed templates/*.html
var templateFiles embed.FS

//go:embed assets
var assetFiles embed.FS

const maxBody = 1 << 20

// web serves the pages of a chat.
type web struct {
	chat  *Chat
	texts map[chat.Lang]texts
	pages map[chat.Lang]*template.Template
}

// Handler serves the chat to a browser. It answers only to a loopback name or
// address, and only to forms of its own pages. The streams of events it holds
// open end with the context of their requests. It panics when its own embedded
// files are damaged.
func (c *Chat) Handler() http.Handler {
	w := &web{chat: c, texts: map[chat.Lang]texts{}, pages: map[chat.Lang]*template.Template{}}
	for _, lang := range []chat.Lang{chat.French, chat.English} {
		t, err := loadTexts(lang)
		if err != nil {
			panic(err)
		}
		w.texts[lang] = t
		w.pages[lang] = template.Must(template.New("").Funcs(functions(t)).ParseFS(templateFiles, "templates/*.html"))
	}
	mux := http.NewServeMux()
	mux.Handle("GET /assets/", http.FileServerFS(assetFiles))
	mux.HandleFunc("GET /{$}", w.choose)
	mux.HandleFunc("GET /events", w.events)
	mux.HandleFunc("GET /as/{handle}", w.as(w.home))
	mux.HandleFunc("GET /as/{handle}/c/{channel}", w.as(w.home))
	mux.HandleFunc("GET /as/{handle}/c/{channel}/m/{message}/{file}", w.as(w.file))
	mux.HandleFunc("POST /as/{handle}/c/{channel}/type", w.as(w.typed))
	mux.HandleFunc("POST /as/{handle}/c/{channel}/press", w.as(w.press))
	mux.HandleFunc("POST /as/{handle}/c/{channel}/join", w.as(w.join))
	mux.HandleFunc("POST /as/{handle}/c/{channel}/leave", w.as(w.leave))
	mux.HandleFunc("POST /as/{handle}/c/{channel}/convert", w.as(w.convert))
	mux.HandleFunc("POST /as/{handle}/c/{channel}/submit", w.as(w.submit))
	mux.HandleFunc("POST /as/{handle}/c/{channel}/dismiss", w.as(w.dismiss))
	mux.HandleFunc("POST /as/{handle}/c/{channel}/clock", w.as(w.clock))
	mux.HandleFunc("POST /language", w.language)
	download.Handle(mux, downloads, c.shelf, slog.New(slog.DiscardHandler))
	return guard(http.NewCrossOriginProtection().Handler(mux))
}

// guard refuses a request that came by another name than that of this very
// computer, which a page elsewhere could have been given (DNS rebinding).
func guard(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !loopback(r.Host) {
			http.Error(w, "only from this computer", http.StatusForbidden)
			return
		}
		h := w.Header()
		h.Set("Content-Security-Policy", "default-src 'self'; base-uri 'none'; object-src 'none'; form-action 'self'; frame-ancestors 'none'")
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "same-origin")
		h.Set("Cache-Control", "no-store")
		r.Body = http.MaxBytesReader(w, r.Body, maxBody)
		next.ServeHTTP(w, r)
	})
}

func loopback(hostport string) bool {
	host := hostport
	if h, _, err := net.SplitHostPort(hostport); err == nil {
		host = h
	}
	host = strings.Trim(host, "[]")
	address, err := netip.ParseAddr(host)
	return strings.EqualFold(host, "localhost") || err == nil && address.IsLoopback()
}

// visit is a request of somebody, in a channel if they gave one.
type visit struct {
	*http.Request
	who     Person
	user    casework.UserID
	gone    bool
	channel casework.ChannelID
}

// as finds who the path says one is, and checks that the body can be read.
func (w *web) as(page func(http.ResponseWriter, visit)) http.HandlerFunc {
	return func(rw http.ResponseWriter, r *http.Request) {
		v := visit{Request: r, channel: casework.ChannelID(r.PathValue("channel"))}
		w.chat.mu.Lock()
		p := w.chat.byHandle(r.PathValue("handle"))
		if p != nil {
			v.who, v.user, v.gone = p.Person, p.id, p.gone
		}
		w.chat.mu.Unlock()
		if p == nil {
			http.NotFound(rw, r)
			return
		}
		if err := r.ParseForm(); err != nil {
			w.show(rw, v, badRequest(err), outcome{problem: "problem.body"})
			return
		}
		page(rw, v)
	}
}

func badRequest(err error) int {
	var large *http.MaxBytesError
	if errors.As(err, &large) {
		return http.StatusRequestEntityTooLarge
	}
	return http.StatusBadRequest
}

// lasting is a context that what was begun may finish in, though the browser
// went elsewhere.
func (v visit) lasting() context.Context { return context.WithoutCancel(v.Context()) }

// outcome is what to say of an action that failed, and what had been typed.
type outcome struct{ problem, draft string }

// problem names the text that says an error.
func problem(err error) string {
	switch {
	case errors.Is(err, ErrEmpty):
		return "problem.empty"
	case errors.Is(err, ErrTooLong):
		return "problem.long"
	case errors.Is(err, ErrNoBot):
		return "problem.nobot"
	case errors.Is(err, ErrAnswer):
		return "problem.answer"
	case errors.Is(err, chat.ErrNotFound):
		return "problem.gone"
	case errors.Is(err, chat.ErrRefused):
		return "problem.refused"
	}
	return "problem.unknown"
}

// done leads back to the channel where somebody acted, or says what went wrong.
func (w *web) done(rw http.ResponseWriter, v visit, err error, draft string) {
	if err != nil {
		w.show(rw, v, http.StatusUnprocessableEntity, outcome{problem(err), draft})
		return
	}
	http.Redirect(rw, v.Request, path(v.who.Handle, v.channel)+"#last", http.StatusSeeOther)
}

// events tells a page of each change, for as long as it listens.
func (w *web) events(rw http.ResponseWriter, r *http.Request) {
	w.chat.mu.Lock()
	known := w.chat.byHandle(r.FormValue("as")) != nil
	w.chat.mu.Unlock()
	if !known {
		http.NotFound(rw, r)
		return
	}
	changes, stop := w.chat.listen()
	defer stop()
	stream := http.NewResponseController(rw)
	// The server's time-out is for pages; a recorder in a test has none to lift.
	_ = stream.SetWriteDeadline(time.Time{})
	rw.Header().Set("Content-Type", "text/event-stream")
	said := "retry: 1000\n\n"
	for {
		if _, err := rw.Write([]byte(said)); err != nil {
			return
		}
		if err := stream.Flush(); err != nil {
			return
		}
		select {
		case <-changes:
			said = "event: change\ndata: {}\n\n"
		case <-r.Context().Done():
			return
		}
	}
}
