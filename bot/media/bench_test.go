package media_test

import (
	"strings"
	"testing"

	"github.com/aldanba/aldanba/bot"
)

func benchmarkReading(b *testing.B, kind bot.FileKind, name string, data []byte) {
	r := documents(b)
	b.ReportAllocs()
	b.SetBytes(int64(len(data)))
	for b.Loop() {
		read(r, kind, name, data)
	}
}

func BenchmarkCode(b *testing.B) {
	benchmarkReading(b, bot.Picture, "", pngOf(b, resized(oneCode(b, 300, black, white), 1080, 1080)))
}

func BenchmarkPictureWithoutCodes(b *testing.B) {
	benchmarkReading(b, bot.Picture, "", sent(b, light, russianChat, 1080))
}

func BenchmarkPDF(b *testing.B) {
	benchmarkReading(b, bot.Document, "a.pdf", writtenPDF(b, "pdfkit"))
}

func BenchmarkChat(b *testing.B) {
	var chat strings.Builder
	for range 2000 {
		chat.WriteString("12.03.2024, 14:05 - +7 700 000 00 11: Срочно переведите деньги на безопасный счёт\n12.03.2024, 14:06 - Асель: Хорошо\n")
	}
	benchmarkReading(b, bot.Document, "chat.txt", []byte(chat.String()))
}

func BenchmarkArchive(b *testing.B) {
	members := make([]member, 200)
	for i := range members {
		members[i] = member{strings.Repeat("фото", 3) + ".jpg", "content"}
	}
	benchmarkReading(b, bot.Document, "a.zip", zipped(b, members...))
}
