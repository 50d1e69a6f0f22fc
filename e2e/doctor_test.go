package e2e

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/mattermost/mattermost/server/public/model"
)

func (o *office) doctor() (string, int) {
	o.t.Helper()
	return o.run("doctor", "--config", o.config)
}

func TestDoctorFindsASoundInstallationSound(t *testing.T) {
	o := installed(t, 2)
	said, code := o.doctor()
	if code != 0 || !strings.Contains(said, "0 chose à réparer") || !strings.Contains(said, "Parcours ne tourne pas") {
		t.Errorf("exit code %d\n%s", code, said)
	}
	if _, err := os.Stat(filepath.Join(o.folder, "parcours.db.keys")); err == nil {
		t.Error("looking made a keyset")
	}
	r := o.serve()
	r.eventually("/readyz", http.StatusOK)
	said, code = o.doctor()
	t.Log(said)
	for _, want := range []string{"tenu par Parcours qui tourne", "Parcours tourne et répond", "le serveur joint Parcours depuis l’équipe " + o.teams[1].Name, "0 chose à réparer"} {
		if code != 0 || !strings.Contains(said, want) {
			t.Errorf("%q: exit code %d\n%s", want, code, said)
		}
	}
	// Without an administrator's token, what cannot be seen is said.
	o.env["PARCOURS_ADMIN_TOKEN"] = ""
	if said, code = o.doctor(); code != 0 || !strings.Contains(said, "non vérifié") {
		t.Errorf("exit code %d\n%s", code, said)
	}
	o.env["LANG"] = "en_US.UTF-8"
	if said, code = o.doctor(); code != 0 || !strings.Contains(said, "0 faults") {
		t.Errorf("exit code %d\n%s", code, said)
	}
	if log := r.logged.String(); strings.Contains(log, "ERROR") {
		t.Error("the checks trouble the program")
	}
}

// between stands between the office and the server, and changes what it answers.
func (o *office) between(change func(*http.Response)) {
	o.t.Helper()
	target, err := url.Parse(server.URL)
	must(o.t, err)
	front := httptest.NewServer(&httputil.ReverseProxy{
		Rewrite: func(r *httputil.ProxyRequest) {
			r.SetURL(target)
			r.Out.Host = r.In.Host
			r.Out.Header.Del("Accept-Encoding")
		},
		ModifyResponse: func(r *http.Response) error {
			change(r)
			return nil
		},
	})
	o.t.Cleanup(front.Close)
	o.env["PARCOURS_MATTERMOST_URL"] = front.URL
}

