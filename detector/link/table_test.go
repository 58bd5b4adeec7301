package link_test

import (
	"fmt"
	"os"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/aldanba/aldanba/detector/link"
)

// tables copies the data files of the package, with one of them changed.
func tables(t testing.TB, name string, change func(string) string) fstest.MapFS {
	t.Helper()
	dir := fstest.MapFS{}
	for _, file := range []string{"official.toml", "brands.toml", "services.toml"} {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		text := string(data)
		if file == name {
			text = change(text)
		}
		dir[file] = &fstest.MapFile{Data: []byte(text)}
	}
	return dir
}

func TestAMistakeIsReportedWithFileAndLine(t *testing.T) {
	site := func(fields string) string { return "date = \"2026-11-23\"\nsite = [\n  { " + fields + " },\n]\n" }
	good := `domain = "a.kz", owner = "A", category = "bank", source = "s", confidence = "recall"`
	for _, c := range []struct{ why, file, text, want string }{
		{"syntax", "official.toml", "date = \"2026-11-23\"\nsite = [\n{", "official.toml:3:"},
		{"date", "official.toml", "\ndate = \"soon\"\n", "official.toml:2:"},
		{"unknown field", "official.toml", site(`domain = "a.kz", ownr = "A"`), "official.toml:3: unknown field"},
		{"bad domain", "official.toml", site(strings.Replace(good, "a.kz", "A.kz", 1)), "official.toml:3:"},
		{"no owner", "official.toml", site(strings.Replace(good, `"A"`, `""`, 1)), "official.toml:3:"},
		{"confidence", "official.toml", site(strings.Replace(good, "recall", "sure", 1)), "official.toml:3:"},
		{"twice", "official.toml", site(good + " },\n  # why\n  { " + good), "official.toml:5:"},
		{"no such owner", "brands.toml", "brand = [\n  { official = \"kaspi.kz\", words = [\"kaspi\"] },\n  { official = \"nobody.kz\", words = [\"nobody\"] },\n]", "brands.toml:3:"},
		{"no words", "brands.toml", "brand = [\n\n  { official = \"kaspi.kz\" },\n]", "brands.toml:3:"},
		{"same word twice", "brands.toml", "brand = [\n  { official = \"kaspi.kz\", words = [\"kaspi\"] },\n  { official = \"halykbank.kz\", exact = [\"kaspl\"] },\n]", "brands.toml:3:"},
		{"strange letter", "brands.toml", "brand = [\n  { official = \"kaspi.kz\", words = [\"каспи\", \"日本\"] },\n]", "brands.toml:2:"},
		{"bad host", "services.toml", "shorteners = [\n  \"bit.ly\",\n  \"https://x.ly\",\n]", "services.toml:3:"},
		{"host twice", "services.toml", "hosting = [\n  \"x.ly\",\n  \"x.ly\",\n]", "services.toml:3:"},
		{"upper case", "services.toml", "\ncheap_tlds = [\"top\",\n \"XYZ\"]", "services.toml:3:"},
		{"short word", "services.toml", "bait = [\n\"a\"]", "services.toml:2:"},
	} {
		_, err := link.LoadFS(tables(t, c.file, func(string) string { return c.text }))
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: error %v, want %q in it", c.why, err, c.want)
		}
	}
	if _, err := link.LoadFS(fstest.MapFS{}); err == nil {
		t.Error("a directory without tables loads")
	}
}

func TestAnAddedRowIsHonoured(t *testing.T) {
	dir := tables(t, "official.toml", func(s string) string {
		return strings.Replace(s, "site = [", "site = [\n  { domain = \"kaspi-holding.example\", owner = \"Kaspi\", category = \"bank\", source = \"test\", confidence = \"verified\" },", 1)
	})
	table, err := link.LoadFS(dir)
	if err != nil {
		t.Fatal(err)
	}
	if f := table.Inspect("www.kaspi-holding.example"); f.Class != link.Official || f.Confidence != "verified" {
		t.Errorf("%s %q", f.Class, f.Confidence)
	}
}

// double adds as many invented brands as the table has, each with its words.
func double(t testing.TB) *link.Table {
	t.Helper()
	var sites, brands strings.Builder
	for i := range 90 {
		name := fmt.Sprintf("%c%cnovrel%c%cmix", 'a'+i%26, 'b'+i/26, 'c'+i%7, 'd'+i%11)
		fmt.Fprintf(&sites, "  { domain = \"%s.kz\", owner = \"X\", category = \"bank\", source = \"test\", confidence = \"recall\" },\n", name)
		fmt.Fprintf(&brands, "  { official = \"%s.kz\", words = [\"%s\", \"x%sbank\", \"k%s\"], common = [\"%sshop\"] },\n", name, name, name, name, name)
	}
	dir := tables(t, "official.toml", func(s string) string { return strings.Replace(s, "site = [\n", "site = [\n"+sites.String(), 1) })
	old := string(dir["brands.toml"].Data)
	dir["brands.toml"].Data = []byte(strings.Replace(old, "brand = [\n", "brand = [\n"+brands.String(), 1))
	table, err := link.LoadFS(dir)
	if err != nil {
		t.Fatal(err)
	}
	return table
}

func TestInspectAllocatesLittle(t *testing.T) {
	table := load(t)
	for raw, limit := range map[string]float64{
		"https://almaty-remont.kz/uslugi/vannaya-komnata": 3,
		"https://guide.kaspi.kz/client/ru":                3,
		"kaspi-bonus.top":                                 5,
	} {
		if n := testing.AllocsPerRun(100, func() { table.Inspect(raw) }); n > limit {
			t.Errorf("%s: %v allocations, at most %v wanted", raw, n, limit)
		}
	}
}

func BenchmarkInspect(b *testing.B) {
	for _, size := range []struct {
		name  string
		table *link.Table
	}{{"table", load(b)}, {"doubled", double(b)}} {
		for _, c := range []struct{ name, raw string }{
			{"official", "https://guide.kaspi.kz/client/ru"},
			{"lookalike", "https://kaspi-bonus.top/pay"},
			{"misspelt", "https://kasppi.kz/"},
			{"unknown", "https://almaty-remont.kz/uslugi/vannaya-komnata?utm_source=wa"},
			{"article", "https://www.example-news.com/2026/11/23/economy/bank-rate-decision-in-almaty.html"},
			{"messenger", "https://t.me/+AbCdEf"},
			{"cyrillic", "https://каспи-бонус.рф/вход"},
		} {
			b.Run(size.name+"/"+c.name, func(b *testing.B) {
				b.ReportAllocs()
				for b.Loop() {
					size.table.Inspect(c.raw)
				}
			})
		}
	}
}

func BenchmarkInspectHostile64KiB(b *testing.B) {
	table := load(b)
	for name, raw := range map[string]string{
		"labels":  "https://" + strings.Repeat("pay-vip.", 8<<10) + "kz",
		"path":    "https://example.kz/" + strings.Repeat("kasppi-", 9<<10),
		"query":   "https://example.kz/?" + strings.Repeat("url=x&", 10<<10),
		"percent": "https://" + strings.Repeat("%61", 21<<10),
		"at":      "https://" + strings.Repeat("@", 64<<10),
		"dots":    strings.Repeat("(.)", 21<<10),
	} {
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(raw)))
			for b.Loop() {
				table.Inspect(raw)
			}
		})
	}
}

func BenchmarkLoad(b *testing.B) {
	for b.Loop() {
		if _, err := link.Load(); err != nil {
			b.Fatal(err)
		}
	}
}
