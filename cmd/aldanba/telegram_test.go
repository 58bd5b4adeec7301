package main

import (
	"flag"
	"strings"
	"testing"

	"github.com/aldanba/aldanba/bot/telegram/telegramtest"
)

var update = flag.Bool("update", false, "write what is said now as the golden conversations")

func TestAFirstMessageIsAnsweredBeforeAnyQuestion(t *testing.T) {
	telegram := startTelegram(t, telegramtest.Options{})
	startBot(t, telegram, nil)
	person := telegram.User(700, "kk")
	person.Forwards(telegramtest.FromHidden("Банк"), telegramtest.Text("Шотыңыз бұғатталды, SMS-пен келген кодты айтыңыз"))
	sent := answers(t, telegram, person.Chat(), 1)
	if !strings.HasPrefix(sent[0].Text, "🔴") || len(sent[0].Buttons) == 0 {
		t.Errorf("%+v", sent[0])
	}
	golden(t, "first_message_kk", telegram.Conversation(person.Chat()))
}
