// Command speed measures Parcours on a real Mattermost server, each thing beside
// the bare calls it is made of, in the same run on the same server.
package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"slices"
	"time"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	err := measure(ctx)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "speed:", err)
		os.Exit(1)
	}
}

// rounds is how often each thing is done; ours and the bare one in turn, so that
// both meet the same server.
const rounds = 60

func measure(ctx context.Context) error {
	b, err := newBench(ctx)
	if err != nil {
		return err
	}
	defer b.close()

	opening, err := alternate(ctx, rounds, b.open, b.bareOpen, b.bareChannel)
	if err != nil {
		return fmt.Errorf("open a case: %w", err)
	}
	inviting, err := alternate(ctx, rounds, b.invite, b.bareInvite)
	if err != nil {
		return fmt.Errorf("invite: %w", err)
	}
	if _, err := b.status(ctx); err != nil {
		return fmt.Errorf("status: %w", err)
	}
	status, err := alternate(ctx, rounds, b.status, b.bareCommand)
	if err != nil {
		return fmt.Errorf("status: %w", err)
	}
	crowd, err := b.crowd(ctx)
	if err != nil {
		return fmt.Errorf("fifty at once: %w", err)
	}
	memory, err := b.memory()
	if err != nil {
		return err
	}

	fmt.Printf("\n%-58s %9s %9s %7s %s\n", "p50 of "+fmt.Sprint(rounds), "ours", "bare", "ratio", "promised")
	row := func(what string, ours, bare []time.Duration, promised string) {
		fmt.Printf("%-58s %9s %9s %7.2f %s\n", what, round(p(ours, 50)), round(p(bare, 50)), ratio(p(ours, 50), p(bare, 50)), promised)
	}
	row("open: submitted form → author reads the pinned card", opening[0], opening[1], "≤ 1.3 × the same REST calls")
	row("open: the same, beside one private channel", opening[0], opening[2], "≤ 4")
	row("invite: typed → the invited person reads it", inviting[0], inviting[1], "≤ 1.3 × the bare calls")
	row("suivi: typed → answered", status[0], status[1], "≤ 1.5 × an empty command")
	fmt.Printf("%-58s %9s %9s %7.2f %s\n", fmt.Sprintf("50 people for %s, %d lines, %d errors: p50, p99", minute, len(crowd.took), crowd.errors),
		round(p(crowd.took, 50)), round(p(crowd.took, 99)), ratio(p(crowd.took, 99), p(crowd.took, 50)), "p99 ≤ 5 × p50, no error")
	fmt.Printf("%-58s %6d MB %27s\n", "resident memory of serve after it", memory>>20, "≤ 60 MB")
	return nil
}

// alternate does each of some things in turn, many times, and gives how long
// each took every time.
func alternate(ctx context.Context, times int, things ...func(context.Context) (time.Duration, error)) ([][]time.Duration, error) {
	took := make([][]time.Duration, len(things))
	for range times {
		for i, thing := range things {
			d, err := thing(ctx)
			if err != nil {
				return nil, err
			}
			took[i] = append(took[i], d)
		}
	}
	return took, nil
}

// p gives a percentile.
func p(took []time.Duration, percent int) time.Duration {
	sorted := slices.Sorted(slices.Values(took))
	return sorted[min(len(sorted)-1, len(sorted)*percent/100)]
}

func ratio(a, b time.Duration) float64 { return a.Seconds() / b.Seconds() }

func round(d time.Duration) time.Duration { return d.Round(100 * time.Microsecond) }
