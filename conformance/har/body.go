package har

import (
	"bytes"
	"compress/gzip"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"net/url"
	"slices"
	"strings"

	"github.com/roadworthy-project/roadworthy/conformance/traffic"
)

// message reads headers and body. method is that of a request, "" for a response.
func message(m *traffic.Message, raw *rawMessage, content *rawContent, method string) error {
	m.Header, m.Why = raw.Headers.header(), "the recording does not hold it"
	if content == nil {
		m.Unread = raw.BodySize > 0 || raw.BodySize < 0 && slices.Contains([]string{"POST", "PUT", "PATCH"}, method)
		return nil
	}
	if content.MimeType != "" && m.Header.Get("Content-Type") == "" && content.MimeType != "x-unknown" {
		m.Header.Set("Content-Type", string(content.MimeType))
	}
	switch {
	case content.Text != nil && *content.Text != "":
		return readText(m, content)
	case len(content.Params) > 0:
		form := url.Values{}
		for _, p := range content.Params {
			form.Add(string(p.Name), string(p.Value))
		}
		m.Body, m.UTF8 = []byte(form.Encode()), true
	default:
		// Browsers leave bodies out that they no longer have. A size that is not
		// given stands for none only where the text is given and empty.
		m.Unread = content.Size > 0 || content.Text == nil && (content.Size < 0 || raw.BodySize > 0)
	}
	return nil
}

// readText takes the body as it is, or out of base64. A coding such as gzip is taken
// off already, by the words of HAR; a few tools leave it on.
func readText(m *traffic.Message, c *rawContent) error {
	body := []byte(*c.Text)
	m.UTF8 = true
	if strings.EqualFold(string(c.Encoding), "base64") {
		decoded, err := base64.RawStdEncoding.DecodeString(strings.TrimRight(strings.Join(strings.Fields(string(body)), ""), "="))
		if err != nil {
			return fmt.Errorf("the body is said to be base64: %w", err)
		}
		body, m.UTF8 = decoded, false
	}
	if len(body) > 2 && body[0] == 0x1f && body[1] == 0x8b {
		plain, err := gunzip(body)
		if err != nil {
			return err
		}
		body = plain
	}
	if len(body) > maxBody {
		m.Unread, m.Why = true, fmt.Sprintf("it is longer than %d bytes", maxBody)
		return nil
	}
	m.Body = body
	return nil
}

func gunzip(body []byte) ([]byte, error) {
	z, err := gzip.NewReader(bytes.NewReader(body))
	if err != nil {
		return nil, fmt.Errorf("the body is said to be gzip: %w", err)
	}
	plain, err := io.ReadAll(io.LimitReader(z, maxBody+1))
	if err != nil && !errors.Is(err, io.ErrUnexpectedEOF) {
		return nil, fmt.Errorf("the body is said to be gzip: %w", err)
	}
	return plain, nil
}

// deeper looks for nesting beyond a depth, before anything recurses into it.
func deeper(raw []byte, limit int) (at int, deep bool) {
	depth, quoted := 0, false
	for i := 0; i < len(raw); i++ {
		switch c := raw[i]; {
		case quoted && c == '\\':
			i++
		case c == '"':
			quoted = !quoted
		case quoted:
		case c == '{' || c == '[':
			if depth++; depth > limit {
				return i, true
			}
		case c == '}' || c == ']':
			depth--
		}
	}
	return 0, false
}
