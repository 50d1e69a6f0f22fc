package wording_test

import (
	"slices"
	"strings"
	"sync"
	"testing"
	"unicode/utf8"

	"parcours/bot/wording"
	"parcours/locales"
)

// guard is that of the words the service goes by.
var guard = sync.OnceValue(func() wording.Guard {
	return wording.New(locales.Vocabulary(locales.Diagnoses), locales.Vocabulary(locales.Places), locales.Vocabulary(locales.Nobody))
})

// known are the people, the places and the contacts of a case.
var known = wording.Knowing(
	"Famille Moreau-Lefèvre", "Julie Moreau", "Hugo", "Karim Saïdi", "Sauvegarde de l’enfance", "Claire Fabre",
	"14 rue des Tilleuls, 62000 Arras", "karim@example.org", "03 00 00 00 02", "+33 6 00 00 00 01",
)

// found gives what is found in a text, each as its kind and words.
func found(t *testing.T, text string) []string {
	t.Helper()
	var all []string
	for _, f := range guard().Check(text, known) {
		if f.Start < 0 || f.End <= f.Start || f.End > len(text) || !utf8.ValidString(text[f.Start:f.End]) {
			t.Fatalf("%q: a finding from %d to %d", text, f.Start, f.End)
		}
		all = append(all, string(f.Kind)+"="+text[f.Start:f.End])
	}
	return all
}

func TestWhatIsFound(t *testing.T) {
	for _, c := range []struct {
		text string
		want []string
	}{
		// Numbers, however they are spaced.
		{"Son numéro : 1 85 05 78 006 084 91.", []string{"social_security=1 85 05 78 006 084 91"}},
		{"numéro 185057800608491", []string{"social_security=185057800608491"}},
		{"2.69.05.49.588.157.80 pour la carte", []string{"social_security=2.69.05.49.588.157.80"}},
		{"Née en Corse, 2 55 08 2A 999 001 19", nil},
		{"Née en Corse, 2 55 08 2A 999 001 23", []string{"social_security=2 55 08 2A 999 001 23"}},
		{"Née en Corse, 1 55 08 2b 999 001 03", []string{"social_security=1 55 08 2b 999 001 03"}},
		{"Le 12 1 85 05 78 006 084 91 au dossier", []string{"social_security=1 85 05 78 006 084 91"}},
		{"Virer à FR14 2004 1010 0505 0001 3M02 606", []string{"bank_account=FR14 2004 1010 0505 0001 3M02 606"}},
		{"Compte fr1420041010050500013m02606.", []string{"bank_account=fr1420041010050500013m02606"}},
		{"Compte belge BE68-5390-0754-7034", []string{"bank_account=BE68-5390-0754-7034"}},
		{"Clé fausse : FR15 2004 1010 0505 0001 3M02 606", nil},
		{"Clé fausse : 1 85 05 78 006 084 90", nil},
		{"Dossier 185057800608491234", nil},
		// Contacts that are not those of the case.
		{"Écrire à julie.martin@example.org", []string{"email=julie.martin@example.org"}},
		{"Écrire à Karim@example.org ou appeler le 03.00.00.00.02", nil},
		{"La mère répond au 0600000001", nil},
		{"La grand-mère répond au 06 12 34 56 78", []string{"phone=06 12 34 56 78"}},
		{"Rappeler au 06.12.34.56.78 ou 0712345678", []string{"phone=06.12.34.56.78", "phone=0712345678"}},
		{"Joindre le +33 (0)6 12 34 56 78 et le +32 470 12 34 56", []string{"phone=+33 (0)6 12 34 56 78", "phone=+32 470 12 34 56"}},
		{"Tél 0033612345678", []string{"phone=0033612345678"}},
		// Words of diagnosis, whole, without accents or case.
		{"Madame est bipolaire", []string{"diagnosis=bipolaire"}},
		{"une DEPRESSION depuis l’été, et de l'alcoolisme", []string{"diagnosis=DEPRESSION", "diagnosis=alcoolisme"}},
		{"traité pour des cancers, VIH", []string{"diagnosis=cancers", "diagnosis=VIH"}},
		{"un trouble maniaco-dépressif", []string{"diagnosis=maniaco-dépressif"}},
		{"de\u0301pression", []string{"diagnosis=de\u0301pression"}},
		{"La cancérologie est au fond du couloir", nil},
		// Names of people who are no part of it.
		{"Appeler M. Durand avant lundi", []string{"name=M. Durand"}},
		{"Vu avec Mme DURAND", []string{"name=Mme DURAND"}},
		{"Le voisin, monsieur Le Gall, peut aider", []string{"name=monsieur Le Gall"}},
		{"Le Dr Nguyen suit la famille", []string{"name=Dr Nguyen"}},
		{"Voir Mme de La Rochette", []string{"name=Mme de La Rochette"}},
		{"Voir M. d’Ormesson", []string{"name=M. d’Ormesson"}},
		{"M. et Mme Petit sont d’accord", []string{"name=Mme Petit"}},
		{"Garder les enfants avec Nadia Benali le soir", []string{"name=Nadia Benali"}},
		{"Le bailleur a reçu Awa N’Diaye hier", []string{"name=Awa N’Diaye"}},
		{"Le père est Jean-Pierre Duval-Roux", []string{"name=Jean-Pierre Duval-Roux"}},
		{"Sa sœur Léa MARTIN l’aide", []string{"name=Léa MARTIN"}},
		// Several at once, the longer when they overlap.
		{"Appeler Julie Durand au 06 12 34 56 78", []string{"phone=06 12 34 56 78"}},
		{"Appeler Lina Durand au 06 12 34 56 78", []string{"name=Lina Durand", "phone=06 12 34 56 78"}},
	} {
		if got := found(t, c.text); !slices.Equal(got, c.want) {
			t.Errorf("%q: found %q, want %q", c.text, got, c.want)
		}
	}
}

