package scheme

import (
	"errors"
	"fmt"
	"sync"
)

// source is a pack with its words and patterns read. Reading is most of the
// work of compiling and needs nothing from other packs, so packs are read side
// by side.
type source struct {
	pack     *Pack
	names    []string // of classes, in a fixed order
	classes  [][][]word
	patterns [][]sourcePattern // rule → patterns
	err      error
}

type sourcePattern struct {
	text  string
	terms []term
}

// readSources reads all packs, in their order.
func readSources(packs []*Pack, stemRU stemmer) []source {
	// The same words come again and again, and a stem costs more than a look-up.
	var stems sync.Map
	remembered := func(word string) string {
		found, ok := stems.Load(word)
		if !ok {
			found, _ = stems.LoadOrStore(word, stemRU(word))
		}
		return found.(string)
	}
	sources := make([]source, len(packs))
	var group sync.WaitGroup
	for i, pack := range packs {
		group.Go(func() { sources[i] = readSource(pack, remembered) })
	}
	group.Wait()
	return sources
}

func readSource(pack *Pack, stemRU stemmer) source {
	s := source{pack: pack, names: pack.classNames()}
	var mistakes []error
	for _, name := range s.names {
		var phrases [][]word
		class := pack.Classes[name]
		for _, list := range lists(class.RU, class.KK, class.Any) {
			for _, entry := range list.entries {
				words, err := parsePhrase(entry, list.lang, stemRU)
				if err != nil {
					line := pack.lineOf(pack.lineOf(0, "[class."+name+"]"), `"`+entry+`"`)
					mistakes = append(mistakes, fmt.Errorf("%s:%d: class %s: %w", pack.Name, line, name, err))
					continue
				}
				phrases = append(phrases, words)
			}
		}
		s.classes = append(s.classes, phrases)
	}
	for _, rule := range pack.Rules {
		var patterns []sourcePattern
		for _, list := range lists(rule.RU, rule.KK, rule.Any) {
			for _, text := range list.entries {
				terms, err := parsePattern(text, list.lang, stemRU)
				if err != nil {
					mistakes = append(mistakes, pack.mistake(rule, text, err))
					continue
				}
				patterns = append(patterns, sourcePattern{text, terms})
			}
		}
		s.patterns = append(s.patterns, patterns)
	}
	s.err = errors.Join(mistakes...)
	return s
}

// list is entries whose bare words are of one language.
type list struct {
	entries []string
	lang    language
}

func lists(ru, kk, any []string) [3]list {
	return [3]list{{ru, russian}, {kk, kazakhLang}, {any, anyLanguage}}
}
