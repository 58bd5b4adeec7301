package telegramtest_test

import (
	"bytes"
	"encoding/json"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/aldanba/aldanba/bot/telegram/telegramtest"
)

func TestEncodings(t *testing.T) {
	s, c := start(t, telegramtest.Options{})
	s.User(7, "ru").Sends("hi")
	text := `Қауіпсіз "тест" & %20 + 1`
	calls := map[string]func() reply{
		"json": func() reply { return c.call("sendMessage", map[string]any{"chat_id": 7, "text": text}) },
		"form": func() reply { return c.form("sendMessage", url.Values{"chat_id": {"7"}, "text": {text}}) },
		"multipart": func() reply {
			return c.multipart("sendMessage", func(w *multipart.Writer) {
				_ = w.WriteField("chat_id", "7")
				_ = w.WriteField("text", text)
			})
		},
		"query": func() reply {
			return c.form("sendMessage?"+url.Values{"chat_id": {"7"}, "text": {text}}.Encode(), nil)
		},
		"other case": func() reply { return c.call("SENDmessage", map[string]any{"chat_id": "7", "text": text}) },
	}
	for name, call := range calls {
		r := call()
		if !r.OK {
			t.Errorf("%s: %s", name, r.Description)
			continue
		}
		sent := s.Sent(7)
		if got := sent[len(sent)-1].Text; got != text {
			t.Errorf("%s: got %q", name, got)
		}
		if r.header.Get("Content-Type") != "application/json" {
			t.Errorf("%s: type %s", name, r.header.Get("Content-Type"))
		}
	}
	if got := s.Count("sendMessage"); got != int64(len(calls)) {
		t.Errorf("%d calls counted", got)
	}
	response, err := http.Get(c.url + "getMe")
	if err != nil {
		t.Fatal(err)
	}
	_ = response.Body.Close()
	if response.StatusCode != 200 {
		t.Errorf("GET: %d", response.StatusCode)
	}
}

func TestMultipartDialects(t *testing.T) {
	s, c := start(t, telegramtest.Options{})
	s.User(7, "ru").Sends("hi")
	// a client of Node.js leaves out spaces and quotes
	body := "--b\r\ncontent-disposition:form-data;name=\"chat_id\"\r\n\r\n7\r\n" +
		"--b\r\ncontent-disposition:form-data;name=\"document\"\r\n\r\nattach://x\r\n" +
		"--b\r\ncontent-disposition:form-data;name=\"x\";filename=есеп.pdf\r\ncontent-type:application/pdf\r\n\r\n%PDF\r\n--\r\n\r\n--b--\r\n"
	r, err := c.do("sendDocument", "multipart/form-data; boundary=b", strings.NewReader(body))
	if err != nil || !r.OK {
		t.Fatal(err, r.Description)
	}
	if f := s.Sent(7)[0].File; f.Name != "есеп.pdf" || f.MIME != "application/pdf" || string(f.Data) != "%PDF\r\n--\r\n" {
		t.Errorf("got %+v", f)
	}
	// another one announces a form and sends nothing where it has no arguments
	r, err = c.do("getMe", "multipart/form-data; boundary=b", strings.NewReader(""))
	if err != nil || !r.OK {
		t.Error(err, r.Description)
	}
}

func TestWrongCalls(t *testing.T) {
	s := telegramtest.New(telegramtest.Options{MaxBody: 1000})
	defer s.Close()
	for _, test := range []struct {
		path, kind, body string
		code             int
		description      string
	}{
		{"/bot123456:TEST/noSuchMethod", "", "", 404, "Not Found: method not found"},
		{"/bot123456:WRONG/getMe", "", "", 401, "Unauthorized"},
		{"/bot/getMe", "", "", 401, "Unauthorized"},
		{"/file/botWRONG/documents/file_1", "", "", 401, "Unauthorized"},
		{"/file/bot123456:TEST/documents/file_1", "", "", 404, "Not Found"},
		{"/getMe", "", "", 404, "Not Found"},
		{"/bot123456:TEST/sendMessage", "application/json", "{", 400, "Bad Request: can't parse JSON object"},
		{"/bot123456:TEST/sendMessage", "application/json", "[]", 400, "Bad Request: can't parse JSON object"},
		{"/bot123456:TEST/sendMessage", "application/json", `{"a":1}}`, 400, "Bad Request: can't parse JSON object"},
		{"/bot123456:TEST/sendMessage", "multipart/form-data; boundary=b", "--b\r\nx", 400, "Bad Request: can't parse multipart body"},
		{"/bot123456:TEST/sendMessage", "multipart/form-data", "--b\r\nx", 400, "Bad Request: can't parse multipart body"},
		{"/bot123456:TEST/sendMessage", "application/x-www-form-urlencoded", "%zz", 400, "Bad Request: can't parse form"},
		{"/bot123456:TEST/sendMessage", "text/plain", "chat_id=7", 400, "Bad Request: message text is empty"},
		{"/bot123456:TEST/sendMessage", "application/json", strings.Repeat(" ", 1001), 413, "Request Entity Too Large"},
	} {
		r := httptest.NewRequest(http.MethodPost, test.path, strings.NewReader(test.body))
		r.Header.Set("Content-Type", test.kind)
		w := httptest.NewRecorder()
		s.ServeHTTP(w, r)
		var got reply
		if err := json.Unmarshal(w.Body.Bytes(), &got); err != nil {
			t.Fatalf("%s: %v", test.path, err)
		}
		if got.OK || w.Code != test.code || got.Code != test.code || got.Description != test.description {
			t.Errorf("%s %q: got %d %+v", test.path, test.body[:min(len(test.body), 20)], w.Code, got)
		}
	}
}

// FuzzCall shows that no request breaks the server and that each answer is
// JSON.
func FuzzCall(f *testing.F) {
	methods := []string{"sendMessage", "editMessageText", "sendDocument", "sendPhoto", "setMyCommands",
		"setMessageReaction", "setChatMenuButton", "answerCallbackQuery", "getFile", "getChatMember"}
	f.Add(0, "application/json", []byte(`{"chat_id":7,"text":"<b>x</b>","parse_mode":"HTML","reply_markup":{"inline_keyboard":[[{"text":"a","callback_data":"b","copy_text":{"text":""}}]]}}`))
	f.Add(2, "multipart/form-data; boundary=b", []byte("--b\r\ncontent-disposition:form-data;name=\"chat_id\"\r\n\r\n7\r\n--b--\r\n"))
	f.Add(1, "application/x-www-form-urlencoded", []byte(`chat_id=7&message_id=2&text=<a href="x.kz">&reply_parameters={"message_id":1,"quote":"h"}`))
	f.Fuzz(func(t *testing.T, method int, kind string, body []byte) {
		s := telegramtest.New(telegramtest.Options{})
		defer s.Close()
		s.User(7, "ru").Sends("hi")
		r := httptest.NewRequest(http.MethodPost, "/bot123456:TEST/"+methods[uint(method)%uint(len(methods))], bytes.NewReader(body))
		r.Header.Set("Content-Type", kind)
		w := httptest.NewRecorder()
		s.ServeHTTP(w, r)
		if !json.Valid(w.Body.Bytes()) {
			t.Errorf("%d: %q", w.Code, w.Body)
		}
		s.Conversation(7)
	})
}
