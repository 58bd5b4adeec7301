package media

import (
	"bytes"
	"encoding/binary"
	"strings"
	"time"

	"github.com/aldanba/aldanba/bot"
)

// noSpeech says why sound is not listened to, or nothing where it is. A local
// command needs nobody's consent, for nothing leaves the machine.
func (r *Reader) noSpeech(services bot.Services) bot.Gap {
	switch {
	case r.transcribe != nil:
		return ""
	case r.service == nil || r.service.speechModel == "":
		return bot.GapNoVoice
	}
	return missingConsent(services.Voice, bot.GapAskVoice, bot.GapDeniedVoice)
}

// sound turns speech into text. A video is handed over as it is: services take
// its sound out by themselves, a local command needs ffmpeg in front for that.
func (t *task) sound(data []byte, ending string) {
	if gap := t.noSpeech(t.services); gap != "" {
		t.gap(gap)
		return
	}
	if max(t.file.Length, soundLength(data)) > t.limits.Sound {
		t.gap(bot.GapTooLong)
		return
	}
	text, err := t.listen(data, ending)
	if err != nil {
		t.gap(bot.GapUnreadable)
		return
	}
	t.lines(text)
}

func (t *task) listen(data []byte, ending string) (string, error) {
	if t.transcribe == nil {
		return t.service.listen(t.ctx, data, soundEnding(ending))
	}
	leave, err := t.enter(t.ctx)
	if err != nil {
		return "", err
	}
	defer leave()
	out, err := t.transcribe.run(t.ctx, data, t.limits.Text)
	return decodeText(out), err
}

// soundLength measures the sound by its own account of itself, 0 where it gives
// none that is understood: Ogg (what voice notes are), WAV, and MP4 with its
// kin (what videos are). A messenger's figure may be missing or a sender's lie.
func soundLength(data []byte) time.Duration {
	switch {
	case bytes.HasPrefix(data, []byte("OggS")):
		return oggLength(data)
	case bytes.HasPrefix(data, []byte("RIFF")) && len(data) > 44:
		if rate := binary.LittleEndian.Uint32(data[28:]); rate > 0 {
			return seconds(uint64(len(data)-44), uint64(rate))
		}
	case len(data) > 12 && string(data[4:8]) == "ftyp":
		return movieLength(data)
	}
	return 0
}

// oggLength reads the position that the last page names (RFC 3533, 6), in
// samples: 48,000 a second in Opus (RFC 7845, 4), and in Vorbis as many as its
// first header says.
func oggLength(data []byte) time.Duration {
	rate := uint64(48000)
	if i := bytes.Index(data[:min(len(data), 256)], []byte("\x01vorbis")); i >= 0 && len(data) >= i+16 {
		rate = uint64(binary.LittleEndian.Uint32(data[i+12:]))
	}
	last := bytes.LastIndex(data, []byte("OggS"))
	if len(data) < last+14 || rate == 0 {
		return 0
	}
	return seconds(binary.LittleEndian.Uint64(data[last+6:]), rate)
}

// movieLength reads the movie header (ISO/IEC 14496-12, 8.2.2): the time scale
// and the duration in its units.
func movieLength(data []byte) time.Duration {
	i := bytes.Index(data, []byte("mvhd"))
	if i < 0 || len(data) < i+36 {
		return 0
	}
	header := data[i+4:]
	if header[0] == 1 {
		return seconds(binary.BigEndian.Uint64(header[24:]), uint64(binary.BigEndian.Uint32(header[20:])))
	}
	return seconds(uint64(binary.BigEndian.Uint32(header[16:])), uint64(binary.BigEndian.Uint32(header[12:])))
}

// seconds is units at so many a second, bounded by a day.
func seconds(units, rate uint64) time.Duration {
	const day = 24 * time.Hour
	if rate == 0 {
		return 0
	}
	if units/rate >= uint64(day/time.Second) {
		return day
	}
	return time.Duration(float64(units) / float64(rate) * float64(time.Second))
}

// soundEnding is the ending by which services know a format, of those that
// senders' programs write.
func soundEnding(ending string) string {
	if strings.HasPrefix(ending, ".og") || ending == ".opus" {
		return ".ogg"
	}
	return ending
}
