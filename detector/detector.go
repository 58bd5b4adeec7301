// Package detector answers one question: what is this message?
//
// It folds and tokenises the text, finds identifiers and links in it, lets the
// rule packs look at all of that once, and turns the signals that hold into a
// verdict by a written policy. It works offline, keeps nothing, opens no link
// and knows no messenger.
package detector

import (
	"errors"
	"fmt"
	"io/fs"
	"math"
	"slices"
	"sync"

	"github.com/aldanba/aldanba/detector/entity"
	"github.com/aldanba/aldanba/detector/link"
	"github.com/aldanba/aldanba/detector/model"
	"github.com/aldanba/aldanba/detector/scheme"
	"github.com/aldanba/aldanba/detector/text"
)

// MaxText is how many bytes of a message are read. What is longer is judged by
// its beginning, and the verdict says so.
const MaxText = 64 << 10

// Config says what a detector is made of.
type Config struct {
	// Rules are directories of further rule packs, beside the built-in ones.
	Rules []fs.FS
	// RulesOnly leaves the learned model out: to see what the rules do alone.
	RulesOnly bool
	// Model takes the place of the built-in one; nil: that one.
	Model *model.Model
	// Analyzer may be shared with other readers of the same texts, so that words
	// are remembered once; nil makes one.
	Analyzer *text.Analyzer
}

// Detector judges messages. It is immutable and safe for concurrent use.
type Detector struct {
	analyzer  *text.Analyzer
	finder    *entity.Finder
	links     *link.Table
	catalogue *scheme.Catalogue
	matcher   *scheme.Matcher
	traits    []traits // rule → what it says to the policy and the model
	policy    *policy
	model     *model.Model      // nil: rules alone
	linkMarks map[string]string // class or fact of a link → the name under which rules ask for it
	scratch   sync.Pool
}

// scratch is the memory of one check, reused.
type scratch struct {
	marks    []scheme.Mark
	found    scheme.Found
	order    []int64 // hits, the heaviest first: rank and place
	facts    []model.Fact
	evidence []float64
}

// New compiles the rule packs. The error joins all mistakes of all packs, each
// with its file and line.
func New(config Config) (*Detector, error) {
	d := &Detector{analyzer: config.Analyzer, linkMarks: linkMarks()}
	if d.analyzer == nil {
		d.analyzer = text.NewAnalyzer()
	}
	d.scratch.New = func() any { return &scratch{} }
	parts := []func() error{
		func() (err error) { d.matcher, err = d.compile(config.Rules); return err },
		func() (err error) { d.catalogue, err = scheme.LoadCatalogue(); return err },
		func() (err error) { d.finder, err = entity.New(); return err },
		func() (err error) { d.links, err = link.Load(); return err },
		func() (err error) { d.policy, err = loadPolicy(); return err },
	}
	if d.model = config.Model; d.model == nil && !config.RulesOnly {
		parts = append(parts, func() (err error) { d.model, err = model.Load(); return err })
	}
	// The parts do not need each other: together they are loaded in the time of
	// the longest.
	mistakes := make([]error, len(parts))
	var group sync.WaitGroup
	for i, load := range parts {
		group.Go(func() { mistakes[i] = load() })
	}
	group.Wait()
	if err := errors.Join(mistakes...); err != nil {
		return nil, err
	}
	if err := errors.Join(d.catalogue.Check(d.matcher.Rules()), d.checkNames(d.matcher.Rules())); err != nil {
		return nil, fmt.Errorf("rule packs: %w", err)
	}
	d.traits = traitsOf(d.matcher.Rules(), d.catalogue)
	return d, nil
}

// compile reads the built-in packs and those of the directories.
func (d *Detector) compile(dirs []fs.FS) (*scheme.Matcher, error) {
	packs, err := scheme.BuiltinPacks()
	for _, dir := range dirs {
		more, dirErr := scheme.ReadPacks(dir)
		for _, pack := range more {
			if pack != nil {
				pack.MarkAdded()
			}
		}
		packs, err = append(packs, more...), errors.Join(err, dirErr)
	}
	if err != nil {
		return nil, fmt.Errorf("rule packs: %w", err)
	}
	matcher, err := scheme.Compile(packs, d.analyzer.StemRussian)
	if err != nil {
		return nil, fmt.Errorf("rule packs: %w", err)
	}
	return matcher, nil
}

// Rules gives all rules in the order of their packs.
func (d *Detector) Rules() []*scheme.Rule { return d.matcher.Rules() }

// Catalogue gives the schemes and stages.
func (d *Detector) Catalogue() *scheme.Catalogue { return d.catalogue }

