package paper

import (
	"fmt"
	"strings"
	"time"
)

// labels are the words of a French document.
var labels = Labels{Page: "page", Continued: "suite", Blank: "à compléter", Checked: "coché", Unchecked: "non coché"}

// sample has every kind of block, every French letter, and blanks.
func sample() Document {
	return Document{
		Lang: "fr", Title: "Relevé de décisions", Subtitle: "Commission « référent de parcours » du 18 décembre 2026",
		Code: "P-7F3K", Version: "version 2", Hash: "empreinte 3f9a 1c77",
		Date: time.Date(2026, 12, 18, 15, 30, 0, 0, time.UTC), Labels: labels,
		Blocks: []Block{
			Note{"Ce document sert uniquement à la démarche. Il est remis à la personne par son référent, et ne peut être transmis à d’autres fins (article L. 226-2-2 du code de l’action sociale et des familles)."},
			Heading{1, "La personne"},
			Fields{[]Field{
				{Label: "Nom et prénom", Value: "Françoise Lefèvre-Müller"},
				{Label: "Née le", Value: "3 août 1984, à L’Haÿ-les-Roses"},
				{Label: "Adresse", Value: "12 rue de l’Œuvre\n62000 Arras"},
				{Label: "Téléphone"},
				{Label: "Ce qu’il faut savoir pour la joindre", Lines: 2},
			}},
			Checks{[]Check{{"Phase d’accueil", true}, {"Phase d’accompagnement", false}}},
			Quote{"« Je voudrais d’abord un logement à moi, où mes enfants peuvent venir. Le reste, on verra après. »", "La personne, à la commission"},
			Heading{1, "Bilan des objectifs précédents"},
			Heading{2, "Logement"},
			Paragraph{"La demande de logement social a été déposée le 4 octobre ; elle est complète. Le dossier a été présenté à la commission d’attribution, qui l’a classé deuxième : coût de 612 €, dont « 0 € » de garantie — le naïf aïeul où l’on paît, maïs, çà et là, piqûre, Noël, île, ÆSIR, œil…"},
			List{[]string{"ce qui a été fait : la demande, le rendez-vous du 12 novembre ;", "ce qui n’a pas pu l’être : la visite, parce que le service n’avait plus de créneau avant janvier, ce que la personne a appris trop tard ;", "ce qui change : le service prévient le référent."}},
			Table{
				Caption: "Qui fait quoi, et pour quand",
				Columns: []Column{{Title: "Objectif", Width: 2, Names: true}, {Title: "Moyens", Width: 3}, {Title: "Qui", Width: 1.5}, {Title: "Pour le", Width: 1}},
				Rows: [][]string{
					{"Trouver un logement stable", "Visiter le logement proposé rue des Lilas\nPréparer le dossier du fonds de solidarité", "La personne, avec Mme Petit", "15/01/2027"},
					{"Voir ses enfants chaque semaine", "Demander au juge un droit de visite élargi", "M. Çelik", "31/01/2027"},
					{"", "", "", ""},
					{"Reprendre un suivi médical"},
				},
			},
			Bars{"Présence des partenaires aux commissions", []Bar{{"Service social du département", 42, "42"}, {"Mission locale", 17, "17"}, {"Centre communal d’action sociale", 9, "9"}, {"Association d’hébergement", 4, "moins de 5"}, {"Éducation nationale", 0, "aucune"}}},
			PageBreak{},
			Heading{1, "Signatures"},
			Signatures{[]Signature{
				{Who: "La personne", Name: "Françoise Lefèvre-Müller"},
				{Who: "Le référent", Name: "Anne Petit, assistante sociale", Date: "18 décembre 2026", Mark: "Signé électroniquement le 18 décembre 2026 à 16 h 30"},
				{Who: "Le pilote de la commission"},
			}},
			Paragraph{"Texte difficile : " + strings.Repeat("anticonstitutionnellement", 12) + " 🙂 ☐ ☒ <script>alert(1)</script> \u202eà l’envers\u202c\x00\x07 fin. Tiret‑insécable, deux\u202f: espaces."},
		},
	}
}

// longTable has rows of many lines over several pages.
func longTable(rows int) Document {
	d := sample()
	t := Table{Caption: "Objectifs", Columns: []Column{{Title: "N° de l’objectif", Width: 1, Names: true}, {Title: "Ce qui est décidé", Width: 3}, {Title: "Moyens", Width: 3}, {Title: "Qui", Width: 1.5}}}
	for i := range rows {
		t.Rows = append(t.Rows, []string{
			fmt.Sprintf("objectif-%02d", i+1),
			fmt.Sprintf("Début%02d. ", i+1) + strings.Repeat("Trouver un logement stable où recevoir les enfants. ", 1+i%5),
			strings.Repeat("Préparer le dossier du fonds de solidarité, avec l’appui du service. ", 1+(i+2)%4) + fmt.Sprintf("Fin%02d.", i+1),
			"Mme Petit, M. Çelik",
		})
	}
	d.Blocks = []Block{Heading{1, "Objectifs"}, t}
	return d
}
