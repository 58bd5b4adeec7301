package telegram

import (
	"cmp"
	"fmt"
	"path"
	"strconv"
	"strings"
	"time"

	"github.com/go-telegram/bot/models"

	"github.com/aldanba/aldanba/bot"
)

// Bounds on what is read of one message. Telegram's own are lower; they hold
// where something else speaks its protocol.
const (
	maxFile     = 20 << 20 // bytes that the Bot API hands over, core.telegram.org/bots/api#getfile
	maxText     = 64 << 10 // bytes
	maxEntities = 200
	maxButtons  = 100
	maxParts    = 100 // options of a poll, tasks of a list, lines of a card
)

// reading collects what can be read of one message.
type reading struct {
	bot.Message
	text strings.Builder
}

// add appends lines.
func (r *reading) add(lines ...string) {
	for _, line := range lines {
		line = strings.TrimSpace(strings.ToValidUTF8(line, "\uFFFD"))
		if room := maxText - r.text.Len() - 1; len(line) > room {
			line = strings.ToValidUTF8(line[:max(room, 0)], "")
		}
		if line == "" {
			continue
		}
		if r.text.Len() > 0 {
			r.text.WriteByte('\n')
		}
		r.text.WriteString(line)
	}
}

// once appends an address or a name, unless the text holds it.
func (r *reading) once(identifier string) {
	for word := range strings.FieldsSeq(r.text.String()) {
		if word == identifier {
			return
		}
	}
	r.add(identifier)
}

// name appends the public name of a person, bot or channel. It is an
// identifier, unlike the name that is displayed, which anybody may choose.
func (r *reading) name(username string) {
	if username != "" {
		r.once("@" + username)
	}
}

// prose appends a text and the addresses that are hidden behind its words.
func (r *reading) prose(text string, entities []models.MessageEntity) {
	r.add(text)
	for _, e := range entities[:min(len(entities), maxEntities)] {
		r.once(e.URL)
	}
}

func (r *reading) gap(gap bot.Gap) { r.Gaps = append(r.Gaps, gap) }

// installers are the types of files that install or run something, with the
// endings that are theirs.
var installers = map[string]string{
	"application/vnd.android.package-archive":       "apk",
	"application/x-apple-aspen-config":              "mobileconfig",
	"application/x-apple-diskimage":                 "dmg",
	"application/x-msdownload":                      "exe",
	"application/x-dosexec":                         "exe",
	"application/vnd.microsoft.portable-executable": "exe",
	"application/x-msi":                             "msi",
	"application/java-archive":                      "jar",
}

// file takes up a file. One that is too big is judged by its name and its type:
// a program is one whatever it is called.
func (r *reading) file(f bot.File) {
	switch {
	case f.Size > maxFile:
		r.Ending = strings.TrimPrefix(path.Ext(f.Name), ".")
		if ending := installers[strings.ToLower(f.MIME)]; ending != "" && !strings.EqualFold(r.Ending, ending) {
			f.Name, r.Ending = cmp.Or(f.Name, "file")+"."+ending, ending
		}
		r.add(f.Name)
		r.gap(bot.GapTooBig)
	case f.Ref != "":
		f.Name = strings.ToValidUTF8(f.Name, "\uFFFD")
		r.Files = append(r.Files, f)
	}
}

func (r *reading) sound(kind bot.FileKind, ref, name, mime string, size int64, seconds int) {
	r.file(bot.File{Kind: kind, Ref: ref, Name: name, MIME: mime, Size: size, Length: time.Duration(seconds) * time.Second})
}

// photo takes up the largest of the sizes in which a picture is offered that a
// bot may fetch.
func (r *reading) photo(sizes []models.PhotoSize) {
	var best models.PhotoSize
	for _, s := range sizes {
		if s.FileSize <= maxFile && (best.FileID == "" || s.Width > best.Width) {
			best = s
		}
	}
	switch {
	case best.FileID != "":
		r.file(bot.File{Kind: bot.Picture, Ref: best.FileID, Size: int64(best.FileSize)})
	case len(sizes) > 0:
		r.gap(bot.GapTooBig)
	}
}

