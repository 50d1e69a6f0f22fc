package switchboard_test

import (
	"context"
	"errors"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"parcours/bot"
	"parcours/bot/bottest"
	"parcours/bot/chat"
	"parcours/bot/switchboard"
	"parcours/casework"
	"parcours/commands"
	"parcours/storage/access"
)

var (
	mattermost = chat.Surface{Name: "mattermost", Title: "Mattermost"}
	slack      = chat.Surface{Name: "slack", Title: "Slack", Discreet: true}
)

// A pair is a bot on two chats, whose ids are the same: only their lines set them apart.
type pair struct {
	*bottest.World
	t     *testing.T
	slack *bottest.Platform
	board switchboard.Switchboard
}

// both gives a bot on Mattermost and Slack: claire and paul are on both, nadia on
// Mattermost alone, sophie on Slack alone.
func both(t *testing.T) *pair {
	w := bottest.New(t, commands.All(), commands.Views(), "claire", "paul", "nadia")
	p := &pair{World: w, t: t, slack: bottest.NewPlatform(w.Now().Location(), "claire", "paul", "sophie")}
	p.slack.Now = w.Now
	p.connect(
		switchboard.Line{Surface: mattermost, Platform: w.Platform, Bare: true},
		switchboard.Line{Surface: slack, Platform: p.slack})
	return p
}

// connect restarts the bot with these lines.
func (p *pair) connect(lines ...switchboard.Line) {
	p.board = switchboard.New(lines...)
	p.slack.Moved = func(m chat.Move) { p.on("slack").Moved(context.Background(), m) }
	p.With(func(o *bot.Options) { o.Platform = p.board })
}

// on gives what answers the people of a chat.
func (p *pair) on(name string) chat.Handler { return p.board.Handler(name, p.Bot) }

func (p *pair) platform(name string) *bottest.Platform {
	if name == "slack" {
		return p.slack
	}
	return p.Platform
}

// types has somebody type a line on a chat, and the bot do all that follows.
func (p *pair) types(name, handle string, channel casework.ChannelID, line string) chat.Answer {
	p.t.Helper()
	answer := p.on(name).Command(p.t.Context(), chat.Command{User: bottest.ID(handle), Channel: channel, Text: line})
	p.Settle()
	return answer
}

var codeIn = regexp.MustCompile(`P-[2-9A-Z]{4}`)

// opens has somebody open a case on a chat, and gives its code, and its channel as the
// chat calls it.
func (p *pair) opens(name, handle string) (casework.Code, casework.ChannelID) {
	p.t.Helper()
	said := bottest.Text(p.types(name, handle, bottest.Direct(bottest.ID(handle)), opening))
	code := casework.Code(codeIn.FindString(said))
	if code == "" {
		p.t.Fatalf("not opened: %s", said)
	}
	return code, casework.ChannelID("c-" + strings.ToLower(string(code)))
}

const opening = `ouvrir person:"Madame Lopez" household:person answer:accepts consent_form:written topics:budget,logement`

// press has somebody press a button of the newest message that bears it.
func (p *pair) press(name, handle string, channel casework.ChannelID, id string) chat.Answer {
	p.t.Helper()
	messages := p.platform(name).Messages(channel)
	slices.Reverse(messages)
	for _, m := range messages {
		if m.Now.Card == nil {
			continue
		}
		for _, b := range m.Now.Card.Buttons {
			if b.ID == id {
				answer := p.on(name).Press(p.t.Context(), chat.Press{User: bottest.ID(handle), Channel: channel, Message: m.Ref, Button: b.ID, Token: b.Token})
				p.Settle()
				return answer
			}
		}
	}
	p.t.Fatalf("no button %s in %s", id, channel)
	return chat.Answer{}
}

func texts(p *bottest.Platform) string {
	var all []string
	for _, m := range p.Select(func(bottest.Message) bool { return true }) {
		all = append(all, m.Now.AsText())
	}
	return strings.Join(all, "\n")
}

func TestACaseLivesOnTheChatOfWhoeverOpenedIt(t *testing.T) {
	p := both(t)
	here, _ := p.opens("mattermost", "claire")
	there, channel := p.opens("slack", "claire")
	for _, c := range []struct {
		code    casework.Code
		author  casework.UserID
		channel casework.ChannelID
	}{
		{here, "u-claire", casework.ChannelID("c-" + strings.ToLower(string(here)))},
		{there, "slack:u-claire", "slack:" + channel},
	} {
		got := p.Case(c.code)
		if got.Author != c.author || got.Channel != c.channel || got.Home == "" {
			t.Errorf("%s: by %s in %s, card %q; want %s in %s", c.code, got.Author, got.Channel, got.Home, c.author, c.channel)
		}
	}
	if !strings.HasPrefix(string(p.Case(there).Home), "slack:") || strings.Contains(string(p.Case(here).Home), ":") {
		t.Errorf("cards: %s, %s", p.Case(here).Home, p.Case(there).Home)
	}
	if kept := texts(p.Platform); !strings.Contains(kept, string(here)) || strings.Contains(kept, string(there)) {
		t.Errorf("Mattermost keeps:\n%s", kept)
	}
	if kept := texts(p.slack); !strings.Contains(kept, string(there)) || strings.Contains(kept, string(here)) {
		t.Errorf("Slack keeps:\n%s", kept)
	}
	// Whoever bears the same id on the other chat is somebody else.
	if said := bottest.Text(p.types("slack", "claire", bottest.Direct("u-claire"), "suivi "+string(here))); strings.Contains(said, "Lopez") {
		t.Errorf("claire of Slack is shown the case of claire of Mattermost:\n%s", said)
	}
}

