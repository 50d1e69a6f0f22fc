package documents

import (
	"parcours/casework"
)

// A form is how a model lays a kind of document out: its title, and its parts in
// order.
type form struct {
	title func(*composer) string
	parts []part
}

// says is a title that is always the same.
func says(key string) func(*composer) string {
	return func(c *composer) string { return c.t(key) }
}

// projectTitle is said with the family, or with the person.
func projectTitle(c *composer) string {
	if c.text.Household == casework.OnePerson {
		return c.t("doc.title.project.person")
	}
	return c.t("doc.title.project.family")
}

// forms are all the forms, by kind and by model. Those named in the annexes of
// the national guide are record 62, list 75, synthesis 09 and project 67; the
// others tell the same case with the names and the order of their model.
var forms = map[Kind]map[string]form{
	Record:    {"62": {says("doc.title.record"), record62}, "75": {says("doc.title.record.75"), record75}, "09": {says("doc.title.record.09"), record09}, "67": {projectTitle, record67}},
	Blank:     {"62": {says("doc.title.record"), record62}, "75": {says("doc.title.record.75"), record75}, "09": {says("doc.title.record.09"), record09}, "67": {projectTitle, record67}},
	Project:   {"62": {projectTitle, project62}, "75": {says("doc.title.project.75"), project75}, "09": {says("doc.title.project.09"), project09}, "67": {projectTitle, project67}},
	List:      {"62": {says("doc.title.list"), list62}, "75": {says("doc.title.list"), list75}, "09": {says("doc.title.list"), list09}, "67": {says("doc.title.list"), list67}},
	Synthesis: {"62": {says("doc.title.synthesis"), synthesis62}, "75": {says("doc.title.synthesis.75"), synthesis75}, "09": {says("doc.title.synthesis.09"), synthesis09}, "67": {says("doc.title.synthesis"), synthesis67}},

	Invitation: everywhere(form{says("doc.title.invitation"), []part{letter}}),
	Attendance: everywhere(form{says("doc.title.attendance"), []part{fields(heldOn, place, length, chair), register}}),
	Leaflet:    everywhere(form{says("doc.title.leaflet"), []part{rights}}),
}

// everywhere is a form that all the models have alike, but for their words.
func everywhere(f form) map[string]form {
	all := map[string]form{}
	for _, model := range Models() {
		all[model] = f
	}
	return all
}

// Pas-de-Calais (annexe 2.1).
var (
	signing62 = signing{
		family: "doc.sign.62.family", chair: "doc.sign.62.chair", partner: "doc.sign.62.partner", referent: "doc.sign.62.referent",
	}
	family62 = section("doc.family", fields(familyName, address, children, situation))

	support62   = support("doc.support.62", proNature, titled(proFull, "doc.pro.name.62"), proEnd)
	decisions62 = decisions("doc.decisions.62", stepObjective, stepWhat, stepWho, stepDue)

	record62 = []part{
		hearing,
		section("doc.meeting", fields(heldOn, previous, place, length, chair)),
		family62, support62,
		invited("doc.invited"),
		reviews("doc.reviews.62", "doc.step.objective", "doc.reviews.outcome.62"),
		strengths("doc.strengths"), decisions62,
		section("doc.notes", fields(notes)),
		section("doc.next", fields(referent, nextOn)),
		note("doc.notice"), signing62.boxes,
	}
	project62 = []part{
		ownWords, family62,
		section("doc.overview", fields(overview, aim, problem)),
		strengths("doc.strengths"), support62, achieved, decisions62,
		section("doc.notes", fields(notes)),
		section("doc.next", fields(referent, nextOn)),
		note("doc.notice"), signing62.boxes,
	}
	list62      = []part{family62, support("doc.support.62", proFull, proNature, proContact, proDates), section("doc.next", fields(referent))}
	synthesis62 = []part{
		ownWords, family62,
		section("doc.overview", fields(overview, aim, problem, interviews)),
		assessment("doc.assess", "doc.assess.obstacle", "doc.assess.strength"), decisions62,
		section("doc.next", fields(referent, nextOn)),
	}
)

