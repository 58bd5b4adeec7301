package store

import (
	"bytes"
	"encoding/binary"
	"hash/fnv"
	"io"
)

// bbolt trusts its file. Where a page is torn it may run in circles, ask for all
// the memory there is, or fall over later. So the file is read by inspect
// before bbolt maps it. The layout is that of go.etcd.io/bbolt/internal/common;
// numbers are in the order of the machine, as there.
const (
	pageHead  = 16 // id (8), flags (2), count (2), overflow (4)
	cellHead  = 16 // of a leaf: flags, position, key's and value's length (4 each); of a branch: position, key's length (4 each), page (8)
	metaSize  = 64 // of it the last 8 are the checksum of those before
	tableHead = 16 // root page (8), sequence (8); a small table's only page follows

	branchPage = 1
	leafPage   = 2
	listPage   = 16

	fileMagic   = 0xED0CDAED
	fileVersion = 2
	leastPage   = 1 << 10
	mostPage    = 1 << 24

	mostKey   = 1 << 15
	mostSpan  = 1 << 26 // bytes of one page with what it overflows into
	mostDepth = 24      // of a tree: with two branches a page it would hold more than any disk
)

// inspector goes once over everything that bbolt can reach. Each page is read at
// most once, so time and memory are bounded by the size of the file.
type inspector struct {
	file  io.ReaderAt
	page  uint64   // bytes of a page
	pages uint64   // pages that are in use or free: those behind were never written
	seen  []uint64 // a bit for each page: it belongs to something
	bufs  [mostDepth][]byte
}

// inspect says what is wrong with the structure of a bbolt file of so many
// bytes: a page of another kind, torn cells, keys out of order, two owners of
// one page. nil: bbolt can work on it. What values hold is not looked at.
func inspect(file io.ReaderAt, size int64) error {
	n := inspector{file: file}
	meta, err := n.meta(size)
	if err != nil {
		return err
	}
	root, list := long(meta[16:]), long(meta[32:])
	n.pages = long(meta[40:])
	if n.pages < 4 || n.pages > uint64(size)/n.page {
		return torn("it is cut off")
	}
	n.seen = make([]uint64, n.pages/64+1)
	n.seen[0] = 0b11 // the metas
	depth := 0
	if err := n.tree(root, 0, nil, nil, &depth, true); err != nil {
		return err
	}
	return n.free(list)
}

// torn is the error of a file that does not hold together.
func torn(format string, args ...any) error {
	return damaged(fileName+" does not hold together, restore a backup: "+format, args...)
}

// long reads a number of eight bytes, word one of four: sums of a few do not overflow.
func long(b []byte) uint64 { return binary.NativeEndian.Uint64(b) }

func word(b []byte) uint64 { return uint64(binary.NativeEndian.Uint32(b)) }

// meta finds the size of a page as bbolt does, and the later of the two metas.
func (n *inspector) meta(size int64) ([]byte, error) {
	first, err := n.metaAt(0, size)
	if err != nil {
		return nil, err
	}
	n.page = leastPage
	if first != nil {
		n.page = word(first[8:])
	}
	second, err := n.metaAt(n.page, size)
	for err == nil && first == nil && second == nil && n.page < mostPage {
		n.page *= 2
		second, err = n.metaAt(n.page, size)
	}
	switch {
	case err != nil:
		return nil, err
	case first == nil && second == nil:
		return nil, torn("its heads are damaged, or it is another file")
	case second != nil && word(second[8:]) != n.page:
		return nil, torn("its heads contradict each other")
	case first == nil, second != nil && long(second[48:]) > long(first[48:]):
		return second, nil
	}
	return first, nil
}

