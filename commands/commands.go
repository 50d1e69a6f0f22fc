// Package commands holds the verbs of the bot, one a file: what each asks, what
// it decides, and the cards it shows. Nothing here writes or sends; a command
// gives back what is to be recorded and said.
//
// Whatever a card tells of a case stands in a row made by chat.About, with its
// topic, so that the gate can hide it from those the consent does not cover.
package commands

import (
	"slices"

	"parcours/bot/command"
	"parcours/casework"
	"parcours/locales"
)

// All gives every command, in the order of the help.
func All() []command.Command {
	return []command.Command{
		homeCommand(),
		openCommand(),
		consentCommand(),
		householdCommand(),
		circleCommand(),
		inviteCommand(),
		leaveCommand(),
		removeCommand(),
		referentCommand(),
		assessCommand(),
		objectiveCommand(),
		actionCommand(),
		commissionCommand(),
		sessionCommand(),
		reviewCommand(),
		recordCommand(),
		closeCommand(),
		statusCommand(),
		mineCommand(),
		agendaCommand(),
		documentCommand(),
		historyCommand(),
		indicatorsCommand(),
		consultCommand(),
		exportCommand(),
		eraseCommand(),
		settingsCommand(),
		dangerCommand(),
		helpCommand(),
	}
}

// Names of the views that notices ask for.
const (
	viewInvitation = "invitation"
	viewAnswered   = "answered"
	viewMission    = "mission"
	viewReferent   = "referent"
	viewElement    = "element"
	viewObjective  = "objective"
	viewAction     = "action"
	viewHelp       = "help"
	viewCommission = "commission"
	viewChairing   = "chairing"
	viewCancelled  = "cancelled"
	viewSession    = "session"
	viewReview     = "review"
	viewRecord     = "record"
	viewResign     = "resign"
	viewNarrowed   = "narrowed"
	viewWithdrawn  = "withdrawn"
	viewClosed     = "closed"
	viewCopy       = "copy"
	viewConsulted  = "consulted"
	viewExported   = "exported"
)

// Views gives every view by its name.
func Views() map[string]command.View {
	return map[string]command.View{
		command.HomeView:      showHome,
		command.BundleView:    showBundle,
		viewInvitation:        showInvitation,
		viewAnswered:          showAnswered,
		viewMission:           showMission,
		viewReferent:          showReferent,
		viewElement:           showElement,
		viewObjective:         showObjective,
		viewAction:            showAction,
		viewHelp:              showHelp,
		viewCommission:        showCommission,
		viewChairing:          showChairing,
		viewCancelled:         showCancelled,
		viewSession:           showSession,
		viewReview:            showReview,
		viewRecord:            showRecord,
		viewResign:            showResign,
		viewNarrowed:          showNarrowed,
		viewWithdrawn:         showWithdrawn,
		viewClosed:            showClosed,
		viewCopy:              showCopy,
		viewConsulted:         showConsulted,
		viewExported:          showExported,
		command.HeldView:      showHeld,
		command.LeftView:      showLeft,
		command.RefusedView:   showRefused,
		command.RemovedView:   showRemoved,
		command.ShutView:      showShut,
		command.MovedView:     showMoved,
		command.WithheldView:  showWithheld,
		command.SuspendedView: showSuspended,
		command.ReminderView(casework.RemindAction):      remindAction,
		command.ReminderView(casework.RemindInvitations): remindInvitations,
		command.ReminderView(casework.RemindCommission):  remindCommission,
		command.ReminderView(casework.RemindConsent):     remindConsent,
		command.ReminderView(casework.RemindMission):     remindMission,
		command.ReminderView(casework.RemindMeasure):     remindMeasure,
		command.ReminderView(casework.RemindThinking):    remindThinking,
		command.ReminderView(casework.RemindTime):        remindTime,
		command.ReminderView(casework.RemindRetention):   remindRetention,
		command.ReminderView(casework.RemindSilence):     remindSilence,
		command.ReminderView(casework.RemindReview):      remindReview,
		command.ReminderView(casework.RemindSignatures):  remindSignatures,
		command.ReminderView(casework.RemindUnrecorded):  remindUnrecorded,
		command.ReminderView(casework.RemindRecord):      remindRecord,
	}
}

// verbOf gives the verb to type for the command of this French name, in the
// language of say.
func verbOf(say locales.Printer, name string) string {
	if say.Lang() != "en" {
		return name
	}
	for _, c := range All() {
		if c.Name == name {
			return c.Twin
		}
	}
	return name
}

// offered reports whether the command of this French name is for the département
// of say.
func offered(say locales.Printer, name string) bool {
	return say.Place().Meetings || !slices.ContainsFunc(All(), func(c command.Command) bool { return c.Name == name && c.Meets })
}

// tell gives the notice that shows a view to somebody in private, or none when
// that is the one who acts, who reads the reply.
func tell(asker, user casework.UserID, view, subject string) []command.Notice {
	if user == "" || user == asker {
		return nil
	}
	return []command.Notice{{Act: command.Tell, View: view, Subject: subject, User: user}}
}

// announce gives the notice that tells a view to those who must hear of it.
func announce(view, subject string) []command.Notice {
	return []command.Notice{{Act: command.Announce, View: view, Subject: subject}}
}

// post gives the notice that shows a view in the case's channel.
func post(view, subject string) command.Notice {
	return command.Notice{Act: command.Post, View: view, Subject: subject}
}

// refresh gives the notice that changes in place, in the channel, what a view
// showed there.
func refresh(view, subject string) command.Notice {
	return command.Notice{Act: command.Update, View: view, Subject: subject}
}

// after gives the case as it will be once the facts are recorded.
func after(r command.Request, facts []casework.Fact) *casework.Case {
	return r.Case.After(facts, r.Asker.ID, r.Now)
}

// recorded gives the one fact of type T among facts.
func recorded[T casework.Fact](facts []casework.Fact) T {
	for _, fact := range facts {
		if found, ok := fact.(T); ok {
			return found
		}
	}
	var none T
	return none
}
