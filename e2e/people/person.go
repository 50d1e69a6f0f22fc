package people

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/mattermost/mattermost/server/public/model"
)

// patience is how long anything may take to be seen.
const patience = 20 * time.Second

// Person is somebody with a browser open: a session, and the events their client
// receives.
type Person struct {
	*model.Client4
	User   *model.User
	Handle string
	Team   string

	admin  *model.Client4
	socket *model.WebSocketClient
	mu     sync.Mutex
	events []*model.WebSocketEvent
	more   chan struct{}
	read   int // events that open dialogs are looked for from
	dialog *model.OpenDialogRequest
}

// Join makes an account in a team, or in none when it is empty, and opens its
// browser. Close must be called.
func Join(ctx context.Context, admin *model.Client4, url, team, handle, name, password string) (*Person, error) {
	first, last, _ := strings.Cut(name, " ")
	user, _, err := admin.CreateUser(ctx, &model.User{
		Username: handle, Email: handle + "@example.org", Password: password, FirstName: first, LastName: last, Locale: "fr",
		Timezone: model.StringMap{"useAutomaticTimezone": "false", "manualTimezone": "Europe/Paris", "automaticTimezone": ""},
	})
	if err != nil {
		return nil, fmt.Errorf("make the account: %w", err)
	}
	if team != "" {
		if _, _, err := admin.AddTeamMember(ctx, team, user.Id); err != nil {
			return nil, fmt.Errorf("add to the team: %w", err)
		}
	}
	p := &Person{Client4: model.NewAPIv4Client(url), admin: admin, User: user, Handle: handle, Team: team, more: make(chan struct{})}
	if _, _, err := p.Login(ctx, handle, password); err != nil {
		return nil, fmt.Errorf("log in: %w", err)
	}
	return p, p.connect(url)
}

func (p *Person) connect(url string) error {
	var err error
	if p.socket, err = model.NewWebSocketClient4("ws"+strings.TrimPrefix(url, "http"), p.AuthToken); err != nil {
		return fmt.Errorf("open the socket: %w", err)
	}
	socket := p.socket
	socket.Listen()
	go func() {
		for range socket.ResponseChannel {
		}
	}()
	go func() {
		for e := range socket.EventChannel {
			p.mu.Lock()
			p.events = append(p.events, e)
			close(p.more)
			p.more = make(chan struct{})
			p.mu.Unlock()
		}
	}()
	return p.wait(func(events []*model.WebSocketEvent) bool { return len(events) > 0 }, "the server's greeting")
}

// Close closes the browser, and the account: a server without a licence takes no
// more than 250 that are open.
func (p *Person) Close() {
	p.socket.Conn.Close()
	_, _ = p.admin.UpdateUserActive(context.Background(), p.User.Id, false)
}

// wait waits until the events received satisfy done.
func (p *Person) wait(done func([]*model.WebSocketEvent) bool, what string) error {
	timer := time.NewTimer(patience)
	defer timer.Stop()
	for {
		p.mu.Lock()
		events, more := p.events, p.more
		p.mu.Unlock()
		if done(events) {
			return nil
		}
		select {
		case <-more:
		case <-timer.C:
			return fmt.Errorf("@%s has not received %s after %s", p.Handle, what, patience)
		}
	}
}

// Await waits for something, which it looks at again whenever the browser
// receives anything.
func (p *Person) Await(what string, there func() bool) error {
	return p.wait(func([]*model.WebSocketEvent) bool { return there() }, what)
}

// CatchUp returns once the browser has received all that the server had sent it
// before: it changes a preference, and waits to be told of it.
func (p *Person) CatchUp(ctx context.Context) error {
	mark := model.NewId()
	_, err := p.UpdatePreferences(ctx, p.User.Id, model.Preferences{{UserId: p.User.Id, Category: "e2e", Name: "mark", Value: mark}})
	if err != nil {
		return fmt.Errorf("mark the stream of events: %w", err)
	}
	return p.wait(func(events []*model.WebSocketEvent) bool {
		for i := len(events) - 1; i >= 0; i-- {
			if raw, _ := events[i].GetData()["preferences"].(string); strings.Contains(raw, mark) {
				return true
			}
		}
		return false
	}, "its own mark")
}

// Events gives the events of a kind received so far.
func (p *Person) Events(kind model.WebsocketEventType) []*model.WebSocketEvent {
	p.mu.Lock()
	defer p.mu.Unlock()
	var found []*model.WebSocketEvent
	for _, e := range p.events {
		if e.EventType() == kind {
			found = append(found, e)
		}
	}
	return found
}

// Everything gives all the events received so far.
func (p *Person) Everything() []*model.WebSocketEvent {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.Clone(p.events)
}

