package telegramtest

import (
	"bytes"
	"image"
	"strconv"
	"time"
)

// Content is what a message of a person consists of. Make one with Text, HTML,
// Photo, Document and the like.
type Content struct {
	text     string
	entities []Entity
	caption  bool
	media    func(s *Server, o *object) // writes the field of its kind; the server is locked
	broken   error                      // why it cannot be sent
}

// Text is a text in which Telegram finds links, commands and mentions.
func Text(text string) Content { return Content{text: text, entities: detect(text)} }

// HTML is a text with formats: bold, hidden links, quotes, code. It is written
// as bots write HTML.
func HTML(source string) Content {
	text, entities, err := parseHTML(source)
	for _, found := range detect(text) {
		hidden := false
		for _, own := range entities {
			hidden = hidden || own.Offset < found.Offset+found.Length && found.Offset < own.Offset+own.Length
		}
		if !hidden {
			entities = append(entities, found)
		}
	}
	return Content{text: text, entities: entities, broken: err}
}

// Captioned makes content with a caption, in which Telegram finds links.
func (c Content) Captioned(caption string) Content { return c.With(Text(caption)) }

// With makes content with a caption of Text or HTML.
func (c Content) With(caption Content) Content {
	c.text, c.entities, c.broken, c.caption = caption.text, caption.entities, caption.broken, true
	return c
}

// Raw is a message of a kind that has no function here: fields of the Message
// object such as `"dice":{"emoji":"🎲","value":3}`.
func Raw(fields string) Content {
	return Content{media: func(_ *Server, o *object) { o.buf = append(o.comma(), fields...) }}
}

// fileContent is content that is one file in an object of its own.
func fileContent(field, folder string, f file, more func(o *object)) Content {
	return Content{caption: true, media: func(s *Server, o *object) {
		o.object(field, func() {
			s.keep(folder, f).write(o)
			more(o)
		})
	}}
}

// thumbnail stands where the small version of a picture is, so that who fetches
// it instead of the large one notices.
const thumbnail = "this is a thumbnail"

// Photo is a picture: a JPEG or PNG.
func Photo(data []byte) Content {
	size, _, err := image.DecodeConfig(bytes.NewReader(data))
	if err != nil {
		size.Width, size.Height = 1280, 960
	}
	return Content{caption: true, media: func(s *Server, o *object) {
		o.array("photo", func() {
			small := max(size.Width, size.Height, 1)
			for _, p := range []struct {
				file
				width, height int
			}{
				{file{name: "t.jpg", data: []byte(thumbnail)}, max(90*size.Width/small, 1), max(90*size.Height/small, 1)},
				{file{name: "p.jpg", data: data}, size.Width, size.Height},
			} {
				o.element(func() {
					s.keep("photos", p.file).write(o)
					o.int("width", int64(p.width))
					o.int("height", int64(p.height))
				})
			}
		})
	}}
}

// Document is a file as it was sent, with the name and type that the sender's
// application gave it.
func Document(name, mime string, data []byte) Content {
	return documentContent(file{name: name, mime: mime, data: data})
}

// BigDocument is a document of so many bytes of which the server has none: it
// is to be too big to fetch.
func BigDocument(name, mime string, size int64) Content {
	return documentContent(file{name: name, mime: mime, size: size})
}

func documentContent(f file) Content {
	return fileContent("document", "documents", f, func(o *object) {
		o.text("file_name", f.name)
		o.text("mime_type", f.mime)
	})
}

// Voice is a voice message in OGG.
func Voice(data []byte, length time.Duration) Content {
	return fileContent("voice", "voice", file{name: "v.oga", data: data}, func(o *object) {
		o.int("duration", int64(length/time.Second))
		o.str("mime_type", "audio/ogg")
	})
}

// Audio is a piece of music or another sound file.
func Audio(name, mime string, data []byte, length time.Duration) Content {
	return fileContent("audio", "music", file{name: name, mime: mime, data: data}, func(o *object) {
		o.int("duration", int64(length/time.Second))
		o.text("file_name", name)
		o.text("mime_type", mime)
	})
}

// Video is a video in MP4.
func Video(data []byte, length time.Duration) Content {
	return fileContent("video", "videos", file{name: "v.mp4", data: data}, func(o *object) {
		o.int("width", 640)
		o.int("height", 360)
		o.int("duration", int64(length/time.Second))
		o.str("mime_type", "video/mp4")
	})
}

// VideoNote is a round video message.
func VideoNote(data []byte, length time.Duration) Content {
	c := fileContent("video_note", "video_notes", file{name: "n.mp4", data: data}, func(o *object) {
		o.int("duration", int64(length/time.Second))
		o.int("length", 384)
	})
	c.caption = false
	return c
}

// Sticker is a sticker that stands for an emoji.
func Sticker(emoji string) Content {
	c := fileContent("sticker", "stickers", file{name: "s.webp", data: []byte("RIFF")}, func(o *object) {
		o.str("type", "regular")
		o.int("width", 512)
		o.int("height", 512)
		o.bool("is_animated", false)
		o.bool("is_video", false)
		o.text("emoji", emoji)
	})
	c.caption = false
	return c
}

// Poll is an open question with answers to choose from.
func Poll(question string, options ...string) Content {
	return Content{media: func(s *Server, o *object) {
		o.object("poll", func() {
			s.lastID++
			o.str("id", strconv.FormatInt(5_200_000_000_000_000_000+s.lastID, 10))
			o.str("question", question)
			o.array("options", func() {
				for i, option := range options {
					o.element(func() {
						o.str("persistent_id", strconv.Itoa(i))
						o.str("text", option)
						o.int("voter_count", 0)
					})
				}
			})
			o.int("total_voter_count", 0)
			o.bool("is_closed", false)
			o.bool("is_anonymous", true)
			o.str("type", "regular")
			o.bool("allows_multiple_answers", false)
			o.bool("allows_revoting", true)
			o.bool("members_only", false)
		})
	}}
}

// Contact is an entry of somebody's address book. vcard may be empty.
func Contact(phone, firstName, lastName, vcard string) Content {
	return Content{media: func(_ *Server, o *object) {
		o.object("contact", func() {
			o.str("phone_number", phone)
			o.str("first_name", firstName)
			o.text("last_name", lastName)
			o.text("vcard", vcard)
		})
	}}
}

// Location is a place on the map.
func Location(latitude, longitude float64) Content {
	return Content{media: func(_ *Server, o *object) { writeLocation(o, latitude, longitude) }}
}

func writeLocation(o *object, latitude, longitude float64) {
	o.object("location", func() {
		o.float("latitude", latitude)
		o.float("longitude", longitude)
	})
}

// Venue is a place with a name. Like the real server it sends the location
// along as a field of its own.
func Venue(title, address string, latitude, longitude float64) Content {
	return Content{media: func(_ *Server, o *object) {
		writeLocation(o, latitude, longitude)
		o.object("venue", func() {
			writeLocation(o, latitude, longitude)
			o.str("title", title)
			o.str("address", address)
		})
	}}
}

// Story is a story of a channel: a bot sees only whose it is.
func Story(channel int64, title string, id int64) Content {
	return Content{media: func(_ *Server, o *object) {
		o.object("story", func() {
			o.object("chat", func() {
				o.int("id", channel)
				o.str("title", title)
				o.str("type", "channel")
			})
			o.int("id", id)
		})
	}}
}
