package documents_test

import (
	"testing"
	"time"

	"parcours/casework"
	"parcours/locales"
)

// The accounts of the stories.
const (
	claire  casework.UserID = "claire"
	karim   casework.UserID = "karim"
	ines    casework.UserID = "ines"
	victor  casework.UserID = "victor"
	nadia   casework.UserID = "nadia"
	paul    casework.UserID = "paul"
	sophie  casework.UserID = "sophie"
	amelie  casework.UserID = "amelie"
	herself casework.UserID = "herself"
)

// A story is a case told decision by decision, as people would.
type story struct {
	testing.TB
	*casework.Case
	now time.Time
	as  casework.UserID
}

func begin(t testing.TB, code casework.Code, by casework.UserID, day casework.Day, p casework.Proposal) *story {
	t.Helper()
	zone, err := time.LoadLocation("Europe/Paris")
	if err != nil {
		t.Fatal(err)
	}
	s := &story{TB: t, Case: casework.Fold(code, nil), now: day.At(10, 0, zone), as: by}
	return s.do(casework.Open(code, by, p, s.now))
}

// do takes a decision in: it must not have been refused.
func (s *story) do(facts []casework.Fact, err error) *story {
	s.Helper()
	if err != nil {
		s.Fatalf("refused: %v", err)
	}
	for _, fact := range facts {
		s.Apply(casework.Entry{Seq: s.Seq + 1, At: s.now, By: s.as, Fact: fact})
	}
	return s
}

// by says who decides next.
func (s *story) by(user casework.UserID) *story { s.as = user; return s }

// on moves to a day at an hour.
func (s *story) on(day casework.Day, hour int) *story {
	s.now = day.At(hour, 0, s.now.Location())
	return s
}

func (s *story) list(p casework.Professional, topics ...casework.Topic) *story {
	s.Helper()
	p.Agreed = true
	return s.do(s.ListProfessional(s.as, p, topics, s.now))
}

func (s *story) join(user casework.UserID, role casework.Role) *story {
	s.Helper()
	back := s.as
	s.do(s.Invite(user, role, s.now))
	return s.by(user).do(s.AnswerInvitation(user, true, s.now)).by(back)
}

func (s *story) refer(user casework.UserID) *story {
	s.Helper()
	back := s.as
	s.do(s.AskReferent(user, "", true, s.now))
	return s.by(user).do(s.AnswerReferent(user, true, s.now)).by(back)
}

func (s *story) found(e casework.Element, aim casework.AimStated) *story {
	s.Helper()
	return s.do(s.Assess(e, aim, s.now))
}

func (s *story) aims(topic casework.Topic, title string, horizon casework.Horizon, words string) *story {
	s.Helper()
	return s.do(s.SetObjective(casework.Objective{Topic: topic, Title: title, Horizon: horizon, OwnWords: words}, s.now))
}

func (s *story) acts(objective, what string, who casework.Actor, due casework.Day) *story {
	s.Helper()
	return s.do(s.AssignAction(casework.Action{Objective: objective, What: what, Who: who, Due: due}, s.now))
}

// all sees every topic.
func all(casework.Topic) bool { return true }

// french and english are the printers of the tests.
var french, english = locales.For("fr"), locales.For("en")

