package kazakh

import (
	"testing"
	"unicode/utf8"
)

func TestKeyUnitesSpellings(t *testing.T) {
	tests := map[string][]string{
		"акша":        {"ақша", "акша", "aqsha", "aksha", "aqşa", "aqsha'"},
		"каржи":       {"қаржы", "каржы", "qarzhy", "qarjy", "karzhi"},
		"каспи":       {"каспи", "kaspi", "caspi"},
		"денги":       {"деньги", "dengi", "den'gi"},
		"аптасина":    {"аптасына", "aptasyna", "aptasina"},
		"оз":          {"өз", "оз", "öz", "óz", "oz"},
		"хабар":       {"хабар", "khabar", "xabar", "habar"},
		"гажап":       {"ғажап", "gajap", "ghazhap", "ğajap"},
		"коиу":        {"қою", "koyu", "qoıu"},
		"карточка":    {"карточка", "kartochka"},
		"тсифра":      {"цифра", "tsifra"},
		"шикан":       {"шыққан", "shyqqan", "şykkan"},
		"жан":         {"жаң", "jañ", "jań", "zhan"},
		"подезд":      {"подъезд", "подьезд"},
		"елка":        {"ёлка", "елка", "elka"},
		"+7 700 0011": {"+7 700 0011"},
	}
	for want, words := range tests {
		for _, w := range words {
			if got := Key(w); got != want {
				t.Errorf("Key(%q) = %q, want %q", w, got, want)
			}
		}
	}
}

func TestKeyKeepsWhatIsNoLetter(t *testing.T) {
	for in, want := range map[string]string{
		"":        "",
		"1100":    "1100",
		"5-ші":    "5-ши",
		"₸":       "₸",
		"你好":      "你好",
		"\xffа":   "\uFFFDа",
		"ана-ата": "ана-ата",
	} {
		if got := Key(in); got != want {
			t.Errorf("Key(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestAppendKeyKeepsTheDestination(t *testing.T) {
	if got := string(AppendKey([]byte("а"), "аш")); got != "ааш" {
		t.Errorf("AppendKey = %q, want the prefix untouched", got)
	}
}

func TestKeyDoesNotAllocateIntoARoomySlice(t *testing.T) {
	dst := make([]byte, 0, 64)
	if n := testing.AllocsPerRun(100, func() { dst = AppendKey(dst[:0], "аударыңыздаршы") }); n != 0 {
		t.Errorf("AppendKey allocates %v times", n)
	}
}

func FuzzKey(f *testing.F) {
	for _, s := range []string{"ақша", "shchyot", "s'h", "шыққан", "\xff\xfe", "12-ші", "ǵylym"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		k := Key(s)
		if !utf8.ValidString(k) {
			t.Errorf("Key(%q) = %q is not valid UTF-8", s, k)
		}
		if again := Key(k); again != k {
			t.Errorf("Key(%q) = %q, but its own key is %q", s, k, again)
		}
	})
}

func BenchmarkKey(b *testing.B) {
	dst := make([]byte, 0, 64)
	b.ReportAllocs()
	for b.Loop() {
		dst = AppendKey(dst[:0], "аударыңыздар")
	}
}
