package media

import (
	"bytes"
	"regexp"
	"slices"
	"strconv"

	"github.com/aldanba/aldanba/bot"
)

// Documents in PDF are read by a reader of our own: one that takes nothing from
// a file on trust. It finds objects by looking for them rather than by the
// file's own table, which may be broken or lead in circles, unpacks no more
// than it may, and nests no deeper than honest files do. Section numbers are
// those of ISO 32000-1.
const (
	maxPDFObjects = 100_000
	maxPDFPages   = 100
	maxPDFStream  = 16 << 20 // bytes of one stream, unpacked
	maxPDFDepth   = 24       // of arrays and dictionaries within each other, of pages in their tree
	maxPDFValues  = 200_000  // in one array or dictionary with all that is in it
	maxPDFWork    = 64 << 20 // bytes that are looked at to find values, those looked at again included
)

// The kinds of values (7.3). Numbers are float64, strings []byte, null nil.
type (
	pdfName  string
	pdfRef   int // number of the object that is meant
	pdfArray []any
	pdfDict  map[pdfName]any
	pdfOp    string // an operator, or a word of the file's own syntax
)

// pdfStream is a dictionary with its bytes, still packed.
type pdfStream struct {
	dict pdfDict
	raw  []byte
}

// pdfFile knows where the objects of a document are.
type pdfFile struct {
	t      *task
	data   []byte
	places map[pdfRef]int    // behind "1 0 obj"; the last definition counts
	packed map[pdfRef][]byte // objects that stood in streams of objects

	work      int // bytes that may still be looked at
	operators int // that may still be followed
}

// pdf adds the text of a document and the addresses behind its words.
func (t *task) pdf(data []byte) {
	f := &pdfFile{t: t, data: data, places: map[pdfRef]int{}, packed: map[pdfRef][]byte{}, work: maxPDFWork, operators: maxPDFOperators}
	if pdfEncrypt.Match(data) {
		t.gap(bot.GapEncrypted)
		return
	}
	f.unpackObjects(f.findObjects())
	pages := f.pages()
	var text bytes.Buffer
	for _, page := range pages {
		if f.spent() || text.Len() > 2*t.limits.Text {
			break
		}
		f.pageText(page, &text)
	}
	t.written(text.String())
	if t.text.Len() == 0 {
		f.scans()
	}
	if f.spent() {
		t.gap(bot.GapUnreadable)
	}
}

// maxScans is how many pictures are read of a document that has no text.
const maxScans = 2

// scans reads the pictures of a document that was scanned or photographed.
// Those packed as JPEG are: they are what such documents are made of.
func (f *pdfFile) scans() {
	read := 0
	for _, ref := range f.all() {
		if f.spent() || read == maxScans {
			return
		}
		s, ok := f.get(ref).(pdfStream)
		if !ok || f.name(s.dict["Subtype"]) != "Image" {
			continue
		}
		filters := f.array(s.dict["Filter"])
		if f.name(s.dict["Filter"]) == "DCTDecode" || len(filters) == 1 && f.name(filters[0]) == "DCTDecode" {
			read++
			f.t.picture(s.raw)
		}
	}
}

// pdfEncrypt is the entry of a trailer or a table that names an encryption.
var pdfEncrypt = regexp.MustCompile(`/Encrypt[\s\x00]+(?:\d+[\s\x00]+\d+[\s\x00]+R|<<)`)

// spent reports whether reading on would cost too much.
func (f *pdfFile) spent() bool {
	return f.work <= 0 || f.operators <= 0 || f.t.unpacked <= 0 || f.t.ctx.Err() != nil
}

// findObjects notes every "number generation obj" and returns the places behind
// them in their order.
func (f *pdfFile) findObjects() []int {
	var places []int
	for at := 0; len(places) < maxPDFObjects; {
		i := bytes.Index(f.data[at:], []byte("obj"))
		if i < 0 {
			break
		}
		i += at
		at = i + 3
		if i == 0 || !isPDFSpace(f.data[i-1]) {
			continue
		}
		rest := bytes.TrimRight(f.data[max(0, i-30):i], "\x00\t\n\f\r ")
		generation := bytes.TrimRight(rest, "0123456789")
		number := bytes.TrimRight(generation, "\x00\t\n\f\r ")
		if len(generation) == len(rest) || len(number) == len(generation) {
			continue
		}
		digits := number[len(bytes.TrimRight(number, "0123456789")):]
		if n, err := strconv.ParseUint(string(digits), 10, 31); err == nil {
			f.places[pdfRef(n)] = at
			places = append(places, at)
		}
	}
	return places
}

