package pattern

import (
	"net/http"
	"net/url"
	"slices"
	"sort"
	"strconv"
	"strings"

	"github.com/roadworthy-project/roadworthy/mockserver/journal"
)

// Pattern selects requests; what is not given selects all.
type Pattern struct {
	Contract  string `json:"contract"`
	Operation string `json:"operation"`
	Session   string `json:"session"`
	// Status of the answer: 404, or 4 for every 4xx. Outcome is that of the decision,
	// such as "http:409", for the request or one of its items.
	Status  int    `json:"status"`
	Outcome string `json:"outcome"`

	Method string `json:"method"` // "" and ANY are every method
	// Path and query as they were sent; with a whole regular expression.
	URL        string `json:"url"`
	URLPattern string `json:"urlPattern"`
	// The path alone; the template is one of OpenAPI: /orders/{id}.
	URLPath         string `json:"urlPath"`
	URLPathPattern  string `json:"urlPathPattern"`
	URLPathTemplate string `json:"urlPathTemplate"`

	QueryParameters map[string]Matcher `json:"queryParameters"`
	PathParameters  map[string]Matcher `json:"pathParameters"` // of the template
	FormParameters  map[string]Matcher `json:"formParameters"`
	Headers         map[string]Matcher `json:"headers"`
	Cookies         map[string]Matcher `json:"cookies"`
	BodyPatterns    []Matcher          `json:"bodyPatterns"`
}

// Compiled is a pattern that is ready for use.
type Compiled struct {
	pattern    Pattern
	conditions []condition
}

// condition is one part of a pattern. It says nothing when the request meets it.
type condition struct {
	part string // "method", "header X-One", "body"
	test func(r *request) []string
}

// Miss is one condition that a request does not meet.
type Miss struct {
	Part string `json:"part"`
	Why  string `json:"why"`
}

// request is an entry of the journal with what is looked at more than once.
type request struct {
	entry *journal.Entry
	shown journal.Rendered
	path  string
	query url.Values
	body  value
}

// Compile makes a pattern ready. The error names the part that is wrong.
func (p Pattern) Compile() (*Compiled, error) {
	c := &Compiled{pattern: p}
	c.plain()
	if err := c.addresses(); err != nil {
		return nil, err
	}
	for _, group := range []struct {
		what     string
		matchers map[string]Matcher
		values   func(r *request, name string) []string
	}{
		{"query parameter", p.QueryParameters, func(r *request, name string) []string { return r.query[name] }},
		{"form parameter", p.FormParameters, formValues},
		{"header", p.Headers, headerValues},
		{"cookie", p.Cookies, cookieValues},
	} {
		for _, name := range sortedNames(group.matchers) {
			m, err := group.matchers[name].compile(group.what + " " + name)
			if err != nil {
				return nil, err
			}
			values := group.values
			c.add(group.what+" "+name, func(r *request) []string { return explained(m.any(values(r, name))) })
		}
	}
	for i, b := range p.BodyPatterns {
		m, err := b.compile("bodyPatterns[" + strconv.Itoa(i) + "]")
		if err != nil {
			return nil, err
		}
		c.add("body", func(r *request) []string { return explained(m.one(&r.body)) })
	}
	return c, nil
}

func (c *Compiled) add(part string, test func(r *request) []string) {
	c.conditions = append(c.conditions, condition{part, test})
}

// equals adds a condition on one plain text.
func (c *Compiled) equals(part, want string, got func(r *request) string) {
	if want == "" {
		return
	}
	c.add(part, func(r *request) []string { return differs(want, got(r)) })
}

// explained says why a secret fits nothing.
func explained(misses []string) []string {
	for i, why := range misses {
		if strings.Contains(why, quoted(journal.Masked)) || strings.Contains(why, " "+journal.Masked) {
			misses[i] = why + " (" + journal.Masked + " stands for a secret, which the journal does not tell: only that it was there can be verified)"
		}
	}
	return misses
}

func differs(want, got string) []string {
	if want == got {
		return nil
	}
	return []string{"expected " + quoted(want) + ", found " + quoted(got)}
}

// plain adds the conditions that are no matchers.
func (c *Compiled) plain() {
	p := c.pattern
	c.equals("contract", p.Contract, func(r *request) string { return r.entry.Contract })
	c.equals("operation", p.Operation, func(r *request) string { return r.entry.Operation })
	c.equals("session", p.Session, func(r *request) string { return r.entry.Session })
	if p.Method != "" && p.Method != "ANY" {
		c.equals("method", strings.ToUpper(p.Method), func(r *request) string { return strings.ToUpper(r.entry.Method) })
	}
	if p.Status > 9 {
		c.equals("status", strconv.Itoa(p.Status), func(r *request) string { return strconv.Itoa(r.entry.Status) })
	} else if p.Status > 0 {
		c.equals("status", strconv.Itoa(p.Status)+"xx", func(r *request) string { return strconv.Itoa(r.entry.Status/100) + "xx" })
	}
	if p.Outcome != "" {
		c.add("outcome", func(r *request) []string {
			if slices.Contains(r.entry.Decision.Items, p.Outcome) {
				return nil
			}
			return differs(p.Outcome, r.entry.Decision.Outcome)
		})
	}
}