// message reads a whole message. understood is false where it is of a kind that
// is not known.
func (r *reading) message(m *message) (understood bool) {
	r.ID, r.Forwarded, r.At = strconv.Itoa(m.ID), m.Origin != nil, moment(m.Date)
	if m.Origin != nil {
		r.At, r.Sender = moment(m.Origin.Date), m.Origin.sender()
	}
	r.prose(m.Text, m.Entities)
	r.prose(m.Caption, m.CaptionEntities)
	r.content(&m.content, m.Text)
	r.keyboard(m.ReplyMarkup)
	if m.ReplyToStory != nil {
		r.story(m.ReplyToStory)
	}
	understood = r.text.Len()+len(r.Files)+len(r.Gaps) > 0
	if m.ViaBot != nil {
		r.name(m.ViaBot.Username)
	}
	r.origin(m.Origin, m.From)
	r.From = m.Origin.name()
	return understood
}

// name is a name by which forwarded messages of one sender are known, empty
// where nothing is known.
func (o *origin) name() string {
	switch {
	case o == nil:
		return ""
	case o.User != nil:
		return "user " + strconv.FormatInt(o.User.ID, 10)
	case o.From != nil:
		return "chat " + strconv.FormatInt(o.From.ID, 10)
	case o.Chat != nil:
		return "chat " + strconv.FormatInt(o.Chat.ID, 10)
	case o.Name != "":
		return "name " + o.Name
	}
	return ""
}

// moment gives a time of the Bot API, zero where there is none.
func moment(seconds int64) time.Time {
	if seconds <= 0 {
		return time.Time{}
	}
	return time.Unix(seconds, 0).UTC()
}

// sender names who first sent a message as people see them: the displayed name,
// which anybody may choose, and the public one, which leads to them.
func (o *origin) sender() string {
	var names []string
	name := func(parts ...string) {
		if part := strings.TrimSpace(strings.Join(parts, " ")); part != "" {
			names = append(names, part)
		}
	}
	if u := o.User; u != nil {
		name(u.FirstName, u.LastName)
		if u.Username != "" {
			name("@" + u.Username)
		}
		name("id " + strconv.FormatInt(u.ID, 10))
	}
	name(o.Name)
	for _, chat := range []*models.Chat{o.From, o.Chat} {
		if chat == nil {
			continue
		}
		name(chat.Title)
		if chat.Username != "" {
			name("@" + chat.Username)
		}
	}
	name(o.Signature)
	sender := []rune(strings.ToValidUTF8(strings.Join(names, ", "), "\uFFFD"))
	return string(sender[:min(len(sender), maxSender)])
}

// maxSender is how many letters of the names of a sender are kept.
const maxSender = 300

// origin names whose words were forwarded, unless they are the person's own.
func (r *reading) origin(o *origin, self *models.User) {
	if o == nil {
		return
	}
	if o.User != nil && (self == nil || o.User.ID != self.ID) {
		r.name(o.User.Username)
	}
	for _, chat := range []*models.Chat{o.From, o.Chat} {
		if chat != nil {
			r.name(chat.Username)
		}
	}
}

// keyboard appends what the buttons lead to, each after its label.
func (r *reading) keyboard(k *keyboard) {
	if k == nil {
		return
	}
	seen := 0
	for _, row := range k.Rows {
		for _, b := range row {
			if seen++; seen > maxButtons {
				return
			}
			targets := []string{b.URL}
			if b.LoginURL != nil {
				targets = append(targets, b.LoginURL.URL)
			}
			if b.WebApp != nil {
				targets = append(targets, b.WebApp.URL)
			}
			if b.CopyText != nil {
				targets = append(targets, b.CopyText.Text)
			}
			for _, target := range targets {
				if target != "" {
					r.add(b.Text)
					r.once(target)
				}
			}
		}
	}
}