// What is shown is kept by the one and not by the other, and each access is recorded
// with the chat it was on.
func TestEachChatKeepsWhatItMay(t *testing.T) {
	p := both(t)
	_, here := p.opens("mattermost", "claire")
	code, there := p.opens("slack", "claire")
	p.types("mattermost", "claire", here, "objectif budget Solder les dettes")
	p.types("slack", "claire", there, "objectif budget Payer le loyer")
	if kept := texts(p.Platform); !strings.Contains(kept, "Solder les dettes") {
		t.Errorf("Mattermost, which is to keep all, keeps:\n%s", kept)
	}
	if kept := texts(p.slack); strings.Contains(kept, "loyer") || strings.Contains(kept, "Lopez") {
		t.Errorf("Slack, which is to keep codes alone, keeps:\n%s", kept)
	}
	answer := p.press("slack", "claire", there, "show")
	out, _ := answer.Say.Value()
	if !strings.Contains(out.Message.AsText(), "loyer") || out.User != "u-claire" || out.Channel != there || answer.Instead == "" {
		t.Errorf("claire asks, and is shown, as %s in %s:\n%s", out.User, out.Channel, out.Message.AsText())
	}
	if answer := p.types("mattermost", "claire", here, "suivi"); answer.Instead != "" {
		t.Error("an answer is not to be kept on Mattermost")
	}
	surfaces := map[string]bool{}
	err := p.Accesses.Read(time.Time{}, p.Now().AddDate(1, 0, 0), func(r access.Record) error {
		surfaces[r.Surface] = true
		if r.Case == code && r.Surface != "slack" || r.Case != code && r.Surface != "mattermost" {
			t.Errorf("recorded of %s: %+v", r.Case, r)
		}
		return nil
	})
	if err != nil || len(surfaces) != 2 {
		t.Errorf("recorded on %v, %v", surfaces, err)
	}
}

func TestPeopleAreFoundOnTheChatOfWhoeverAsks(t *testing.T) {
	p := both(t)
	code, there := p.opens("slack", "claire")
	for _, c := range []struct {
		typed string
		want  casework.UserID
		says  string
	}{
		{"@paul", "slack:u-paul", ""},
		{"u-paul", "slack:u-paul", ""}, // as a form gives it
		{"@sophie", "slack:u-sophie", ""},
		{"@nadia", "", "Ce compte est dans Mattermost, et vous êtes dans Slack. Une situation vit dans une seule messagerie"},
		{"u-nadia", "", "Ce compte n’existe pas ici."},
		{"@personne", "", "Ce compte n’existe pas ici."},
	} {
		said := bottest.Text(p.types("slack", "claire", there, `liste name:"N`+c.typed+`" service:"S" user:`+c.typed+` agreed:oui topics:budget,logement`))
		_, listed := p.Case(code).ProfessionalOf(c.want)
		if c.want == "" && !strings.Contains(said, c.says) || c.want != "" && !listed {
			t.Errorf("%s: said %q, %s listed: %v", c.typed, said, c.want, listed)
		}
	}
	p.types("slack", "claire", there, "inviter @paul partner")
	direct := bottest.Direct("u-paul")
	shown, _ := p.press("slack", "paul", direct, "show").Say.Value()
	for _, b := range shown.Message.Card.Buttons {
		if b.ID == "accept" {
			p.on("slack").Press(t.Context(), chat.Press{User: "u-paul", Channel: direct, Message: "m", Button: b.ID, Token: b.Token})
			p.Settle()
		}
	}
	now, err := p.slack.Channel(t.Context(), there)
	if err != nil || !slices.Contains(now.Members, "u-paul") || !p.Case(code).IsMember("slack:u-paul") {
		t.Errorf("paul was invited: the channel has %v, %v", now.Members, err)
	}
	if err := p.slack.Remove(t.Context(), there, "u-paul"); err != nil {
		t.Fatal(err)
	}
	p.Settle()
	if p.Case(code).IsMember("slack:u-paul") {
		t.Error("paul left the channel and is still of the circle")
	}
}

