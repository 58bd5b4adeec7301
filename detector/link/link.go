// Package link tells what one web address is made of and whom it imitates,
// without ever opening it.
//
// A site is official only when its registrable domain stands in the embedded
// table; everything that merely resembles a name of that table is a look-alike;
// everything else stays unknown. Unknown is never a promise of safety.
package link

// Class says what sort of address a link is. Exactly one fits.
type Class string

const (
	Official  Class = "official"  // the owner's own domain
	Lookalike Class = "lookalike" // a foreign domain that borrows a known name
	Shortener Class = "shortener" // hides where it leads
	Messenger Class = "messenger" // a chat, group, bot or login of a messenger
	Social    Class = "social"    // a page of a social network: anybody writes there
	Hosting   Class = "hosting"   // free hosting, a form, a tunnel: anybody puts up a page
	Unknown   Class = "unknown"   // a site that the table does not know, or no address at all
)

// Fact is one observation about a link; several can hold at once.
type Fact string

const (
	FactLookalike        Fact = "lookalike"          // a name is misspelt or disguised with similar letters
	FactBrandInName      Fact = "brand_in_name"      // a foreign domain carries a known name
	FactBrandInSubdomain Fact = "brand_in_subdomain" // a known name stands left of a foreign domain
	FactBrandInPath      Fact = "brand_in_path"      // a known name stands behind a foreign domain: weak
	FactOtherTLD         Fact = "other_tld"          // a known name alone under another ending
	FactPunycode         Fact = "punycode"           // the host is written as xn--…
	FactMixedScript      Fact = "mixed_script"       // one label mixes alphabets
	FactIPHost           Fact = "ip_host"            // a number instead of a name
	FactUserinfo         Fact = "userinfo"           // text before "@" poses as the host
	FactOddPort          Fact = "odd_port"           // a port other than 80 and 443
	FactShortener        Fact = "shortener"
	FactFreeHosting      Fact = "free_hosting"
	FactTunnel           Fact = "tunnel"
	FactDynamicDNS       Fact = "dynamic_dns"
	FactRedirect         Fact = "redirect"    // a query field leads to another site
	FactInstaller        Fact = "installer"   // the address of a file that installs a program
	FactWaMe             Fact = "wa_me"       // a WhatsApp chat or group
	FactTelegram         Fact = "telegram"    // anything inside Telegram
	FactInvite           Fact = "invite"      // an invitation to a closed group
	FactBotStart         Fact = "bot_start"   // starts a bot
	FactDeviceLink       Fact = "device_link" // signs somebody else's device in to the account
	FactCheapTLD         Fact = "cheap_tld"
	FactBaitWords        Fact = "bait_words"
	FactHTTPOnly         Fact = "http_only"
	FactOfficial         Fact = "official"
	FactUnknown          Fact = "unknown"
)

// Classes gives every class.
func Classes() []Class {
	return []Class{Official, Lookalike, Shortener, Messenger, Social, Hosting, Unknown}
}

// Facts gives every fact.
func Facts() []Fact {
	return []Fact{
		FactLookalike, FactBrandInName, FactBrandInSubdomain, FactBrandInPath, FactOtherTLD, FactPunycode,
		FactMixedScript, FactIPHost, FactUserinfo, FactOddPort, FactShortener, FactFreeHosting, FactTunnel,
		FactDynamicDNS, FactRedirect, FactInstaller, FactWaMe, FactTelegram, FactInvite, FactBotStart,
		FactDeviceLink, FactCheapTLD, FactBaitWords, FactHTTPOnly, FactOfficial, FactUnknown,
	}
}

// Finding is what Inspect knows about one link.
type Finding struct {
	Raw    string // the link as it was given
	Host   string // host in lower-case ASCII (punycode), "" where there is none
	Domain string // registrable domain of Host; Host itself for an IP address
	Class  Class

	Brand      string // Russian name of the owner: real for Official, imitated for Lookalike
	BrandKK    string // the same in Kazakh
	Category   string // sort of that owner: "bank", "government", "delivery", …
	Official   string // the true domain of that owner
	Confidence string // how sure the table is of it: "verified", "secondary", "recall"

	Facts []Fact // without repetition, in no promised order
}

// Has reports whether the fact was observed.
func (f *Finding) Has(fact Fact) bool {
	for _, have := range f.Facts {
		if have == fact {
			return true
		}
	}
	return false
}