// Redact masks identifiers and names: the one form in which text may leave the
// process or touch a disk.
func (d *Detector) Redact(s string) string { return d.finder.Redact(s) }

// Check judges one message of any length and content.
func (d *Detector) Check(message string) *Verdict {
	v := &Verdict{text: message}
	if len(message) > MaxText {
		v.text, v.Cut = text.Prefix(message, MaxText), true
	}
	for _, p := range d.judge(v) {
		if v.Level == Scam {
			break
		}
		part := &Verdict{text: v.text[p.start:p.end]}
		d.judge(part) // a piece has no pieces of its own
		if part.Level == Scam {
			d.adopt(v, part, p)
		}
	}
	return v
}

// judge fills the verdict on its text. It gives the pieces that are to be judged
// by themselves: of a long text, and of one that counter-evidence talks away.
func (d *Detector) judge(v *Verdict) []piece {
	s := d.scratch.Get().(*scratch)
	defer d.scratch.Put(s)
	if !isText(v.text) {
		v.Level, v.Stage, v.Intent = Unreadable, NothingYet, Content
		v.Advice = d.Advice(v.Level, "", v.Stage, false)
		return nil
	}
	doc := d.read(s, v)
	defer doc.Release()
	logOdds, floor := d.policy.weigh(v.Signals)
	risky := anyRisky(v.Signals)
	var opinion *model.Opinion
	if d.model != nil {
		opinion = d.model.Judge(d.input(s, doc, v, logOdds))
		defer opinion.Release()
		// The model has never met rules from a directory: they count by themselves.
		logOdds = d.policy.learned(opinion.LogOdds, risky) + d.policy.added(v.Signals)
	}
	v.Score, v.Level = d.policy.judge(logOdds, floor)
	if few := len(doc.Tokens) < d.policy.FewWords && len(v.Entities) == 0; few && !risky && v.Level == Scam {
		v.Score, v.Level = math.Nextafter(d.policy.Scam, 0), Suspicious // a few words may be anybody's
	}
	stage, found := stageOf(v.Signals)
	v.Stage = stage
	v.Relative = slices.ContainsFunc(v.Signals, func(s Signal) bool { return s.Rule.ID == relativeRule })
	v.Intent = intentOf(v.Signals, risky, len(doc.Tokens), found)
	if len(v.Entities) > 0 && v.Intent.polite() {
		v.Intent = Content // a receipt says thanks, too
	}
	switch {
	case !risky && v.Intent == Content && tooShort(doc, v):
		v.Level = Unreadable
	case v.Intent.small():
		v.Level, v.Score = NoSigns, min(v.Score, d.policy.Suspicious/2)
	case v.Level == NoSigns:
	case opinion != nil:
		d.explain(opinion, doc.Tokens, v)
	default:
		s.evidence = d.policy.evidence(s.evidence, v.Signals, d.catalogue)
		v.Schemes = d.policy.schemes(s.evidence, d.catalogue)
	}
	if len(v.Schemes) > 0 {
		v.Scheme = v.Schemes[0]
	}
	v.Advice = d.steps(v)
	cut := pieces(v.text, doc.Tokens)
	if v.Level == NoSigns {
		cut = appendUnopposed(cut, v, doc.Tokens)
	}
	return cut
}

// read finds everything in the text that can be found: words, entities, links
// and the rules that hold.
func (d *Detector) read(s *scratch, v *Verdict) *text.Document {
	doc := d.analyzer.Parse(v.text)
	v.Entities = d.finder.Find(v.text)
	s.marks = d.mark(s.marks[:0], v, doc)
	d.matcher.Match(doc, s.marks, &s.found)
	v.Lang = doc.Lang
	s.order = s.order[:0]
	for i, hit := range s.found.Hits {
		s.order = append(s.order, -int64(hit.Rule.Rank())<<32|int64(i))
	}
	slices.Sort(s.order)
	v.Signals = make([]Signal, len(s.order), len(s.order)+1)
	for i, place := range s.order {
		hit := &s.found.Hits[uint32(place)]
		v.Signals[i] = Signal{Rule: hit.Rule, Start: hit.Start, End: hit.End, traits: &d.traits[hit.Place]}
	}
	return doc
}

// anyRisky says that the rules have seen a story, a demand or a trace.
func anyRisky(signals []Signal) bool {
	return slices.ContainsFunc(signals, func(s Signal) bool { return s.traits.risky })
}

// relativeRule is the rule that hears that somebody near is meant.
const relativeRule = "stage.relative"
