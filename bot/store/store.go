package store

import (
	"cmp"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"github.com/aldanba/aldanba/bot"
	"github.com/aldanba/aldanba/bot/dispatch"
	"github.com/aldanba/aldanba/bot/duelist"
)

// Config says where the store is. RedisURL is taken before Dir; without both
// the store is in memory and forgets when the program ends.
type Config struct {
	// RedisURL names the Redis: redis://[user:password@]host:port[/db],
	// rediss:// for TLS, unix://[user:password@]/path[?db=n],
	// redis-sentinel://[user:password@]host:port,host:port/master[/db] and
	// redis-cluster://[user:password@]host:port,host:port, the latter two with
	// TLS as rediss-sentinel:// and rediss-cluster://. Options: ca=/file.pem,
	// timeout=5s for the time that an answer may take [1.5s], and for Sentinel's
	// own account sentinel_username and sentinel_password.
	RedisURL string
	Dir      string // directory of the embedded store
	Secret   string // at least 32 bytes; the embedded store makes one where it is empty
	// OldSecret is the secret before this one, where it is being changed.
	OldSecret string
	MaxBytes  int64 // largest size of the embedded file or of memory [8 GiB, 64 MiB]
	// GoOn opens the store without memory where it cannot be used now (locked,
	// full, damaged, away): Health says why, and it is tried again. A wrong
	// secret or a newer store is refused all the same.
	GoOn  bool
	Clock func() time.Time // [time.Now]
	Log   *slog.Logger     // [slog.Default()]
}

const (
	defaultFile  = 8 << 30
	defaultSpare = 64 << 20
	tickTime     = 3 * time.Second // between tries of an engine that failed
	sweepTicks   = 20              // between sweeps
	sweepSize    = 500             // records of one transaction
	sweepRounds  = 40              // transactions of one sweep
	spareFences  = 1 << 62         // claims in memory differ from those in the engine
)

// Store remembers. It is safe for concurrent use.
type Store struct {
	cfg   Config
	owner string // of claims: names this process

	mu    sync.RWMutex // held for writing while the engine is changed
	main  *room        // nil until the engine could be opened
	spare *room        // stands in while main fails
	down  atomic.Pointer[error]

	leadMu sync.Mutex
	leads  map[string]lead

	stop   context.CancelFunc
	tend   sync.WaitGroup
	closed bool
}

// room is an engine with the keys to it.
type room struct {
	engine
	keys  *keys
	spare bool // it stands in for another
}

// none is the result of what only succeeds or fails.
type none = struct{}

var (
	_ bot.Sessions    = (*Store)(nil)
	_ bot.History     = (*Store)(nil)
	_ bot.Drafts      = (*Store)(nil)
	_ dispatch.Inbox  = (*Store)(nil)
	_ dispatch.Limits = (*Store)(nil)
	_ duelist.Store   = (*Store)(nil)
)

// Open opens the store that the settings name. Its errors are one of those
// above with a sentence for whoever runs the bot.
func Open(ctx context.Context, cfg Config) (*Store, error) {
	s, err := open(ctx, cfg)
	if err != nil {
		return nil, err
	}
	ctx, s.stop = context.WithCancel(context.WithoutCancel(ctx))
	s.tend.Go(func() { s.care(ctx) })
	return s, nil
}

// open opens a store that nobody tends.
func open(ctx context.Context, cfg Config) (*Store, error) {
	if cfg.Clock == nil {
		cfg.Clock = time.Now
	}
	cfg.Log = cmp.Or(cfg.Log, slog.Default())
	if err := cfg.takeSecret(true); err != nil {
		return nil, err
	}
	s := &Store{cfg: cfg, owner: rand.Text(), leads: map[string]lead{}, stop: func() {}}
	main, err := s.enter(ctx)
	switch {
	case err == nil:
		s.main = main
	case cfg.GoOn && isFault(err):
		s.fail(err)
	default:
		return nil, err
	}
	s.spare = s.newSpare()
	return s, nil
}

// takeSecret finds the secret and checks it. first: where an embedded store is
// new, its secret is made; otherwise it has none.
func (cfg *Config) takeSecret(first bool) (err error) {
	switch {
	case cfg.RedisURL != "" && cfg.Secret == "":
		return fmt.Errorf("%w: with Redis ALDANBA_SECRET must be set, at least %d bytes", ErrSecret, minSecret)
	case cfg.RedisURL == "" && cfg.Dir == "":
		return nil
	case cfg.Secret == "":
		if cfg.Secret, err = secretBeside(cfg.Dir); err == nil && cfg.Secret == "" && first {
			cfg.Secret, err = makeSecret(cfg.Dir)
		}
		return err
	}
	if cfg.OldSecret != "" {
		err = checkSecret("the old secret", cfg.OldSecret)
	}
	return cmp.Or(checkSecret("ALDANBA_SECRET", cfg.Secret), err)
}

