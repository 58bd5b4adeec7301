package telegram

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"hash"
	"sync"
	"time"
	"unicode/utf8"

	"github.com/aldanba/aldanba/bot"
)

// The data of a button is a stamp and the id of the choice. The stamp is the
// day on which the button was made and a digest, so a button works after a
// restart, and only in its chat, with its choice, and for a while.
const (
	maxData    = 64 // bytes, core.telegram.org/bots/api#inlinekeyboardbutton
	digestSize = 7
	stampSize  = (2 + digestSize) * 4 / 3

	// MaxChoice is how many bytes the id of a choice may have.
	MaxChoice = maxData - stampSize

	// buttonDays is how long a button is accepted. Advice grows old.
	buttonDays = 30
)

// data gives the data of a button that stands for the choice in the chat.
func (a *Adapter) data(chat int64, choice string) string {
	return a.stamp(chat, choice, dayOf(a.now())) + choice
}

// choice gives the choice of a pressed button, or bot.ChoiceStale where the
// data is not ours, belongs to another chat or is too old.
func (a *Adapter) choice(chat int64, data string) string {
	if len(data) <= stampSize || len(data) > maxData || !utf8.ValidString(data) {
		return bot.ChoiceStale
	}
	stamp, choice := data[:stampSize], data[stampSize:]
	raw, err := base64.RawURLEncoding.DecodeString(stamp)
	if err != nil {
		return bot.ChoiceStale
	}
	day, today := binary.BigEndian.Uint16(raw), dayOf(a.now())
	// A clock may step back by a day.
	if !hmac.Equal([]byte(stamp), []byte(a.stamp(chat, choice, day))) || day > today+1 || today > day+buttonDays {
		return bot.ChoiceStale
	}
	return choice
}

// pressed gives the choice of an update that is a pressed button.
func (a *Adapter) pressed(u *update) string { return a.choice(u.chat(), u.CallbackQuery.Data) }

func (a *Adapter) stamp(chat int64, choice string, day uint16) string {
	text := binary.BigEndian.AppendUint16(make([]byte, 0, 128), day)
	text = binary.BigEndian.AppendUint64(text, uint64(chat))
	mac := a.stamps.Get().(hash.Hash)
	defer a.stamps.Put(mac)
	mac.Reset()
	mac.Write(append(text, choice...))
	return base64.RawURLEncoding.EncodeToString(append(text[:2], mac.Sum(text[2:2])[:digestSize]...))
}

// newStamps keeps the states of the digest: a reply has many buttons, and making
// a state costs more than a stamp.
func newStamps(key []byte) *sync.Pool {
	return &sync.Pool{New: func() any { return hmac.New(sha256.New, key) }}
}

// dayOf counts days since 1970; the count fits until the year 2149.
func dayOf(t time.Time) uint16 { return uint16(t.Unix() / (24 * 60 * 60)) }
