package link

import (
	"strings"
)

// hit is a known name found in a host.
type hit struct {
	entry     *entry
	sub       bool // it stands left of the name that was registered
	whole     bool // it is the whole label
	misspelt  bool // a slip of the pen
	disguised bool // similar letters or digits stand for its own
	loose     bool // something unknown is glued to it
}

// scan is what the labels of one host show.
type scan struct {
	hits  [8]hit
	n     int
	sorts sort // sorts of all complete words
	mixed bool
}

func (s *scan) hit(h hit) {
	if s.n < len(s.hits) {
		s.hits[s.n] = h
		s.n++
	}
}

// matchHost compares a host that is not official with the known names.
// covered is the domain of the service that lends the host, or "".
func (t *Table) matchHost(p parts, h host, covered string, f *Finding) {
	_, cheap := t.cheap[h.suffix]
	if cheap && covered == "" {
		f.add(FactCheapTLD)
	}
	own := h.shown
	if covered != "" {
		own = strings.TrimSuffix(strings.TrimSuffix(h.ascii, covered), ".")
		if h.punycode || !isASCII(h.shown) {
			own = strings.TrimSuffix(strings.TrimSuffix(h.shown, covered), ".")
		}
	} else {
		own = withoutSuffix(own, strings.Count(h.suffix, ".")+1)
	}
	s := scan{mixed: mixedLabel(h.shown)}
	t.scanLabels(lastLabels(own, maxLabels), &s)
	t.scanUser(p.user, &s)
	if s.mixed {
		f.add(FactMixedScript)
	}
	if s.sorts&bait != 0 {
		f.add(FactBaitWords)
	}
	lent := covered != ""
	if !t.embedded(h, f) && !t.dashed(h, f) {
		t.weigh(&s, h, cheap, lent, f)
	}
	t.matchPath(p, f, lent)
}

// withoutSuffix cuts n labels from the right.
func withoutSuffix(host string, n int) string {
	for ; n > 0; n-- {
		i := strings.LastIndexByte(host, '.')
		if i < 0 {
			return ""
		}
		host = host[:i]
	}
	return host
}

// scanLabels reads every label; the rightmost is the one that was registered.
func (t *Table) scanLabels(own string, s *scan) {
	for sub := false; own != ""; sub = true {
		label := own
		i := strings.LastIndexByte(own, '.')
		if i >= 0 {
			label, own = own[i+1:], own[:i]
		} else {
			own = ""
		}
		if label == "www" || label == "" {
			continue
		}
		t.scanLabel(label, sub, s)
	}
}

// scanUser looks for a name in the text before "@", which poses as the host.
func (t *Table) scanUser(user string, s *scan) {
	if !looksLikeHost(user) {
		return
	}
	user = strings.ToLower(user[:min(len(user), maxHost)])
	if i := strings.IndexAny(user, ":/"); i >= 0 {
		user = user[:i]
	}
	for _, label := range strings.SplitN(user, ".", 4) {
		t.scanLabel(label, true, s)
	}
}

// scanLabel reads the hyphened parts of a label one by one and, since a hyphen
// may tear a name, the label without hyphens.
func (t *Table) scanLabel(label string, sub bool, s *scan) {
	if len(label) > 4*maxLabel {
		label = label[len(label)-4*maxLabel:]
	}
	if !strings.ContainsAny(label, "-_") {
		t.scanPart(label, label, sub, true, s)
		return
	}
	rest := label
	for left := 8; rest != "" && left > 0; left-- {
		part := rest
		if i := strings.IndexAny(rest, "-_"); i >= 0 {
			part, rest = rest[:i], rest[i+1:]
		} else {
			rest = ""
		}
		if part != "" {
			t.scanPart(part, label, sub, false, s)
		}
	}
	t.scanPart(label, label, sub, true, s)
}

