package e2e

import (
	"encoding/json"
	"maps"
	"regexp"
	"strings"
	"testing"

	"github.com/mattermost/mattermost/server/public/model"

	"parcours/e2e/people"
)

var opening = map[string][]string{
	"person": {"Madame Lopez"}, "household": {"person"}, "answer": {"accepts"}, "consent_form": {"written"},
	"topics": {"logement", "budget"}, "consent_until": {"2099-01-02"},
}

var codePattern = regexp.MustCompile(`P-[0-9A-Z]{4}`)

// openForToday is open, with a consent whose last day is today.
func (w *world) openForToday(who string) (code, channel string) {
	w.t.Helper()
	usual := opening
	defer func() { opening = usual }()
	opening = maps.Clone(usual)
	opening["consent_until"] = []string{w.now().Format("2006-01-02")}
	return w.open(who)
}

// open has somebody open a case from their conversation with the bot, and gives
// its code and its channel.
func (w *world) open(who string) (code, channel string) {
	w.t.Helper()
	ctx, p := w.t.Context(), w.people[who]
	must(w.t, p.Execute(ctx, w.direct(who), "/parcours ouvrir"))
	answer, err := p.Submit(ctx, w.direct(who), opening)
	must(w.t, err)
	if len(answer.Errors) > 0 || answer.Error != "" {
		w.t.Fatalf("the form is refused: %+v", answer)
	}
	must(w.t, w.bot.Settle(ctx))
	code = codePattern.FindString(strings.Join(w.seen(who), "\n"))
	found, _, err := p.GetChannelByName(ctx, strings.ToLower(code), w.team, "")
	must(w.t, err)
	return code, found.Id
}

// seen gives what somebody reads of the bot: what it says to them alone, then
// their conversation.
func (w *world) seen(who string) []string {
	w.t.Helper()
	must(w.t, w.people[who].CatchUp(w.t.Context()))
	var texts []string
	for _, post := range w.people[who].Whispers() {
		texts = append(texts, people.Text(post))
	}
	posts, err := w.people[who].Posts(w.t.Context(), w.direct(who))
	must(w.t, err)
	for _, post := range posts {
		texts = append(texts, people.Text(post))
	}
	return texts
}

func TestAFormAsksByCalendarsAndLists(t *testing.T) {
	w := newWorld(t, "claire")
	p, ctx := w.people["claire"], t.Context()
	must(t, p.Execute(ctx, w.direct("claire"), `/parcours ouvrir person:"**Madame** Lopez"`))
	open, ok := p.Dialog()
	if !ok {
		t.Fatal("no form was opened")
	}
	if err := open.Dialog.IsValid(); err != nil {
		t.Error("the form breaks a limit of the server:", err)
	}
	kinds := map[string]string{}
	for _, e := range open.Dialog.Elements {
		kinds[e.Name] = e.Type
		if e.MultiSelect {
			kinds[e.Name] += "s"
		}
	}
	for name, want := range map[string]string{"person": "text", "topics": "selects", "consent_until": "date", "answer": "radio", "household": "radio"} {
		if kinds[name] != want {
			t.Errorf("%s is asked by a %s, want a %s", name, kinds[name], want)
		}
	}
	if strings.Contains(server.Log(), "Interactive dialog is invalid") {
		t.Error("the server finds fault with a form")
	}
	// A form with something wrong stays open, and says what.
	answer, err := p.Submit(ctx, w.direct("claire"), map[string][]string{"household": {"person"}, "person": {"x"}})
	must(t, err)
	if answer.Errors["answer"] == "" {
		t.Errorf("faults are %v %q", answer.Errors, answer.Error)
	}
	if _, ok := p.Dialog(); !ok {
		t.Error("the form is closed")
	}
	answer, err = p.Submit(ctx, w.direct("claire"), opening)
	must(t, err)
	if len(answer.Errors) > 0 || answer.Error != "" {
		t.Errorf("faults are %v %q", answer.Errors, answer.Error)
	}
}

