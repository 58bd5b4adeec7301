package judge

import (
	"encoding/json"
	"math"
	"strconv"
	"strings"

	"github.com/aldanba/aldanba/detector"
	"github.com/aldanba/aldanba/detector/llm"
)

// answer is the JSON object of a reply, before anything in it is believed.
type answer struct {
	Verdict     string  `json:"verdict"`
	Probability number  `json:"probability"`
	Schemes     strs    `json:"schemes"`
	Stage       string  `json:"stage"`
	Wants       strs    `json:"wants"`
	Quotes      strs    `json:"quotes"`
	Advice      strs    `json:"advice"`
	Manipulates boolean `json:"manipulates"`
	Question    string  `json:"question"`
	Alarming    string  `json:"alarming_answer"`
	Explanation string  `json:"explanation"`
}

// number takes 0.9 and "0.9"; what is neither is not a number.
type number float64

func (n *number) UnmarshalJSON(data []byte) error {
	f, err := strconv.ParseFloat(strings.TrimSpace(strings.Trim(string(data), `"`)), 64)
	if err != nil {
		f = math.NaN()
	}
	*n = number(f)
	return nil
}

// strs takes a list of strings, one string, or null; anything else is empty.
type strs []string

func (s *strs) UnmarshalJSON(data []byte) error {
	var one string
	if json.Unmarshal(data, &one) == nil {
		if one != "" {
			*s = strs{one}
		}
		return nil
	}
	var all []any
	if json.Unmarshal(data, &all) != nil {
		return nil
	}
	for _, v := range all {
		if text, ok := v.(string); ok {
			*s = append(*s, text)
		}
	}
	return nil
}

// boolean takes true and "true".
type boolean bool

func (b *boolean) UnmarshalJSON(data []byte) error {
	*b = strings.Trim(string(data), `" `) == "true"
	return nil
}

// maxObjects is how many beginnings of an object in a reply are tried.
const maxObjects = 8

// parse finds the JSON object in a reply: alone, or among words, thoughts and
// marks of code. problem says in English what is wrong with it, or is empty.
func parse(r llm.Reply) (a answer, problem string) {
	text := r.Text
	if _, after, ok := strings.Cut(text, "</think>"); ok {
		text = after
	}
	problem = "there is no JSON object in it"
	if r.Cut {
		problem = "it was cut off because it was too long"
	}
	found := false
	for range maxObjects {
		at := strings.IndexByte(text, '{')
		if at < 0 {
			break
		}
		text = text[at:]
		var next answer
		decoder := json.NewDecoder(strings.NewReader(text))
		if decoder.Decode(&next) != nil {
			text = text[1:]
			continue
		}
		wrong := next.problem()
		switch {
		case wrong != "" && !found:
			problem = wrong
			text = text[1:] // the answer may be wrapped in it
			continue
		case wrong == "" && found && next.Verdict != a.Verdict:
			return answer{}, "there are several objects in it that contradict each other"
		case wrong == "" && !found:
			a, found = next, true
		}
		text = text[decoder.InputOffset():]
	}
	if !found {
		return answer{}, problem
	}
	return a, ""
}

// problem says what makes an answer useless as a whole.
func (a *answer) problem() string {
	a.Verdict = strings.ToLower(strings.TrimSpace(a.Verdict))
	p := float64(a.Probability)
	switch {
	case a.Verdict != string(detector.Scam) && a.Verdict != string(detector.Suspicious) && a.Verdict != string(detector.NoSigns):
		return "verdict is none of scam, suspicious, no_signs"
	case math.IsNaN(p) || p < 0 || p > 1:
		return "probability is no number from 0 to 1"
	case a.Verdict == string(detector.Scam) && p < 0.5, a.Verdict == string(detector.NoSigns) && p > 0.5:
		return "verdict and probability contradict each other"
	}
	return ""
}
