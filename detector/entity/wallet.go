package entity

import (
	"bytes"
	"crypto/sha256"
	"strings"
)

// findWallets claims addresses of Bitcoin (base58 and bech32), Tron and
// Ethereum. The first three carry a checksum, which must hold.
func findWallets(v *view) {
	for i := 0; i < len(v.low); {
		if v.used[i] || !isASCIIAlnum(v.low[i]) {
			i++
			continue
		}
		j := i
		for j < len(v.low) && !v.used[j] && isASCIIAlnum(v.low[j]) {
			j++
		}
		if n := j - i; n >= 26 && n <= 62 {
			if s := string(v.cased[i:j]); isWallet(s) {
				v.claim(span{kind: Wallet, start: i, end: j, value: v.write(s), masked: v.write(s[:2] + "…")})
			}
		}
		i = j
	}
}

func isWallet(s string) bool {
	low := strings.ToLower(s)
	switch {
	case strings.HasPrefix(low, "0x"):
		return len(s) == 42 && strings.Trim(low[2:], "0123456789abcdef") == ""
	case strings.HasPrefix(low, "bc1"):
		return (s == low || s == strings.ToUpper(s)) && bech32(low)
	case s[0] == 'T':
		return len(s) == 34 && base58check(s, 0x41)
	case s[0] == '1':
		return len(s) <= 34 && base58check(s, 0x00)
	case s[0] == '3':
		return len(s) <= 35 && base58check(s, 0x05)
	}
	return false
}

const base58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"

// base58check reports whether s is 21 bytes that start with version, followed
// by the first four bytes of their double SHA-256.
func base58check(s string, version byte) bool {
	var b [25]byte
	for i := 0; i < len(s); i++ {
		carry := strings.IndexByte(base58, s[i])
		if carry < 0 {
			return false
		}
		for k := len(b) - 1; k >= 0; k-- {
			carry += 58 * int(b[k])
			b[k] = byte(carry)
			carry >>= 8
		}
		if carry != 0 {
			return false
		}
	}
	once := sha256.Sum256(b[:21])
	twice := sha256.Sum256(once[:])
	return b[0] == version && bytes.Equal(twice[:4], b[21:])
}

// bech32 checks a segwit address (BIP 173 and BIP 350).
func bech32(s string) bool {
	const charset = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
	if len(s) != 42 && len(s) != 62 {
		return false
	}
	sum := uint32(1)
	step := func(value uint32) {
		top := sum >> 25
		sum = sum&0x1ffffff<<5 ^ value
		for i, g := range [...]uint32{0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3} {
			if top>>i&1 == 1 {
				sum ^= g
			}
		}
	}
	for _, value := range [...]uint32{'b' >> 5, 'c' >> 5, 0, 'b' & 31, 'c' & 31} {
		step(value)
	}
	for i := 3; i < len(s); i++ {
		k := strings.IndexByte(charset, s[i])
		if k < 0 {
			return false
		}
		step(uint32(k))
	}
	return sum == 1 || sum == 0x2bc830a3
}
