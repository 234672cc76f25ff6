package schema

import (
	"encoding/base64"
	"net/netip"
	"regexp/syntax"
	"strings"
)

// textFormat is a format of strings.
type textFormat struct {
	name  string
	words string
	fits  func(string) bool
}

// textFormatNamed gives nil for a format that is not known.
func textFormatNamed(name string) *textFormat {
	make := func(words string, fits func(string) bool) *textFormat { return &textFormat{name, words, fits} }
	switch name {
	case "date":
		return make("a date such as 2024-02-29", isDate)
	case "date-time":
		return make("a date and time such as 2024-02-29T12:30:00Z", isDateTime)
	case "time":
		return make("a time with offset such as 12:30:00Z", isTime)
	case "duration":
		return make("an ISO 8601 duration such as P1DT2H", isDuration)
	case "uuid":
		return make("a uuid", isUUID)
	case "email":
		return make("an e-mail address", isEmail)
	case "uri":
		return make("an absolute URI", func(s string) bool { return isURI(s, true) })
	case "uri-reference":
		return make("a URI or a relative reference", func(s string) bool { return isURI(s, false) })
	case "ipv4":
		return make("an IPv4 address", isIPv4)
	case "ipv6":
		return make("an IPv6 address", isIPv6)
	case "hostname":
		return make("a host name", isHostname)
	case "byte":
		return make("base64", isBase64)
	case "json-pointer":
		return make("a JSON Pointer", isJSONPointer)
	case "regex":
		return make("a regular expression", isRegex)
	}
	return nil
}

// isNoteFormat tells formats that say how a value is to be shown or carried,
// and judge nothing.
func isNoteFormat(name string) bool {
	switch name {
	case "password", "binary", "decimal", "html", "commonmark", "textarea", "multiline":
		return true
	}
	return false
}

func isUUID(s string) bool {
	if len(s) != 36 || s[8] != '-' || s[13] != '-' || s[18] != '-' || s[23] != '-' {
		return false
	}
	for i := range len(s) {
		if i != 8 && i != 13 && i != 18 && i != 23 && !isHex(s[i]) {
			return false
		}
	}
	return true
}

func isHex(c byte) bool {
	return '0' <= c && c <= '9' || 'a' <= c|0x20 && c|0x20 <= 'f'
}

func isDigit(c byte) bool { return '0' <= c && c <= '9' }

func isLetter(c byte) bool { return 'a' <= c|0x20 && c|0x20 <= 'z' }

// isEmail follows RFC 5321: a local part (dotted or quoted), and a host name or
// an address in brackets.
func isEmail(s string) bool {
	at := strings.LastIndexByte(s, '@')
	if at < 1 || at > 64 || len(s) > 254 {
		return false
	}
	local, domain := s[:at], s[at+1:]
	if strings.HasPrefix(domain, "[") && strings.HasSuffix(domain, "]") {
		ip := domain[1 : len(domain)-1]
		if v6, ok := strings.CutPrefix(ip, "IPv6:"); ok {
			return isIPv6(v6) && isLocalPart(local)
		}
		return isIPv4(ip) && isLocalPart(local)
	}
	return isHostname(domain) && isLocalPart(local)
}

func isLocalPart(s string) bool {
	if len(s) >= 2 && s[0] == '"' && s[len(s)-1] == '"' {
		inner := s[1 : len(s)-1]
		for i := 0; i < len(inner); i++ {
			switch c := inner[i]; {
			case c == '\\':
				if i++; i == len(inner) {
					return false
				}
			case c == '"' || c < ' ' || c == 0x7f:
				return false
			}
		}
		return true
	}
	for atom := range strings.SplitSeq(s, ".") {
		if atom == "" {
			return false
		}
		for i := range len(atom) {
			if c := atom[i]; c <= ' ' || c == 0x7f || strings.IndexByte("()<>[]:;@\\,\"", c) >= 0 {
				return false
			}
		}
	}
	return true
}

