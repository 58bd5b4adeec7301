package statement

import (
	"cmp"
	"fmt"
	"path"
	"strings"
)

// maxName bounds what is kept of a file's own name, in letters.
const maxName = 40

// quiet are endings that open as a picture, sound, film or text. A file with
// any other ending gets "_" behind it, so that a double click starts nothing.
const quiet = " .txt .csv .pdf .jpg .jpeg .png .gif .webp .heic .bmp .ogg .oga .opus .mp3 .m4a .aac .wav .mp4 .mov .webm .mkv .3gp "

// ending gives an ending to a file that a messenger sends without a name.
func ending(mime string) string {
	switch mime {
	case "image/png", "image/webp", "image/gif", "audio/ogg", "audio/aac", "video/mp4", "video/webm", "application/pdf":
		_, kind, _ := strings.Cut(mime, "/")
		return "." + kind
	case "image/jpeg":
		return ".jpg"
	case "audio/mpeg":
		return ".mp3"
	case "audio/mp4":
		return ".m4a"
	case "text/plain":
		return ".txt"
	}
	return ""
}

// fileName returns the name that the file of message i, counted from 0, has in
// the pack: Latin letters, digits, and . - _, unique by its number, never a
// path.
func fileName(i int, f File) string {
	own := headOf(f.Name, 1<<10)
	own = own[strings.LastIndexAny(own, `/\`)+1:]
	end := cmp.Or(strings.ToLower(path.Ext(own)), ending(f.MIME))
	stem := simple(strings.TrimSuffix(own, path.Ext(own)), maxName)
	if stem == "" {
		stem = "file"
	}
	switch loud := simple(end, 10); {
	case end != "" && strings.Contains(quiet, " "+end+" "):
		stem += end
	case loud != "":
		stem += "." + loud + "_"
	}
	return fmt.Sprintf("%03d_%s", i+1, stem)
}

// textName returns the name of the text of message i in the pack.
func textName(i int) string { return fmt.Sprintf("%03d.txt", i+1) }

// simple keeps Latin letters and digits of at most n letters of s, everything
// else becomes one hyphen.
func simple(s string, n int) string {
	var b strings.Builder
	for _, r := range s {
		switch {
		case b.Len() >= n:
			return strings.TrimRight(b.String(), "-")
		case r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9':
			b.WriteRune(r)
		case b.Len() > 0 && !strings.HasSuffix(b.String(), "-"):
			b.WriteByte('-')
		}
	}
	return strings.TrimRight(b.String(), "-")
}
