package judge

import (
	"context"
	"encoding/binary"
	"strconv"

	"github.com/aldanba/aldanba/detector"
	"github.com/aldanba/aldanba/detector/similar"
)

const (
	// leastWords is from how many words on a text can be nearly the same as
	// another: of fewer each may turn the meaning.
	leastWords = 8
	// leastLike is how much alike texts are that are nearly the same. Of a
	// message of sixteen words one or two may be others.
	leastLike = 0.6
)

// print gives what near-duplicates of a message are found by, nil where it has
// none: it is too short, or only a part of it was seen.
func (j *Judge) print(q detector.Inquiry) similar.Print {
	if q.Cut || len(q.Like.Words) < leastWords {
		return nil
	}
	return similar.Of(j.cfg.Key, q.Like.Words)
}

// marks gives the names under which an opinion on a message is kept for its
// near-duplicates. What must be equal is part of each: links, payees and demands.
func (j *Judge) marks(m *model, q detector.Inquiry, print similar.Print) []string {
	var names []string
	for i, band := range print.Bands() {
		names = append(names, j.name(m, "alike", string(q.Like.Facts[:]), strconv.Itoa(i), string(binary.BigEndian.AppendUint64(nil, band))))
	}
	return names
}

// worthReuse says that an opinion may be taken for near-duplicates: it warns.
// That a message is harmless is said of that message alone.
func worthReuse(o detector.Opinion) bool { return rank(o.Level) > rank(detector.NoSigns) }

// recall gives the opinion that is kept on a message or, where there is none, on
// one that is nearly the same, unless that would lower the local verdict.
func (j *Judge) recall(ctx context.Context, m *model, q detector.Inquiry) (detector.Opinion, Result, bool) {
	names, print := []string{j.key(m, q.Text)}, j.print(q)
	if print != nil {
		names = append(names, j.marks(m, q, print)...)
	}
	entries := j.entries(ctx, names)
	if e := entries[0]; e != nil {
		return e.opinion(q.Text), Cached, true
	}
	var best *entry
	most := leastLike
	for _, e := range entries[1:] {
		var other similar.Print
		if e == nil || other.UnmarshalBinary(e.Print) != nil {
			continue
		}
		if like := print.Likeness(other); like >= most {
			best, most = e, like
		}
	}
	if best == nil || rank(best.Level) < rank(q.Level) {
		return detector.Opinion{}, "", false
	}
	best.Quotes = nil // they are places in another text
	o := best.opinion(q.Text)
	o.Alike = true
	return o, Alike, worthReuse(o)
}
