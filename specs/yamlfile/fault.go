package yamlfile

import (
	"fmt"
	"io"
	"regexp"
	"strings"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"
)

// The YAML library tells what is wrong with a file and, at best, a line near it. Here
// the place is found: where the text stops being the beginning of a good file.

// maxSearch is how many bytes are read again to find a place, in a file of any size.
const maxSearch = 6 << 20

// unreadable finds a byte that no YAML file may hold; nil where there is none.
func unreadable(file, src string) *Problem {
	if strings.HasPrefix(src, "\xff\xfe") || strings.HasPrefix(src, "\xfe\xff") {
		return nil // UTF-16 has zero bytes
	}
	for i, r := range src {
		what, hint := "", ""
		switch {
		case r == utf8.RuneError && !strings.HasPrefix(src[i:], "\uFFFD"):
			what, hint = fmt.Sprintf("the byte 0x%02X is no UTF-8", src[i]), "save the file as UTF-8"
		case r < ' ' && r != '\t' && r != '\n' && r != '\r', r == 0x7f, r >= 0x80 && r < 0xa0 && r != 0x85, r == 0xfffe, r == 0xffff:
			what, hint = fmt.Sprintf("the control character U+%04X", r), `take it out, or write it as an escape in double quotes: "\u0007"`
		default:
			continue
		}
		line, col := position(src, i)
		return &Problem{File: file, Line: line, Col: col, What: "not valid YAML: expected text, found " + what, Hint: hint}
	}
	return nil
}

// position gives line and column of a byte, counted from 1, columns in characters.
func position(src string, at int) (line, col int) {
	before := src[:at]
	return 1 + strings.Count(before, "\n"), 1 + utf8.RuneCountInString(before[strings.LastIndexByte(before, '\n')+1:])
}

// taken reports whether a text is read to its end, and how many bytes of it the library
// had taken when it gave up.
func taken(src string) (ok bool, at int) {
	r := &counted{text: src}
	ok = reads(r)
	return ok, r.at
}

// reads reports whether a text is read to its end.
func reads(text io.Reader) (ok bool) {
	defer func() {
		if recover() != nil {
			ok = false
		}
	}()
	d := yaml.NewDecoder(text)
	for {
		var doc yaml.Node
		switch err := d.Decode(&doc); err {
		case nil:
		case io.EOF:
			return true
		default:
			return false
		}
	}
}

// counted hands out a text byte by byte, so that its reader is never far ahead.
type counted struct {
	text string
	at   int
}

func (c *counted) Read(into []byte) (int, error) {
	if c.at == len(c.text) {
		return 0, io.EOF
	}
	into[0] = c.text[c.at]
	c.at++
	return 1, nil
}

// faultAt finds the first byte with which a text can no longer be read: the longest
// beginning that is good ends before it. An open bracket or quote is thus told where it
// is opened. ok is false where the search would take too long.
func faultAt(src string) (at int, ok bool) {
	good, taken := taken(src)
	if good {
		return 0, false
	}
	from := 0 // what stands before the document has no part in it
	if i := strings.LastIndex(src[:taken], "\n---\n"); i >= 0 {
		if reads(strings.NewReader(src[:i+1])) {
			from = i + 1
		}
	}
	text, left := src[from:], maxSearch-taken
	try := func(end int) bool {
		left -= end
		return reads(strings.NewReader(text[:end]))
	}
	end := taken - from
	if i := strings.IndexByte(text[end:], '\n'); i >= 0 {
		end += i
	} else {
		end = len(text)
	}
	line := strings.LastIndexByte(text[:end], '\n') + 1
	for line > 0 && !try(line) {
		if left < 0 {
			return 0, false
		}
		end = line - 1
		line = strings.LastIndexByte(text[:end], '\n') + 1
	}
	for end > line && !try(end) {
		if left < 0 {
			return from + line, true
		}
		end--
		for end > line && !utf8.RuneStart(text[end]) {
			end--
		}
	}
	return from + end, true
}

var unknownAnchor = regexp.MustCompile(`unknown anchor '([^']*)'`)

// located gives the place of a syntax error, and what stands there.
func located(src, text string) (line, col int, found string, ok bool) {
	at, ok := faultAt(src)
	if !ok {
		return 0, 0, "", false
	}
	if m := unknownAnchor.FindStringSubmatch(text); m != nil {
		if i := strings.Index(src[at:], "*"+m[1]); i >= 0 {
			at += i
		}
	}
	rest, _, _ := strings.Cut(src[at:], "\n")
	if trimmed := strings.TrimLeft(rest, " "); trimmed != "" && !strings.HasPrefix(trimmed, "#") {
		at += len(rest) - len(trimmed)
		rest = trimmed
	}
	line, col = position(src, at)
	return line, col, strings.TrimRight(rest, " \r"), true
}

// whatToDo gives the next step for what the library says.
func whatToDo(text, found string) string {
	switch {
	case strings.HasPrefix(found, "\t"):
		return "indent with spaces"
	case strings.HasPrefix(found, "}"), strings.HasPrefix(found, "]"):
		return "take it out, or open it before"
	case strings.HasPrefix(found, `"`) && !strings.Contains(text, "escape"), strings.HasPrefix(found, "'"):
		return "close the quote, and put nothing behind it"
	}
	for _, one := range []struct{ says, do string }{
		{"tab character", "indent with spaces"},
		{"unknown anchor", "name the place above with &, or quote a text that begins with *"},
		{"mapping values are not allowed", "quote a text that holds a colon and a space, and indent keys like those beside them"},
		{"',' or '", "close the bracket, and quote a text that holds a brace, a bracket or a comma"},
		{"expected '-' indicator", "begin each entry of a list below the one before, with -"},
		{"expected key", "indent the line like those beside it"},
		{"expected ':'", "write key: value, with a space behind the colon"},
		{"escape character", `in double quotes write \\ for a backslash, or use single quotes`},
		{"end of stream", "close the quote"},
		{"alphabetic or numeric", "quote a text that begins with * or &"},
	} {
		if strings.Contains(text, one.says) {
			return one.do
		}
	}
	if strings.Contains(text, "cannot start any token") {
		return "indent with spaces, and quote a value that begins with a special character"
	}
	return "quote texts with special characters, and indent with spaces"
}