// unpackObjects reads the objects that stand in streams (7.5.7). Objects that
// stand in the file itself win, for what was added later stands there or in a
// later stream.
func (f *pdfFile) unpackObjects(places []int) {
	for _, place := range places {
		if f.spent() {
			return
		}
		if !bytes.Contains(f.data[place:min(len(f.data), place+400)], []byte("ObjStm")) {
			continue
		}
		s, ok := f.parseAt(place).(pdfStream)
		if !ok || s.dict["Type"] != pdfName("ObjStm") {
			continue
		}
		content := f.unpack(s)
		n, first := f.int(s.dict["N"]), f.int(s.dict["First"])
		if first < 0 || first > len(content) || n < 0 || n > maxPDFObjects-len(f.packed) {
			continue
		}
		index := pdfParser{data: content[:first]}
		body := content[first:]
		for range n {
			number, ok1 := index.value(0).(float64)
			offset, ok2 := index.value(0).(float64)
			if !ok1 || !ok2 || offset < 0 || int(offset) >= len(body) {
				break
			}
			f.packed[pdfRef(number)] = body[int(offset):]
		}
	}
}

// parseAt reads the object whose value begins at the place.
func (f *pdfFile) parseAt(place int) any {
	p := pdfParser{data: f.data[place:]}
	value := p.value(0)
	f.work -= p.at
	dict, ok := value.(pdfDict)
	if !ok {
		return value
	}
	p.space()
	rest, ok := bytes.CutPrefix(p.data[p.at:], []byte("stream"))
	if !ok {
		return dict
	}
	rest = bytes.TrimPrefix(bytes.TrimPrefix(rest, []byte("\r")), []byte("\n"))
	if n, ok := dict["Length"].(float64); ok && n >= 0 && int(n) <= len(rest) &&
		bytes.HasPrefix(bytes.TrimLeft(rest[int(n):], "\r\n "), []byte("endstream")) {
		return pdfStream{dict, rest[:int(n)]}
	}
	if end := bytes.Index(rest, []byte("endstream")); end >= 0 {
		rest = rest[:end]
	}
	f.work -= len(rest)
	return pdfStream{dict, rest}
}

// get follows references to a value.
func (f *pdfFile) get(value any) any {
	for range 8 {
		ref, ok := value.(pdfRef)
		if !ok {
			return value
		}
		if f.work -= 64; f.spent() {
			return nil
		}
		if place, ok := f.places[ref]; ok {
			value = f.parseAt(place)
			continue
		}
		p := pdfParser{data: f.packed[ref]}
		if value = p.value(0); value == pdfEnd {
			return nil
		}
		f.work -= p.at
	}
	return nil
}

func (f *pdfFile) dict(value any) pdfDict {
	switch v := f.get(value).(type) {
	case pdfDict:
		return v
	case pdfStream:
		return v.dict
	}
	return nil
}

func (f *pdfFile) array(value any) pdfArray {
	a, _ := f.get(value).(pdfArray)
	return a
}

func (f *pdfFile) int(value any) int {
	n, _ := f.get(value).(float64)
	if n < -1<<31 || n > 1<<31 {
		return -1
	}
	return int(n)
}

func (f *pdfFile) float(value any, otherwise float64) float64 {
	if n, ok := f.get(value).(float64); ok {
		return n
	}
	return otherwise
}

func (f *pdfFile) name(value any) pdfName {
	n, _ := f.get(value).(pdfName)
	return n
}

// pages returns the pages in their order, by the tree from the catalogue; in
// the order of their objects where the tree is broken.
func (f *pdfFile) pages() []pdfDict {
	var pages []pdfDict
	seen := map[pdfRef]bool{}
	var walk func(node any, inherited pdfDict, depth int)
	walk = func(node any, inherited pdfDict, depth int) {
		if ref, ok := node.(pdfRef); ok {
			if seen[ref] {
				return
			}
			seen[ref] = true
		}
		d := f.dict(node)
		if d == nil || depth > maxPDFDepth || len(pages) >= maxPDFPages {
			return
		}
		if d["Resources"] == nil && inherited != nil { // inherited (7.7.3.4)
			own := pdfDict{"Resources": inherited["Resources"]}
			for k, v := range d {
				own[k] = v
			}
			d = own
		}
		kids := f.array(d["Kids"])
		if kids == nil {
			pages = append(pages, d)
		}
		for _, kid := range kids {
			walk(kid, d, depth+1)
		}
	}
	for _, ref := range f.all() {
		if d := f.dict(ref); f.name(d["Type"]) == "Catalog" {
			if walk(d["Pages"], nil, 0); len(pages) > 0 {
				return pages
			}
		}
	}
	for _, ref := range f.all() {
		if d := f.dict(ref); f.name(d["Type"]) == "Page" && len(pages) < maxPDFPages {
			pages = append(pages, d)
		}
	}
	return pages
}

// all returns the numbers of the objects in their order.
func (f *pdfFile) all() []pdfRef {
	numbers := make([]pdfRef, 0, len(f.places)+len(f.packed))
	for n := range f.places {
		numbers = append(numbers, n)
	}
	for n := range f.packed {
		if _, both := f.places[n]; !both {
			numbers = append(numbers, n)
		}
	}
	slices.Sort(numbers)
	return numbers
}
