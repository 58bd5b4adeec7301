package store

import (
	"context"
	"encoding/json"
	"time"

	"github.com/aldanba/aldanba/bot"
	"github.com/aldanba/aldanba/detector"
)

// readRecord opens a plain record into out. found is false where there is none.
func (r room) readRecord(ctx context.Context, key recordKey, out any) (found bool, err error) {
	sealed, err := r.get(ctx, key)
	if err != nil || sealed == nil {
		return false, err
	}
	value, err := r.keys.open(place(key.kind, key.name), sealed)
	if err != nil {
		return false, err
	}
	return true, json.Unmarshal(value, out)
}

// writeRecord seals a plain record and keeps it for ttl.
func (r room) writeRecord(ctx context.Context, key recordKey, value any, ttl time.Duration) error {
	text, err := json.Marshal(value)
	if err != nil {
		return err
	}
	return r.set(ctx, key, r.keys.seal(place(key.kind, key.name), text), ttl)
}

// Load gives what is remembered about a person, the zero session if nothing is.
func (s *Store) Load(ctx context.Context, person string) (bot.Session, error) {
	return use(ctx, s, func(r room) (session bot.Session, err error) {
		_, err = r.readRecord(ctx, recordKey{codeSession, r.keys.chat(person)}, &session)
		return session, err
	})
}

// Save remembers a session for 400 days from now.
func (s *Store) Save(ctx context.Context, person string, session bot.Session) error {
	_, err := use(ctx, s, func(r room) (none, error) {
		return none{}, r.writeRecord(ctx, recordKey{codeSession, r.keys.chat(person)}, session, sessionTTL)
	})
	return err
}

// maxVerdicts is how many verdicts of a person are remembered.
const maxVerdicts = 20

// verdict is what is remembered of a message that was checked.
type verdict struct {
	Message digest // keyed: it says whether two messages are the same, and nothing else
	Level   detector.Level
	Scheme  string
	At      time.Time
}

// RememberVerdict remembers the verdict about a message for 90 days, of each
// person the last 20. The message itself is not kept; checked again, it takes
// the place of its earlier verdict.
func (s *Store) RememberVerdict(ctx context.Context, person, message string, level detector.Level, scheme string) error {
	_, err := use(ctx, s, func(r room) (none, error) {
		key := recordKey{codeVerdicts, r.keys.chat(person)}
		past, err := r.pastVerdicts(ctx, key)
		if err != nil {
			return none{}, err
		}
		now := verdict{r.keys.digest("message", person, message), level, scheme, s.cfg.Clock().UTC().Truncate(time.Second)}
		kept := []verdict{now}
		for _, v := range past {
			if v.Message != now.Message && len(kept) < maxVerdicts {
				kept = append(kept, v)
			}
		}
		return none{}, r.writeRecord(ctx, key, kept, verdictsTTL)
	})
	return err
}

// Verdicts gives the remembered verdicts of a person, the latest first.
func (s *Store) Verdicts(ctx context.Context, person string) ([]bot.PastVerdict, error) {
	return use(ctx, s, func(r room) ([]bot.PastVerdict, error) {
		past, err := r.pastVerdicts(ctx, recordKey{codeVerdicts, r.keys.chat(person)})
		var out []bot.PastVerdict
		for _, v := range past {
			if s.cfg.Clock().Sub(v.At) < verdictsTTL {
				out = append(out, bot.PastVerdict{Level: v.Level, Scheme: v.Scheme, At: v.At})
			}
		}
		return out, err
	})
}

func (r room) pastVerdicts(ctx context.Context, key recordKey) (past []verdict, err error) {
	_, err = r.readRecord(ctx, key, &past)
	return past, err
}
