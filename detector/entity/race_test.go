//go:build race

package entity_test

// raceEnabled: under the race detector sync.Pool drops views at random, so that allocations cannot be counted.
const raceEnabled = true
