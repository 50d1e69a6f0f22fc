package mattermost

import (
	"context"
	"net/http"
	"slices"
	"sync"

	"github.com/mattermost/mattermost/server/public/model"
)

// typedIn remembers in which team each user last typed a command or pressed a
// button, which is where a channel is to be opened for them.
type typedIn struct {
	mu   sync.Mutex
	team map[string]string
}

func (t *typedIn) note(user, team string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.team == nil {
		t.team = map[string]string{}
	}
	t.team[user] = team
}

func (t *typedIn) last(user string) string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.team[user]
}

// teams are all those where the bot is used.
func (a *Adapter) teams() []string { return append([]string{a.options.Team}, a.options.OtherTeams...) }

// noteTeam takes note of where somebody acts, as the server says it.
func (a *Adapter) noteTeam(user, team string) {
	if slices.Contains(a.teams(), team) {
		a.typedIn.note(user, team)
	}
}

// openIn gives the team in which to open a channel of this name for a user: the
// one where it is already, after a first try that was cut short; or else where
// they last acted; or else, when that was forgotten by a restart or was in no
// team, the first they are in.
func (a *Adapter) openIn(ctx context.Context, name, user string) (string, error) {
	all := a.teams()
	if len(all) == 1 {
		return all[0], nil
	}
	for _, team := range all {
		_, resp, err := a.client.GetChannelByNameIncludeDeleted(ctx, name, team, "")
		switch {
		case err == nil:
			return team, nil
		case resp == nil || resp.StatusCode != http.StatusNotFound && resp.StatusCode != http.StatusForbidden:
			return "", failure("open", resp, err)
		}
	}
	if last := a.typedIn.last(user); last != "" {
		all = slices.Insert(all, 0, last)
	}
	for _, team := range all {
		member, resp, err := a.client.GetTeamMember(ctx, team, user, "")
		switch {
		case err == nil && member.DeleteAt == 0:
			return team, nil
		case err != nil && (resp == nil || resp.StatusCode != http.StatusNotFound && resp.StatusCode != http.StatusForbidden):
			return "", failure("open", resp, err)
		}
	}
	return a.options.Team, nil
}

// allChannels gives the channels that the bot is in, in all teams, archived ones
// included.
func (a *Adapter) allChannels(ctx context.Context, me string) ([]*model.Channel, error) {
	var all []*model.Channel
	for _, team := range a.teams() {
		channels, resp, err := a.client.GetChannelsForTeamForUser(ctx, team, me, true, "")
		if err != nil {
			return nil, failure("the bot's channels", resp, err)
		}
		all = append(all, channels...)
	}
	return all, nil
}