// ariege is the case of the sheet of the Ariège (national guide, annexe 2.3), as
// story/ariege.yaml plays it.
func ariege(t testing.TB) *story {
	s := begin(t, "P-7K3F", claire, "2017-10-12", casework.Proposal{
		Person: "Madame Lopez", Household: casework.OnePerson, EntryPath: "rsa", Answer: casework.Accepts,
		OwnWords: "Je veux retravailler sans laisser mon fils seul à la maison.",
		Author:   casework.Professional{Name: "Claire Fabre", Service: "Centre local"},
		Consent: casework.Consent{
			Form:   casework.Written,
			Topics: []casework.Topic{casework.Childhood, casework.Housing, casework.Health, casework.Budget, casework.Work, casework.Mobility, casework.Other},
			Vetoes: []casework.Topic{casework.Relations},
		},
	})
	s.list(casework.Professional{Name: "Nadia Benali", Service: "Centre local", Purpose: "Insertion", User: nadia})
	s.list(casework.Professional{Name: "Paul Delmas", Service: "Établissement scolaire", Purpose: "Cantine et garde du soir", User: paul}, casework.Childhood, casework.Budget, casework.Mobility)
	s.list(casework.Professional{Name: "Sophie Roques", Service: "Office de l’habitat", Purpose: "Loyer et relogement", User: sophie}, casework.Housing, casework.Budget, casework.Mobility)
	s.list(casework.Professional{Name: "Garage du Pont", Service: "Garage", Purpose: "Devis de réparation", Phone: "05 00 00 00 00"}, casework.Mobility)
	s.join(nadia, casework.RoleChair).join(paul, casework.RolePartner).join(sophie, casework.RolePartner).refer(claire)

	aim := casework.AimStated{Aim: "Trouver un emploi d’hôtesse de caisse", Problem: "Comment exercer le métier d’hôtesse de caisse sans laisser mon fils seul à la maison ?"}
	s.found(casework.Element{Name: "Expérience professionnelle", Kind: casework.Strength, Topic: casework.Work}, aim)
	s.found(casework.Element{Name: "Accompagnement global", Kind: casework.Strength, Topic: casework.Other}, casework.AimStated{})
	s.on("2017-11-10", 10)
	for _, e := range []casework.Element{
		{Name: "Mobilité", Kind: casework.Obstacle, Priority: 1, Topic: casework.Mobility, Objective: "Réparer la voiture ou acheter une voiture"},
		{Name: "Budget", Kind: casework.Obstacle, Priority: 3, Topic: casework.Budget, Objective: "Solder les dettes (loyer, cantine)"},
		{Name: "Santé", Kind: casework.Strength, Topic: casework.Health},
		{Name: "Les enfants", Kind: casework.Obstacle, Priority: 2, Topic: casework.Childhood, Objective: "Organiser la garde de mon fils"},
		{Name: "Logement", Kind: casework.Obstacle, Priority: 4, Topic: casework.Housing, Objective: "Trouver un logement plus petit"},
	} {
		s.found(e, casework.AimStated{})
	}
	s.aims(casework.Mobility, "Réparer la voiture ou acheter une voiture", casework.Short, "")
	s.aims(casework.Childhood, "Organiser la garde de mon fils", casework.Short, "")
	s.aims(casework.Budget, "Solder les dettes (loyer, cantine)", casework.Medium, "")
	s.aims(casework.Housing, "Trouver un logement plus petit", casework.Long, "")
	s.acts("o1", "Faire un devis", "p5", "2017-11-20")
	s.acts("o3", "Appeler l’office de l’habitat", "p1", "2017-11-13")
	s.acts("o3", "Faire l’état de la dette de cantine", "p3", "2017-11-20")
	s.acts("o3", "Demander un délai pour la cantine", casework.ThePerson, "2017-11-20")
	s.acts("o4", "Déposer une demande de logement", "p4", "2017-11-20")
	m := casework.Commission{At: casework.Day("2017-12-04").At(14, 0, s.now.Location()), Place: "Centre local", Chair: nadia, Phase: "accueil"}
	s.do(s.PlanCommission(m, s.now))
	return s
}