func TestAFormIsOfItsUserAndPlaceAndUsedOnce(t *testing.T) {
	w := newWorld(t, "claire", "attacker")
	ctx, claire, attacker := t.Context(), w.people["claire"], w.people["attacker"]
	must(t, claire.Execute(ctx, w.direct("claire"), "/parcours ouvrir"))
	open, _ := claire.Dialog()
	request := model.SubmitDialogRequest{
		URL: open.URL, CallbackId: open.Dialog.CallbackId, State: open.Dialog.State, TeamId: w.team, ChannelId: w.direct("claire"),
		Submission: map[string]any{
			"person": "Madame Lopez", "household": "person", "answer": "accepts", "consent_form": "written", "topics": []string{"budget"},
		},
	}
	town, _, err := claire.GetChannelByName(ctx, model.DefaultChannelName, w.team, "")
	must(t, err)
	forge := func(name string, who *people.Person, change func(*model.SubmitDialogRequest)) {
		forged := request
		change(&forged)
		_, _, _ = who.SubmitInteractiveDialog(ctx, forged)
		must(t, w.bot.Settle(ctx))
		for _, handle := range []string{"claire", "attacker"} {
			if text := strings.Join(w.seen(handle), "\n"); codePattern.MatchString(text) {
				t.Fatalf("%s: a case was opened: %s", name, text)
			}
		}
	}
	forge("stolen state", attacker, func(r *model.SubmitDialogRequest) { r.ChannelId = w.direct("attacker") })
	forge("stolen state, said to be of its place", attacker, func(*model.SubmitDialogRequest) {})
	forge("another place", claire, func(r *model.SubmitDialogRequest) { r.ChannelId = town.Id })
	forge("another form", claire, func(r *model.SubmitDialogRequest) { r.CallbackId = "close" })
	forge("no state", claire, func(r *model.SubmitDialogRequest) { r.State = "" })
	forge("altered state", claire, func(r *model.SubmitDialogRequest) { r.State = "x" + r.State })
	forge("sent as a button", claire, func(r *model.SubmitDialogRequest) { r.URL = strings.Replace(r.URL, "dialog", "action", 1) })
	forge("sent as a command", claire, func(r *model.SubmitDialogRequest) { r.URL = strings.Replace(r.URL, "dialog", "command", 1) })
	forge("a list of lists", claire, func(r *model.SubmitDialogRequest) { r.Submission = map[string]any{"topics": []any{[]any{"x"}}} })

	for range 2 {
		_, _, err := claire.SubmitInteractiveDialog(ctx, request)
		must(t, err)
	}
	must(t, w.bot.Settle(ctx))
	codes := map[string]bool{}
	for _, code := range codePattern.FindAllString(strings.Join(w.seen("claire"), "\n"), -1) {
		codes[code] = true
	}
	if len(codes) != 1 {
		t.Errorf("sent twice, the form made %d cases", len(codes))
	}
}

func TestAButtonIsOnAPostOfTheBot(t *testing.T) {
	w := newWorld(t, "claire", "nadia", "attacker")
	ctx, attacker := t.Context(), w.people["attacker"]
	_, channel := w.open("claire")
	line := `/parcours liste name:"Nadia Test" service:"Centre" purpose:"Aide" user:@nadia` + w.suffix + ` agreed:oui`
	must(t, w.people["claire"].Execute(ctx, channel, line))
	must(t, w.people["claire"].Execute(ctx, channel, "/parcours inviter @nadia"+w.suffix+" partner"))
	must(t, w.bot.Settle(ctx))
	posts, err := w.people["nadia"].Posts(ctx, w.direct("nadia"))
	must(t, err)
	invitation := posts[len(posts)-1]
	if err := w.people["nadia"].Press(ctx, invitation, "accept"); err != nil {
		t.Fatal(err)
	}
	// Even with the ticket, as one who listens on the network has it.
	var heard struct {
		Context map[string]any `json:"context"`
	}
	must(t, json.Unmarshal(w.lastCall("/mattermost/action"), &heard))
	town, _, err := attacker.GetChannelByName(ctx, model.DefaultChannelName, w.team, "")
	must(t, err)
	for _, where := range []string{town.Id, w.direct("attacker")} {
		for _, with := range []map[string]any{heard.Context, {}, {"kind": "answer", "button": "accept", "token": heard.Context["token"], "seal": heard.Context["seal"]}} {
			trap, err := attacker.Trap(ctx, where, w.options.CallbackURL+"/mattermost/action", with)
			must(t, err)
			if err := attacker.Press(ctx, trap, "trap"); err == nil {
				t.Error("the button of somebody else's post is obeyed")
			}
		}
	}
	must(t, w.bot.Settle(ctx))
	if text := strings.Join(w.seen("attacker"), "\n"); strings.Contains(text, "P-") {
		t.Error("the attacker was told something:", text)
	}
}

