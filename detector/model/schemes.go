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
	stride  int      // words of a row
	rows    []uint64 // eight weights each, the first lowest, with zeroWeight added
	bias    []float32
	rules   float64 // what the rules' own evidence for a scheme counts
}

// zeroWeight stands for the weight 0 in a row: without a sign eight weights can
// be added at once.
const zeroWeight = 128

// setWeights takes the weights, row after row.
func (t *schemeTable) setWeights(weights []int8) {
	t.stride = (t.classes + 7) / 8
	t.rows = make([]uint64, (schemeWords+schemeFacts)*t.stride)
	for row := range schemeWords + schemeFacts {
		to := t.rows[row*t.stride:]
		for k, w := range weights[row*t.classes:][:t.classes] {
			to[k/8] |= uint64(byte(w)+zeroWeight) << (k % 8 * 8)
		}
	}
}

// weights gives back what setWeights took.
func (t *schemeTable) weights() []int8 {
	weights := make([]int8, 0, (schemeWords+schemeFacts)*t.classes)
	for row := range schemeWords + schemeFacts {
		for k := range t.classes {
			weights = append(weights, int8(byte(t.rows[row*t.stride+k/8]>>(k%8*8))-zeroWeight))
		}
	}
	return weights
}

// schemeWordGain weighs words against facts.
const schemeWordGain = 2.0

// wordRow and factRow give the row of a feature.
func wordRow(place uint32) int { return int(place * 0x9E3779B1 >> (32 - schemeWordBits)) }
func factRow(place uint32) int { return schemeWords + int(place) }

// probabilities appends the probability of each scheme.
func (t *schemeTable) probabilities(f *features, to []float64) []float64 {
	var words, facts [maxSchemes]int32
	t.addRows(&words, f.stems, wordRow)
	t.addRows(&facts, f.facts, factRow)
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

// laneRows is how many rows fit into sums of sixteen bits.
const laneRows = 256

// addRows adds the rows of the features.
func (t *schemeTable) addRows(sums *[maxSchemes]int32, features []uint32, row func(uint32) int) {
	const lanes = 0x00FF00FF00FF00FF // every other byte of eight
	for len(features) > 0 {
		part := features[:min(len(features), laneRows)]
		features = features[len(part):]
		var even, odd [maxSchemes / 8]uint64
		for _, p := range part {
			for i, eight := range t.rows[row(p)*t.stride:][:t.stride] {
				even[i] += eight & lanes
				odd[i] += eight >> 8 & lanes
			}
		}
		for k := range t.classes {
			lane := even[k/8]
			if k%2 != 0 {
				lane = odd[k/8]
			}
			sums[k] += int32(uint16(lane>>(k%8/2*16))) - zeroWeight*int32(len(part))
		}
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
