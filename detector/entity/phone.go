package entity

import (
	"strconv"

	"github.com/nyaruka/phonenumbers"
)

// maxChecks bounds the calls to the phone library for one text, which cost
// microseconds each. Behind it the shape alone decides.
const maxChecks = 512

// findPhones claims numbers that the phone library holds for valid: with a
// plus or 00 and a country code, with 8 or 7 in front as in Kazakhstan and
// Russia, or the bare ten digits of Kazakhstan. Short service numbers are no
// phones.
func findPhones(v *view) {
	for i := 0; i < len(v.groups); i++ {
		if !v.free(i) {
			continue
		}
		j, p := v.phoneAt(i)
		if j < 0 {
			continue
		}
		start := v.groups[i].start
		for v.at(start-1) == '(' || v.at(start-1) == '+' || v.at(start-1) == ' ' && v.plusBefore(i) {
			start--
			if v.low[start] == '+' {
				break
			}
		}
		v.claim(v.phoneSpan(start, v.groups[j].end, p))
		i = j
	}
}

// phone is a number taken apart; its zero value is none.
type phone struct {
	code   int    // of the country
	rest   []byte // the digits behind it
	region string
}

func (v *view) phoneSpan(start, end int, p phone) span {
	from := len(v.out)
	v.out = append(v.out, '+')
	v.out = strconv.AppendInt(v.out, int64(p.code), 10)
	code := v.piece(from)
	v.out = append(v.out, p.rest...)
	value := v.piece(from)
	from = len(v.out)
	v.out = append(v.out, v.out[code.from:code.to]...)
	v.out = append(v.out, " ••• ••• •• ••"...)
	return span{kind: Phone, start: start, end: end, value: value, masked: v.piece(from), foreign: p.region != "KZ"}
}

// phoneAt returns the phone that starts with group i and its last group, -1
// where there is none.
func (v *view) phoneAt(i int) (last int, found phone) {
	plus := v.plusBefore(i)
	first := v.digits[v.groups[i].off]
	cued := false
	if !plus && first != '8' && first != '7' {
		if cued = v.cuesBefore(i, 4)&cuePhone != 0; !cued && !(first == '0' && v.window(i, i)[0] == '0') {
			return -1, phone{}
		}
	}
	last = -1
	total, real := 0, 0
	for j := i; j < len(v.groups) && v.free(j) && (j == i || v.groups[j].gap != apart && v.phoneGap(j)); j++ {
		total += v.groups[j].n
		real += v.groups[j].real
		if total > 17 {
			break
		}
		if total < 8 || total > 4*real || v.groups[j].date && v.groups[j].sep == ':' {
			continue
		}
		if p := v.readPhone(v.window(i, j), plus, cued); p.code != 0 {
			last, found = j, p
			if p.code == 7 {
				break
			}
		}
	}
	return last, found
}

// phoneGap reports whether what stands before group j may stand inside a phone.
func (v *view) phoneGap(j int) bool {
	for k := v.groups[j-1].end; k < v.groups[j].start; k++ {
		switch v.low[k] {
		case ',', ';', ':', '=', '"', '!', '?':
			return false
		}
	}
	return true
}

// readPhone reads the digits as a phone.
func (v *view) readPhone(d []byte, plus, cued bool) phone {
	switch n := len(d); {
	case plus:
		if d[0] == '7' {
			if n == 11 {
				// A plus and the right length is meant as a phone, whether the
				// prefix is in use or not: the caller's number may be invented.
				return phone{7, d[1:], v.seven(d[1:], "KZ")}
			}
			return phone{}
		}
		return v.international(d)
	case d[0] == '0' && n > 10 && d[1] == '0':
		if d[2] == '7' && n == 13 {
			return v.national(d[3:])
		}
		return v.international(d[2:])
	case n == 11 && (d[0] == '8' || d[0] == '7'):
		return v.national(d[1:])
	case n == 10 && (d[0] == '7' || d[0] == '9' && cued):
		return v.national(d)
	case cued && n >= 11 && n <= 13:
		return v.international(d)
	}
	return phone{}
}

// national reads the ten digits behind +7.
func (v *view) national(d []byte) phone {
	if region := v.seven(d, ""); region != "" {
		return phone{7, d, region}
	}
	return phone{}
}

// seven returns the region of ten digits behind +7, or otherwise where they
// belong to nobody. The free 8-800 lines serve both countries and count as
// Kazakhstan's.
func (v *view) seven(d []byte, otherwise string) string {
	if d[0] == '8' && d[1] == '0' && d[2] == '0' {
		return "KZ"
	}
	if mobile(number(d[:3])) {
		return "KZ"
	}
	if r := v.regionOf(7, d); r != "" {
		return r
	}
	if otherwise != "" && d[0] != '7' && d[0] != '6' {
		return "RU"
	}
	return otherwise
}

// mobile reports whether the three digits behind +7 are those of a Kazakh
// mobile network. The phone library says the same, dearer (a test compares).
func mobile(prefix int) bool {
	switch prefix {
	case 700, 701, 702, 705, 706, 707, 708, 747, 760, 761, 762, 763, 764, 771, 775, 776, 777, 778, 785:
		return true
	}
	return false
}

// international reads digits that start with a country code.
func (v *view) international(d []byte) phone {
	if len(d) < 8 || len(d) > 15 || d[0] == '0' {
		return phone{}
	}
	for n := 1; n <= 3; n++ {
		code := number(d[:n])
		if phonenumbers.GetRegionCodeForCountryCode(code) == "ZZ" {
			continue
		}
		if r := v.regionOf(code, d[n:]); r != "" {
			return phone{code, d[n:], r}
		}
		break
	}
	return phone{}
}

// regionOf asks the phone library for the region of a national number, empty
// where it is not valid.
func (v *view) regionOf(code int, d []byte) string {
	if v.checks++; v.checks > maxChecks {
		return phonenumbers.GetRegionCodeForCountryCode(code)
	}
	n, err := strconv.ParseUint(string(d), 10, 64)
	if err != nil {
		return ""
	}
	cc := int32(code)
	p := &phonenumbers.PhoneNumber{CountryCode: &cc, NationalNumber: &n}
	if d[0] == '0' {
		zero := true
		p.ItalianLeadingZero = &zero
	}
	if code == 7 && phonenumbers.IsValidNumberForRegion(p, "KZ") {
		return "KZ"
	}
	region := phonenumbers.GetRegionCodeForNumber(p)
	if region == "" || region == "ZZ" || !phonenumbers.IsValidNumberForRegion(p, region) {
		return ""
	}
	return region
}
