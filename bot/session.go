package bot

import (
	"context"
	"sync"
	"time"

	"github.com/aldanba/aldanba/bot/story"
)

// Session is all that is remembered about a person: derived facts, nothing
// that they wrote. Most of it is zero for most people, and is left out of what
// is stored.
type Session struct {
	Lang         string    `json:",omitzero"` // "ru", "kk", or empty while unknown
	LangChosen   bool      `json:",omitzero"` // chosen by the person, not guessed
	ConsentAsked bool      `json:",omitzero"` // whether more than this may be remembered was asked
	Consent      Consent   `json:",omitzero"` // and what they answered
	Asked        string    `json:",omitzero"` // the last question of ours without an answer, and the name of the message that it came after
	Services     Services  `json:",omitzero"` // what services outside may read
	Aid          string    `json:",omitzero"` // where in the first minutes they stand, empty: nowhere
	Lost         time.Time `json:",omitzero"` // when they last told that money or data may be lost
	Reminders    Consent   `json:",omitzero"` // whether they are to be reminded of steps
	Checks       int       `json:",omitzero"` // how many messages were checked
	Warnings     Consent   `json:",omitzero"` // whether warnings of the police may be sent
	Draft        time.Time `json:",omitzero"` // when the draft of their statement is erased at the latest, zero: there is none
	Region       string    `json:",omitzero"` // id of the region that they are for, or empty
}

// Sessions remembers sessions. A person who is not known has the zero session.
type Sessions interface {
	Load(ctx context.Context, person string) (Session, error)
	Save(ctx context.Context, person string, s Session) error
	// Erase forgets everything about a person, whatever remembers it.
	Erase(ctx context.Context, person string) error
}

// MemorySessions remembers sessions, stories and drafts for as long as the program runs.
type MemorySessions struct {
	mu       sync.Mutex
	sessions map[string]Session
	pieces   map[string][]story.Piece
	drafts   map[string][]byte
}

// NewMemorySessions makes an empty memory.
func NewMemorySessions() *MemorySessions {
	return &MemorySessions{sessions: map[string]Session{}, pieces: map[string][]story.Piece{}, drafts: map[string][]byte{}}
}

// Load gives what is remembered about a person; it never fails.
func (m *MemorySessions) Load(_ context.Context, person string) (Session, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.sessions[person], nil
}

// Save remembers a session; it never fails.
func (m *MemorySessions) Save(_ context.Context, person string, s Session) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.sessions[person] = s
	return nil
}

// Erase forgets a person; it never fails.
func (m *MemorySessions) Erase(_ context.Context, person string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	delete(m.sessions, person)
	delete(m.pieces, person)
	delete(m.drafts, person)
	return nil
}

// LoadDraft gives a person's draft; it never fails.
func (m *MemorySessions) LoadDraft(_ context.Context, person string) ([]byte, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.drafts[person], nil
}

// SaveDraft keeps a draft until the program ends: the bot erases it in time.
func (m *MemorySessions) SaveDraft(_ context.Context, person string, draft []byte, _ time.Time) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.drafts[person] = draft
	return nil
}

// EraseDraft forgets a draft; it never fails.
func (m *MemorySessions) EraseDraft(_ context.Context, person string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	delete(m.drafts, person)
	return nil
}

// Pieces gives the pieces of a person's stories; it never fails.
func (m *MemorySessions) Pieces(_ context.Context, person string) ([]story.Piece, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.pieces[person], nil
}

// SavePieces remembers the pieces of a person's stories; it never fails.
func (m *MemorySessions) SavePieces(_ context.Context, person string, pieces []story.Piece) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.pieces[person] = pieces
	return nil
}

// Digest gives the name itself: nothing leaves the memory of the program.
func (m *MemorySessions) Digest(_, name string) string { return name }