// enter opens the engine, brings it up to date and gets the keys to it.
func (s *Store) enter(ctx context.Context) (*room, error) {
	eng, err := s.cfg.openEngine(ctx)
	if err != nil {
		return nil, err
	}
	keys, err := unlock(ctx, eng, &s.cfg, freshKeys())
	if err != nil {
		eng.close()
		return nil, err
	}
	return &room{engine: eng, keys: keys}, nil
}

func (cfg *Config) openEngine(ctx context.Context) (engine, error) {
	switch {
	case cfg.RedisURL != "":
		return openRedis(ctx, cfg.RedisURL, cfg.Clock, cfg.Log)
	case cfg.Dir != "":
		return openBolt(cfg.Dir, cfg.Clock, cmp.Or(cfg.MaxBytes, defaultFile))
	}
	return newMemory(cfg.Clock, int(cmp.Or(cfg.MaxBytes, defaultSpare)), 0), nil
}

func (s *Store) newSpare() *room {
	keys := freshKeys()
	if s.main != nil {
		keys = s.main.keys
	}
	return &room{engine: newMemory(s.cfg.Clock, defaultSpare, spareFences), keys: keys, spare: true}
}

// use runs an operation on the engine. Where the engine fails it is run in
// memory instead, until the engine works again.
func use[T any](ctx context.Context, s *Store, run func(room) (T, error)) (T, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	if s.down.Load() == nil {
		out, err := run(*s.main)
		if !isFault(err) || ctx.Err() != nil {
			return out, err
		}
		s.fail(err)
	}
	return run(*s.spare)
}

// fail notes that the engine fails.
func (s *Store) fail(err error) {
	if s.down.Swap(&err) == nil {
		s.cfg.Log.Error("the store fails: answers go on without memory", "error", err)
	}
}

// Health is nil while the store remembers, otherwise it says what is wrong.
func (s *Store) Health() error {
	if err := s.down.Load(); err != nil {
		return *err
	}
	return nil
}

// Close ends the use of the store. Claims and leads of this process are
// not given back; they run out.
func (s *Store) Close() error {
	s.stop()
	s.tend.Wait()
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.main == nil || s.closed {
		return nil
	}
	s.closed = true
	return s.main.close()
}

// care tries an engine that failed, and sweeps.
func (s *Store) care(ctx context.Context) {
	ticks := time.NewTicker(tickTime)
	defer ticks.Stop()
	for n := 1; ; n++ {
		select {
		case <-ctx.Done():
			return
		case <-ticks.C:
		}
		if s.Health() != nil {
			s.recover(ctx)
		} else if n%sweepTicks == 0 {
			s.tidy(ctx)
		}
	}
}

// tidy looks after an engine that works.
func (s *Store) tidy(ctx context.Context) {
	if err := s.reenter(ctx, s.main); err != nil && ctx.Err() == nil {
		s.fail(err)
		return
	}
	if err := s.sweep(ctx); err != nil && ctx.Err() == nil {
		s.cfg.Log.Error("the store cannot be swept", "error", err)
	}
}

// sweep deletes what has expired.
func (s *Store) sweep(ctx context.Context) error {
	for range sweepRounds {
		n, err := use(ctx, s, func(r room) (int, error) { return r.sweep(ctx, sweepSize) })
		if err != nil || n < sweepSize {
			return err
		}
	}
	return nil
}

// recover tries the engine that failed. When it works again, what was
// remembered meanwhile is carried over.
func (s *Store) recover(ctx context.Context) {
	main := s.main
	var err error
	if errors.Is(s.Health(), ErrCorrupt) {
		return // what is damaged does not heal: its backup is restored, and the program started anew
	}
	if main == nil {
		main, err = s.enter(ctx)
	} else {
		err = s.reenter(ctx, main)
	}
	if err != nil {
		s.down.Store(&err)
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := carry(ctx, s.spare, main); err != nil {
		s.down.Store(&err)
		if s.main == nil {
			main.close()
		}
		return
	}
	s.main = main
	s.spare = s.newSpare()
	s.down.Store(nil)
	s.cfg.Log.Info("the store works again")
}

// reenter makes sure that the engine works and is still the same store.
func (s *Store) reenter(ctx context.Context, main *room) error {
	s.mu.RLock()
	defer s.mu.RUnlock()
	if err := main.probe(ctx); err != nil {
		return err
	}
	keys, err := unlock(ctx, main.engine, &s.cfg, main.keys)
	switch {
	case err != nil:
		return err
	case string(keys.data) != string(main.keys.data):
		return &fault{class: ErrSecret, detail: "it has been exchanged for another store: start the program anew"}
	}
	return nil
}
