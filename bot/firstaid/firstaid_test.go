package firstaid_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/aldanba/aldanba/bot/firstaid"
)

func load(t testing.TB) *firstaid.Trees {
	t.Helper()
	trees, err := firstaid.Load()
	if err != nil {
		t.Fatal(err)
	}
	return trees
}

// start gives the place where a way begins.
func start(t testing.TB, trees *firstaid.Trees, tree firstaid.Tree, way firstaid.Way, relative bool) firstaid.Place {
	t.Helper()
	p, _, ok := trees.Parse(firstaid.Place{Tree: tree.ID, Way: way.ID, Relative: relative}.Key())
	if !ok || p.Step != way.Steps[0] || !trees.Begins(p) {
		t.Fatalf("%s.%s does not begin: %+v", tree.ID, way.ID, p)
	}
	return p
}

// TestEveryPathEnds goes every path of every tree: it never comes back to where
// it was, and every place on it can be said by a key that fits into a button.
func TestEveryPathEnds(t *testing.T) {
	trees := load(t)
	paths := 0
	var walk func(path []firstaid.Place)
	walk = func(path []firstaid.Place) {
		p := path[len(path)-1]
		if p.Step == "" {
			paths++
			return
		}
		if len(path) > 40 {
			t.Fatalf("a path does not end: %v", path)
		}
		for _, a := range []firstaid.Answer{firstaid.Done, firstaid.Cannot} {
			key := p.Answered(a)
			if len(key) > firstaid.MaxKey {
				t.Errorf("%s is too long", key)
			}
			read, answer, ok := trees.Parse(key)
			if !ok || read != p || answer != a {
				t.Fatalf("%s is read as %+v %q %v", key, read, answer, ok)
			}
			next := trees.Next(p, a)
			if slices.ContainsFunc(path, func(before firstaid.Place) bool { return before.Step == next.Step }) {
				t.Errorf("%s comes back to %+v", key, next)
			}
			walk(append(slices.Clone(path), next))
		}
	}
	for _, tree := range trees.All() {
		for _, way := range tree.Ways {
			walk([]firstaid.Place{start(t, trees, tree, way, false)})
		}
	}
	if paths < 1000 {
		t.Errorf("only %d paths", paths)
	}
}

func TestTheOwnBankComesFirst(t *testing.T) {
	trees := load(t)
	isBank := func(id string) bool { return strings.HasPrefix(id, "bank_") || strings.HasPrefix(id, "lender_") }
	isPolice := func(id string) bool { return strings.HasPrefix(id, "police") }
	// Nobody at a bank can close a stolen messenger; nothing was typed or paid in the others.
	noBank := []string{"code.telegram", "code.whatsapp", "account.telegram", "account.whatsapp", "form.nothing", "blackmail.adult", "blackmail.minor", "recovery.asked", "call."}
	for _, tree := range trees.All() {
		for _, way := range tree.Ways {
			name := tree.ID + "." + way.ID
			bank, police := slices.IndexFunc(way.Steps, isBank), slices.IndexFunc(way.Steps, isPolice)
			switch {
			case slices.Contains(noBank, name):
				if bank >= 0 {
					t.Errorf("%s calls a bank after all: %v", name, way.Steps)
				}
			case tree.ID == "app":
				if way.Steps[0] != "offline" || bank != 1 {
					t.Errorf("%s: %v, want the network off, then the bank", name, way.Steps)
				}
			case bank != 0:
				t.Errorf("%s: the bank is step %d of %v", name, bank+1, way.Steps)
			}
			if police >= 0 && police < bank {
				t.Errorf("%s: the police before the bank: %v", name, way.Steps)
			}
		}
		if tree.Urgent != "" && slices.Contains([]string{"money", "code", "loan"}, tree.ID) && !isBank(tree.Urgent) {
			t.Errorf("%s: %s is shown first", tree.ID, tree.Urgent)
		}
	}
}