// addresses adds the conditions on the URL.
func (c *Compiled) addresses() error {
	p := c.pattern
	c.equals("url", p.URL, func(r *request) string { return r.shown.Request.URL })
	c.equals("path", p.URLPath, func(r *request) string { return r.path })
	for _, one := range []struct {
		part, expr string
		got        func(r *request) string
	}{
		{"url", p.URLPattern, func(r *request) string { return r.shown.Request.URL }},
		{"path", p.URLPathPattern, func(r *request) string { return r.path }},
	} {
		if one.expr == "" {
			continue
		}
		re, err := whole(one.expr, false)
		if err != nil {
			return err
		}
		c.add(one.part, func(r *request) []string {
			if got := one.got(r); !re.MatchString(got) {
				return []string{"expected to match " + quoted(one.expr) + ", found " + quoted(got)}
			}
			return nil
		})
	}
	if p.URLPathTemplate == "" {
		if len(p.PathParameters) > 0 {
			return wrong("pathParameters", "they need a urlPathTemplate that names them")
		}
		return nil
	}
	c.add("path", func(r *request) []string {
		if _, fits := placeholders(p.URLPathTemplate, r.path); !fits {
			return []string{"expected " + p.URLPathTemplate + ", found " + quoted(r.path)}
		}
		return nil
	})
	for _, name := range sortedNames(p.PathParameters) {
		if !strings.Contains(p.URLPathTemplate, "{"+name+"}") {
			return wrong("pathParameters", "the template "+p.URLPathTemplate+" has no {"+name+"}")
		}
		m, err := p.PathParameters[name].compile("path parameter " + name)
		if err != nil {
			return err
		}
		c.add("path parameter "+name, func(r *request) []string {
			found, _ := placeholders(p.URLPathTemplate, r.path)
			if v, there := found[name]; there {
				return m.any([]string{v})
			}
			return m.any(nil)
		})
	}
	return nil
}

// Error is a pattern that cannot be used.
type Error struct{ Part, Why string }

func (e *Error) Error() string { return e.Part + ": " + e.Why }

func wrong(part, why string) error { return &Error{part, why} }

func sortedNames(m map[string]Matcher) []string {
	names := make([]string, 0, len(m))
	for name := range m {
		names = append(names, name)
	}
	sort.Strings(names)
	return names
}

// Filter is what of the pattern the journal can look for by itself. The explanation of
// near misses needs the others, too.
func (c *Compiled) Filter() journal.Filter {
	p := c.pattern
	return journal.Filter{Contract: p.Contract, Operation: p.Operation, Session: p.Session, Status: p.Status}
}

// Fits tells whether a request meets all conditions.
func (c *Compiled) Fits(e *journal.Entry) bool {
	r := read(e)
	for _, one := range c.conditions {
		if len(one.test(r)) > 0 {
			return false
		}
	}
	return true
}

// Explain gives the conditions that a request does not meet, and how many there are.
func (c *Compiled) Explain(e *journal.Entry) (misses []Miss, of int) {
	r := read(e)
	for _, one := range c.conditions {
		for _, why := range one.test(r) {
			misses = append(misses, Miss{one.part, why})
		}
	}
	return misses, len(c.conditions)
}

// failed counts the conditions, and not what is wrong inside them.
func (c *Compiled) failed(r *request) int {
	n := 0
	for _, one := range c.conditions {
		if len(one.test(r)) > 0 {
			n++
		}
	}
	return n
}

func read(e *journal.Entry) *request {
	r := &request{entry: e, shown: e.Render()}
	path, query, _ := strings.Cut(r.shown.Request.URL, "?")
	r.path = path
	r.query, _ = url.ParseQuery(query)
	r.body = value{text: r.shown.Request.Body, there: r.shown.Request.Body != ""}
	return r
}

func headerValues(r *request, name string) []string {
	var values []string
	for _, h := range r.shown.Request.Headers {
		if strings.EqualFold(h.Name, name) {
			values = append(values, h.Value)
		}
	}
	return values
}

func cookieValues(r *request, name string) []string {
	var values []string
	for _, c := range (&http.Request{Header: http.Header{"Cookie": headerValues(r, "Cookie")}}).CookiesNamed(name) {
		values = append(values, c.Value)
	}
	return values
}

func formValues(r *request, name string) []string {
	if !strings.HasPrefix(r.entry.RequestHeader.Get("Content-Type"), "application/x-www-form-urlencoded") {
		return nil
	}
	form, _ := url.ParseQuery(r.body.text)
	return form[name]
}

// placeholders holds a path against a template of OpenAPI.
func placeholders(template, path string) (map[string]string, bool) {
	want, got := strings.Split(template, "/"), strings.Split(path, "/")
	if len(want) != len(got) {
		return nil, false
	}
	found := map[string]string{}
	for i, w := range want {
		name, open := strings.CutPrefix(w, "{")
		name, closed := strings.CutSuffix(name, "}")
		switch {
		case open && closed:
			plain, err := url.PathUnescape(got[i])
			if err != nil || plain == "" {
				return nil, false
			}
			found[name] = plain
		case w != got[i]:
			return nil, false
		}
	}
	return found, true
}
