package eval_test

import (
	"bytes"
	"context"
	"encoding/json"
	"hash/fnv"
	"math/rand/v2"
	"os"
	"slices"
	"testing"
	"time"

	"github.com/aldanba/aldanba/detector"
	"github.com/aldanba/aldanba/detector/eval"
	"github.com/aldanba/aldanba/detector/judge"
	"github.com/aldanba/aldanba/prompts"
)

// said is what the tests change in a recorded reply.
type said struct {
	verdict     string
	probability float64
}

// changing gives another opinion in place of a recorded one; which is a number
// that belongs to the message.
type changing func(which uint64, o said) said

func asRecorded(_ uint64, o said) said { return o }

// turnedRound makes a judge that says the opposite about one part of the
// messages, drawn anew for every seed.
func turnedRound(part float64, seed uint64) changing {
	return func(which uint64, o said) said {
		if rand.New(rand.NewPCG(which, seed)).Float64() >= part {
			return o
		}
		if o.verdict == string(detector.NoSigns) {
			return said{string(detector.Scam), 1 - o.probability}
		}
		return said{string(detector.NoSigns), min(1-o.probability, 0.3)}
	}
}

// recording gives the recorded replies, changed, as those of a model.
func recording(t testing.TB, model string, change changing) []byte {
	t.Helper()
	data, err := os.ReadFile("../../testdata/judge/replies.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	var changed bytes.Buffer
	encoder := json.NewEncoder(&changed)
	for text := range bytes.Lines(data) {
		var kept judge.Recorded
		var reply map[string]any
		if err := json.Unmarshal(text, &kept); err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal([]byte(kept.Reply.Text), &reply); err != nil {
			t.Fatal(err)
		}
		o := change(numberOf(kept.Message), said{reply["verdict"].(string), reply["probability"].(float64)})
		reply["verdict"], reply["probability"] = o.verdict, o.probability
		again, err := json.Marshal(reply)
		if err != nil {
			t.Fatal(err)
		}
		kept.Model, kept.Reply.Text = model, string(again)
		if err := encoder.Encode(kept); err != nil {
			t.Fatal(err)
		}
	}
	return changed.Bytes()
}

// recordedJudge plays recordings: of one model, or of two that both give their
// opinion.
func recordedJudge(t testing.TB, d *detector.Detector, changes ...changing) (*judge.Judge, *judge.Recorder) {
	t.Helper()
	models := []string{"first", "second"}[:len(changes)]
	var kept bytes.Buffer
	for i, change := range changes {
		kept.Write(recording(t, models[i], change))
	}
	recorder, err := judge.NewRecorder(&kept, nil)
	if err != nil {
		t.Fatal(err)
	}
	prompt, err := prompts.LoadJudge(nil, judge.Lists(d.Catalogue()))
	if err != nil {
		t.Fatal(err)
	}
	c := judge.Config{Service: recorder, Model: models[0], Prompt: prompt, Detector: d, Timeout: time.Minute}
	if len(models) > 1 {
		c.Fallback, c.SecondOpinion = models[1], true
	}
	j, err := judge.New(c)
	if err != nil {
		t.Fatal(err)
	}
	return j, recorder
}

// opinionsOf gives the recorded opinion on every masked text.
func opinionsOf(t testing.TB, d *detector.Detector, examples []eval.Example) opinions {
	t.Helper()
	j, _ := recordedJudge(t, d, asRecorded)
	found := opinions{}
	for _, e := range examples {
		inquiry := d.Inquiry(d.Check(e.Text), "ru", "")
		if o, err := j.Judge(t.Context(), inquiry); err == nil {
			found[inquiry.Text] = o
		}
	}
	return found
}

// doubtful gives the messages about which a judge is asked.
func doubtful(d *detector.Detector, examples []eval.Example) []eval.Example {
	return slices.DeleteFunc(examples, func(e eval.Example) bool { return !d.Asks(d.Check(e.Text)) })
}

// opinions are a judge that knows every answer beforehand.
type opinions map[string]detector.Opinion

func (o opinions) Judge(_ context.Context, q detector.Inquiry) (detector.Opinion, error) {
	if opinion, ok := o[q.Text]; ok {
		return opinion, nil
	}
	return detector.Opinion{}, detector.ErrNoOpinion
}

// changed gives the same judge with other opinions.
func (o opinions) changed(change changing) opinions {
	other := opinions{}
	for text, opinion := range o {
		now := change(numberOf(text), said{string(opinion.Level), opinion.Score})
		opinion.Level, opinion.Score = detector.Level(now.verdict), now.probability
		other[text] = opinion
	}
	return other
}

// numberOf gives a number that belongs to a message.
func numberOf(message string) uint64 {
	h := fnv.New64a()
	h.Write([]byte(message))
	return h.Sum64()
}

func newDetector(t testing.TB) *detector.Detector {
	t.Helper()
	d, err := detector.New(detector.Config{})
	if err != nil {
		t.Fatal(err)
	}
	return d
}
