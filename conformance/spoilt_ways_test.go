package conformance_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"sync"

	judging "github.com/roadworthy-project/roadworthy/conformance/judge"
	"github.com/roadworthy-project/roadworthy/specs"
)

// A behind stands in front of a right server and spoils it in one way, as a
// stranger's server would be wrong: it knows the wire and nothing of the suite.
type behind struct {
	contract *specs.Contract
	next     http.Handler

	mu     sync.Mutex
	calls  int
	writes int
}

// ways is the table: each answers one request.
func ways() map[string]func(*behind, http.ResponseWriter, *http.Request, []byte) {
	return map[string]func(*behind, http.ResponseWriter, *http.Request, []byte){
		"right":                    func(b *behind, w http.ResponseWriter, r *http.Request, body []byte) { send(w, b.ask(r, body)) },
		"ignores credentials":      (*behind).ignoresCredentials,
		"accepts everything":       (*behind).acceptsEverything,
		"200 with an error inside": (*behind).errorInside,
		"loses every tenth write":  (*behind).losesTenth,
		"knows the example alone":  (*behind).exampleAlone,
		"swaps two elements":       (*behind).swaps,
		"text for a number": func(b *behind, w http.ResponseWriter, r *http.Request, body []byte) {
			b.retyped(w, r, body, numbers, `$1"$2"$3`)
		},
		"text for a truth value": func(b *behind, w http.ResponseWriter, r *http.Request, body []byte) {
			b.retyped(w, r, body, truths, `$1"$2"$3`)
		},
		"a number for text": func(b *behind, w http.ResponseWriter, r *http.Request, body []byte) {
			b.retyped(w, r, body, texts, `${1}7$3`)
		},
		"leaks":                     (*behind).leaks,
		"a gateway answers 3 of 10": (*behind).sometimesGateway,
		"a gateway after 100":       (*behind).gatewayAfter,
	}
}

type spoilt struct {
	*behind
	do func(*behind, http.ResponseWriter, *http.Request, []byte)
}

func (x spoilt) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	x.do(x.behind, w, r, body)
}

// ask lets the right server answer.
func (b *behind) ask(r *http.Request, body []byte) *httptest.ResponseRecorder {
	q := r.Clone(r.Context())
	q.Body, q.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
	q.Header.Del("Accept-Encoding")
	rec := httptest.NewRecorder()
	b.next.ServeHTTP(rec, q)
	return rec
}

func send(w http.ResponseWriter, rec *httptest.ResponseRecorder) {
	rec.Header().Del("Content-Length")
	for name, v := range rec.Header() {
		w.Header()[name] = v
	}
	w.WriteHeader(rec.Code)
	_, _ = w.Write(rec.Body.Bytes())
}

func (b *behind) operation(r *http.Request) *specs.Operation {
	op, _, _ := b.contract.Match(r.Method, r.URL.Path)
	return op
}

func (b *behind) success(r *http.Request, rec *httptest.ResponseRecorder) bool {
	op := b.operation(r)
	if op == nil {
		return false
	}
	j := judging.Response(op, judging.Message{Status: rec.Code, Header: rec.Header(), Body: rec.Body.Bytes()})
	return j.Success()
}

var bodyCredentials = regexp.MustCompile(`\s(login|password)\s*=\s*("[^"]*"|'[^']*')`)

func (b *behind) ignoresCredentials(w http.ResponseWriter, r *http.Request, body []byte) {
	if strings.Contains(r.Header.Get("Content-Type"), "xml") {
		body = bodyCredentials.ReplaceAll(body, nil)
		r.SetBasicAuth("demo", "demo")
	} else {
		r.Header.Set("Authorization", "Bearer demo")
	}
	send(w, b.ask(r, body))
}

func (b *behind) acceptsEverything(w http.ResponseWriter, r *http.Request, body []byte) {
	rec := b.ask(r, body)
	if op := b.operation(r); op != nil && !b.success(r, rec) && r.Method != http.MethodGet {
		answer(w, good(op))
		return
	}
	send(w, rec)
}

