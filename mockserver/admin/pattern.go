package admin

import (
	"net/http"
	"regexp"
	"strings"

	"github.com/roadworthy-project/roadworthy/mockserver/journal"
)

// pattern selects requests; what is not given selects all. The names are those
// of WireMock where it has them.
type pattern struct {
	Contract    string          `json:"contract"`
	Operation   string          `json:"operation"`
	Session     string          `json:"session"`
	Status      int             `json:"status"`
	Method      string          `json:"method"`
	URL         string          `json:"url"`
	URLPath     string          `json:"urlPath"`
	URLPattern  string          `json:"urlPattern"`
	Headers     map[string]text `json:"headers"`
	BodyPattern []text          `json:"bodyPatterns"`
}

// text is a condition on a text; all that are given must hold.
type text struct {
	EqualTo      *string `json:"equalTo,omitempty"`
	Contains     *string `json:"contains,omitempty"`
	Matches      *string `json:"matches,omitempty"`
	DoesNotMatch *string `json:"doesNotMatch,omitempty"`
	Absent       bool    `json:"absent,omitempty"`
}

// compile makes a function of the pattern. Regular expressions are Go's (RE2)
// and must match the whole text.
func (p pattern) compile() (func(*journal.Entry) bool, error) {
	var url *regexp.Regexp
	if p.URLPattern != "" {
		var err error
		if url, err = whole(p.URLPattern); err != nil {
			return nil, err
		}
	}
	headers := map[string]func(string, bool) bool{}
	for name, t := range p.Headers {
		fits, err := t.compile()
		if err != nil {
			return nil, err
		}
		headers[http.CanonicalHeaderKey(name)] = fits
	}
	var bodies []func(string, bool) bool
	for _, t := range p.BodyPattern {
		fits, err := t.compile()
		if err != nil {
			return nil, err
		}
		bodies = append(bodies, fits)
	}
	return func(e *journal.Entry) bool {
		r := e.Render()
		path, _, _ := strings.Cut(r.Request.URL, "?")
		if p.Method != "" && p.Method != "ANY" && !strings.EqualFold(p.Method, e.Method) || p.URL != "" && p.URL != r.Request.URL ||
			p.URLPath != "" && p.URLPath != path || url != nil && !url.MatchString(r.Request.URL) {
			return false
		}
		for name, fits := range headers {
			value, there := "", false
			for _, h := range r.Request.Headers {
				if h.Name == name {
					value, there = h.Value, true
				}
			}
			if !fits(value, there) {
				return false
			}
		}
		for _, fits := range bodies {
			if !fits(r.Request.Body, r.Request.Body != "") {
				return false
			}
		}
		return true
	}, nil
}

func (t text) compile() (func(string, bool) bool, error) {
	var matches, not *regexp.Regexp
	var err error
	if t.Matches != nil {
		if matches, err = whole(*t.Matches); err != nil {
			return nil, err
		}
	}
	if t.DoesNotMatch != nil {
		if not, err = whole(*t.DoesNotMatch); err != nil {
			return nil, err
		}
	}
	return func(s string, there bool) bool {
		if t.Absent {
			return !there
		}
		return there && (t.EqualTo == nil || s == *t.EqualTo) && (t.Contains == nil || strings.Contains(s, *t.Contains)) &&
			(matches == nil || matches.MatchString(s)) && (not == nil || !not.MatchString(s))
	}, nil
}

func whole(expr string) (*regexp.Regexp, error) {
	re, err := regexp.Compile(`(?s)\A(?:` + expr + `)\z`)
	if err != nil {
		return nil, problem(http.StatusBadRequest, "the regular expression %q: %v", expr, err)
	}
	return re, nil
}