// content reads what a message holds besides its text.
func (r *reading) content(c *content, text string) {
	r.photo(c.Photo)
	switch {
	case c.Animation != nil: // comes with a Document that is the same file; it has neither sound nor letters
		r.gap(bot.GapUnreadable)
	case c.Document != nil:
		d := c.Document
		r.file(bot.File{Kind: bot.Document, Ref: d.FileID, Name: d.FileName, MIME: d.MimeType, Size: d.FileSize})
	}
	if v := c.Voice; v != nil {
		r.sound(bot.Voice, v.FileID, "", v.MimeType, v.FileSize, v.Duration)
	}
	if a := c.Audio; a != nil {
		r.sound(bot.Voice, a.FileID, a.FileName, a.MimeType, a.FileSize, a.Duration)
	}
	if v := c.Video; v != nil {
		r.sound(bot.Video, v.FileID, v.FileName, v.MimeType, v.FileSize, v.Duration)
	}
	if v := c.VideoNote; v != nil {
		r.sound(bot.Video, v.FileID, "", "video/mp4", int64(v.FileSize), v.Duration)
	}
	if c.PaidMedia != nil {
		r.paid(c.PaidMedia)
	}
	if c.Sticker != nil || c.Dice != nil {
		r.gap(bot.GapSticker)
	}
	if c.Story != nil {
		r.story(c.Story)
	}
	r.place(c)
	r.offer(c)
	r.list(c)
	if c.Contact != nil {
		r.contact(c.Contact)
	}
	r.preview(c.LinkPreview, text)
}

// paid reads media that are sold; what has not been paid for cannot be seen.
func (r *reading) paid(p *paidMedia) {
	before := len(r.Files) + len(r.Gaps)
	for _, m := range p.Media[:min(len(p.Media), maxParts)] {
		r.photo(m.Photo)
		if v := m.Video; v != nil {
			r.sound(bot.Video, v.FileID, v.FileName, v.MimeType, v.FileSize, v.Duration)
		}
	}
	if len(r.Files)+len(r.Gaps) == before {
		r.gap(bot.GapUnreadable)
	}
}

func (r *reading) story(s *models.Story) {
	r.name(s.Chat.Username)
	r.gap(bot.GapStory)
}

// place reads a point on the map and what its sender calls it.
func (r *reading) place(c *content) {
	if c.Venue != nil {
		r.add(c.Venue.Title, c.Venue.Address)
	}
	if c.Venue != nil || c.Location != nil {
		r.gap(bot.GapLocation)
	}
}

// offer reads what promises or asks for something: bills, games, giveaways.
func (r *reading) offer(c *content) {
	if i := c.Invoice; i != nil {
		// All currencies that Kazakhstan pays in have hundredths.
		r.add(i.Title, i.Description, fmt.Sprintf("%d.%02d %s", i.TotalAmount/100, max(i.TotalAmount%100, 0), i.Currency))
	}
	if g := c.Game; g != nil {
		r.add(g.Title, g.Description)
		r.prose(g.Text, g.TextEntities)
	}
	if g := c.Giveaway; g != nil {
		r.add(g.PrizeDescription)
		for _, chat := range g.Chats[:min(len(g.Chats), maxParts)] {
			r.add(chat.Title)
			r.name(chat.Username)
		}
	}
	if w := c.Winners; w != nil {
		r.add(w.PrizeDescription, w.Chat.Title)
		r.name(w.Chat.Username)
	}
}

// list reads polls and checklists.
func (r *reading) list(c *content) {
	if p := c.Poll; p != nil {
		r.prose(p.Question, p.QuestionEntities)
		for _, o := range p.Options[:min(len(p.Options), maxParts)] {
			r.prose(o.Text, o.TextEntities)
		}
		r.prose(p.Explanation, p.ExplanationEntities)
	}
	if l := c.Checklist; l != nil {
		r.prose(l.Title, l.TitleEntities)
		for _, t := range l.Tasks[:min(len(l.Tasks), maxParts)] {
			r.prose(t.Text, t.TextEntities)
		}
	}
}

// preview takes up the address of a link preview. That a bot sees nothing else
// of it is worth saying where the message consists of the link alone.
func (r *reading) preview(o *models.LinkPreviewOptions, text string) {
	if o == nil || o.URL == nil || *o.URL == "" || o.IsDisabled != nil && *o.IsDisabled {
		return
	}
	r.once(*o.URL)
	if len(strings.Fields(text)) < 2 {
		r.gap(bot.GapPreview)
	}
}
