package slack

import (
	"errors"
	"strings"
	"testing"

	"parcours/bot/chat"
	"parcours/casework"
)

// room is a private channel of the bot's, as conversations.info gives it.
func room(change func(m)) m {
	c := m{"id": channel, "name": "p-7k3f", "is_private": true, "is_channel": true, "creator": me}
	change(c)
	return m{"ok": true, "channel": c}
}

func people(users ...string) m { return m{"ok": true, "members": users} }

func TestChannel(t *testing.T) {
	set := func(key string, value any) m { return room(func(c m) { c[key] = value }) }
	whole := chat.Channel{ID: channel, Name: "p-7k3f", Private: true, Members: []casework.UserID{claire, martin}}
	with := func(change func(*chat.Channel)) chat.Channel {
		c := whole
		change(&c)
		return c
	}
	public := with(func(c *chat.Channel) { c.Private = false })
	for name, c := range map[string]struct {
		info, members m
		want          chat.Channel
	}{
		"private":                  {room(func(m) {}), people(claire, me, martin, claire), whole},
		"public":                   {set("is_private", false), people(claire, me, martin), public},
		"shared":                   {set("is_ext_shared", true), people(claire, me, martin), public},
		"about to be shared":       {set("is_pending_ext_shared", true), people(claire, me, martin), public},
		"offered to another team":  {set("pending_shared", []string{"T2"}), people(claire, me, martin), public},
		"connected":                {set("connected_team_ids", []string{"T2"}), people(claire, me, martin), public},
		"of several workspaces":    {set("is_org_shared", true), people(claire, me, martin), public},
		"shared in any way":        {set("is_shared", true), people(claire, me, martin), public},
		"some people without name": {set("is_mpim", true), people(claire, me, martin), public},
		"archived":                 {set("is_archived", true), people(claire, martin), with(func(c *chat.Channel) { c.Archived = true })},
		"public without the bot":   {set("is_private", false), people(claire, martin), public},
		"direct":                   {room(func(c m) { c["is_im"], c["is_private"] = true, false }), people(claire, me, martin), with(func(c *chat.Channel) { c.Direct = true })},
	} {
		t.Run(name, func(t *testing.T) {
			a, f, _ := newFake(t)
			f.say("conversations.info", c.info)
			f.say("conversations.members", c.members)
			got, err := a.Channel(t.Context(), channel)
			if err != nil || diff(c.want, got) != "" {
				t.Errorf("%v %s", err, diff(c.want, got))
			}
		})
	}
}

func TestChannelThatIsNotShown(t *testing.T) {
	a, f, _ := newFake(t)
	if _, err := a.Channel(t.Context(), "../users"); !errors.Is(err, chat.ErrNotFound) || len(f.were("conversations.info")) > 0 {
		t.Errorf("no id: %v", err)
	}
	passes := func(name string) {
		t.Helper()
		if _, err := a.Channel(t.Context(), channel); err == nil || errors.Is(err, chat.ErrNotFound) || errors.Is(err, chat.ErrRefused) {
			t.Errorf("%s: %v", name, err)
		}
	}
	f.refuse("conversations.info", "channel_not_found")
	passes("the bot was taken out, perhaps")
	f.say("conversations.info", room(func(m) {}))
	f.say("conversations.members", people(claire))
	passes("the bot was taken out")
	f.refuse("conversations.members", "channel_not_found")
	passes("the bot was taken out meanwhile")
}

func TestMembersOfMoreThanAPage(t *testing.T) {
	a, f, _ := newFake(t)
	f.say("conversations.info", room(func(m) {}))
	f.do("conversations.members", func(asked ask) any {
		if asked.Get("cursor") == "" {
			return m{"ok": true, "members": []string{claire}, "response_metadata": m{"next_cursor": "2"}}
		}
		return people(martin, me)
	})
	got, err := a.Channel(t.Context(), channel)
	if err != nil || diff([]casework.UserID{claire, martin}, got.Members) != "" {
		t.Errorf("%v, %v", got, err)
	}
}

