package workspace

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"log"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/slack-go/slack"
	"github.com/slack-go/slack/socketmode"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// manifestOf gives the manifest of an app with these scopes; each event that they
// allow is subscribed to.
func manifestOf(scopes ...string) []byte {
	events := []string{}
	for event, scope := range needs {
		if scope == "" || slices.Contains(scopes, scope) {
			events = append(events, event)
		}
	}
	slices.Sort(events)
	features := object{"bot_user": object{"display_name": "parcours"}, "app_home": object{"home_tab_enabled": true, "messages_tab_enabled": true, "messages_tab_read_only_enabled": false}}
	if slices.Contains(scopes, "commands") {
		features["slash_commands"] = []object{{"command": "/parcours", "description": "x", "should_escape": true}}
		features["shortcuts"] = []object{{"name": "Faire une action", "type": "message", "callback_id": "action", "description": "x"}}
	}
	raw, err := json.Marshal(object{
		"display_information": object{"name": "Parcours"}, "features": features, "oauth_config": object{"scopes": object{"bot": scopes}},
		"settings": object{
			"event_subscriptions": object{"bot_events": events}, "interactivity": object{"is_enabled": true}, "socket_mode_enabled": true,
		},
	})
	if err != nil {
		panic(err)
	}
	return raw
}

// everything are the scopes that the methods here need.
var everything = []string{
	"channels:history", "channels:manage", "channels:read", "chat:write", "commands", "files:write", "groups:history", "groups:read", "groups:write",
	"im:history", "im:read", "im:write", "pins:write", "users:read",
}

// A world is a workspace with an app in it, and a clock.
type world struct {
	*Workspace
	api          *slack.Client
	claire, paul string
	room         string // a private channel with the bot and claire
	mu           sync.Mutex
	now          time.Time
}

func newWorld(t *testing.T, change func(*Options)) *world {
	t.Helper()
	w := &world{now: time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)}
	o := Options{Manifest: manifestOf(everything...), Now: w.clock, Unhurried: true}
	if change != nil {
		change(&o)
	}
	var err error
	w.Workspace, err = Start(o)
	ok(t, err)
	t.Cleanup(w.Close)
	transport := &http.Transport{}
	t.Cleanup(transport.CloseIdleConnections)
	w.api = slack.New(BotToken, slack.OptionAPIURL(w.URL), slack.OptionAppLevelToken(AppToken), slack.OptionHTTPClient(&http.Client{Transport: transport}))
	w.claire = w.Join(Person{Handle: "claire", Name: "Claire Fabre"})
	w.paul = w.Join(Person{Handle: "paul", Name: "Paul Delmas"})
	w.room = w.Channel("p-7k3f", w.BotID(), true)
	w.Invite(w.BotID(), w.room, w.claire)
	return w
}

func (w *world) clock() time.Time {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.now
}

func (w *world) pass(d time.Duration) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.now = w.now.Add(d)
}

