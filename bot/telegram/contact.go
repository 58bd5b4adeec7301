package telegram

import (
	"strings"

	"github.com/go-telegram/bot/models"
)

// contact reads a shared contact: the name under which it is shown, the number,
// and what its card tells.
func (r *reading) contact(c *models.Contact) {
	name := strings.TrimSpace(c.FirstName + " " + c.LastName)
	r.add(name)
	if phone := c.PhoneNumber; phone != "" {
		// Telegram leaves the plus out of international numbers.
		if len(phone) == 11 && phone[0] == '7' {
			phone = "+" + phone
		}
		r.add(phone)
	}
	for _, line := range cardLines(c.VCard) {
		if line != name {
			r.add(line)
		}
	}
}

// cardProperties are the properties of a vCard (RFC 6350) that a person reads.
var cardProperties = map[string]bool{
	"FN": true, "NICKNAME": true, "TEL": true, "EMAIL": true, "URL": true,
	"ORG": true, "TITLE": true, "ROLE": true, "NOTE": true, "ADR": true, "IMPP": true,
}

// cardLines gives what a person reads of a vCard. Telegram sends at most 2 KiB
// of it, unencoded.
func cardLines(card string) []string {
	card = strings.ReplaceAll(card, "\r\n", "\n")
	card = strings.NewReplacer("\n ", "", "\n\t", "").Replace(card) // lines are folded at 75 bytes
	var lines []string
	for line := range strings.Lines(card) {
		property, value, ok := strings.Cut(line, ":")
		if !ok || len(lines) == maxParts {
			continue
		}
		name, _, _ := strings.Cut(property, ";")
		if _, grouped, ok := strings.Cut(name, "."); ok { // "item1.TEL"
			name = grouped
		}
		if !cardProperties[strings.ToUpper(name)] {
			continue
		}
		value = cardEscapes.Replace(strings.TrimSpace(value))
		lines = append(lines, strings.Join(strings.FieldsFunc(value, func(r rune) bool { return r == ';' }), " "))
	}
	return lines
}

// cardEscapes undoes the escapes of values in a vCard.
var cardEscapes = strings.NewReplacer(`\n`, "\n", `\N`, "\n", `\,`, ",", `\;`, ";", `\\`, `\`)
