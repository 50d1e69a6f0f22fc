package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"time"
	_ "time/tzdata"

	"parcours/adapters/sandbox"
	"parcours/bot"
	"parcours/bot/chat"
	"parcours/commands"
	"parcours/config"
	"parcours/locales"
	"parcours/storage/access"
	"parcours/storage/bolt"
	"parcours/story"
)

type demoCmd struct {
	Listen      string `help:"Where to serve the pages; a loopback address." default:"127.0.0.1:8080"`
	Once        bool   `help:"Play the sample story without a browser, print what each person sees, and end."`
	Story       string `help:"Which sample case: that of one person, or of a family over three meetings." enum:"person,family" default:"person"`
	Lang        string `help:"Language of the channels and of the transcript." enum:"fr,en" default:"fr"`
	Departement string `help:"In the words of which département: its code, as 09, or a file of your own." placeholder:"CODE|FILE"`
	Showing     string `help:"What the chat keeps: all that is said, or case codes alone, the rest being shown to who asks." enum:"full,discreet" default:"full"`
	Empty       bool   `help:"Start without the sample case."`
}

// Run plays the sample case on a local chat, and serves that chat until stopped.
func (d demoCmd) Run(ctx context.Context, s streams) error {
	tale, err := tales[d.Story]()
	if err != nil {
		return err
	}
	place, err := departementNamed(locales.For(d.Lang), d.Departement)
	if err != nil {
		return err
	}
	folder, err := os.MkdirTemp("", "parcours-demo-")
	if err != nil {
		return fmt.Errorf("make a temporary folder: %w", err)
	}
	defer os.RemoveAll(folder)
	p, err := newPlayground(filepath.Join(folder, "parcours.db"), tale, chat.Lang(d.Lang), place, d.Showing == config.Discreet, atAnyHour(), time.Now, s)
	if err != nil {
		return err
	}
	defer p.store.Close()
	if d.Once {
		return p.play(ctx, tale, s.out, false)
	}
	if !d.Empty {
		if err := p.play(ctx, tale, io.Discard, true); err != nil {
			return err
		}
	}
	return p.serve(ctx, d.Listen, s)
}

// tales are the sample cases.
var tales = map[string]func() (story.Story, error){"person": story.Ariege, "family": story.Family}

// A playground is a bot on a local chat, with a store of its own.
type playground struct {
	chat  *sandbox.Chat
	bot   *bot.Bot
	store io.Closer
	say   locales.Printer
}

func newPlayground(path string, tale story.Story, lang chat.Lang, place locales.Departement, discreet bool, reminders config.Reminders, now func() time.Time, s streams) (*playground, error) {
	zone, err := time.LoadLocation("Europe/Paris")
	if err != nil {
		return nil, err
	}
	p := &playground{say: locales.For(string(lang)).In(place)}
	options := sandbox.Options{Now: now, Zone: zone, Moved: func(ctx context.Context) { p.settle(ctx, s.err) }}
	for _, person := range tale.People {
		options.People = append(options.People, sandbox.Person{
			Handle: person.Handle, Name: person.Name, Note: person.Note, Lang: lang,
		})
	}
	p.chat = sandbox.New(options)
	sealed, keys, err := openStore(path, "", func(string) string { return "" }, bolt.Options{Now: p.chat.Now})
	if err != nil {
		return nil, err
	}
	log := slog.New(slog.NewTextHandler(s.err, &slog.HandlerOptions{Level: slog.LevelWarn}))
	accesses, err := openAccesses(path, keys, sealed, p.chat.Now, log)
	if err != nil {
		return nil, errors.Join(err, sealed.Close())
	}
	p.store = kept{accesses, sealed}
	admins, pilots := tale.Staff.As(func(handle string) string { return "@" + handle })
	p.bot = bot.New(bot.Options{
		Store: sealed, Platform: p.chat, Commands: commands.All(), Views: commands.Views(),
		Secret: keys.Secret(tokensLabel), Now: p.chat.Now, Random: rand.Reader,
		Policy: policy(config.Config{Reminders: reminders, Departement: place.Code}), Lang: lang, Place: place, Staff: bot.Staff{Admins: admins, Pilots: pilots}, Discreet: discreet,
		Accesses: accesses, Surface: "sandbox", Log: log,
	})
	p.chat.Attach(p.bot)
	return p, nil
}

// atAnyHour are the reminders of a demonstration, whose clock is moved by leaps:
// nothing waits for a better moment.
func atAnyHour() config.Reminders {
	reminders := config.Default().Reminders
	reminders.Days, reminders.From, reminders.To = 7, "00:00", "24:00"
	return reminders
}

// kept is what a playground has on the disk.
type kept struct {
	accesses *access.Log
	store    io.Closer
}

// Close closes the access log, whose last mark is kept in the store, then the store.
func (k kept) Close() error {
	return errors.Join(k.accesses.Close(context.Background()), k.store.Close())
}

func (p *playground) settle(ctx context.Context, out io.Writer) {
	if err := p.bot.Settle(ctx); err != nil && ctx.Err() == nil {
		fmt.Fprintln(out, "parcours:", err)
	}
}

// play plays the story, to its end or to where a demonstration begins.
func (p *playground) play(ctx context.Context, tale story.Story, out io.Writer, demo bool) error {
	player := p.player(out)
	player.Stage = p.stage(tale)
	return player.Play(ctx, tale, demo)
}

// player gives a player of stories, to be put on a stage.
func (p *playground) player(out io.Writer) *story.Player {
	return &story.Player{Out: out, Say: p.say}
}

// stage gives the playground as a stage for the people of a story.
func (p *playground) stage(tale story.Story) *stage {
	return &stage{playground: p, tale: tale, told: map[toldTo]bool{}}
}

// serve shows the chat to browsers on this computer until ctx is done.
func (p *playground) serve(ctx context.Context, address string, s streams) error {
	host, _, err := net.SplitHostPort(address)
	if ip := net.ParseIP(host); err != nil || host != "localhost" && (ip == nil || !ip.IsLoopback()) {
		return fmt.Errorf("--listen %s: the demonstration listens on this computer only, as in 127.0.0.1:8080", address)
	}
	listener, err := net.Listen("tcp", address)
	if err != nil {
		return fmt.Errorf("listen on %s: %w; try another port, as in --listen 127.0.0.1:8081", address, err)
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	server := &http.Server{
		Handler: p.chat.Handler(), ReadHeaderTimeout: 5 * time.Second, ReadTimeout: 15 * time.Second,
		IdleTimeout: time.Minute, MaxHeaderBytes: 64 << 10,
		BaseContext: func(net.Listener) context.Context { return ctx },
	}
	running := make(chan struct{})
	go func() {
		defer close(running)
		p.bot.Run(ctx)
	}()
	go func() {
		<-ctx.Done()
		patience, enough := context.WithTimeout(context.WithoutCancel(ctx), 3*time.Second)
		defer enough()
		if server.Shutdown(patience) != nil {
			server.Close()
		}
	}()
	fmt.Fprintln(s.out, p.say.T("demo.ready", locales.Args{"URL": "http://" + listener.Addr().String() + "/"}))
	err = server.Serve(listener)
	cancel()
	<-running
	if errors.Is(err, http.ErrServerClosed) {
		return nil
	}
	return err
}