// Whispers gives the posts that this person alone has seen, oldest first.
func (p *Person) Whispers() []*model.Post {
	var posts []*model.Post
	for _, e := range p.Events(model.WebsocketEventEphemeralMessage) {
		raw, _ := e.GetData()["post"].(string)
		var post model.Post
		if json.Unmarshal([]byte(raw), &post) == nil {
			posts = append(posts, &post)
		}
	}
	return posts
}

// Execute types a line in a channel, and returns once its effects are seen.
func (p *Person) Execute(ctx context.Context, channel, line string) error {
	_, resp, err := p.ExecuteCommandWithTeam(ctx, channel, p.Team, line)
	if err != nil {
		return fmt.Errorf("@%s types %q: status %d: %w", p.Handle, line, statusOf(resp), err)
	}
	return p.CatchUp(ctx)
}

// Say writes a message in a channel.
func (p *Person) Say(ctx context.Context, channel, text string) (*model.Post, error) {
	post, _, err := p.CreatePost(ctx, &model.Post{ChannelId: channel, Message: text})
	return post, err
}

// Direct gives the conversation with another user.
func (p *Person) Direct(ctx context.Context, other string) (string, error) {
	channel, _, err := p.CreateDirectChannel(ctx, p.User.Id, other)
	if err != nil {
		return "", err
	}
	return channel.Id, nil
}

// Dialog gives the form on this person's screen, if there is one.
func (p *Person) Dialog() (*model.OpenDialogRequest, bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for ; p.read < len(p.events); p.read++ {
		e := p.events[p.read]
		if e.EventType() != model.WebsocketEventOpenDialog {
			continue
		}
		raw, _ := e.GetData()["dialog"].(string)
		var request model.OpenDialogRequest
		if json.Unmarshal([]byte(raw), &request) == nil {
			p.dialog = &request
		}
	}
	return p.dialog, p.dialog != nil
}

// Submit sends the open form back with these values by field, from a channel. The
// form stays open when the answer says so.
func (p *Person) Submit(ctx context.Context, channel string, values map[string][]string) (*model.SubmitDialogResponse, error) {
	open, ok := p.Dialog()
	if !ok {
		return nil, fmt.Errorf("@%s has no open form", p.Handle)
	}
	request := model.SubmitDialogRequest{
		URL: open.URL, CallbackId: open.Dialog.CallbackId, State: open.Dialog.State,
		ChannelId: channel, TeamId: p.Team, Submission: fill(open.Dialog.Elements, values),
	}
	answer, resp, err := p.SubmitInteractiveDialog(ctx, request)
	if err != nil {
		return nil, fmt.Errorf("@%s submits %s: status %d: %w", p.Handle, open.Dialog.CallbackId, statusOf(resp), err)
	}
	p.mu.Lock()
	switch {
	case answer.Type == string(model.SubmitDialogResponseTypeForm):
		p.dialog = &model.OpenDialogRequest{URL: open.URL, Dialog: *answer.Form}
	case answer.Error == "" && len(answer.Errors) == 0:
		p.dialog = nil
	}
	p.mu.Unlock()
	return answer, p.CatchUp(ctx)
}

// fill gives the elements their values as a browser would: their defaults where
// none is given.
func fill(elements []model.DialogElement, values map[string][]string) map[string]any {
	filled := map[string]any{}
	for _, e := range elements {
		given, ok := values[e.Name]
		id, option, box := strings.Cut(e.Name, ".")
		switch {
		case box:
			filled[e.Name] = e.Default == "true"
			for _, value := range values[id] {
				if value == option {
					filled[e.Name] = true
				}
			}
		case e.Type == "bool":
			filled[e.Name] = ok && given[0] == "true" || !ok && e.Default == "true"
		case e.MultiSelect && !ok && e.Default != "":
			filled[e.Name] = strings.Split(e.Default, ",")
		case e.MultiSelect:
			filled[e.Name] = given
		case ok:
			filled[e.Name] = given[0]
		case e.Default == "":
			filled[e.Name] = nil
		default:
			filled[e.Name] = e.Default
		}
	}
	return filled
}

// Press presses a button of a post, by the id of its action.
func (p *Person) Press(ctx context.Context, post *model.Post, action string) error {
	for _, attachment := range post.Attachments() {
		for _, a := range attachment.Actions {
			if a.Id != action {
				continue
			}
			if resp, err := p.DoPostActionWithCookie(ctx, post.Id, a.Id, "", a.Cookie); err != nil {
				return fmt.Errorf("@%s presses %s: status %d: %w", p.Handle, action, statusOf(resp), err)
			}
			return p.CatchUp(ctx)
		}
	}
	return fmt.Errorf("@%s sees no button %s", p.Handle, action)
}