// metaAt reads the meta of the page at an offset; nil: there is none.
func (n *inspector) metaAt(at uint64, size int64) ([]byte, error) {
	if int64(at)+pageHead+metaSize > size {
		return nil, nil
	}
	meta := make([]byte, metaSize)
	if err := n.read(meta, int64(at)+pageHead); err != nil {
		return nil, err
	}
	sum := fnv.New64a()
	sum.Write(meta[:metaSize-8])
	page := word(meta[8:])
	if word(meta) != fileMagic || word(meta[4:]) != fileVersion || long(meta[metaSize-8:]) != sum.Sum64() ||
		page < leastPage || page > mostPage || page&(page-1) != 0 {
		return nil, nil
	}
	return meta, nil
}

func (n *inspector) read(into []byte, at int64) error {
	_, err := n.file.ReadAt(into, at)
	if err == io.EOF {
		return torn("it ends too early")
	}
	return err
}

// take gives pages to whoever needs them. None belongs to two.
func (n *inspector) take(id, overflow uint64) error {
	if id >= n.pages || overflow >= n.pages-id {
		return torn("page %d lies outside", id)
	}
	for p := id; p <= id+overflow; p++ {
		if n.seen[p/64]&(1<<(p%64)) != 0 {
			return torn("page %d belongs to two", p)
		}
		n.seen[p/64] |= 1 << (p % 64)
	}
	return nil
}

// load reads a page with what it overflows into. It is valid until the next
// page of this level is loaded.
func (n *inspector) load(id uint64, level int) ([]byte, error) {
	if err := n.take(id, 0); err != nil {
		return nil, err
	}
	buf := n.room(level, n.page)
	if err := n.read(buf, int64(id*n.page)); err != nil {
		return nil, err
	}
	overflow := word(buf[12:])
	switch {
	case long(buf) != id:
		return nil, torn("page %d has another number", id)
	case overflow == 0:
		return buf, nil
	case overflow >= mostSpan/n.page:
		return nil, torn("page %d is too long", id)
	}
	if err := n.take(id+1, overflow-1); err != nil {
		return nil, err
	}
	buf = n.room(level, (overflow+1)*n.page)
	return buf, n.read(buf, int64(id*n.page))
}

func (n *inspector) room(level int, size uint64) []byte {
	if uint64(cap(n.bufs[level])) < size {
		n.bufs[level] = make([]byte, size)
	}
	return n.bufs[level][:size]
}

// tree goes through the tree of a table, or the one of the tables. Its keys are
// from a key on up to another, which does not belong to it; nil: there is no
// such bound. All leaves are equally deep: depth, where it is not 0.
func (n *inspector) tree(id uint64, level int, from, to []byte, depth *int, tables bool) error {
	if level >= mostDepth {
		return torn("page %d lies too deep", id)
	}
	page, err := n.load(id, level)
	if err != nil {
		return err
	}
	switch flags := binary.NativeEndian.Uint16(page[8:]); {
	case flags == leafPage && *depth == 0:
		*depth = level
	case flags == leafPage && *depth == level:
	case flags == branchPage && binary.NativeEndian.Uint16(page[10:]) > 0:
		return n.branch(id, page, level, from, to, depth, tables)
	default:
		return torn("page %d is of a wrong kind", id)
	}
	return n.leaf(id, page, level, from, to, tables)
}

func (n *inspector) branch(id uint64, page []byte, level int, from, to []byte, depth *int, tables bool) error {
	all := cells{page: page, from: from, to: to}
	for all.next() {
		// Keys of the child are below the next key here.
		next := to
		if key := all.peek(); key != nil {
			next = key
		}
		if err := n.tree(all.child, level+1, all.key, next, depth, tables); err != nil {
			return err
		}
	}
	return all.end(id, n.page)
}

func (n *inspector) leaf(id uint64, page []byte, level int, from, to []byte, tables bool) error {
	all := cells{page: page, from: from, to: to, leaf: true}
	for all.next() {
		if all.table != tables {
			return torn("page %d has a table within a table, or none", id)
		}
		if !tables {
			continue
		}
		if err := n.table(id, all.value, level); err != nil {
			return err
		}
	}
	return all.end(id, n.page)
}

