package model

import (
	"math"
	"math/rand/v2"
	"runtime"
	"slices"
	"strconv"
	"sync"
)

// Sample is one labelled message, ready to learn from.
type Sample struct {
	Scam   bool
	Scheme string // leading scheme of a scam
	Group  string // who wrote it; samples of a group are never split in cross-validation

	f features
}

// NewSample takes the features of a message; in.Doc may be released afterwards.
func NewSample(in Input, scam bool, schemeID, group string) Sample {
	s := Sample{Scam: scam, Scheme: schemeID, Group: group}
	s.f.extract(in, nil)
	s.f.schemes = slices.Clone(in.Schemes)
	s.f.list(in.Doc)
	s.f.owners, s.f.letters, s.f.concepts, s.f.forms, s.f.endings = nil, nil, nil, nil, nil
	return s
}

// How the model learns. Chosen by cross-validation over writers.
const (
	seed        = 20261123
	epochs      = 20
	rate        = 0.06
	prior       = 0.15 // how much of the log-ratio of counts a weight begins with
	decay       = 0.02 // part of every weight that is forgotten in an epoch
	factDecay   = 0.03
	factDrop    = 0.6  // how often a fact, or the rules' sum, is not heard while learning
	drop        = 0.3  // how often any other feature is not
	rulesShare  = 0.65 // of the learned weight of the rules' sum: see fit
	schemeRate  = 0.15
	schemeDecay = 0.05
	schemeDrop  = 0.3 // how often a fact is not heard while schemes are learned
)

// gains weigh the kinds of features against facts.
var gains = [kinds]float64{chars: 4.5, words: 3, pairs: 2, forms: 5, contexts: 2.5}

// learner holds weights while they are learned.
type learner struct {
	tables        [kinds]weights
	facts         weights
	bias, rules   float64
	biasG, rulesG float64
	heard         features // memory of learn
}

// weights are those of one table, with the sums of their squared gradients.
type weights struct{ values, squares []float32 }

func newWeights(n int) weights { return weights{make([]float32, n), make([]float32, n)} }

// fit learns to tell scams from genuine messages. The order is fixed by the
// seed, so the same samples give the same weights. What the rules sum up to
// counts less in the end than it was worth here: they were written with an eye
// on these messages.
func fit(samples []Sample) *learner {
	l := &learner{facts: newWeights(1 << factBits), rules: 0.5}
	for k := range l.tables {
		l.tables[k] = newWeights(sizes[k])
		begin(samples, l.tables[k].values, k)
	}
	order := make([]int, len(samples))
	for i := range order {
		order[i] = i
	}
	random := rand.New(rand.NewPCG(seed, uint64(len(samples))))
	for range epochs {
		random.Shuffle(len(order), func(i, j int) { order[i], order[j] = order[j], order[i] })
		for _, i := range order {
			l.learn(&samples[i], random)
		}
		for k := range l.tables {
			shrink(l.tables[k].values, decay)
		}
		shrink(l.facts.values, factDecay)
	}
	l.rules *= rulesShare
	return l
}

// begin sets weights to a part of what counting alone would say: the logarithm
// of how much more often a place occurs in scams than in genuine messages.
// Learning from few messages gets further from there than from nothing.
func begin(samples []Sample, weights []float32, kind int) {
	counts := [2][]float64{make([]float64, len(weights)), make([]float64, len(weights))}
	last := make([]int, len(weights)) // sample that counted a place last, so that each counts once
	var totals [2]float64
	for i := range samples {
		side := 0
		if samples[i].Scam {
			side = 1
		}
		totals[side]++
		for _, p := range samples[i].f.lists[kind] {
			if last[p] != i+1 {
				last[p] = i + 1
				counts[side][p]++
			}
		}
	}
	for p := range weights {
		ratio := (counts[1][p] + 1) / (totals[1] + 2) / ((counts[0][p] + 1) / (totals[0] + 2))
		weights[p] = float32(prior * math.Log(ratio))
	}
}

func (l *learner) raw(f *features) float64 {
	z := l.bias + l.rules*f.rules
	for k, places := range f.lists {
		z += sum(l.tables[k].values, places) * damp(len(places)) * gains[k]
	}
	return z + sum(l.facts.values, f.facts)
}

