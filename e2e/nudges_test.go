package e2e

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/mattermost/mattermost/server/public/model"

	"parcours/casework"
	"parcours/e2e/mmserver"
	"parcours/storage"
	"parcours/storage/bolt"
	"parcours/storage/vault"
)

// How many people have something due, how many cases each, and how often the
// program is killed meanwhile.
const (
	nudged      = 100
	nudgesEach  = 5
	nudgesKills = 20
)

// TestNudgesAllAtOnce has five hundred reminders fall due at once, on a server that
// allows ten calls a second, and kills the program again and again while it
// delivers them.
func TestNudgesAllAtOnce(t *testing.T) {
	ctx := t.Context()
	o := installed(t, 1)
	var users []casework.UserID
	for i := range nudged {
		handle := fmt.Sprintf("n%d%s", i, o.suffix)
		user, _, err := server.Admin.CreateUser(ctx, &model.User{Username: handle, Email: handle + "@example.org", Password: mmserver.Password, Locale: "fr"})
		must(t, err)
		users = append(users, casework.UserID(user.Id))
	}
	fillStore(t, o, users)
	server.Stop()
	must(t, server.Run(ctx, map[string]string{
		"MM_RATELIMITSETTINGS_ENABLE": "true", "MM_RATELIMITSETTINGS_PERSEC": "10", "MM_RATELIMITSETTINGS_MAXBURST": "100",
		"MM_RATELIMITSETTINGS_VARYBYREMOTEADDR": "false", "MM_RATELIMITSETTINGS_VARYBYUSER": "true",
	}))
	t.Cleanup(func() {
		server.Stop()
		must(t, server.Run(context.Background(), nil))
	})
	chance := rand.New(rand.NewPCG(seed, 1))
	began := time.Now()
	var after []int
	for range nudgesKills {
		r := o.serve()
		before, _ := delivered(t, o)
		some := min(before+chance.IntN(6), nudged-1)
		r.longer("that some are delivered", time.Minute, func() bool {
			posts, _ := delivered(t, o)
			return posts > some
		})
		must(t, r.cmd.Process.Kill())
		<-r.ended
		posts, _ := delivered(t, o)
		after = append(after, posts)
	}
	r := o.serve()
	r.longer("that all are delivered", 5*time.Minute, func() bool {
		_, text := r.get("/metrics")
		_, keys := delivered(t, o)
		return len(keys) >= nudged*nudgesEach && strings.Contains(text, "parcours_outbox_waiting 0")
	})
	posts, keys := delivered(t, o)
	twice := 0
	for key, n := range keys {
		if n != 1 {
			twice++
			t.Errorf("%s is in %d posts", key, n)
		}
	}
	if len(keys) != nudged*nudgesEach {
		t.Errorf("%d reminders arrived, want %d", len(keys), nudged*nudgesEach)
	}
	_, text := r.get("/metrics")
	for _, want := range []string{"parcours_outbox_stuck 0"} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q among the metrics", want)
		}
	}
	t.Logf("%d reminders for %d people, killed %d times, in %s: %d posts, %d reminders in them, %d twice; posts at each kill: %v",
		nudged*nudgesEach, nudged, nudgesKills, time.Since(began).Round(time.Second), posts, len(keys), twice, after)
	r.stop()
	if said, code := o.run("outbox", "--config", o.config); code != 0 {
		t.Errorf("parcours outbox: exit code %d\n%s", code, said)
	}
	if said, code := o.run("verify", filepath.Join(o.folder, "parcours.db")); code != 0 {
		t.Errorf("parcours verify: exit code %d\n%s", code, said)
	}
}

// longer is until, for what takes its time.
func (r *running) longer(what string, most time.Duration, there func() bool) {
	r.t.Helper()
	deadline := time.NewTimer(most)
	defer deadline.Stop()
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	for !there() {
		select {
		case <-tick.C:
		case <-deadline.C:
			r.t.Fatalf("still not: %s", what)
		}
	}
}

// delivered gives how many posts the bot has written that remind of something, and
// in how many of them each reminder is.
func delivered(t *testing.T, o *office) (posts int, keys map[string]int) {
	t.Helper()
	rows, err := server.Query(t.Context(), fmt.Sprintf(
		"SELECT p.props FROM posts p JOIN users u ON u.id = p.userid WHERE u.username = '%s' AND p.deleteat = 0", o.bot))
	must(t, err)
	keys = map[string]int{}
	for _, row := range rows {
		var props struct {
			Keys []string `json:"parcours_keys"`
		}
		must(t, json.Unmarshal([]byte(row[0]), &props))
		if len(props.Keys) > 0 {
			posts++
		}
		for _, key := range props.Keys {
			keys[key]++
		}
	}
	return posts, keys
}

// fillStore puts in the office's store, for each user, cases in which an action is
// late, and due to be reminded of.
func fillStore(t *testing.T, o *office, users []casework.UserID) {
	t.Helper()
	path := filepath.Join(o.folder, "parcours.db")
	keys, err := vault.LoadKeys(path+".keys", func(string) string { return "" })
	must(t, err)
	file, err := bolt.Open(path, bolt.Options{})
	must(t, err)
	store, err := vault.Open(file, keys)
	must(t, err)
	defer store.Close()
	then, today := time.Now().AddDate(0, 0, -20), casework.DayOf(time.Now())
	var changes []storage.Change
	for i, user := range users {
		for j := range nudgesEach {
			code := casework.Code(fmt.Sprintf("P-%04d", i*nudgesEach+j))
			facts, err := casework.Open(code, user, casework.Proposal{
				Person: "Madame X", Household: casework.OnePerson, Answer: casework.Accepts, Author: casework.Professional{Name: "X", Service: "Y"},
				Consent: casework.Consent{Form: casework.Written, Topics: []casework.Topic{casework.Budget}, Until: today.Add(300)},
			}, then)
			must(t, err)
			facts = append(facts,
				casework.ObjectiveSet{Objective: casework.Objective{ID: "o1", Topic: casework.Budget, Title: "Solder"}},
				casework.ActionAssigned{Action: casework.Action{ID: "a1", Objective: "o1", What: "Appeler", Who: "p1", Due: today.Add(-3)}})
			change := storage.Change{Case: code, Due: time.Now(), Terms: []storage.Term{{Kind: storage.ByMember, Value: string(user)}}}
			for k, fact := range facts {
				raw, err := casework.Encode(casework.Entry{Seq: uint64(k + 1), At: then, By: user, Fact: fact})
				must(t, err)
				change.Entries = append(change.Entries, raw)
			}
			changes = append(changes, change)
		}
	}
	must(t, store.Append(t.Context(), changes...))
}
