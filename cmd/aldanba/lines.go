package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/aldanba/aldanba/detector/kazakh"
	"github.com/aldanba/aldanba/detector/text"
)

type stemCommand struct {
	Lang string `required:"" enum:"kk,ru" help:"Language of the words: kk or ru."`
}

// Run prints word, tab, stem for every line.
func (c *stemCommand) Run(w *world) error {
	stem := kazakh.Stem
	if c.Lang == "ru" {
		stem = func(word string) string { return text.StemOfRussian(strings.ToLower(word)) }
	}
	return eachLine(w.in, w.out, func(dst []byte, line string) []byte {
		word := strings.TrimSpace(line)
		return append(append(append(dst, word...), '\t'), stem(word)...)
	})
}

type langCommand struct{}

// Run prints language, tab, line for every line.
func (langCommand) Run(w *world) error {
	analyzer := text.NewAnalyzer()
	return eachLine(w.in, w.out, func(dst []byte, line string) []byte {
		return append(append(append(dst, analyzer.Language(line).String()...), '\t'), line...)
	})
}

// eachLine answers every line with a line, which answer appends; lines over
// maxLine are cut short by an error, because a word or a sentence is never that
// long.
func eachLine(in io.Reader, out io.Writer, answer func([]byte, string) []byte) error {
	scanner := bufio.NewScanner(in)
	scanner.Buffer(make([]byte, 0, 64<<10), maxLine)
	writer := bufio.NewWriter(out)
	var line []byte
	number := 1
	for ; scanner.Scan(); number++ {
		line = append(answer(line[:0], scanner.Text()), '\n')
		if _, err := writer.Write(line); err != nil {
			return err
		}
	}
	err := scanner.Err()
	if errors.Is(err, bufio.ErrTooLong) {
		err = fmt.Errorf("line %d: %w", number, errLongLine)
	}
	if err = errors.Join(writer.Flush(), err); err != nil {
		return fmt.Errorf("standard input: %w", err)
	}
	return nil
}
