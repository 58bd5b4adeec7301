package story_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/aldanba/aldanba/bot/story"
	"github.com/aldanba/aldanba/detector/scheme"
	"github.com/aldanba/aldanba/locales"
)

func plots(t testing.TB) *story.Plots {
	t.Helper()
	p, err := story.Load()
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// first is the day on which the stories of the tests begin.
var first = time.Date(2026, 11, 1, 9, 0, 0, 0, time.UTC)

func on(day int, from string, steps ...string) story.Piece {
	return story.Piece{At: first.AddDate(0, 0, day), From: from, Steps: steps}
}

func TestPiecesMakeAStory(t *testing.T) {
	with := func(p story.Piece, marks ...string) story.Piece { p.Marks = marks; return p }
	as := func(p story.Piece, id string) story.Piece { p.ID = id; return p }
	cases := []struct {
		name   string
		past   []story.Piece
		now    story.Piece
		risk   story.Risk
		scheme string
	}{
		{"one piece is no story", nil, on(0, "", "romance.meet", "romance.far", "romance.ask"), story.None, ""},
		{"love and a request", []story.Piece{on(0, "", "romance.meet")}, on(5, "", "romance.ask"), story.Suspicious, "romance"},
		{"love from afar and a request", []story.Piece{on(0, "", "romance.meet"), on(2, "", "romance.far")}, on(5, "", "romance.ask"), story.Scam, "romance"},
		{"fond people ask each other", []story.Piece{on(0, "", "romance.fond"), on(1, "", "romance.hush")}, on(5, "", "romance.ask"), story.None, ""},
		{"another person asks", []story.Piece{on(0, "a", "romance.meet"), on(2, "a", "romance.far")}, on(5, "b", "romance.ask"), story.None, ""},
		{"another person names the same account", []story.Piece{with(on(0, "a", "romance.meet"), "x"), with(on(2, "a", "romance.far"), "x")}, with(on(5, "b", "romance.ask"), "x"), story.Scam, "romance"},
		{"a rescuer is another person", []story.Piece{on(0, "a", "investment.invite"), on(2, "a", "investment.paid")}, on(9, "b", "investment.rescue"), story.Scam, "fake_lawyer_recovery"},
		{"too long ago", []story.Piece{on(0, "", "romance.meet")}, on(30, "", "romance.ask"), story.None, ""},
		{"a dangerous sender asks", []story.Piece{on(0, "a", "sender.danger")}, on(2, "a", "sender.ask"), story.Suspicious, "other"},
		{"somebody else asks", []story.Piece{on(0, "a", "sender.danger")}, on(2, "b", "sender.ask"), story.None, ""},
		{"nobody known asks", []story.Piece{on(0, "", "sender.danger")}, on(2, "", "sender.ask"), story.None, ""},
		{"in the wrong order", []story.Piece{on(0, "", "romance.ask")}, on(5, "", "romance.meet"), story.None, ""},
		{"the same case again", []story.Piece{as(on(0, "", "romance.meet"), "c")}, as(on(0, "", "romance.meet", "romance.ask"), "c"), story.None, ""},
		{"a code, then a service", []story.Piece{on(0, "", "security.code")}, on(1, "", "security.guard"), story.Scam, "fake_bank_security"},
		{"a second request", []story.Piece{on(0, "", "job.task"), on(1, "", "job.paid"), on(2, "", "job.more")}, on(3, "", "job.more"), story.Scam, "easy_money_job"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			f, ok := plots(t).Read(c.past, c.now)
			if f.Risk != c.risk || ok != (c.risk > story.None) || ok && f.Scheme != c.scheme {
				t.Errorf("got %+v", f)
			}
			if ok && (len(f.Points) < 2 || !f.Points[len(f.Points)-1].At.IsZero() || f.Points[0].At.IsZero()) {
				t.Errorf("the line of the story is %+v", f.Points)
			}
		})
	}
}

