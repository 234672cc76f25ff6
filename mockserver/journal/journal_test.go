package journal_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/roadworthy-project/roadworthy/mockserver/behaviour"
	"github.com/roadworthy-project/roadworthy/mockserver/journal"
	"github.com/roadworthy-project/roadworthy/mockserver/redis"
	"github.com/roadworthy-project/roadworthy/mockserver/redis/redistest"
	"github.com/roadworthy-project/roadworthy/mockserver/state"
	"github.com/roadworthy-project/roadworthy/specs/schema"
)

// each opens a journal in memory and one at a Redis server.
func each(t *testing.T, l journal.Limits, test func(t *testing.T, j *journal.Journal)) {
	t.Run("memory", func(t *testing.T) { test(t, journal.New(l)) })
	t.Run("shared", func(t *testing.T) {
		client, err := redis.Open(context.Background(), redistest.Start(t).URL())
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = client.Close() })
		test(t, journal.NewShared(l, client))
	})
}

// All entries of all sessions together stay within their bytes. The oldest bodies go
// first, which the entry says; then the oldest entries; the newest stays whole.
func TestBytesAreBounded(t *testing.T) {
	const bound = 1 << 20
	each(t, journal.Limits{Entries: 10_000, Bytes: bound}, func(t *testing.T, j *journal.Journal) {
		large := bytes.Repeat([]byte("x"), 50_000)
		for i := range 60 {
			if err := j.Add(&journal.Entry{Session: fmt.Sprint("s", i%3), RequestBody: bytes.Clone(large), Time: time.Now()}); err != nil {
				t.Fatal(err)
			}
		}
		found := j.Entries(journal.Filter{})
		if len(found) != 60 {
			t.Fatalf("bodies make room first, but of 60 entries %d are left", len(found))
		}
		kept := 0
		for i, e := range found {
			whole := len(e.RequestBody) == len(large)
			if e.Dropped == whole || e.RequestSize != len(large) {
				t.Fatalf("entry %d: dropped %v, %d of %d bytes", e.ID, e.Dropped, len(e.RequestBody), e.RequestSize)
			}
			if whole {
				kept++
			} else if kept > 0 {
				t.Errorf("entry %d was dropped before an older one", i+1)
			}
			if r := e.Render(); r.Dropped != e.Dropped || r.Request.Cut != e.Dropped {
				t.Errorf("entry %d does not say that its body was dropped: %+v", i+1, r.Request)
			}
		}
		if kept < 10 || kept*len(large) > bound {
			t.Errorf("expected the bodies of the newest requests within %d bytes, found %d of %d bytes", bound, kept, len(large))
		}
		if whole := j.Entry(60); len(whole.RequestBody) != len(large) {
			t.Error("the newest entry must stay whole")
		}
		// Headers count, too.
		for range 400 {
			_ = j.Add(&journal.Entry{Session: "h", RequestHeader: http.Header{"X": {strings.Repeat("h", 10_000)}}, Time: time.Now()})
		}
		if n := len(j.Entries(journal.Filter{})); n > 120 || n < 40 {
			t.Errorf("expected about a hundred entries with headers of 10,000 bytes within %d bytes, found %d", bound, n)
		}
		p, err := j.Position()
		if err != nil || p.Last != 460 || p.Evicted == 0 || j.Entry(p.Evicted) != nil || j.Entry(p.Evicted+1) == nil {
			t.Errorf("the position does not say what had to make room: %+v %v", p, err)
		}
		counts, err := j.Sessions()
		if err != nil || counts["s0"] != 0 || counts["h"] != len(j.Entries(journal.Filter{Session: "h"})) {
			t.Errorf("the sessions are counted wrong: %v %v", counts, err)
		}
	})
}

func TestSilentSessionsAreForgotten(t *testing.T) {
	each(t, journal.Limits{Idle: time.Second, Sessions: 50}, func(t *testing.T, j *journal.Journal) {
		add := func(session string) {
			if err := j.Add(&journal.Entry{Session: session, Time: time.Now()}); err != nil {
				t.Fatal(err)
			}
		}
		add("default")
		for i := range 20 {
			add(fmt.Sprint("s", i))
		}
		time.Sleep(1200 * time.Millisecond)
		for i := range 3 {
			add(fmt.Sprint("new", i))
		}
		counts, err := j.Sessions()
		if err != nil || len(counts) != 4 || counts["default"] != 1 {
			t.Errorf("expected the three new sessions and the default one, found %v %v", counts, err)
		}
		for i := range 200 {
			add(fmt.Sprint("many", i))
		}
		if counts, _ = j.Sessions(); len(counts) > 50 || counts["many199"] != 1 {
			t.Errorf("expected 50 sessions with the newest, found %d", len(counts))
		}
	})
}

