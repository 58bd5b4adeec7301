// Package entity finds the identifiers in a message: bank cards, accounts,
// personal numbers, phones, one-time codes, sums of money, links and their kin.
// It validates what can be validated, says how to show it without giving it
// away, and redacts text that leaves the process.
//
// The text is hostile. It is folded once into a view (digits of any script
// become ASCII digits, invisible characters disappear, look-alike dots and
// dashes become plain ones) in which every rune remembers the bytes it came
// from. The finders of the single kinds run over that view in the order of
// their priority; what one has claimed the next ones leave alone. All of them
// are linear in the length of the text.
package entity

import (
	"slices"
	"sync"
)

// Kind names what sort of identifier an entity is.
type Kind string

// The kinds. An IIN (of a person) and a BIN (of an organisation) share layout
// and checksum and cannot be told apart with certainty, so both are IIN.
const (
	Card       Kind = "card"
	CVV        Kind = "cvv"
	Expiry     Kind = "expiry"
	IBAN       Kind = "iban"
	IIN        Kind = "iin"
	Phone      Kind = "phone"
	Code       Kind = "code"
	Amount     Kind = "amount"
	Link       Kind = "link"
	Email      Kind = "email"
	Telegram   Kind = "telegram"
	WhatsApp   Kind = "whatsapp"
	Wallet     Kind = "wallet"
	RemoteID   Kind = "remote_id"
	Forwarding Kind = "forwarding"
	Installer  Kind = "installer"
)

// Kinds gives every kind.
func Kinds() []Kind {
	return []Kind{Card, CVV, Expiry, IBAN, IIN, Phone, Code, Amount, Link, Email, Telegram, WhatsApp, Wallet, RemoteID, Forwarding, Installer}
}

// maxEntities bounds what Find reports. Redact has no such bound.
const maxEntities = 256

// Entity is one identifier found in a text.
type Entity struct {
	Kind       Kind
	Start, End int    // byte span in the text given to Find
	Value      string // normalised; secret, for use in memory only
	Masked     string // fit to be shown to the person who sent the message
	Foreign    bool   // a phone outside Kazakhstan
	Adds       bool   // an amount that goes on with the one before it: the "200 тыс" of "1 млн 200 тыс"
	Bank       string // brand of the bank that keeps an IBAN, empty where unknown
}

// Finder finds and redacts entities. It is safe for concurrent use.
type Finder struct {
	banks map[string]string
	cues  *cueTable
	names nameTable
	views sync.Pool
}

// New returns a Finder. The error tells of a damaged embedded table.
func New() (*Finder, error) {
	banks, err := loadBanks()
	if err != nil {
		return nil, err
	}
	names, err := loadNames()
	if err != nil {
		return nil, err
	}
	return &Finder{banks: banks, cues: newCueTable(), names: names}, nil
}

// Find returns the entities of s, sorted by Start and not overlapping; at most
// 256 of them, the first ones.
func (f *Finder) Find(s string) []Entity {
	if !hasTrigger(s) {
		return nil
	}
	v := f.view(s)
	defer f.release(v)
	f.scan(v, false)
	if len(v.spans) == 0 {
		return nil
	}
	slices.SortFunc(v.spans, func(a, b span) int { return a.start - b.start })
	spans := v.spans
	if len(spans) > maxEntities {
		spans = spans[:maxEntities]
	}
	out := make([]Entity, len(spans))
	written := string(v.out)
	for i, sp := range spans {
		out[i] = Entity{
			Kind: sp.kind, Start: int(v.pos[sp.start]), End: int(v.end[sp.end-1]),
			Value: written[sp.value.from:sp.value.to], Masked: written[sp.masked.from:sp.masked.to], Foreign: sp.foreign, Adds: sp.adds, Bank: sp.bank,
		}
	}
	return out
}

// span is an entity in view coordinates, half-open.
type span struct {
	kind         Kind
	start, end   int
	host, hostTo int // of a link: the runes of its host, in view coordinates
	value        piece
	masked       piece
	bank         string
	foreign      bool
	adds         bool
	suspect      bool // failed its check; masked by Redact, never reported
}

// scan runs every finder over the view, the kinds of higher priority first.
// With closed set it also claims what looks like an identifier and fails the
// check, which is what Redact wants and Find must not report.
func (f *Finder) scan(v *view, closed bool) {
	findForwarding(v)
	findSchemeLinks(v)
	f.findIBANs(v, closed)
	findHandles(v)
	findHosts(v)
	findWallets(v)
	v.group()
	if len(v.groups) == 0 {
		return
	}
	markDates(v)
	findCards(v)
	if closed {
		claimScattered(v)
	}
	findSums(v)
	findCardSides(v, closed)
	findIINs(v)
	findRemoteIDs(v)
	findPhones(v)
	if closed {
		claimPasswords(v)
	}
	findCodes(v, closed)
	findRoundSums(v)
}

func (f *Finder) view(s string) *view {
	v, ok := f.views.Get().(*view)
	if !ok {
		v = &view{cues: f.cues}
	}
	v.fold(s)
	return v
}

func (f *Finder) release(v *view) {
	if cap(v.low) > maxPooled {
		return
	}
	v.reset()
	f.views.Put(v)
}

// maxPooled is the size in runes above which a view is left to the collector.
const maxPooled = 1 << 17
