package main

import (
	"fmt"
	"iter"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/aldanba/aldanba/bot/telegram/telegramtest"
	"github.com/aldanba/aldanba/locales"
)

// crowd is many people who write to the bot without a pause. Every message has
// a number that its answer quotes, so that it is known what was answered, how
// often and in which order.
type crowd struct {
	telegram *telegramtest.Server
	people   []*telegramtest.User
	dice     *rand.Rand
	label    string // of the button that is pressed
	help     string // how its answer begins

	answered atomic.Int64 // calls of sendMessage

	mu      sync.Mutex // held while somebody writes
	asked   []question
	numbers int
	presses map[int64]int // by chat
	era     int

	stop    chan struct{}
	stopped chan struct{}
}

// question is something that the bot has to answer.
type question struct {
	update string // its name in the inbox
	chat   int64
	mark   string // what an answer to it contains
	kind   kindOfQuestion
	era    int // of the crowd
}

type kindOfQuestion int

const (
	words    kindOfQuestion = iota // answered in their order
	document                       // answered when it has been read
	button                         // answered before the words that wait
)

const (
	crowdSize = 40
	mostAhead = 200 // questions that wait for an answer at one time, about

	// mostPresses is how often a person presses the button: the bot takes 120 a
	// minute of one person, and a fast machine would come to more.
	mostPresses = 100
)

func newCrowd(t testing.TB, telegram *telegramtest.Server, seed uint64) *crowd {
	t.Helper()
	c := &crowd{
		telegram: telegram, dice: rand.New(rand.NewPCG(seed, 1)), label: phrase(t, locales.Russian, "choice_help"), presses: map[int64]int{},
		stop: make(chan struct{}), stopped: make(chan struct{}),
	}
	c.help, _, _ = strings.Cut(phrase(t, locales.Russian, "help"), "\n")
	for i := range crowdSize {
		u := telegram.User(int64(5000+i), "ru")
		u.Sends("/start") // the answer has the button
		c.people = append(c.people, u)
	}
	return c
}

// begin lets the crowd write until end is called.
func (c *crowd) begin() {
	go func() {
		defer close(c.stopped)
		for {
			select {
			case <-c.stop:
				return
			case <-time.After(time.Millisecond):
			}
			c.mu.Lock()
			for range c.dice.IntN(8) {
				if int64(len(c.asked))-c.answered.Load() < mostAhead {
					c.ask(c.people[c.dice.IntN(len(c.people))])
				}
			}
			c.mu.Unlock()
		}
	}()
}

// end is called once; then the crowd may be asked what it wrote.
func (c *crowd) end() {
	close(c.stop)
	<-c.stopped
}

// newEra changes something when the bot has all that was written until then.
// What is written afterwards need not wait for it.
func (c *crowd) newEra(t testing.TB, change func()) {
	t.Helper()
	c.mu.Lock()
	defer c.mu.Unlock()
	eventually(t, "everything is taken", func() bool { return c.telegram.Pending() == 0 })
	change()
	c.era++
}

// ask has a person write a message, send a document or press a button.
func (c *crowd) ask(u *telegramtest.User) {
	q := question{chat: u.Chat(), kind: words, era: c.era}
	text := func() string {
		c.numbers++
		q.mark = fmt.Sprintf("kaspi-bonus-%d[", c.numbers)
		return fmt.Sprintf("Вы выиграли приз, получите его на http://kaspi-bonus-%d.top", c.numbers)
	}
	var update telegramtest.Update
	switch n := c.dice.IntN(40); {
	case n == 0:
		q.kind = document
		update = u.Posts(telegramtest.Document("акция.txt", "text/plain", []byte(text()))).Update
	case n < 4 && c.presses[q.chat] < mostPresses:
		c.presses[q.chat]++
		press, err := u.Presses(c.label)
		if err != nil {
			return // the bot has not said anything yet
		}
		q.kind, q.mark, update = button, c.help, press.Update
	default:
		update = u.Sends(text()).Update
	}
	q.update = fmt.Sprint("telegram:", update.ID)
	c.asked = append(c.asked, q)
}

