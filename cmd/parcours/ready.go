package main

import (
	"log"
	"log/slog"
	"net/http"
	"strings"
	"time"
)

// alive answers as long as the program runs.
func alive(w http.ResponseWriter, _ *http.Request) { plain(w, http.StatusOK, "ok") }

// ready says whether people are answered, and otherwise all that is missing for
// it, a line each.
func (v *service) ready(w http.ResponseWriter, r *http.Request) {
	var missing []string
	if v.stopping.Load() {
		missing = append(missing, v.say.T("ready.stopping"))
	}
	if _, err := v.sealed.Due(r.Context(), time.Time{}, 1); err != nil {
		v.log.Error("the store cannot be read", "err", err)
		missing = append(missing, v.say.T("ready.store"))
	}
	for _, c := range v.chats {
		if why := c.missing(); why != "" {
			missing = append(missing, v.say.T(why))
		}
	}
	if len(missing) > 0 {
		plain(w, http.StatusServiceUnavailable, strings.Join(missing, "\n"))
		return
	}
	plain(w, http.StatusOK, "ok")
}

func plain(w http.ResponseWriter, status int, text string) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	// Whoever asked may be gone.
	_, _ = w.Write([]byte(text + "\n"))
}

// quiet logs what the HTTP server complains of without quoting what clients sent.
func quiet(l *slog.Logger) *log.Logger { return log.New(complaint{l}, "", 0) }

type complaint struct{ log *slog.Logger }

func (c complaint) Write(p []byte) (int, error) {
	kind := "other"
	if text := string(p); strings.Contains(text, "panic") {
		kind = "panic"
	} else if strings.Contains(text, "TLS") {
		kind = "tls"
	}
	c.log.Warn("http", "kind", kind)
	return len(p), nil
}
