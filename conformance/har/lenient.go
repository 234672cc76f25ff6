package har

import (
	"bytes"
	"encoding/json"
	"net/http"
	"strings"
)

// The part of an archive that is read. Tools differ in the types they write.
type rawEntry struct {
	Started  text        `json:"startedDateTime"`
	Time     number      `json:"time"`
	Request  *rawMessage `json:"request"`
	Response *rawMessage `json:"response"`
}

type rawMessage struct {
	Method      text        `json:"method"`
	URL         text        `json:"url"`
	HTTPVersion text        `json:"httpVersion"`
	Status      number      `json:"status"`
	Headers     headers     `json:"headers"`
	PostData    *rawContent `json:"postData"`
	Content     *rawContent `json:"content"`
	BodySize    number      `json:"bodySize"`
	Error       text        `json:"_error"`
}

type rawContent struct {
	MimeType text    `json:"mimeType"`
	Text     *text   `json:"text"`
	Encoding text    `json:"encoding"`
	Size     number  `json:"size"`
	Params   headers `json:"params"`
}

// text is a string; a number or a boolean is taken as it is written, null is empty.
type text string

func (t *text) UnmarshalJSON(b []byte) error {
	if len(b) > 0 && b[0] == '"' {
		return json.Unmarshal(b, (*string)(t))
	}
	if *t = text(b); string(b) == "null" || len(b) > 0 && (b[0] == '{' || b[0] == '[') {
		*t = ""
	}
	return nil
}

// number is a number, also in quotes; anything else is -1, which HAR has for
// "not known".
type number float64

func (n *number) UnmarshalJSON(b []byte) error {
	var f float64
	if json.Unmarshal(bytes.Trim(b, `"`), &f) != nil || string(b) == "null" {
		f = -1
	}
	*n = number(f)
	return nil
}

// pair is one header, parameter or the like.
type pair struct {
	Name  text `json:"name"`
	Value text `json:"value"`
}

// headers is a list of pairs; some tools write an object.
type headers []pair

func (h *headers) UnmarshalJSON(b []byte) error {
	var list []pair
	if json.Unmarshal(b, &list) == nil {
		*h = list
		return nil
	}
	var object map[string]text
	if json.Unmarshal(b, &object) == nil {
		*h = nil
		for name, value := range object {
			*h = append(*h, pair{text(name), value})
		}
	}
	return nil
}

// header leaves out the pseudo headers of HTTP/2 and names that are none.
func (h headers) header() http.Header {
	out := http.Header{}
	for _, p := range h {
		name := strings.TrimSpace(string(p.Name))
		if name == "" || strings.HasPrefix(name, ":") {
			continue
		}
		out.Add(name, string(p.Value))
	}
	return out
}
