package media_test

import (
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf16"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/tools/txtar"

	"github.com/aldanba/aldanba/bot"
	"github.com/aldanba/aldanba/bot/media"
)

// Each case is an archive of a file and of the text that is read from it, with
// a part named receipt where it is one. Cases are added without touching Go.
func TestCases(t *testing.T) {
	paths, err := filepath.Glob("../../testdata/media/cases/*.txtar")
	if err != nil || len(paths) == 0 {
		t.Fatalf("no cases: %v", err)
	}
	r := documents(t)
	for _, path := range paths {
		t.Run(strings.TrimSuffix(filepath.Base(path), ".txtar"), func(t *testing.T) {
			archive, err := txtar.ParseFile(path)
			if err != nil {
				t.Fatal(err)
			}
			file, want, receipt := archive.Files[0], "", false
			for _, f := range archive.Files[1:] {
				switch f.Name {
				case "text":
					want = strings.TrimSpace(string(f.Data))
				case "receipt":
					receipt = true
				}
			}
			for _, newline := range []string{"\n", "\r\n"} {
				got := read(r, bot.Document, file.Name, []byte(strings.ReplaceAll(string(file.Data), "\n", newline)))
				wantLines(t, got, want)
				wantGaps(t, got)
				if got.Receipt != receipt {
					t.Errorf("receipt %v, want %v", got.Receipt, receipt)
				}
			}
		})
	}
}

func TestEncodingsOfText(t *testing.T) {
	const russian, kazakh = "Переведите деньги на счёт № 5", "Ақшаңызды қауіпсіз шотқа аударыңыз, өтініш, ұғыну, һәм, Әлі"
	encoded := func(text string, m *charmap.Charmap) []byte {
		data, err := m.NewEncoder().Bytes([]byte(text))
		if err != nil {
			t.Fatal(err)
		}
		return data
	}
	wide := func(text string, mark, little bool) []byte {
		var data []byte
		units := utf16.Encode([]rune(text))
		if mark {
			units = append([]uint16{0xfeff}, units...)
		}
		for _, u := range units {
			if little {
				data = append(data, byte(u), byte(u>>8))
			} else {
				data = append(data, byte(u>>8), byte(u))
			}
		}
		return data
	}
	// KZ-1048 has the Kazakh letters where windows-1251 has those of other languages.
	onKZ := strings.NewReplacer("қ", "ќ", "ң", "ѕ", "і", "і", "ө", "ґ", "ұ", "ў", "ғ", "є", "һ", "ћ", "ә", "ј", "Ә", "Ј")
	for name, c := range map[string]struct {
		data []byte
		want string
	}{
		"utf-8":            {[]byte(kazakh), kazakh},
		"utf-8 marked":     {[]byte("\xef\xbb\xbf" + kazakh), kazakh},
		"utf-8 cut":        {[]byte(strings.Repeat(kazakh+" ", 5))[:451], ""},
		"windows-1251":     {encoded(russian, charmap.Windows1251), russian},
		"kz-1048":          {encoded(onKZ.Replace(kazakh), charmap.Windows1251), kazakh},
		"utf-16le marked":  {wide(kazakh, true, true), kazakh},
		"utf-16be marked":  {wide(kazakh, true, false), kazakh},
		"utf-16le":         {wide(russian, false, true), russian},
		"utf-16be":         {wide(russian, false, false), russian},
		"utf-16 odd bytes": {append(wide(russian, true, true), 0x41), russian},
	} {
		t.Run(name, func(t *testing.T) {
			got := read(documents(t), bot.Document, "note.txt", c.data)
			if c.want == "" {
				if !strings.HasPrefix(got.Text, kazakh) {
					t.Errorf("got %q", got.Text)
				}
				return
			}
			wantLines(t, got, c.want)
		})
	}
}

func TestOfLongChatsTheEndIsRead(t *testing.T) {
	r := newReader(t, media.Config{Tesseract: media.Off, Limits: media.Limits{Text: 2000}})
	var b strings.Builder
	for range 5000 {
		b.WriteString("12.03.2024, 14:05 - +7 700 000 00 11: Бұрынғы сөз\n12.03.2024, 14:05 - Асель: Иә\n")
	}
	b.WriteString("12.03.2024, 14:06 - +7 700 000 00 11: Кодты айтыңыз\n")
	got := read(r, bot.Document, "_chat.txt", []byte(b.String()))
	if !strings.HasSuffix(got.Text, "Кодты айтыңыз") || len(got.Text) > 2000 || strings.Contains(got.Text, "Иә") {
		t.Errorf("got %d bytes ending in %q", len(got.Text), got.Text[max(0, len(got.Text)-80):])
	}
}

func TestStampsOfEverySystem(t *testing.T) {
	r := documents(t)
	for _, stamp := range []string{
		"12.03.2024, 14:05 - ", "12.03.24, 14:05 - ", "12/03/2024, 14:05 - ", "3/12/24, 2:05 PM - ", "3/12/24, 2:05 pm - ",
		"12/03/2024, 2:05 p. m. - ", "2024-03-12, 14:05 - ", "2024/03/12, 14:05 - ", "12.03.2024 г., 14:05 - ", "12.03.2024 ж., 14:05 - ",
		"12.03.2024, 2:05 ТК - ", "12.03.2024 в 14:05 - ", "12-03-2024 14:05 - ", "12.03.2024, 14:05 – ",
		"[12.03.2024, 14:05:33] ", "[12.03.24, 14:05:33] ", "[3/12/24, 2:05:33 PM] ", "[12/03/2024, 14:05:33] ", "[2024-03-12, 14:05:33] ",
		"\u200e[12.03.2024, 14:05:33] ", "[12.03.2024, 2:05:33\u202fPM] ", "\ufeff[12.03.2024,\u00a014:05:33] ",
	} {
		text := stamp + "+7 700 000 00 11: Кодты айтыңыз\n" + stamp + "Асель: Неге?\n"
		got := read(r, bot.Document, "chat.txt", []byte(text))
		if got.Text != "Кодты айтыңыз" {
			t.Errorf("%q: %q", stamp, got.Text)
		}
	}
}

func TestTextsThatOnlyLookLikeSomethingElse(t *testing.T) {
	r := documents(t)
	for name, text := range map[string]string{
		"a date":    "Встреча 12.03.2024, 14:05 - приходите",
		"a subject": "Тема: перевод\nОт: банк\n\nПереведите деньги",
		"less than": "< 5 000 тенге",
		"a program": "MZ - это минимальная зарплата, 85 000 тенге, и она вырастет в новом году",
	} {
		t.Run(name, func(t *testing.T) {
			got := read(r, bot.Document, "a.txt", []byte(text))
			wantLines(t, got, strings.ReplaceAll(text, "\n\n", "\n"))
		})
	}
}
