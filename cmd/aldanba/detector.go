package main

import (
	"fmt"
	"io/fs"
	"os"
	"runtime/debug"

	"github.com/aldanba/aldanba/detector"
)

// detector builds the detector with the packs of the directory in ALDANBA_RULES.
func (w *world) detector() (*detector.Detector, error) {
	return w.buildDetector(w.commands.RulesOnly)
}

// buildDetector leaves the learned model out on request: it is not needed to
// learn a new one, and must not stand in the way when its format changes.
func (w *world) buildDetector(rulesOnly bool) (*detector.Detector, error) {
	// What is built here stays: collecting garbage meanwhile would only cost time.
	defer debug.SetGCPercent(debug.SetGCPercent(-1))
	config := detector.Config{RulesOnly: rulesOnly}
	if dir := w.commands.RulePacks; dir != "" {
		info, err := os.Stat(dir)
		if err != nil {
			return nil, fmt.Errorf("ALDANBA_RULES names %s, which cannot be read: %w", dir, err)
		}
		if !info.IsDir() {
			return nil, fmt.Errorf("ALDANBA_RULES names %s, which is not a directory", dir)
		}
		config.Rules = []fs.FS{os.DirFS(dir)}
	}
	return detector.New(config)
}
