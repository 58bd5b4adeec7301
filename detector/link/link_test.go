package link_test

import (
	"bufio"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/aldanba/aldanba/detector/link"
)

func load(t testing.TB) *link.Table {
	t.Helper()
	table, err := link.Load()
	if err != nil {
		t.Fatal(err)
	}
	return table
}

// rows reads the lines of a file of test data that are not comments.
func rows(t testing.TB, name string) []string {
	t.Helper()
	file, err := os.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	var lines []string
	for in := bufio.NewScanner(file); in.Scan(); {
		if line := in.Text(); line != "" && line[0] != '#' {
			lines = append(lines, line)
		}
	}
	return lines
}

func TestLookalikesAreNamedWithTheTrueDomain(t *testing.T) {
	table := load(t)
	for _, row := range rows(t, "testdata/lookalikes.tsv") {
		raw, official, ok := strings.Cut(row, "\t")
		if !ok {
			t.Fatalf("row %q has no official domain", row)
		}
		f := table.Inspect(raw)
		if f.Class != link.Lookalike || f.Official != official {
			t.Errorf("%s: %s of %q, want a look-alike of %s; facts %v", raw, f.Class, f.Official, official, f.Facts)
		}
		if f.Brand == "" || f.BrandKK == "" || f.Category == "" {
			t.Errorf("%s: owner %q/%q, category %q", raw, f.Brand, f.BrandKK, f.Category)
		}
		if f.Has(link.FactOfficial) || f.Has(link.FactUnknown) {
			t.Errorf("%s: facts %v", raw, f.Facts)
		}
	}
}

func TestHonestSitesAreNeverLookalikes(t *testing.T) {
	table := load(t)
	for _, raw := range rows(t, "testdata/innocent.txt") {
		for _, form := range []string{raw, "https://www." + raw + "/about/", "HTTP://" + strings.ToUpper(raw)} {
			if f := table.Inspect(form); f.Class == link.Lookalike {
				t.Errorf("%s: look-alike of %s; facts %v", form, f.Official, f.Facts)
			}
		}
	}
}

func TestOfficialIsTheExactDomainAndItsSubdomains(t *testing.T) {
	table := load(t)
	for raw, domain := range map[string]string{
		"kaspi.kz":                              "kaspi.kz",
		"https://guide.kaspi.kz/client/ru":      "kaspi.kz",
		"HTTPS://KASPI.KZ/":                     "kaspi.kz",
		"kaspi.kz.":                             "kaspi.kz",
		"(https://halykbank.kz/cards).":         "halykbank.kz",
		"hxxps://egov[.]kz/cms/ru":              "egov.kz",
		"https://kgd.gov.kz/ru":                 "kgd.gov.kz",
		"https://aisoip.adilet.gov.kz/":         "adilet.gov.kz",
		"https://almaty.gov.kz":                 "gov.kz",
		"gov.kz/memleket/entities/ardfm":        "gov.kz",
		"https://adilet.zan.kz/rus":             "adilet.zan.kz",
		"https://bilet.railways.kz/":            "bilet.railways.kz",
		"support.forte.bank":                    "forte.bank",
		"https://m.olx.kz/d/obyavlenie/dom.apk": "olx.kz",
		"google.com":                            "google.com",
		"https://login.microsoftonline.com":     "microsoftonline.com",
		"https://support.apple.com/ru-ru":       "apple.com",
		"https://user@kaspi.kz/":                "kaspi.kz",
		"https://kaspi.kz\\@evil.example":       "kaspi.kz",
	} {
		f := table.Inspect(raw)
		if f.Class != link.Official || f.Official != domain || !f.Has(link.FactOfficial) {
			t.Errorf("%s: %s %q %v, want official %s", raw, f.Class, f.Official, f.Facts, domain)
		}
		if f.Brand == "" || f.Confidence == "" {
			t.Errorf("%s: owner %q, confidence %q", raw, f.Brand, f.Confidence)
		}
	}
}

