package main

import (
	"encoding/json"
	"math"

	"github.com/aldanba/aldanba/detector"
	"github.com/aldanba/aldanba/detector/entity"
	"github.com/aldanba/aldanba/detector/link"
	"github.com/aldanba/aldanba/detector/scheme"
)

// result is a verdict for machines. Quotes and entities are masked, links in
// them defanged.
type result struct {
	ID       json.RawMessage `json:"id,omitempty"`
	Verdict  detector.Level  `json:"verdict"`
	Score    float64         `json:"score"`
	Scheme   string          `json:"scheme"`
	Schemes  []string        `json:"schemes"`
	Stage    detector.Stage  `json:"stage"`
	Relative bool            `json:"relative,omitempty"`
	Intent   detector.Intent `json:"intent"`
	Lang     string          `json:"lang"`
	Signals  []resultSignal  `json:"signals"`
	Entities []resultEntity  `json:"entities"`
	Advice   []string        `json:"advice"`
	Cut      bool            `json:"cut,omitempty"` // only the beginning was read

	Judge detector.Agreement `json:"judge,omitempty"` // how the opinion of a judge stood to the local verdict
}

type resultSignal struct {
	ID     string  `json:"id"`
	Weight float64 `json:"weight"`
	Quote  string  `json:"quote"`
}

type resultEntity struct {
	Kind   entity.Kind `json:"kind"`
	Masked string      `json:"masked"`
}

func newResult(id json.RawMessage, v *detector.Verdict) *result {
	r := &result{
		ID: id, Verdict: v.Level, Score: math.Round(v.Score*1e4) / 1e4,
		Scheme: v.Scheme, Schemes: orEmpty(v.Schemes), Stage: v.Stage, Relative: v.Relative, Intent: v.Intent,
		Lang: v.Lang.String(), Advice: orEmpty(v.Advice), Cut: v.Cut, Judge: v.Agreement,
		Signals: make([]resultSignal, 0, len(v.Signals)), Entities: make([]resultEntity, len(v.Entities)),
	}
	for _, s := range v.Signals {
		// Rules without weight only help other rules to decide.
		if s.Rule.Weight != 0 || s.Rule.Kind == scheme.Stage || s.Rule.Kind == scheme.Learned {
			r.Signals = append(r.Signals, resultSignal{ID: s.Rule.ID, Weight: s.Rule.Weight, Quote: v.Quote(s)})
		}
	}
	for i, e := range v.Entities {
		r.Entities[i] = resultEntity{Kind: e.Kind, Masked: e.Masked}
		if e.Kind == entity.Link {
			r.Entities[i].Masked = link.Defang(e.Value)
		}
	}
	return r
}

// orEmpty makes an absent list an empty one, so that JSON says [] and not null.
func orEmpty(list []string) []string {
	if list == nil {
		return []string{}
	}
	return list
}

// appendLine appends the result as one line of JSON, the same that
// encoding/json would write: thousands of them a second are wanted.
func (r *result) appendLine(dst []byte) []byte {
	dst = append(dst, '{')
	if len(r.ID) > 0 {
		dst = append(append(append(dst, `"id":`...), r.ID...), ',')
	}
	dst = appendString(append(dst, `"verdict":`...), string(r.Verdict))
	dst = appendNumber(append(dst, `,"score":`...), r.Score)
	dst = appendString(append(dst, `,"scheme":`...), r.Scheme)
	dst = appendStrings(append(dst, `,"schemes":`...), r.Schemes)
	dst = appendString(append(dst, `,"stage":`...), string(r.Stage))
	if r.Relative {
		dst = append(dst, `,"relative":true`...)
	}
	dst = appendString(append(dst, `,"intent":`...), string(r.Intent))
	dst = appendString(append(dst, `,"lang":`...), r.Lang)
	dst = append(dst, `,"signals":[`...)
	for i, s := range r.Signals {
		dst = appendString(append(comma(dst, i), `{"id":`...), s.ID)
		dst = appendNumber(append(dst, `,"weight":`...), s.Weight)
		dst = append(appendString(append(dst, `,"quote":`...), s.Quote), '}')
	}
	dst = append(dst, `],"entities":[`...)
	for i, e := range r.Entities {
		dst = appendString(append(comma(dst, i), `{"kind":`...), string(e.Kind))
		dst = append(appendString(append(dst, `,"masked":`...), e.Masked), '}')
	}
	dst = appendStrings(append(dst, `],"advice":`...), r.Advice)
	if r.Cut {
		dst = append(dst, `,"cut":true`...)
	}
	if r.Judge != "" {
		dst = appendString(append(dst, `,"judge":`...), string(r.Judge))
	}
	return append(dst, "}\n"...)
}