func TestOpen(t *testing.T) {
	mine := func(change func(m)) m {
		c := m{"id": channel, "name": "p-7k3f", "is_private": true, "creator": me}
		change(c)
		return m{"ok": true, "channels": []m{{"id": elsewhe, "name": "p-7k3f-2", "is_private": true, "creator": me}, c}}
	}
	taken := m{"ok": false, "error": "name_taken"}
	for name, c := range map[string]struct {
		name  string
		made  m
		mine  m
		error error
	}{
		"a new one":            {"P-7K3F", room(func(m) {}), nil, nil},
		"made before":          {"P-7K3F", taken, mine(func(m) {}), nil},
		"archived":             {"P-7K3F", taken, mine(func(c m) { c["is_archived"] = true }), chat.ErrRefused},
		"public":               {"P-7K3F", taken, mine(func(c m) { c["is_private"] = false }), chat.ErrRefused},
		"another's":            {"P-7K3F", taken, mine(func(c m) { c["creator"] = martin }), chat.ErrRefused},
		"hidden":               {"P-7K3F", taken, m{"ok": true, "channels": []m{}}, chat.ErrRefused},
		"not a name":           {"P 7K3F", room(func(m) {}), nil, chat.ErrRefused},
		"a name of 81 letters": {strings.Repeat("a", 81), room(func(m) {}), nil, chat.ErrRefused},
		"no right":             {"P-7K3F", m{"ok": false, "error": "restricted_action"}, nil, chat.ErrRefused},
	} {
		t.Run(name, func(t *testing.T) {
			a, f, _ := newFake(t)
			f.say("conversations.create", c.made)
			f.say("users.conversations", c.mine)
			id, err := a.Open(t.Context(), c.name, claire)
			if c.error != nil {
				if !errors.Is(err, c.error) || len(f.were("conversations.invite")) > 0 {
					t.Errorf("%s, %v", id, err)
				}
				return
			}
			made, invited := f.last(t, "conversations.create"), f.last(t, "conversations.invite")
			if err != nil || id != channel || made.Get("name") != "p-7k3f" || made.Get("is_private") != "true" || invited.Get("users") != claire || invited.Get("channel") != channel {
				t.Errorf("%s, %v, %v, %v", id, err, made, invited)
			}
		})
	}
}

func TestAdd(t *testing.T) {
	for name, c := range map[string]struct {
		user, channel string
		invite, info  m
		want          error
	}{
		"somebody":     {claire, channel, nil, nil, nil},
		"in it before": {claire, channel, m{"ok": false, "error": "already_in_channel"}, nil, nil},
		"archived":     {claire, channel, m{"ok": false, "error": "is_archived"}, nil, chat.ErrRefused},
		"a guest":      {claire, channel, m{"ok": false, "error": "ura_max_channels"}, nil, chat.ErrRefused},
		"gone":         {claire, channel, nil, m{"ok": true, "user": m{"id": claire, "team_id": team, "deleted": true}}, chat.ErrRefused},
		"nobody":       {claire, channel, nil, m{"ok": false, "error": "user_not_found"}, chat.ErrNotFound},
		"no id":        {"claire", channel, nil, nil, chat.ErrNotFound},
		"nowhere":      {claire, "x", nil, nil, chat.ErrNotFound},
	} {
		t.Run(name, func(t *testing.T) {
			a, f, _ := newFake(t)
			if c.invite != nil {
				f.say("conversations.invite", c.invite)
			}
			if c.info != nil {
				f.say("users.info", c.info)
			}
			if err := a.Add(t.Context(), casework.ChannelID(c.channel), casework.UserID(c.user)); !errors.Is(err, c.want) || c.want == nil && err != nil {
				t.Errorf("%v", err)
			}
		})
	}
}

func TestRemove(t *testing.T) {
	for name, c := range map[string]struct {
		info, members, kick m
		want                error
		kicked              bool
	}{
		"somebody":       {room(func(m) {}), people(claire, me), nil, nil, true},
		"who is not in":  {room(func(m) {}), people(martin, me), nil, nil, false},
		"from a talk":    {room(func(c m) { c["is_im"] = true }), people(claire, me), nil, chat.ErrRefused, false},
		"without right":  {room(func(m) {}), people(claire, me), m{"ok": false, "error": "restricted_action"}, chat.ErrRefused, true},
		"from an closed": {room(func(m) {}), people(claire, me), m{"ok": false, "error": "is_archived"}, chat.ErrRefused, true},
	} {
		t.Run(name, func(t *testing.T) {
			a, f, _ := newFake(t)
			f.say("conversations.info", c.info)
			f.say("conversations.members", c.members)
			if c.kick != nil {
				f.say("conversations.kick", c.kick)
			}
			err := a.Remove(t.Context(), channel, claire)
			if !errors.Is(err, c.want) || c.want == nil && err != nil || (len(f.were("conversations.kick")) == 1) != c.kicked {
				t.Errorf("%v, %v", err, f.were("conversations.kick"))
			}
		})
	}
	// Who leaves in the meantime is not there, which is what was asked.
	a, f, _ := newFake(t)
	f.say("conversations.info", room(func(m) {}))
	f.do("conversations.members", func(ask) any {
		if len(f.were("conversations.kick")) == 0 {
			return people(claire, me)
		}
		return people(me)
	})
	f.refuse("conversations.kick", errNotIn)
	if err := a.Remove(t.Context(), channel, claire); err != nil {
		t.Error(err)
	}
}