// Paris (annexe 2.2), where the person speaks.
var (
	signing75 = signing{
		family: "doc.sign.75.family", chair: "doc.sign.75.chair", partner: "doc.sign.75.partner", referent: "doc.sign.75.referent",
	}
	identity75 = fields(
		title, lastName, firstName,
		born.rename("doc.field.born.75"), email.rename("doc.field.email.75"), phone.rename("doc.field.phone.75"), phone2, address.rename("doc.field.address.75"),
	)
	whoIAm      = section("doc.identity.75", identity75)
	support75   = support("doc.support.75", proLast, proFirst, proService, proPurpose, proEmail, proPhone)
	decisions75 = decisions("doc.decisions.75", titled(stepObjective, "doc.step.objective.75"), titled(stepWhat, "doc.step.what.75"), stepWho, stepDue)

	record75 = []part{
		hearing, whoIAm, support75, choices,
		section("doc.meeting", fields(heldOn, previous, place, length, chair)),
		invited("doc.invited"),
		reviews("doc.reviews.75", "doc.step.objective.75", "doc.reviews.outcome"),
		strengths("doc.strengths.75"), decisions75,
		section("doc.notes", fields(notes)),
		section("doc.next", fields(referent.rename("doc.field.referent.75"), nextOn)),
		note("doc.notice"), signing75.boxes,
	}
	project75 = []part{
		ownWords, whoIAm,
		section("doc.overview.75", fields(aim.rename("doc.field.aim.75"), problem.rename("doc.field.problem.75"), overview.rename("doc.field.overview.75"))),
		strengths("doc.strengths.75"), achieved, decisions75, support75,
		section("doc.notes", fields(notes)),
		section("doc.next", fields(referent.rename("doc.field.referent.75"), nextOn)),
		note("doc.notice"), signing75.boxes,
	}
	list75      = []part{identity75, support75, choices}
	synthesis75 = []part{
		ownWords, whoIAm,
		section("doc.overview.75", fields(aim.rename("doc.field.aim.75"), problem.rename("doc.field.problem.75"), overview.rename("doc.field.overview.75"), interviews)),
		assessment("doc.assess.75", "doc.assess.obstacle.75", "doc.assess.strength.75"), decisions75,
		section("doc.next", fields(referent.rename("doc.field.referent.75"), nextOn)),
	}
)

// Ariège (annexe 2.3).
var (
	signing09 = signing{
		family: "doc.sign.09.family", chair: "doc.sign.09.chair", partner: "doc.sign.09.partner", referent: "doc.sign.09.referent",
	}
	name09     = fullName.rename("doc.field.full_name.09")
	comments09 = section("doc.comments", fields(notes))
	support09  = support("doc.support.09", proFull, proPurpose, proContact, proDates)

	record09 = []part{
		hearing,
		section("doc.meeting.09", fields(name09, referent, heldOn.rename("doc.field.held_on.09"), place, length, chair, previous), phases),
		invited("doc.invited.09"),
		reviews("doc.reviews.09", "doc.step.objective", "doc.reviews.outcome"),
		strengths("doc.strengths.09"), numbered("doc.objectives.09"), path, support09, comments09,
		section("doc.next", fields(nextOn)),
		note("doc.notice"), signing09.boxes,
	}
	project09 = []part{
		ownWords,
		section("doc.person.09", fields(name09, referent, aim, problem, overview), phases),
		strengths("doc.strengths.09"), achieved, numbered("doc.objectives.09"), path, support09, comments09,
		section("doc.next", fields(nextOn)),
		note("doc.notice"), signing09.boxes,
	}
	list09      = []part{section("doc.person.09", fields(name09, born, address, phone, email, referent)), support09}
	synthesis09 = []part{
		section("doc.person.09", fields(name09, referent, interviews), phases, fields(aim, problem)),
		assessment("doc.assess.09", "doc.assess.obstacle", "doc.assess.strength.09"),
		numbered("doc.objectives.09"), path, comments09,
	}
)

// Bas-Rhin (annexe 2.4).
var (
	signing67 = signing{
		family: "doc.sign.67.family", chair: "doc.sign.67.chair", partner: "doc.sign.67.partner", referent: "doc.sign.67.referent", families: 2,
	}
	// The form itself is signed by the family and for the meeting alone.
	signing67Project = signing{family: "doc.sign.67.family", chair: "doc.sign.67.chair", families: 2}

	name67    = fullName.rename("doc.field.full_name.67")
	support67 = support("doc.support.67", proName, proQuality, proContact, proMeasure, proFor, proDates)
	topics67  = byTopic("doc.decisions.67", stepObjective, titled(stepWhat, "doc.step.what.67"), titled(stepWho, "doc.step.who.67"), stepDue)

	referent67 = referentTable("doc.referent.67", proName, proJob, titled(proService, "doc.pro.structure"), proContact, proAddress)
	review67   = section("doc.next.67", fields(nextOn.rename("doc.field.next.67")))
	head67     = section("doc.family.67", fields(name67, heldOn.rename("doc.field.held_on.67"), address))

	record67 = []part{
		hearing, head67, householdTable, invited("doc.invited"),
		strengths("doc.strengths.67"), support67,
		reviews("doc.reviews.67", "doc.step.objective", "doc.reviews.outcome"), topics67,
		section("doc.notes", fields(notes)),
		referent67, review67, note("doc.notice"), signing67.boxes,
	}
	project67 = []part{
		head67, householdTable, ownWords,
		section("doc.overview.67", fields(overview, aim, problem)),
		strengths("doc.strengths.67"), support67, achieved, topics67,
		section("doc.notes", fields(notes)),
		referent67, review67, note("doc.notice"), signing67Project.boxes,
	}
	list67      = []part{head67, householdTable, support67, referent67}
	synthesis67 = []part{
		head67, householdTable, ownWords,
		section("doc.overview.67", fields(overview, aim, problem, interviews)),
		assessment("doc.assess", "doc.assess.obstacle", "doc.assess.strength"), topics67,
		referent67, review67,
	}
)
