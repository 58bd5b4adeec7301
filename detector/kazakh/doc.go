// Package kazakh finds the stem of a Kazakh word, however the word is spelled.
//
// It works in two moves. Key folds the spellings in use (the Kazakh alphabet,
// the same word typed on a Russian keyboard, and Latin letters in their several
// habits) to one form, the key. AppendStem then takes the endings off a key.
// ALGORITHM.md describes both moves so that they can be ported.
package kazakh
