package model

import "math"

// Hashed places of the scheme table.
const (
	schemeWordBits = 13
	schemeWords    = 1 << schemeWordBits
	schemeFacts    = 1 << factBits
)

// schemeTable tells schemes apart: for every place a row with one weight for
// each scheme. The first rows are words, then facts, then one row of biases.
type schemeTable struct {
	classes int
	scale   float32
	weights []int8
	bias    []float32
	rules   float64 // what the rules' own evidence for a scheme counts
}

// schemeWordGain weighs words against facts.
const schemeWordGain = 2.0

// wordRow and factRow give the row of a feature.
func wordRow(place uint32) int { return int(place * 0x9E3779B1 >> (32 - schemeWordBits)) }
func factRow(place uint32) int { return schemeWords + int(place) }

// probabilities appends the probability of each scheme.
func (t *schemeTable) probabilities(f *features, to []float64) []float64 {
	var memory [2 * maxSchemes]int32
	words, facts := memory[:t.classes], memory[maxSchemes:maxSchemes+t.classes]
	for _, p := range f.stems {
		t.addRow(words, wordRow(p))
	}
	for _, p := range f.facts[:f.named] {
		t.addRow(facts, factRow(p))
	}
	start := len(to)
	value := damp(len(f.stems)) * schemeWordGain
	for k := range t.classes {
		z := float64(t.bias[k]) + float64(t.scale)*(value*float64(words[k])+float64(facts[k]))
		if k < len(f.schemes) {
			z += t.rules * f.schemes[k]
		}
		to = append(to, z)
	}
	softmax(to[start:])
	return to
}

func (t *schemeTable) addRow(sums []int32, row int) {
	weights := t.weights[row*t.classes:][:len(sums)]
	for k, w := range weights {
		sums[k] += int32(w)
	}
}

func softmax(z []float64) {
	top := z[0]
	for _, v := range z {
		top = max(top, v)
	}
	sum := 0.0
	for k, v := range z {
		z[k] = math.Exp(v - top)
		sum += z[k]
	}
	for k := range z {
		z[k] /= sum
	}
}