// TestCannotLeadsToAnotherWay: at every step of a way there is another one to try, for a call more than one.
func TestCannotLeadsToAnotherWay(t *testing.T) {
	trees := load(t)
	for _, tree := range trees.All() {
		for _, way := range tree.Ways {
			p := start(t, trees, tree, way, true)
			for _, id := range way.Steps {
				step, others := trees.Step(id), 0
				if p.Step != id {
					t.Fatalf("%s.%s stands at %s, not %s", tree.ID, way.ID, p.Step, id)
				}
				for n, _, _ := trees.Progress(p); ; others++ {
					p = trees.Next(p, firstaid.Cannot)
					if now, _, instead := trees.Progress(p); now != n || !instead {
						break
					}
				}
				if least := map[bool]int{true: 2, false: 1}[step.Say != "" && id != "lender_tell"]; others < least {
					t.Errorf("%s.%s: %s has %d other ways", tree.ID, way.ID, id, others)
				}
			}
			done, open := trees.Report(p)
			if p.Step != "" || len(done) != 0 || len(open) != len(way.Steps) {
				t.Errorf("%s.%s ends with %v done and %v open", tree.ID, way.ID, done, open)
			}
		}
	}
}

func TestWhatIsOpenCanBeTakenUpAgain(t *testing.T) {
	trees := load(t)
	p, _, _ := trees.Parse("money.phone:m")
	for _, a := range []firstaid.Answer{firstaid.Done, firstaid.Cannot, firstaid.Cannot, firstaid.Cannot, firstaid.Cannot, firstaid.Done, firstaid.Cannot, firstaid.Done} {
		p = trees.Next(p, a)
	}
	done, open := trees.Report(p)
	if p.Step != "" || len(done) != 3 || len(open) != 1 || open[0].ID != "police" {
		t.Fatalf("%+v: done %v, open %v", p, done, open)
	}
	p, ok := trees.Again(p)
	if !ok || p.Step != "police" {
		t.Fatalf("taken up again at %+v", p)
	}
	p = trees.Next(p, firstaid.Done)
	if _, again := trees.Again(p); again || p.Step != "" {
		t.Errorf("what was done is asked for once more: %+v", p)
	}
}

func TestEveryStageOfTheDetectorLeadsIntoATree(t *testing.T) {
	trees := load(t)
	for stage, want := range map[string]string{
		"on_the_phone": "call", "sent_money": "money", "told_code": "code", "gave_card_data": "card", "installed_app": "app",
		"took_loan": "loan", "lost_account": "account", "opened_link": "form", "nothing_yet": "", "": "",
	} {
		tree, ok := trees.ForStage(stage)
		if tree.ID != want || ok != (want != "") {
			t.Errorf("%s leads to %q", stage, tree.ID)
		}
	}
}

func TestKeysThatAreNotOursAreRefused(t *testing.T) {
	trees := load(t)
	for _, key := range []string{
		"", "money", "money:x", "money:m:", "nothing:m", "money.nothing:m", "card.phone:m", "money:m:bank_stop:f", "money.phone:m:bank_stop",
		"money.phone:m:bank_stop:f:", "money.phone:m:bank_stop:f:maybe", "money.phone:m:bank_stop:f:done:x", "money.phone:m:bank_card:f",
		"money.phone:m:bank_stop:ff", "money.phone:m:bank_stop:e", "money.phone:m:bank_stop:0f", "money.phone:m:bank_stop:-1", "money.phone:m:bank_stop:F",
		"money.phone:m::f", "money.:m:bank_stop:f", strings.Repeat("x", 100), "money.phone:m:bank_stop:zzzzzzzzzzzzzzzzzzzzzzzzzz",
	} {
		if p, a, ok := trees.Parse(key); ok {
			t.Errorf("%q is read as %+v %q", key, p, a)
		}
	}
}

func FuzzParse(f *testing.F) {
	trees := load(f)
	f.Add("money.phone:m:bank_stop:f:done")
	f.Add("card:r:police_near:1c:cannot")
	f.Add("call:m")
	f.Fuzz(func(t *testing.T, key string) {
		p, a, ok := trees.Parse(key)
		if !ok {
			return
		}
		if again, b, ok := trees.Parse(p.Key()); !ok || again != p || b != firstaid.None {
			t.Errorf("%q is %+v, which is read as %+v", key, p, again)
		}
		for range 40 {
			if p.Step == "" {
				return
			}
			p = trees.Next(p, firstaid.Cannot)
		}
		t.Errorf("%q, answered %q, never ends", key, a)
	})
}
