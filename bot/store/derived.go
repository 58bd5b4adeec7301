package store

// Key gives 32 secret bytes for a purpose outside the store, such as the
// stamps of buttons. They come from the secret and stay the same as long as it
// does, also while the store cannot be opened; without a secret they are good
// until the program ends.
func (s *Store) Key(purpose string) []byte {
	from := []byte(s.cfg.Secret)
	if len(from) == 0 {
		s.mu.RLock()
		defer s.mu.RUnlock()
		from = s.spare.keys.data
	}
	return derive(from, "outside: "+purpose)
}
