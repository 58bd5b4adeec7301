package clarify_test

import (
	"strings"
	"testing"

	"github.com/aldanba/aldanba/bot/clarify"
)

func load(t testing.TB) *clarify.Table {
	t.Helper()
	table, err := clarify.Load()
	if err != nil {
		t.Fatal(err)
	}
	return table
}

// TestTheAnswersMakeTheVerdict holds the policy: what each row of answers makes
// of a suspicious verdict.
func TestTheAnswersMakeTheVerdict(t *testing.T) {
	table := load(t)
	for _, tt := range []struct {
		scheme  string
		hard    bool
		wants   string
		answers string
		asked   string
		want    clarify.Outcome
	}{
		{"fake_bank_security", false, "", "y", "c", clarify.Scam}, // they ask for a code
		{"fake_bank_security", false, "", "nn", "cf", clarify.Less},
		{"fake_bank_security", false, "", "ny", "cf", clarify.Same},
		{"fake_bank_security", false, "", "uu", "cm", clarify.Same},
		{"fake_bank_security", false, "tell_code", "yy", "fm", clarify.Scam}, // the message has asked for it
		{"fake_bank_security", true, "", "nn", "cm", clarify.Same},           // hard evidence stays
		{"fake_bank_security", true, "", "y", "c", clarify.Scam},
		{"relative_in_trouble", false, "", "y", "v", clarify.Less},
		{"relative_in_trouble", true, "", "yn", "vm", clarify.Same},
		{"relative_in_trouble", false, "", "ny", "vm", clarify.Scam},
		{"romance", false, "", "ny", "ms", clarify.Less},
		{"romance", false, "", "un", "ms", clarify.Scam},
		{"fake_delivery", false, "", "yn", "ec", clarify.Less},
		{"fake_delivery", false, "", "nu", "ec", clarify.Same},
		{"no_such_scheme", false, "", "nn", "cm", clarify.Less},
		{"", false, "tell_code move_money", "y", "f", clarify.Same},
	} {
		s := table.Start(tt.scheme, tt.hard, strings.Fields(tt.wants))
		asked := ""
		for _, a := range tt.answers {
			q, ok := table.Next(s)
			if !ok {
				break
			}
			asked += q.ID
			s = s.Answered(q, clarify.Answer(a))
			back, ok := table.Parse(s.Key())
			if !ok || back != s || len(s.Key()) > clarify.MaxKey {
				t.Errorf("%+v comes back as %+v", s, back)
			}
		}
		if got := table.Outcome(s); got != tt.want || asked != tt.asked && !strings.HasPrefix(tt.asked, asked) {
			t.Errorf("%s %q %q: asked %s, %s; want %s, %s", tt.scheme, tt.wants, tt.answers, asked, got, tt.asked, tt.want)
		}
	}
}

// TestWhatTheAnswerToAGuestMakes: the alarming answer raises the verdict, the
// other one never calms alone, and nothing calms where hard evidence stands.
func TestWhatTheAnswerToAGuestMakes(t *testing.T) {
	table := load(t)
	for _, alarmingNo := range []bool{false, true} {
		guest, ok := table.Guest(alarmingNo)
		if !ok {
			t.Fatal("no guest")
		}
		alarming, other := clarify.Yes, clarify.No
		if alarmingNo {
			alarming, other = other, alarming
		}
		for scheme := range table.Order {
			for _, hard := range []bool{false, true} {
				s := table.Start(scheme, hard, nil)
				if got := table.Outcome(s.Answered(guest, alarming)); got != clarify.Scam {
					t.Errorf("%s: the alarming answer makes it %s", scheme, got)
				}
				for _, a := range []clarify.Answer{other, clarify.Unknown} {
					if got := table.Outcome(s.Answered(guest, a)); got != clarify.Same {
						t.Errorf("%s: %c makes it %s", scheme, a, got)
					}
				}
				s = s.Answered(guest, other)
				if back, ok := table.Parse(s.Key()); !ok || back != s || len(s.Key()) > clarify.MaxKey {
					t.Errorf("%+v comes back as %+v", s, back)
				}
				if table.Welcomes(s) {
					t.Errorf("%s: a guest is asked after an answer", scheme)
				}
				q, ok := table.Next(s)
				if ok && hard && table.Outcome(s.Answered(q, clarify.No)) == clarify.Less {
					t.Errorf("%s: hard evidence was talked away", scheme)
				}
			}
		}
	}
	for scheme, welcome := range map[string]bool{"": true, "other": true, "romance": false, "fake_bank_security": false} {
		if got := table.Welcomes(table.Start(scheme, false, nil)); got != welcome {
			t.Errorf("%q: a guest is welcome: %v", scheme, got)
		}
	}
	if !table.Welcomes(table.Start("romance", false, []string{"move_money", "keep_secret"})) && !func() bool { _, ok := table.Next(table.Start("romance", false, []string{"move_money"})); return ok }() {
		t.Error("nothing of ours is left, and a guest is not welcome")
	}
}

// TestAtMostTwoQuestionsWhateverIsAnswered walks every way through every scheme.
func TestAtMostTwoQuestionsWhateverIsAnswered(t *testing.T) {
	table := load(t)
	var walk func(s clarify.State, depth int)
	walk = func(s clarify.State, depth int) {
		if s.Hard && table.Outcome(s) == clarify.Less {
			t.Errorf("%s: hard evidence was talked away", s.Key())
		}
		q, ok := table.Next(s)
		if !ok {
			return
		}
		if depth == 2 {
			t.Fatalf("%s: a third question", s.Key())
		}
		for _, a := range []clarify.Answer{clarify.Yes, clarify.No, clarify.Unknown} {
			walk(s.Answered(q, a), depth+1)
		}
	}
	for scheme := range table.Order {
		for _, hard := range []bool{false, true} {
			s := table.Start(scheme, hard, nil)
			if _, ok := table.Next(s); !ok {
				t.Errorf("%s: nothing is asked", scheme)
			}
			walk(s, 0)
		}
	}
}

func FuzzParse(f *testing.F) {
	table := load(f)
	f.Add("romance.Hm.sn")
	f.Add("..")
	f.Add("romance.m.mymy")
	f.Fuzz(func(t *testing.T, key string) {
		if s, ok := table.Parse(key); ok && s.Key() != key {
			t.Errorf("%q comes back as %q", key, s.Key())
		}
	})
}
