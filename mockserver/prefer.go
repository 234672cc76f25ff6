package mockserver

import (
	"net/http"
	"strconv"
	"strings"
	"time"
)

// preferences are what the caller wants of the answer (RFC 7240), from the
// headers Prefer or, for clients that cannot set any, the query.
type preferences struct {
	code    string
	example string
	wait    time.Duration
	dynamic bool
	items   map[int]string // outcome by item number, from 1
	seed    string
	// idle are preferences that nothing can be done with, and why.
	idle []string

	waits   bool
	applied []string
}

// maxWait bounds Prefer: wait.
const maxWait = 30 * time.Second

// queryNames are the query parameters that are ours and no business of the contract.
func queryNames() []string {
	return []string{"__code", "__example", "__wait", "__dynamic", "__item-code", "__seed"}
}

func readPreferences(r *http.Request) preferences {
	var p preferences
	for _, line := range r.Header["Prefer"] {
		for _, one := range splitOutsideQuotes(line) {
			name, value, _ := strings.Cut(one, "=")
			p.set(strings.ToLower(strings.TrimSpace(name)), unquote(strings.TrimSpace(value)))
		}
	}
	if strings.Contains(r.URL.RawQuery, "__") {
		q := r.URL.Query()
		for _, name := range queryNames() {
			if q.Has(name) {
				p.set(strings.TrimPrefix(name, "__"), q.Get(name))
			}
		}
	}
	return p
}

// maxIdle bounds how many preferences the journal tells that came to nothing.
const maxIdle = 20

// useless notes a preference that is ignored, as RFC 7240 asks.
func (p *preferences) useless(name, value, why string) {
	if name != "" && len(p.idle) < maxIdle {
		p.idle = append(p.idle, "the preference "+shown(name+"="+value)+" was ignored: "+why)
	}
}

// set takes one preference. What cannot be read is ignored, and the journal says so.
func (p *preferences) set(name, value string) {
	switch name {
	case "code":
		p.code = value
	case "example":
		p.example = value
	case "dynamic":
		p.dynamic = value == "" || value == "true" || value == "1"
	case "wait":
		seconds, err := strconv.ParseFloat(value, 64)
		if err != nil || !(seconds >= 0) {
			p.useless(name, value, "expected a number of seconds")
			return
		}
		if seconds > maxWait.Seconds() {
			p.idle = append(p.idle, "the preference wait="+value+" is longer than is ever waited: "+maxWait.String())
		}
		p.waits = true
		p.wait = min(time.Duration(min(seconds, maxWait.Seconds())*float64(time.Second)), maxWait)
	case "seed":
		p.seed = value
	case "item-code":
		for _, one := range strings.Split(value, ",") {
			number, code, ok := strings.Cut(strings.TrimSpace(one), ":")
			if n, err := strconv.Atoi(number); ok && err == nil && n > 0 && code != "" {
				if p.items == nil {
					p.items = map[int]string{}
				}
				p.items[n] = code
			} else {
				p.useless(name, one, "expected NUMBER:CODE, such as 2:1045")
			}
		}
	default:
		p.useless(name, value, "there are code, example, dynamic, seed, wait and item-code")
	}
}

// preferencesCameTooLate tells what was asked of the answer to a request that was refused
// before anybody looked at it.
func (x *exchange) preferencesCameTooLate() {
	p := &x.prefer
	var asked []string
	for _, one := range []struct{ name, value string }{{"example", p.example}, {"code", p.code}, {"seed", p.seed}} {
		if one.value != "" {
			asked = append(asked, shown(one.name+"="+one.value))
		}
	}
	if p.dynamic {
		asked = append(asked, "dynamic=true")
	}
	if len(p.items) > 0 {
		asked = append(asked, "item-code")
	}
	if len(asked) > 0 {
		x.note("not heeded: " + strings.Join(asked, ", ") + "; a preference chooses the answer to a request that is in order, and this one was refused before: correct what is refused and send it again")
	}
}

// applies notes a preference that was heeded, for Preference-Applied.
func (p *preferences) applies(preference string) { p.applied = append(p.applied, preference) }

// splitOutsideQuotes cuts at commas and semicolons that are not in a quoted string.
func splitOutsideQuotes(s string) []string {
	var parts []string
	quoted, start := false, 0
	for i := 0; i < len(s); i++ {
		switch {
		case s[i] == '\\' && quoted:
			i++
		case s[i] == '"':
			quoted = !quoted
		case !quoted && (s[i] == ',' || s[i] == ';'):
			parts = append(parts, s[start:i])
			start = i + 1
		}
	}
	return append(parts, s[min(start, len(s)):])
}

func unquote(s string) string {
	if len(s) < 2 || s[0] != '"' || s[len(s)-1] != '"' {
		return s
	}
	return strings.ReplaceAll(s[1:len(s)-1], `\`, "")
}

// quoted writes a value as a header can carry it: a token as it is, any other text in
// quotes and without what a header cannot have.
func quoted(value string) string {
	plain := strings.Map(func(r rune) rune {
		if r < ' ' || r > '~' || r == '"' || r == '\\' {
			return -1
		}
		return r
	}, value)
	if plain != "" && !strings.ContainsAny(plain, " ,;=()<>@:/[]?{}") {
		return plain
	}
	return `"` + plain + `"`
}