// family is a case with every field of the forms of the Pas-de-Calais and of the
// Bas-Rhin, over three meetings.
func family(t testing.TB) *story {
	s := begin(t, "P-4H8M", amelie, "2026-01-05", casework.Proposal{
		Person: "Famille Moreau-Lefèvre", Household: casework.Family, EntryPath: "ppe", Answer: casework.Accepts,
		OwnWords: "On voudrait souffler et rester ensemble dans un logement sain.",
		Author: casework.Professional{
			Name: "Carpentier", FirstName: "Amélie", Service: "Maison du département", Profession: "social_worker", Sector: "department",
			Purpose: "Accompagnement social de la famille", Email: "amelie@example.org", Phone: "03 00 00 00 05",
			Address: "1 rue du Beffroi, 62000 Arras", Measure: "accompagnement social", Beneficiary: "toute la famille", Start: "2025-06-01", End: "2027-05-31",
		},
		Consent: casework.Consent{
			Form:   casework.Written,
			Topics: []casework.Topic{casework.Childhood, casework.Housing, casework.Budget, casework.Relations, casework.Work, casework.Mobility},
			Vetoes: []casework.Topic{casework.Health}, Until: "2027-12-31",
		},
	})
	for _, r := range []casework.Relative{
		{
			Kind: casework.Herself, Title: casework.Madam, LastName: "Moreau", FirstName: "Julie", Born: "1988-05-12", Situation: "mère", Activity: "aide à domicile",
			Family: casework.TwoParents, Address: "14 rue des Tilleuls, 62000 Arras", Email: "julie.moreau@example.org", Phone: "06 00 00 00 01", Phone2: "03 00 00 00 01", Locker: casework.Yes,
		},
		{Kind: casework.Adult, Title: casework.Mister, LastName: "Lefèvre", FirstName: "Marc", Born: "1985-09-03", Situation: "père", Activity: "en recherche d’emploi"},
		{Kind: casework.Child, LastName: "Lefèvre", FirstName: "Emma", Born: "2012-02-01", Situation: "fille", Activity: "collège"},
		{Kind: casework.Child, LastName: "Lefèvre", FirstName: "Hugo", Born: "2016-06-20", Situation: "fils", Activity: "école"},
		{Kind: casework.Child, LastName: "Lefèvre", FirstName: "Lila", Born: "2023-07-21", Situation: "fille", Activity: "crèche"},
	} {
		s.do(s.StateRelative(r, s.now))
	}
	s.list(casework.Professional{
		Name: "Saïdi", FirstName: "Karim", Service: "Sauvegarde de l’enfance", Profession: "educator", Sector: "childhood", Purpose: "Aide éducative",
		Email: "karim@example.org", Phone: "03 00 00 00 02", Address: "2 place de la Gare, 62000 Arras", Measure: "aide éducative à domicile",
		Beneficiary: "Emma, Hugo", Start: "2025-09-01", End: "2027-08-31", User: karim,
	})
	s.list(casework.Professional{
		Name: "Vasseur", FirstName: "Inès", Service: "Bailleur social", Profession: "manager", Sector: "housing", Purpose: "Loyer et travaux",
		Email: "ines@example.org", Phone: "03 00 00 00 03", Address: "8 avenue du Port, 62000 Arras", Measure: "plan d’apurement", Beneficiary: "Marc, Julie",
		Start: "2025-11-15", End: "2026-12-31", User: ines,
	}, casework.Housing, casework.Budget)
	s.list(casework.Professional{
		Name: "Lemaire", FirstName: "Victor", Service: "Maison du département", Profession: "manager", Sector: "department", Purpose: "Pilote des rencontres",
		Email: "victor@example.org", Phone: "03 00 00 00 06", Address: "1 rue du Beffroi, 62000 Arras", Measure: "aucune", Beneficiary: "aucun", Start: "2026-01-05", End: "2027-01-05", User: victor,
	})
	s.list(casework.Professional{
		Name: "Duval", FirstName: "Odile", Service: "École Jean-Moulin", Profession: "teacher", Sector: "school", Purpose: "Scolarité de Hugo",
		Email: "ecole@example.org", Phone: "03 00 00 00 04", Address: "3 rue de l’École, 62000 Arras", Measure: "suivi de scolarité", Beneficiary: "Hugo", Start: "2025-09-01", End: "2026-07-04",
	}, casework.Childhood)
	s.join(karim, casework.RolePartner).join(ines, casework.RolePartner).join(victor, casework.RoleChair).join(herself, casework.RolePerson).refer(karim)

	s.by(karim)
	s.found(casework.Element{Name: "Logement humide, trop petit", Kind: casework.Obstacle, Priority: 1, Topic: casework.Housing, Objective: "Un logement sain"}, casework.AimStated{
		Aim: "Vivre ensemble dans un logement sain", Problem: "Comment changer de logement sans perdre l’école de Hugo ?",
		Situation: "Cinq personnes dans deux chambres ; une dette de loyer en voie de règlement.",
	})
	for _, e := range []casework.Element{
		{Name: "Dette de loyer", Kind: casework.Obstacle, Priority: 2, Topic: casework.Budget, Objective: "Solder la dette"},
		{Name: "Hugo manque souvent l’école", Kind: casework.Obstacle, Priority: 3, Topic: casework.Childhood, Objective: "Hugo va à l’école"},
		{Name: "Des parents très présents", Kind: casework.Strength, Topic: casework.Childhood},
		{Name: "Une grand-mère qui aide", Kind: casework.Strength, Topic: casework.Relations},
	} {
		s.found(e, casework.AimStated{})
	}

	s.meet("c1", "2026-01-28", "Maison du département, Arras")
	s.do(s.TakeAttendance("c1", []casework.Actor{casework.ThePerson, "p1", "p2", "p3", "p4"}, []casework.Actor{"p5"}, victor, s.now))
	s.do(s.GiveView("c1", "J’ai pu dire que le logement passe avant tout.", victor, s.now))
	s.aims(casework.Housing, "Obtenir un logement sain et plus grand", casework.Medium, "Que les enfants ne toussent plus.")
	s.aims(casework.Budget, "Solder la dette de loyer", casework.Medium, "Ne plus devoir d’argent.")
	s.aims(casework.Childhood, "Hugo va à l’école chaque jour", casework.Short, "Je veux y aller avec papa.")
	s.acts("o1", "Réunir les papiers de la demande", casework.ThePerson, "2026-02-12")
	s.acts("o1", "Visiter le logement et faire constater l’humidité", "p3", "2026-02-27")
	s.acts("o2", "Proposer un plan d’apurement", "p3", "2026-02-17")
	s.acts("o3", "Accompagner Hugo le matin", casework.ThePerson, "2026-02-07")
	s.acts("o3", "Rencontrer l’école avec les parents", "p2", "2026-02-09")
	s.do(s.FreezeRecord("c1", "La famille demande à garder l’école.", "2026-04-28", victor, s.now))
	s.by(herself).do(s.Sign("r1", herself, s.now)).by(victor)
	s.do(s.FreezeRecord("c1", "La famille demande à garder l’école Jean-Moulin.", "2026-04-28", victor, s.now))
	for _, user := range []casework.UserID{herself, ines, karim, victor} {
		s.by(user).do(s.Sign("r2", user, s.now))
	}

	s.on("2026-02-10", 9).by(herself).do(s.Finish("a1", herself, s.now)).by(karim)
	s.meet("c2", "2026-04-28", "Maison du département, Arras")
	s.do(s.TakeAttendance("c2", []casework.Actor{casework.ThePerson, "p1", "p2", "p3", "p4", "p5"}, nil, victor, s.now))
	s.do(s.GiveView("c2", "Hugo va mieux, le logement n’avance pas assez.", victor, s.now))
	s.do(s.Review("o3", casework.Reached, "Hugo n’a plus manqué depuis un mois.", s.now))
	s.do(s.Review("o2", casework.Partly, "Le plan est signé, six mois à payer.", s.now))
	s.do(s.Review("o1", casework.NotYet, "La visite a été reportée deux fois.", s.now))
	s.acts("o1", "Demander un relogement avec la famille", "p1", "2026-05-19")
	s.do(s.FreezeRecord("c2", "Chacun a pu parler.", "2026-07-28", victor, s.now))

	s.on("2026-07-01", 9).by(karim)
	s.meet("c3", "2026-07-28", "Chez la famille")
	s.do(s.TakeAttendance("c3", []casework.Actor{casework.ThePerson, "p1", "p2", "p3", "p4"}, []casework.Actor{"p5"}, victor, s.now))
	s.do(s.GiveView("c3", "Nous voyons le bout, merci à tous.", victor, s.now))
	s.do(s.Review("o1", casework.Partly, "Un logement est proposé, la visite est le 12 août.", s.now))
	s.do(s.Review("o2", casework.Partly, "Il reste trois échéances.", s.now))
	s.aims(casework.Work, "Marc reprend un emploi", casework.Long, "Retravailler dans le bois.")
	s.acts("o4", "Refaire le livret de compétences", casework.ThePerson, "2026-09-15")
	s.acts("o1", "Préparer le déménagement", "p1", "2026-09-01")
	s.do(s.FreezeRecord("c3", "La famille souhaite rester dans le quartier.", "2026-10-28", victor, s.now))
	for _, user := range []casework.UserID{ines, karim} {
		s.by(user).do(s.Sign("r4", user, s.now))
	}
	s.do(s.SignOnPaper("r4", "Julie Moreau", "Amélie Carpentier", karim, s.now))
	s.do(s.SignOnPaper("r4", "Marc Lefèvre", "Amélie Carpentier", karim, s.now))
	s.on("2026-08-03", 9)
	return s.do(s.PlanCommission(casework.Commission{At: casework.Day("2026-10-28").At(14, 0, s.now.Location()), Place: "Maison du département, Arras", Chair: victor}, s.now))
}

// meet calls a meeting and opens it on its day.
func (s *story) meet(id string, day casework.Day, place string) *story {
	s.Helper()
	m := casework.Commission{At: day.At(14, 0, s.now.Location()), Place: place, Chair: victor}
	s.do(s.PlanCommission(m, s.now))
	return s.on(day, 14).by(victor).do(s.OpenSession(id, victor, s.now))
}
