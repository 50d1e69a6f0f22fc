package sandbox

import (
	"context"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"testing"

	"parcours/bot/chat"
	"parcours/bot/chat/chattest"
)

func withFiles(names ...string) chat.Message {
	m := text("Voici")
	for _, name := range names {
		m.Files = append(m.Files, chat.File{Name: name, Type: "text/html; charset=utf-8", Body: []byte("<script>alert(1)</script>" + name)})
	}
	return m
}

func TestFilesAreForThoseWhoSeeTheirMessage(t *testing.T) {
	c, _ := newChat(t)
	id := opened(t, c)
	ctx := t.Context()
	must(t, c.Add(ctx, id, julien))
	sent, err := c.Send(ctx, chattest.Clear(chat.Outgoing{Key: "k", Channel: id, Message: withFiles("releve.html", "agenda.ics")}))
	must(t, err)
	_, err = c.Send(ctx, chattest.Clear(chat.Outgoing{Key: "k", User: claire, Message: withFiles("lettre.html")}))
	must(t, err)
	b := browser{t, c.Handler()}
	page := b.get("/as/claire/c/" + string(id))
	has(t, page, "releve.html", "agenda.ics", "1\u00a0ko", "Documents joints")
	links := regexp.MustCompile(`class="file" href="([^"]+)" download`).FindAllStringSubmatch(page, -1)
	if len(links) != 2 {
		t.Fatalf("links %v", links)
	}
	ask := func(path string) *httptest.ResponseRecorder {
		return b.send(httptest.NewRequest("GET", "http://localhost"+path, nil))
	}
	w := ask(links[0][1])
	if w.Code != http.StatusOK || w.Body.String() != "<script>alert(1)</script>releve.html" {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	for name, want := range map[string]string{
		"Content-Type": "text/html; charset=utf-8", "Content-Disposition": "attachment; filename=releve.html",
		"Content-Security-Policy": "sandbox; default-src 'none'", "X-Content-Type-Options": "nosniff", "Cache-Control": "no-store",
	} {
		if got := w.Header().Get(name); got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
	at := "/c/" + string(id) + "/m/" + string(sent.Message)
	must(t, c.Remove(ctx, id, julien))
	c.Deactivate(tom)
	for name, path := range map[string]string{
		"who left":          "/as/julien" + at + "/releve.html",
		"who never was":     "/as/tom" + at + "/releve.html",
		"nobody":            "/as/nobody" + at + "/releve.html",
		"no such file":      "/as/claire" + at + "/other.html",
		"no such message":   "/as/claire/c/" + string(id) + "/m/m-99/releve.html",
		"another's letter":  "/as/julien/c/d-claire/m/m-2/lettre.html",
		"a path for a name": "/as/claire" + at + "/..%2freleve.html",
	} {
		if w := ask(path); w.Code != http.StatusNotFound {
			t.Errorf("%s: %d", name, w.Code)
		}
	}
	must(t, c.Archive(ctx, id))
	if w := ask("/as/claire" + at + "/releve.html"); w.Code != http.StatusNotFound {
		t.Errorf("archived: %d", w.Code)
	}
}

func TestAnEditKeepsTheFilesOrTakesThemAway(t *testing.T) {
	c, _ := newChat(t)
	id := opened(t, c)
	sent, err := c.Send(t.Context(), chattest.Clear(chat.Outgoing{Key: "k", Channel: id, Message: withFiles("releve.html")}))
	must(t, err)
	for _, step := range []struct {
		now  chat.Message
		left int
	}{{withFiles("other.html"), 1}, {text("vide"), 0}, {withFiles("other.html"), 0}} {
		_, err := c.Send(t.Context(), chattest.Clear(chat.Outgoing{Key: "k", Channel: id, Edit: sent.Message, Message: step.now}))
		must(t, err)
		if got := c.Seen(claire)[0].Message.Files; len(got) != step.left || len(got) > 0 && got[0].Name != "releve.html" {
			t.Errorf("edited, it has %+v", got)
		}
	}
}

func TestAMessageWithABadFileIsRefused(t *testing.T) {
	c, _ := newChat(t)
	_, err := c.Send(t.Context(), chattest.Clear(chat.Outgoing{Key: "k", User: claire, Message: withFiles("../x.html")}))
	if err == nil || len(c.Seen(claire)) != 0 {
		t.Error("sent")
	}
}

// giver is a bot with one file to give.
type giver struct {
	chat.Handler
	token string
}

func (g *giver) Page(_ context.Context, token string) chat.Page {
	if token != g.token {
		return chat.Page{Text: "trop tard"}
	}
	return chat.Page{Lang: chat.French, Title: "Un document", Button: "Télécharger"}
}

func (g *giver) Fetch(_ context.Context, token string) (chat.ClearedFile, error) {
	if token != g.token {
		return chat.ClearedFile{}, chat.ErrNotFound
	}
	g.token = ""
	return chattest.ClearFile(chat.File{Name: "releve.pdf", Type: "application/pdf", Body: []byte("%PDF")}), nil
}

func TestAnAnswerLeadsToFilesElsewhere(t *testing.T) {
	c, bot := newChat(t)
	c.Attach(&giver{Handler: bot, token: "once"})
	bot.command = func(cmd chat.Command) chat.Answer {
		m := text("Voici")
		m.Files = []chat.File{{Name: "releve.pdf", Type: "application/pdf", Link: c.Link("once")}}
		return chat.Answer{Say: chattest.Clear(chat.Outgoing{User: cmd.User, Channel: cmd.Channel, Message: m})}
	}
	b := browser{t, c.Handler()}
	page := b.do("/as/claire/c/d-claire/type", url.Values{"text": {"/parcours document"}})
	has(t, page, `class="file" href="/document/once" target="_blank"`, "releve.pdf")
	lacks(t, page, "1\u00a0ko")
	has(t, b.get("/document/once"), "<button>Télécharger")
	if w := b.post("/document/once", nil); w.Code != http.StatusOK || w.Body.String() != "%PDF" {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	if w := b.post("/document/once", nil); w.Code != http.StatusNotFound {
		t.Errorf("a second time: %d", w.Code)
	}
}
