package scheme

import (
	"errors"
	"fmt"
	"sync"
)

// source is a pack with its words and patterns read: what a snapshot keeps.
// Reading is most of the work of compiling and needs nothing from other packs,
// so packs are read side by side.
type source struct {
	pack     *Pack
	words    *vocabulary
	classes  []sourceClass
	patterns [][]sourcePattern // rule → patterns
}

// vocabulary is words, every one once; phrases name them by place. The packs of
// a snapshot share one.
type vocabulary struct{ list []word }

// number gives the place of a word, its own from now on if it is new.
func (v *vocabulary) number(w word, known map[word]int32) int32 {
	place, ok := known[w]
	if !ok {
		place = int32(len(v.list))
		known[w], v.list = place, append(v.list, w)
	}
	return place
}

// unite gives one vocabulary for all sources, and for each of theirs where its
// words stand in that.
func unite(sources []*source) (all *vocabulary, places map[*vocabulary][]int32) {
	places = map[*vocabulary][]int32{}
	for _, s := range sources {
		places[s.words] = nil
	}
	known := map[word]int32{}
	all = &vocabulary{}
	for _, s := range sources {
		if places[s.words] != nil {
			continue
		}
		own := make([]int32, len(s.words.list))
		if len(places) == 1 {
			all = s.words
			for i := range own {
				own[i] = int32(i)
			}
		} else {
			for i, w := range s.words.list {
				own[i] = all.number(w, known)
			}
		}
		places[s.words] = own
	}
	return all, places
}

type sourceClass struct {
	name    string
	phrases [][]int32
}

type sourcePattern struct {
	text  string
	terms []sourceTerm
}

// sourceTerm is a term whose words are places in the vocabulary of its source.
type sourceTerm struct {
	class  string  // as in term
	phrase []int32 // set when the term is written out
	rel    relation
	pol    polarity
}

// readSources gives the sources of all packs, in their order: of those that
// came from the snapshot it is there already. The error joins the mistakes.
func readSources(packs []*Pack, stemRU stemmer) ([]*source, error) {
	// The same words come again and again, and a stem costs more than a look-up.
	var stems sync.Map
	remembered := func(word string) string {
		found, ok := stems.Load(word)
		if !ok {
			found, _ = stems.LoadOrStore(word, stemRU(word))
		}
		return found.(string)
	}
	sources, mistakes := make([]*source, len(packs)), make([]error, len(packs))
	var group sync.WaitGroup
	for i, pack := range packs {
		if sources[i] = pack.read; pack.read == nil {
			group.Go(func() { sources[i], mistakes[i] = readSource(pack, remembered) })
		}
	}
	group.Wait()
	return sources, errors.Join(mistakes...)
}

// sourceReader numbers the words of a pack while it is read.
type sourceReader struct {
	source *source
	known  map[word]int32
}

func readSource(pack *Pack, stemRU stemmer) (*source, error) {
	r := sourceReader{source: &source{pack: pack, words: &vocabulary{}}, known: map[word]int32{}}
	var mistakes []error
	for _, name := range pack.classNames() {
		class, content := sourceClass{name: name}, pack.Classes[name]
		for _, list := range lists(content.RU, content.KK, content.Any) {
			for _, entry := range list.entries {
				words, err := parsePhrase(entry, list.lang, stemRU)
				if err != nil {
					line := pack.lineOf(pack.lineOf(0, "[class."+name+"]"), `"`+entry+`"`)
					mistakes = append(mistakes, fmt.Errorf("%s:%d: class %s: %w", pack.Name, line, name, err))
					continue
				}
				class.phrases = append(class.phrases, r.number(words))
			}
		}
		r.source.classes = append(r.source.classes, class)
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
				patterns = append(patterns, sourcePattern{text, r.terms(terms)})
			}
		}
		r.source.patterns = append(r.source.patterns, patterns)
	}
	return r.source, errors.Join(mistakes...)
}

func (r *sourceReader) terms(terms []term) []sourceTerm {
	numbered := make([]sourceTerm, len(terms))
	for i, t := range terms {
		numbered[i] = sourceTerm{class: t.class, phrase: r.number(t.phrase), rel: t.rel, pol: t.pol}
	}
	return numbered
}

// number gives the places of words, of none for nil.
func (r *sourceReader) number(words []word) []int32 {
	if words == nil {
		return nil
	}
	places := make([]int32, len(words))
	for i, w := range words {
		places[i] = r.source.words.number(w, r.known)
	}
	return places
}

// list is entries whose bare words are of one language.
type list struct {
	entries []string
	lang    language
}

func lists(ru, kk, any []string) [3]list {
	return [3]list{{ru, russian}, {kk, kazakhLang}, {any, anyLanguage}}
}