// answer is a message of the bot that contains the mark of a question.
type answer struct {
	place int // in the order of the bot's messages in the chat
	at    time.Time
}

// answers finds the answers to every question. Questions of one chat that share
// a mark share their answers.
func (c *crowd) answers() map[question][]answer {
	found := map[question][]answer{}
	of := map[int64][]question{}
	for _, q := range c.asked {
		of[q.chat] = append(of[q.chat], q)
	}
	for chat, questions := range of {
		byMark := map[string][]question{}
		for _, q := range questions {
			byMark[q.mark] = append(byMark[q.mark], q)
		}
		for place, m := range c.telegram.Sent(chat) {
			said := []string{m.Text}
			for _, edit := range m.Edits {
				said = append(said, edit.Text)
			}
			for _, mark := range marksIn(said, c.help) {
				for _, q := range byMark[mark] {
					found[q] = append(found[q], answer{place, m.At})
				}
			}
		}
	}
	return found
}

// marksIn finds the marks in what a message says and said before.
func marksIn(said []string, help string) (marks []string) {
	for _, text := range said {
		mark := ""
		if _, rest, found := strings.Cut(text, "kaspi-bonus-"); found {
			number, _, _ := strings.Cut(rest, "[")
			mark = "kaspi-bonus-" + number + "["
		} else if strings.HasPrefix(text, help) {
			mark = help
		}
		if mark != "" && !slices.Contains(marks, mark) {
			marks = append(marks, mark)
		}
	}
	return marks
}

// satisfied says whether every question has its answer. Questions that share a
// mark need as many answers as they are.
func (c *crowd) satisfied() bool {
	found := c.answers()
	for _, q := range c.asked {
		if len(found[q]) < c.sharing(q) {
			return false
		}
	}
	return true
}

// sharing counts the questions that share the answers of a question.
func (c *crowd) sharing(q question) (n int) {
	if q.kind != button {
		return 1
	}
	for _, other := range c.asked {
		if other.chat == q.chat && other.mark == q.mark {
			n++
		}
	}
	return n
}

// account looks at what was said: every question in its order, and again only
// what was in flight at a kill. It notes at the kills what was in flight and
// what was given again.
func (c *crowd) account(t testing.TB, kills []*kill) {
	t.Helper()
	last := map[int64]question{}
	place := map[int64]int{}
	for q, all := range c.sorted() {
		switch q.kind {
		case words:
			if all[0].place < place[q.chat] && q.era == last[q.chat].era {
				t.Errorf("%s was answered before what had been written before it", q.mark)
			}
			last[q.chat], place[q.chat] = q, all[0].place
		case button:
			c.accountButton(t, q, len(all), kills)
			continue
		}
		for i, a := range all {
			k := killAfter(kills, a.at)
			inFlight := k != nil && k.repeats(q)
			if inFlight && k.open != nil {
				k.inFlight++
			}
			switch {
			case i+1 == len(all):
			case inFlight && k.begins().Before(all[i+1].at):
				k.again++
			default:
				t.Errorf("%s was answered again after its answer had been recorded, or without a kill", q.mark)
			}
		}
	}
}

// sorted gives the questions as they were asked, with their answers.
func (c *crowd) sorted() iter.Seq2[question, []answer] {
	found := c.answers()
	return func(yield func(question, []answer) bool) {
		for _, q := range c.asked {
			if !yield(q, found[q]) {
				return
			}
		}
	}
}

// accountButton allows one answer more for every press of the chat that waited
// at a kill: the answers to presses are all alike.
func (c *crowd) accountButton(t testing.TB, q question, given int, kills []*kill) {
	t.Helper()
	most := c.sharing(q)
	for _, k := range kills {
		for _, other := range c.asked {
			if other.chat == q.chat && other.mark == q.mark && k.repeats(other) {
				most++
			}
		}
	}
	if given > most {
		t.Errorf("presses of a button in chat %d were answered %d times, which can be %d times at most", q.chat, given, most)
	}
}

// killAfter finds the first kill after a time.
func killAfter(kills []*kill, at time.Time) *kill {
	for _, k := range kills {
		if k.at.After(at) {
			return k
		}
	}
	return nil
}
