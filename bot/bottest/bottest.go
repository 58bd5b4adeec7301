// Package bottest gives tests of the conversation the parts that come with the
// program.
package bottest

import (
	"errors"
	"testing"

	"github.com/aldanba/aldanba/bot"
	"github.com/aldanba/aldanba/bot/clarify"
	"github.com/aldanba/aldanba/bot/firstaid"
	"github.com/aldanba/aldanba/bot/hear"
	"github.com/aldanba/aldanba/bot/knowledge"
	"github.com/aldanba/aldanba/bot/story"
	"github.com/aldanba/aldanba/detector"
	"github.com/aldanba/aldanba/locales"
)

// Parts gives the detector, texts, numbers, trees, plots and answers of the
// program, without a memory, a judge or a clock. It ends the test where one of
// them cannot be loaded.
func Parts(t testing.TB) bot.Config {
	t.Helper()
	var c bot.Config
	d, err := detector.New(detector.Config{})
	c.Checker = d
	var errs [7]error
	c.Texts, errs[0] = locales.Load()
	c.Contacts, errs[1] = locales.LoadContacts("")
	c.Trees, errs[2] = firstaid.Load()
	c.Plots, errs[3] = story.Load()
	c.Ear, errs[4] = hear.New(nil)
	c.Clarify, errs[5] = clarify.Load()
	if errs[0] == nil {
		c.Knowledge, errs[6] = knowledge.Load(c.Texts, nil)
	}
	if err := errors.Join(append(errs[:], err)...); err != nil {
		t.Fatal(err)
	}
	return c
}
