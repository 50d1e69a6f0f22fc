package workspace

import (
	"context"
	"encoding/json"
	"fmt"
	"html"
	"regexp"
	"slices"
	"strings"
)

// team is how a payload names it.
var team = object{"id": TeamID, "domain": Domain}

// named is how a payload names somebody.
func (w *Workspace) named(user string) object {
	p := w.person(user)
	return object{"id": p.ID, "username": p.Handle, "name": p.Handle, "team_id": p.Team}
}

// called is how a payload names a channel.
func called(ch *conversation) string {
	switch {
	case ch.direct:
		return "directmessage"
	case ch.private:
		return "privategroup"
	}
	return ch.name
}

var mention = regexp.MustCompile(`@[\p{L}\p{N}._-]*[\p{L}\p{N}]`)

// escaped gives a text as Slack gives it to a command that asks for that: mentions
// of people as their ids.
func (w *Workspace) escaped(text string) string {
	text = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;").Replace(text)
	return mention.ReplaceAllStringFunc(text, func(word string) string {
		for _, p := range w.people {
			if "@"+p.Handle == word {
				return "<@" + p.ID + "|" + p.Handle + ">"
			}
		}
		return word
	})
}

// Type has somebody type a slash command in a channel they can read. Error:
// ErrFailed when Slack says that it failed; another when there is no such command.
func (w *Workspace) Type(ctx context.Context, user, channel, line string) error {
	d, known := w.typed(user, channel, line)
	if !known {
		return fmt.Errorf("workspace: %s is not a command", line)
	}
	answer, err := w.act(ctx, d)
	if err != nil || answer == nil {
		return err
	}
	return w.answered(user, channel, answer)
}

// typed gives what the app is to be told of a line; known is false for no command of
// its own.
func (w *Workspace) typed(user, channel, line string) (d *delivery, known bool) {
	name, text, _ := strings.Cut(line, " ")
	w.mu.Lock()
	defer w.mu.Unlock()
	c, known := w.app.commands[name]
	ch := w.mustWrite(user, channel)
	if c.Escape {
		text = w.escaped(text)
	}
	return &delivery{kind: "slash_commands", url: c.URL, answers: true, payload: object{
		"token": "deprecated", "team_id": TeamID, "team_domain": Domain, "channel_id": channel, "channel_name": called(ch),
		"user_id": user, "user_name": w.person(user).Handle, "command": name, "text": text, "api_app_id": AppID, "is_enterprise_install": "false",
		"response_url": w.newReply(user, channel, nil), "trigger_id": w.newTrigger(user),
	}}, known
}

// mustRead gives a channel that somebody reads.
func (w *Workspace) mustRead(user, channel string) *conversation {
	ch := w.findChannel(channel)
	if ch == nil || !w.reads(w.person(user), ch) {
		panic(fmt.Sprintf("workspace: %s does not read channel %q", user, channel))
	}
	return ch
}

// mustWrite gives a channel in which somebody can write.
func (w *Workspace) mustWrite(user, channel string) *conversation {
	ch := w.mustRead(user, channel)
	if ch.direct && !w.app.writable {
		panic(fmt.Sprintf("workspace: people cannot write to the app in %q", channel))
	}
	return ch
}

// answered shows the message that an acknowledgement carries.
func (w *Workspace) answered(user, channel string, answer json.RawMessage) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	c := &call{Workspace: w, args: object{}}
	if err := json.Unmarshal(answer, &c.args); err != nil {
		return ErrFailed
	}
	if len(c.args) == 0 {
		return nil
	}
	m, err := c.written()
	if err != nil {
		w.complain("an answer that cannot be shown: %v", err)
		return ErrFailed
	}
	if c.text("response_type") == "in_channel" {
		w.post(w.findChannel(channel), m)
	} else {
		w.whisper(channel, user, m)
	}
	w.changed()
	return nil
}

// Press has somebody press a button of a message that they see, by the id of its
// action, or of the nth that bears it.
func (w *Workspace) Press(ctx context.Context, user, ts, action string) error {
	return w.use(ctx, user, ts, action, nil)
}

// Choose has somebody choose an option of a menu in a message that they see.
func (w *Workspace) Choose(ctx context.Context, user, ts, action, value string) error {
	return w.use(ctx, user, ts, action, &value)
}

