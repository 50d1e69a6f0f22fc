package workspace

import (
	"testing"

	"github.com/slack-go/slack"
	"github.com/slack-go/slack/socketmode"
)

func plainText(text string) *slack.TextBlockObject {
	return slack.NewTextBlockObject(slack.PlainTextType, text, false, false)
}

func TestWhatPeopleDoReachesTheApp(t *testing.T) {
	w := newWorld(t, nil)
	var got slack.InteractionCallback
	w.listen(t, func(event socketmode.Event) any {
		got = event.Data.(slack.InteractionCallback)
		return nil
	})
	ctx := t.Context()
	option := slack.NewOptionBlockObject("1", plainText("Un"), nil)
	menu := slack.NewOptionsSelectBlockElement(slack.OptTypeStatic, plainText("Choisir"), "menu", option)
	_, ts, err := w.api.PostMessage(w.room, slack.MsgOptionText("x", false), slack.MsgOptionBlocks(slack.NewActionBlock("b", menu)))
	ok(t, err)
	if err := w.Choose(ctx, w.claire, ts, "menu", "2"); err == nil {
		t.Error("an option that nobody offered is chosen")
	}
	ok(t, w.Choose(ctx, w.claire, ts, "menu", "1"))
	if action := got.ActionCallback.BlockActions[0]; action.SelectedOption.Value != "1" || action.BlockID != "b" {
		t.Errorf("chosen: %+v", action)
	}

	said := w.Say(w.paul, w.Channel("ailleurs", w.paul, true), "Je le fais <demain>")
	if err := w.Shortcut(ctx, w.claire, said, "action"); err == nil {
		t.Error("a shortcut on what they do not see")
	}
	ok(t, w.Shortcut(ctx, w.paul, said, "action"))
	if got.Type != slack.InteractionTypeMessageAction || got.CallbackID != "action" || got.Message.Text != "Je le fais &lt;demain&gt;" || got.Message.User != w.paul {
		t.Errorf("the shortcut: %+v", got)
	}
	if seen := w.Seen(w.paul); len(seen) != 1 || seen[0].Text != "Je le fais <demain>" {
		t.Errorf("they see %+v", seen)
	}

	if err := w.PressHome(ctx, w.claire, "home"); err == nil {
		t.Error("a button of a home there is not")
	}
	blocks := slack.Blocks{BlockSet: []slack.Block{slack.NewActionBlock("", slack.NewButtonBlockElement("home", "x", plainText("Voir")))}}
	view, err := w.api.PublishView(w.claire, slack.HomeTabViewRequest{Type: slack.VTHomeTab, Blocks: blocks}, "")
	ok(t, err)
	ok(t, w.PressHome(ctx, w.claire, "home"))
	if got.View.ID != view.View.ID || got.Container.Type != "view" {
		t.Errorf("pressed at home: %+v", got)
	}
	if _, err = w.api.PublishView(w.claire, slack.HomeTabViewRequest{Type: slack.VTHomeTab, Blocks: blocks}, "other"); whyNot(err) != "hash_conflict" {
		t.Error("a home changed since:", err)
	}

	_, err = w.api.OpenView(got.TriggerID, modal("x"))
	ok(t, err)
	w.Dismiss(w.claire)
	if _, open := w.Form(w.claire); open {
		t.Error("a window that was closed is open")
	}
	w.Delete(w.room, ts)
	if seen := w.Seen(w.claire); len(seen) != 0 {
		t.Errorf("what was deleted is seen: %+v", seen)
	}
}

func TestAFormTakesThePlaceOfAnother(t *testing.T) {
	w := newWorld(t, nil)
	var answer any
	w.listen(t, func(event socketmode.Event) any {
		if command, ok := event.Data.(slack.SlashCommand); ok {
			if _, err := w.api.OpenView(command.TriggerID, modal("first")); err != nil {
				t.Error(err)
			}
			return nil
		}
		return answer
	})
	ctx := t.Context()
	ok(t, w.Type(ctx, w.claire, w.room, "/parcours"))
	values := map[string][]string{"person": {"x"}}
	next, bad := modal("second"), modal("third")
	bad.Title = nil
	for _, c := range []struct {
		name     string
		answer   any
		fails    bool
		callback string
	}{
		{"an update", slack.NewUpdateViewSubmissionResponse(&next), false, "second"},
		{"an update that is refused", slack.NewUpdateViewSubmissionResponse(&bad), true, "second"},
		{"another on top", slack.NewPushViewSubmissionResponse(&next), false, "second"},
		{"a third", slack.NewPushViewSubmissionResponse(&next), false, "second"},
		{"a fourth", slack.NewPushViewSubmissionResponse(&next), true, "second"},
		{"an error of nothing", slack.NewErrorsViewSubmissionResponse(map[string]string{"other": "x"}), true, "second"},
		{"nothing known", object{"response_action": "wave"}, true, "second"},
		{"the last of them", slack.NewClearViewSubmissionResponse(), false, ""},
	} {
		answer = c.answer
		if err := w.Submit(ctx, w.claire, values); (err != nil) != c.fails {
			t.Errorf("%s: %v", c.name, err)
		}
		if form, _ := w.Form(w.claire); form.Callback != c.callback {
			t.Errorf("%s: %q is open, want %q", c.name, form.Callback, c.callback)
		}
	}
	if n := len(w.Complaints()); n != 4 {
		t.Errorf("%d complaints: %v", n, w.Complaints())
	}
}
