package main

import (
	"net/http"
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"parcours/bot"
	"parcours/bot/command"
)

// metrics count what happens. No label is ever made of what people type: each is
// one of a few known words.
type metrics struct {
	registry *prometheus.Registry
	acts     *prometheus.HistogramVec
	moves    prometheus.Counter
	calls    *prometheus.HistogramVec
	settled  *prometheus.CounterVec
	nudges   prometheus.Counter
	requests *prometheus.HistogramVec

	buttons map[string]bool
	forms   map[string]bool
}

func newMetrics(all []command.Command, waiting, stuck func() float64, heard func() bool) *metrics {
	seconds := []float64{.005, .02, .05, .1, .25, .5, 1, 2.5, 5, 10, 30}
	m := &metrics{
		registry: prometheus.NewRegistry(), buttons: map[string]bool{bot.ShowButton: true}, forms: map[string]bool{},
		acts: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "parcours_acts_seconds", Help: "What people do: commands, forms and buttons, by what came of it.", Buckets: seconds,
		}, []string{"kind", "verb", "outcome"}),
		moves: prometheus.NewCounter(prometheus.CounterOpts{
			Name: "parcours_moves_total", Help: "Changes in who can read a channel that the bot was told of.",
		}),
		calls: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "parcours_platform_calls_seconds", Help: "Calls to the servers of the chats.", Buckets: seconds,
		}, []string{"chat", "call", "outcome"}),
		settled: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "parcours_outbox_total", Help: "What became of rows of the outbox that were tried; failed ones are tried again.",
		}, []string{"outcome"}),
		nudges: prometheus.NewCounter(prometheus.CounterOpts{
			Name: "parcours_nudges_total", Help: "Reminders handed over to the outbox.",
		}),
		requests: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "parcours_http_requests_seconds", Help: "Requests received.", Buckets: seconds,
		}, []string{"path", "status"}),
	}
	for _, c := range all {
		m.forms[c.Form] = c.Form != ""
		for _, b := range c.Buttons {
			m.buttons[b.ID], m.forms[b.Form] = true, b.Form != ""
		}
	}
	for _, outcome := range outcomes {
		m.settled.WithLabelValues(outcome)
	}
	m.registry.MustRegister(m.acts, m.moves, m.calls, m.settled, m.nudges, m.requests,
		prometheus.NewGaugeFunc(prometheus.GaugeOpts{
			Name: "parcours_outbox_waiting", Help: "Rows of the outbox that wait, those for later included; -1 when unknown.",
		}, waiting),
		prometheus.NewGaugeFunc(prometheus.GaugeOpts{
			Name: "parcours_outbox_stuck", Help: "Rows of the outbox that were given up, for a human to look at with parcours outbox; -1 when unknown.",
		}, stuck),
		prometheus.NewGaugeFunc(prometheus.GaugeOpts{
			Name: "parcours_connected", Help: "1 when the bot hears every chat.",
		}, func() float64 { return oneIf(heard()) }),
		collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return m
}

// hearing has it counted too whether the bot hears each of some chats.
func (m *metrics) hearing(chats []connected) {
	for _, c := range chats {
		m.registry.MustRegister(prometheus.NewGaugeFunc(prometheus.GaugeOpts{
			Name: "parcours_chat_connected", Help: "1 when the bot hears this chat.", ConstLabels: prometheus.Labels{"chat": c.Name},
		}, func() float64 { return oneIf(c.Ready() == nil) }))
	}
}

func oneIf(yes bool) float64 {
	if yes {
		return 1
	}
	return 0
}

func (m *metrics) handler() http.Handler {
	return promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{})
}

func (m *metrics) reminded(n int) { m.nudges.Add(float64(n)) }

// timed notes how long each request took.
func (m *metrics) timed(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		start := time.Now()
		noted := &noting{ResponseWriter: w, status: http.StatusOK}
		next.ServeHTTP(noted, r)
		m.requests.WithLabelValues(place(r.URL.Path), strconv.Itoa(noted.status)).Observe(time.Since(start).Seconds())
	})
}

// noting remembers the status that was answered.
type noting struct {
	http.ResponseWriter
	status int
}

func (n *noting) WriteHeader(status int) {
	n.status = status
	n.ResponseWriter.WriteHeader(status)
}

// Unwrap lets the server find what the writer can do besides.
func (n *noting) Unwrap() http.ResponseWriter { return n.ResponseWriter }

// unknown stands for every word that is none of ours.
const unknown = "unknown"

// among gives a word if it is one of those known.
func among(known map[string]bool, word string) string {
	if known[word] {
		return word
	}
	return unknown
}
