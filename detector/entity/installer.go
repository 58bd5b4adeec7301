package entity

import "unicode/utf8"

// installerEndings are the endings of files that install or run something on
// a telephone or a computer.
var installerEndings = map[string]bool{
	"apk": true, "xapk": true, "apks": true, "apkm": true, "aab": true, // Android
	"ipa": true, "mobileconfig": true, "dmg": true, // Apple
	"exe": true, "scr": true, "msi": true, "bat": true, "cmd": true, "vbs": true, "vbe": true, "js": true, "jse": true,
	"jar": true, "iso": true, "lnk": true, "ps1": true, "hta": true, "pif": true, "wsf": true, // Windows
}

// claimInstaller claims the file name that the labels spell.
func (v *view) claimInstaller(labels []label) {
	start, end := labels[0].start, labels[len(labels)-1].end
	v.claim(v.named(Installer, start, end))
}

// numberedCopy returns the start of a name such as "foto (1).apk" whose ending
// starts at i, or -1.
func (v *view) numberedCopy(i int) int {
	if v.at(i-1) != '.' || v.at(i-2) != ')' {
		return -1
	}
	p := i - 3
	for isDigit(v.at(p)) && i-p < 7 {
		p--
	}
	if v.at(p) != '(' {
		return -1
	}
	for p--; v.at(p) == ' '; p-- {
		if i-p > 8 {
			return -1
		}
	}
	for n := 0; p >= 0 && n < maxLabel && !v.used[p] && isHostRune(v.low[p]); n++ {
		p--
	}
	return p + 1
}

func (v *view) isInstaller(labels []label) bool {
	last := labels[len(labels)-1]
	if last.end-last.start > len("mobileconfig") {
		return false
	}
	var buf [2 * len("mobileconfig")]byte
	ending := buf[:0]
	for _, r := range v.low[last.start:last.end] {
		if r >= utf8.RuneSelf { // "арк" in Cyrillic letters looks like "apk", "апк" sounds like it
			if len(ending) > 4 {
				return false
			}
			if c := latinCapital(r); c != 0 {
				r = c - 'A' + 'a'
			} else if r == 'п' {
				r = 'p'
			}
		}
		ending = utf8.AppendRune(ending, r)
	}
	return installerEndings[string(ending)] && !v.isLibrary(labels)
}

// isLibrary reports whether the name is one of those that programmers call
// "Node.js": a word, the ending js and a capital in front.
func (v *view) isLibrary(labels []label) bool {
	last := labels[len(labels)-1]
	return len(labels) == 2 && last.end-last.start == 2 && v.cased[labels[0].start] != v.low[labels[0].start]
}
