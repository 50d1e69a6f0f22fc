package commands

import (
	"strconv"

	"parcours/bot/chat"
	"parcours/bot/command"
	"parcours/casework"
)

// assessCommand notes an obstacle or a strength, found with the person (guide,
// annexe 2.3).
func assessCommand() command.Command {
	return command.Command{
		Name: "diagnostic", Twin: "assess",
		May:    command.Members,
		Form:   "assess",
		Fields: assessFields,
		Words:  []string{"element"},
		Do:     doAssess,
	}
}

// priorityMax is the last rank of the form of annexe 2.3.
const priorityMax = 7

func assessFields(r command.Request) []chat.Field {
	q := asking(r, "assess")
	q.text("element", needed)
	q.one("kind", needed, choices(r.Say, "kind", casework.Obstacle, casework.Strength))
	q.number("priority", 1, priorityMax)
	q.one("topic", needed, topicChoices(r.Say))
	q.text("objective", optional)
	q.text("aim", optional)
	q.text("problem", optional)
	q.area("situation")
	q.day("interview", optional)
	return q.fields
}

func doAssess(r command.Request) (command.Response, error) {
	facts, err := r.Case.Assess(casework.Element{
		Name: r.Text("element"), Kind: casework.Kind(r.Text("kind")), Priority: r.Number("priority"),
		Topic: casework.Topic(r.Text("topic")), Objective: r.Text("objective"),
		On: r.Day("interview"),
	}, casework.AimStated{Aim: r.Text("aim"), Problem: r.Text("problem"), Situation: r.Text("situation")}, r.Now)
	if err != nil {
		return command.Response{}, err
	}
	element := recorded[casework.ElementAssessed](facts).Element
	s := replying(r, after(r, facts))
	s.card.Title = s.t("assess.title")
	for _, e := range s.c.ByPriority() {
		s.about(e.Topic, s.rank(e), e.Name)
	}
	s.run("diagnostic", "objectif")
	return command.Response{
		Record: facts, Reply: s.overview(s.t("assess.recorded")),
		Notices: []command.Notice{post(viewElement, element.ID)},
	}, nil
}

// rank says the kind of an element, with its priority.
func (s *sheet) rank(e casework.Element) string {
	kind := capital(s.t("kind." + string(e.Kind)))
	if e.Priority == 0 {
		return kind
	}
	return kind + " " + strconv.Itoa(e.Priority)
}

// showElement shows an element to the circle.
func showElement(v command.ViewRequest) (chat.Message, bool) {
	for _, e := range v.Case.Elements {
		if e.ID != v.Subject {
			continue
		}
		s := showing(v)
		s.card.Title = s.t("element.title")
		s.about(e.Topic, s.rank(e), e.Name)
		s.about(e.Topic, s.t("label.topic"), s.t("topic."+string(e.Topic)))
		s.about(e.Topic, s.t("label.leads_to"), e.Objective)
		return s.whole(s.t("element.text")), true
	}
	return chat.Message{}, false
}
