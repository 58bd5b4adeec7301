package store_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/fnv"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aldanba/aldanba/bot"
	"github.com/aldanba/aldanba/bot/dispatch"
	"github.com/aldanba/aldanba/bot/store"
)

const (
	filePage    = 4096
	filePersons = 150
)

// usedFile makes a file with all kinds of pages in it: trees of two levels, a
// page that overflows, small tables, and free pages.
func usedFile(t testing.TB) []byte {
	b := newBench(t, "embedded")
	b.open(t)
	for i := range filePersons {
		check(t, b.Save(t.Context(), fmt.Sprint("telegram:", i), bot.Session{Checks: i, Region: strings.Repeat("x", 200)}))
	}
	for chat := range 20 {
		name := fmt.Sprint("telegram:", chat)
		b.put(t, update(name, 1), update(name, 2), update(name, 3))
	}
	large := update("large", 1)
	large.Payload = bytes.Repeat([]byte("large "), 3*filePage)
	b.put(t, large)
	for chat := range 5 {
		claim := b.claimed(t, fmt.Sprint("telegram:", chat))
		check(t, b.Done(t.Context(), claim, b.ids(t, claim)))
	}
	check(t, b.Count(t.Context(), "verdict.scam", 1))
	check(t, b.Close())
	text := must[[]byte](t)(os.ReadFile(filepath.Join(b.cfg.Dir, "aldanba.db")))
	used := filePage * int(binary.NativeEndian.Uint64(later(text)[40:]))
	if used < 20*filePage {
		t.Fatalf("only %d bytes of the file are in use", used)
	}
	return text[:used] // what is behind was set aside for later
}

// later gives the head of the file that counts.
func later(text []byte) []byte {
	first, second := text[16:][:64], text[filePage+16:][:64]
	if binary.NativeEndian.Uint64(second[48:]) > binary.NativeEndian.Uint64(first[48:]) {
		return second
	}
	return first
}

// resum gives a meta page the checksum of what it says now.
func resum(text []byte, page int) {
	meta := text[page*filePage+16:][:64]
	sum := fnv.New64a()
	sum.Write(meta[:56])
	binary.NativeEndian.PutUint64(meta[56:], sum.Sum64())
}

// damages are ways in which a file is harmed.
var damages = []func(*rand.Rand, []byte) []byte{
	func(r *rand.Rand, text []byte) []byte { // bits turn over
		for range 1 + r.IntN(20) {
			text[r.IntN(len(text))] ^= 1 << r.IntN(8)
		}
		return text
	},
	func(r *rand.Rand, text []byte) []byte { // heads of pages and cells are torn
		for range 1 + r.IntN(3) {
			text[r.IntN(len(text)/filePage)*filePage+r.IntN(96)] = byte(r.Uint32())
		}
		return text
	},
	func(r *rand.Rand, text []byte) []byte { // one bit of one head turns over
		text[r.IntN(len(text)/filePage)*filePage+r.IntN(48)] ^= 1 << r.IntN(8)
		return text
	},
	func(r *rand.Rand, text []byte) []byte { // a block is zero
		at := r.IntN(len(text))
		clear(text[at:min(at+1+r.IntN(2*filePage), len(text))])
		return text
	},
	func(r *rand.Rand, text []byte) []byte { // a block is noise
		at := r.IntN(len(text))
		for i := range text[at:min(at+1+r.IntN(filePage), len(text))] {
			text[at+i] = byte(r.Uint32())
		}
		return text
	},
	func(r *rand.Rand, text []byte) []byte { // two pages are exchanged, and perhaps renumbered
		a, b := r.IntN(len(text)/filePage), r.IntN(len(text)/filePage)
		first, second := text[a*filePage:][:filePage], text[b*filePage:][:filePage]
		kept := slices.Clone(first)
		copy(first, second)
		copy(second, kept)
		if r.IntN(2) == 0 {
			binary.NativeEndian.PutUint64(first, uint64(a))
			binary.NativeEndian.PutUint64(second, uint64(b))
		}
		return text
	},
	func(r *rand.Rand, text []byte) []byte { // a page is written twice
		a, b := r.IntN(len(text)/filePage), r.IntN(len(text)/filePage)
		copy(text[a*filePage:][:filePage], text[b*filePage:])
		binary.NativeEndian.PutUint64(text[a*filePage:], uint64(a))
		return text
	},
	func(r *rand.Rand, text []byte) []byte { return text[:r.IntN(len(text))] }, // it is cut off
	func(r *rand.Rand, text []byte) []byte { // it has grown
		return append(text, make([]byte, r.IntN(10*filePage))...)
	},
	func(r *rand.Rand, text []byte) []byte { // the heads lie, with right checksums
		for page := range 2 {
			field := 16 + 16 + 8*r.IntN(5)
			binary.NativeEndian.PutUint64(text[page*filePage+field:], r.Uint64N(40))
			resum(text, page)
		}
		return text
	},
}