// Every step has words, every scheme a name, every rule a pack.
func TestPlotsAreWhole(t *testing.T) {
	p := plots(t)
	texts, err := locales.Load()
	if err != nil {
		t.Fatal(err)
	}
	for _, lang := range locales.Languages() {
		for _, key := range p.Keys() {
			if text := texts.Text(lang, key, nil); text == "⟦"+key+"⟧" {
				t.Errorf("%s has no words for %s", lang, key)
			}
		}
		for _, id := range p.Schemes() {
			if _, ok := texts.Scheme(lang, id); !ok {
				t.Errorf("%s has no scheme %s", lang, id)
			}
		}
	}
	packs, err := scheme.BuiltinPacks()
	if err != nil {
		t.Fatal(err)
	}
	var ids []string
	for _, pack := range packs {
		for _, rule := range pack.Rules {
			ids = append(ids, rule.ID)
			if steps := p.Steps([]string{rule.ID}); rule.Kind == scheme.Beat && len(steps) == 0 {
				t.Errorf("no plot asks for %s", rule.ID)
			}
		}
	}
	for _, rule := range p.Rules() {
		if rule != "level.grave" && !begins(ids, rule) {
			t.Errorf("no pack has a rule %s", rule)
		}
	}
}

func begins(ids []string, rule string) bool {
	for _, id := range ids {
		if id == rule || len(id) > len(rule) && id[:len(rule)+1] == rule+"." {
			return true
		}
	}
	return false
}

// What is kept of a person is bounded, in order and young, and a case is kept
// once.
func TestPiecesAreBounded(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var pieces []story.Piece
		at := first
		for range rapid.IntRange(0, 80).Draw(t, "pieces") {
			at = at.Add(time.Duration(rapid.IntRange(-48, 240).Draw(t, "hours")) * time.Hour)
			id := rapid.SampledFrom([]string{"", "a", "b", "c"}).Draw(t, "id")
			pieces = story.Add(pieces, story.Piece{At: at, ID: id, Marks: make([]string, rapid.IntRange(0, 12).Draw(t, "marks"))})
			seen := map[string]bool{}
			for i, p := range pieces {
				if i > 0 && p.At.Before(pieces[i-1].At) || p.ID != "" && seen[p.ID] || len(p.Marks) > story.MaxMarks || at.Sub(p.At) >= story.Span {
					t.Fatalf("piece %d of %d: %+v", i, len(pieces), p)
				}
				seen[p.ID] = true
			}
			if len(pieces) > story.MaxPieces {
				t.Fatalf("%d pieces are kept", len(pieces))
			}
		}
	})
}

func TestRulesShowSteps(t *testing.T) {
	p := plots(t)
	for rules, want := range map[string][]string{
		"beat.paid":                 {"investment.paid", "job.paid"},
		"story.police.case":         {"security.guard"}, // by the beginning of the id
		"story.policeman":           nil,
		"guard.you":                 nil,
		"":                          nil,
		"beat.loan beat.loan":       {"romance.loan", "investment.loan", "job.loan", "security.loan", "sender.ask"},
		"counter.code_notice story": {"security.code"},
	} {
		if diff := cmp.Diff(want, p.Steps(strings.Fields(rules))); diff != "" {
			t.Errorf("%s: %s", rules, diff)
		}
	}
}

func BenchmarkSteps(b *testing.B) {
	p := plots(b)
	held := strings.Fields("story.bank.drain demand.code.asked identity.bank guard.you intent.greeting combo.bank.code pressure.hurry beat.ask")
	b.ReportAllocs()
	for b.Loop() {
		p.Steps(held)
	}
}

func BenchmarkRead(b *testing.B) {
	p := plots(b)
	var past []story.Piece
	for day := range story.MaxPieces {
		past = append(past, on(day%29, "", "romance.meet", "investment.grow", "security.code"))
	}
	now := on(29, "", "romance.ask", "job.more")
	b.ReportAllocs()
	for b.Loop() {
		p.Read(past, now)
	}
}