// learn moves the weights by one sample. A part of what it holds is left out at
// random, so that every piece learns to speak without the others. It is a large
// part of the facts: rules were written with an eye on these very messages and
// know them better than what people will send.
func (l *learner) learn(s *Sample, random *rand.Rand) {
	heard, memory := s.f, &l.heard
	heard.facts = thin(&memory.facts, s.f.facts, factDrop, random)
	for k := range heard.lists {
		heard.lists[k] = thin(&memory.lists[k], s.f.lists[k], drop, random)
	}
	if random.Float64() < factDrop {
		heard.rules = 0
	}
	target := 0.0
	if s.Scam {
		target = 1
	}
	gradient := 1/(1+math.Exp(-l.raw(&heard))) - target
	for k, places := range heard.lists {
		l.tables[k].step(places, gradient*damp(len(places))*gains[k])
	}
	l.facts.step(heard.facts, gradient)
	one(&l.bias, &l.biasG, gradient)
	one(&l.rules, &l.rulesG, gradient*heard.rules/4)
}

// thin leaves a part of the places out, in memory that is used again.
func thin(memory *[]uint32, places []uint32, part float64, random *rand.Rand) []uint32 {
	kept := (*memory)[:0]
	for _, p := range places {
		if random.Float64() >= part {
			kept = append(kept, p)
		}
	}
	*memory = kept
	return kept
}

func sum(weights []float32, places []uint32) float64 {
	total := float32(0)
	for _, p := range places {
		total += weights[p]
	}
	return float64(total)
}

// step moves the weights of the places against the gradient, each at its own
// pace: the more it has moved, the slower (AdaGrad).
func (w weights) step(places []uint32, gradient float64) {
	g := float32(gradient)
	for _, p := range places {
		w.squares[p] += g * g
		w.values[p] -= rate * g / (1e-3 + float32(math.Sqrt(float64(w.squares[p]))))
	}
}

func one(weight, square *float64, gradient float64) {
	*square += gradient * gradient
	*weight -= rate * gradient / (1e-3 + math.Sqrt(*square))
}

func shrink(weights []float32, part float64) {
	keep := float32(1 - part)
	for i := range weights {
		weights[i] *= keep
	}
}

// Train learns a model: the weights from all samples, by the calibration of
// Calibrate. schemes are the ids to tell apart.
func Train(samples []Sample, schemes []string, scale Calibration) *Model {
	l := fit(samples)
	m := &Model{Schemes: schemes, slope: scale.slope, bias: scale.offset + scale.slope*l.bias, rules: l.rules, facts: l.facts.values}
	for k := range l.tables {
		m.tables[k] = squeeze(l.tables[k].values, gains[k])
	}
	m.scheme = fitSchemes(samples, schemes)
	return m
}

// parts is into how many parts the groups are dealt for the calibration.
const parts = 5

// folds deals the groups, in the order in which they come, into parts.
func folds(samples []Sample) func(i int) string {
	part := map[string]string{}
	for i := range samples {
		if _, dealt := part[samples[i].Group]; !dealt {
			part[samples[i].Group] = strconv.Itoa(len(part) % parts)
		}
	}
	return func(i int) string { return part[samples[i].Group] }
}

// without gives for every part but "" the samples that are not of it.
func without(samples []Sample, part func(i int) string) map[string][]Sample {
	names := map[string]bool{}
	for i := range samples {
		names[part(i)] = true
	}
	delete(names, "")
	seen := map[string][]Sample{}
	for name := range names {
		for i := range samples {
			if part(i) != name {
				seen[name] = append(seen[name], samples[i])
			}
		}
	}
	return seen
}

// LeaveOut learns for every part a model that has seen no sample of it, as many
// at a time as there are cores. Samples of the part "" are always seen.
func LeaveOut(samples []Sample, schemes []string, scale Calibration, part func(i int) string) map[string]*Model {
	return eachPart(without(samples, part), func(seen []Sample) *Model { return Train(seen, schemes, scale) })
}

// eachPart learns from every part, as many at a time as there are cores.
func eachPart[T any](seen map[string][]Sample, learn func([]Sample) T) map[string]T {
	learned := map[string]T{}
	var lock sync.Mutex
	var group sync.WaitGroup
	free := make(chan struct{}, runtime.GOMAXPROCS(0))
	for name, samples := range seen {
		group.Go(func() {
			free <- struct{}{}
			defer func() { <-free }()
			one := learn(samples)
			lock.Lock()
			defer lock.Unlock()
			learned[name] = one
		})
	}
	group.Wait()
	return learned
}

