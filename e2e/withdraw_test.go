package e2e

import (
	"strings"
	"testing"
	"time"

	"parcours/e2e/people"
)

// invite has claire list and invite somebody, who accepts.
func (w *world) invite(channel, who string) {
	w.t.Helper()
	w.inviteOn("", "withdraw", channel, who)
}

// inviteOn is invite, for some topics, and with what becomes of what the channel says
// that they may not know.
func (w *world) inviteOn(topics, past, channel, who string) {
	w.t.Helper()
	ctx := w.t.Context()
	name := w.people[who].User.FirstName + " " + w.people[who].User.LastName
	for _, line := range []string{
		`/parcours liste name:"` + name + `" service:"Centre" purpose:"Aide" user:@` + who + w.suffix + ` agreed:oui` + topics,
		"/parcours inviter @" + who + w.suffix + " partner past:" + past,
	} {
		must(w.t, w.people["claire"].Execute(ctx, channel, line))
		must(w.t, w.bot.Settle(ctx))
	}
	posts, err := w.people[who].Posts(ctx, w.direct(who))
	must(w.t, err)
	must(w.t, w.people[who].Press(ctx, posts[len(posts)-1], "accept"))
	must(w.t, w.bot.Settle(ctx))
}

func TestAConsentWithdrawnClosesEverything(t *testing.T) {
	w := newWorld(t, "claire", "nadia")
	ctx := t.Context()
	_, channel := w.open("claire")
	w.invite(channel, "nadia")
	for _, who := range []string{"claire", "nadia"} {
		if _, err := w.people[who].Posts(ctx, channel); err != nil {
			t.Fatal("before:", err)
		}
	}
	begun := time.Now()
	must(t, w.people["claire"].Execute(ctx, channel, "/parcours consentement withdraw"))
	must(t, w.bot.Settle(ctx))
	took := time.Since(begun)
	if t.Logf("everything was closed within %s", took.Round(time.Millisecond)); took > 10*time.Second {
		t.Errorf("it took %s until everything was closed", took)
	}
	for _, who := range []string{"claire", "nadia"} {
		if _, err := w.people[who].Posts(ctx, channel); err == nil {
			t.Errorf("%s still reads the channel", who)
		}
		if channel, err := w.people[who].Channels(ctx); err == nil {
			for _, c := range channel {
				if strings.HasPrefix(c.Name, "p-") {
					t.Errorf("%s is still in %s", who, c.Name)
				}
			}
		}
	}
	told := strings.Join(w.seen("nadia"), "\n")
	if !strings.Contains(told, "P-") || strings.Contains(told, "Lopez") {
		t.Error("the partner was told:", told)
	}
}

func TestSomebodyAddedBehindTheBotStopsTheSharing(t *testing.T) {
	w := newWorld(t, "claire", "martin")
	ctx, claire := t.Context(), w.people["claire"]
	_, channel := w.open("claire")
	_, _, err := claire.AddChannelMember(ctx, channel, string(w.id("martin")))
	must(t, err)
	before, err := w.people["martin"].Posts(ctx, channel)
	must(t, err)
	must(t, claire.Execute(ctx, channel, `/parcours objectif topic:budget title:"Solder les dettes" horizon:short`))
	must(t, w.bot.Settle(ctx))
	after, err := w.people["martin"].Posts(ctx, channel)
	must(t, err)
	if len(after) != len(before) {
		t.Error("a stranger reads a new message of the bot")
	}
	wantBlind(t, w.people["martin"], w.team, "Solder les dettes")
	if told := strings.Join(w.seen("claire"), "\n"); !strings.Contains(told, "Martin Test") {
		t.Error("the coordinator is not told who stands in the way:", told)
	}
	_, err = claire.RemoveUserFromChannel(ctx, channel, string(w.id("martin")))
	must(t, err)
	w.advance(2 * time.Minute)
	must(t, w.bot.Settle(ctx))
	posts, err := claire.Posts(ctx, channel)
	must(t, err)
	shown := ""
	for _, post := range posts {
		shown += people.Text(post)
	}
	if !strings.Contains(shown, "Solder les dettes") {
		t.Error("the sharing does not go on once they are out")
	}
}
