package telegram

import (
	"encoding/binary"
	"hash/maphash"
	"sync"

	"github.com/aldanba/aldanba/bot"
)

// maxVersions is how many messages a generation holds.
const maxVersions = 4096

// versions tells edits that change something from those that do not. Telegram
// also brings the edit of a message when something has changed that a bot does
// not see, core.telegram.org/bots/api#update, and nobody is to be told then that
// they have edited it. Only digests are kept, and only while the program runs.
type versions struct {
	seed maphash.Seed

	mu sync.Mutex
	// When the young generation is full it becomes the old one, and messages that
	// were not edited meanwhile are forgotten.
	young, old map[place]version
}

// place is where a message stands.
type place struct {
	chat    int64
	message int
}

// version is what a message said in an update.
type version struct {
	update int64
	digest uint64
}

func newVersions() *versions {
	return &versions{seed: maphash.MakeSeed(), young: map[place]version{}}
}

// unchanged notes what a message says in an update, and tells whether it said the
// same in another one before. The same update may be asked about again.
func (v *versions) unchanged(update int64, m *message) bool {
	var r reading
	r.message(m)
	at, now := place{m.Chat.ID, m.ID}, version{update, v.digest(r.done())}
	v.mu.Lock()
	defer v.mu.Unlock()
	before, known := v.young[at]
	if !known {
		before, known = v.old[at]
	}
	if known && before.digest == now.digest && before.update != update {
		return true
	}
	if len(v.young) >= maxVersions {
		v.young, v.old = map[place]version{}, v.young
	}
	v.young[at] = now
	return false
}

// digest is of all that is judged. The name by which a file is fetched is another
// with every update.
func (v *versions) digest(m bot.Message) uint64 {
	var h maphash.Hash
	h.SetSeed(v.seed)
	write := func(texts ...string) {
		for _, text := range texts {
			h.Write(binary.AppendUvarint(nil, uint64(len(text))))
			h.WriteString(text)
		}
	}
	write(m.Text, m.Sender, m.Ending)
	for _, f := range m.Files {
		write(string(f.Kind), f.Name, f.MIME)
		h.Write(binary.AppendVarint(binary.AppendVarint(nil, f.Size), int64(f.Length)))
	}
	for _, gap := range m.Gaps {
		write(string(gap))
	}
	return h.Sum64()
}
