package dispatch

import "time"

// slack is how much earlier than planned something may happen: timers and the
// clock on the wall do not agree to the millisecond.
const slack = 2 * time.Millisecond

// task is a case with its records.
type task struct {
	id      string // of its first record
	kind    Kind
	ids     []string
	updates []Update
	step    Step
}

func (k *task) add(r Record) {
	if len(k.ids) == 0 {
		k.id, k.step = r.ID, r.Step
		if r.Step.Case != "" {
			k.id = r.Step.Case
		}
	}
	k.ids = append(k.ids, r.ID)
	k.updates = append(k.updates, r.Update)
}

// plan is what to do about the records of a chat.
type plan struct {
	old     []string  // ids of records that have become too old
	begin   []*task   // cases whose files are to be read
	renew   []*task   // cases that go on being read here, which others are to know
	ready   *task     // case to be worked on now, or nil
	wake    time.Time // where nothing is ready: when to look again; zero: there is nothing to wait for
	blocked bool      // a failed case holds the others up until wake
}

// planner looks at the records of one chat.
type planner struct {
	now     time.Time
	quiet   time.Duration
	longest time.Duration
	most    int // messages of a case
	kind    func(Update) Kind
	reading func(id string) progress // state of the files of a case in this process
	lease   time.Duration            // for which others leave a case alone that is being read
	alone   bool                     // there are no others: what an earlier process was reading is read anew
}

// progress is how far this process has come with the files of a case.
type progress struct {
	begun, read bool
	after       time.Time // its last answer could not be sent: not to be tried before
}

// plan finds what to do next. Records are in the order of their arrival.
func (p planner) plan(records []Record) plan {
	var out plan
	var known map[string]*task // cases that records were put into earlier
	for _, r := range records {
		if r.Step.Case == "" || p.old(r) {
			continue
		}
		if known == nil {
			known = make(map[string]*task)
		}
		if known[r.Step.Case] == nil {
			known[r.Step.Case] = &task{kind: p.kind(r.Update)}
		}
		known[r.Step.Case].add(r)
	}
	for i := 0; i < len(records); i++ {
		r := records[i]
		switch {
		case p.old(r):
			out.old = append(out.old, r.ID)
		case r.Step.Case != "":
			if k := known[r.Step.Case]; k != nil {
				delete(known, r.Step.Case)
				if p.known(k, &out) {
					return out
				}
			}
		default:
			k, due := p.gather(records[i:])
			if wait := due.Sub(p.now); wait > slack && wait <= p.longest {
				out.until(due)
			} else {
				out.ready = k
			}
			return out
		}
	}
	return out
}

// known decides about a case that was begun earlier. stop says that those after
// it are not to be looked at.
func (p planner) known(k *task, out *plan) (stop bool) {
	later := k.step.After.Sub(p.now) > slack
	switch {
	case k.step.Held:
	case k.step.Reading:
		switch here := p.reading(k.id); {
		case here.read && here.after.Sub(p.now) > slack:
			out.until(here.after)
		case here.read:
			out.ready = k
			return true
		case here.begun:
			if k.step.After.Sub(p.now) <= p.lease*2/3 {
				out.renew = append(out.renew, k)
			}
			out.until(p.now.Add(p.lease / 3))
		case later && !p.alone: // another process reads it, or did so before it died
			out.until(k.step.After)
		default:
			out.begin = append(out.begin, k)
			out.until(p.now.Add(p.lease / 3))
		}
	case !later:
		out.ready = k
		return true
	default:
		out.until(k.step.After)
		out.blocked = k.step.Tries < overtake
		return out.blocked
	}
	return false
}

// gather makes a case of the messages at the head that came together. It is
// due at the time given.
func (p planner) gather(records []Record) (k *task, due time.Time) {
	first := records[0]
	k = &task{kind: p.kind(first.Update)}
	k.add(first)
	if k.kind != Message {
		return k, time.Time{}
	}
	last := first
	for _, r := range records[1:] {
		if len(k.ids) == p.most || r.Step.Case != "" || p.kind(r.Update) != Message || r.At.After(p.close(first.At, last.At)) {
			return k, time.Time{}
		}
		k.add(r)
		last = r
	}
	if len(k.ids) == p.most {
		return k, time.Time{}
	}
	return k, p.close(first.At, last.At)
}

// close says when a case is complete whose messages came at these times.
func (p planner) close(first, last time.Time) time.Time {
	quiet, longest := last.Add(p.quiet), first.Add(p.longest)
	if longest.Before(quiet) {
		return longest
	}
	return quiet
}

func (p planner) old(r Record) bool { return p.now.Sub(r.At) >= lifetime }

// until notes a time to look again, the earliest counts.
func (p *plan) until(t time.Time) {
	if p.wake.IsZero() || t.Before(p.wake) {
		p.wake = t
	}
}
