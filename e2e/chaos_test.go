package e2e

import (
	"context"
	"errors"
	"math/rand/v2"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/mattermost/mattermost/server/public/model"

	"parcours/bot/chat"
	"parcours/casework"
	"parcours/e2e/people"
)

// seed makes the chances of these tests the same at every run.
const seed = 20261120

// A killer kills the program in the middle of what it does.
type killer struct {
	*lived
	wire    *tripwire
	chance  *rand.Rand
	atCalls int
	atTimes int
}

func (k *killer) kill() {
	_ = k.program.cmd.Process.Kill()
	<-k.program.ended
}

// whileDelivering kills at one of the next changes on the server: all that leads
// to it is written in the journal, so nobody has to do anything again.
func (k *killer) whileDelivering(act func() error) error {
	k.wire.set(k.chance, 3, k.kill)
	err := act()
	if !k.wire.unset() {
		if err != nil && !k.dead() {
			// The server's connection was to the program that is gone.
			err = act()
		}
		return err
	}
	k.atCalls++
	if k.dead() {
		k.start()
	}
	return k.quiet(k.t.Context())
}

// atAnyTime kills at some moment near an act that can be done again without harm:
// its user, who was not answered, does so.
func (k *killer) atAnyTime(act func() error) error {
	program := k.program
	timer := time.AfterFunc(time.Duration(k.chance.IntN(120))*time.Millisecond, func() { _ = program.cmd.Process.Kill() })
	err := act()
	if !timer.Stop() {
		<-program.ended
		k.atTimes++
	}
	if k.dead() {
		k.start()
	}
	for n := 0; err != nil && n < 3; n++ {
		err = act()
	}
	return errors.Join(err, k.quiet(k.t.Context()))
}

func TestKilledAtAnyMomentNothingIsLostOrDoubled(t *testing.T) {
	calm := newLived(t, "")
	calm.live(false)
	want := calm.tally()
	calm.verified()

	wire := newTripwire(t)
	k := &killer{lived: newLived(t, wire.URL), wire: wire, chance: rand.New(rand.NewPCG(seed, 0))}
	k.disturb = k.whileDelivering
	k.player.Stage = anyTime{k}
	k.live(false)
	got := k.tally()
	t.Logf("killed %d times at a call, %d at some moment, %d starts; undisturbed: %v; killed: %v", k.atCalls, k.atTimes, len(k.logged), want, got)
	if k.atCalls < 10 || k.atTimes < 3 {
		t.Error("too few kills")
	}
	if got.handed < want.handed {
		t.Errorf("handed over %d times, want at least %d", got.handed, want.handed)
	}
	got.handed = want.handed
	if got != want || got.doubled != 0 || got.channels != 1 || got.pinned != 1 {
		t.Errorf("killed, it left %v\nwant %v", got, want)
	}
	if stuck := k.gauge(`parcours_outbox_total\{outcome="stuck"\}`); stuck > 0 {
		t.Errorf("%v rows are stuck", stuck)
	}
	t.Log(k.verified())
}

// anyTime has presses and forms, which have effect once, meet the other kind of
// kill.
type anyTime struct{ *killer }

func (a anyTime) Press(ctx context.Context, who, in, button string) error {
	if button == "accept" || button == "present" {
		return a.atAnyTime(func() error { return a.stage.Press(ctx, who, in, button) })
	}
	return a.lived.Press(ctx, who, in, button)
}

func TestAServerThatStopsMissesNothing(t *testing.T) {
	wire := newTripwire(t)
	l := newLived(t, wire.URL)
	l.live(true)
	before := l.tally()

	// Decided, and not yet told when the server goes.
	ctx := t.Context()
	wire.close(true)
	channel, err := l.place(ctx, "claire", "case")
	must(t, err)
	must(t, l.people["claire"].Execute(ctx, channel, `/parcours objectif topic:budget title:"Ouvrir un livret" horizon:long`))
	if l.gauge("parcours_outbox_waiting") == 0 {
		t.Error("nothing waits")
	}
	server.Stop()
	l.program.eventually("/readyz", http.StatusServiceUnavailable)
	must(t, l.poll(ctx, "a try in vain", func() bool { return l.gauge(`parcours_outbox_total\{outcome="failed"\}`) > 0 }))
	wire.close(false)
	must(t, server.Run(ctx, nil))
	l.program.eventually("/readyz", http.StatusOK)
	must(t, l.quiet(ctx))
	after := l.tally()
	before.posts++
	if after != before {
		t.Errorf("it left %v\nwant %v", after, before)
	}
	if text := l.reads("claire", channel); strings.Count(text, "Ouvrir un livret") < 1 {
		t.Error("what was decided is not told")
	}
	l.verified()
}