func TestAnAnswerIsSeenByWhoActedAlone(t *testing.T) {
	w := newWorld(t, "claire", "nadia")
	ctx, claire := t.Context(), w.people["claire"]
	must(t, people.AllowAnswers(ctx, server.Admin, w.installed.UserID))
	_, channel := w.open("claire")
	if len(claire.Whispers()) == 0 {
		t.Error("the answer to a form was not whispered")
	}
	// Somebody who was added behind the bot's back reads what others do, and not
	// what they are answered.
	_, _, err := claire.AddChannelMember(ctx, channel, string(w.id("nadia")))
	must(t, err)
	must(t, claire.Execute(ctx, channel, "/parcours suivi"))
	if text := people.Text(claire.Whispers()[len(claire.Whispers())-1]); !strings.Contains(text, "Lopez") {
		t.Error("the asker is answered", text)
	}
	must(t, w.people["nadia"].CatchUp(ctx))
	if n := len(w.people["nadia"].Whispers()); n > 0 {
		t.Errorf("somebody else received %d answers", n)
	}
}

func TestWithoutThePermissionAnswersAreWrittenInPrivate(t *testing.T) {
	w := newWorld(t, "claire")
	code, channel := w.open("claire")
	posts, err := w.people["claire"].Posts(t.Context(), w.direct("claire"))
	must(t, err)
	if len(posts) != 1 || !strings.Contains(people.Text(posts[0]), code) {
		t.Errorf("%d messages in their conversation", len(posts))
	}
	if n := len(w.people["claire"].Whispers()); n != 0 {
		t.Errorf("%d answers elsewhere", n)
	}
	// The buttons of an answer act, there as well.
	must(t, w.people["claire"].Execute(t.Context(), channel, "/parcours"))
	whispers := w.people["claire"].Whispers()
	home := whispers[len(whispers)-1]
	actions := home.Attachments()[0].Actions
	if len(actions) == 0 {
		t.Fatal("the home answer has no buttons")
	}
	for _, action := range actions {
		must(t, w.people["claire"].Press(t.Context(), home, action.Id))
	}
}

func TestWhatPeopleTypeIsInertInAnswersToo(t *testing.T) {
	w := newWorld(t, "claire")
	name := "<https://a.b|c> <!channel> @all **x** :smile: #y &lt; [z](https://z.fr)"
	opening := map[string][]string{"person": {name}, "household": {"person"}, "answer": {"accepts"}, "consent_form": {"written"}, "topics": {"budget"}}
	ctx, p := t.Context(), w.people["claire"]
	must(t, p.Execute(ctx, w.direct("claire"), "/parcours ouvrir"))
	_, err := p.Submit(ctx, w.direct("claire"), opening)
	must(t, err)
	must(t, w.bot.Settle(ctx))
	must(t, p.Execute(ctx, w.direct("claire"), "/parcours suivi"))
	whispers := p.Whispers()
	last := whispers[len(whispers)-1]
	if !strings.Contains(people.Text(last), name) {
		t.Errorf("it does not read as it was typed:\n%s", people.Text(last))
	}
	raw, err := last.ToJSON()
	must(t, err)
	for _, alive := range []string{"[c](", "@channel", "@all", "**x", ":smile", "#y"} {
		if strings.Contains(raw, alive) {
			t.Errorf("%s is alive in %s", alive, raw)
		}
	}
}
