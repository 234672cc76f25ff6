package reports

import (
	"fmt"
	"slices"
	"strings"
)

// Masked stands in a report where a secret was.
const Masked = "***"

// Curl writes the shell command (bash, zsh) that sends a request again. Secrets are
// variables: $TOKEN, $LOGIN, $PASSWORD, $SECRET. Nothing that a report holds can
// make the command do anything else: every value is quoted, no value is read as a
// file name, no header that is not one is passed on.
func Curl(req Request) string {
	// Brackets and dots of an address stay what they are.
	call := "curl --globoff --path-as-is"
	switch method := req.Method; {
	case method == "HEAD":
		call += " --head"
	case isToken(method):
		call += " --request " + method
	}
	parts := []string{call + " --url " + quote(req.URL, "$SECRET")}
	names := make([]string, 0, len(req.Headers))
	for name := range req.Headers {
		if isToken(name) && !setByCurl(name) {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	for _, name := range names {
		for _, value := range req.Headers[name] {
			parts = append(parts, header(name, value))
		}
	}
	if req.Body != "" {
		parts = append(parts, "--data-raw "+quoteBody(req.Body))
	}
	line := strings.Join(parts, ` \`+"\n  ")
	if req.BodyCut > 0 {
		line += fmt.Sprintf("\n# the body was longer: %d bytes are not in the report", req.BodyCut)
	}
	if strings.Contains(req.Body, "\x00") {
		line += "\n# the body had NUL bytes, which no command line can carry"
	}
	return line
}

// setByCurl names the headers that curl writes itself.
func setByCurl(name string) bool {
	switch strings.ToLower(name) {
	case "content-length", "host", "accept-encoding", "connection", "transfer-encoding", "user-agent":
		return true
	}
	return strings.HasPrefix(strings.ToLower(name), "x-roadworthy-")
}

func header(name, value string) string {
	if strings.EqualFold(name, "Authorization") {
		scheme, _, _ := strings.Cut(value, " ")
		switch {
		case !strings.Contains(value, Masked):
		case strings.EqualFold(scheme, "Basic"):
			return `--user "$LOGIN:$PASSWORD"`
		default:
			return "--header " + quote(name+": "+value, "$TOKEN")
		}
	}
	if value == "" {
		return "--header " + quote(name+";", "") // curl's way to send an empty header
	}
	return "--header " + quote(name+": "+value, "$SECRET")
}

// isToken tells method and header names that a shell has no interest in.
func isToken(s string) bool {
	for i := 0; i < len(s); i++ {
		c := s[i]
		if !(c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '-' || c == '_' || c == '.') {
			return false
		}
	}
	return s != "" && s[0] != '-'
}

// quote writes a word for the shell; what was masked becomes the variable.
func quote(s, variable string) string {
	if variable == "" || !strings.Contains(s, Masked) {
		return quoteText(s)
	}
	pieces := strings.Split(s, Masked)
	for i, p := range pieces {
		if p != "" {
			pieces[i] = quoteText(p)
		}
	}
	return strings.Join(pieces, `"`+variable+`"`)
}

// quoteBody is quote for a body, in which the word before a masked value says what
// it was: login="***".
func quoteBody(s string) string {
	var b strings.Builder
	for {
		before, after, found := strings.Cut(s, Masked)
		if before != "" {
			b.WriteString(quoteText(before))
		}
		if !found {
			return b.String()
		}
		tail := strings.ToLower(before[max(0, len(before)-16):])
		switch {
		case strings.Contains(tail, "password"):
			b.WriteString(`"$PASSWORD"`)
		case strings.Contains(tail, "login"):
			b.WriteString(`"$LOGIN"`)
		default:
			b.WriteString(`"$SECRET"`)
		}
		s = after
		if s == "" {
			return b.String()
		}
	}
}

// quoteText quotes text without secrets. Characters that nobody sees are written
// as escapes, so that what is copied is what is read.
func quoteText(s string) string {
	s = strings.ReplaceAll(s, "\x00", "")
	if Visible(s) == s {
		return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'"
	}
	var b strings.Builder
	b.WriteString("$'")
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c == '\n':
			b.WriteString(`\n`)
		case c == '\'' || c == '\\':
			b.WriteByte('\\')
			b.WriteByte(c)
		case c < 0x20 || c >= 0x7f:
			fmt.Fprintf(&b, `\x%02x`, c)
		default:
			b.WriteByte(c)
		}
	}
	b.WriteString("'")
	return b.String()
}

// word quotes a word of a command only where it needs it.
func word(s string) string {
	if s != "" && strings.Trim(s, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_./:") == "" {
		return s
	}
	return quoteText(s)
}
