package media

import (
	"bytes"
	"encoding/binary"
	"strings"
)

// installerEndings are those of files that install or run something.
var installerEndings = map[string]bool{
	"apk": true, "xapk": true, "apks": true, "apkm": true, "aab": true,
	"ipa": true, "mobileconfig": true, "dmg": true,
	"exe": true, "scr": true, "msi": true, "bat": true, "cmd": true, "vbs": true, "vbe": true, "js": true, "jse": true,
	"jar": true, "iso": true, "lnk": true, "ps1": true, "hta": true, "pif": true, "wsf": true,
}

// installerOf returns the true ending of a file that installs or runs
// something, told by its content or else by its name; empty for other files.
func installerOf(data []byte, name string) string {
	named := ending(fileName(name))
	if found := installerContent(data); found != "" {
		if installerEndings[named] {
			return named
		}
		return found
	}
	if installerEndings[named] {
		return named
	}
	return ""
}

// installer adds the file's name so that its true ending is seen. The file is
// not opened any further.
func (t *task) installer(name, true string) {
	name = fileName(name)
	if ending(name) != true {
		name = orElse(name, "file") + "." + true
	}
	t.ending = orElse(t.ending, true)
	t.lines(name)
}

func installerContent(data []byte) string {
	has := func(offset int, magic string) bool {
		return offset >= 0 && len(data) >= offset+len(magic) && string(data[offset:offset+len(magic)]) == magic
	}
	switch {
	case has(0, "MZ") && isWindowsProgram(data):
		return "exe"
	case has(0, "dex\n0"):
		return "apk"
	case has(0, "L\x00\x00\x00\x01\x14\x02\x00"):
		return "lnk"
	case has(0x8001, "CD001"):
		return "iso"
	case has(len(data)-512, "koly"):
		return "dmg"
	case has(0, "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1") && has(clsidOffset(data), "\x84\x10\x0c\x00\x00\x00\x00\x00\xc0\x00\x00\x00\x00\x00\x00\x46"):
		return "msi"
	case has(0, "PK\x03\x04"):
		return zippedInstaller(data)
	}
	head := data[:min(len(data), 64<<10)]
	if bytes.Contains(head, []byte("PayloadContent")) && bytes.Contains(head, []byte("PayloadType")) &&
		(has(0, "<?xml") || has(0, "\x30\x82") || has(0, "\x30\x80")) {
		return "mobileconfig" // as it is or signed
	}
	return ""
}

// isWindowsProgram follows the pointer at 0x3c to the signature of a PE file.
// What has only the two letters is a program of DOS when it is not text.
func isWindowsProgram(data []byte) bool {
	if len(data) < 64 {
		return false
	}
	at := int64(binary.LittleEndian.Uint32(data[0x3c:]))
	if at+4 <= int64(len(data)) && string(data[at:at+4]) == "PE\x00\x00" {
		return true
	}
	return bytes.IndexByte(data[:64], 0) >= 0
}

// clsidOffset is where the root of a compound file ([MS-CFB], 2.6.1) names its
// class: 80 bytes into the directory's first sector. An installer has one class.
func clsidOffset(data []byte) int {
	if len(data) < 512 {
		return len(data)
	}
	shift := binary.LittleEndian.Uint16(data[30:])
	sector := int64(binary.LittleEndian.Uint32(data[48:]))
	if shift > 12 {
		return len(data)
	}
	at := (sector+1)<<shift + 80
	return int(min(at, int64(len(data))))
}

// zippedInstaller looks at the names in a zip. A directory that is broken on
// purpose, which telephones forgive, does not hide the manifest's name.
func zippedInstaller(data []byte) string {
	z := openZip(data)
	if z == nil {
		if bytes.Contains(data, []byte("AndroidManifest.xml")) {
			return "apk"
		}
		return ""
	}
	var apks, classes, manifest, bundle, toc bool
	for _, f := range z.File {
		switch name := f.Name; {
		case name == "AndroidManifest.xml":
			return "apk"
		case name == "base/manifest/AndroidManifest.xml":
			return "aab"
		case strings.HasPrefix(name, "Payload/") && strings.Contains(name, ".app/"):
			return "ipa"
		case name == "META-INF/MANIFEST.MF":
			manifest = true
		case strings.HasSuffix(name, ".class"):
			classes = true
		case name == "manifest.json" || name == "info.json":
			bundle = true
		case name == "toc.pb":
			toc = true
		case strings.HasSuffix(name, ".apk"):
			apks = true
		}
	}
	switch {
	case apks && toc:
		return "apks"
	case apks && bundle:
		return "xapk"
	case manifest && classes:
		return "jar"
	}
	return ""
}