func TestCasesAreOpenedWhereTheDepartementSays(t *testing.T) {
	p := both(t)
	before, channel := p.opens("slack", "claire")
	p.With(func(o *bot.Options) { o.CasesOn = mattermost })
	want := "Ici, on ouvre les situations dans Mattermost. Allez dans Mattermost"
	for _, line := range []string{opening, "ouvrir", "open"} {
		answer := p.types("slack", "claire", bottest.Direct("u-claire"), line)
		if _, asked := answer.Form.Value(); asked || !strings.Contains(bottest.Text(answer), want) {
			t.Errorf("%s: %q", line, bottest.Text(answer))
		}
	}
	p.opens("mattermost", "claire")
	if p.types("slack", "claire", channel, "objectif budget Payer le loyer"); len(p.Case(before).Objectives) != 1 {
		t.Error("a case that was open does not go on where it is")
	}
}

// A chat that does not answer keeps nobody waiting on the other: its calls last until
// the test ends, in every hand there is.
func TestAChatThatDoesNotAnswerHoldsNobodyBackOnTheOther(t *testing.T) {
	p := both(t)
	release := make(chan bool)
	p.slack.Fault = func(call string) error {
		if call == "Open" {
			<-release
			return errors.New("no answer")
		}
		return nil
	}
	arrived := make(chan casework.ChannelID, 100)
	p.Platform.Delivered = func(m bottest.Message) {
		if m.Pinned {
			arrived <- m.Channel
		}
	}
	for range 80 { // more than are taken at a time
		p.on("slack").Command(t.Context(), chat.Command{User: "u-claire", Channel: "d-u-claire", Text: opening})
	}
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan bool)
	go func() {
		p.Bot.Run(ctx)
		close(ended)
	}()
	for range 3 {
		p.on("mattermost").Command(t.Context(), chat.Command{User: "u-claire", Channel: "d-u-claire", Text: opening})
		<-arrived
	}
	stop()
	close(release)
	<-ended
	if kept := texts(p.slack); kept != "" {
		t.Errorf("Slack, which did not answer, keeps %q", kept)
	}
	p.slack.Fault = nil
	for range 10 {
		p.Advance(5 * time.Minute)
		p.Settle()
	}
	if cards := p.slack.Select(func(m bottest.Message) bool { return m.Pinned }); len(cards) != 80 {
		t.Errorf("%d cards on Slack once it answers, want 80", len(cards))
	}
}

// What is stored of one chat stays as it is when another joins it, whichever was first.
func TestAChatJoinsTheOther(t *testing.T) {
	t.Run("Slack joins Mattermost", func(t *testing.T) {
		p := both(t)
		p.With(func(o *bot.Options) { o.Platform, o.Surface = p.Platform, "mattermost" })
		said := bottest.Text(p.Type("claire", "d-u-claire", opening))
		code := casework.Code(codeIn.FindString(said))
		p.connect(
			switchboard.Line{Surface: mattermost, Platform: p.Platform, Bare: true},
			switchboard.Line{Surface: slack, Platform: p.slack})
		channel := p.Case(code).Channel
		if p.types("mattermost", "claire", channel, "objectif budget Solder les dettes"); !strings.Contains(texts(p.Platform), "Solder") {
			t.Errorf("the case does not go on: %s", texts(p.Platform))
		}
	})
	t.Run("Mattermost joins Slack", func(t *testing.T) {
		p := both(t)
		p.connect(switchboard.Line{Surface: slack, Platform: p.slack})
		code, channel := p.opens("slack", "claire")
		p.connect(
			switchboard.Line{Surface: mattermost, Platform: p.Platform, Bare: true},
			switchboard.Line{Surface: slack, Platform: p.slack})
		if p.types("slack", "claire", channel, "objectif budget Payer le loyer"); len(p.Case(code).Objectives) != 1 {
			t.Error("the case does not go on")
		}
	})
}

// What is for a chat that is not connected waits: it may be connected again.
func TestWhatIsForAChatThatIsAwayWaits(t *testing.T) {
	p := both(t)
	code, channel := p.opens("slack", "claire")
	p.on("slack").Command(t.Context(), chat.Command{User: "u-claire", Channel: channel, Text: "objectif budget Payer le loyer"})
	before := len(p.slack.Messages(channel))
	p.connect(switchboard.Line{Surface: mattermost, Platform: p.Platform, Bare: true})
	for range 5 {
		p.Settle()
		p.Advance(20 * time.Minute)
	}
	if left := len(p.slack.Messages(channel)); left != before {
		t.Errorf("%d messages more on a chat that is away", left-before)
	}
	p.connect(
		switchboard.Line{Surface: mattermost, Platform: p.Platform, Bare: true},
		switchboard.Line{Surface: slack, Platform: p.slack})
	p.Advance(20 * time.Minute)
	p.Settle()
	if now := len(p.slack.Messages(channel)); now != before+1 {
		t.Errorf("%d messages on Slack once it is back, want one more than %d; case %+v", now, before, p.Case(code).Objectives)
	}
}
