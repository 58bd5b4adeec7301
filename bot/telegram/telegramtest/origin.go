package telegramtest

import "strconv"

// Option changes a message of a person before it is sent.
type Option func(*message)

// Origin says where a forwarded message comes from.
type Origin func(o *object)

// FromUser is a person whose account may be linked to.
func FromUser(id int64, firstName, lastName, username string) Origin {
	return func(o *object) {
		o.str("type", "user")
		o.object("sender_user", func() {
			p := person{id: id, first: firstName, last: lastName, username: username}
			p.write(o)
		})
	}
}

// FromBot is another bot.
func FromBot(id int64, name, username string) Origin {
	return func(o *object) {
		o.str("type", "user")
		o.object("sender_user", func() {
			p := person{id: id, first: name, username: username, bot: true}
			p.write(o)
		})
	}
}

// FromHidden is a person who forbids links to their account.
func FromHidden(name string) Origin {
	return func(o *object) {
		o.str("type", "hidden_user")
		o.str("sender_user_name", name)
	}
}

// FromChat is a group in whose name a message was written. signature may be
// empty.
func FromChat(id int64, title, signature string) Origin {
	return func(o *object) {
		o.str("type", "chat")
		o.object("sender_chat", func() {
			o.int("id", id)
			o.str("title", title)
			o.str("type", supergroup)
		})
		o.text("author_signature", signature)
	}
}

// FromChannel is a post of a channel. username and signature may be empty.
func FromChannel(id int64, title, username string, post int64, signature string) Origin {
	return func(o *object) {
		o.str("type", "channel")
		o.object("chat", func() {
			o.int("id", id)
			o.str("title", title)
			o.text("username", username)
			o.str("type", "channel")
		})
		o.int("message_id", post)
		o.text("author_signature", signature)
	}
}

// Forwarded marks a message as forwarded, written an hour before.
func Forwarded(from Origin) Option {
	return func(m *message) {
		var o object
		o.open()
		from(&o)
		o.int("date", m.date.Unix()-3600)
		o.close()
		m.origin = o.buf
	}
}

// ReplyTo makes a message a reply. quote is the part of the message that is
// quoted, or empty.
func ReplyTo(to Message, quote string) Option {
	return func(m *message) { m.replyTo, m.quote = to.ID, quote }
}

// WithButtons puts buttons under a message of a person, as messages have that
// are forwarded from bots and channels.
func WithButtons(rows ...[]Button) Option {
	return func(m *message) { m.keyboard = rows }
}

// WithPreview shows the preview of a link with the message; the bot gets no
// more of it than the address.
func WithPreview(url string) Option {
	return func(m *message) { m.extra = append(m.extra, previewField(url, len(m.extra) > 0)...) }
}

func previewField(url string, more bool) []byte {
	var o object
	o.object("link_preview_options", func() { o.str("url", url) })
	if more {
		return append([]byte(","), o.buf...)
	}
	return o.buf
}

// WithFields adds fields of the Message object that have no option of their
// own, such as `"external_reply":{…}`.
func WithFields(fields string) Option {
	return func(m *message) {
		if len(m.extra) > 0 {
			m.extra = append(m.extra, ',')
		}
		m.extra = append(m.extra, fields...)
	}
}

// inAlbum makes a message a part of an album.
func inAlbum(id int64) Option {
	return func(m *message) { m.album = strconv.FormatInt(13_000_000_000_000_000+id, 10) }
}
