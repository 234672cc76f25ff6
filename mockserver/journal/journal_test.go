package journal_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/roadworthy-project/roadworthy/mockserver/journal"
)

func TestRingIsBounded(t *testing.T) {
	j := journal.New(journal.Limits{Entries: 3, Sessions: 2, Body: 4})
	for range 5 {
		j.Add(&journal.Entry{Session: "a", RequestBody: []byte("123456")})
	}
	found := j.Entries(journal.Filter{Session: "a"})
	if len(found) != 3 || found[0].ID != 3 || found[2].ID != 5 {
		t.Fatalf("expected the entries 3 to 5, found %d", len(found))
	}
	if string(found[0].RequestBody) != "1234" {
		t.Errorf("expected the beginning of the body, found %q", found[0].RequestBody)
	}
	j.Add(&journal.Entry{Session: "b"})
	j.Add(&journal.Entry{Session: "a"})
	j.Add(&journal.Entry{Session: "c"}) // b was silent for the longest time
	if len(j.Entries(journal.Filter{Session: "b"})) != 0 || len(j.Entries(journal.Filter{Session: "a"})) != 3 {
		t.Error("expected the silent session to make room")
	}
	if j.Entry(1) != nil || j.Entry(5) == nil {
		t.Error("expected entry 5 and not entry 1")
	}
	j.Clear("a")
	if len(j.Entries(journal.Filter{})) != 1 {
		t.Error("expected session a to be forgotten, and no other")
	}
}

func TestFilters(t *testing.T) {
	j := journal.New(journal.Limits{})
	at := time.Date(2026, 3, 2, 0, 0, 0, 0, time.UTC)
	j.Add(&journal.Entry{Session: "s", Contract: "c", Operation: "get", Status: 200, Time: at, URL: "/one"})
	j.Add(&journal.Entry{Session: "s", Contract: "c", Operation: "put", Status: 404, Time: at.Add(time.Hour), RequestBody: []byte("needle")})
	j.Add(&journal.Entry{Session: "u", Status: 404, Time: at, Internal: "broken"})
	for _, one := range []struct {
		name   string
		filter journal.Filter
		want   int
	}{
		{"all", journal.Filter{}, 3},
		{"operation", journal.Filter{Operation: "get"}, 1},
		{"contract", journal.Filter{Contract: "c"}, 2},
		{"session", journal.Filter{Session: "u"}, 1},
		{"status", journal.Filter{Status: 404}, 2},
		{"class of status", journal.Filter{Status: 2}, 1},
		{"since", journal.Filter{Since: at.Add(time.Minute)}, 1},
		{"after", journal.Filter{After: 2}, 1},
		{"text in the body", journal.Filter{Text: "needle"}, 1},
		{"text in the URL", journal.Filter{Text: "/one"}, 1},
		{"unmatched", journal.Filter{Unmatched: true}, 1},
		{"internal", journal.Filter{Internal: true}, 1},
		{"limit", journal.Filter{Limit: 2}, 2},
	} {
		if got := len(j.Entries(one.filter)); got != one.want {
			t.Errorf("%s: expected %d, found %d", one.name, one.want, got)
		}
	}
}

// Nothing that identifies a caller leaves the journal.
func TestSecretsAreMasked(t *testing.T) {
	const secret = "s3cr3t"
	for _, body := range []string{
		`<a login="s3cr3t" password='s3cr3t'/>`, `<a><password>s3cr3t</password></a>`, `{"password":"s3cr3t"}`, `{ "password" : "s3cr3t\"more" }`,
		`<a password = "s3cr3t`,
	} {
		e := &journal.Entry{
			URL: "/x?password=s3cr3t&q=1", RequestBody: []byte(body), ResponseBody: []byte(body), Secrets: []string{"login", "password", "X-Key"},
			RequestHeader: http.Header{"Authorization": {"Bearer " + secret}, "Cookie": {secret}, "X-Key": {secret}, "Accept": {"*/*"}},
		}
		r := e.Render()
		for what, text := range map[string]string{"URL": r.Request.URL, "request": r.Request.Body, "response": r.Response.Body} {
			if strings.Contains(text, secret) {
				t.Errorf("%s shows the secret: %s", what, text)
			}
		}
		for _, h := range r.Request.Headers {
			if strings.Contains(h.Value, secret) {
				t.Errorf("the header %s shows the secret", h.Name)
			}
		}
		if !strings.Contains(r.Request.URL, "q=1") {
			t.Errorf("expected the rest of the URL, found %s", r.Request.URL)
		}
	}
}

func TestSubscription(t *testing.T) {
	j := journal.New(journal.Limits{})
	s := j.Subscribe()
	for range 1000 {
		j.Add(&journal.Entry{Session: "s"})
	}
	if n := <-s.C; n.Entry.ID != 1 {
		t.Errorf("expected the first entry, found %d", n.Entry.ID)
	}
	if s.Lost.Load() == 0 {
		t.Error("a reader that is too slow must lose entries and not hold up the server")
	}
	s.Close()
	j.Add(&journal.Entry{Session: "s"})
}
