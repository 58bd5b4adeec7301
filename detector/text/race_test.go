//go:build race

package text_test

// raceEnabled: under the race detector sync.Pool drops documents at random, so that allocations cannot be counted.
const raceEnabled = true
