package locales

import (
	"bytes"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/pelletier/go-toml/v2"
)

// Confidence says how well a number or a fact is known. It decides whether a number may be shown.
type Confidence string

const (
	Universal  Confidence = "universal"  // a number that everybody in the country knows: 102, 103, 112
	Verified   Confidence = "verified"   // seen on the owner's own page or in its statement, or called by the operator
	Secondary  Confidence = "secondary"  // only other people's lists have it
	Unverified Confidence = "unverified" // from memory, contradicted, or not known at all
)

// Contact is one number of the reviewed table and where it was found.
type Contact struct {
	ID         string     `toml:"id"`
	Number     string     `toml:"number"` // empty where no number is known yet
	OwnerRU    string     `toml:"owner_ru"`
	OwnerKK    string     `toml:"owner_kk"`
	WhatRU     string     `toml:"what_ru"`
	WhatKK     string     `toml:"what_kk"`
	Source     string     `toml:"source"`
	Date       string     `toml:"date"` // ISO day of the source, or of the stored copy where the source bears no date
	Confidence Confidence `toml:"confidence"`
	Note       string     `toml:"note"` // for whoever checks the number, never shown to a person
}

// Owner returns whose number it is, in Russian unless lang is Kazakh.
func (c Contact) Owner(lang string) string {
	if lang == Kazakh {
		return c.OwnerKK
	}
	return c.OwnerRU
}

// What returns what the number is for, in Russian unless lang is Kazakh.
func (c Contact) What(lang string) string {
	if lang == Kazakh {
		return c.WhatKK
	}
	return c.WhatRU
}

// Shown tells whether a person may see the number.
func (c Contact) Shown() bool {
	return c.Number != "" && (c.Confidence == Universal || c.Confidence == Verified)
}

// Contacts is the table of numbers, with the facts beside it. It never changes after LoadContacts and is safe for concurrent use.
type Contacts struct {
	rows         []Contact
	facts        []Fact
	index        map[string]int
	placeholders map[string]any
}

// LoadContacts reads the embedded table and, where overridePath is not empty, the operator's own file, which confirms
// or corrects rows (see the comment at the top of contacts.toml). A mistake in that file is reported as path:line.
func LoadContacts(overridePath string) (*Contacts, error) {
	c, err := embeddedContacts()
	if err != nil {
		return nil, err
	}
	if overridePath != "" {
		if err := c.override(overridePath); err != nil {
			return nil, err
		}
	}
	c.placeholders = make(map[string]any)
	for _, row := range c.rows {
		if row.Shown() {
			c.placeholders[placeholder(row.ID)] = row.Number
		}
	}
	return c, nil
}

func embeddedContacts() (*Contacts, error) {
	data, err := files.ReadFile("contacts.toml")
	if err != nil {
		return nil, err
	}
	var table struct {
		Contact []Contact `toml:"contact"`
	}
	if err := toml.NewDecoder(bytes.NewReader(data)).DisallowUnknownFields().Decode(&table); err != nil {
		return nil, fmt.Errorf("contacts.toml: %w", err)
	}
	facts, err := loadFacts()
	if err != nil {
		return nil, err
	}
	c := &Contacts{rows: table.Contact, facts: facts, index: make(map[string]int)}
	for i, row := range c.rows {
		c.index[row.ID] = i
	}
	return c, nil
}

// placeholder turns a contact id into the name by which texts ask for its number: national_bank, NationalBank.
func placeholder(id string) string {
	var b strings.Builder
	for part := range strings.SplitSeq(id, "_") {
		if part != "" {
			b.WriteString(strings.ToUpper(part[:1]) + part[1:])
		}
	}
	return b.String()
}

// Shown returns the number of a contact, and false where there is none that a person may see: say "the number on your
// card or in the bank's application" then.
func (c *Contacts) Shown(id string) (number string, ok bool) {
	i, ok := c.index[id]
	if !ok || !c.rows[i].Shown() {
		return "", false
	}
	return c.rows[i].Number, true
}

// Args returns the numbers that may be shown, by placeholder name (contact national_bank as NationalBank), to be given
// to Texts.Text. The map is the caller's own.
func (c *Contacts) Args() map[string]any { return maps.Clone(c.placeholders) }

// All returns every contact in the order of the table.
func (c *Contacts) All() []Contact { return slices.Clone(c.rows) }

// Unverified returns the contacts that still want a call before they can be shown.
func (c *Contacts) Unverified() []Contact {
	return slices.DeleteFunc(c.All(), Contact.Shown)
}
