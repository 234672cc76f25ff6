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
	authorize(r, op.Contract(), "default")
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

// Every valid request of an example succeeds with the status of its example, in
// a state of its own; every invalid one is refused. What comes back is valid.
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
				r.Header.Set("Mock-Session", "example-"+e.Name)
				resp, body := send(t, r)
				if resp.StatusCode != e.Response.Status {
					t.Errorf("%s/%s: expected status %d, found %d: %s", e.Operation, e.Name, e.Response.Status, resp.StatusCode, body)
				}
			}
		})
	}
}
