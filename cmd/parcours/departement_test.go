package main

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/mattermost/mattermost/server/public/model"

	"parcours/locales"
)

// TestDoctorLooksAtTheStaff asks of a server that knows a few people.
func TestDoctorLooksAtTheStaff(t *testing.T) {
	id := strings.Repeat("a", 26)
	people := []model.User{
		{Id: id, Username: "claire"}, {Id: strings.Repeat("b", 26), Username: "nadia", DeleteAt: 1},
		{Id: strings.Repeat("c", 26), Username: "robot", IsBot: true}, {Id: strings.Repeat("d", 26), Username: "zoe", Roles: model.SystemGuestRoleId},
	}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked := r.URL.Path[strings.LastIndex(r.URL.Path, "/")+1:]
		if asked == "broken" {
			w.WriteHeader(http.StatusInternalServerError)
			return
		}
		for _, user := range people {
			if r.URL.Path == "/api/v4/users/"+user.Id || r.URL.Path == "/api/v4/users/username/"+user.Username {
				must(t, json.NewEncoder(w).Encode(user))
				return
			}
		}
		w.WriteHeader(http.StatusNotFound)
		must(t, json.NewEncoder(w).Encode(model.AppError{StatusCode: http.StatusNotFound}))
	}))
	t.Cleanup(server.Close)

	for _, c := range []struct {
		name string
		mark mark
		says string
	}{
		{id, markOK, "pilots[1] : @claire"},
		{"@Claire", markWarning, "Écrivez plutôt son identifiant : " + id},
		{"@nobody", markFault, "aucun compte @nobody"},
		{strings.Repeat("z", 26), markFault, "aucun compte zzz"},
		{"@nadia", markFault, "fermé"},
		{"@robot", markFault, "robot"},
		{"@zoe", markFault, "invité"},
		{"@broken", markFault, "n’a pas répondu comme attendu"},
	} {
		var out strings.Builder
		say := locales.For("fr")
		e := &examination{
			doctor: &doctor{report: newReport(&out, say), say: say}, ctx: t.Context(),
			client: apiClient(server.URL, "token"),
		}
		e.staff("pilots", []string{c.name})
		said := strings.ReplaceAll(out.String(), "\u00a0", " ")
		if e.count[c.mark] != 1 || !strings.Contains(said, c.says) {
			t.Errorf("%s: %s", c.name, said)
		}
	}
	// What is not a name was said of the configuration.
	var out strings.Builder
	e := &examination{doctor: &doctor{report: newReport(&out, locales.For("fr")), wrong: map[string]bool{"admins[1]": true}}}
	e.staff("admins", []string{"claire"})
	if out.Len() > 0 {
		t.Error(out.String())
	}
}