// What professionals write every day rings for nothing.
func TestWhatIsWrittenEveryDay(t *testing.T) {
	for _, text := range strings.Split(strings.TrimSpace(everyDay), "\n") {
		if got := found(t, text); len(got) > 0 {
			t.Errorf("%q: found %q", text, got)
		}
	}
}

const everyDay = `
Trouver un emploi d’hôtesse de caisse
Solder les dettes (loyer, cantine)
Madame Moreau souhaite souffler et rester avec ses enfants.
Mme Moreau-Lefèvre a rendez-vous à la Mission Locale d’Arras le 12/03/2026 à 14h30.
M. Saïdi accompagne la famille à la Caisse d’Allocations Familiales.
Monsieur le Maire a répondu favorablement.
Madame la Juge des enfants reçoit la famille en mars.
Monsieur Le Préfet a été saisi.
Hugo va à l’école Jean Moulin chaque jour.
La visite est prévue au 14 rue Victor Hugo, 62000 Arras.
Rencontrer Karim au Centre Social Louise Michel.
L’inscription au collège public Jules Ferry est faite.
Rendez-vous à l’hôpital Sainte Anne mardi.
Dossier déposé auprès de France Travail et du Conseil Départemental.
L’association Les Restos du Cœur livre un colis le vendredi.
Le Secours Catholique propose une aide de 120 euros.
Appeler le 115 si besoin, ou le 3919.
Joindre le numéro gratuit 0 800 05 95 95.
La dette est de 1 250,50 euros, réglée en 12 mois de 104,20 euros.
Paiements des 05/01/2026, 05/02/2026 et 05/03/2026.
Allocataire numéro 1234567, dossier 62-2026-00451.
Les 01 02 03 et 04 du mois, il garde ses enfants.
Réunir les papiers : bail, quittances, avis d’imposition 2025.
Faire le point avec l’école. Karim transmet.
Lundi Claire appelle le bailleur, mardi elle rend compte.
La famille part au Burkina Faso en août.
Elle parle Français et Arabe, et apprend l’Anglais.
Demander le Fonds de Solidarité pour le Logement.
Le contrat court du 1er septembre 2025 au 31 août 2026.
Note : Appeler Karim, puis la pharmacie.
- Obtenir un logement plus grand
Elle veut reprendre le sport et sortir de l’isolement.
Le médecin traitant oriente vers un spécialiste ; rien de plus n’est à écrire ici.
Un accompagnement psychologique a été proposé, madame y réfléchit.
La santé de la mère va mieux depuis le retour au travail.
Permis de conduire : 3 leçons par semaine à l’auto-école du Pont.
Le bailleur Pas-de-Calais Habitat propose un quatre pièces.
Ouvrir un compte à La Banque Postale.
Aide de la Croix Rouge pour le mobilier.
Elle rejoint sa sœur à Saint Omer, puis à Le Portel.
Trouver Un Logement Plus Grand Pour La Famille
DEMANDE DE LOGEMENT URGENTE AUPRES DU BAILLEUR
Le dossier MDPH sera complété avec la CPAM et le CCAS.
Une mesure AEMO est en cours, échéance en Septembre 2026.
« Je veux y aller avec papa. »
On nous a écoutés, du début à la fin.
Le 06 mai 2026 à 10 h, salle 12.
Loyer : 512 euros ; APL : 310 euros ; reste 202 euros.
Garder l’école de Hugo. Ne pas changer de quartier.
J’ai pu dire que le logement passe avant tout.
Chercher une place en crèche pour Lila, 2 ans.
Elle a validé son Code de la Route.
Prendre contact avec la Maison Départementale des Personnes Handicapées.
Convoquer l’assistante sociale de la Protection Maternelle et Infantile.
Monsieur souhaite voir ses enfants le week-end.
Madame. Rendez-vous est pris pour elle et ses filles.
Installer WhatsApp et Doctolib sur son téléphone.
De 15 jours à 3 semaines de délai.
Se rendre au Tribunal Judiciaire de Béthune.
Le contrat d’Engagement Jeune est signé.
Me joindre au bureau le matin.
`

func FuzzWording(f *testing.F) {
	for _, text := range []string{"1 85 05 78 006 084 91", "FR14 2004 1010", "M. d’O", "a@b.cd", "+33 6", "É\xff", "Mme. N’", "\u0301A", "FR14\xc3"} {
		f.Add(text)
	}
	g := guard()
	f.Fuzz(func(t *testing.T, text string) {
		end := 0
		for _, found := range g.Check(text, known) {
			if found.Start < end || found.End <= found.Start || found.End > len(text) {
				t.Fatalf("%q: a finding from %d to %d after %d", text, found.Start, found.End, end)
			}
			end = found.End
			for _, at := range []int{found.Start, found.End} {
				if at < len(text) && !utf8.RuneStart(text[at]) {
					t.Fatalf("%q: %d is within a character", text, at)
				}
			}
		}
	})
}