// Calibration is the line that turns raw sums into log-odds.
type Calibration struct{ slope, offset float64 }

// Calibrate finds that line (Platt scaling) by the raw sums of samples whose
// groups were left out while the weights were learned.
func Calibrate(samples []Sample) Calibration {
	part := folds(samples)
	learned := eachPart(without(samples, part), fit)
	raw := make([]float64, len(samples))
	for i := range samples {
		if l := learned[part(i)]; l != nil { // where one group wrote all, nothing is left to learn from
			raw[i] = l.raw(&samples[i].f)
		}
	}
	slope, offset := 1.0, 0.0
	for range 400 {
		gradSlope, gradOffset, hSS, hSO, hOO := 0.0, 0.0, 1e-6, 0.0, 1e-6
		for i := range samples {
			target := 0.0
			if samples[i].Scam {
				target = 1
			}
			p := 1 / (1 + math.Exp(-(slope*raw[i] + offset)))
			w := p * (1 - p)
			gradSlope += (p - target) * raw[i]
			gradOffset += p - target
			hSS += w * raw[i] * raw[i]
			hSO += w * raw[i]
			hOO += w
		}
		det := hSS*hOO - hSO*hSO
		dSlope, dOffset := (hOO*gradSlope-hSO*gradOffset)/det, (hSS*gradOffset-hSO*gradSlope)/det
		slope, offset = slope-dSlope, offset-dOffset
		if math.Abs(dSlope)+math.Abs(dOffset) < 1e-9 {
			break
		}
	}
	return Calibration{slope, offset}
}

// squeeze puts weights into one byte each.
func squeeze(weights []float32, gain float64) table {
	top := float32(1e-6)
	for _, w := range weights {
		top = max(top, w, -w)
	}
	t := table{scale: top / 127 * float32(gain), weights: make([]int8, len(weights))}
	for i, w := range weights {
		t.weights[i] = int8(math.Round(float64(w / top * 127)))
	}
	return t
}

// fitSchemes learns to tell schemes apart from the scams among the samples.
func fitSchemes(samples []Sample, schemes []string) schemeTable {
	classes := len(schemes)
	rows := schemeWords + schemeFacts
	weights, squares := make([]float32, rows*classes), make([]float32, rows*classes)
	bias := make([]float32, classes)
	t := schemeTable{classes: classes, rules: 0.4, bias: bias}
	var scams []int
	for i := range samples {
		if samples[i].Scam && slices.Contains(schemes, samples[i].Scheme) {
			scams = append(scams, i)
		}
	}
	random := rand.New(rand.NewPCG(seed, 1))
	z := make([]float64, classes)
	var memory []uint32
	for range epochs {
		random.Shuffle(len(scams), func(i, j int) { scams[i], scams[j] = scams[j], scams[i] })
		for _, i := range scams {
			heard := samples[i].f
			heard.facts = thin(&memory, heard.facts, schemeDrop, random)
			f := &heard
			for k := range z {
				z[k] = float64(bias[k])
				if k < len(f.schemes) {
					z[k] += t.rules * f.schemes[k]
				}
			}
			eachRow(f, func(row int, value float64) {
				for k, w := range weights[row*classes : (row+1)*classes] {
					z[k] += value * float64(w)
				}
			})
			softmax(z)
			z[slices.Index(schemes, samples[i].Scheme)]--
			eachRow(f, func(row int, value float64) {
				w, g2 := weights[row*classes:(row+1)*classes], squares[row*classes:(row+1)*classes]
				for k, g := range z {
					g := float32(g * value)
					g2[k] += g * g
					w[k] -= schemeRate * g / (1e-2 + float32(math.Sqrt(float64(g2[k]))))
				}
			})
			for k, g := range z {
				bias[k] -= 0.01 * float32(g)
			}
		}
		shrink(weights, schemeDecay)
	}
	squeezed := squeeze(weights, 1)
	t.scale = squeezed.scale
	t.setWeights(squeezed.weights)
	return t
}

// eachRow calls visit with every row of a message and the value of its feature.
func eachRow(f *features, visit func(row int, value float64)) {
	value := damp(len(f.stems)) * schemeWordGain
	for _, p := range f.stems {
		visit(wordRow(p), value)
	}
	for _, p := range f.facts {
		visit(factRow(p), 1)
	}
}
