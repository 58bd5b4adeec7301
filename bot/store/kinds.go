package store

import (
	"context"
	"time"

	"github.com/aldanba/aldanba/bot/story"
)

const day = 24 * time.Hour

// How long records live.
const (
	sessionTTL  = 400 * day
	verdictsTTL = 90 * day
	storyTTL    = story.Span
	draftTTL    = day       // at most, whatever is asked for
	chatTTL     = 400 * day // that a chat is gone or has moved
	opinionTTL  = 7 * day
	tokensTTL   = 2 * day // since they were last counted
	strikeTTL   = day     // since the last one
	countTTL    = 400 * day
	inboxTTL    = 2 * time.Hour
	seenTTL     = 48 * time.Hour
)

// Codes of kinds. They are part of the place of a sealed value.
const (
	codeSession  = 's'
	codeVerdicts = 'v'
	codeStory    = 'p'
	codeDraft    = 'f'
	codeGone     = 'g'
	codeMoved    = 'm' // chat → where it lives now
	codeCame     = 'b' // chat → where it lived before
	codeLimit    = 'l'
	codeOpinion  = 'o' // of the judge on a text
	codeTokens   = 'k' // that the judge has cost on a day
	codeStrike   = 'x'
	codeRecord   = 'q'
	codeStep     = 't'
	codeName     = 'n'
	codeItem     = 'd'
)

// owner says whose a kind of record is.
type owner string

const (
	ofPerson  owner = "person"  // erased when the person is forgotten
	ofNobody  owner = "nobody"  // digests and numbers that lead to nobody; they expire
	ofProcess owner = "process" // runs out with the process that holds it
	ofStore   owner = "store"   // as long as the store itself
)

// kind is a kind of record.
type kind struct {
	name  string
	owner owner
	ttl   time.Duration // 0: as long as its owner, or as long as was asked for
	erase func(ctx context.Context, r room, person string) error
}

// kinds are all kinds of records that there are.
func kinds() []kind {
	return []kind{
		{"session", ofPerson, sessionTTL, erasePlain(codeSession)},
		{"verdicts", ofPerson, verdictsTTL, erasePlain(codeVerdicts)},
		{"story", ofPerson, storyTTL, erasePlain(codeStory)},
		{"draft", ofPerson, draftTTL, erasePlain(codeDraft)},
		{"gone", ofPerson, chatTTL, erasePlain(codeGone)},
		{"moved", ofPerson, chatTTL, eraseMoved},
		{"inbox", ofPerson, inboxTTL, eraseInbox},
		{"due", ofPerson, 0, eraseDue},
		{"seen", ofNobody, seenTTL, nil},
		{"limit", ofNobody, 0, nil},
		{"strike", ofNobody, strikeTTL, nil},
		{"opinion", ofNobody, opinionTTL, nil},
		{"tokens", ofNobody, tokensTTL, nil},
		{"count", ofNobody, countTTL, nil},
		{"claim", ofProcess, 0, nil},
		{"lead", ofProcess, 0, nil},
		{"fence", ofStore, 0, nil},
		{"meta", ofStore, 0, nil},
	}
}

func erasePlain(code byte) func(context.Context, room, string) error {
	return func(ctx context.Context, r room, person string) error {
		return r.remove(ctx, recordKey{code, r.keys.chat(person)})
	}
}

// Erase forgets a person: every record of theirs, of every kind. While the
// engine fails it gives an error, as what is in there cannot be reached.
func (s *Store) Erase(ctx context.Context, person string) error {
	_, err := use(ctx, s, func(r room) (none, error) {
		if r.spare {
			return none{}, s.Health()
		}
		for _, k := range kinds() {
			if k.erase == nil {
				continue
			}
			if err := k.erase(ctx, r, person); err != nil {
				return none{}, err
			}
		}
		return none{}, nil
	})
	return err
}
