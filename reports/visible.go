package reports

import (
	"strconv"
	"strings"
	"unicode/utf8"
)

// Visible makes every character of a text from outside show: control characters
// (but tab and line feed), direction marks, invisible and non-characters, and bytes
// that are not UTF-8 become escapes such as \x1b and \u202e. What a terminal or a
// page would act upon is so only read.
func Visible(s string) string {
	clean := true
	for i, r := range s {
		if r == utf8.RuneError {
			if _, size := utf8.DecodeRuneInString(s[i:]); size == 1 {
				clean = false
				break
			}
		}
		if hidden(r) {
			clean = false
			break
		}
	}
	if clean {
		return s
	}
	var b strings.Builder
	for i := 0; i < len(s); {
		r, size := utf8.DecodeRuneInString(s[i:])
		switch {
		case r == utf8.RuneError && size == 1:
			b.WriteString(escape(rune(s[i])))
		case hidden(r):
			b.WriteString(escape(r))
		default:
			b.WriteString(s[i : i+size])
		}
		i += size
	}
	return b.String()
}

// OneLine is Visible on one line: line feeds and tabs show too, and a text longer
// than limit characters is cut with an ellipsis. A limit of 0 cuts nothing.
func OneLine(s string, limit int) string {
	s = strings.NewReplacer("\n", `\n`, "\t", `\t`).Replace(Visible(s))
	if limit > 0 && utf8.RuneCountInString(s) > limit {
		runes := []rune(s)
		return string(runes[:limit-1]) + "…"
	}
	return s
}

func escape(r rune) string {
	switch {
	case r == '\r':
		return `\r`
	case r < 0x100:
		return `\x` + pad(r, 2)
	case r < 0x10000:
		return `\u` + pad(r, 4)
	}
	return `\U` + pad(r, 8)
}

func pad(r rune, width int) string {
	digits := strconv.FormatInt(int64(r), 16)
	return strings.Repeat("0", width-len(digits)) + digits
}

// hidden tells characters that act on a display, or that nobody sees.
func hidden(r rune) bool {
	switch {
	case r == '\n' || r == '\t':
		return false
	case r < 0x20, r >= 0x7f && r <= 0x9f: // C0, DEL, C1
		return true
	case r == 0xad, r == 0x61c, r == 0x180e: // soft hyphen, Arabic letter mark, Mongolian separator
		return true
	case r >= 0x200b && r <= 0x200f: // zero width, direction marks
		return true
	case r >= 0x2028 && r <= 0x202e: // line and paragraph separators, embeddings, overrides
		return true
	case r >= 0x2060 && r <= 0x206f: // invisible operators, isolates
		return true
	case r == 0xfeff, r >= 0xfff9 && r <= 0xfffb, r >= 0xfdd0 && r <= 0xfdef: // BOM, annotations, non-characters
		return true
	case r&0xfffe == 0xfffe: // the last two of each plane
		return true
	case r >= 0xe0000 && r <= 0xe007f: // tags
		return true
	}
	return false
}