func TestArchive(t *testing.T) {
	a, f, _ := newFake(t)
	f.say("conversations.info", room(func(m) {}))
	f.say("conversations.members", people(claire, me, martin))
	if err := a.Archive(t.Context(), channel); err != nil {
		t.Fatal(err)
	}
	var order []string
	for _, asked := range f.asked {
		if asked.method == "conversations.kick" || asked.method == "conversations.archive" {
			order = append(order, asked.method+" "+asked.Get("user"))
		}
	}
	if got := strings.Join(order, ", "); got != "conversations.kick "+claire+", conversations.kick "+martin+", conversations.archive " {
		t.Error(got)
	}
	f.refuse("conversations.archive", "already_archived")
	if err := a.Archive(t.Context(), channel); err != nil {
		t.Error(err)
	}
	f.forget()
	f.say("conversations.info", room(func(c m) { c["is_archived"] = true }))
	if err := a.Archive(t.Context(), channel); err != nil || len(f.were("conversations.archive")) > 0 {
		t.Error(err)
	}
	f.say("conversations.info", room(func(c m) { c["is_im"] = true }))
	if err := a.Archive(t.Context(), private); !errors.Is(err, chat.ErrRefused) {
		t.Error(err)
	}
	// Who could not be taken out would go on reading.
	f.say("conversations.info", room(func(m) {}))
	f.refuse("conversations.kick", "restricted_action")
	f.forget()
	if err := a.Archive(t.Context(), channel); !errors.Is(err, chat.ErrRefused) || len(f.were("conversations.archive")) > 0 {
		t.Error(err)
	}
}

func TestAccount(t *testing.T) {
	user := func(change func(m)) m {
		u := m{"id": claire, "team_id": team, "name": "claire", "real_name": "Claire", "profile": m{"real_name": "Claire Martin", "display_name": "Clairette"}, "tz": "America/Guadeloupe", "locale": "fr-FR"}
		change(u)
		return u
	}
	set := func(key string, value any) func(m) { return func(u m) { u[key] = value } }
	for name, c := range map[string]struct {
		change                func(m)
		active, outsider, bot bool
		lang                  chat.Lang
	}{
		"a colleague":            {func(m) {}, true, false, false, chat.French},
		"in English":             {set("locale", "en-GB"), true, false, false, chat.English},
		"gone":                   {set("deleted", true), false, false, false, chat.French},
		"a guest":                {set("is_restricted", true), true, true, false, chat.French},
		"of one channel":         {set("is_ultra_restricted", true), true, true, false, chat.French},
		"a stranger":             {set("is_stranger", true), true, true, false, chat.French},
		"of another workspace":   {set("team_id", "TOTHER"), true, true, false, chat.French},
		"of no workspace":        {set("team_id", ""), true, true, false, chat.French},
		"of a great firm's many": {func(u m) { u["team_id"], u["enterprise_user"] = "E1", m{"teams": []string{"T9", team}} }, true, false, false, chat.French},
		"a bot":                  {set("is_bot", true), true, false, true, chat.French},
	} {
		t.Run(name, func(t *testing.T) {
			a, f, _ := newFake(t)
			f.say("users.info", m{"ok": true, "user": user(c.change)})
			got, err := a.Account(t.Context(), claire)
			if err != nil || got.ID != claire || got.Handle != "claire" || got.Name != "Claire Martin" || got.Zone.String() != "America/Guadeloupe" ||
				got.Active != c.active || got.Outsider != c.outsider || got.Bot != c.bot || got.Lang != c.lang {
				t.Errorf("%+v, %v", got, err)
			}
			if asked := f.last(t, "users.info"); asked.Get("include_locale") != "true" {
				t.Errorf("asked %v", asked)
			}
		})
	}
}

func TestAccountByHandle(t *testing.T) {
	a, f, _ := newFake(t)
	named := func(id, name, shown string, gone bool) m {
		return m{"id": id, "team_id": team, "name": name, "deleted": gone, "profile": m{"display_name": shown}}
	}
	f.do("users.list", func(asked ask) any {
		if asked.Get("cursor") == "" {
			return m{"ok": true, "members": []m{named("U001", "claire", "Paul", false), named("U002", "x", "Twin", false), named("U003", "y", "Gone", true)}, "response_metadata": m{"next_cursor": "2"}}
		}
		return m{"ok": true, "members": []m{named("U004", "z", "twin", false), named("U005", "paul", "Sophie", false)}}
	})
	for handle, want := range map[string]casework.UserID{
		"@claire": "U001", "@CLAIRE": "U001", "@paul": "U005", "@sophie": "U005", "@twin": "", "@gone": "", "@nobody": "", "@": "", "claire": "", "": "",
		"@" + claire: claire,
	} {
		got, err := a.Account(t.Context(), handle)
		if got.ID != want || (want == "") != errors.Is(err, chat.ErrNotFound) {
			t.Errorf("%s: %s, %v", handle, got.ID, err)
		}
	}
}
