package workspace

import (
	"regexp"
	"slices"
	"strings"
)

// conversation is a channel, or a direct one.
type conversation struct {
	id, name string
	creator  string
	private  bool
	direct   bool
	archived bool
	general  bool
	members  []string
	// connected are the other organisations it is shared with, pending those that
	// were asked.
	connected, pending []string
	messages           []*message
	pinned             []string
}

// channelName is what Slack takes: letters of any script, in small.
var channelName = regexp.MustCompile(`^[\p{Ll}\p{Lo}\p{N}_-]+$`)

func (w *Workspace) findChannel(id string) *conversation {
	i := slices.IndexFunc(w.channels, func(ch *conversation) bool { return ch.id == id })
	if i < 0 {
		return nil
	}
	return w.channels[i]
}

// kind names a channel as scopes and events do.
func (ch *conversation) kind() string {
	switch {
	case ch.direct:
		return "im"
	case ch.private:
		return "group"
	}
	return "channel"
}

// has says whether somebody is in a channel.
func (ch *conversation) has(user string) bool { return slices.Contains(ch.members, user) }

// reads says whether somebody can read a channel.
func (w *Workspace) reads(p *Person, ch *conversation) bool {
	if p.Deleted {
		return false
	}
	return ch.has(p.ID) || !ch.private && !ch.direct && p.Team == TeamID && !p.Guest && !p.SingleGuest
}

func (w *Workspace) open(name, creator string, private bool) *conversation {
	ch := &conversation{id: w.id("C"), name: name, creator: creator, private: private, members: []string{creator}}
	w.channels = append(w.channels, ch)
	w.keep("channel", name)
	return ch
}

// direct gives the conversation between the bot and somebody, which is made the
// first time.
func (w *Workspace) direct(user string) *conversation {
	for _, ch := range w.channels {
		if ch.direct && ch.has(user) && ch.has(w.bot.ID) {
			return ch
		}
	}
	ch := &conversation{id: w.id("D"), direct: true, private: true, members: []string{user, w.bot.ID}}
	w.channels = append(w.channels, ch)
	return ch
}

// shownChannel gives a channel as the app may read it.
func (w *Workspace) shownChannel(ch *conversation) object {
	if ch.direct {
		other := ch.members[0]
		return object{"id": ch.id, "is_im": true, "user": other, "is_user_deleted": w.person(other).Deleted, "is_archived": false, "is_open": true}
	}
	shared := len(ch.connected) > 0
	connected, pending := ch.connected, ch.pending
	if connected == nil {
		connected = []string{}
	}
	if pending == nil {
		pending = []string{}
	}
	return object{
		"id": ch.id, "name": ch.name, "name_normalized": ch.name, "is_channel": !ch.private, "is_group": ch.private, "is_private": ch.private,
		"is_im": false, "is_mpim": false, "is_general": ch.general, "is_archived": ch.archived, "is_member": ch.has(w.bot.ID), "creator": ch.creator,
		"is_shared": shared, "is_ext_shared": shared, "is_org_shared": false, "is_pending_ext_shared": len(pending) > 0,
		"connected_team_ids": connected, "pending_connected_team_ids": pending, "num_members": len(ch.members),
	}
}

// channel gives the channel that a call is about, if the app may know of it and
// its token has the scope for channels of this kind, as in "write" for
// "groups:write".
func (c *call) channel(right string) (*conversation, error) {
	ch := c.findChannel(c.text("channel"))
	if ch == nil || ch.private && !ch.has(c.bot.ID) {
		return nil, refuse("channel_not_found")
	}
	return ch, c.needs(scopeFor(ch.kind(), right))
}

// scopeFor gives the name of a right on channels of a kind.
func scopeFor(kind, right string) string {
	if kind == "channel" && right == "write" {
		return "channels:manage"
	}
	return map[string]string{"im": "im", "group": "groups", "channel": "channels"}[kind] + ":" + right
}

// inside gives the channel that a call changes: the app is in it and it is open.
func (c *call) inside(right string) (*conversation, error) {
	ch, err := c.channel(right)
	switch {
	case err != nil:
		return nil, err
	case ch.archived:
		return nil, refuse("is_archived")
	case !ch.has(c.bot.ID):
		return nil, refuse("not_in_channel")
	}
	return ch, nil
}

func conversationsCreate(c *call) (object, error) {
	name, private := c.text("name"), c.flag("is_private")
	kind := "channel"
	if private {
		kind = "group"
	}
	if err := c.needs(scopeFor(kind, "write")); err != nil {
		return nil, err
	}
	switch {
	case name == "":
		return nil, refuse("invalid_name_required")
	case size(name) > 80:
		return nil, refuse("invalid_name_maxlength")
	case !channelName.MatchString(name):
		return nil, refuse("invalid_name_specials")
	case strings.Trim(name, "_-") == "":
		return nil, refuse("invalid_name_punctuation")
	case slices.ContainsFunc(c.channels, func(ch *conversation) bool { return ch.name == name }):
		return nil, refuse("name_taken")
	}
	return object{"channel": c.shownChannel(c.open(name, c.bot.ID, private))}, nil
}

func conversationsInfo(c *call) (object, error) {
	ch, err := c.channel("read")
	if err != nil {
		return nil, err
	}
	return object{"channel": c.shownChannel(ch)}, nil
}

func conversationsMembers(c *call) (object, error) {
	ch, err := c.channel("read")
	if err != nil {
		return nil, err
	}
	page, next, err := paged(c, ch.members)
	return object{"members": page, "response_metadata": object{"next_cursor": next}}, err
}

