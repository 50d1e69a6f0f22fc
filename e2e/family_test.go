package e2e

import (
	"bytes"
	"os/exec"
	"strings"
	"testing"

	"parcours/story"
)

// A family, from the proposal to the end of the démarche, over three meetings:
// what each of them holds at the end.
func TestAFamilyOverThreeMeetings(t *testing.T) {
	tale, err := story.Family()
	must(t, err)
	w, code := lives(t, tale, "attacker")
	ctx := t.Context()

	// The mother has a copy of every document made about her.
	copies := documents(t, w, "moreau")
	for name, words := range map[string][]string{
		code + "-invitation.pdf":          {"Inès Vasseur", "Karim Saïdi", "Victor Lemaire", "Duval"},
		code + "-releve-de-decisions.pdf": {"Obtenir un logement sain et plus grand", "Solder la dette de loyer", "Hugo", "Marc Lefèvre", "Julie", "devant Amélie Carpentier"},
		code + "-projet.pdf":              {"Obtenir un logement sain", "Des parents très présents", "aide éducative à domicile", "Saïdi"},
	} {
		text := copies[name]
		for _, word := range words {
			if !strings.Contains(text, word) {
				t.Errorf("%q is not in %s:\n%s", word, name, text)
			}
		}
	}
	for name, text := range documents(t, w, "karim") {
		if strings.Contains(text, "<no value>") || strings.Contains(strings.ToLower(name), "moreau") {
			t.Errorf("%s:\n%s", name, text)
		}
	}
	if len(documents(t, w, "ines")) != 0 {
		t.Error("documents to somebody who asked for none")
	}

	// Nobody outside ever saw anything, and the channel is closed.
	secret := append([]string{"Lefèvre", "apurement", "Tilleuls"}, tale.Secret...)
	wantBlind(t, w.people["jules"], w.team, secret...)
	wantBlind(t, w.people["attacker"], w.team, append(secret, code)...)
	if channel, _, err := server.Admin.GetChannelByNameIncludeDeleted(ctx, code, w.team, ""); err != nil || channel.DeleteAt == 0 {
		t.Errorf("the channel is still open: %v", err)
	}
	for _, word := range secret {
		if strings.Contains(w.logged.String(), word) {
			t.Errorf("the log holds %q", word)
		}
	}
}

// documents gives the text of every PDF that the bot gave somebody in private, by
// file name in small letters.
func documents(t *testing.T, w *world, handle string) map[string]string {
	t.Helper()
	p := w.people[handle]
	posts, err := p.Posts(t.Context(), w.direct(handle))
	must(t, err)
	texts := map[string]string{}
	for _, post := range posts {
		for _, id := range post.FileIds {
			info, _, err := p.GetFileInfo(t.Context(), id)
			must(t, err)
			if info.Extension != "pdf" {
				continue
			}
			body, _, err := p.GetFile(t.Context(), id)
			must(t, err)
			read := exec.CommandContext(t.Context(), "pdftotext", "-", "-")
			read.Stdin = bytes.NewReader(body)
			text, err := read.Output()
			must(t, err)
			texts[strings.ToLower(info.Name)] += strings.Join(strings.Fields(string(text)), " ") + "\n"
		}
	}
	return texts
}