// use opens a file that may be damaged and works with it. It is either refused,
// and the store goes on without memory, or it works. Single records that cannot be
// read are errors of their own.
func use(t testing.TB, cfg store.Config, text []byte) (refused bool) {
	t.Helper()
	check(t, os.WriteFile(filepath.Join(cfg.Dir, "aldanba.db"), text, 0o600))
	s, err := store.OpenIdle(t.Context(), cfg)
	if errors.Is(err, store.ErrSecret) || errors.Is(err, store.ErrNewer) {
		return true // the key or the version is what was torn
	}
	check(t, err)
	defer func() { check(t, s.Close()) }()
	told := func(err error) {
		t.Helper()
		if err != nil && !errors.Is(err, store.ErrCorrupt) && !errors.Is(err, dispatch.ErrLost) {
			t.Fatalf("%v", err)
		}
	}
	for i := range filePersons {
		_, err := s.Load(t.Context(), fmt.Sprint("telegram:", i))
		told(err)
	}
	chats, next := []string(nil), ""
	for pages := 0; ; pages++ {
		var names []string
		names, next, err = s.Waiting(t.Context(), next, 10)
		told(err)
		if chats = append(chats, names...); next == "" || err != nil {
			break
		}
		if pages > 100 {
			t.Fatal("the list of chats has no end")
		}
	}
	for _, chat := range append(chats[:min(len(chats), 5)], "telegram:new") {
		_, err := s.Put(t.Context(), []dispatch.Update{update(chat, 77)})
		told(err)
		claim, _, err := s.Claim(t.Context(), chat, time.Minute, 100)
		told(err)
		records, err := s.Pending(t.Context(), claim, 100)
		told(err)
		ids := []string{update(chat, 77).ID}
		for _, r := range records {
			ids = append(ids, r.ID)
		}
		told(s.Done(t.Context(), claim, ids[:1]))
		_, err = s.Release(t.Context(), claim, ids, 0)
		told(err)
	}
	told(s.Sweep(t.Context()))
	told(s.Save(t.Context(), person, bot.Session{Checks: 1}))
	if s.Health() == nil {
		told(s.Backup(t.Context(), io.Discard))
		told(s.Erase(t.Context(), person))
	}
	if err := s.Health(); err != nil {
		if !errors.Is(err, store.ErrCorrupt) || !strings.Contains(err.Error(), "restore a backup") {
			t.Fatalf("Health = %v", err)
		}
		s.Recover(t.Context())
		if s.Health() == nil {
			t.Fatal("a damaged file healed by itself")
		}
		return true
	}
	return false
}

func TestRandomDamageIsRefusedOrHarmless(t *testing.T) {
	rounds := 30
	if testing.Short() {
		rounds = 4
	}
	whole := usedFile(t)
	cfg := store.Config{Dir: t.TempDir(), Secret: secret, Clock: newClock().Now, GoOn: true, Log: quiet()}
	if use(t, cfg, whole) {
		t.Fatal("the file is refused though nothing is wrong with it")
	}
	for kind, harm := range damages {
		refused := 0
		for round := range rounds {
			seed := uint64(kind*1000 + round)
			if use(t, cfg, harm(rand.New(rand.NewPCG(seed, seed)), slices.Clone(whole))) {
				refused++
			}
		}
		t.Logf("damage %d: %d of %d files are refused", kind, refused, rounds)
	}
}

func TestAPageThatLiesIsRefused(t *testing.T) {
	whole := usedFile(t)
	cfg := store.Config{Dir: t.TempDir(), Secret: secret, Clock: newClock().Now, GoOn: true, Log: quiet()}
	put := binary.NativeEndian.PutUint64
	root := func(text []byte) int { return int(binary.NativeEndian.Uint64(later(text)[16:])) }
	inMeta := func(field int, value uint64) func([]byte) {
		return func(text []byte) {
			for page := range 2 {
				put(text[page*filePage+16+field:], value)
				resum(text, page)
			}
		}
	}
	for name, lie := range map[string]func(text []byte){
		"root outside":           inMeta(16, 1<<40),
		"root is a meta":         inMeta(16, 1),
		"list outside":           inMeta(32, 1<<63),
		"list is the root":       func(text []byte) { inMeta(32, uint64(root(text)))(text) },
		"more pages than bytes":  inMeta(40, 1<<50),
		"no pages":               inMeta(40, 0),
		"root overflows":         func(text []byte) { text[root(text)*filePage+15] = 0x7f },
		"root without end":       func(text []byte) { text[root(text)*filePage+12] = 1 },
		"root of another number": func(text []byte) { text[root(text)*filePage]++ },
		"root of another kind":   func(text []byte) { text[root(text)*filePage+8] = 16 },
		"too many cells":         func(text []byte) { text[root(text)*filePage+11] = 0xff },
		"a cell of no table":     func(text []byte) { text[root(text)*filePage+16] = 0 },
		"a cell elsewhere":       func(text []byte) { text[root(text)*filePage+20]++ },
		"a table in a circle": func(text []byte) {
			at := root(text) * filePage
			pos := binary.NativeEndian.Uint32(text[at+20:])
			put(text[at+16+int(pos)+1:], uint64(root(text)))
		},
	} {
		t.Run(name, func(t *testing.T) {
			text := slices.Clone(whole)
			lie(text)
			if !use(t, cfg, text) {
				t.Error("the file is taken for whole")
			}
		})
	}
}

// FuzzDamagedFile writes five bytes each time: where, and what.
func FuzzDamagedFile(f *testing.F) {
	f.Add([]byte{0, 0, 1, 0, 1, 0, 0x50, 12, 0xff, 0xff})
	f.Add(bytes.Repeat([]byte{0, 0x20, 8, 0x7f, 3}, 4))
	whole := usedFile(f)
	f.Fuzz(func(t *testing.T, edits []byte) {
		text := slices.Clone(whole)
		for ; len(edits) >= 5; edits = edits[5:] {
			at := int(edits[0])<<16 | int(edits[1])<<8 | int(edits[2])
			copy(text[at%(len(text)-2):], edits[3:5])
		}
		resum(text, 0)
		resum(text, 1)
		use(t, store.Config{Dir: t.TempDir(), Secret: secret, Clock: newClock().Now, GoOn: true, Log: quiet()}, text)
	})
}