// scanPart reads one part, best explanation first: whole words, then a slip of
// the pen, then a name with something unknown beside it.
func (t *Table) scanPart(part, label string, sub, whole bool, s *scan) {
	sk := skeleton(part)
	if sk.n < 2 {
		return
	}
	lex := t.lexiconFor(label)
	r := lex.read(&sk)
	s.sorts |= r.sorts
	if r.best >= 0 {
		e := &lex.entries[r.best]
		digits := sk.digit>>uint(r.from)&(1<<uint(r.to-r.from)-1) != 0
		plain := spelt(e, label)
		if plain || believable(e, digits, label) {
			s.hit(hit{entry: e, sub: sub, whole: whole && r.to-r.from == sk.n, disguised: !plain})
		}
		return
	}
	if r.sorts != 0 {
		return // known words from end to end
	}
	bwd, loose := lex.backward(&sk)
	if index, all := lex.misread(&sk, lex.forward(&sk), bwd, t.innocent); index >= 0 {
		s.hit(hit{entry: &lex.entries[index], sub: sub, whole: whole && all, misspelt: true})
		return
	}
	if loose >= 0 && !t.beginsInnocent(sk.bytes()) {
		s.hit(hit{entry: &lex.entries[loose], sub: sub, loose: true})
	}
}

// lexiconFor picks the words that a text can be made of.
func (t *Table) lexiconFor(text string) *lexicon {
	if isASCII(text) {
		return t.latin
	}
	return t.all
}

// spelt reports whether a label shows the name as the table spells it.
func spelt(e *entry, label string) bool {
	joined := strings.ReplaceAll(label, "-", "")
	for _, word := range e.spellings {
		if strings.Contains(label, word) || strings.Contains(joined, word) {
			return true
		}
	}
	return false
}

// believable reports whether similar letters can be a disguise at all. In plain
// letters a short name is one slip away from too many honest ones.
func believable(e *entry, digits bool, label string) bool {
	n := len(e.spellings[0])
	switch {
	case digits:
		return true
	case isASCII(label):
		return n >= 5
	default:
		return n >= 4 || mixesScripts(label)
	}
}

// beginsInnocent reports whether an honest word opens the part.
func (t *Table) beginsInnocent(s []byte) bool {
	for n := 4; n <= len(s); n++ {
		if _, ok := t.innocent[string(s[:n])]; ok {
			return true
		}
	}
	return false
}

// embedded finds an official host inside the labels of a foreign one, as in
// "home.kz.example.top".
func (t *Table) embedded(h host, f *Finding) bool {
	name := lastLabels(h.ascii, maxLabels)
	for strings.Count(name, ".") >= 2 {
		end := strings.IndexByte(name, '.')
		for range 2 {
			i := strings.IndexByte(name[end+1:], '.')
			if i < 0 {
				break
			}
			end += 1 + i
			if row := t.covers[name[:end]]; row.site != nil {
				f.Class = Lookalike
				f.owner(row.site)
				f.add(FactBrandInSubdomain)
				return true
			}
		}
		name = name[strings.IndexByte(name, '.')+1:]
	}
	return false
}

// dashed finds a name in which a hyphen stands for the dot before an ending that
// is not for everybody: "kgd-gov.kz" is none of the names under "gov.kz".
func (t *Table) dashed(h host, f *Finding) bool {
	label, ending, ok := strings.Cut(h.domain, ".")
	cut := strings.LastIndexByte(label, '-')
	if !ok || cut < 1 {
		return false
	}
	var shared [maxHost + 1]byte
	if t.covers[string(append(append(append(shared[:0], label[cut+1:]...), '.'), ending...))].site == nil {
		return false
	}
	meant := parseHost(parts{host: label[:cut] + "." + label[cut+1:] + "." + ending})
	row, _ := t.covering(meant.ascii)
	if row.site == nil || len(meant.suffix) <= len(ending) {
		return false
	}
	f.Class = Lookalike
	f.owner(row.site)
	f.add(FactBrandInName)
	return true
}

