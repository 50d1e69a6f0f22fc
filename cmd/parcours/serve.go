package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"runtime/debug"
	"sync"
	"sync/atomic"
	"time"

	"parcours/adapters/mattermost"
	"parcours/bot"
	"parcours/bot/chat"
	"parcours/casework"
	"parcours/commands"
	"parcours/config"
	"parcours/locales"
	"parcours/storage"
	"parcours/storage/bolt"
	"parcours/storage/vault"
)

type serveCmd struct {
	configFlag
	langFlag
}

// Run answers on Mattermost, Slack or both until stopped.
func (c serveCmd) Run(ctx context.Context, s streams) error {
	cfg, place, err := c.loadWhole(s, c.say(s))
	if err != nil {
		return err
	}
	debug.SetGCPercent(200)
	debug.SetMemoryLimit(memory)
	service, err := newService(cfg, place, s)
	if err != nil {
		return fail(c.say(s), err)
	}
	return service.run(ctx)
}

// memory is what the program tries to stay under, in bytes: it shares small
// machines with the chat server. Below it, garbage is collected less often.
const memory = 36 << 20

// A service is the bot on one chat or several, with all that is around it.
type service struct {
	desk
	chats    []connected
	bot      *bot.Bot
	metrics  *metrics
	log      *slog.Logger
	say      locales.Printer
	stopping atomic.Bool
}

func newService(cfg config.Config, place locales.Departement, s streams) (*service, error) {
	zone, err := cfg.Location()
	if err != nil {
		return nil, err
	}
	v := &service{desk: desk{config: cfg, place: place, keyset: vault.PlaceOf(cfg.KeysPath(), s.getenv)}, log: newLog(cfg.Log, s), say: locales.For(cfg.Language)}
	now := func() time.Time { return time.Now().In(zone) }
	keys, err := vault.LoadKeys(cfg.KeysPath(), s.getenv)
	if err != nil {
		return nil, err
	}
	if v.file, v.sealed, err = openSealed(cfg.Data, keys, bolt.Options{Now: now, GiveBack: true}); err != nil {
		return nil, err
	}
	if v.file.Torn() {
		v.log.Warn("store: the last write to the file cannot be read, as when the power is cut meanwhile; if it was not, compare with the last backup")
	}
	restored, err := v.file.Restored(context.Background())
	if err != nil {
		return nil, errors.Join(err, v.sealed.Close())
	}
	if v.accesses, err = openAccesses(cfg.Data, keys, v.sealed, now, v.log); err != nil {
		return nil, errors.Join(err, v.sealed.Close())
	}
	if v.chats, err = connect(cfg, keys, now, v.log); err != nil {
		return nil, errors.Join(err, v.close())
	}
	all := commands.All()
	v.metrics = newMetrics(all, countOf(v.file.Waiting), countOf(v.file.GivenUp), func() bool { return allReady(v.chats) })
	v.metrics.hearing(v.chats)
	board := joined(v.chats, v.metrics)
	v.bot = bot.New(bot.Options{
		Store: settling{v.sealed, v.metrics}, Platform: board, Commands: all, Views: commands.Views(),
		Accesses: v.accesses,
		Secret:   keys.Secret(tokensLabel), Now: now, Random: rand.Reader,
		Policy: policy(cfg), Lang: chat.Lang(cfg.Language), Place: place,
		Staff: bot.Staff{Admins: cfg.Admins, Pilots: cfg.Pilots}, Pace: pace,
		CasesOn: casesOn(cfg), Hands: 4, Log: v.log,
		Reminded: v.metrics.reminded, Restored: restored, Upkeep: v.upkeep,
	})
	for _, c := range v.chats {
		c.Attach(board.Handler(c.Name, answering{v.bot, v.metrics, v.bot.Verb}))
	}
	return v, nil
}

// pace is far above what hands do, and below what would keep others waiting.
var pace = bot.Pace{PerSecond: 10, Burst: 200}

// secretLabel is what the secret of Mattermost's adapter is derived under.
const secretLabel = "mattermost"

// newAdapter makes the adapter of Mattermost that a set-up describes. The secret, under the
// same keyset, is always the same: what was sent before a restart is known after.
func newAdapter(cfg config.Config, secret []byte, now func() time.Time, log *slog.Logger) (*mattermost.Adapter, error) {
	options := mattermost.Options{
		URL: cfg.Mattermost.URL, Token: cfg.Mattermost.Token, CallbackURL: cfg.Callback(),
		Secret: secret, Now: now, Log: log,
	}
	for n, team := range cfg.Mattermost.Teams {
		if n == 0 {
			options.Team = team.ID
		} else {
			options.OtherTeams = append(options.OtherTeams, team.ID)
		}
		options.CommandTokens = append(options.CommandTokens, team.Token)
	}
	return mattermost.New(options)
}

func newLog(l config.Log, s streams) *slog.Logger {
	var level slog.Level
	if level.UnmarshalText([]byte(l.Level)) != nil {
		level = slog.LevelInfo
	}
	options := &slog.HandlerOptions{Level: level}
	if l.Format == "json" {
		return slog.New(slog.NewJSONHandler(s.err, options))
	}
	return slog.New(slog.NewTextHandler(s.err, options))
}

// countOf gives a count of the store; -1 when it cannot be told.
func countOf(count func(context.Context) (int, error)) func() float64 {
	return func() float64 {
		n, err := count(context.Background())
		if err != nil {
			return -1
		}
		return float64(n)
	}
}