func ok(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// call calls a method as no client does, and gives the answer.
func (w *world) call(t *testing.T, method, token string, args url.Values) map[string]any {
	t.Helper()
	args.Set("token", token)
	resp, err := http.Post(w.URL+method, "application/x-www-form-urlencoded", strings.NewReader(args.Encode()))
	ok(t, err)
	defer resp.Body.Close()
	raw, err := io.ReadAll(resp.Body)
	ok(t, err)
	answer := map[string]any{}
	ok(t, json.Unmarshal(raw, &answer))
	http.DefaultClient.CloseIdleConnections()
	return answer
}

// An ear is the real client, listening.
type ear struct {
	*socketmode.Client
	mu     sync.Mutex
	events []string        // ids, in order, each as often as it came
	seen   map[string]bool // the same, once
	do     func(socketmode.Event) any
}

// listen has the real client listen, and acknowledge everything with what do gives.
func (w *world) listen(t *testing.T, do func(socketmode.Event) any) *ear {
	t.Helper()
	e := &ear{
		Client: socketmode.New(w.api, socketmode.OptionLog(log.New(io.Discard, "", 0))),
		seen:   map[string]bool{}, do: do,
	}
	ctx, stop := context.WithCancel(context.Background())
	var ended sync.WaitGroup
	ended.Go(func() { _ = e.RunContext(ctx) })
	ended.Go(func() {
		for {
			select {
			case <-ctx.Done():
				return
			case event := <-e.Events:
				e.hear(event)
			}
		}
	})
	t.Cleanup(func() {
		stop()
		w.Cut()
		ended.Wait()
	})
	ok(t, w.Listening(t.Context()))
	ok(t, w.Flush(t.Context()))
	e.mu.Lock()
	defer e.mu.Unlock()
	e.events, e.seen = nil, map[string]bool{}
	return e
}

func (e *ear) hear(event socketmode.Event) {
	switch event.Type {
	case socketmode.EventTypeEventsAPI:
		var outer struct {
			ID string `json:"event_id"`
		}
		_ = json.Unmarshal(event.Request.Payload, &outer)
		e.mu.Lock()
		e.events, e.seen[outer.ID] = append(e.events, outer.ID), true
		e.mu.Unlock()
		_ = e.Ack(*event.Request)
	case socketmode.EventTypeSlashCommand, socketmode.EventTypeInteractive:
		_ = e.Ack(*event.Request, e.do(event))
	}
}

func modal(id string) slack.ModalViewRequest {
	plain := func(text string) *slack.TextBlockObject {
		return slack.NewTextBlockObject(slack.PlainTextType, text, false, false)
	}
	return slack.ModalViewRequest{
		Type: slack.VTModal, CallbackID: id, Title: plain("Ouvrir"), Submit: plain("Envoyer"),
		Blocks: slack.Blocks{BlockSet: []slack.Block{
			slack.NewInputBlock("person", plain("Personne"), nil, slack.NewPlainTextInputBlockElement(nil, "person")),
		}},
	}
}

func TestACommandOpensAFormThatIsSent(t *testing.T) {
	w := newWorld(t, nil)
	var submitted slack.View
	w.listen(t, func(event socketmode.Event) any {
		switch data := event.Data.(type) {
		case slack.SlashCommand:
			if data.Text != "ouvrir <@"+w.paul+"|paul> &amp; moi" || data.UserID != w.claire || data.ChannelName != "privategroup" {
				t.Errorf("the command: %+v", data)
			}
			if _, err := w.api.OpenView(data.TriggerID, modal("open")); err != nil {
				t.Error(err)
			}
		case slack.InteractionCallback:
			if submitted = data.View; data.View.State.Values["person"]["person"].Value == "" {
				return nil
			}
			if data.View.State.Values["person"]["person"].Value == "?" {
				return slack.NewErrorsViewSubmissionResponse(map[string]string{"person": "Qui ?"})
			}
		}
		return nil
	})
	ctx := t.Context()
	ok(t, w.Type(ctx, w.claire, w.room, "/parcours ouvrir @paul & moi"))
	form, open := w.Form(w.claire)
	if !open || form.Callback != "open" || !strings.Contains(form.Text, "Personne") {
		t.Fatalf("the form: %+v", form)
	}
	if err := w.Submit(ctx, w.claire, nil); err == nil {
		t.Error("sent without what is needed")
	}
	if err := w.Submit(ctx, w.claire, map[string][]string{"other": {"x"}}); err == nil {
		t.Error("sent with a field that is not there")
	}
	ok(t, w.Submit(ctx, w.claire, map[string][]string{"person": {"?"}}))
	if form, open = w.Form(w.claire); !open || form.Wrong["person"] != "Qui ?" {
		t.Errorf("the fault is not shown: %+v", form)
	}
	ok(t, w.Submit(ctx, w.claire, map[string][]string{"person": {"Madame Lopez"}}))
	if _, open = w.Form(w.claire); open {
		t.Error("the form stays open")
	}
	if submitted.CallbackID != "open" || submitted.State.Values["person"]["person"].Value != "Madame Lopez" {
		t.Errorf("what was sent: %+v", submitted)
	}
	if wrong := w.Complaints(); len(wrong) > 0 {
		t.Error(wrong)
	}
	if found := w.Holding("Lopez"); len(found) > 0 {
		t.Error("what was typed in a form is kept:", found)
	}
}

func TestAButtonAndItsAddress(t *testing.T) {
	w := newWorld(t, nil)
	var pressed slack.InteractionCallback
	w.listen(t, func(event socketmode.Event) any {
		pressed = event.Data.(slack.InteractionCallback)
		return nil
	})
	button := slack.NewButtonBlockElement("done", "sealed", slack.NewTextBlockObject(slack.PlainTextType, "Fait", false, false))
	_, ts, err := w.api.PostMessage(w.room, slack.MsgOptionText("Rappel", false), slack.MsgOptionBlocks(slack.NewActionBlock("b", button)))
	ok(t, err)
	ctx := t.Context()
	if err := w.Press(ctx, w.paul, ts, "done"); err == nil {
		t.Error("somebody presses what they do not see")
	}
	ok(t, w.Press(ctx, w.claire, ts, "done"))
	action := pressed.ActionCallback.BlockActions[0]
	if action.ActionID != "done" || action.Value != "sealed" || pressed.User.ID != w.claire || pressed.Channel.ID != w.room || pressed.Message.Timestamp != ts {
		t.Errorf("pressed: %+v", pressed)
	}
	say := func(options ...slack.MsgOption) error {
		_, _, err := w.api.PostMessage("", append(options, slack.MsgOptionResponseURL(pressed.ResponseURL, slack.ResponseTypeEphemeral))...)
		return err
	}
	for range replyUses {
		ok(t, say(slack.MsgOptionText("C’est noté", false)))
	}
	if err := say(slack.MsgOptionText("Encore", false)); err == nil {
		t.Error("a sixth answer at the same address")
	}
	seen := w.Seen(w.claire)
	if last := seen[len(seen)-1]; !last.Private || last.Text != "C’est noté" || w.Shown(w.claire) != replyUses {
		t.Errorf("seen: %+v", last)
	}
	if n := len(w.Seen(w.paul)); n > 0 {
		t.Errorf("somebody else sees %d things", n)
	}
	ok(t, w.Press(ctx, w.claire, ts, "done"))
	w.pass(replyLife + time.Second)
	if say(slack.MsgOptionText("Tard", false)) == nil {
		t.Error("an answer after half an hour")
	}
}

func TestAnAnswerInTheAcknowledgement(t *testing.T) {
	w := newWorld(t, nil)
	answer := any(nil)
	w.listen(t, func(socketmode.Event) any { return answer })
	ctx := t.Context()
	answer = object{"text": "Bonjour"}
	ok(t, w.Type(ctx, w.claire, w.room, "/parcours"))
	if seen := w.Seen(w.claire); len(seen) != 1 || seen[0].Text != "Bonjour" || !seen[0].Private {
		t.Errorf("seen: %+v", seen)
	}
	answer = object{"blocks": []object{{"type": "nonsense"}}}
	if err := w.Type(ctx, w.claire, w.room, "/parcours"); !errors.Is(err, ErrFailed) || len(w.Complaints()) != 1 {
		t.Error("an answer that cannot be shown:", err, w.Complaints())
	}
}

func TestWithoutASocketWhatPeopleDoFails(t *testing.T) {
	w := newWorld(t, nil)
	if err := w.Type(t.Context(), w.claire, w.room, "/parcours"); !errors.Is(err, ErrFailed) {
		t.Error(err)
	}
}

func TestTheListenerIsToldWhatHappens(t *testing.T) {
	w := newWorld(t, nil)
	listener := w.listen(t, nil)
	before := len(listener.heard())
	for _, step := range []struct {
		name string
		do   func()
		want int
	}{
		{"somebody joins", func() { w.Invite(w.claire, w.room, w.paul) }, 1},
		{"somebody leaves", func() { w.Kick(w.paul, w.room, w.paul) }, 1},
		{"somebody writes", func() { w.Say(w.claire, w.room, "Bonjour") }, 1},
		{"somebody gives a file", func() { w.Hand(w.claire, w.room, "Voici", "plan.pdf") }, 1},
		{"a channel becomes public", func() { w.Convert(w.claire, w.room) }, 1},
		{"a channel is shared", func() { w.Share(w.room, "T0OTHER", false) }, 2},
		{"a channel is about to be shared", func() { w.Share(w.room, "T0THIRD", true) }, 1},
		{"an account changes", func() { w.Change(w.paul, func(p *Person) { p.Deleted = true }) }, 1},
		{"the home is opened", func() { w.Home(w.claire) }, 1},
		{"what happens where the bot is not", func() { w.Say(w.claire, w.Channel("ailleurs", w.claire, true), "Bonjour") }, 0},
		{"a channel is closed", func() { w.Archive(w.claire, w.room) }, 1},
		{"the bot is taken out", func() { w.Kick(w.claire, w.room, w.BotID()) }, 1},
		{"what happens after it left", func() { w.Invite(w.claire, w.room, w.paul) }, 0},
	} {
		step.do()
		ok(t, w.Flush(t.Context()))
		if now := len(listener.heard()); now-before != step.want {
			t.Errorf("%s: told %d things, want %d", step.name, now-before, step.want)
		}
		before = len(listener.heard())
	}
}

func (e *ear) heard() []string {
	e.mu.Lock()
	defer e.mu.Unlock()
	return slices.Clone(e.events)
}

func TestWhateverGoesWrongEveryEventArrives(t *testing.T) {
	for seed := range uint64(4) {
		w := newWorld(t, func(o *Options) {
			o.Seed, o.Faults = seed, Faults{Lost: 0.2, Twice: 0.2, Late: 0.2, Broken: 0.05}
		})
		e := w.listen(t, nil)
		const n = 60
		for range n {
			w.Say(w.claire, w.room, "Bonjour")
		}
		ok(t, w.Flush(t.Context()))
		e.mu.Lock()
		ids := slices.Clone(e.events)
		if len(e.seen) != n {
			t.Errorf("seed %d: %d of %d events arrived", seed, len(e.seen), n)
		}
		e.mu.Unlock()
		if len(ids) == n || slices.IsSorted(ids) {
			t.Errorf("seed %d: nothing came twice, or all in order", seed)
		}
		if wrong := w.Complaints(); len(wrong) > 0 || w.Mishaps() < n/4 {
			t.Error(w.Mishaps(), "things went wrong;", wrong)
		}
	}
}

func TestTheAppListensAgain(t *testing.T) {
	w := newWorld(t, nil)
	e := w.listen(t, nil)
	for _, breaks := range []func(){w.Refresh, w.Cut} {
		breaks()
		w.Say(w.claire, w.room, "Bonjour")
		ok(t, w.Listening(t.Context()))
		ok(t, w.Flush(t.Context()))
	}
	if n := len(e.heard()); n != 2 {
		t.Errorf("told of %d messages", n)
	}
}

func TestACallIsDoneThoughItsAnswerIsLost(t *testing.T) {
	w := newWorld(t, nil)
	w.CutNext("chat.postMessage", 1)
	if _, _, err := w.api.PostMessage(w.room, slack.MsgOptionText("Bonjour", false)); err == nil {
		t.Error("answered")
	}
	if seen := w.Seen(w.claire); len(seen) != 1 || seen[0].Text != "Bonjour" {
		t.Errorf("not done: %+v", seen)
	}
	_, _, err := w.api.PostMessage(w.room, slack.MsgOptionText("Bonsoir", false))
	ok(t, err)
}

func TestWhatIsKept(t *testing.T) {
	w := newWorld(t, nil)
	_, ts, err := w.api.PostMessage(w.room, slack.MsgOptionText("premier", false), slack.MsgOptionMetadata(slack.SlackMetadata{
		EventType: "x", EventPayload: map[string]any{"key": "caché"},
	}))
	ok(t, err)
	_, _, _, err = w.api.UpdateMessage(w.room, ts, slack.MsgOptionText("second", false))
	ok(t, err)
	_, _, err = w.api.DeleteMessage(w.room, ts)
	ok(t, err)
	_, err = w.api.PostEphemeral(w.room, w.claire, slack.MsgOptionText("murmure", false))
	ok(t, err)
	_, err = w.api.UploadFile(slack.UploadFileParameters{Filename: "nom.txt", Title: "titre", FileSize: 5, Content: "corps", Channel: w.room})
	ok(t, err)
	header := slack.NewHeaderBlock(slack.NewTextBlockObject(slack.PlainTextType, "accueil", false, false))
	_, err = w.api.PublishView(w.claire, slack.HomeTabViewRequest{Type: slack.VTHomeTab, Blocks: slack.Blocks{BlockSet: []slack.Block{header}}}, "")
	ok(t, err)
	for _, word := range []string{"premier", "caché", "second", "nom.txt", "titre", "corps", "accueil", "p-7k3f"} {
		if len(w.Holding(word)) == 0 {
			t.Errorf("%q is not kept", word)
		}
	}
	if len(w.Holding("murmure")) > 0 {
		t.Error("what one person alone saw is kept")
	}
	if text := w.HomeText(w.claire); text != "accueil" {
		t.Errorf("the home shows %q", text)
	}
}
