package mockserver_test

import (
	"bytes"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/roadworthy-project/roadworthy/mockserver"
	"github.com/roadworthy-project/roadworthy/mockserver/journal"
	"github.com/roadworthy-project/roadworthy/specs"
	"github.com/roadworthy-project/roadworthy/specs/payload"
)

// open opens a built-in contract.
func open(t testing.TB, name string) *specs.Contract {
	t.Helper()
	c, err := specs.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// start serves contracts with every answer judged; a bad answer fails the test.
func start(t testing.TB, opts mockserver.Options, contracts ...*specs.Contract) (*mockserver.Server, *httptest.Server) {
	t.Helper()
	opts.VerifyResponses = true
	s, err := mockserver.New(contracts, opts)
	if err != nil {
		t.Fatal(err)
	}
	web := httptest.NewServer(s)
	t.Cleanup(func() {
		web.Close()
		for _, e := range s.Journal().Entries(journal.Filter{Internal: true}) {
			if e.Decision.Detail != "a provider state asked for a failure inside the server" && !strings.HasPrefix(e.Internal, "expected:") {
				t.Errorf("%s %s: %s", e.Method, e.URL, e.Internal)
			}
		}
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s, web
}

// exampleRequest makes the request of an example with the default credentials.
func exampleRequest(t testing.TB, base string, op *specs.Operation, e *specs.Example) *http.Request {
	t.Helper()
	path := op.Contract().BasePath + op.Path
	for name, value := range e.Request.Path {
		path = strings.ReplaceAll(path, "{"+name+"}", url.PathEscape(value))
	}
	query := url.Values{}
	for name, value := range e.Request.Query {
		query.Set(name, value)
	}
	r, err := http.NewRequest(op.Method, base+path+"?"+query.Encode(), bytes.NewReader(e.Request.Body))
	if err != nil {
		t.Fatal(err)
	}
	for name, value := range e.Request.Headers {
		r.Header.Set(name, value)
	}
	if e.Request.MediaType != "" {
		r.Header.Set("Content-Type", e.Request.MediaType)
	}
	identity := e.Identity
	if identity == "" {
		identity = "default"
	}
	authorize(r, op.Contract(), identity)
	return r
}

func authorize(r *http.Request, c *specs.Contract, identity string) {
	for _, id := range c.Auth.Identities {
		if id.Name != identity {
			continue
		}
		for _, s := range c.Auth.Schemes {
			switch s.Type {
			case "bearer":
				r.Header.Set("Authorization", "Bearer "+id.Token)
				return
			case "basic":
				r.SetBasicAuth(id.Login, id.Password)
				return
			}
		}
	}
}

func send(t testing.TB, r *http.Request) (*http.Response, []byte) {
	t.Helper()
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp, body
}

// Every valid request of an example of success succeeds with the status of its
// example, in a state of its own; every invalid one is refused. What comes back
// is valid by the contract, which start looks after.
func TestExamplesOfBuiltInContracts(t *testing.T) {
	for _, name := range specs.BuiltIn() {
		t.Run(name, func(t *testing.T) {
			c := open(t, name)
			_, web := start(t, mockserver.Options{}, c)
			for _, e := range c.Examples {
				if e.Request == nil || e.Response == nil {
					continue
				}
				op := c.Operation(e.Operation)
				r := exampleRequest(t, web.URL, op, e)
				r.Header.Set("Mock-Session", e.Operation+"-"+e.Name)
				resp, body := send(t, r)
				valid := e.Request.Valid == nil || *e.Request.Valid
				switch success := resp.StatusCode < 300; {
				case !valid && success && !strings.Contains(string(body), "FAILED") && !strings.Contains(string(body), "NOT IMPORTED"):
					t.Errorf("%s/%s: the request is invalid and was not refused: %d %.300s", e.Operation, e.Name, resp.StatusCode, body)
				case valid && e.Response.Status < 300 && resp.StatusCode != e.Response.Status:
					t.Errorf("%s/%s: expected status %d, found %d: %.300s", e.Operation, e.Name, e.Response.Status, resp.StatusCode, body)
				}
			}
		})
	}
}

// A documented request gets the documented response, whoever sends it.
func TestDocumentedRequestGetsDocumentedResponse(t *testing.T) {
	for _, name := range specs.BuiltIn() {
		t.Run(name, func(t *testing.T) {
			c := open(t, name)
			_, web := start(t, mockserver.Options{}, c)
			compared := 0
			for _, e := range c.Examples {
				if e.Basis != specs.Documented && e.Basis != specs.Corrected || e.Request == nil || e.Response == nil || e.Response.Status >= 300 ||
					isFalse(e.Request.Valid) || isFalse(e.Response.Valid) || len(e.Response.Body) == 0 || elided(c, e) {
					continue
				}
				op := c.Operation(e.Operation)
				r := exampleRequest(t, web.URL, op, e)
				r.Header.Set("Mock-Session", e.Operation+"-"+e.Name)
				_, body := send(t, r)
				media := op.Response(e.Response.Status).Body.Media[0]
				want, _ := media.Judge(e.Response.Body, "")
				got, _ := media.Judge(body, "")
				if want == nil || got == nil {
					t.Errorf("%s/%s: a response that cannot be read: %.300s", e.Operation, e.Name, body)
					continue
				}
				compared++
				for _, d := range payload.Diff(want.Root, got.Root, payload.DiffOptions{}) {
					t.Errorf("%s/%s: %s: expected %s, found %s", e.Operation, e.Name, d.Path, d.Expected, d.Actual)
				}
			}
			if compared == 0 {
				t.Error("nothing was compared")
			}
		})
	}
}

// elided reports a documented example of which the corrected one says more.
func elided(c *specs.Contract, e *specs.Example) bool {
	for _, other := range c.Examples {
		if other.Operation == e.Operation && other.Corrects == e.Name {
			return true
		}
	}
	return false
}

func isFalse(b *bool) bool { return b != nil && !*b }

// serve serves without judging the answers.
func serve(t testing.TB, s *mockserver.Server) string {
	t.Helper()
	web := httptest.NewServer(s)
	t.Cleanup(web.Close)
	return web.URL
}
