package link

import (
	"fmt"
	"io/fs"
	"strings"
)

type serviceLists struct {
	Shorteners []string `toml:"shorteners"`
	Hosting    []string `toml:"hosting"`
	Tunnels    []string `toml:"tunnels"`
	DynamicDNS []string `toml:"dynamic_dns"`
	CheapTLDs  []string `toml:"cheap_tlds"`
	Bait       []string `toml:"bait"`
	Affixes    []string `toml:"affixes"`
	Country    []string `toml:"country"`
	Bank       []string `toml:"bank"`
	Installers []string `toml:"installers"`
	Redirects  []string `toml:"redirects"`
}

func (t *Table) loadServices(dir fs.FS) error {
	var data serviceLists
	src, err := readTOML(dir, "services.toml", &data)
	if err != nil {
		return err
	}
	hosts := func(fact Fact) func(string) error {
		return func(s string) error { return t.putService(s, fact) }
	}
	words := func(sorts sort) func(string) error {
		return func(s string) error { return t.putWord(s, sorts, -1) }
	}
	set := func(m map[string]struct{}) func(string) error {
		return func(s string) error { return putOnce(m, s) }
	}
	for _, list := range []struct {
		key   string
		items []string
		put   func(string) error
	}{
		{"shorteners", data.Shorteners, hosts(FactShortener)},
		{"hosting", data.Hosting, hosts(FactFreeHosting)},
		{"tunnels", data.Tunnels, hosts(FactTunnel)},
		{"dynamic_dns", data.DynamicDNS, hosts(FactDynamicDNS)},
		{"cheap_tlds", data.CheapTLDs, set(t.cheap)},
		{"bait", data.Bait, words(bait)},
		{"affixes", data.Affixes, words(affix)},
		{"country", data.Country, words(country)},
		{"bank", data.Bank, words(bankWord)},
		{"installers", data.Installers, set(t.installers)},
		{"redirects", data.Redirects, set(t.redirects)},
	} {
		for i, item := range list.items {
			if err := list.put(item); err != nil {
				return src.mistake(list.key, i, err)
			}
		}
	}
	return nil
}

func (t *Table) putService(domain string, fact Fact) error {
	if !validDomain(domain) {
		return fmt.Errorf("host %q is not a lower-case domain", domain)
	}
	if _, twice := t.covers[domain]; twice {
		return fmt.Errorf("host %q stands twice", domain)
	}
	t.covers[domain] = cover{service: fact}
	return nil
}

func putOnce(m map[string]struct{}, s string) error {
	if s == "" || strings.ToLower(s) != s {
		return fmt.Errorf("word %q is not in lower case", s)
	}
	if _, twice := m[s]; twice {
		return fmt.Errorf("word %q stands twice", s)
	}
	m[s] = struct{}{}
	return nil
}

// maxLabels is how many labels of a host are looked at, counted from the right.
const maxLabels = 8

// covering finds the most specific row that the host or one of its parents is
// in, and the domain of that row.
func (t *Table) covering(host string) (cover, string) {
	for name := lastLabels(host, maxLabels); ; {
		if row, ok := t.covers[name]; ok {
			return row, name
		}
		i := strings.IndexByte(name, '.')
		if i < 0 {
			return cover{}, ""
		}
		name = name[i+1:]
	}
}

func lastLabels(host string, n int) string {
	for i := len(host) - 1; i >= 0; i-- {
		if host[i] == '.' {
			if n--; n == 0 {
				return host[i+1:]
			}
		}
	}
	return host
}
