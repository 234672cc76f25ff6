package xmlsafe

import (
	"bytes"
	"fmt"
	"regexp"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/simplifiedchinese"
)

// Encodings lists the names that a charset parameter or an XML declaration may
// use, in lower case.
//
// libxml2 itself would take whatever the C library of the image offers, UTF-7
// among them, in which +ADw- is a '<' that no scan of bytes can see.
func Encodings() []string {
	return []string{"utf-8", "us-ascii", "iso-8859-1", "utf-16", "gbk", "gb2312", "gb18030"}
}

// declared finds the encoding in an XML declaration. A declaration in UTF-16 is
// not looked for: UTF-16 needs its byte order mark.
var declared = regexp.MustCompile(`^<\?xml[^>]*?\sencoding\s*=\s*["']([A-Za-z0-9._:-]{1,40})["']`)

// ToUTF8 gives the body in UTF-8 without a byte order mark. The encoding is
// told by, in this order, the byte order mark, the charset parameter of the
// Content-Type ("" for none), the XML declaration; without any it is UTF-8.
// UTF-16 is accepted only with a byte order mark. A body in UTF-8 is not copied;
// whether its bytes are valid is checked by [Scan]. The error is a *[Malformed].
func ToUTF8(body []byte, charset string) ([]byte, error) {
	switch {
	case bytes.HasPrefix(body, []byte{0xEF, 0xBB, 0xBF}):
		return body[3:], nil
	case bytes.HasPrefix(body, []byte{0xFF, 0xFE, 0, 0}), bytes.HasPrefix(body, []byte{0, 0, 0xFE, 0xFF}):
		return nil, unknownEncoding("utf-32")
	case bytes.HasPrefix(body, []byte{0xFF, 0xFE}):
		return fromUTF16(body[2:], false)
	case bytes.HasPrefix(body, []byte{0xFE, 0xFF}):
		return fromUTF16(body[2:], true)
	}
	name := strings.ToLower(strings.Trim(strings.TrimSpace(charset), `"'`))
	if name == "" && usual(body) == 0 {
		if m := declared.FindSubmatch(body[:min(len(body), 256)]); m != nil {
			name = strings.ToLower(string(m[1]))
		}
	}
	switch name {
	case "", "utf-8", "utf8", "us-ascii", "ascii":
		return body, nil
	case "iso-8859-1", "latin1":
		return fromLatin1(body), nil
	case "gbk", "gb2312":
		// GBK is a superset of GB2312, and senders that say gb2312 mean it.
		return decode(simplifiedchinese.GBK, name, body)
	case "gb18030":
		return decode(simplifiedchinese.GB18030, name, body)
	case "utf-16", "utf-16le", "utf-16be":
		return nil, &Malformed{What: name + " is accepted only with a byte order mark, and there is none"}
	}
	return nil, unknownEncoding(name)
}

func unknownEncoding(name string) *Malformed {
	if len(name) > 40 {
		name = name[:40] + "…"
	}
	return &Malformed{What: fmt.Sprintf("the encoding %q is not accepted: use one of %s", name, strings.Join(Encodings(), ", "))}
}

func decode(e encoding.Encoding, name string, body []byte) ([]byte, error) {
	out, err := e.NewDecoder().Bytes(body)
	if err != nil {
		return nil, &Malformed{What: fmt.Sprintf("the body is not %s: %v", name, err)}
	}
	// The decoder writes U+FFFD for what it cannot read.
	if at := bytes.IndexRune(out, utf8.RuneError); at >= 0 {
		return nil, malformedAt(out, at, "a byte sequence that is not %s", name)
	}
	return out, nil
}

// fromLatin1: every byte is the character of that number.
func fromLatin1(body []byte) []byte {
	out := make([]byte, 0, len(body)+len(body)/8)
	for _, c := range body {
		out = utf8.AppendRune(out, rune(c))
	}
	return out
}

func fromUTF16(body []byte, bigEndian bool) ([]byte, error) {
	if len(body)%2 != 0 {
		return nil, &Malformed{What: "the body is not utf-16: it has an odd number of bytes"}
	}
	out := make([]byte, 0, len(body))
	unit := func(i int) rune {
		if bigEndian {
			return rune(body[i])<<8 | rune(body[i+1])
		}
		return rune(body[i+1])<<8 | rune(body[i])
	}
	for i := 0; i < len(body); i += 2 {
		r := unit(i)
		if utf16.IsSurrogate(r) {
			low := rune(0)
			if i+3 < len(body) {
				low = unit(i + 2)
			}
			if r = utf16.DecodeRune(r, low); r == utf8.RuneError {
				return nil, malformedAt(out, len(out), "half of a utf-16 surrogate pair")
			}
			i += 2
		}
		out = utf8.AppendRune(out, r)
	}
	return out, nil
}
