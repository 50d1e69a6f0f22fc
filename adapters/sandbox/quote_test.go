package sandbox

import (
	"errors"
	"net/url"
	"regexp"
	"testing"

	"parcours/bot/chat"
	"parcours/bot/chat/chattest"
)

func TestQuote(t *testing.T) {
	c, _ := newChat(t)
	ctx := t.Context()
	id := opened(t, c)
	must(t, c.Type(ctx, claire, id, "Solder les dettes"), c.Add(ctx, id, tom))
	ref := c.Seen(claire)[0].Ref
	sent, err := c.Send(ctx, chattest.Clear(chat.Outgoing{Key: "k", Channel: id, Message: text("du robot")}))
	must(t, err)
	want := chat.Quote{Channel: id, Message: ref, Author: claire, Text: "Solder les dettes"}
	for _, link := range []string{string(ref), "http://localhost/as/claire/c/" + string(id) + "#" + string(ref)} {
		if got, err := c.Quote(ctx, link, claire); err != nil || got != want {
			t.Errorf("%s: %+v, %v", link, got, err)
		}
	}
	c.Deactivate(tom)
	for name, got := range map[string]error{
		"who is not there": second(c.Quote(ctx, string(ref), julien)),
		"who is gone":      second(c.Quote(ctx, string(ref), tom)),
		"nobody":           second(c.Quote(ctx, string(ref), nobody)),
		"the bot's own":    second(c.Quote(ctx, string(sent.Message), claire)),
		"no such message":  second(c.Quote(ctx, "m-99", claire)),
		"nothing":          second(c.Quote(ctx, "", claire)),
	} {
		if !errors.Is(got, chat.ErrNotFound) {
			t.Errorf("%s: %v", name, got)
		}
	}
}

func second(_ chat.Quote, err error) error { return err }

func TestAMessageCanBeMadeSomethingOf(t *testing.T) {
	c, bot := newChat(t)
	ctx := t.Context()
	id := opened(t, c)
	must(t, c.Type(ctx, claire, id, "Solder les dettes"), c.Type(ctx, claire, "c-1", "À table"), c.Type(ctx, claire, c.Direct(claire), "Bonjour"))
	_, err := c.Send(ctx, chattest.Clear(chat.Outgoing{Key: "k", Channel: id, Message: text("du robot")}))
	must(t, err)
	b := browser{t, c.Handler()}
	page := b.get("/as/claire/c/" + string(id))
	offered := regexp.MustCompile(`name="text" value="(/parcours \w+ from:m-\d+)"`).FindAllStringSubmatch(page, -1)
	if len(offered) != 2 {
		t.Fatalf("offered %v", offered)
	}
	for _, one := range offered {
		b.do("/as/claire/c/"+string(id)+"/type", url.Values{"text": {one[1]}})
	}
	if len(bot.commands) != 2 || bot.commands[0] != (chat.Command{User: claire, Channel: id, Text: "objectif from:m-1"}) || bot.commands[1].Text != "action from:m-1" {
		t.Errorf("the bot is told %+v", bot.commands)
	}
	for _, elsewhere := range []string{"/as/claire/c/c-1", "/as/claire/c/d-claire"} {
		lacks(t, b.get(elsewhere), "from:")
	}
	has(t, b.do("/language", url.Values{"lang": {"en"}, "as": {"claire"}, "channel": {string(id)}}), "/parcours objective from:m-1", "Make it an objective")
}