func (w *Workspace) use(ctx context.Context, user, ts, action string, value *string) error {
	w.mu.Lock()
	ch, m, private := w.sees(user, ts)
	if m == nil {
		w.mu.Unlock()
		return fmt.Errorf("workspace: %s sees no message %s", user, ts)
	}
	about, err := chosen(m.blocks, action, value)
	if err != nil || !w.app.interactivity {
		w.mu.Unlock()
		return fmt.Errorf("workspace: nothing to press: %w", err)
	}
	about["action_ts"] = w.stamp()
	payload := object{
		"type": "block_actions", "user": w.named(user), "api_app_id": AppID, "token": "deprecated", "team": team, "enterprise": nil,
		"is_enterprise_install": false, "trigger_id": w.newTrigger(user), "response_url": w.newReply(user, ch.id, m),
		"container": object{"type": "message", "message_ts": m.ts, "channel_id": ch.id, "is_ephemeral": private},
		"channel":   object{"id": ch.id, "name": called(ch)}, "state": object{"values": object{}}, "actions": []object{about},
	}
	if !private {
		payload["message"] = w.shownMessage(m, false)
	}
	w.mu.Unlock()
	_, err = w.act(ctx, &delivery{kind: "interactive", url: w.app.interactionURL, payload: payload})
	return err
}

// chosen gives what is told of an element that was used.
func chosen(blocks []any, action string, value *string) (object, error) {
	block, element := elementOf(blocks, action)
	if element == nil {
		return nil, fmt.Errorf("no element %s", action)
	}
	about := object{"action_id": action, "block_id": block, "type": element["type"]}
	if value == nil {
		for _, name := range []string{"text", "value", "style"} {
			if element[name] != nil {
				about[name] = element[name]
			}
		}
		return about, nil
	}
	option := optionOf(element, *value)
	if option == nil {
		return nil, fmt.Errorf("element %s has no option %q", action, *value)
	}
	about["selected_option"] = option
	return about, nil
}

// elementOf finds the element of an action, and its block.
func elementOf(blocks []any, action string) (block string, element object) {
	for _, b := range blocks {
		about, _ := b.(object)
		block, _ = about["block_id"].(string)
		elements, _ := about["elements"].([]any)
		for _, e := range append(elements, about["accessory"], about["element"]) {
			if element, ok := e.(object); ok && element["action_id"] == action {
				return block, element
			}
		}
	}
	return "", nil
}

// optionOf finds an option of an element by its value.
func optionOf(element object, value string) object {
	options, _ := element["options"].([]any)
	groups, _ := element["option_groups"].([]any)
	for _, g := range groups {
		more, _ := g.(object)["options"].([]any)
		options = append(slices.Clone(options), more...)
	}
	for _, o := range options {
		if option := o.(object); option["value"] == value {
			return option
		}
	}
	return nil
}

// Shortcut has somebody use a shortcut on a message that they see.
func (w *Workspace) Shortcut(ctx context.Context, user, ts, callback string) error {
	w.mu.Lock()
	ch, m, private := w.sees(user, ts)
	if m == nil || private || w.app.shortcuts[callback] != "message" {
		w.mu.Unlock()
		return fmt.Errorf("workspace: %s has no shortcut %s on %s", user, callback, ts)
	}
	payload := object{
		"type": "message_action", "callback_id": callback, "user": w.named(user), "token": "deprecated", "team": team,
		"enterprise": nil, "is_enterprise_install": false, "trigger_id": w.newTrigger(user), "response_url": w.newReply(user, ch.id, nil),
		"channel": object{"id": ch.id, "name": called(ch)}, "message": w.shownMessage(m, false), "message_ts": m.ts, "action_ts": w.stamp(),
	}
	w.mu.Unlock()
	_, err := w.act(ctx, &delivery{kind: "interactive", url: w.app.interactionURL, payload: payload})
	return err
}

// Home has somebody open the home of the app.
func (w *Workspace) Home(user string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	about := object{"user": user, "channel": w.direct(user).id, "tab": "home"}
	if v := w.homes[user]; v != nil {
		about["view"] = w.shownView(v, nil)
	}
	w.tell("app_home_opened", "", about)
}

