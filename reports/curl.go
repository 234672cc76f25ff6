package reports

import (
	"fmt"
	"slices"
	"strings"
)

// Masked stands in a report where a secret was.
const Masked = "***"

// Secrets are values that need no hiding: what a mock prints at its start. They
// stand as defaults of the variables; one that is empty has none.
type Secrets struct{ Token, Login, Password, Secret string }

// Curl writes the shell command (bash, zsh) that sends a request again. Secrets are
// variables: $TOKEN, $LOGIN, $PASSWORD, $SECRET. Nothing that a report holds can
// make the command do anything else: every value is quoted, no value is read as a
// file name, no header that is not one is passed on.
func Curl(req Request) string { return Secrets{}.Curl(req) }

// longArgument is what one argument of a program may hold on every system.
const longArgument = 100_000

// Curl is [Curl] with what is known of the secrets.
func (known Secrets) Curl(req Request) string {
	// Brackets and dots of an address stay what they are.
	call := "curl --globoff --path-as-is"
	switch method := req.Method; {
	case method == "HEAD":
		call += " --head"
	case isToken(method):
		call += " --request " + method
	}
	parts := []string{call + " --url " + quote(req.URL, known.secret())}
	names := make([]string, 0, len(req.Headers))
	typed := false
	for name := range req.Headers {
		typed = typed || strings.EqualFold(name, "Content-Type")
		if isToken(name) && !setByCurl(name) {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	for _, name := range names {
		for _, value := range req.Headers[name] {
			parts = append(parts, known.header(name, value))
		}
	}
	pipe := ""
	switch {
	case req.Body == "" || req.Method == "HEAD":
	case strings.Contains(req.Body, "\x00"):
		// No argument can carry a NUL; a format can.
		pipe = "printf " + known.quoteBody(req.Body, quoteFormat) + " | "
	case len(req.Body) > longArgument:
		pipe = "printf '%s' " + known.quoteBody(req.Body, quoteText) + " | "
	default:
		parts = append(parts, "--data-raw "+known.quoteBody(req.Body, quoteText))
	}
	if pipe != "" {
		parts = append(parts, "--data-binary @-")
	}
	if req.Body != "" && !typed {
		parts = append(parts, "--header 'Content-Type:'") // else curl calls it a form
	}
	line := pipe + strings.Join(parts, ` \`+"\n  ")
	if req.BodyCut > 0 {
		line += fmt.Sprintf("\n# the body was longer: %d more bytes were not kept", req.BodyCut)
	}
	return line
}

func (known Secrets) token() string    { return variable("TOKEN", known.Token) }
func (known Secrets) login() string    { return variable("LOGIN", known.Login) }
func (known Secrets) password() string { return variable("PASSWORD", known.Password) }
func (known Secrets) secret() string   { return variable("SECRET", known.Secret) }

// variable refers to a variable, with a default where that is plain text.
func variable(name, value string) string {
	if value == "" || word(value) != value {
		return `"$` + name + `"`
	}
	return `"${` + name + `:-` + value + `}"`
}

// setByCurl names the headers that curl writes itself.
func setByCurl(name string) bool {
	switch strings.ToLower(name) {
	case "content-length", "host", "accept-encoding", "connection", "transfer-encoding", "user-agent":
		return true
	}
	return strings.HasPrefix(strings.ToLower(name), "x-roadworthy-")
}

func (known Secrets) header(name, value string) string {
	if strings.EqualFold(name, "Authorization") {
		scheme, _, _ := strings.Cut(value, " ")
		switch {
		case !strings.Contains(value, Masked):
		case strings.EqualFold(scheme, "Basic"):
			return "--user " + strings.TrimSuffix(known.login(), `"`) + ":" + strings.TrimPrefix(known.password(), `"`)
		default:
			return "--header " + quote(name+": "+value, known.token())
		}
	}
	if value == "" {
		return "--header " + quoteText(name+";") // curl's way to send an empty header
	}
	return "--header " + quote(name+": "+value, known.secret())
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
	pieces := strings.Split(s, Masked)
	for i, p := range pieces {
		if p != "" || len(pieces) == 1 {
			pieces[i] = quoteText(p)
		}
	}
	return strings.Join(pieces, variable)
}

// quoteBody is quote for a body, in which the word before a masked value says what
// it was: login="***".
func (known Secrets) quoteBody(s string, quote func(string) string) string {
	var b strings.Builder
	for {
		before, after, found := strings.Cut(s, Masked)
		if before != "" {
			b.WriteString(quote(before))
		}
		if !found {
			return b.String()
		}
		tail := strings.ToLower(before[max(0, len(before)-16):])
		switch {
		case strings.Contains(tail, "password"):
			b.WriteString(known.password())
		case strings.Contains(tail, "login"):
			b.WriteString(known.login())
		default:
			b.WriteString(known.secret())
		}
		s = after
		if s == "" {
			return b.String()
		}
	}
}

// quoteFormat quotes text as a format of printf, which writes it as it was.
func quoteFormat(s string) string {
	var b strings.Builder
	b.WriteByte('\'')
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c == '%':
			b.WriteString("%%")
		case c == '\\':
			b.WriteString(`\\`)
		case c == '\'':
			b.WriteString(`'\''`)
		case c == '\n' || c >= 0x20 && c < 0x7f:
			b.WriteByte(c)
		default:
			fmt.Fprintf(&b, `\%03o`, c)
		}
	}
	b.WriteByte('\'')
	return b.String()
}

// quoteText quotes text without secrets. Characters that nobody sees are written
// as escapes, so that what is copied is what is read.
func quoteText(s string) string {
	s = strings.ReplaceAll(s, "\x00", "") // a shell has none; bodies that do are piped
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