func TestPlacesWhereAnybodyWritesAreNeverOfficial(t *testing.T) {
	table := load(t)
	for raw, class := range map[string]link.Class{
		"https://t.me/kaspibank":                    link.Messenger,
		"https://wa.me/77000000001":                 link.Messenger,
		"https://www.instagram.com/kaspi.kz":        link.Social,
		"tiktok.com/@halyk":                         link.Social,
		"https://vk.com/egov":                       link.Social,
		"https://youtu.be/abc":                      link.Social,
		"https://forms.gle/AbCd":                    link.Hosting,
		"https://docs.google.com/forms/d/e/1FAIp":   link.Hosting,
		"https://sites.google.com/view/my-page":     link.Hosting,
		"https://storage.googleapis.com/x/a.html":   link.Hosting,
		"https://tortik.vercel.app":                 link.Hosting,
		"firebasestorage.googleapis.com/v0/b/x.apk": link.Hosting,
		"https://customervoice.microsoft.com/a":     link.Hosting,
		"https://x.website.yandexcloud.net":         link.Hosting,
		"https://random-words.trycloudflare.com/a":  link.Hosting,
		"https://cafe.duckdns.org":                  link.Hosting,
		"https://github.com/google/go-cmp":          link.Hosting,
		"https://bit.ly/3abc":                       link.Shortener,
		"clck.ru/355kt9":                            link.Shortener,
		"kaspi.kz@gmail.com":                        link.Unknown,
		"helper@google.com":                         link.Unknown,
	} {
		if f := table.Inspect(raw); f.Class != class {
			t.Errorf("%s: %s %v, want %s", raw, f.Class, f.Facts, class)
		}
	}
}

func TestFactsTellWhatALinkIsMadeOf(t *testing.T) {
	table := load(t)
	for _, c := range []struct {
		raw  string
		want []link.Fact
	}{
		{"http://example.kz", []link.Fact{link.FactHTTPOnly, link.FactUnknown}},
		{"https://example.kz:8443/", []link.Fact{link.FactOddPort}},
		{"https://info:pass@example.kz", []link.Fact{link.FactUserinfo}},
		{"https://kaspi.kz@example.top", []link.Fact{link.FactUserinfo, link.FactCheapTLD}},
		{"http://203.0.113.9/x", []link.Fact{link.FactIPHost}},
		{"203.0.113.9", []link.Fact{link.FactIPHost}},
		{"http://3405803785/", []link.Fact{link.FactIPHost}},
		{"http://0xCB007109/", []link.Fact{link.FactIPHost}},
		{"http://0313.0.0161.011/", []link.Fact{link.FactIPHost}},
		{"http://203.28937/", []link.Fact{link.FactIPHost}},
		{"http://[2001:db8::1]:8080/", []link.Fact{link.FactIPHost, link.FactOddPort}},
		{"kaspi.top", []link.Fact{link.FactOtherTLD, link.FactCheapTLD}},
		{"kaspi-bonus.kz", []link.Fact{link.FactBrandInName, link.FactBaitWords}},
		{"kaspi.example.kz", []link.Fact{link.FactBrandInSubdomain}},
		{"example.kz/kaspi/info", []link.Fact{link.FactBrandInPath, link.FactUnknown}},
		{"kasp1.kz", []link.Fact{link.FactLookalike}},
		{"kаspi.kz", []link.Fact{link.FactLookalike, link.FactMixedScript}},
		{"xn--80aswg.xn--p1ai", []link.Fact{link.FactPunycode, link.FactUnknown}},
		{"x.netlify.app", []link.Fact{link.FactFreeHosting}},
		{"x.ngrok-free.app", []link.Fact{link.FactTunnel}},
		{"x.ddns.net", []link.Fact{link.FactDynamicDNS}},
		{"bit.ly/a", []link.Fact{link.FactShortener}},
		{"example.kz/app/Photo.APK?v=2", []link.Fact{link.FactInstaller}},
		{"example.kz/get?file=foto.apk", []link.Fact{link.FactInstaller}},
		{"example.kz/podarok", []link.Fact{link.FactBaitWords}},
		{"example.kz/?url=https%3A%2F%2Fother.example%2Fa", []link.Fact{link.FactRedirect}},
		{"example.kz/?next=other-site.com", []link.Fact{link.FactRedirect}},
		{"tg://login?token=AAAA", []link.Fact{link.FactTelegram, link.FactDeviceLink}},
		{"tg:resolve?domain=x&start=1", []link.Fact{link.FactTelegram, link.FactBotStart}},
		{"https://t.me/+AbCd", []link.Fact{link.FactTelegram, link.FactInvite}},
		{"https://t.me/login/12345", []link.Fact{link.FactTelegram, link.FactDeviceLink}},
		{"t.me/some_bot?start=ref", []link.Fact{link.FactTelegram, link.FactBotStart}},
		{"https://wa.me/77000000001", []link.Fact{link.FactWaMe}},
		{"https://wa.me/settings/linked_devices#2@abc", []link.Fact{link.FactWaMe, link.FactDeviceLink}},
		{"https://chat.whatsapp.com/AbCd", []link.Fact{link.FactWaMe, link.FactInvite}},
		{"sgnl://linkdevice?uuid=1", []link.Fact{link.FactDeviceLink}},
	} {
		f := table.Inspect(c.raw)
		for _, fact := range c.want {
			if !f.Has(fact) {
				t.Errorf("%s: facts %v want %s", c.raw, f.Facts, fact)
			}
		}
	}
}

