package locales

import (
	"bytes"
	"fmt"
	"slices"

	"github.com/pelletier/go-toml/v2"
)

// Fact is a statement about law or procedure on which a text rests. ValueRU and ValueKK are the figure, time, name or
// address as texts write it: they ask for it by placeholder, as for a number, and have other words where it may not be
// told. UsedBy names the texts that rest on the statement without that, as "advice.stop_credit" or, for a phrase of the
// conversation, its bare key.
type Fact struct {
	ID         string     `toml:"id"`
	ValueRU    string     `toml:"value_ru"`
	ValueKK    string     `toml:"value_kk"`
	WhatRU     string     `toml:"what_ru"`
	WhatKK     string     `toml:"what_kk"`
	Source     string     `toml:"source"`
	Date       string     `toml:"date"`
	Confidence Confidence `toml:"confidence"`
	UsedBy     []string   `toml:"used_by"`
}

// Value returns the value, in Russian unless lang is Kazakh.
func (f Fact) Value(lang string) string {
	if lang == Kazakh {
		return f.ValueKK
	}
	return f.ValueRU
}

func loadFacts() ([]Fact, error) {
	data, err := files.ReadFile("facts.toml")
	if err != nil {
		return nil, err
	}
	var table struct {
		Fact []Fact `toml:"fact"`
	}
	if err := toml.NewDecoder(bytes.NewReader(data)).DisallowUnknownFields().Decode(&table); err != nil {
		return nil, fmt.Errorf("facts.toml: %w", err)
	}
	return table.Fact, nil
}

// Facts returns the facts on which texts rest.
func (c *Contacts) Facts() []Fact { return slices.Clone(c.facts) }

// ArgsWithFacts returns what Args does and the values of facts that may be told, also by placeholder name.
func (c *Contacts) ArgsWithFacts(lang string) map[string]any {
	args := c.Args()
	for _, f := range c.facts {
		if value := f.Value(lang); value != "" && f.Confidence == Verified {
			args[placeholder(f.ID)] = value
		}
	}
	return args
}
