package eval_test

import (
	"strings"
	"testing"

	"github.com/aldanba/aldanba/detector"
	"github.com/aldanba/aldanba/detector/scheme"
)

// TestNoSentenceTurnsAScamOff puts a sentence that speaks for a genuine message
// (the first examples of every rule of counter-evidence) before or after scams:
// whoever writes one may write such a sentence too.
func TestNoSentenceTurnsAScamOff(t *testing.T) {
	d, err := detector.New(detector.Config{})
	if err != nil {
		t.Fatal(err)
	}
	scams := map[bool][]string{} // by whether they are in Kazakh
	const each = 60
	for i, l := range readCorpus(t) {
		kazakh := strings.HasPrefix(l.Lang, "kk")
		if l.Label == "scam" && i%7 == 0 && len(scams[kazakh]) < each && d.Check(l.Text).Level == detector.Scam {
			scams[kazakh] = append(scams[kazakh], strings.TrimRight(l.Text, ".!? "))
		}
	}
	tried, lost := 0, 0
	for _, rule := range d.Rules() {
		if rule.Kind != scheme.Counter {
			continue
		}
		for kazakh, sentence := range map[bool]string{false: rule.MatchRU[0], true: rule.MatchKK[0]} {
			lostHere := 0
			for i, scam := range scams[kazakh] {
				text := sentence + ". " + scam
				if i%2 == 0 {
					text = scam + ". " + sentence
				}
				if level := d.Check(text).Level; level != detector.Scam && level != detector.Suspicious {
					lostHere++
				}
			}
			if lostHere > each/4 {
				t.Errorf("%q of rule %s turns %d of %d scams off", sentence, rule.ID, lostHere, each)
			}
			tried, lost = tried+each, lost+lostHere
		}
	}
	if part := float64(lost) / float64(tried); tried == 0 || part > 0.05 {
		t.Errorf("%d of %d scams with a harmless sentence get no alarm", lost, tried)
	} else {
		t.Logf("%.1f %% of scams with a harmless sentence get no alarm", 100*part)
	}
}