func isIPv4(s string) bool {
	a, err := netip.ParseAddr(s)
	return err == nil && a.Is4()
}

func isIPv6(s string) bool {
	a, err := netip.ParseAddr(s)
	return err == nil && a.Is6() && a.Zone() == ""
}

// isHostname follows RFC 1123: labels of letters, digits and inner hyphens.
func isHostname(s string) bool {
	if s == "" || len(s) > 253 {
		return false
	}
	for label := range strings.SplitSeq(s, ".") {
		if label == "" || len(label) > 63 || label[0] == '-' || label[len(label)-1] == '-' {
			return false
		}
		for i := range len(label) {
			if c := label[i]; !isLetter(c) && !isDigit(c) && c != '-' {
				return false
			}
		}
	}
	return true
}

func isBase64(s string) bool {
	_, err := base64.StdEncoding.DecodeString(s)
	return err == nil && !strings.ContainsAny(s, "\r\n")
}

func isJSONPointer(s string) bool {
	if s != "" && s[0] != '/' {
		return false
	}
	for i := range len(s) {
		if s[i] == '~' && (i+1 == len(s) || s[i+1] != '0' && s[i+1] != '1') {
			return false
		}
	}
	return true
}

func isRegex(s string) bool {
	if _, err := syntax.Parse(s, syntax.Perl); err == nil {
		return !strings.Contains(s, `\Z`) && !strings.Contains(s, `\a`)
	}
	_, err := compilePattern(s)
	return err == nil
}

// isURI follows RFC 3986 as far as its characters and its parts go.
func isURI(s string, absolute bool) bool {
	scheme := 0
	if len(s) > 0 && isLetter(s[0]) {
		for scheme = 1; scheme < len(s) && (isLetter(s[scheme]) || isDigit(s[scheme]) || strings.IndexByte("+-.", s[scheme]) >= 0); scheme++ {
		}
		if scheme == len(s) || s[scheme] != ':' {
			scheme = 0
		}
	}
	if scheme == 0 && (absolute || firstSegmentHasColon(s)) {
		return false
	}
	rest := s
	if scheme > 0 {
		rest = s[scheme+1:]
	}
	for i := 0; i < len(rest); i++ {
		switch c := rest[i]; {
		case c == '%':
			if i+2 >= len(rest) || !isHex(rest[i+1]) || !isHex(rest[i+2]) {
				return false
			}
			i += 2
		case c <= ' ' || c >= 0x7f || strings.IndexByte("\"<>\\^`{|}", c) >= 0:
			return false
		}
	}
	beforeFragment, fragment, _ := strings.Cut(rest, "#")
	if strings.ContainsAny(fragment, "#[]") {
		return false
	}
	authority, ok := strings.CutPrefix(beforeFragment, "//")
	if !ok {
		return !strings.ContainsAny(beforeFragment, "[]")
	}
	if end := strings.IndexAny(authority, "/?"); end >= 0 {
		if strings.ContainsAny(authority[end:], "[]") {
			return false
		}
		authority = authority[:end]
	}
	return isAuthority(authority)
}

func firstSegmentHasColon(s string) bool {
	if end := strings.IndexAny(s, "/?#"); end >= 0 {
		s = s[:end]
	}
	return strings.Contains(s, ":")
}

func isAuthority(s string) bool {
	user, host, ok := strings.Cut(s, "@")
	if !ok {
		user, host = "", s
	}
	if strings.ContainsAny(user, "[]") || strings.Contains(host, "@") {
		return false
	}
	if strings.HasPrefix(host, "[") {
		end := strings.IndexByte(host, ']')
		if end < 0 || !isIPv6(host[1:end]) && !strings.HasPrefix(host, "[v") {
			return false
		}
		host = "h" + host[end+1:]
	}
	if strings.ContainsAny(host, "[]") {
		return false
	}
	_, port, _ := strings.Cut(host, ":")
	for i := range len(port) {
		if !isDigit(port[i]) {
			return false
		}
	}
	return true
}
