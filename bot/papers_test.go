package bot_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aldanba/aldanba/bot"
)

func TestWhatCouldNotBeFetchedIsSaid(t *testing.T) {
	d := newDesk(t, mute{})
	d.presses("ask:begin:ru:")
	d.does(bot.Event{Messages: []bot.Message{
		{ID: "1", Forwarded: true, Sender: "Банк", At: d.now, Text: "Переведите", Files: []bot.File{{Kind: bot.Picture, Ref: "here"}}},
		{ID: "2", Forwarded: true, Sender: "Банк", At: d.now, Files: []bot.File{{Kind: bot.Document, Ref: "lost", Name: "a.pdf"}}},
		{ID: "3", Forwarded: true, Text: "large.mp4", Gaps: []bot.Gap{bot.GapTooBig}},
	}})
	replies := d.delivers()
	last := replies[len(replies)-1].Text
	if !strings.Contains(last, "2 файла получить не удалось") || !strings.Contains(last, "102") {
		t.Errorf("at the end it is said: %s", last)
	}
	var names []string
	for _, r := range replies {
		for _, a := range r.Attached {
			names = append(names, a.Name)
			if r.Instead == "" || len(a.Data) == 0 {
				t.Errorf("%s: %d bytes, otherwise %q", a.Name, len(a.Data), r.Instead)
			}
		}
	}
	if !slices.ContainsFunc(names, func(n string) bool { return strings.HasSuffix(n, ".zip") }) || len(names) != 4 {
		t.Errorf("handed over: %v", names)
	}
}

func TestPapersOfAnErasedDraftAreNotHandedOver(t *testing.T) {
	d := newDesk(t, mute{})
	d.presses("ask:begin:ru:", "ask:make")
	made, err := d.Make(context.Background(), "p", nil)
	if err != nil || len(made.Replies) == 0 {
		t.Fatalf("%v, %v", made, err)
	}
	d.presses("ask:erase")
	if answer := d.does(bot.Event{Made: &made}); answer.Handed || len(answer.Replies) != 1 || answer.Replies[0].Attached != nil {
		t.Errorf("handed over: %+v", answer)
	}
	if made, err := d.Make(context.Background(), "p", nil); err != nil || made.Replies != nil {
		t.Errorf("made without a draft: %v, %v", made, err)
	}
}

func TestPapersThatCouldNotBeMadeAreOfferedAgain(t *testing.T) {
	d := newDesk(t, mute{})
	d.presses("ask:begin:ru:", "ask:make")
	answer := d.does(bot.Event{Made: &bot.Papers{}})
	if answer.Handed || !strings.Contains(ids(answer.Replies[0]), "ask:make") || d.draft() == "" {
		t.Errorf("%+v", answer)
	}
}

func TestThePapersAreTheSameUntilTheyAreDelivered(t *testing.T) {
	d := newDesk(t, mute{})
	d.presses("ask:begin:kk:", "ask:skip:originals")
	d.says("Бүгін")
	d.presses("ask:make")
	first, err := d.Make(context.Background(), "p", nil)
	if err != nil {
		t.Fatal(err)
	}
	d.now = d.now.Add(3 * time.Hour)
	second, err := d.Make(context.Background(), "p", nil)
	if err != nil {
		t.Fatal(err)
	}
	if fmt.Sprint(first) != fmt.Sprint(second) {
		t.Error("they are others three hours later")
	}
}