// table goes through one table, which may be so small that it lies here.
func (n *inspector) table(id uint64, value []byte, level int) error {
	if len(value) < tableHead {
		return torn("page %d has a table without a head", id)
	}
	if root := long(value); root != 0 {
		depth := 0
		return n.tree(root, level+1, nil, nil, &depth, false)
	}
	page := value[tableHead:]
	if len(page) < pageHead || binary.NativeEndian.Uint16(page[8:]) != leafPage {
		return torn("page %d has a small table of a wrong kind", id)
	}
	return n.leaf(id, page, level, nil, nil, false)
}

// free goes through the list of free pages.
func (n *inspector) free(list uint64) error {
	page, err := n.load(list, 0)
	if err != nil {
		return err
	}
	if binary.NativeEndian.Uint16(page[8:]) != listPage {
		return torn("page %d is no list of free pages", list)
	}
	count, ids := uint64(binary.NativeEndian.Uint16(page[10:])), page[pageHead:]
	if count == 0xffff { // then the first number is the count
		count, ids = long(ids), ids[8:]
	}
	if count > uint64(len(ids))/8 {
		return torn("the list of free pages is too long")
	}
	for ; count > 0; count-- {
		if err := n.take(long(ids), 0); err != nil {
			return err
		}
		ids = ids[8:]
	}
	return nil
}

// cells goes through the cells of a page. Their keys and values lie behind all
// heads, one after the other, in the order of the keys.
type cells struct {
	page     []byte
	from, to []byte // bounds of the keys
	leaf     bool

	key, value []byte // of the cell
	table      bool   // it is a table
	child      uint64 // page of the cell

	n       uint64 // cells so far
	at      uint64 // end of the last
	problem string
}

func (c *cells) count() uint64 { return uint64(binary.NativeEndian.Uint16(c.page[10:])) }

// next goes to the next cell. At the end, or where something is wrong, it is false.
func (c *cells) next() bool {
	if c.at == 0 {
		c.at = pageHead + cellHead*c.count()
	}
	if c.n == c.count() || c.problem != "" {
		return false
	}
	key, rest := c.cell()
	switch {
	case c.problem != "":
	case c.n == 0 && bytes.Compare(key, c.from) < 0, c.n > 0 && bytes.Compare(key, c.key) <= 0, c.to != nil && bytes.Compare(key, c.to) >= 0:
		c.problem = "keys out of order"
	}
	c.key, c.value = key, rest
	c.n++
	c.at += uint64(len(key) + len(rest))
	return c.problem == ""
}

// peek gives the key of the cell behind this one; nil: there is none, or it is torn.
func (c *cells) peek() []byte {
	if c.n == c.count() {
		return nil
	}
	ahead := *c
	key, _ := ahead.cell()
	return key
}

// cell reads the cell at hand.
func (c *cells) cell() (key, value []byte) {
	head := pageHead + cellHead*c.n
	if c.at > uint64(len(c.page)) {
		c.problem = "too many cells"
		return nil, nil
	}
	b := c.page[head:]
	var position, keySize, valueSize uint64
	if c.leaf {
		flags := word(b)
		position, keySize, valueSize = word(b[4:]), word(b[8:]), word(b[12:])
		c.table = flags == 1
		if flags > 1 {
			c.problem = "a cell of a wrong kind"
		}
	} else {
		position, keySize, c.child = word(b), word(b[4:]), long(b[8:])
	}
	end := c.at + keySize + valueSize
	if head+position != c.at || keySize == 0 || keySize > mostKey || end > uint64(len(c.page)) {
		c.problem = "a torn cell"
		return nil, nil
	}
	return c.page[c.at:][:keySize:keySize], c.page[c.at+keySize : end]
}

// end says what was wrong with the cells of a page.
func (c *cells) end(id, size uint64) error {
	switch {
	case c.problem != "":
		return torn("page %d has %s", id, c.problem)
	case c.at > uint64(len(c.page)):
		return torn("page %d has too many cells", id)
	case uint64(len(c.page)) > size*(c.at/size+1):
		return torn("page %d is longer than what it holds", id)
	}
	return nil
}
