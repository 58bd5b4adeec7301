package interview_test

import (
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"github.com/aldanba/aldanba/bot/interview"
	"github.com/aldanba/aldanba/bot/statement"
	"github.com/aldanba/aldanba/detector/entity"
)

var now = time.Date(2026, 11, 23, 8, 0, 0, 0, time.UTC)

func begin() *interview.Draft {
	return interview.Begin("ru", now, false, "", "", interview.Noted{})
}

func finder(t testing.TB) *entity.Finder {
	t.Helper()
	f, err := entity.New()
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func TestSumsAreRead(t *testing.T) {
	for said, want := range map[string]statement.Payment{
		"450000":             {Amount: "450000", Currency: "KZT"},
		"450 000 тенге":      {Amount: "450000", Currency: "KZT"},
		"1 200 000,00 ₸":     {Amount: "1200000", Currency: "KZT"},
		"450 000 теңгені":    {Amount: "450000", Currency: "KZT"},
		"99.50 тг":           {Amount: "99.50 тг"},
		"200 тысяч":          {Amount: "200 тысяч"},
		"1000 долларов":      {Amount: "1000 долларов"},
		"двести тысяч тенге": {Amount: "двести тысяч тенге"},
	} {
		d := begin()
		if !d.Tell(interview.Amount, said, nil) || d.Case.Payments[0] != want {
			t.Errorf("%q is %+v", said, d.Case.Payments)
		}
	}
}

func TestPayeesAreRead(t *testing.T) {
	f := finder(t)
	for said, want := range map[string][]statement.Mark{
		"4242 4242 4242 4242, Иван П.": {{Kind: statement.MarkCard, Value: "4242 4242 4242 4242", Payee: true}, {Kind: statement.MarkName, Value: "Иван П.", Payee: true}},
		"на номер +7 700 000 00 11":    {{Kind: statement.MarkPhone, Value: "+7 700 000 00 11", Payee: true}},
		"Ерлан\nKaspi Gold":            {{Kind: statement.MarkName, Value: "Ерлан", Payee: true}, {Kind: statement.MarkName, Value: "Kaspi Gold", Payee: true}},
		"https://bank-help.example/x":  {{Kind: statement.MarkLink, Value: "https://bank-help.example/x"}},
	} {
		d := begin()
		d.Tell(interview.Payee, said, f.Find(said))
		if diff := cmp.Diff(want, d.Case.Marks); diff != "" {
			t.Errorf("%q (-want +got)\n%s", said, diff)
		}
	}
}

func TestWhoHandsInIsRead(t *testing.T) {
	f := finder(t)
	said := "Иванова Анна Ивановна, +7 700 000 00 33, Алматы, улица Абая 1"
	d := begin()
	d.Tell(interview.Who, said, f.Find(said))
	want := statement.Person{Name: "Иванова Анна Ивановна", Phone: "+7 700 000 00 33", Address: "Алматы, улица Абая 1"}
	if diff := cmp.Diff(want, d.Case.Applicant); diff != "" {
		t.Error(diff)
	}
}

func TestWhatIsNotedIsOfferedAndTheirsToConfirm(t *testing.T) {
	f := finder(t)
	var noted interview.Noted
	for _, text := range []string{"Чек 21.11.2026 14:05, сумма 45 000 тенге", "Переведите 450 000 тенге на карту 4242 4242 4242 4242, код 483920, CVV 123", "Звоните +7 700 000 00 11"} {
		noted.Take(text, f.Find(text))
	}
	d := interview.Begin("ru", now, false, "money", "card", noted)
	for q, want := range map[interview.Question]string{
		interview.When: "21.11.2026 14:05", interview.Amount: "450000", interview.Way: "card", interview.Payee: "4242 4242 4242 4242, +7 700 000 00 11", interview.Bank: "",
	} {
		if got := d.Suggested(q); got != want {
			t.Errorf("%s: %q is offered, want %q", q, got, want)
		}
	}
	if d.Told(interview.Amount) != "" || d.Case.Marks != nil {
		t.Error("what was noted is in the papers before it is confirmed")
	}
	for _, q := range interview.Questions() {
		d.Accept(q)
	}
	want := statement.Payment{Amount: "450000", Currency: "KZT", Way: statement.ByCard}
	if d.Case.Payments[0] != want || !d.Case.Marks[0].Payee || d.Case.Marks[1].Payee || d.Suggested(interview.Payee) != "" {
		t.Errorf("confirmed: %+v, %+v", d.Case.Payments, d.Case.Marks)
	}
	d.Skip(interview.Amount)
	if d.Told(interview.Amount) != "" || d.Suggested(interview.Amount) != "" {
		t.Error("a skipped answer is still there")
	}
}

func TestTheWayThroughTheQuestions(t *testing.T) {
	d := begin()
	var asked []string
	for d.Ask != "" {
		asked = append(asked, string(d.Ask))
		d.Next(d.Ask)
	}
	if got := strings.Join(asked, " "); got != "originals when amount way payee contact wanted bank who" {
		t.Errorf("asked %s", got)
	}
	d.Back("")
	if d.Ask != interview.Who {
		t.Errorf("back from the end leads to %s", d.Ask)
	}
	if !d.Pick(interview.Amount, interview.NoMoney) || d.Pick(interview.Amount, "gold") {
		t.Error("the wrong options are taken")
	}
	if d.Next(interview.Amount); d.Ask != interview.Payee {
		t.Errorf("without money the way is asked: %s", d.Ask)
	}
	if d.Back(interview.Payee); d.Ask != interview.Amount {
		t.Errorf("back leads to %s", d.Ask)
	}
	if d.Back(interview.Originals); d.Ask != interview.Originals {
		t.Errorf("before the first there is %s", d.Ask)
	}
}

func TestThereIsRoomForSoManyOriginals(t *testing.T) {
	d := begin()
	large := statement.Message{Text: strings.Repeat("x", 30<<10)}
	if kept := d.Keep([]statement.Message{large, large, large, large, {Text: "small"}}); kept != 4 || d.Missed != 1 {
		t.Errorf("%d kept, %d missed", kept, d.Missed)
	}
	d = begin()
	for range 3 {
		d.Keep(make([]statement.Message, 50))
	}
	if len(d.Case.Messages) != interview.MaxOriginals || d.Missed != 50 {
		t.Errorf("%d kept, %d missed", len(d.Case.Messages), d.Missed)
	}
}

func TestADraftSurvivesItsBytes(t *testing.T) {
	d := interview.Begin("kk", now, true, "code", "egov", interview.Noted{When: "21.11.2026"})
	d.Tell(interview.Wanted, "обещали", nil)
	d.Keep([]statement.Message{{Sent: now, Received: now, Sender: "X", Text: "t", File: &statement.File{Ref: "r", Size: 3}}})
	d.Listen("7")
	data, err := d.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	got, err := interview.Open(data)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(d, got); diff != "" {
		t.Error(diff)
	}
	if d.Over(now.Add(interview.Lifetime-time.Second)) || !d.Over(now.Add(interview.Lifetime)) {
		t.Error("it does not end after a day")
	}
}

// FuzzTell: whatever is told, the answers stay within bounds.
func FuzzTell(f *testing.F) {
	find := finder(f)
	f.Add("4242 4242 4242 4242, Иван; +7 700 000 00 11\n21.11.2026", uint8(4))
	f.Add("\xff,\xd0,;;\n", uint8(8))
	f.Fuzz(func(t *testing.T, said string, n uint8) {
		d := begin()
		q := interview.Questions()[int(n)%interview.Total()]
		found := find.Find(said)
		d.Noted.Take(said, found)
		d.Tell(q, said, found)
		for _, q := range interview.Questions() {
			d.Accept(q)
			if told := d.Told(q); utf8.RuneCountInString(told) > 70_000 {
				t.Errorf("%s is %d letters", q, len(told))
			}
		}
		if _, err := d.Bytes(); err != nil {
			t.Error(err)
		}
		if len(d.Case.Marks) > 20 || len(d.Case.Banks) > 3 {
			t.Errorf("%d marks, %d banks", len(d.Case.Marks), len(d.Case.Banks))
		}
	})
}
