package store

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"hash"
	"sync"
)

// minSecret is the least length of the secret, in bytes.
const minSecret = 32

// keys are what names and values are hidden with. All are derived from one
// random data key, which the store keeps locked with the secret: so the secret
// can be changed without writing every record anew.
type keys struct {
	data    []byte
	names   *macs  // of digests of names
	seals   *macs  // of keys of sealed values
	backups []byte // of the seal under a backup
}

// newKeys derives the keys from a data key.
func newKeys(data []byte) *keys {
	return &keys{
		data:    data,
		names:   newMACs(derive(data, "names")),
		seals:   newMACs(derive(data, "values")),
		backups: derive(data, "backups"),
	}
}

// freshKeys makes keys that were never used.
func freshKeys() *keys {
	data := make([]byte, 32)
	rand.Read(data)
	return newKeys(data)
}

func derive(key []byte, purpose string) []byte {
	// HKDF fails only for lengths far beyond this one.
	out, err := hkdf.Key(sha256.New, key, nil, "aldanba store 1: "+purpose, 32)
	if err != nil {
		panic(err)
	}
	return out
}

// wrap locks the data key with the secret.
func (k *keys) wrap(secret string) []byte {
	return sealWith(derive([]byte(secret), "data key"), k.data, nil)
}

// unwrap opens a locked data key. It fails where the secret is another.
func unwrap(wrapped []byte, secret string) (*keys, error) {
	data, err := openWith(derive([]byte(secret), "data key"), wrapped, nil)
	if err != nil {
		return nil, fmt.Errorf("%w: it is not the one that the store was made with", ErrSecret)
	}
	return newKeys(data), nil
}

// macs computes HMAC-SHA256 under one key. Its states are used again, as making
// one costs more than a short name does.
type macs struct{ states sync.Pool }

func newMACs(key []byte) *macs {
	return &macs{states: sync.Pool{New: func() any { return hmac.New(sha256.New, key) }}}
}

func (m *macs) sum(text []byte) []byte {
	state := m.states.Get().(hash.Hash)
	defer m.states.Put(state)
	state.Reset()
	state.Write(text)
	return state.Sum(nil)
}

// digest hides a name. Names of different spaces have nothing in common.
func (k *keys) digest(space string, name ...string) (d digest) {
	text := append(make([]byte, 0, 128), space...)
	for _, n := range name {
		text = binary.BigEndian.AppendUint64(text, uint64(len(n)))
		text = append(text, n...)
	}
	copy(d[:], k.names.sum(text))
	return d
}

// chat is the digest of a person or chat.
func (k *keys) chat(name string) digest { return k.digest("chat", name) }

// update is the digest of an update of a chat; it belongs to the chat's part.
func (k *keys) update(chat digest, name, id string) digest {
	d := k.digest("update", name, id)
	d[0] = chat[0]
	return d
}

// place is where a sealed value lies. A value that is moved to another place
// does not open there.
func place(kind byte, names ...digest) []byte {
	out := []byte{kind}
	for _, n := range names {
		out = append(out, n[:]...)
	}
	return out
}

// seal encrypts a value for a place. Each place has a key of its own, so that
// random nonces never run short, however often all records are written.
func (k *keys) seal(at []byte, value []byte) []byte {
	return sealWith(k.seals.sum(at), value, at)
}

// open decrypts what was sealed for the place.
func (k *keys) open(at []byte, sealed []byte) ([]byte, error) {
	return openWith(k.seals.sum(at), sealed, at)
}

func sealWith(key, value, about []byte) []byte {
	return aead(key).Seal(nil, nil, value, about)
}

func openWith(key, sealed, about []byte) ([]byte, error) {
	out, err := aead(key).Open(nil, nil, sealed, about)
	if err != nil {
		return nil, fmt.Errorf("%w: a sealed value does not open", ErrCorrupt)
	}
	return out, nil
}

// aead is AES-256-GCM with a random nonce in front of the sealed value. Its
// parts fail only for keys of a wrong length.
func aead(key []byte) cipher.AEAD {
	block, err := aes.NewCipher(key)
	if err != nil {
		panic(err)
	}
	gcm, err := cipher.NewGCMWithRandomNonce(block)
	if err != nil {
		panic(err)
	}
	return gcm
}

// checkSecret refuses a secret that is too short to be one.
func checkSecret(name, secret string) error {
	if len(secret) < minSecret {
		return fmt.Errorf("%w: %s must have at least %d bytes", ErrSecret, name, minSecret)
	}
	return nil
}