func (f *Finding) add(fact Fact) {
	if !f.Has(fact) {
		f.Facts = append(f.Facts, fact)
	}
}

func (f *Finding) owner(s *site) {
	f.Brand, f.BrandKK, f.Category = s.Owner, s.OwnerKK, s.Category
	f.Official, f.Confidence = s.Domain, s.Confidence
}

// Inspect takes a link apart. raw may lack a scheme, be defanged, carry stray
// punctuation, hostile letters or be no link at all: the answer always has a
// Class. Nothing is opened or resolved. Work is linear in the length of raw,
// of which the first 64 KiB are read.
func (t *Table) Inspect(raw string) Finding {
	p := split(raw)
	f := t.inspect(p, true)
	f.Raw = raw
	return f
}

// inspect judges the parts of a link; follow allows one look at the target of
// a redirect parameter.
func (t *Table) inspect(p parts, follow bool) Finding {
	f := Finding{Class: Unknown, Facts: make([]Fact, 0, 6)}
	if t.appLink(p, &f) {
		return f
	}
	h := parseHost(p)
	f.Host, f.Domain = h.ascii, h.domain
	if h.ascii == "" {
		f.add(FactUnknown)
		return f
	}
	t.shape(p, h, &f)
	t.judgeHost(p, h, &f)
	t.messenger(p, h, &f)
	if t.hasInstaller(p) {
		f.add(FactInstaller)
	}
	if follow {
		t.followRedirect(p, h, &f)
	}
	switch f.Class {
	case Official:
		f.add(FactOfficial)
	case Unknown:
		f.add(FactUnknown)
	}
	return f
}

// shape records what the address looks like, whoever owns it.
func (t *Table) shape(p parts, h host, f *Finding) {
	if p.scheme == "http" {
		f.add(FactHTTPOnly)
	}
	if h.punycode {
		f.add(FactPunycode)
	}
	if h.ip {
		f.add(FactIPHost)
	}
	if p.port != "" && p.port != "80" && p.port != "443" {
		f.add(FactOddPort)
	}
	if p.user != "" && (p.schemed || looksLikeHost(p.user)) {
		f.add(FactUserinfo)
	}
}

// judgeHost finds the class of the host: the most specific row that covers it
// decides, and only a host that no row covers is compared with known names.
func (t *Table) judgeHost(p parts, h host, f *Finding) {
	if h.ip {
		var s scan
		t.scanUser(p.user, &s)
		t.weigh(&s, h, false, true, f)
		t.matchPath(p, f, true)
		return
	}
	row, covered := t.covering(h.ascii)
	switch {
	case row.site != nil && row.site.Category == "messenger":
		f.Class = Messenger
	case row.site != nil && row.site.Category == "social":
		f.Class = Social
	case row.site != nil && p.user != "" && !p.schemed:
		return // a mailbox: its host says nothing about who writes from it
	case row.site != nil:
		f.Class = Official
		f.owner(row.site)
		return
	case row.service == FactShortener:
		f.Class = Shortener
		f.add(FactShortener)
		return
	case row.service != "":
		f.Class = Hosting
		f.add(row.service)
	}
	if row.site != nil {
		t.matchPath(p, f, false)
		return
	}
	t.matchHost(p, h, covered, f)
}

// followRedirect looks at the place that a query field leads to. An official
// site that sends people elsewhere does not vouch for what they find there.
func (t *Table) followRedirect(p parts, h host, f *Finding) {
	target, ok := t.redirectTarget(p)
	if !ok {
		return
	}
	to := t.inspect(target, false)
	if to.Host == "" || to.Domain == h.domain {
		return
	}
	f.add(FactRedirect)
	switch {
	case to.Class == Lookalike:
		f.Class = Lookalike
		f.Brand, f.BrandKK, f.Category = to.Brand, to.BrandKK, to.Category
		f.Official, f.Confidence = to.Official, to.Confidence
	case f.Class == Official && to.Class != Official:
		f.Class = to.Class
		f.Brand, f.BrandKK, f.Category, f.Official, f.Confidence = "", "", "", "", ""
	}
	for _, fact := range to.Facts {
		if fact != FactOfficial && fact != FactUnknown {
			f.add(fact)
		}
	}
}
