// Package similar tells whether two texts are nearly the same, without the
// texts: each is reduced to a print, a bounded sample of keyed hashes of its
// words and pairs of neighbours. From prints their likeness is worked out, and
// the bands under which a likely one is found without looking at all others.
//
// The sample is that of the smallest hashes (A. Broder, "On the resemblance and
// containment of documents", 1997), the bands are those of locality-sensitive
// hashing by several minima (P. Indyk, R. Motwani, 1998).
package similar

import (
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"slices"
)

const (
	// sample is how many hashes a print holds at most. A text of up to 64 words
	// has no more, so that likeness is exact; of longer ones it is estimated.
	sample = 128
	// Bands is how many bands a print has, rows how many minima a band is made
	// of. Prints that are alike by 0.6 share a band with a probability of 0.95, by
	// 0.8 with 0.9998, by 0.1 with 0.012.
	Bands = 12
	rows  = 3
)

// Print stands for a text: hashes in ascending order, none twice.
type Print []uint32

// Of gives the print of a text by its words. Only prints of one key can be
// compared; who does not know it cannot find words that make two texts alike.
func Of(key []byte, words []string) Print {
	p := make(Print, 0, 2*len(words))
	text := append(make([]byte, 0, len(key)+64), key...)
	start := len(text)
	for i, word := range words {
		text = append(text[:start], word...)
		p = append(p, hash(text))
		if i+1 < len(words) {
			text = append(append(text, ' '), words[i+1]...)
			p = append(p, hash(text))
		}
	}
	slices.Sort(p)
	p = slices.Compact(p)
	return slices.Clip(p[:min(len(p), sample)])
}

func hash(text []byte) uint32 {
	sum := sha256.Sum256(text)
	return binary.BigEndian.Uint32(sum[:])
}

// Likeness gives how much of what two texts hold is in both: 0 nothing, 1 all.
func (p Print) Likeness(q Print) float64 {
	// Of both together only the smallest hashes are sure to be in the samples.
	both, all := 0, 0
	for i, j := 0, 0; all < sample && (i < len(p) || j < len(q)); all++ {
		switch {
		case j == len(q) || i < len(p) && p[i] < q[j]:
			i++
		case i == len(p) || q[j] < p[i]:
			j++
		default:
			both, i, j = both+1, i+1, j+1
		}
	}
	if all == 0 {
		return 0
	}
	return float64(both) / float64(all)
}

// Bands gives the bands of a print: two that are alike most probably have one
// of them in common, in the same place.
func (p Print) Bands() (bands [Bands]uint64) {
	for i := range bands {
		for row := range rows {
			least := ^uint64(0)
			for _, h := range p {
				least = min(least, mix(uint64(h)<<8|uint64(i*rows+row)))
			}
			bands[i] = mix(bands[i] ^ least)
		}
	}
	return bands
}

// mix is the finalizer of SplitMix64: every bit of x changes half of the result.
func mix(x uint64) uint64 {
	x += 0x9e3779b97f4a7c15
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}

// ErrPrint says that bytes are no print.
var ErrPrint = errors.New("similar: no print")

// MarshalBinary gives a print as bytes.
func (p Print) MarshalBinary() ([]byte, error) {
	out := make([]byte, 0, 4*len(p))
	for _, h := range p {
		out = binary.BigEndian.AppendUint32(out, h)
	}
	return out, nil
}

// UnmarshalBinary reads a print. The error is ErrPrint.
func (p *Print) UnmarshalBinary(data []byte) error {
	if len(data)%4 != 0 || len(data) > 4*sample {
		return ErrPrint
	}
	q := make(Print, 0, len(data)/4)
	for ; len(data) > 0; data = data[4:] {
		h := binary.BigEndian.Uint32(data)
		if len(q) > 0 && h <= q[len(q)-1] {
			return ErrPrint
		}
		q = append(q, h)
	}
	*p = q
	return nil
}
