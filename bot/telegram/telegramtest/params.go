package telegramtest

import (
	"bytes"
	"errors"
	"mime"
	"net/http"
	"net/url"
	"strconv"
	"strings"
)

// param is one argument of a call. Values point into the body of the request:
// whoever keeps one copies it.
type param struct {
	name  string
	value []byte
	file  string // the file's name, for an uploaded file
	mime  string
	isSet bool // it is an uploaded file
}

type params []param

func (p params) find(name string) *param {
	for i := range p {
		if p[i].name == name {
			return &p[i]
		}
	}
	return nil
}

func (p params) bytes(name string) []byte {
	if found := p.find(name); found != nil && !found.isSet {
		return found.value
	}
	return nil
}

func (p params) str(name string) string { return string(p.bytes(name)) }

// int reads a whole number; what is not one counts as absent, as on the real
// server.
func (p params) int(name string, absent int64) int64 {
	n, err := strconv.ParseInt(string(p.bytes(name)), 10, 64)
	if err != nil {
		return absent
	}
	return n
}

func (p params) bool(name string) bool {
	switch strings.ToLower(p.str(name)) {
	case "true", "yes", "1":
		return true
	}
	return false
}

var (
	errBadJSON      = errors.New("can't parse JSON object")
	errBadMultipart = errors.New("can't parse multipart body")
	errBadForm      = errors.New("can't parse form")
)

// parseParams reads the arguments of a call from its query string and body in
// any of the three encodings that the Bot API accepts.
func parseParams(r *http.Request, body []byte) (params, error) {
	found := make(params, 0, 8)
	var err error
	if r.URL.RawQuery != "" {
		if found, err = parseForm(r.URL.RawQuery, found); err != nil {
			return nil, err
		}
	}
	if len(body) == 0 {
		return found, nil
	}
	kind, attributes, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil {
		return found, nil // a body of no known type carries no arguments
	}
	switch kind {
	case "application/json":
		return parseJSON(body, found)
	case "application/x-www-form-urlencoded":
		return parseForm(string(body), found)
	case "multipart/form-data":
		return parseMultipart(body, attributes["boundary"], found)
	}
	return found, nil
}

func parseForm(encoded string, found params) (params, error) {
	values, err := url.ParseQuery(encoded)
	if err != nil {
		return nil, errBadForm
	}
	for name, list := range values {
		found = append(found, param{name: name, value: []byte(list[0])})
	}
	return found, nil
}

// parseJSON takes the fields of an object: strings as what they say, all else as
// its JSON.
func parseJSON(body []byte, found params) (params, error) {
	in := scanner{data: body}
	in.object(func(name string) {
		switch in.peek() {
		case '"':
			found = append(found, param{name: name, value: []byte(in.str())})
		case 'n':
			in.skip(0) // null is absent
		default:
			found = append(found, param{name: name, value: in.raw()})
		}
	})
	if !in.end() {
		return nil, errBadJSON
	}
	return found, nil
}

// parseMultipart splits a whole multipart body in place. The standard reader
// would copy every part; this one is on the hot path of a client that sends
// all its calls so.
func parseMultipart(body []byte, boundary string, found params) (params, error) {
	if boundary == "" {
		return nil, errBadMultipart
	}
	delimiter := []byte("\r\n--" + boundary)
	rest, ok := bytes.CutPrefix(body, delimiter[2:])
	if !ok {
		return nil, errBadMultipart
	}
	for {
		if bytes.HasPrefix(rest, []byte("--")) {
			return found, nil
		}
		rest, ok = bytes.CutPrefix(rest, []byte("\r\n"))
		if !ok {
			return nil, errBadMultipart
		}
		header, after, ok := bytes.Cut(rest, []byte("\r\n\r\n"))
		if !ok {
			return nil, errBadMultipart
		}
		end := bytes.Index(after, delimiter)
		if end < 0 {
			return nil, errBadMultipart
		}
		part, ok := partHeader(string(header))
		if !ok {
			return nil, errBadMultipart
		}
		part.value = after[:end]
		found = append(found, part)
		rest = after[end+len(delimiter):]
	}
}

// partHeader reads the name, file name and type of one part.
func partHeader(header string) (param, bool) {
	var part param
	for line := range strings.SplitSeq(header, "\r\n") {
		name, value, _ := strings.Cut(line, ":")
		value = strings.TrimSpace(value)
		switch {
		case strings.EqualFold(name, "Content-Disposition"):
			part.name, _ = attribute(value, "name")
			part.file, part.isSet = attribute(value, "filename")
		case strings.EqualFold(name, "Content-Type"):
			part.mime = value
		}
	}
	return part, part.name != ""
}

// attribute takes an attribute of a header by its name. Clients differ in
// spaces and in whether they quote values.
func attribute(header, name string) (string, bool) {
	for {
		var ok bool
		if _, header, ok = strings.Cut(header, ";"); !ok {
			return "", false
		}
		var key, value string
		if key, header, ok = strings.Cut(header, "="); !ok {
			return "", false
		}
		value, header = attributeValue(header)
		if strings.EqualFold(strings.TrimSpace(key), name) {
			return value, true
		}
	}
}

// unescape reads the ways in which clients write a quote inside a value.
var unescape = strings.NewReplacer(`\"`, `"`, `\\`, `\`, "%22", `"`)

// attributeValue takes a value and gives what comes after it.
func attributeValue(s string) (value, rest string) {
	if !strings.HasPrefix(s, `"`) {
		end := strings.IndexByte(s, ';')
		if end < 0 {
			end = len(s)
		}
		return s[:end], s[end:]
	}
	for i := 1; i < len(s); i++ {
		switch s[i] {
		case '\\':
			i++
		case '"':
			value = s[1:i]
			if strings.ContainsAny(value, `\%`) {
				value = unescape.Replace(value)
			}
			return value, s[i+1:]
		}
	}
	return "", ""
}
