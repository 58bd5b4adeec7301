package store

// Key gives 32 secret bytes for a purpose outside the store, such as the
// stamps of buttons. They stay the same as long as the store lives; where it
// could not be opened they are good until the program ends.
func (s *Store) Key(purpose string) []byte {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return derive(s.spare.keys.data, "outside: "+purpose)
}
