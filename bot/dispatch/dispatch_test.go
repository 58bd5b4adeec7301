package dispatch_test

import (
	"flag"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) {
	_ = flag.Set("rapid.seed", "1") // the same histories for everybody; the command line may name another seed
	goleak.VerifyTestMain(m)
}

func TestMessagesThatCameTogetherAreOneCase(t *testing.T) {
	type arrival struct {
		after   time.Duration // since the one before
		payload string
	}
	const ms = time.Millisecond
	tests := map[string]struct {
		arrivals []arrival
		want     []string
		when     []time.Duration
	}{
		"one waits for company": {
			[]arrival{{0, "a"}}, []string{"re: a"}, []time.Duration{500 * ms}},
		"three at once": {
			[]arrival{{0, "a"}, {0, "b"}, {0, "c"}}, []string{"re: a+b+c"}, []time.Duration{500 * ms}},
		"each opens the wait anew": {
			[]arrival{{0, "a"}, {400 * ms, "b"}, {400 * ms, "c"}}, []string{"re: a+b+c"}, []time.Duration{1300 * ms}},
		"what comes after the wait is another case": {
			[]arrival{{0, "a"}, {600 * ms, "b"}}, []string{"re: a", "re: b"}, []time.Duration{500 * ms, 1100 * ms}},
		"the wait ends after two seconds": {
			[]arrival{{0, "a"}, {450 * ms, "b"}, {450 * ms, "c"}, {450 * ms, "d"}, {450 * ms, "e"}, {450 * ms, "f"}},
			[]string{"re: a+b+c+d+e", "re: f"}, []time.Duration{2000 * ms, 2750 * ms}},
		"no more than ten": {
			[]arrival{{0, "1"}, {0, "2"}, {0, "3"}, {0, "4"}, {0, "5"}, {0, "6"}, {0, "7"}, {0, "8"}, {0, "9"}, {0, "10"}, {0, "11"}},
			[]string{"re: 1+2+3+4+5+6+7+8+9+10", "re: 11"}, []time.Duration{0, 500 * ms}},
		"a button does not wait and closes the case before it": {
			[]arrival{{0, "a"}, {100 * ms, "press help"}, {0, "b"}},
			[]string{"re: a", "re: press help", "re: b"}, []time.Duration{100 * ms, 100 * ms, 600 * ms}},
		"an edited message is a case of its own": {
			[]arrival{{0, "a"}, {100 * ms, "edit b"}, {0, "c"}},
			[]string{"re: a", "re: edited+b", "re: c"}, []time.Duration{100 * ms, 100 * ms, 600 * ms}},
		"an update that asks for no answer gets none": {
			[]arrival{{0, "nothing"}}, nil, nil},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			inBubble(t, nil, func(b *bench) {
				for _, a := range test.arrivals {
					b.pass(a.after)
					b.say("anna", a.payload)
				}
				b.pass(10 * time.Second)
				if diff := cmp.Diff(test.want, b.messenger.heard("anna")); diff != "" {
					t.Errorf("said (-want +got):\n%s", diff)
				}
				if diff := cmp.Diff(test.when, b.messenger.when("anna")); diff != "" {
					t.Errorf("when (-want +got):\n%s", diff)
				}
				if n := b.inbox.left(); n != 0 {
					t.Errorf("%d records are left in the inbox", n)
				}
			})
		})
	}
}