// weigh decides whether the names found make a look-alike.
func (t *Table) weigh(s *scan, h host, cheap, lent bool, f *Finding) {
	for i := range s.n {
		found := &s.hits[i]
		e := found.entry
		owner := &t.brands[e.brand]
		plain := !found.misspelt && !found.disguised && !found.loose
		if plain && found.whole && !found.sub && !lent {
			f.add(FactOtherTLD)
		}
		if !t.counts(s, found, e, owner, h, cheap, lent) {
			if !found.misspelt && !found.disguised && e.sorts&common == 0 {
				f.add(where(found))
			}
			continue
		}
		if f.Class != Lookalike {
			f.Class = Lookalike
			f.owner(owner.site)
		}
		if found.misspelt || found.disguised {
			f.add(FactLookalike)
		}
		if !found.whole || found.sub || lent {
			f.add(where(found))
		}
	}
}

func where(h *hit) Fact {
	if h.sub {
		return FactBrandInSubdomain
	}
	return FactBrandInName
}

// counts applies the caution that each sort of name wants.
func (t *Table) counts(s *scan, found *hit, e *entry, owner *brand, h host, cheap, lent bool) bool {
	evidence := s.sorts&company != 0
	foreign := !cheap && !lent && !strings.HasSuffix(h.suffix, "kz") && h.suffix != "xn--80ao21a" // .қаз
	abroad := found.whole && !found.sub && !found.disguised && foreign && !evidence && !s.mixed
	switch {
	case found.loose:
		return evidence || cheap || lent
	case e.sorts&distinct != 0:
		return !(abroad && owner.world && !found.misspelt && isCountry(h.suffix))
	case e.sorts&exact != 0:
		return !abroad
	default:
		return evidence || found.disguised || s.again(found) || cheap && found.whole && !found.sub
	}
}

// again reports whether another word of the same owner stands in the host.
func (s *scan) again(found *hit) bool {
	for i := range s.n {
		other := &s.hits[i]
		if !other.loose && other.entry != found.entry && other.entry.brand == found.entry.brand {
			return true
		}
	}
	return false
}

// isCountry reports whether a suffix is that of a country: ".de", ".co.uk", ".рф".
func isCountry(suffix string) bool {
	return strings.HasPrefix(suffix, "xn--") || len(suffix)-1-strings.LastIndexByte(suffix, '.') == 2
}

const (
	maxPath      = 1 << 10 // bytes of a path that are searched for words
	maxPathParts = 16
)

// matchPath looks for bait and names behind the host. Everybody may write them
// there, so a name is a weak fact; where anybody can put up a page (open) and
// the link lures as well, it makes a look-alike.
func (t *Table) matchPath(p parts, f *Finding, open bool) {
	var name *entry
	path := strings.ToLower(unescape(p.path, maxPath))
	for left := maxPathParts; path != "" && left > 0; left-- {
		i := 0
		for i < len(path) && !breaksPath(path[i]) {
			i++
		}
		part := path[:i]
		path = path[min(i+1, len(path)):]
		if len(part) < 2 || len(part) > 2*maxLabel {
			continue
		}
		sk := skeleton(part)
		lex := t.lexiconFor(part)
		r := lex.read(&sk)
		if r.sorts&bait != 0 {
			f.add(FactBaitWords)
		}
		if name == nil && r.best >= 0 && lex.entries[r.best].sorts&(distinct|exact) != 0 && lex.entries[r.best].n >= 4 {
			name = &lex.entries[r.best]
		}
	}
	if name == nil {
		return
	}
	f.add(FactBrandInPath)
	if open && f.Class != Lookalike && (f.Has(FactBaitWords) || f.Has(FactIPHost)) {
		f.Class = Lookalike
		f.owner(t.brands[name.brand].site)
	}
}

// breaksPath reports whether a byte parts the words of a path.
func breaksPath(c byte) bool {
	switch c {
	case '/', '\\', '-', '_', '.', '+', '=', ',', ';', ':', '~', '@':
		return true
	}
	return false
}
