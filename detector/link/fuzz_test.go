package link_test

import (
	"strings"
	"testing"

	"github.com/aldanba/aldanba/detector/link"
)

var seeds = []string{
	"", "kaspi.kz", "https://kaspi-bonus.top/pay?x=1#y", "hxxps://kaspi[.]kz", "каспи-бонус.рф/вход", "xn--80aqevj.xn--p1ai", "xn--a.kz", "kаspi。kz",
	"http://[2001:db8::1]:80/", "http://0x7f.1", "https://a:b@c@d.kz:99999", "tg://login?token=x", "wa.me/settings/linked_devices", "foo[:]//bar", "a[.]b[:]8080/…",
	"...", "://", "[::", "%2e%2e", "(dot)", "[tg]:[//]x", "https:kaspi.kz", "\\\\x.kz", "mailto:a@b.kz", "kaspi.kz/?url=//evil.top", "https://kaspi.kz\\@evil.top", "x.kz/a.apk",
}

func FuzzInspect(f *testing.F) {
	table := load(f)
	for _, seed := range seeds {
		f.Add(seed)
	}
	classes := map[link.Class]bool{link.Official: true, link.Lookalike: true, link.Shortener: true, link.Messenger: true, link.Social: true, link.Hosting: true, link.Unknown: true}
	f.Fuzz(func(t *testing.T, raw string) {
		got := table.Inspect(raw)
		switch {
		case !classes[got.Class]:
			t.Fatalf("%q: class %q", raw, got.Class)
		case got.Raw != raw:
			t.Fatalf("%q: raw %q", raw, got.Raw)
		case !strings.HasSuffix(got.Host, got.Domain):
			t.Fatalf("%q: domain %q is no end of host %q", raw, got.Domain, got.Host)
		case got.Class == link.Official && got.Host != got.Official && !strings.HasSuffix(got.Host, "."+got.Official):
			t.Fatalf("%q: host %q passes for %q", raw, got.Host, got.Official)
		case got.Class == link.Lookalike && got.Official == "":
			t.Fatalf("%q: imitates nobody", raw)
		}
		seen := map[link.Fact]bool{}
		for _, fact := range got.Facts {
			if seen[fact] {
				t.Fatalf("%q: fact %s twice", raw, fact)
			}
			seen[fact] = true
		}
	})
}

func FuzzDefang(f *testing.F) {
	for _, seed := range seeds {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, raw string) {
		shown := link.Defang(raw)
		if again := link.Defang(shown); again != shown {
			t.Fatalf("%q: %q, then %q", raw, shown, again)
		}
		if strings.Contains(shown, "://") || strings.Contains(strings.ReplaceAll(shown, "[.]", ""), ".") {
			t.Fatalf("%q: %q can be clicked", raw, shown)
		}
		if shown == "" || len(shown) > 600 {
			t.Fatalf("%q: %d bytes", raw, len(shown))
		}
	})
}