func (b *behind) errorInside(w http.ResponseWriter, r *http.Request, body []byte) {
	rec := b.ask(r, body)
	if rec.Code >= 400 {
		rec.Code = 200
	}
	send(w, rec)
}

func (b *behind) losesTenth(w http.ResponseWriter, r *http.Request, body []byte) {
	b.mu.Lock()
	if r.Method != http.MethodGet {
		b.writes++
		if b.writes%10 == 0 {
			r.Header.Set("Mock-Session", fmt.Sprint("lost-", b.writes))
		}
	}
	b.mu.Unlock()
	send(w, b.ask(r, body))
}

func (b *behind) exampleAlone(w http.ResponseWriter, r *http.Request, body []byte) {
	rec := b.ask(r, body)
	if op := b.operation(r); op != nil && b.success(r, rec) {
		answer(w, good(op))
		return
	}
	send(w, rec)
}

var neighbours = regexp.MustCompile(`(<(\w+)[^<>]*>[^<]*</\w+>)(\s*)(<(\w+)[^<>]*>[^<]*</\w+>)`)

func (b *behind) swaps(w http.ResponseWriter, r *http.Request, body []byte) {
	rec := b.ask(r, body)
	if b.success(r, rec) {
		text := rec.Body.String()
		for _, m := range neighbours.FindAllStringSubmatchIndex(text, -1) {
			if text[m[4]:m[5]] == text[m[10]:m[11]] {
				continue
			}
			text = text[:m[2]] + text[m[8]:m[9]] + text[m[6]:m[7]] + text[m[2]:m[3]] + text[m[9]:]
			break
		}
		rec.Body = bytes.NewBufferString(text)
	}
	send(w, rec)
}

var (
	numbers = regexp.MustCompile(`(":\s*)(-?\d[\d.eE+-]*)(\s*[,}\]])`)
	truths  = regexp.MustCompile(`(":\s*)(true|false)(\s*[,}\]])`)
	texts   = regexp.MustCompile(`(":\s*)("[^"\\]*")(\s*[,}\]])`)
)

// retyped writes the first value of one type as another one.
func (b *behind) retyped(w http.ResponseWriter, r *http.Request, body []byte, values *regexp.Regexp, as string) {
	rec := b.ask(r, body)
	if b.success(r, rec) && json.Valid(rec.Body.Bytes()) {
		if at := values.FindIndex(rec.Body.Bytes()); at != nil {
			text := rec.Body.String()
			rec.Body = bytes.NewBufferString(text[:at[0]] + values.ReplaceAllString(text[at[0]:at[1]], as) + text[at[1]:])
		}
	}
	send(w, rec)
}

func (b *behind) leaks(w http.ResponseWriter, r *http.Request, body []byte) {
	if r.Header.Get("Authorization") == "Bearer demo-foreign" {
		r.Header.Set("Authorization", "Bearer demo")
	}
	if login, password, ok := r.BasicAuth(); ok && login == "demo-foreign" {
		r.SetBasicAuth("demo", password)
	}
	send(w, b.ask(r, body))
}

func (b *behind) count() int {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.calls++
	return b.calls
}

func (b *behind) sometimesGateway(w http.ResponseWriter, r *http.Request, body []byte) {
	if n := b.count(); n%10 == 2 || n%10 == 5 || n%10 == 8 {
		status(502, "text/html", "<html>bad gateway</html>").ServeHTTP(w, r)
		return
	}
	send(w, b.ask(r, body))
}

func (b *behind) gatewayAfter(w http.ResponseWriter, r *http.Request, body []byte) {
	if b.count() > 100 {
		status(502, "text/html", "<html>bad gateway</html>").ServeHTTP(w, r)
		return
	}
	send(w, b.ask(r, body))
}
