package bot_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"parcours/bot"
	"parcours/bot/bottest"
	"parcours/bot/command"
	"parcours/casework"
	"parcours/commands"
	"parcours/locales"
	"parcours/storage"
)

// A reading without a place in the case is told to the first who answers for it, is
// there and did not ask, and to the person where she is in the circle.
func TestAnnounced(t *testing.T) {
	for _, test := range []struct {
		name   string
		asks   string
		gone   []string
		person bool
		want   []string
	}{
		{"the referent", "martin", nil, false, []string{"paul"}},
		{"the person too", "martin", nil, true, []string{"lea", "paul"}},
		{"the author, once the referent is gone", "martin", []string{"paul"}, false, []string{"claire"}},
		{"whoever leads, once both are gone", "martin", []string{"paul", "claire"}, false, []string{"sophie"}},
		{"not the referent who asks", "paul", nil, true, []string{"claire", "lea"}},
		{"not the author who asks", "claire", []string{"paul"}, false, []string{"sophie"}},
		{"the person, who is left", "martin", []string{"paul", "claire", "sophie"}, true, []string{"lea"}},
		{"nobody is left", "martin", []string{"paul", "claire", "sophie"}, false, nil},
		{"not the person who is gone", "martin", []string{"lea"}, true, []string{"paul"}},
	} {
		for verb, why := range map[string]string{"consulter": "vérification demandée par la direction", "exporter": "elle demande une copie de tout"} {
			t.Run(verb+" "+test.name, func(t *testing.T) {
				w, code, channel := opened(t)
				joined(t, w, channel, "budget", "paul")
				done(t, w.Type("claire", channel, `liste name:"Sophie" service:"Commission" user:@sophie agreed:oui topics:budget`))
				done(t, w.Type("claire", channel, "inviter @sophie chair"))
				done(t, w.Press("sophie", direct("sophie"), "accept"))
				if test.person {
					done(t, w.Type("claire", channel, "inviter @lea person"))
					done(t, w.Press("lea", direct("lea"), "accept"))
				}
				done(t, w.Type("claire", channel, `référent @paul until:"dans 300 jours" chosen_by_person:oui`))
				done(t, w.Press("paul", direct("paul"), "accept"))
				w.With(func(o *bot.Options) {
					o.Staff = bot.Staff{Admins: []string{"u-martin", "u-paul", "u-claire"}}
				})
				for _, who := range test.gone {
					w.Platform.Deactivate(bottest.ID(who))
				}
				done(t, w.Type(test.asks, direct(test.asks), verb+" "+string(code)+` reason:"`+why+`"`))
				var told []string
				for _, who := range []string{"claire", "lea", "martin", "paul", "sophie"} {
					if strings.Contains(texts(w, direct(who)), why) {
						told = append(told, who)
					}
				}
				if !slices.Equal(told, test.want) {
					t.Errorf("told: %q, want %q", told, test.want)
				}
				stuck, err := w.Store.(storage.Overseer).Stuck(t.Context())
				must(t, err)
				if (len(stuck) == 1) != (test.want == nil) {
					t.Errorf("%d rows are left to the operator", len(stuck))
				}
			})
		}
	}
}

// What an operator decides beside the bot is announced when the bot runs; a platform
// that does not say who is there is asked again, and nobody is passed over meanwhile.
func TestWhatIsDecidedBesideTheBotIsAnnounced(t *testing.T) {
	w, code, _ := shared(t)
	decide := func(c *casework.Case) ([]casework.Fact, []command.Notice, error) {
		return commands.Exporting(c, "elle demande une copie de tout", "jeanne (1000)", locales.Departement{}, w.Now())
	}
	w.With(func(o *bot.Options) {
		c, err := bot.Decide(t.Context(), *o, code, decide)
		must(t, err)
		if last := c.Consultations[len(c.Consultations)-1]; last.Operator != "jeanne (1000)" || last.By != "" {
			t.Errorf("the case given says %+v", last)
		}
		if _, err := bot.Decide(t.Context(), *o, "P-ZZZZ", decide); !errors.Is(err, storage.ErrUnknown) {
			t.Errorf("no such case: %v", err)
		}
	})
	w.Platform.Fault = func(call string) error {
		if call == "Account" {
			return errors.New("the network is down")
		}
		return nil
	}
	w.Settle()
	if said := texts(w, direct("claire")) + texts(w, direct("lea")); strings.Contains(said, "copie de tout") {
		t.Errorf("it is told already:\n%s", said)
	}
	w.Platform.Fault = nil
	w.Advance(time.Hour)
	w.Settle()
	w.Settle()
	for who, does := range map[string]string{"claire": "Parlez-en avec la personne", "lea": "Si vous n’avez rien demandé"} {
		last := w.Platform.Messages(direct(who))
		said := last[len(last)-1].Now.AsText()
		for _, want := range []string{"copie de tout", "jeanne (1000)", "sur le serveur", does} {
			if !strings.Contains(said, want) {
				t.Errorf("%s reads no %q in:\n%s", who, want, said)
			}
		}
	}
	if said := done(t, w.Type("claire", direct("claire"), "journal "+string(code))); !strings.Contains(said, "Consultation sur le serveur, avec le compte jeanne (1000)") || !strings.Contains(said, "Document fait sur le serveur") {
		t.Errorf("the history says:\n%s", said)
	}
}
