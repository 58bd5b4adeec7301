package bot

import (
	"time"

	"github.com/aldanba/aldanba/detector"
)

// Event is what a person did: opened the conversation, pressed a button, or
// sent something. Exactly one of Start, Choice and Messages is set.
type Event struct {
	Person   string    // stable name of the conversation, opaque to the bot
	Group    bool      // several people take part: nobody can agree to anything for all
	Lang     string    // language of their messenger as it names it ("ru", "kk-KZ"), or empty
	Start    bool      // they have just opened the conversation
	Choice   string    // id of the button that they pressed, or of the command
	Messages []Message // what they sent together, in order: one case
	Edited   bool      // the messages replace earlier versions of themselves
	Earlier  *Earlier  // set when the files of the case have been read or a judge was heard: what was said before
	Made     *Papers   // set when the papers that the person asked for have been made
}

// Message is one message of a case, as far as it could be read.
type Message struct {
	ID        string    // its name in its chat, opaque to the bot
	At        time.Time // when it was first sent, zero where that is not known
	Sender    string    // who first sent what was forwarded, as the messenger names them; any text
	Text      string    // all that a person could see or be led to: text, caption, hidden links, addresses under buttons
	Forwarded bool      // somebody else's words, not the person's own
	From      string    // whose words they are, a stable name opaque to the bot, empty while unknown; only digests of it are kept
	Read      bool      // the text was read from a file of the message with this ID; it is Forwarded unless the person spoke it
	Ending    string    // ending of a file whose name stands in the text, as "apk": what the rest of a name says excuses no program
	Files     []File    // what has yet to be turned into text
	Gaps      []Gap     // what could not be read, and why
}

// FileKind says what sort of file it is for the person who sent it.
type FileKind string

// The kinds of files.
const (
	Picture  FileKind = "picture"
	Voice    FileKind = "voice" // a voice note or another sound
	Video    FileKind = "video" // only its sound can be read
	Document FileKind = "document"
)

// File is something that a messenger keeps and that has to be fetched and read
// before it can be judged.
type File struct {
	Kind   FileKind
	Ref    string        // by which the messenger fetches it
	Name   string        // as the sender named it, or empty
	MIME   string        // as the messenger names its type, or empty
	Size   int64         // bytes, 0 where it is not known
	Length time.Duration // of a sound or video, 0 where it is not known
}

// Gap says why something was not read. Its words are in locales as "gap_"+Gap.
type Gap string

// The gaps.
const (
	GapStory         Gap = "story"          // a story: a bot sees only its sender
	GapPreview       Gap = "preview"        // only the address of a link preview is seen
	GapSticker       Gap = "sticker"        // a sticker has no text
	GapLocation      Gap = "location"       // a place on the map
	GapUnknown       Gap = "unknown"        // a kind of message that is not known
	GapTooBig        Gap = "too_big"        // the file is larger than a bot may fetch
	GapTooLong       Gap = "too_long"       // the sound is longer than is listened to
	GapNoPictures    Gap = "no_pictures"    // no way to read pictures is switched on
	GapNoVoice       Gap = "no_voice"       // no way to listen is switched on
	GapNoText        Gap = "no_text"        // read, and there was no text in it
	GapUnfetched     Gap = "unfetched"      // the messenger did not hand the file over
	GapUnreadable    Gap = "unreadable"     // broken, of a type that is not read, or too costly to read
	GapEncrypted     Gap = "encrypted"      // locked with a password
	GapAskPicture    Gap = "ask_picture"    // would be read by a service, which the person has yet to allow
	GapAskVoice      Gap = "ask_voice"      // the same for sound
	GapDeniedPicture Gap = "denied_picture" // the person does not want a service to read it
	GapDeniedVoice   Gap = "denied_voice"   // the same for sound
)

// Reading is what was found in one file.
type Reading struct {
	Text    string // everything readable, QR codes and file names included; it is judged like a message
	Receipt bool   // it looks like a receipt of a payment
	Ending  string // its true ending, or that of a file in it, where it installs or runs something; empty otherwise
	Gaps    []Gap  // what could not be read of it
}

// Consent is what a person answered to a question of privacy.
type Consent int8

// The answers.
const (
	NotAsked Consent = iota
	Agreed
	Refused
)

// Services says what of a person's files may be shown to services outside,
// which cannot be masked before they are read.
type Services struct {
	Picture, Voice Consent
}

// Earlier is what the bot had said of a case before its files were read or
// a judge was heard.
type Earlier struct {
	Level   detector.Level // of what could be read at once; empty: nothing could
	Receipt bool           // one of the files is a receipt of a payment
	Judged  bool           // the verdict was given, and a judge has been asked since
	Opinion *Opinion       // of the judge, nil: there is none
}

// Opinion is what a judge thinks of a case.
type Opinion = detector.Opinion

// Reply is one message of the bot, plain text with buttons under it.
type Reply struct {
	Text     string
	Choices  []Choice
	Pictures [][]byte // PNG, shown above the text by a messenger that can
	About    string   // id of the message that the reply is about, or empty
	Replace  bool     // takes the place of an earlier reply to the case, without a sound
	Verdict  bool     // holds the verdict: this is the reply whose place a later one takes; without one it is the first
	Urgent   bool     // goes out before replies that are not
	// Attached are files that come with the text. Where the messenger refuses
	// them, Instead is said in their place.
	Attached []Attachment
	Instead  string
}

// Attachment is a file that the bot sends.
type Attachment struct {
	Name string // of the file: Latin letters, digits, hyphens and dots
	MIME string
	Data []byte
}

// Choice is a button. Its id comes back in Event.Choice.
type Choice struct {
	ID, Label string
}

// Answer is what the bot says to an event.
type Answer struct {
	Replies []Reply
	Level   detector.Level // of the case, empty where none was judged
	Scheme  string         // leading scheme of the case, or empty
	Lang    string         // language of the reply
	Reading bool           // files of the case are still to be read
	Judging bool           // a judge is to be asked about the case, which may change the verdict
	Resume  bool           // the person has answered whether services may read: cases that wait for it go on
	Erased  bool           // the person is forgotten: cases that wait are dropped
	Making  bool           // papers are to be made, with Bot.Make; the answer to them is that to Event.Made
	Handed  bool           // the replies hand papers over: Bot.Delivered is to be told when they were sent
}

// Papers are papers that were made, as the replies that hand them over.
type Papers struct{ Replies []Reply }