// What a shared journal gives back is what was put in.
func TestSharedEntriesAreWhole(t *testing.T) {
	e := journal.Entry{
		Time: time.Date(2026, 3, 2, 1, 2, 3, 4, time.UTC), Duration: 1500 * time.Microsecond, Session: "a\"b", Contract: "c", Operation: "op", Identity: "default",
		Host: "h:1", TLS: true, Method: "POST", URL: "/x?a=b&c=%00", Proto: "HTTP/1.1", RequestHeader: http.Header{"X-A": {"1", "2"}, "Authorization": {"Bearer x"}},
		RequestBody: []byte("\x00\xffbinary"), Status: 409, ResponseHeader: http.Header{"Content-Type": {"application/json"}}, ResponseBody: []byte(`{"a":1}`),
		Decision: journal.Decision{Stage: "decide", Outcome: "http:409", Items: []string{"item:1", ""}, Refused: true, Rule: "r", Clause: "c", Basis: "documented", Detail: "d",
			Hard:    []schema.Violation{{Path: "/a", Kind: schema.Enum, Expected: "x", Actual: "y", Line: 3, Col: 4, Schema: "#/x"}},
			Soft:    []schema.Violation{{Path: "/b", Kind: schema.Unexpected, Soft: true, Basis: schema.BasisInferred}},
			Changes: []behaviour.Change{{Kind: behaviour.Put, Resource: "order", Key: "1", After: &state.Doc{Key: "1", Body: []byte(`{"n":1}`)}}},
			Source:  "behaviour", Preferences: []string{"code=409"}, Faults: []string{"drip"}, Notes: []string{"n"}},
		Internal: "no", Secrets: []string{"password"},
	}
	var whole []journal.Rendered
	each(t, journal.Limits{}, func(t *testing.T, j *journal.Journal) {
		one := e
		if err := j.Add(&one); err != nil {
			t.Fatal(err)
		}
		found, err := j.Lookup(1)
		if err != nil {
			t.Fatal(err)
		}
		whole = append(whole, found.Render())
		if found.Host != e.Host || !found.TLS || found.Proto != e.Proto || !bytes.Equal(found.RequestBody, e.RequestBody) || len(found.Secrets) != 1 {
			t.Errorf("found %+v", found)
		}
		if _, err := j.Lookup(2); !errors.Is(err, journal.ErrNotKept) {
			t.Errorf("expected that there is no entry 2, found %v", err)
		}
	})
	if !reflect.DeepEqual(whole[0], whole[1]) {
		t.Errorf("expected the same of both\n%+v\n%+v", whole[0], whole[1])
	}
}

func TestRingIsBounded(t *testing.T) {
	each(t, journal.Limits{Entries: 3, Sessions: 2, Body: 4}, ringIsBounded)
}

func ringIsBounded(t *testing.T, j *journal.Journal) {
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
	if err := j.Clear("a"); err != nil {
		t.Error(err)
	}
	if len(j.Entries(journal.Filter{})) != 1 {
		t.Error("expected session a to be forgotten, and no other")
	}
}

func TestFilters(t *testing.T) {
	each(t, journal.Limits{}, filters)
}

func filters(t *testing.T, j *journal.Journal) {
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
	each(t, journal.Limits{}, func(t *testing.T, j *journal.Journal) {
		s, err := j.Subscribe()
		if err != nil {
			t.Fatal(err)
		}
		for range 1000 {
			_ = j.Add(&journal.Entry{Session: "s"})
		}
		if n := <-s.C; n.Entry == nil || n.Entry.ID != 1 {
			t.Errorf("expected the first entry, found %+v", n)
		}
		for deadline := time.Now().Add(5 * time.Second); s.Lost.Load() == 0 && time.Now().Before(deadline); {
			time.Sleep(time.Millisecond)
		}
		if s.Lost.Load() == 0 {
			t.Error("a reader that is too slow must lose entries and not hold up the server")
		}
		s.Close()
		_ = j.Add(&journal.Entry{Session: "s"})
	})
}
