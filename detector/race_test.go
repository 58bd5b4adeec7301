//go:build race

package detector_test

// raceDetector makes sync.Pool drop items at random, so that allocations cannot
// be counted.
const raceDetector = true
