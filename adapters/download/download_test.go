package download

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"parcours/bot/chat"
	"parcours/bot/chat/chattest"
)

// shelf has one file, that is fetched once.
type shelf struct {
	file  chat.File
	fault error
}

func (s *shelf) Page(_ context.Context, token string) chat.Page {
	p := chat.Page{Lang: chat.French, Title: "Un <document>", Text: "Ici."}
	if token == "good" && s.file.Name != "" {
		p.Button = "Télécharger"
	}
	return p
}

func (s *shelf) Fetch(_ context.Context, token string) (chat.ClearedFile, error) {
	if s.fault != nil {
		return chat.ClearedFile{}, s.fault
	}
	if token != "good" || s.file.Name == "" {
		return chat.ClearedFile{}, chat.ErrNotFound
	}
	file := s.file
	s.file = chat.File{}
	return chattest.ClearFile(file), nil
}

func TestALinkServesOnce(t *testing.T) {
	var given chat.Shelf
	var log strings.Builder
	mux := http.NewServeMux()
	Handle(mux, "/d/", func() chat.Shelf { return given }, slog.New(slog.NewTextHandler(&log, nil)))
	ask := func(method, path string) *http.Response {
		w := httptest.NewRecorder()
		mux.ServeHTTP(w, httptest.NewRequest(method, path, nil))
		return w.Result()
	}
	body := func(r *http.Response) string {
		var b strings.Builder
		if _, err := io.Copy(&b, r.Body); err != nil {
			t.Fatal(err)
		}
		return b.String()
	}
	for _, method := range []string{http.MethodGet, http.MethodPost} {
		if r := ask(method, "/d/good"); r.StatusCode != http.StatusServiceUnavailable {
			t.Errorf("%s before there is a bot: %d", method, r.StatusCode)
		}
	}
	s := &shelf{file: chat.File{Name: "P-7K3F-releve.html", Type: "text/html", Body: []byte("<script>")}}
	given = s
	for range 3 {
		// Looked at by whoever looks at links for people, it is not used up.
		r := ask(http.MethodGet, "/d/good")
		page := body(r)
		if r.StatusCode != http.StatusOK || !strings.Contains(page, "<button>Télécharger") || strings.Contains(page, "<document>") {
			t.Fatalf("%d: %s", r.StatusCode, page)
		}
		if _, rest, _ := strings.Cut(page, "<style>"); !strings.HasPrefix(rest, style+"</style>") {
			t.Fatal("the style is not the one that the policy lets through")
		}
		if ask(http.MethodHead, "/d/good").StatusCode != http.StatusOK {
			t.Error("HEAD is refused")
		}
	}
	if r := ask(http.MethodPost, "/d/other"); r.StatusCode != http.StatusNotFound || strings.Contains(body(r), "<button>") {
		t.Errorf("another token: %d", r.StatusCode)
	}
	r := ask(http.MethodPost, "/d/good")
	if got := body(r); r.StatusCode != http.StatusOK || got != "<script>" {
		t.Errorf("%d: %s", r.StatusCode, got)
	}
	for name, want := range map[string]string{
		"Content-Type": "text/html", "Content-Disposition": `attachment; filename=P-7K3F-releve.html`, "Cache-Control": "no-store",
		"Content-Security-Policy": "sandbox; default-src 'none'", "X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer",
	} {
		if got := r.Header.Get(name); got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
	if r := ask(http.MethodPost, "/d/good"); r.StatusCode != http.StatusNotFound || !strings.Contains(r.Header.Get("Content-Security-Policy"), "default-src 'none'; style-src 'sha256-") {
		t.Errorf("a second time: %d, %v", r.StatusCode, r.Header)
	}
	s.fault = errors.New("the store is closed")
	if r := ask(http.MethodPost, "/d/good"); r.StatusCode != http.StatusInternalServerError {
		t.Errorf("a fault: %d", r.StatusCode)
	}
	if strings.Contains(log.String(), "good") || !strings.Contains(log.String(), "store is closed") {
		t.Errorf("logged: %s", log.String())
	}
}
