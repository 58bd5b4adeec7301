package telegramtest

import (
	"encoding/json"
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

// markup is a reply_markup as it comes; only inline keyboards are kept.
type markup struct {
	InlineKeyboard json.RawMessage `json:"inline_keyboard"`
}

// buttonParam is an inline button as it comes. One client sends a copy_text
// with an empty text along with every button, which the real server passes over
// where the button does something else.
type buttonParam struct {
	Text         *string                `json:"text"`
	URL          string                 `json:"url"`
	CallbackData string                 `json:"callback_data"`
	Game         json.RawMessage        `json:"callback_game"`
	Pay          json.RawMessage        `json:"pay"`
	Inline       *string                `json:"switch_inline_query"`
	InlineHere   *string                `json:"switch_inline_query_current_chat"`
	InlineChosen json.RawMessage        `json:"switch_inline_query_chosen_chat"`
	Login        *struct{ URL string }  `json:"login_url"`
	WebApp       *struct{ URL string }  `json:"web_app"`
	CopyText     *struct{ Text string } `json:"copy_text"`
}

// keyboardParam reads the reply_markup of a call.
func keyboardParam(c *call) (keyboard, error) {
	raw := c.params.bytes("reply_markup")
	if len(raw) == 0 {
		return nil, nil
	}
	if !json.Valid(raw) {
		return nil, badRequest("can't parse reply keyboard markup JSON object")
	}
	var m markup
	if json.Unmarshal(raw, &m) != nil {
		return nil, badRequest("object expected as reply markup")
	}
	if m.InlineKeyboard == nil {
		return nil, nil
	}
	var rows [][]json.RawMessage
	if json.Unmarshal(m.InlineKeyboard, &rows) != nil {
		return nil, badRequest(`field "inline_keyboard" of the InlineKeyboardMarkup must be an Array of Arrays`)
	}
	var k keyboard
	total := 0
	for _, row := range rows {
		buttons := make([]Button, len(row))
		for i, raw := range row {
			b, err := readButton(raw)
			if err != nil {
				return nil, err
			}
			buttons[i] = b
		}
		if total += len(row); total > 100 {
			return nil, badRequest("reply markup is too long")
		}
		if len(row) > 0 {
			k = append(k, buttons)
		}
	}
	return k, nil
}

func readButton(raw json.RawMessage) (Button, error) {
	const cannot = "can't parse inline keyboard button: "
	if raw[0] != '{' {
		return Button{}, badRequest(cannot + "InlineKeyboardButton must be an Object")
	}
	var p buttonParam
	if json.Unmarshal(raw, &p) != nil {
		return Button{}, badRequest(cannot + "a field has a wrong type")
	}
	if p.Text == nil {
		return Button{}, badRequest(cannot + `Can't find field "text"`)
	}
	b := Button{Label: strings.TrimSpace(*p.Text)}
	if b.Label == "" {
		return b, badRequest("inline keyboard button text must be non-empty")
	}
	switch {
	case p.URL != "":
		b.URL = p.URL
		return b, checkLink(b.URL)
	case p.CallbackData != "":
		b.Data = p.CallbackData
		if len(b.Data) > 64 {
			return b, badRequest("BUTTON_DATA_INVALID")
		}
	case p.Game != nil, p.Pay != nil, p.Inline != nil, p.InlineHere != nil, p.InlineChosen != nil:
	case p.Login != nil:
		b.URL = p.Login.URL
		return b, checkLink(b.URL)
	case p.WebApp != nil:
		b.URL = p.WebApp.URL
		return b, checkLink(b.URL)
	case p.CopyText != nil:
		b.Copy = p.CopyText.Text
		if n := utf8.RuneCountInString(b.Copy); n < 1 || n > 256 {
			return b, badRequest("BUTTON_COPY_TEXT_INVALID")
		}
	default:
		return b, badRequest(cannot + "Text buttons are unallowed in the inline keyboard")
	}
	return b, nil
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
