package model

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
)

// magic begins a model file; its last letter is the version of the format.
const magic = "ALDANBA-MODEL-4\n"

// maxSchemes bounds what a broken file can ask for.
const maxSchemes = 128

// header is the fixed part of a model file, little-endian, after the magic.
type header struct {
	Schemes                         uint32
	Bias, Slope, Rules, SchemeRules float64
	Scales                          [kinds]float32
	SchemeScale                     float32
}

// Read reads the content of a model file. The error says what is wrong with it.
func Read(data []byte) (*Model, error) {
	data, ok := bytes.CutPrefix(data, []byte(magic))
	if !ok {
		return nil, errors.New("model: the file is no model of this version; train it anew")
	}
	next := func(part any) error {
		n := binary.Size(part)
		if n > len(data) {
			return io.ErrUnexpectedEOF
		}
		_, err := binary.Decode(data[:n], binary.LittleEndian, part)
		data = data[n:]
		return err
	}
	var h header
	if err := next(&h); err != nil || h.Schemes > maxSchemes {
		return nil, errors.New("model: the file is broken")
	}
	m := &Model{bias: h.Bias, slope: h.Slope, rules: h.Rules}
	for k := range m.tables {
		m.tables[k] = table{scale: h.Scales[k], weights: make([]int8, sizes[k])}
	}
	m.facts = make([]float32, 1<<factBits)
	classes := int(h.Schemes)
	m.scheme = schemeTable{classes: classes, scale: h.SchemeScale, rules: h.SchemeRules, bias: make([]float32, classes)}
	schemeWeights := make([]int8, (schemeWords+schemeFacts)*classes)
	for range classes {
		var n uint8
		if err := next(&n); err != nil || int(n) > len(data) {
			return nil, errors.New("model: the file is broken: a scheme has no id")
		}
		m.Schemes = append(m.Schemes, string(data[:n]))
		data = data[n:]
	}
	for _, part := range append(m.weights(), schemeWeights, m.scheme.bias) {
		if err := next(part); err != nil {
			return nil, fmt.Errorf("model: the file is broken: %w", err)
		}
	}
	m.scheme.setWeights(schemeWeights)
	return m, nil
}

// Write writes the model; the same model gives the same bytes.
func (m *Model) Write(w io.Writer) error {
	if _, err := io.WriteString(w, magic); err != nil {
		return err
	}
	h := header{
		Schemes: uint32(len(m.Schemes)), Bias: m.bias, Slope: m.slope, Rules: m.rules, SchemeRules: m.scheme.rules, SchemeScale: m.scheme.scale,
	}
	for k := range m.tables {
		h.Scales[k] = m.tables[k].scale
	}
	parts := []any{h}
	for _, id := range m.Schemes {
		parts = append(parts, uint8(len(id)), []byte(id))
	}
	parts = append(append(parts, m.weights()...), m.scheme.weights(), m.scheme.bias)
	for _, part := range parts {
		if err := binary.Write(w, binary.LittleEndian, part); err != nil {
			return err
		}
	}
	return nil
}

// weights gives the weights that tell frauds, in the order of the file.
func (m *Model) weights() []any {
	var parts []any
	for k := range m.tables {
		parts = append(parts, m.tables[k].weights)
	}
	return append(parts, m.facts)
}