// reads gives all that somebody reads in a channel.
func (l *lived) reads(who, channel string) string {
	l.t.Helper()
	posts, err := l.people[who].Posts(l.t.Context(), channel)
	must(l.t, err)
	return texts(posts)
}

func texts(posts []*model.Post) string {
	var all []string
	for _, post := range posts {
		all = append(all, people.Text(post))
	}
	return strings.Join(all, "\n")
}

func TestANetworkThatIsCutHidesNoStranger(t *testing.T) {
	road := newRoad(t, host(server.URL))
	l := newLived(t, "http://"+road.address)
	l.live(true)
	ctx, claire, martin := t.Context(), l.people["claire"], l.people["martin"]
	channel, err := l.place(ctx, "claire", "case")
	must(t, err)
	before := l.tally()

	road.cut()
	l.program.eventually("/readyz", http.StatusServiceUnavailable)
	_, _, err = claire.AddChannelMember(ctx, channel, martin.User.Id)
	must(t, err)
	first, err := martin.Posts(ctx, channel)
	must(t, err)
	_, err = claire.Say(ctx, channel, "Qui peut m’aider ?")
	must(t, err)
	road.mend()
	l.program.eventually("/readyz", http.StatusOK)
	must(t, l.poll(ctx, "the coordinator is told of the stranger", func() bool {
		return strings.Contains(l.reads("claire", l.direct("claire")), "Martin Oudin")
	}))
	must(t, claire.Execute(ctx, channel, `/parcours objectif topic:budget title:"Ouvrir un livret" horizon:long`))
	must(t, l.poll(ctx, "a row that waits", func() bool { return l.gauge("parcours_outbox_waiting") > 0 }))
	emptied := "Ce message de " + l.code + " n’est plus affiché ici."
	must(t, l.poll(ctx, "the card is emptied", func() bool { return strings.Contains(l.reads("martin", channel), emptied) }))
	posts, err := martin.Posts(ctx, channel)
	must(t, err)
	for i, post := range posts {
		text := people.Text(post)
		if strings.Contains(text, "Ouvrir un livret") || i < len(first) && text != people.Text(first[i]) && (!strings.HasPrefix(text, emptied+"\nMessage retiré\n") || !post.IsPinned) {
			t.Errorf("the stranger reads more: %s", text)
		}
	}
	_, err = claire.RemoveUserFromChannel(ctx, channel, martin.User.Id)
	must(t, err)
	// What is held back is tried again after a minute, or by a program that starts.
	l.program.stop()
	l.start()
	must(t, l.poll(ctx, "the sharing goes on", func() bool { return strings.Contains(l.reads("claire", channel), "Ouvrir un livret") }))
	must(t, l.quiet(ctx))
	after := l.tally()
	before.posts, before.tells = before.posts+1, before.tells+1
	if after != before {
		t.Errorf("it left %v\nwant %v", after, before)
	}
	l.verified()
}

func TestSomebodyDeactivatedIsToldNothingMore(t *testing.T) {
	w := newWorld(t, "claire", "nadia")
	ctx, claire := t.Context(), w.people["claire"]
	_, channel := w.open("claire")
	w.invite(channel, "nadia")
	lines := []string{
		`/parcours objectif topic:budget title:"Solder les dettes" horizon:short`,
		`/parcours action objective:o1 what:"Appeler la banque" who:"Nadia Test" due:demain`,
	}
	act := func() {
		t.Helper()
		for _, line := range lines {
			must(t, claire.Execute(ctx, channel, line))
			must(t, w.bot.Settle(ctx))
		}
	}
	act()
	direct := w.direct("nadia")
	told := func() string {
		t.Helper()
		rows, err := server.Query(ctx, "SELECT count(*) FROM posts WHERE channelid = '"+direct+"'")
		must(t, err)
		return rows[0][0]
	}
	before := told()

	w.forget()
	_, err := server.Admin.UpdateUserActive(ctx, string(w.id("nadia")), false)
	must(t, err)
	w.moved(chat.Move{Channel: casework.ChannelID(channel)})
	lines[0] = strings.Replace(lines[0], "Solder les dettes", "Ouvrir un livret", 1)
	act()
	w.advance(48 * time.Hour) // the reminder falls due
	must(t, w.bot.Settle(ctx))
	if now := told(); now != before {
		t.Errorf("told %s things, then %s", before, now)
	}
	if posts, err := claire.Posts(ctx, channel); err != nil || !strings.Contains(texts(posts), "Ouvrir un livret") {
		t.Errorf("the others are told nothing more: %v", err)
	}
	must(t, claire.Execute(ctx, channel, "/parcours suivi"))
	if text := strings.Join(w.seen("claire"), "\n"); !strings.Contains(text, "Appeler la banque") {
		t.Error("the coordinator reads", text)
	}
	if strings.Contains(w.logged.String(), "level=ERROR") {
		t.Error("the product is at a loss")
	}
}
