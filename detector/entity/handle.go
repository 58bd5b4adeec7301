package entity

// findHandles claims what an at sign makes: e-mail addresses and the handles
// of messengers.
func findHandles(v *view) {
	var labels [maxLabels]label
	for i := 0; i < len(v.low); i++ {
		if v.low[i] != '@' || v.used[i] {
			continue
		}
		if v.emailAt(i, &labels) {
			continue
		}
		v.handleAt(i)
	}
}

// mailto is what stands before an address in a link that opens a letter.
const mailto = "mailto:"

// maxLocal is the longest part before the at sign (RFC 5321, 4.5.3.1.1).
const maxLocal = 64

func (v *view) emailAt(at int, labels *[maxLabels]label) bool {
	start := at
	for start > 0 && at-start < maxLocal && !v.used[start-1] && isLocalRune(v.low[start-1]) {
		start--
	}
	for start < at && !isAlnum(v.low[start]) {
		start++
	}
	if start == at {
		return false
	}
	n, _ := v.hostAt(at+1, labels)
	var buf [maxEnding]byte
	for ; n > 1; n-- {
		labels[n-1] = v.withoutCase(labels[n-1])
		if last := labels[n-1]; last.end-last.start <= 24 && known(v.ending(last, &buf)) {
			break
		}
	}
	if n < 2 {
		return false
	}
	end := labels[n-1].end
	from := len(v.out)
	v.addRunes(v.low[start : at+1])
	host := v.writeHost(labels[:n])
	if path := v.pathEnd(end); path > end && !v.hasPrefix(start-len(mailto), mailto) {
		// kaspi.kz@other.top/login is a link whose name stands behind the @.
		v.addRunes(v.cased[end:path])
		return v.claim(span{kind: Link, start: start, end: path, host: at + 1, hostTo: end, value: v.piece(from), masked: v.maskHost(host)})
	}
	value := v.piece(from)
	from = len(v.out)
	v.out = append(v.out, "•••@"...)
	v.addMasked(v.low[at+1 : end])
	return v.claim(span{kind: Email, start: start, end: end, value: value, masked: v.piece(from)})
}

func isLocalRune(r rune) bool {
	return isAlnum(r) || r == '.' || r == '_' || r == '-' || r == '+' || r == '%'
}

// handleAt claims @name: five to 32 letters, digits and underscores, a letter
// first (Telegram's rule; four are sold at auction).
func (v *view) handleAt(at int) {
	if p := v.at(at - 1); isAlnum(p) || p == '.' || p == '@' {
		return
	}
	end := at + 1
	for end < len(v.low) && !v.used[end] && end-at <= 33 && (isASCIIAlnum(v.low[end]) || v.low[end] == '_') {
		end++
	}
	if n := end - at - 1; n < 4 || n > 32 || isDigit(v.low[at+1]) || v.low[at+1] == '_' {
		return
	}
	kind := Telegram
	if v.whatsAppBefore(at) {
		kind = WhatsApp
	}
	v.claim(v.named(kind, at, end))
}

// named returns the span of something that goes by a name.
func (v *view) named(kind Kind, start, end int) span {
	from := len(v.out)
	v.addRunes(v.low[start:end])
	value := v.piece(from)
	from = len(v.out)
	v.addMasked(v.cased[start:end])
	return span{kind: kind, start: start, end: end, value: value, masked: v.piece(from)}
}

// whatsAppBefore reports whether the word before the handle names WhatsApp.
func (v *view) whatsAppBefore(at int) bool {
	end := at
	for end > 0 && at-end < 4 && !isLetter(v.low[end-1]) {
		end--
	}
	start := end
	for start > 0 && end-start < 16 && isLetter(v.low[start-1]) {
		start--
	}
	for _, w := range [...]string{"whatsapp", "watsapp", "ватсап", "вацап", "вотсап", "уатсап"} {
		if v.hasPrefix(start, w) {
			return true
		}
	}
	return false
}
