package telegramtest

import (
	"net/url"
	"slices"
	"strings"
	"unicode/utf8"
)

// Button is a button under a message. Exactly one of Data, URL and Copy says
// what it does, except for kinds that are kept only by their label.
type Button struct {
	Label string
	Data  string // comes back when it is pressed
	URL   string // opens
	Copy  string // goes to the clipboard
}

// keyboard is an inline keyboard.
type keyboard [][]Button

func (k keyboard) equal(other keyboard) bool {
	return slices.EqualFunc(k, other, slices.Equal)
}

func (k keyboard) write(o *object) {
	o.open()
	o.array("inline_keyboard", func() {
		for _, row := range k {
			o.buf = append(o.comma(), '[')
			for _, b := range row {
				o.element(func() {
					o.str("text", b.Label)
					o.text("callback_data", b.Data)
					o.text("url", b.URL)
					if b.Copy != "" {
						o.object("copy_text", func() { o.str("text", b.Copy) })
					}
				})
			}
			o.buf = append(o.buf, ']')
		}
	})
	o.close()
}

// keyboardParam reads the reply_markup of a call. Only inline keyboards are
// kept.
func keyboardParam(c *call) (keyboard, error) {
	raw := c.params.bytes("reply_markup")
	if len(raw) == 0 {
		return nil, nil
	}
	in := scanner{data: raw}
	if in.peek() != '{' {
		if in.skip(0); !in.end() {
			return nil, badRequest("can't parse reply keyboard markup JSON object")
		}
		return nil, badRequest("object expected as reply markup")
	}
	var k keyboard
	var wrong error
	in.object(func(name string) {
		if name != "inline_keyboard" {
			in.skip(0)
			return
		}
		if rows, err := readKeyboard(&in); wrong == nil {
			k, wrong = rows, err
		}
	})
	if !in.end() {
		return nil, badRequest("can't parse reply keyboard markup JSON object")
	}
	return k, wrong
}

func readKeyboard(in *scanner) (keyboard, error) {
	const shape = `field "inline_keyboard" of the InlineKeyboardMarkup must be an Array of Arrays`
	if in.peek() != '[' {
		in.skip(0)
		return nil, badRequest(shape)
	}
	var k keyboard
	var wrong error
	total := 0
	in.array(func() {
		if in.peek() != '[' {
			in.skip(0)
			wrong = badRequest(shape)
			return
		}
		var row []Button
		in.array(func() {
			b, err := readButton(in)
			if wrong == nil {
				wrong = err
			}
			row = append(row, b)
		})
		if total += len(row); total > 100 && wrong == nil {
			wrong = badRequest("reply markup is too long")
		}
		if len(row) > 0 {
			k = append(k, row)
		}
	})
	return k, wrong
}

// readButton reads one inline button. One client sends a copy_text with an
// empty text along with every button, which the real server passes over where
// the button does something else.
func readButton(in *scanner) (Button, error) {
	const cannot = "can't parse inline keyboard button: "
	if in.peek() != '{' {
		in.skip(0)
		return Button{}, badRequest(cannot + "InlineKeyboardButton must be an Object")
	}
	var b Button
	named, other, copies := false, false, false
	app := ""
	in.object(func(field string) {
		switch field {
		case "text":
			named = true
			b.Label = strings.TrimSpace(in.optional())
		case "url":
			b.URL = in.optional()
		case "callback_data":
			b.Data = in.optional()
		case "login_url", "web_app", "copy_text":
			if in.peek() != '{' {
				in.skip(0)
				return
			}
			copies = copies || field == "copy_text"
			in.object(func(inner string) {
				switch {
				case field == "copy_text" && inner == "text":
					b.Copy = in.optional()
				case inner == "url":
					app = in.optional()
				default:
					in.skip(0)
				}
			})
		case "callback_game", "pay", "switch_inline_query", "switch_inline_query_current_chat", "switch_inline_query_chosen_chat":
			other = string(in.raw()) != "null" || other
		default:
			in.skip(0)
		}
	})
	switch {
	case !named:
		return b, badRequest(cannot + `Can't find field "text"`)
	case b.Label == "":
		return b, badRequest("inline keyboard button text must be non-empty")
	case b.URL != "":
		return Button{Label: b.Label, URL: b.URL}, checkLink(b.URL)
	case b.Data != "":
		if len(b.Data) > 64 {
			return b, badRequest("BUTTON_DATA_INVALID")
		}
		return Button{Label: b.Label, Data: b.Data}, nil
	case other:
		return Button{Label: b.Label}, nil
	case app != "":
		return Button{Label: b.Label, URL: app}, checkLink(app)
	case copies:
		if n := utf8.RuneCountInString(b.Copy); n < 1 || n > 256 {
			return b, badRequest("BUTTON_COPY_TEXT_INVALID")
		}
		return b, nil
	}
	return b, badRequest(cannot + "Text buttons are unallowed in the inline keyboard")
}

// checkLink refuses what a button cannot open.
func checkLink(link string) error {
	if !strings.Contains(link, "://") {
		link = "http://" + link
	}
	parsed, err := url.Parse(link)
	if err != nil || parsed.Host == "" || parsed.Scheme != "tg" && !strings.Contains(parsed.Host, ".") {
		return badRequest("inline keyboard button URL '%s' is invalid: Wrong HTTP URL", link)
	}
	return nil
}

func validText(s string) bool { return utf8.ValidString(s) }