func TestDoctorNamesEachFault(t *testing.T) {
	ctx := t.Context()
	write := func(o *office, old, new string) {
		text := read(o.t, o.config)
		if !strings.Contains(text, old) {
			o.t.Fatalf("no %q in\n%s", old, text)
		}
		must(o.t, os.WriteFile(o.config, []byte(strings.Replace(text, old, new, 1)), 0o600))
	}
	store := func(o *office) (db, keys string) {
		r := o.serve()
		r.stop()
		return filepath.Join(o.folder, "parcours.db"), filepath.Join(o.folder, "parcours.db.keys")
	}
	for _, c := range []struct {
		name string
		do   func(t *testing.T, o *office)
		// want is said with the mark of a fault, or of a warning when it begins
		// with "~"; mend is on the next line.
		want, mend string
	}{
		{"no file", func(t *testing.T, o *office) { must(t, os.Remove(o.config)) }, "Il n’y a pas de fichier", "parcours setup mattermost"},
		{"readable file", func(t *testing.T, o *office) { must(t, os.Chmod(o.config, 0o640)) }, "d’autres comptes peuvent le lire (droits 0640)", "chmod 600"},
		{"unknown key", func(t *testing.T, o *office) { write(o, "language =", "langue = \"fr\"\nlanguage =") }, "langue", "sont possibles : data, keys"},
		{"wrong value", func(t *testing.T, o *office) { o.env["PARCOURS_LANGUAGE"] = "de" }, "language", "fr, en"},
		{"another zone", func(t *testing.T, o *office) {
			o.env["PARCOURS_DEPARTEMENT"], o.env["PARCOURS_TIME_ZONE"] = "974", "Europe/Paris"
		}, "~celui du département 974 est Indian/Reunion", "time_zone"},
		{"exposed", func(t *testing.T, o *office) {
			o.env["PARCOURS_LISTEN"] = strings.Replace(o.listen, "127.0.0.1", "0.0.0.0", 1)
		}, "~d’autres ordinateurs peuvent joindre", "https"},
		{"no keyset", func(t *testing.T, o *office) {
			_, keys := store(o)
			must(t, os.Remove(keys))
		}, "il n’y a pas de trousseau", "Remettez sa copie"},
		{"readable keyset", func(t *testing.T, o *office) {
			_, keys := store(o)
			must(t, os.Chmod(keys, 0o644))
		}, "d’autres comptes peuvent lire le trousseau", "chmod 600"},
		{"not a keyset", func(t *testing.T, o *office) {
			_, keys := store(o)
			must(t, os.WriteFile(keys, []byte("{}"), 0o600))
		}, "n’est pas un trousseau", "Remettez sa copie"},
		{"the keyset of another", func(t *testing.T, o *office) {
			r := o.serve()
			r.open(o.join("claire", o.teams[0]), o.teams[0])
			r.stop()
			keys := filepath.Join(o.folder, "parcours.db.keys")
			other := newOffice(t, 1)
			other.setup()
			_, theirs := store(other)
			must(t, os.Rename(theirs, keys))
		}, "le trousseau n’ouvre pas le fichier", "Remettez le trousseau"},
		{"readable data", func(t *testing.T, o *office) {
			db, _ := store(o)
			must(t, os.Chmod(db, 0o644))
		}, "d’autres comptes peuvent lire le fichier des situations", "chmod 600"},
		{"damaged data", func(t *testing.T, o *office) {
			db, _ := store(o)
			must(t, os.WriteFile(db, []byte(strings.Repeat("x", 1<<16)), 0o600))
		}, "est abîmé", "sauvegarde"},
		{"no folder for the data", func(t *testing.T, o *office) { o.env["PARCOURS_DATA"] = "/no/such/parcours.db" }, "rien ne peut être écrit dans /no/such", "Faites ce dossier"},
		{"nobody answers", func(t *testing.T, o *office) { o.env["PARCOURS_MATTERMOST_URL"] = "http://127.0.0.1:1" }, "ne répond pas : connection refused", "mattermost.url"},
		{"another site", func(t *testing.T, o *office) {
			site := httptest.NewServer(http.NotFoundHandler())
			t.Cleanup(site.Close)
			o.env["PARCOURS_MATTERMOST_URL"] = site.URL
		}, "n’est pas un serveur Mattermost", "mattermost.url"},
		{"too old", func(t *testing.T, o *office) {
			o.between(func(r *http.Response) { r.Header.Set(model.HeaderVersionId, "9.11.0.1.x") })
		}, "version 9.11 ; il faut au moins 10.5", "Mettez le serveur à jour"},
		{"old", func(t *testing.T, o *office) {
			o.between(func(r *http.Response) { r.Header.Set(model.HeaderVersionId, "10.11.0.1.x") })
		}, "~version 10.11 : dans les formulaires", "calendriers"},
		{"the clock", func(t *testing.T, o *office) {
			o.between(func(r *http.Response) {
				r.Header.Set("Date", time.Now().Add(-time.Hour).UTC().Format(http.TimeFormat))
			})
		}, "diffèrent de 1h0m", "timedatectl"},
		{"the clock, a little", func(t *testing.T, o *office) {
			o.between(func(r *http.Response) {
				r.Header.Set("Date", time.Now().Add(time.Minute).UTC().Format(http.TimeFormat))
			})
		}, "~diffèrent de", "timedatectl"},
		{"token revoked", func(t *testing.T, o *office) {
			tokens, _, err := server.Admin.GetUserAccessTokensForUser(ctx, o.botUser().Id, 0, 10)
			must(t, err)
			_, err = server.Admin.RevokeUserAccessToken(ctx, tokens[0].Id)
			must(t, err)
		}, "refuse le jeton du compte", "parcours setup mattermost"},
		{"account deactivated", func(t *testing.T, o *office) {
			_, _, err := server.Admin.DisableBot(ctx, o.botUser().Id)
			must(t, err)
		}, "refuse le jeton du compte", "parcours setup mattermost"},
		{"token of a person", func(t *testing.T, o *office) {
			o.env["PARCOURS_MATTERMOST_TOKEN"] = o.join("claire", o.teams[0]).AuthToken
		}, "le jeton est celui d’une personne", "mattermost.token"},
		{"an administrator", func(t *testing.T, o *office) {
			_, err := server.Admin.UpdateUserRoles(ctx, o.botUser().Id, "system_user system_admin")
			must(t, err)
		}, "~est administrateur du serveur", "Retirez-lui ce rôle"},
		{"no right", func(t *testing.T, o *office) {
			_, err := server.Admin.UpdateUserRoles(ctx, o.botUser().Id, "system_user")
			must(t, err)
		}, "ne peut pas répondre à une seule personne", "parcours setup mattermost"},
		{"not in the team", func(t *testing.T, o *office) {
			_, err := server.Admin.RemoveTeamMember(ctx, o.teams[0].Id, o.botUser().Id)
			must(t, err)
		}, "n’est pas dans l’équipe", "parcours setup mattermost"},
		{"the team has another name", func(t *testing.T, o *office) { write(o, `name = "`+o.teams[0].Name, `name = "x`+o.teams[0].Name) }, "~s’appelle maintenant", "Corrigez son nom"},
		{"no command", func(t *testing.T, o *office) {
			_, err := server.Admin.DeleteCommand(ctx, o.slash(o.teams[0]).Id)
			must(t, err)
		}, "n’a pas de commande /parcours", "parcours setup mattermost"},
		{"the command calls elsewhere", func(t *testing.T, o *office) {
			moved := *o.slash(o.teams[0])
			moved.URL = "http://127.0.0.1:1/x"
			_, _, err := server.Admin.UpdateCommand(ctx, &moved)
			must(t, err)
		}, "appelle http://127.0.0.1:1/x au lieu de", "parcours setup mattermost"},
		{"the command's token", func(t *testing.T, o *office) { write(o, o.slash(o.teams[0]).Token, strings.Repeat("x", 26)) }, "le jeton de la commande", "parcours setup mattermost"},
		{"two commands", func(t *testing.T, o *office) { o.between(twice) }, "plusieurs commandes répondent à /parcours", "Effacez l’autre"},
		{"another program in its place", func(t *testing.T, o *office) {
			listener, err := net.Listen("tcp", o.listen)
			must(t, err)
			other := &http.Server{Handler: http.NotFoundHandler()}
			go func() { _ = other.Serve(listener) }()
			t.Cleanup(func() { other.Close() })
		}, "y reçoit le code 404", "relais"},
		{"another program that is content", func(t *testing.T, o *office) {
			listener, err := net.Listen("tcp", o.listen)
			must(t, err)
			other := &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "hello") })}
			go func() { _ = other.Serve(listener) }()
			t.Cleanup(func() { other.Close() })
		}, "n’est pas ce Parcours", "callback_url"},
		{"the wrong port", func(t *testing.T, o *office) {
			port, err := freePort()
			must(t, err)
			o.env["PARCOURS_LISTEN"] = fmt.Sprintf("127.0.0.1:%d", port)
		}, "n’arrive pas à appeler", "vérifiez aussi que le serveur peut joindre"},
		{"an administrator's token that is none", func(t *testing.T, o *office) { o.env["PARCOURS_ADMIN_TOKEN"] = "x" }, "refuse le jeton de l’administrateur", "révoqué"},
		{"the owner may leave", func(*testing.T, *office) {}, "~appartient à @admin", "DisableBotsWhenOwnerIsDeactivated"},
		{"emails copy messages", func(_ *testing.T, o *office) { o.between(mailing) }, "~recopie les messages entiers dans des courriels", "SendEmailNotifications"},
		{"members let others in", func(*testing.T, *office) {}, "~tout membre d’un canal privé", "--harden"},
	} {
		t.Run(c.name, func(t *testing.T) {
			o := installed(t, 1)
			c.do(t, o)
			said, code := o.doctor()
			text, warned := strings.CutPrefix(c.want, "~")
			mark, wantCode := "à réparer", 1
			if warned {
				mark, wantCode = "attention", 0
			}
			if code != wantCode {
				t.Errorf("exit code %d, want %d", code, wantCode)
			}
			lines := strings.Split(said, "\n")
			for n, line := range lines {
				if strings.HasPrefix(line, mark) && strings.Contains(line, text) && strings.Contains(lines[n+1], "→") && strings.Contains(lines[n+1], c.mend) {
					return
				}
			}
			t.Errorf("%s %q, then %q, is not said in\n%s", mark, text, c.mend, said)
		})
	}
}

// mailing has the server send whole messages by mail.
func mailing(r *http.Response) {
	if !strings.HasSuffix(r.Request.URL.Path, "/config") {
		return
	}
	text, err := io.ReadAll(r.Body)
	if err != nil {
		return
	}
	replace(r, bytes.Replace(text, []byte(`"SendEmailNotifications":false`), []byte(`"SendEmailNotifications":true`), 1))
}

// replace gives an answer another body.
func replace(r *http.Response, text []byte) {
	r.Body, r.ContentLength = io.NopCloser(bytes.NewReader(text)), int64(len(text))
	r.Header.Set("Content-Length", fmt.Sprint(len(text)))
	r.Header.Del("Content-Encoding")
}

// twice has the server tell of every command twice, as when a plugin has the same
// word.
func twice(r *http.Response) {
	if !strings.HasSuffix(r.Request.URL.Path, "/commands/autocomplete") {
		return
	}
	var all []json.RawMessage
	if json.NewDecoder(r.Body).Decode(&all) != nil {
		return
	}
	text, _ := json.Marshal(append(all, all...))
	replace(r, text)
}
