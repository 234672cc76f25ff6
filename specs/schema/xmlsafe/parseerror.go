package xmlsafe

import "strings"

// parseError words the first fatal error of the parser. Most faults are found by
// the scan before; these are the ones that only a parser sees.
func (r *run) parseError(utf8 []byte) *Malformed {
	for _, e := range r.raws() {
		if e.warning {
			continue
		}
		what := ""
		switch e.code {
		case 6, 7, 8, 9: // hexadecimal, decimal, character reference, invalid character
			what = "a character or character reference that XML does not allow"
		case 26, 27: // undeclared entity
			what = "an entity that XML does not define (only &lt; &gt; &amp; &quot; &apos; and character references are accepted)"
		case 22, 23, 24, 68: // reference without name or semicolon
			what = "'&' that begins no entity or character reference: write &amp;"
		case 42: // attribute redefined
			what = "an attribute that is given twice: " + cutWord(e.str1)
		case 62: // "]]>" in content
			what = "']]>' in text: write ]]&gt;"
		case 201, 202, 203, 204, 205:
			what = "a namespace prefix that is not declared, or a wrong declaration"
			if e.str1 != "" {
				what += ": " + cutWord(e.str1)
			}
		default:
			what = strings.TrimSpace(e.message)
			if what == "" {
				what = "not well-formed"
			}
		}
		return &Malformed{Line: e.line, Col: e.col, What: what}
	}
	return malformedAt(utf8, len(utf8), "not well-formed")
}

func cutWord(s string) string {
	if len(s) > 60 {
		return strings.ToValidUTF8(s[:60], "") + "…"
	}
	return s
}
