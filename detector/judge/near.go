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

// marks gives the print of a message and the names under which an opinion on it
// is kept for near-duplicates. What must be equal is part of each name: links,
// payees and demands. There are none where a message is too short or only a part
// of it was seen.
func (j *Judge) marks(m *model, q detector.Inquiry) (print similar.Print, names []string) {
	if q.Cut || len(q.Like.Words) < leastWords {
		return print, nil
	}
	print, bands := similar.Of(j.cfg.Key, q.Like.Words)
	for i, band := range bands {
		names = append(names, j.name(m, "alike", string(q.Like.Facts[:]), strconv.Itoa(i), string(binary.BigEndian.AppendUint64(nil, band))))
	}
	return print, names
}

// worthReuse says that an opinion may be taken for near-duplicates: it warns, and
// not because the message told it what to say. That a message is harmless is said
// of that message alone.
func worthReuse(o detector.Opinion) bool {
	return rank(o.Level) > rank(detector.NoSigns) && !o.Manipulates
}

// recall gives the opinion that is kept on a message or, where there is none, on
// one that is nearly the same, unless that would lower the local verdict.
func (j *Judge) recall(ctx context.Context, m *model, q detector.Inquiry) (detector.Opinion, Result, bool) {
	print, marks := j.marks(m, q)
	entries := j.entries(ctx, append([]string{j.key(m, q.Text)}, marks...))
	if e := entries[0]; e != nil {
		return e.opinion(q.Text), Cached, true
	}
	var best *entry
	most := leastLike
	for _, e := range entries[1:] {
		if e == nil || len(e.Print) != len(print) {
			continue
		}
		if like := print.Likeness(similar.Print(e.Print)); like >= most {
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