func TestAPathOfTheSameSiteIsNoRedirect(t *testing.T) {
	table := load(t)
	for _, raw := range []string{"example.kz/?next=/lk/index.html", "example.kz/?page=2", "https://example.kz/?url=https://www.example.kz/a", "kaspi.kz/?return=index.php",
		"kaspi.kz/amp/shop", "https://yandex.kz/turbo/index.html", "https://example.kz/go/https://example.kz/a"} {
		if f := table.Inspect(raw); f.Has(link.FactRedirect) {
			t.Errorf("%s: %v", raw, f.Facts)
		}
	}
}

func TestAnOfficialSiteDoesNotVouchForARedirect(t *testing.T) {
	table := load(t)
	for raw, class := range map[string]link.Class{
		"https://www.google.com/url?q=https://some-site.example/":        link.Unknown,
		"https://halykbank.kz/?redirect=https://kaspi-bonus.top/":        link.Lookalike,
		"https://www.google.com/url?q=https%3A%2F%2Fkaspi.kz%2Fpay":      link.Official,
		"https://www.google.com/url?q=https://bit.ly/x":                  link.Shortener,
		"https://translate.google.com/translate?u=some-site.example.com": link.Unknown,
		"https://www.google.com/amp/s/kaspi-bonus.top/login":             link.Lookalike,
		"https://yandex.ru/turbo/halyk-bank.top/s/pay":                   link.Lookalike,
		"https://kaspi.kz/go/https://some-site.example/":                 link.Unknown,
	} {
		if f := table.Inspect(raw); f.Class != class || !f.Has(link.FactRedirect) {
			t.Errorf("%s: %s %v, want %s", raw, f.Class, f.Facts, class)
		}
	}
}

func TestHostAndDomainAreInASCII(t *testing.T) {
	table := load(t)
	for raw, want := range map[string]string{
		"https://Guide.Kaspi.KZ:443/a":   "guide.kaspi.kz kaspi.kz",
		"https://каспи.рф":               "xn--80aqevj.xn--p1ai xn--80aqevj.xn--p1ai",
		"shop.example.co.uk":             "shop.example.co.uk example.co.uk",
		"a.b.github.io":                  "a.b.github.io b.github.io",
		"http://0x7f.1/":                 "127.0.0.1 127.0.0.1",
		"http://[::ffff:203.0.113.9]/":   "203.0.113.9 203.0.113.9",
		"///example.kz/x":                "example.kz example.kz",
		"https:/\\example.kz\\x":         "example.kz example.kz",
		"h\u200bttps://exa\u200bmple.kz": "example.kz example.kz",
		"«example.kz»,":                  "example.kz example.kz",
		"no link at all":                 " ",
		"":                               " ",
	} {
		f := table.Inspect(raw)
		if got := f.Host + " " + f.Domain; got != want {
			t.Errorf("%q: %q, want %q", raw, got, want)
		}
	}
}

func TestInspectTakesAnythingAndKeepsRaw(t *testing.T) {
	table := load(t)
	long := strings.Repeat("kaspi-", 20000)
	for _, raw := range []string{"", ".", "://", "http://", "@", "[::", "%%%", "\x00\xff", long, "https://" + long + ".kz", strings.Repeat("a.", 40000) + "kz",
		strings.Repeat("payvip", 12) + ".top", "https://x.kz/" + strings.Repeat("a/", 40000), "x.kz?" + strings.Repeat("url=a&", 20000)} {
		f := table.Inspect(raw)
		if f.Class == "" || f.Raw != raw {
			t.Errorf("%.20q: class %q", raw, f.Class)
		}
	}
}

func ExampleDefang() {
	fmt.Println(link.Defang("https://kaspi-bonus.top/pay?card=4242"))
	fmt.Println(link.Defang("https://kaspi.kz@example.top"))
	fmt.Println(link.Defang("tg://login?token=AAAA"))
	// Output:
	// kaspi-bonus[.]top/…
	// example[.]top
	// tg[:]//…
}
