package sandbox

import (
	"bufio"
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"parcours/bot/chat"
	"parcours/bot/chat/chattest"
)

// browser asks pages of a chat and follows where they lead.
type browser struct {
	t *testing.T
	h http.Handler
}

func (b browser) send(r *http.Request) *httptest.ResponseRecorder {
	b.t.Helper()
	w := httptest.NewRecorder()
	b.h.ServeHTTP(w, r)
	return w
}

func (b browser) get(path string) string {
	b.t.Helper()
	w := b.send(httptest.NewRequest("GET", "http://127.0.0.1:8080"+path, nil))
	if w.Code != http.StatusOK {
		b.t.Fatalf("GET %s: %d %s", path, w.Code, w.Body)
	}
	return w.Body.String()
}

func (b browser) post(path string, values url.Values) *httptest.ResponseRecorder {
	b.t.Helper()
	r := httptest.NewRequest("POST", "http://127.0.0.1:8080"+path, strings.NewReader(values.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return b.send(r)
}

// do posts, and gives the page it leads to.
func (b browser) do(path string, values url.Values) string {
	b.t.Helper()
	w := b.post(path, values)
	if w.Code != http.StatusSeeOther {
		b.t.Fatalf("POST %s: %d %s", path, w.Code, w.Body)
	}
	to, _, _ := strings.Cut(w.Header().Get("Location"), "#")
	return b.get(to)
}

func has(t *testing.T, page string, parts ...string) {
	t.Helper()
	for _, part := range parts {
		if !strings.Contains(page, part) {
			t.Errorf("the page lacks %q", part)
		}
	}
}

func lacks(t *testing.T, page string, parts ...string) {
	t.Helper()
	for _, part := range parts {
		if strings.Contains(page, part) {
			t.Errorf("the page has %q", part)
		}
	}
}

func TestChoosingAndTalking(t *testing.T) {
	c, bot := newChat(t)
	b := browser{t, c.Handler()}
	has(t, b.get("/"), `lang="fr"`, "Qui voulez-vous être", `href="/as/claire/c/d-claire#last"`, "référente de parcours", "autre structure")

	page := b.do("/as/claire/c/c-1/type", url.Values{"text": {"Bonjour à toutes"}})
	has(t, page, "Bonjour à toutes", "aucune donnée réelle", `role="log"`)
	has(t, b.get("/as/tom"), `lang="en"`, "Unread:", `class="app bare"`)
	has(t, b.get("/as/tom/c/c-1"), "Bonjour à toutes")
	lacks(t, b.get("/as/tom"), "Unread:")

	bot.command = func(cmd chat.Command) chat.Answer {
		return chat.Answer{Say: chattest.Clear(chat.Outgoing{User: cmd.User, Channel: cmd.Channel, Message: text("rien que pour vous")})}
	}
	has(t, b.do("/as/claire/c/c-1/type", url.Values{"text": {"/parcours suivi"}}), "rien que pour vous", "visible par vous seulement")
	lacks(t, b.get("/as/tom/c/c-1"), "rien que pour vous")
	alone := b.do("/as/claire/c/d-claire/type", url.Values{"text": {"/parcours suivi"}})
	has(t, alone, "rien que pour vous")
	lacks(t, alone, "visible par vous seulement")
}

func TestLanguageIsThatOfThePersonUntilChanged(t *testing.T) {
	c, _ := newChat(t)
	b := browser{t, c.Handler()}
	has(t, b.get("/as/claire"), `<html lang="fr">`)
	has(t, b.do("/language", url.Values{"lang": {"en"}, "as": {"claire"}, "channel": {"c-1"}}), `<html lang="en">`, "Members: 3")
	has(t, b.do("/language", url.Values{"lang": {"fr"}, "as": {"tom"}}), `<html lang="fr">`, `class="app bare"`)
	has(t, b.do("/language", url.Values{"lang": {"en"}}), `<html lang="en">`, "Who would you like to be?")
	if w := b.post("/language", url.Values{"lang": {"xx"}}); w.Code != http.StatusBadRequest {
		t.Errorf("an unknown language: %d", w.Code)
	}
}

func TestSceneAndClock(t *testing.T) {
	ticks := 0
	c, bot := newChat(t, func(o *Options) { o.Moved = func(context.Context) { ticks++ } })
	opened(t, c)
	b := browser{t, c.Handler()}
	at := "/as/claire/c/c-5"
	has(t, b.get(at), "Membres\u00a0: 1", "Ouvrir ce canal à tous", `<option value="u-tom">`)
	has(t, b.do(at+"/join", url.Values{"user": {"u-tom"}}), "Membres\u00a0: 2")
	has(t, b.get("/as/tom/c/c-5"), "P-7K3F")
	has(t, b.do(at+"/leave", url.Values{"user": {"u-tom"}}), "Membres\u00a0: 1")
	lacks(t, b.get("/as/julien"), "P-7K3F")
	lacks(t, b.do(at+"/convert", nil), "Ouvrir ce canal à tous")
	has(t, b.get("/as/julien"), "P-7K3F")
	has(t, b.get("/as/julien/c/c-5"), "Rejoindre ce canal", `value="u-julien"`)
	has(t, b.do("/as/julien/c/c-5/join", url.Values{"user": {"u-julien"}}), `id="log"`)
	if len(bot.moves) != 4 {
		t.Errorf("the bot was told %+v", bot.moves)
	}
	has(t, b.do(at+"/clock", url.Values{"by": {"week"}}), "vendredi 27 novembre 2026, 13:00")
	has(t, b.do(at+"/clock", url.Values{"by": {"day"}}), "samedi 28 novembre 2026, 13:00")
	has(t, b.do(at+"/clock", url.Values{"by": {"hour"}}), "samedi 28 novembre 2026, 14:00")
	b.do(at+"/clock", url.Values{"by": {"year"}})
	if ticks != 3 {
		t.Errorf("%d ticks", ticks)
	}
	must(t, c.Archive(t.Context(), "c-5"))
	page := b.send(httptest.NewRequest("GET", "http://localhost"+at, nil))
	has(t, page.Body.String(), "archivé\u00a0: plus personne ne peut le lire")
	lacks(t, page.Body.String(), `id="text"`)
	c.Deactivate(claire)
	has(t, b.get("/as/claire/c/c-1"), "Ce compte est désactivé")
}

func TestWhatGoesWrongIsSaid(t *testing.T) {
	c, _ := newChat(t)
	b := browser{t, c.Handler()}
	long := strings.Repeat("é", MaxRunes+1)
	for name, tc := range map[string]struct {
		path   string
		values url.Values
		says   string
	}{
		"nothing typed":  {"/as/claire/c/c-1/type", nil, "Écrivez d’abord"},
		"too long":       {"/as/claire/c/c-1/type", url.Values{"text": {long}}, long},
		"no such button": {"/as/claire/c/c-1/press", url.Values{"message": {"m-9"}, "button": {"x"}}, "n’est plus là"},
		"no open form":   {"/as/claire/c/c-1/submit", nil, "n’est plus là"},
		"not possible":   {"/as/claire/c/d-claire/convert", nil, "pas possible"},
	} {
		t.Run(name, func(t *testing.T) {
			w := b.post(tc.path, tc.values)
			if w.Code != http.StatusUnprocessableEntity || !strings.Contains(w.Body.String(), tc.says) {
				t.Errorf("%d, without the sentence", w.Code)
			}
		})
	}
	c.Attach(nil)
	has(t, b.post("/as/claire/c/c-1/type", url.Values{"text": {"/parcours"}}).Body.String(), "pas encore là")
	if w := b.post("/as/claire/c/c-1/type", url.Values{"text": {strings.Repeat("x", maxBody+1)}}); w.Code != http.StatusRequestEntityTooLarge {
		t.Errorf("a huge body: %d", w.Code)
	}
	if w := b.send(httptest.NewRequest("GET", "http://localhost/as/claire/c/d-tom", nil)); w.Code != http.StatusNotFound || !strings.Contains(w.Body.String(), "pas dans ce canal") {
		t.Errorf("another's conversation: %d", w.Code)
	}
	for _, path := range []string{"/as/nobody", "/events?as=nobody", "/nowhere"} {
		if w := b.send(httptest.NewRequest("GET", "http://localhost"+path, nil)); w.Code != http.StatusNotFound {
			t.Errorf("%s: %d", path, w.Code)
		}
	}
}

func TestOnlyThisComputerAndItsOwnPages(t *testing.T) {
	c, _ := newChat(t)
	b := browser{t, c.Handler()}
	for host, want := range map[string]int{
		"localhost": 200, "LOCALHOST:8080": 200, "127.0.0.1:8080": 200, "127.9.9.9": 200, "[::1]:8080": 200, "[::1]": 200,
		"": 403, "evil.example": 403, "evil.example:8080": 403, "localhost.evil.example": 403, "127.0.0.1.evil.example": 403,
		"192.168.1.4:8080": 403, "0.0.0.0:8080": 403, "2130706433": 403,
	} {
		r := httptest.NewRequest("GET", "http://localhost/", nil)
		r.Host = host
		if w := b.send(r); w.Code != want {
			t.Errorf("host %q: %d, want %d", host, w.Code, want)
		}
	}
	for _, header := range [][2]string{{"Sec-Fetch-Site", "cross-site"}, {"Sec-Fetch-Site", "same-site"}, {"Origin", "http://evil.example"}, {"Origin", "http://localhost:9999"}} {
		r := httptest.NewRequest("POST", "http://localhost:8080/as/claire/c/c-1/type", strings.NewReader("text=x"))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.Header.Set(header[0], header[1])
		if w := b.send(r); w.Code != http.StatusForbidden {
			t.Errorf("%v: %d", header, w.Code)
		}
	}
	if got := readBy(c, claire); len(got) != 0 {
		t.Errorf("it was written all the same: %q", got)
	}
	h := b.send(httptest.NewRequest("GET", "http://localhost/", nil)).Header()
	for name, want := range map[string]string{"Content-Security-Policy": "default-src 'self'", "X-Content-Type-Options": "nosniff", "Referrer-Policy": "same-origin"} {
		if !strings.HasPrefix(h.Get(name), want) {
			t.Errorf("%s: %q", name, h.Get(name))
		}
	}
	if policy := h.Get("Content-Security-Policy"); strings.Contains(policy, "unsafe") {
		t.Error(policy)
	}
}

func TestEventsTellOfChanges(t *testing.T) {
	c, _ := newChat(t)
	server := httptest.NewServer(c.Handler())
	defer server.Close()
	ctx, hangUp := context.WithCancel(t.Context())
	defer hangUp()
	r, err := http.NewRequestWithContext(ctx, "GET", server.URL+"/events?as=tom", nil)
	must(t, err)
	answer, err := server.Client().Do(r)
	must(t, err)
	defer answer.Body.Close()
	if got := answer.Header.Get("Content-Type"); got != "text/event-stream" {
		t.Errorf("type %q", got)
	}
	lines := bufio.NewScanner(answer.Body)
	until := func(want string) {
		t.Helper()
		for lines.Scan() {
			if lines.Text() == want {
				return
			}
		}
		t.Fatalf("the stream ended before %q: %v", want, lines.Err())
	}
	until("retry: 1000")
	for range 2 {
		must(t, c.Type(ctx, claire, "c-1", "bonjour"))
		until("event: change")
	}
	hangUp()
	if _, err := io.Copy(io.Discard, answer.Body); err == nil {
		t.Error("the stream goes on")
	}
	server.Close() // waits for the handler to be done
	if len(c.hub.pages) != 0 {
		t.Error("a page that went away is still told")
	}
}
