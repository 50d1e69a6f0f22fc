package bot

import (
	"context"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"parcours/bot/chat"
	"parcours/casework"
)

// twoChats are two, told apart by how an id begins.
type twoChats struct{ chat.Several }

func (twoChats) On(id string) chat.Surface {
	name, _, _ := strings.Cut(id, ":")
	return chat.Surface{Name: name}
}

// A chat that does not tell where its people are is waited for once in a round, and the
// other is asked all the same.
func TestAChatThatDoesNotTellWhereItsPeopleAreIsAskedOnceInARound(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := &round{Nudges: &Nudges{surfaces: surfaces{platform: twoChats{}}}, silent: map[string]bool{}}
		began, told := time.Now(), 0
		for _, user := range []casework.UserID{"away:a", "here:a", "away:b", "here:b", "away:c"} {
			r.patiently(t.Context(), user, func(ctx context.Context) {
				if strings.HasPrefix(string(user), "away") {
					<-ctx.Done()
				} else if ctx.Err() == nil {
					told++
				}
			})
		}
		if took := time.Since(began); took != asked || told != 2 {
			t.Errorf("it took %s, and the other chat told of %d people", took, told)
		}
	})
}