// PressHome has somebody press a button of the home they were last given.
func (w *Workspace) PressHome(ctx context.Context, user, action string) error {
	w.mu.Lock()
	v := w.homes[user]
	if v == nil {
		w.mu.Unlock()
		return fmt.Errorf("workspace: %s has no home", user)
	}
	about, err := chosen(v.blocks(), action, nil)
	if err != nil {
		w.mu.Unlock()
		return err
	}
	about["action_ts"] = w.stamp()
	payload := object{
		"type": "block_actions", "user": w.named(user), "api_app_id": AppID, "token": "deprecated", "team": team, "enterprise": nil,
		"is_enterprise_install": false, "trigger_id": w.newTrigger(user), "container": object{"type": "view", "view_id": v.id},
		"view": w.shownView(v, nil), "actions": []object{about},
	}
	w.mu.Unlock()
	_, err = w.act(ctx, &delivery{kind: "interactive", url: w.app.interactionURL, payload: payload})
	return err
}

// Direct gives the conversation between somebody and the app.
func (w *Workspace) Direct(user string) string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.direct(w.person(user).ID).id
}

// Channel opens a channel as people do.
func (w *Workspace) Channel(name, creator string, private bool) string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.open(name, creator, private).id
}

// ChannelNamed finds a channel that somebody is in, by its name.
func (w *Workspace) ChannelNamed(user, name string) (id string, ok bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, ch := range w.channels {
		if ch.name == name && ch.has(user) {
			return ch.id, true
		}
	}
	return "", false
}

// change does something to a channel, and wakes those who wait for it.
func (w *Workspace) change(channel string, do func(*conversation)) {
	w.mu.Lock()
	defer w.mu.Unlock()
	do(w.findChannel(channel))
	w.changed()
}

// Invite has somebody put another in a channel, the app's bot included.
func (w *Workspace) Invite(by, channel, user string) {
	w.change(channel, func(ch *conversation) { w.enter(ch, user, by) })
}

// Kick has somebody take another out of a channel, the app's bot included.
func (w *Workspace) Kick(by, channel, user string) {
	w.change(channel, func(ch *conversation) { w.exit(ch, user, by) })
}

// Convert makes a private channel public: no event says so, but a message of
// Slack's own does.
func (w *Workspace) Convert(by, channel string) {
	w.change(channel, func(ch *conversation) {
		ch.private = false
		ts := w.stamp()
		w.tellMessage(ch, object{
			"type": "message", "subtype": "channel_convert_to_public", "channel": ch.id, "channel_type": "channel", "user": by, "text": "", "ts": ts,
		})
	})
}

// Share shares a channel with another organisation, or, when pending, has that one
// accept to while somebody has yet to approve of it.
func (w *Workspace) Share(channel, organisation string, pending bool) {
	w.change(channel, func(ch *conversation) {
		about := object{
			"channel":          object{"id": ch.id, "is_private": ch.private, "is_im": false, "name": ch.name},
			"teams_in_channel": []object{{"id": TeamID}}, "invite": object{"id": w.id("I")},
		}
		if pending {
			ch.pending = append(ch.pending, organisation)
			about["approval_required"] = true
			w.tell("shared_channel_invite_accepted", ch.kind(), about, ch)
			return
		}
		about["approving_team_id"] = TeamID
		w.tell("shared_channel_invite_approved", ch.kind(), about, ch)
		ch.pending = slices.DeleteFunc(ch.pending, func(o string) bool { return o == organisation })
		ch.connected = append(ch.connected, organisation)
		w.tell("channel_shared", ch.kind(), object{"connected_team_id": organisation, "channel": ch.id}, ch)
	})
}

// Archive has somebody close a channel.
func (w *Workspace) Archive(by, channel string) {
	w.change(channel, func(ch *conversation) { w.archive(ch, by) })
}

// Say has somebody write in a channel, and gives the name of what they wrote.
func (w *Workspace) Say(user, channel, text string) string {
	m := &message{user: user, text: html.EscapeString(text)}
	w.change(channel, func(*conversation) { w.post(w.mustWrite(user, channel), m) })
	return m.ts
}

// Hand has somebody write in a channel with a file, and gives the name of what they
// wrote.
func (w *Workspace) Hand(user, channel, text, name string) string {
	m := &message{user: user, text: html.EscapeString(text)}
	w.change(channel, func(*conversation) {
		ch := w.mustWrite(user, channel)
		f := &file{id: w.id("F"), name: name, title: name, user: user, uploaded: true, shared: map[*conversation]string{}}
		w.files[f.id], m.files = f, []string{f.id}
		w.post(ch, m)
		f.shared[ch] = m.ts
	})
	return m.ts
}

// Delete has somebody who may take a message away.
func (w *Workspace) Delete(channel, ts string) {
	w.change(channel, func(ch *conversation) { w.erase(ch, ch.message(ts)) })
}
