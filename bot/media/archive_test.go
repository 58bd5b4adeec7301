package media_test

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"compress/gzip"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"io"
	"strings"
	"testing"

	"github.com/aldanba/aldanba/bot"
	"github.com/aldanba/aldanba/bot/media"
)

// member is a file of an archive.
type member struct{ name, content string }

func zipped(t testing.TB, members ...member) []byte {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for _, m := range members {
		f, err := w.Create(m.name)
		if err != nil {
			t.Fatal(err)
		}
		io.WriteString(f, m.content)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func tarred(t testing.TB, members ...member) []byte {
	t.Helper()
	var b bytes.Buffer
	w := tar.NewWriter(&b)
	for _, m := range members {
		if err := w.WriteHeader(&tar.Header{Name: m.name, Size: int64(len(m.content)), Mode: 0o600}); err != nil {
			t.Fatal(err)
		}
		io.WriteString(w, m.content)
	}
	w.Close()
	return b.Bytes()
}

func gzipped(name string, content []byte) []byte {
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	w.Name = name
	w.Write(content)
	w.Close()
	return b.Bytes()
}

// rarred is an archive of RAR 5 whose files are stored as they are, made by the
// published description of the format.
func rarred(members ...member) []byte {
	out := []byte("Rar!\x1a\x07\x01\x00")
	number := func(b []byte, n uint64) []byte { return binary.AppendUvarint(b, n) }
	block := func(header []byte, data string) {
		sized := append(number(nil, uint64(len(header))), header...)
		out = binary.LittleEndian.AppendUint32(out, crc32.ChecksumIEEE(sized))
		out = append(append(out, sized...), data...)
	}
	block([]byte{1, 0, 0}, "")
	for _, m := range members {
		h := []byte{2, 2} // a file, followed by data
		h = number(h, uint64(len(m.content)))
		h = append(h, 4) // with a checksum
		h = number(h, uint64(len(m.content)))
		h = append(h, 0x20)
		h = binary.LittleEndian.AppendUint32(h, crc32.ChecksumIEEE([]byte(m.content)))
		h = append(h, 0, 1) // stored, made on Unix
		h = number(h, uint64(len(m.name)))
		block(append(h, m.name...), m.content)
	}
	block([]byte{5, 0, 0}, "")
	return out
}

// lockedRAR hides even its names.
func lockedRAR() []byte {
	out := []byte("Rar!\x1a\x07\x01\x00")
	header := append([]byte{4, 0, 0, 0, 15}, make([]byte, 16)...)
	sized := append([]byte{byte(len(header))}, header...)
	out = binary.LittleEndian.AppendUint32(out, crc32.ChecksumIEEE(sized))
	return append(append(out, sized...), make([]byte, 64)...)
}

// locked marks the files of a zip as locked with a password.
func locked(archive []byte) []byte {
	for _, mark := range []struct {
		magic string
		at    int
	}{{"PK\x03\x04", 6}, {"PK\x01\x02", 8}} {
		for i := 0; ; i += 4 {
			next := bytes.Index(archive[i:], []byte(mark.magic))
			if next < 0 {
				break
			}
			i += next
			archive[i+mark.at] |= 1
		}
	}
	return archive
}

// program is the beginning of a program for Windows.
const program = "MZ\x90\x00\x03\x00\x00\x00\x04\x00\x00\x00\xff\xff\x00\x00\xb8\x00\x00\x00\x00\x00\x00\x00@\x00\x00\x00" +
	"\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x80\x00\x00\x00\x0e\x1f\xba\x0e"

func TestArchivesAreListed(t *testing.T) {
	apk := string(zipped(t, member{"AndroidManifest.xml", "x"}, member{"classes.dex", "y"}))
	members := []member{{"договор.pdf", "secret words"}, {"photos/фото.jpg", program}, {"docs/update.apk", "z"}, {"card.jpg", apk}}
	want := []string{"договор.pdf", "фото.jpg.exe", "update.apk", "card.jpg.apk"}
	for name, data := range map[string][]byte{
		"a.zip":    zipped(t, members...),
		"a.rar":    rarred(members...),
		"a.tar":    tarred(t, members...),
		"a.tar.gz": gzipped("", tarred(t, members...)),
		"a.pdf":    zipped(t, members...), // whatever its name is
	} {
		t.Run(name, func(t *testing.T) {
			got := read(documents(t), bot.Document, name, data)
			wantLines(t, got, want...)
			wantGaps(t, got)
		})
	}
}

func TestArchivesWithinArchives(t *testing.T) {
	inner := zipped(t, member{"голос.apk", "x"})
	got := read(documents(t), bot.Document, "a.zip", zipped(t, member{"inner.zip", string(inner)}, member{"b.rar", string(rarred(member{"run.bat", "x"}))}))
	wantLines(t, got, "inner.zip", "голос.apk", "b.rar", "run.bat")
	wantGaps(t, got)
	got = read(documents(t), bot.Document, "note.txt.gz", gzipped("note.exe", []byte("x")))
	wantLines(t, got, "note.exe")
}

func TestLockedArchives(t *testing.T) {
	got := read(documents(t), bot.Document, "a.zip", locked(zipped(t, member{"фото.jpg", "x"}, member{"bank.apk", "y"})))
	wantLines(t, got, "фото.jpg", "bank.apk")
	wantGaps(t, got, bot.GapEncrypted)
	wantGaps(t, read(documents(t), bot.Document, "a.rar", lockedRAR()), bot.GapEncrypted)
}

func TestInstallersAreToldByContentAndName(t *testing.T) {
	cfb := make([]byte, 2048)
	copy(cfb, "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")
	cfb[30] = 9
	copy(cfb[512+80:], "\x84\x10\x0c\x00\x00\x00\x00\x00\xc0\x00\x00\x00\x00\x00\x00\x46")
	iso := make([]byte, 0x8800)
	copy(iso[0x8000:], "\x01CD001\x01")
	dmg := append(make([]byte, 2048), append([]byte("koly"), make([]byte, 508)...)...)
	apk := zipped(t, member{"AndroidManifest.xml", "x"}, member{"classes.dex", "y"})
	for name, c := range map[string]struct {
		name string
		data []byte
		want string
	}{
		"apk":                   {"Фото.apk", apk, "Фото.apk"},
		"apk as a picture":      {"Фото.jpg", apk, "Фото.jpg.apk"},
		"apk without a name":    {"", apk, "file.apk"},
		"apk turned around":     {"photo\u202egpj.apk", apk, "photogpj.apk"},
		"apk, broken directory": {"a.zip", append(bytes.Clone(apk[:len(apk)-22]), "garbage"...), "a.zip.apk"},
		"xapk":                  {"game", zipped(t, member{"manifest.json", "{}"}, member{"base.apk", "x"}), "game.xapk"},
		"apks":                  {"game.apks", zipped(t, member{"toc.pb", "x"}, member{"splits/base.apk", "x"}), "game.apks"},
		"aab":                   {"app", zipped(t, member{"base/manifest/AndroidManifest.xml", "x"}), "app.aab"},
		"ipa":                   {"app.zip", zipped(t, member{"Payload/Bank.app/Info.plist", "x"}), "app.zip.ipa"},
		"jar":                   {"doc.zip", zipped(t, member{"META-INF/MANIFEST.MF", "x"}, member{"a/B.class", "y"}), "doc.zip.jar"},
		"exe":                   {"счет.pdf", []byte(program), "счет.pdf.exe"},
		"screen saver":          {"kaspi.scr", []byte(program), "kaspi.scr"},
		"msi":                   {"doc.doc", cfb, "doc.doc.msi"},
		"iso":                   {"video.mp4", iso, "video.mp4.iso"},
		"dmg":                   {"pic.png", dmg, "pic.png.dmg"},
		"shortcut":              {"фото.jpg", append([]byte("L\x00\x00\x00\x01\x14\x02\x00"), make([]byte, 90)...), "фото.jpg.lnk"},
		"profile":               {"a.txt", []byte(`<?xml version="1.0"?><plist><dict><key>PayloadContent</key><array/><key>PayloadType</key></dict></plist>`), "a.txt.mobileconfig"},
		"script by name":        {"check.bat", []byte("@echo off"), "check.bat"},
		"path":                  {`C:\Users\a\update.vbs`, []byte("x"), "update.vbs"},
	} {
		t.Run(name, func(t *testing.T) {
			got := read(documents(t), bot.Document, c.name, c.data)
			wantLines(t, got, c.want)
			wantGaps(t, got)
			if got.Ending == "" || !strings.HasSuffix(c.want, "."+got.Ending) {
				t.Errorf("its ending is %q", got.Ending)
			}
		})
	}
}

func TestOfficeDocuments(t *testing.T) {
	types := member{"[Content_Types].xml", "<Types/>"}
	rels := `<Relationships><Relationship Id="1" Target="https://phish.example/a" TargetMode="External"/><Relationship Id="2" Target="styles.xml"/></Relationships>`
	for name, c := range map[string]struct {
		members []member
		want    []string
	}{
		"docx": {[]member{types, {"word/document.xml", `<w:document><w:body><w:p><w:r><w:t>Переведите </w:t></w:r><w:r><w:t>деньги</w:t></w:r></w:p><w:p><w:t>Қауіпсіз</w:t><w:tab/><w:t>шот</w:t></w:p></w:body></w:document>`},
			{"word/_rels/document.xml.rels", rels}, {"word/styles.xml", "<w:t>no</w:t>"}}, []string{"Переведите деньги", "Қауіпсіз шот", "https://phish.example/a"}},
		"xlsx": {[]member{types, {"xl/sharedStrings.xml", `<sst><si><t>Карта</t></si><si><t>4242 4242 4242 4242</t></si></sst>`}}, []string{"Карта", "4242 4242 4242 4242"}},
		"pptx": {[]member{types, {"ppt/slides/slide1.xml", `<p:sld><a:p><a:r><a:t>Выплата</a:t></a:r></a:p></p:sld>`}}, []string{"Выплата"}},
		"odt":  {[]member{{"content.xml", `<office:text><text:h>Ескерту</text:h><text:p>Ақша <text:a xlink:href="https://phish.example/b">осында</text:a></text:p></office:text>`}}, []string{"Ескерту", "Ақша", "https://phish.example/b", "осында"}},
	} {
		t.Run(name, func(t *testing.T) {
			got := read(documents(t), bot.Document, "a."+name, zipped(t, c.members...))
			wantLines(t, got, c.want...)
			wantGaps(t, got)
		})
	}
}

func TestExportedChatInAnArchive(t *testing.T) {
	chat := "[12.03.2024, 14:05:33] +7 700 000 00 11: Кодты айтыңыз\n[12.03.2024, 14:06:33] Асель: Неге?\n"
	got := read(documents(t), bot.Document, "WhatsApp Chat.zip", zipped(t, member{"00001-PHOTO.jpg", "x"}, member{"_chat.txt", chat}, member{"bank.apk", "y"}))
	wantLines(t, got, "Кодты айтыңыз", "bank.apk")
	wantGaps(t, got)
}

func TestBombsAreNotUnpacked(t *testing.T) {
	zeros := strings.Repeat("\x00", 3<<20)
	nested := zipped(t, member{"a.txt", "x"})
	for i := range 20 {
		nested = zipped(t, member{fmt.Sprintf("%d.zip", i), string(nested)})
	}
	var many []member
	for i := range 5000 {
		many = append(many, member{fmt.Sprintf("%d.txt", i), ""})
	}
	xmlBomb := "<w:p><w:t>" + strings.Repeat("a", 3<<20)
	for name, data := range map[string][]byte{
		"gzip":           gzipped("", []byte(zeros)),
		"gzip in gzip":   gzipped("", gzipped("", []byte(zeros))),
		"tar in gzip":    gzipped("", tarred(t, member{"a.bin", zeros})),
		"zip in zip":     zipped(t, member{"a.zip", "PK\x03\x04" + zeros}),
		"nesting":        nested,
		"entries":        zipped(t, many...),
		"office":         zipped(t, member{"[Content_Types].xml", ""}, member{"word/document.xml", xmlBomb}),
		"chat in zip":    zipped(t, member{"_chat.txt", "12.03.2024, 14:05 - +7: a\n" + zeros}),
		"rar":            rarred(member{"a.zip", "PK\x03\x04" + zeros}),
		"endless letter": []byte("From: a@b.example\nSubject: x\nDate: y\nContent-Type: multipart/mixed; boundary=b\n\n" + strings.Repeat("--b\n\nx\n", 10_000)),
		"nested letter":  []byte(strings.Repeat("From: a@b.example\nSubject: x\nDate: y\nContent-Type: message/rfc822\n\n", 1000)),
	} {
		t.Run(name, func(t *testing.T) {
			r := newReader(t, media.Config{Tesseract: media.Off, Limits: media.Limits{Unpacked: 1 << 20}})
			got := read(r, bot.Document, "file", data)
			wantGaps(t, got, bot.GapUnreadable)
		})
	}
}
