package mockserver_test

import (
	"bufio"
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/roadworthy-project/roadworthy/mockserver"
	"github.com/roadworthy-project/roadworthy/mockserver/admin"
	"github.com/roadworthy-project/roadworthy/mockserver/journal"
	"github.com/roadworthy-project/roadworthy/specs"
)

// listen opens the stream and gives its events, "name data", as they come.
func listen(t *testing.T, base, query, last string) (next func() string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	r, _ := http.NewRequestWithContext(ctx, "GET", base+admin.Prefix+"requests/stream?"+query, nil)
	if last != "" {
		r.Header.Set("Last-Event-ID", last)
	}
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { cancel(); _ = resp.Body.Close() })
	lines := bufio.NewScanner(resp.Body)
	name := ""
	return func() string {
		t.Helper()
		for lines.Scan() {
			switch line := lines.Text(); {
			case strings.HasPrefix(line, "event: "):
				name = line[7:]
			case strings.HasPrefix(line, "data: "):
				return name + " " + line[6:]
			case strings.HasPrefix(line, ": listening"):
				return "listening"
			}
		}
		t.Fatalf("the stream ended: %v", lines.Err())
		return ""
	}
}

func filler(n int) *journal.Entry {
	return &journal.Entry{Session: "default", Contract: "transeu", Operation: "getOrder", Method: "GET", URL: fmt.Sprint("/", n), Status: 200}
}

func TestAdminStream(t *testing.T) {
	_, web := start(t, mockserver.Options{}, open(t, "transeu"))
	next := listen(t, web.URL, "", "")
	if got := next(); got != "listening" {
		t.Fatalf("expected to be told that the stream is open, found %s", got)
	}
	send(t, request(t, "GET", web.URL+"/api/rest/v1/orders/1", nil))
	if got := next(); !strings.Contains(got, `"operation":"getOrder"`) || !strings.HasPrefix(got, "request ") {
		t.Errorf("expected the request, found %s", got)
	}
}

// A reader that comes back gets all that it missed, in order, and is told what the
// journal no longer has.
func TestAdminStreamGoesOn(t *testing.T) {
	server, web := start(t, mockserver.Options{Journal: journal.Limits{Entries: 3000}}, open(t, "transeu"))
	for n := range 2000 {
		server.Journal().Add(filler(n))
	}
	for _, one := range []struct {
		name, query, last string
		first             int
	}{
		{"from a number on", "summary=true&after=200", "", 201},
		{"from the last event on", "summary=true&after=1", "700", 701},
		{"a number of an earlier server", "summary=true", "50000", 1},
	} {
		next := listen(t, web.URL, one.query, one.last)
		next()
		for id := one.first; id <= 2000; id++ {
			if got := next(); !strings.HasPrefix(got, fmt.Sprintf(`request {"id":%d,`, id)) {
				t.Fatalf("%s: expected entry %d, found %s", one.name, id, got)
			}
		}
	}
	for n := range 4000 {
		server.Journal().Add(filler(n))
	}
	next := listen(t, web.URL, "summary=true", "2500")
	next()
	if got := next(); got != "lost 500" {
		t.Errorf("of 3500 behind entry 2500 the journal keeps 3000, found %s", got)
	}
	if got := next(); !strings.HasPrefix(got, `request {"id":3001,`) {
		t.Errorf("expected the oldest that is kept, found %s", got)
	}
}

// However fast the requests come: what is kept reaches the reader, once, in order.
func TestAdminStreamOfABurst(t *testing.T) {
	const many = 8_000
	server, web := start(t, mockserver.Options{Journal: journal.Limits{Entries: many}}, open(t, "transeu"))
	next := listen(t, web.URL, "summary=true&marks=true", "")
	if got := next(); !strings.HasPrefix(got, `hello {"server":"`) || !strings.Contains(got, `"last":0`) {
		t.Errorf("expected to be told whose journal this is, found %s", got)
	}
	for worker := range 4 {
		go func() {
			for n := range many / 4 {
				server.Journal().Add(filler(worker*many + n))
			}
		}()
	}
	for id := 1; id <= many; id++ {
		if got := next(); !strings.HasPrefix(got, fmt.Sprintf(`request {"id":%d,`, id)) {
			t.Fatalf("expected entry %d, found %s", id, got)
		}
	}
	server.Journal().Clear("default")
	again := listen(t, web.URL, "summary=true&after=1", "")
	again()
	server.Journal().Add(filler(0))
	if got := again(); strings.HasPrefix(got, "lost") {
		t.Errorf("what was cleared is not lost, found %s", got)
	}
	if got := next(); got != `cleared {"session":"default"}` {
		t.Errorf("expected to be told that the journal is empty, found %s", got)
	}
}

// A server that is told to stop does not wait for those who listen.
func TestAdminStreamEndsWithTheServer(t *testing.T) {
	s, err := mockserver.New([]*specs.Contract{open(t, "transeu")}, mockserver.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	web := httptest.NewServer(s)
	defer web.Close()
	next := listen(t, web.URL, "", "")
	next()
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	if err := web.Config.Shutdown(ctx); err != nil {
		t.Errorf("the server waits for the reader of the stream: %v", err)
	}
}
