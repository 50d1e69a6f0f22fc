package main

import (
	"bytes"
	"crypto/rand"
	"log/slog"
	"path/filepath"
	"testing"
	"time"

	"parcours/bot"
	"parcours/bot/chat"
	"parcours/bot/switchboard"
	"parcours/commands"
	"parcours/config"
	"parcours/locales"
	"parcours/storage/vault"
)

// TestTheStoriesPlayBehindALine has the sample cases lived, from their first day to
// their last, on a chat whose ids bear its name, beside another that is not connected.
func TestTheStoriesPlayBehindALine(t *testing.T) {
	for name, read := range tales {
		for _, discreet := range []bool{false, true} {
			t.Run(name, func(t *testing.T) {
				tale, err := read()
				must(t, err)
				var out bytes.Buffer
				start := time.Date(2026, 11, 23, 10, 0, 0, 0, time.UTC)
				p, err := newPlayground(filepath.Join(t.TempDir(), "parcours.db"), tale, chat.French, locales.Departement{}, discreet, atAnyHour(), func() time.Time { return start }, streams{out: &out, err: &out})
				must(t, err)
				defer p.store.Close()
				board := switchboard.New(switchboard.Line{
					Surface: chat.Surface{Name: config.OnSlack, Title: slackTitle, Discreet: discreet}, Platform: p.chat,
				})
				admins, pilots := tale.Staff.As(func(handle string) string {
					account, err := p.chat.Account(t.Context(), "@"+handle)
					must(t, err)
					return config.OnSlack + ":" + string(account.ID)
				})
				there := p.store.(kept)
				sealed := there.store.(*vault.Vault)
				p.bot = bot.New(bot.Options{
					Store: sealed, Platform: board, Commands: commands.All(), Views: commands.Views(),
					Secret: sealed.Keys().Secret(tokensLabel), Now: p.chat.Now, Random: rand.Reader,
					Policy: policy(config.Config{Reminders: atAnyHour()}), Lang: chat.French,
					Staff:    bot.Staff{Admins: admins, Pilots: pilots},
					Accesses: there.accesses, Log: slog.New(slog.NewTextHandler(&out, nil)),
				})
				p.chat.Attach(board.Handler(config.OnSlack, p.bot))
				if err := p.play(t.Context(), tale, &out, false); err != nil {
					t.Fatalf("%v\n%s", err, out.String()[max(0, out.Len()-3000):])
				}
			})
		}
	}
}