// usersConversations gives the channels of kinds that somebody is in, the app
// unless said, as far as the app may know of them.
func usersConversations(c *call) (object, error) {
	user := c.text("user")
	if user == "" {
		user = c.bot.ID
	}
	kinds := c.text("types")
	if kinds == "" {
		kinds = "public_channel"
	}
	var found []object
	for kind := range strings.SplitSeq(kinds, ",") {
		named, known := map[string]string{"public_channel": "channel", "private_channel": "group", "im": "im"}[kind]
		if !known {
			return nil, refuse("invalid_types")
		}
		if err := c.needs(scopeFor(named, "read")); err != nil {
			return nil, err
		}
		for _, ch := range c.channels {
			known := ch.has(c.bot.ID) || !ch.private
			if ch.kind() == named && ch.has(user) && known && !(ch.archived && c.flag("exclude_archived")) {
				found = append(found, c.shownChannel(ch))
			}
		}
	}
	page, next, err := paged(c, found)
	return object{"channels": page, "response_metadata": object{"next_cursor": next}}, err
}

// conversationsOpen opens the conversation with one person.
func conversationsOpen(c *call) (object, error) {
	users := strings.Split(c.text("users"), ",")
	p := c.find(users[0])
	switch {
	case len(users) > 1:
		return nil, refuse("method_not_supported_for_channel_type") // none of ours: no group conversations
	case p == nil:
		return nil, refuse("user_not_found")
	case p.Deleted:
		return nil, refuse("user_disabled")
	case p.Bot:
		return nil, refuse("cannot_dm_bot")
	}
	return object{"channel": object{"id": c.direct(p.ID).id}}, nil
}

func conversationsInvite(c *call) (object, error) {
	ch, err := c.inside("write")
	if err != nil {
		return nil, err
	}
	users := strings.Split(c.text("users"), ",")
	if len(users) > 100 {
		return nil, refuse("too_many_users")
	}
	if users[0] == "" {
		return nil, refuse("no_user")
	}
	var faults []object
	for _, user := range users {
		if code := c.refusesEntry(ch, user); code != "" {
			faults = append(faults, object{"user": user, "ok": false, "error": code})
		}
	}
	if len(faults) > 0 {
		return nil, refusal{faults[0]["error"].(string), object{"errors": faults}}
	}
	for _, user := range users {
		c.enter(ch, user, c.bot.ID)
	}
	return object{"channel": c.shownChannel(ch)}, nil
}

// refusesEntry says why somebody cannot be put in a channel; nothing when they can.
func (w *Workspace) refusesEntry(ch *conversation, user string) string {
	p := w.find(user)
	switch {
	case p == nil:
		return "user_not_found"
	case p.ID == w.bot.ID:
		return "cant_invite_self"
	case ch.has(user):
		return "already_in_channel"
	case p.Deleted:
		return "cant_invite"
	case p.Team != TeamID && !slices.Contains(ch.connected, p.Team):
		return "user_team_not_in_channel"
	case p.SingleGuest && slices.ContainsFunc(w.channels, func(other *conversation) bool { return !other.direct && other.has(user) }):
		return "ura_max_channels"
	}
	return ""
}

// enter puts somebody in a channel; the app is told if it is there.
func (w *Workspace) enter(ch *conversation, user, by string) {
	ch.members = append(ch.members, user)
	w.tell("member_joined_channel", ch.kind(), object{
		"user": user, "channel": ch.id, "channel_type": letter(ch), "team": w.person(user).Team, "inviter": by,
	}, ch)
}

// exit takes somebody out of a channel. The app is told if it is there; of its own
// going, in words of their own.
func (w *Workspace) exit(ch *conversation, user, by string) {
	about := object{"user": user, "channel": ch.id, "channel_type": letter(ch), "team": w.person(user).Team}
	if user != w.bot.ID {
		ch.members = slices.DeleteFunc(ch.members, func(m string) bool { return m == user })
		w.tell("member_left_channel", ch.kind(), about, ch)
		return
	}
	w.tell(ch.kind()+"_left", ch.kind(), object{"channel": ch.id, "actor_id": by}, ch)
	ch.members = slices.DeleteFunc(ch.members, func(m string) bool { return m == user })
}

// letter names the kind of a channel as events on members do.
func letter(ch *conversation) string { return strings.ToUpper(ch.kind()[:1]) }

func conversationsKick(c *call) (object, error) {
	ch, err := c.inside("write")
	if err != nil {
		return nil, err
	}
	user := c.text("user")
	switch {
	case user == "":
		return nil, refuse("no_user")
	case user == c.bot.ID:
		return nil, refuse("cant_kick_self")
	case c.find(user) == nil:
		return nil, refuse("user_not_found")
	case ch.general:
		return nil, refuse("cant_kick_from_general")
	case !ch.has(user):
		return nil, refuse("not_in_channel")
	}
	c.exit(ch, user, c.bot.ID)
	return object{"errors": object{}}, nil
}

func conversationsArchive(c *call) (object, error) {
	ch, err := c.channel("write")
	switch {
	case err != nil:
		return nil, err
	case ch.direct:
		return nil, refuse("method_not_supported_for_channel_type")
	case ch.general:
		return nil, refuse("cant_archive_general")
	case ch.archived:
		return nil, refuse("already_archived")
	case !ch.has(c.bot.ID):
		return nil, refuse("not_in_channel")
	}
	c.archive(ch, c.bot.ID)
	return object{}, nil
}

func (w *Workspace) archive(ch *conversation, by string) {
	ch.archived = true
	w.tell(ch.kind()+"_archive", ch.kind(), object{"channel": ch.id, "user": by}, ch)
}
