package bot

import (
	"sync"
	"time"

	"github.com/aldanba/aldanba/bot/interview"
)

const (
	// recentTime is for how long something is known without being remembered:
	// as long as an unanswered message waits at most.
	recentTime = 2 * time.Hour
	// maxRecent is how many persons each of the two halves of recent holds: some
	// 300 bytes each.
	maxRecent = 10_000
)

// lately is what is known of a person's last hours. It is kept in memory alone,
// so it needs no consent, and ends with the process.
type lately struct {
	aid  string // where in the first minutes they stand, as in Session.Aid
	from string // the last place in them, also when they are over
	// noted is what their messages tell that may belong into a statement.
	noted interview.Noted
	// toCheck says that they were told to send a message: what comes next is one.
	toCheck bool
	// doubt is the last alarming verdict.
	doubt doubt
	// asked are the buttons under our last question that a word may mean.
	asked answers
	at    time.Time
}

func (l lately) empty() bool {
	return l.aid == "" && l.from == "" && l.noted.Empty() && !l.toCheck && l.doubt == (doubt{}) && l.asked == (answers{})
}

// recent keeps what is known of people's last hours, in two halves: when the
// younger is full or old it becomes the elder, whose entries are dropped.
type recent struct {
	clock func() time.Time

	mu             sync.Mutex
	younger, elder map[string]lately
	turned         time.Time
}

func newRecent(clock func() time.Time) *recent {
	return &recent{clock: clock, younger: map[string]lately{}, turned: clock()}
}

// of gives what is known of a person.
func (r *recent) of(person string) lately {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.turn()
	l, ok := r.younger[person]
	if !ok {
		l = r.elder[person]
	}
	if l.empty() || r.clock().Sub(l.at) >= recentTime {
		return lately{}
	}
	return l
}

// put keeps what is known of a person from now on.
func (r *recent) put(person string, l lately) {
	if l.empty() {
		r.forget(person)
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.turn()
	l.at = r.clock()
	r.younger[person] = l
	delete(r.elder, person)
}

// forget drops what is known of a person.
func (r *recent) forget(person string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	delete(r.younger, person)
	delete(r.elder, person)
}

// turn makes the younger half the elder when it is time. r.mu is held.
func (r *recent) turn() {
	now := r.clock()
	switch since := now.Sub(r.turned); {
	case since >= 2*recentTime:
		r.younger, r.elder, r.turned = map[string]lately{}, nil, now
	case since >= recentTime || len(r.younger) >= maxRecent:
		r.younger, r.elder, r.turned = map[string]lately{}, r.younger, now
	}
}
