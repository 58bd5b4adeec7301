package store_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"math"
	"os"
	"os/exec"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aldanba/aldanba/bot/dispatch"
	"github.com/aldanba/aldanba/bot/store"
)

// victim is the program that is killed: it puts, advances and answers updates
// as fast as it can, and says so after each.
func victim(dir string) {
	s, err := store.Open(context.Background(), store.Config{Dir: dir, Secret: secret})
	if err != nil {
		fmt.Println("error", err)
		os.Exit(1)
	}
	run := os.Getenv("STORE_TEST_RUN")
	var mu sync.Mutex
	say := func(words ...string) {
		mu.Lock()
		defer mu.Unlock()
		fmt.Println(strings.Join(words, " "))
	}
	var wg sync.WaitGroup
	for w := range 16 {
		wg.Go(func() {
			chat := fmt.Sprint("telegram:", w)
			for n := 0; ; n++ {
				id := fmt.Sprintf("telegram:%s-%d-%d", run, w, n)
				if _, err := s.Put(context.Background(), []dispatch.Update{{ID: id, Chat: chat, Payload: []byte(id)}}); err != nil {
					return
				}
				say("put", chat, id)
				claim, _, err := s.Claim(context.Background(), chat, time.Hour, 0)
				if err != nil || n%3 == 0 {
					continue
				}
				if err := s.Advance(context.Background(), claim, []string{id}, dispatch.Step{Sent: 1}); err != nil {
					return
				}
				say("sent", chat, id)
				if n%3 == 1 {
					continue
				}
				if n%6 == 2 {
					err = s.Done(context.Background(), claim, []string{id})
				} else {
					_, err = s.Release(context.Background(), claim, []string{id}, math.MaxInt)
				}
				if err != nil {
					return
				}
				say("done", chat, id)
			}
		})
	}
	wg.Wait()
	os.Exit(1)
}

func TestWhatWasAnsweredToSurvivesAKill(t *testing.T) {
	rounds := 8
	if testing.Short() {
		rounds = 2
	}
	b := newBench(t, "embedded")
	b.cfg.Clock = time.Now
	put, sent, done := map[string]string{}, map[string]bool{}, map[string]bool{}
	for round := range rounds {
		cmd := exec.Command(os.Args[0])
		cmd.Env = append(os.Environ(), "STORE_TEST_VICTIM="+b.cfg.Dir, fmt.Sprint("STORE_TEST_RUN=", round))
		out, err := cmd.StdoutPipe()
		check(t, err)
		check(t, cmd.Start())
		said := 0
		lines := bufio.NewScanner(out)
		for lines.Scan() {
			words := strings.Fields(lines.Text())
			if len(words) != 3 || words[0] == "error" {
				t.Fatalf("the program says %q", lines.Text())
			}
			switch words[0] {
			case "put":
				put[words[2]] = words[1]
			case "sent":
				sent[words[2]] = true
			case "done":
				done[words[2]] = true
			}
			if said++; said == 200+97*round {
				check(t, cmd.Process.Kill())
			}
		}
		cmd.Wait()
		if said < 200 {
			t.Fatalf("round %d: it said only %d things", round, said)
		}

		b.open(t)
		check(t, b.Health())
		here := map[string]dispatch.Step{}
		for _, chat := range b.waits(t) {
			claim := b.claimed(t, chat)
			for _, r := range must[[]dispatch.Record](t)(b.Pending(t.Context(), claim, 1<<20)) {
				here[r.ID] = r.Step
			}
		}
		var ids []string
		for id, chat := range put {
			step, waits := here[id]
			switch {
			case done[id] && waits:
				t.Errorf("%s was answered, and waits again", id)
			case !done[id] && !waits && !mayBeDone(id, sent):
				t.Errorf("%s was put, and is lost", id)
			case waits && sent[id] && step.Sent != 1:
				t.Errorf("%s was recorded as sent, and forgotten", id)
			}
			if len(ids) < 20 {
				ids = append(ids, id)
				if got := b.put(t, dispatch.Update{ID: id, Chat: chat}); slices.Contains(got, true) {
					t.Errorf("%s is taken for new", id)
				}
			}
		}
		check(t, b.Close())
	}
	t.Logf("%d put, %d sent, %d done in %d rounds", len(put), len(sent), len(done), rounds)
}

// mayBeDone says whether an update may have been answered without the program
// having said so before it was killed: it had sent, and Done was to come.
func mayBeDone(id string, sent map[string]bool) bool {
	var run, w, n int
	fmt.Sscanf(id, "telegram:%d-%d-%d", &run, &w, &n)
	return sent[id] && n%3 == 2
}

func TestAFullDiskIsTold(t *testing.T) {
	if _, err := os.Stat("/dev/full"); err != nil {
		t.Skip("there is no /dev/full here")
	}
	b := newBench(t, "embedded")
	check(t, os.Symlink("/dev/full", b.cfg.Dir+"/aldanba.db"))
	if err := openError(t, b.cfg); !errors.Is(err, store.ErrFull) {
		t.Fatalf("Open = %v", err)
	}
}
