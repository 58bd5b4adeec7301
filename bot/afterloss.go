package bot

import (
	"slices"
	"time"

	"github.com/aldanba/aldanba/detector"
	"github.com/aldanba/aldanba/detector/scheme"
)

const (
	// watchTime is for how long after a loss offers to bring it back are judged
	// more strictly: those who took the money come again as its rescuers.
	watchTime = 90 * 24 * time.Hour
	// recoveryScheme is the scheme of such offers.
	recoveryScheme = "fake_lawyer_recovery"
	// watchScore is from which score on a message is suspicious after a loss:
	// less than the policy of the detector asks of everybody.
	watchScore = 0.3
)

// afterLoss explains a verdict that is stricter because of a loss.
var afterLoss = &scheme.Rule{ID: "session.after_loss", Kind: scheme.Story, Floor: "suspicious", Reason: "after_loss", Schemes: []string{recoveryScheme}}

// watches says whether a loss is so near that offers to bring it back are
// judged more strictly.
func (t *turn) watches(s Session) bool { return !s.Lost.IsZero() && t.now().Sub(s.Lost) < watchTime }

// check judges a text. After a loss a hint of an offer to bring it back is
// enough to be suspicious.
func (t *turn) check(message string) *detector.Verdict {
	v := t.Checker.Check(message)
	offer := offersRecovery(v)
	if v.Level != detector.NoSigns || v.Intent != detector.Content || !t.watches(t.loaded) || !offer && v.Score < watchScore {
		return v
	}
	v.Level = detector.Suspicious
	if offer {
		v.Scheme, v.Schemes = recoveryScheme, []string{recoveryScheme}
	}
	v.Signals = slices.Insert(v.Signals, 0, detector.Signal{Rule: afterLoss})
	v.Advice = t.Checker.Advice(v.Level, v.Scheme, v.Stage, v.Relative)
	return v
}

// offersRecovery says that a rule speaks for an offer to bring a loss back,
// however little.
func offersRecovery(v *detector.Verdict) bool {
	return slices.ContainsFunc(v.Signals, func(s detector.Signal) bool {
		return s.Rule.Weight > 0 && slices.Contains(s.Rule.Schemes, recoveryScheme)
	})
}
