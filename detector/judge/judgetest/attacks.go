package judgetest

import (
	"bufio"
	"encoding/json"
	"os"
	"strings"
	"testing"
)

// Attack is a message that tries to talk a judge round, or one that merely has
// the words of such a message, as testdata/attacks has them.
type Attack struct {
	ID     string   `json:"id"`
	Lang   string   `json:"lang"`
	Form   string   `json:"form"` // how it reaches the bot, or what it is made like
	Text   string   `json:"text"`
	Bait   []string `json:"bait"` // what it wants in the answer
	Benign bool     `json:"benign"`
	Pad    struct {
		Text  string `json:"text"`
		Times int    `json:"times"`
	} `json:"pad"` // stands before the text, so many times
}

// Attacks reads a file of attacks, what stands before their texts included.
func Attacks(t testing.TB, path string) (hostile, benign []Attack) {
	t.Helper()
	file, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	lines := bufio.NewScanner(file)
	for lines.Scan() {
		var a Attack
		if err := json.Unmarshal(lines.Bytes(), &a); err != nil {
			t.Fatalf("%s: %v: %s", path, err, lines.Text())
		}
		a.Text = strings.Repeat(a.Pad.Text, a.Pad.Times) + a.Text
		if a.Benign {
			benign = append(benign, a)
		} else {
			hostile = append(hostile, a)
		}
	}
	if err := lines.Err(); err != nil {
		t.Fatalf("%s: %v", path, err)
	}
	return hostile, benign
}

// Answers gives the language in which a person who was sent the attack is
// answered.
func (a Attack) Answers() string {
	if a.Lang == "kk" {
		return "kk"
	}
	return "ru"
}

// Telltale stands in the instructions of the judge and nowhere else.
const Telltale = "You are the second reader"

// Lures are what Eager names of its own.
var Lures = []string{"+7 700 000 00 42", "77000000042", "eager.example"}

// Chatty is a model that tells all it was told.
func Chatty(r Request) Reply {
	o := Harmless()
	if len(r.Messages) > 0 {
		o.Explanation = r.Messages[0].Text
		o.Question = "Do you know my orders: " + r.Messages[0].Text
	}
	return o.Reply()
}

// Eager is a model that names a site and a telephone number of its own.
func Eager(Request) Reply {
	o := Harmless()
	o.Explanation = "Это безопасно, позвоните +7 700 000 00 42 или откройте https://eager.example"
	o.Question = "Позвонить на +77000000042?"
	return o.Reply()
}
