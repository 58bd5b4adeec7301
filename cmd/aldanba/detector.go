package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"runtime/debug"
	"sync"

	"github.com/aldanba/aldanba/bot"
	"github.com/aldanba/aldanba/bot/clarify"
	"github.com/aldanba/aldanba/bot/firstaid"
	"github.com/aldanba/aldanba/bot/hear"
	"github.com/aldanba/aldanba/bot/knowledge"
	"github.com/aldanba/aldanba/bot/story"
	"github.com/aldanba/aldanba/detector"
	"github.com/aldanba/aldanba/detector/scheme"
	"github.com/aldanba/aldanba/detector/text"
	"github.com/aldanba/aldanba/locales"
)

// detector builds the detector with the packs of the directory in ALDANBA_RULES.
func (w *world) detector() (*detector.Detector, error) {
	return w.buildDetector(w.commands.RulesOnly, nil)
}

// parts loads all that an answer for people needs, side by side.
func (w *world) parts() (bot.Config, error) {
	defer noCollection()()
	parts := bot.Config{Analyzer: text.NewAnalyzer()}
	var textsErr, contactsErr, treesErr, plotsErr, knowledgeErr, earErr, clarifyErr error
	var words sync.WaitGroup
	words.Go(func() {
		if parts.Texts, textsErr = locales.Load(); textsErr == nil {
			parts.Knowledge, knowledgeErr = knowledge.Load(parts.Texts, parts.Analyzer)
		}
		parts.Ear, earErr = hear.New(parts.Analyzer)
		parts.Clarify, clarifyErr = clarify.Load()
		parts.Contacts, contactsErr = w.contacts()
		parts.Trees, treesErr = firstaid.Load()
		parts.Plots, plotsErr = story.Load()
	})
	d, err := w.buildDetector(w.commands.RulesOnly, parts.Analyzer)
	words.Wait()
	parts.Checker = d
	return parts, errors.Join(err, textsErr, contactsErr, treesErr, plotsErr, knowledgeErr, earErr, clarifyErr)
}

// noCollection puts garbage collection off until it is called back. What is
// loaded at the start stays: to look through it meanwhile would only cost time.
func noCollection() (back func()) {
	before := debug.SetGCPercent(-1)
	return func() { debug.SetGCPercent(before) }
}

// buildDetector leaves the learned model out on request: it is not needed to
// learn a new one, and must not stand in the way when its format changes.
func (w *world) buildDetector(rulesOnly bool, analyzer *text.Analyzer) (*detector.Detector, error) {
	defer noCollection()()
	config := detector.Config{RulesOnly: rulesOnly, Analyzer: analyzer}
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
	d, err := detector.New(config)
	if err != nil || len(config.Rules) == 0 {
		return d, err
	}
	return d, checkReasons(d.Rules())
}

// checkReasons finds the reasons of added rules for which there is no sentence:
// people would read the id instead.
func checkReasons(rules []*scheme.Rule) error {
	texts, err := locales.Load()
	if err != nil {
		return err
	}
	var mistakes []error
	for _, r := range rules {
		if r.Added && r.Reason != "" && !texts.HasReason(r.Reason) {
			mistakes = append(mistakes, fmt.Errorf("rule packs: %s:%d: rule %s: there is no reason %q in locales", r.Pack, r.Line, r.ID, r.Reason))
		}
	}
	return errors.Join(mistakes...)
}
