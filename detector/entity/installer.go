package entity

// installerEndings are the endings of files that install or run something on
// a telephone or a computer.
var installerEndings = map[string]bool{
	"apk": true, "xapk": true, "apks": true, "apkm": true, "aab": true, "апк": true, // Android
	"ipa": true, "mobileconfig": true, "dmg": true, // Apple
	"exe": true, "scr": true, "msi": true, "bat": true, "cmd": true, "vbs": true, "vbe": true, "js": true, "jse": true,
	"jar": true, "iso": true, "lnk": true, "ps1": true, "hta": true, "pif": true, "wsf": true, // Windows
}

// claimInstaller claims the file name that the labels spell.
func (v *view) claimInstaller(labels []label) {
	start, end := labels[0].start, labels[len(labels)-1].end
	name := string(v.cased[start:end])
	v.claim(span{kind: Installer, start: start, end: end, value: string(v.low[start:end]), masked: hideDigits(name)})
}

func (v *view) isInstaller(labels []label) bool {
	last := labels[len(labels)-1]
	if last.end-last.start > len("mobileconfig") {
		return false
	}
	return installerEndings[string(v.low[last.start:last.end])]
}