// upkeep is what is done once a night: what an erasure may have left is scrubbed,
// cases that were kept long enough are destroyed, old months of the access log are let
// go, a backup is made, and every journal is read and verified, without anybody having
// to wait; the whole store together is for parcours verify.
func (v *service) upkeep(ctx context.Context) error {
	v.scrub(ctx)
	zone, err := v.config.Location()
	if err == nil {
		now := time.Now().In(zone)
		err = errors.Join(v.forget(ctx, now), v.nightly(ctx, now))
	}
	return errors.Join(err, v.accesses.Prune(ctx), v.readAll(ctx))
}

// retain has every case kept as long as the set-up says: a change of it is for all.
func (v *service) retain(ctx context.Context) error {
	var changed []casework.Code
	err := v.cases(ctx, func(c *casework.Case) {
		if c.SetRetention(v.config.RetentionMonths) != nil {
			changed = append(changed, c.Code)
		}
	})
	for _, code := range changed {
		err = errors.Join(err, v.bot.Nudges.Retain(ctx, code))
	}
	return err
}

// forget destroys the cases that were kept long enough.
func (v *service) forget(ctx context.Context, now time.Time) error {
	err := v.retain(ctx)
	if err != nil {
		return fmt.Errorf("retain: %w", err)
	}
	outlived, err := v.outlived(ctx, now)
	if err == nil {
		err = v.purge(ctx, streams{operator: "upkeep"}, outlived)
	}
	if err != nil {
		return fmt.Errorf("purge: %w", err)
	}
	v.log.Info("purge", "cases", len(outlived))
	return nil
}

// readAll verifies the whole file, then every journal, one after the other.
func (v *service) readAll(ctx context.Context) error {
	journals, damaged := 0, 0
	err := v.file.Check(ctx, func(d storage.Damage) {
		damaged++
		v.log.Error("upkeep: the file is not as it was written", "err", &d)
	})
	if err != nil {
		return fmt.Errorf("upkeep: %w", err)
	}
	err = v.sealed.Scan(ctx, func(code casework.Code, _ storage.Journal, err error) error {
		journals++
		if err != nil {
			damaged++
			v.log.Error("upkeep: a journal is not as it was written", "case", code, "err", err)
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("upkeep: %w", err)
	}
	v.log.Info("upkeep", "journals", journals, "damaged", damaged)
	return nil
}

// endRotation ends what a rotation of the keys has begun and an earlier run has not
// ended.
func (v *service) endRotation(ctx context.Context) {
	if len(v.sealed.Keys().Masters()) == 1 {
		return
	}
	if err := v.sealed.Rewrap(ctx); err != nil && ctx.Err() == nil {
		v.log.Error("a rotation of the keys is not ended", "err", err)
	}
}

// close closes the access log, whose last mark is kept in the store, then the store.
func (v *service) close() error {
	return errors.Join(v.accesses.Close(context.Background()), v.sealed.Close())
}

// takeOrders opens the hatch of the operator. The program goes on without one,
// since people wait for it.
func (v *service) takeOrders() *hatch {
	if !hatchHere {
		return nil
	}
	why := unfit(v.config.Data, v.say)
	if why == "" {
		h, err := openHatch(&v.desk, v.log)
		if err == nil {
			return h
		}
		why = cause(err)
	}
	v.log.Warn("operations on the store need the program to be stopped", "why", why)
	return nil
}

// scrub makes up for an erasure that was cut short.
func (v *service) scrub(ctx context.Context) {
	if err := v.sealed.Scrub(ctx); err != nil {
		v.log.Error("traces of what was erased are left in the file", "err", err)
	}
}

// patience is how long a stop waits for the requests under way.
const patience = 15 * time.Second

// run answers until ctx is done, then in turn takes no more requests, ends those
// under way, ends what the outbox has in hand, and closes the store.
func (v *service) run(ctx context.Context) (err error) {
	defer func() {
		err = errors.Join(err, v.close())
		v.log.Info("stopped")
	}()
	v.scrub(ctx)
	listener, err := listen(v.config)
	if err != nil {
		return fail(v.say, err)
	}
	operator := v.takeOrders()
	server := v.server()
	served := make(chan error, 1)
	go func() { served <- server.Serve(listener) }()

	// What runs in the background ends after the last request, not with ctx.
	working, enough := context.WithCancel(context.WithoutCancel(ctx))
	defer enough()
	var background sync.WaitGroup
	for _, c := range v.chats {
		background.Go(func() { c.Run(working) })
	}
	background.Go(func() { v.bot.Run(working) })
	background.Go(func() { v.endRotation(working) })
	v.log.Info("serving", "version", version, "listen", v.config.Listen, "callback", v.config.Callback(), "chats", len(v.chats), "teams", len(v.config.Mattermost.Teams))

	select {
	case err = <-served:
	case <-ctx.Done():
		v.log.Info("stopping")
	}
	v.stopping.Store(true)
	grace, done := context.WithTimeout(context.WithoutCancel(ctx), patience)
	defer done()
	if operator != nil {
		err = errors.Join(err, operator.close(grace))
	}
	if server.Shutdown(grace) != nil {
		v.log.Warn("requests were cut short")
		err = errors.Join(err, server.Close())
	}
	enough()
	background.Wait()
	if err != nil {
		return fmt.Errorf("serve: %w", err)
	}
	return nil
}
