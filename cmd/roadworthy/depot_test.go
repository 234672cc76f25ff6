package main

import (
	"bytes"
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/roadworthy-project/roadworthy/conformance"
	"github.com/roadworthy-project/roadworthy/mockserver"
	"github.com/roadworthy-project/roadworthy/reports"
	"github.com/roadworthy-project/roadworthy/specs"
)

// A document and its XSDs are enough: namespaces, includes, choices and attributes
// are served, kept and tried, and a service that breaks the XSD is found at the
// field.
func TestDocumentWithXSDs(t *testing.T) {
	const document = "../../conformance/testdata/depot/depot.yaml"
	contract, err := specs.Open(document)
	if err != nil {
		t.Fatal(err)
	}
	mock, err := mockserver.New([]*specs.Contract{contract}, mockserver.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = mock.Close() })
	behind := httptest.NewServer(mock)
	t.Cleanup(behind.Close)
	for _, tc := range []struct {
		name   string
		change func(status int, body string) (int, string) // of every answer; nil leaves it
		want   reports.Verdict
		path   string // of a deviation
	}{
		{"good", nil, reports.Conformant, ""},
		{"other prefix and indentation", func(status int, body string) (int, string) {
			if strings.Contains(body, `xmlns="urn:example:depot"`) {
				body = strings.Replace(body, `xmlns="urn:example:depot"`, `xmlns:d="urn:example:depot"`, 1)
				body = regexp.MustCompile(`<([a-zA-Z])`).ReplaceAllString(body, "\n  <d:$1")
				body = regexp.MustCompile(`</([a-zA-Z])`).ReplaceAllString(body, "</d:$1")
			}
			return status, strings.TrimSpace(body)
		}, reports.Conformant, ""},
		{"two elements in the wrong order", swap("code", "message"), reports.NonConformant, "/fault/message"},
		{"two elements of a list in the wrong order", swap("number", "planned"), reports.NonConformant, "planned"},
		{"no namespace", func(status int, body string) (int, string) {
			return status, strings.Replace(body, ` xmlns="urn:example:depot"`, "", 1)
		}, reports.NonConformant, "/delivery"},
		{"a word for a number", func(status int, body string) (int, string) {
			return status, regexp.MustCompile(`<code>\d+</code>`).ReplaceAllString(body, "<code>bad</code>")
		}, reports.NonConformant, "/fault/code"},
		{"a required attribute is lost", func(status int, body string) (int, string) {
			return status, regexp.MustCompile(` unit="\w+"`).ReplaceAllString(body, "")
		}, reports.NonConformant, "unit"},
		{"refusals are 200", func(status int, body string) (int, string) { return http.StatusOK, body }, reports.NonConformant, ""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			target := httptest.NewServer(changing(t, behind.URL, tc.change))
			t.Cleanup(target.Close)
			r, err := conformance.Run(t.Context(), conformance.Config{Contract: contract, Target: target.URL, Parallel: 4, Seed: 7, Version: "test", Timeout: 20 * time.Second})
			if err != nil {
				t.Fatal(err)
			}
			if tc.change == nil {
				for _, id := range []string{"misplaced/delivery/number", "kept", "missing/delivery/goods/@line", "value/delivery/goods/weight/@unit"} {
					if !slices.ContainsFunc(r.Scenarios, func(s reports.Scenario) bool {
						return s.ID == "generated.announceDelivery."+id && s.Status == reports.Passed
					}) {
						t.Errorf("expected that %s was tried and refused", id)
					}
				}
			}
			found := tc.path == ""
			for _, d := range r.Deviations {
				t.Logf("%s %s %s %s: expected %s, found %s", d.Severity, d.Scenario, d.Path, d.Kind, d.Expected, d.Actual)
				found = found || d.Severity == reports.SeverityError && strings.Contains(d.Path, tc.path)
			}
			if r.Verdict != tc.want || !found {
				t.Errorf("verdict %s, expected %s with a deviation at %q", r.Verdict, tc.want, tc.path)
			}
		})
	}
}

// swap exchanges two elements that follow each other.
func swap(one, other string) func(int, string) (int, string) {
	pair := regexp.MustCompile(`(<` + one + `>[^<]*</` + one + `>)(<` + other + `>[^<]*</` + other + `>)`)
	return func(status int, body string) (int, string) { return status, pair.ReplaceAllString(body, "$2$1") }
}

// changing stands in front of a server and changes its answers.
func changing(t *testing.T, behind string, change func(int, string) (int, string)) http.Handler {
	t.Helper()
	to, err := url.Parse(behind)
	if err != nil {
		t.Fatal(err)
	}
	if change == nil {
		return httputil.NewSingleHostReverseProxy(to)
	}
	proxy := httputil.NewSingleHostReverseProxy(to)
	proxy.ModifyResponse = func(r *http.Response) error {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			return err
		}
		status, text := change(r.StatusCode, string(body))
		r.StatusCode, r.Body = status, io.NopCloser(bytes.NewReader([]byte(text)))
		r.ContentLength = int64(len(text))
		r.Header.Set("Content-Length", strconv.Itoa(len(text)))
		return nil
	}
	return proxy
}
