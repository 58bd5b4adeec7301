package entity

import (
	_ "embed"
	"fmt"
	"strings"
)

//go:embed banks.tsv
var banksTSV string

func loadBanks() (map[string]string, error) {
	banks := make(map[string]string, 40)
	for n, line := range strings.Split(banksTSV, "\n") {
		if line == "" || line[0] == '#' {
			continue
		}
		code, brand, ok := strings.Cut(line, "\t")
		if !ok || len(code) != 3 || brand == "" {
			return nil, fmt.Errorf("entity: banks.tsv:%d: want CODE<TAB>BRAND, got %q", n+1, line)
		}
		banks[code] = brand
	}
	return banks, nil
}

// ibanLen is the length of a Kazakh IBAN: KZ, two check digits, three digits
// of the bank, thirteen characters of the account.
const ibanLen = 20

// findIBANs claims Kazakh IBANs that pass mod 97. The letters may be small,
// Cyrillic, or misread (K7, КЗ, O for 0). With closed set it also claims what
// has the shape and fails the check.
func (f *Finder) findIBANs(v *view, closed bool) {
	for i := 0; i+ibanLen <= len(v.low); i++ {
		if r := v.low[i]; r != 'k' && r != 'к' && r != 'қ' {
			continue
		}
		var raw [ibanLen]rune
		end, ok := v.ibanRunes(i, &raw)
		if !ok {
			continue
		}
		if num, ok := readIBAN(&raw); ok && !isDigit(v.at(end)) {
			from := len(v.out)
			v.out = append(v.out, "KZ•• … "...)
			v.out = append(v.out, num[16:]...)
			v.claim(span{kind: IBAN, start: i, end: end, masked: v.piece(from), value: v.writeDigits(num[:]), bank: f.banks[string(num[4:7])]})
		} else if r := v.at(i + 1); closed && (r == 'z' || r == 'з') {
			digits := 0
			for _, r := range raw {
				if isDigit(r) {
					digits++
				}
			}
			if digits >= 10 {
				for isASCIIAlnum(v.at(end)) {
					end++
				}
				v.claim(span{kind: IBAN, start: i, end: end, suspect: true})
			}
		}
	}
}

// ibanRunes collects the 20 characters from i on, through up to three
// separators in a row, and returns where they end.
func (v *view) ibanRunes(i int, raw *[ibanLen]rune) (end int, ok bool) {
	n, gap := 0, 0
	for ; i < len(v.low) && !v.used[i]; i++ {
		r := v.cased[i]
		if !isAlnum(r) {
			if gap++; gap > 3 || r == barrier {
				return 0, false
			}
			continue
		}
		gap = 0
		switch {
		case n == 1 && r != 'z' && r != 'Z' && r != 'з' && r != 'З' && r != '3' && r != '7' && r != '2',
			n > 1 && n < 7 && !isDigit(r) && lookalike(r) == 0:
			return 0, false
		}
		raw[n] = r
		if n++; n == ibanLen {
			return i + 1, true
		}
	}
	return 0, false
}

// readIBAN returns the IBAN that the characters stand for. Letters of the
// account that look like digits are tried both ways, all of them at once.
func readIBAN(raw *[ibanLen]rune) ([ibanLen]byte, bool) {
	var asLetters, asDigits [ibanLen]byte
	for i, r := range raw {
		switch {
		case i == 0:
			asLetters[i], asDigits[i] = 'K', 'K'
			continue
		case i == 1:
			asLetters[i], asDigits[i] = 'Z', 'Z'
			continue
		case isDigit(r):
			asLetters[i], asDigits[i] = byte(r), byte(r)
			continue
		}
		alike := lookalike(r)
		letter := latinCapital(r)
		if i < 7 || letter == 0 {
			letter = alike
		}
		if letter == 0 {
			return asLetters, false
		}
		asLetters[i], asDigits[i] = byte(letter), byte(letter)
		if alike != 0 {
			asDigits[i] = byte(alike)
		}
	}
	if mod97(&asLetters) {
		return asLetters, true
	}
	return asDigits, mod97(&asDigits)
}

// mod97 checks an IBAN (ISO 13616: the first four characters moved to the end,
// letters as 10 to 35, the remainder by 97 is 1).
func mod97(iban *[ibanLen]byte) bool {
	m := 0
	for i := range iban {
		c := iban[(i+4)%ibanLen]
		if c <= '9' {
			m = (m*10 + int(c-'0')) % 97
		} else {
			m = (m*100 + int(c-'A') + 10) % 97
		}
	}
	return m == 1
}

// latinCapital returns the Latin capital that r is or looks like, or 0.
func latinCapital(r rune) rune {
	switch {
	case r >= 'A' && r <= 'Z':
		return r
	case r >= 'a' && r <= 'z':
		return r - 'a' + 'A'
	}
	if r < 0x400 || r >= 0x460 {
		return 0
	}
	const cyrillic, latin = "АВЕКМНОРСТУХавекмнорстух", "ABEKMHOPCTYXABEKMHOPCTYX"
	i := 0
	for _, c := range cyrillic {
		if c == r {
			return rune(latin[i])
		}
		i++
	}
	return 0
}
