package mockserver_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/roadworthy-project/roadworthy/mockserver"
	"github.com/roadworthy-project/roadworthy/mockserver/journal"
	"github.com/roadworthy-project/roadworthy/mockserver/redis/redistest"
	"github.com/roadworthy-project/roadworthy/mockserver/state"
)

// inEveryStore runs a test with a fresh store of each kind.
func inEveryStore(t *testing.T, test func(t *testing.T, open func(state.Options) (state.Store, error))) {
	for _, kind := range []struct {
		name    string
		address func() string
	}{
		{"memory", func() string { return "memory" }},
		{"file", func() string { return "file:" + filepath.Join(t.TempDir(), "state.log") }},
		{"redis", func() string { return redistest.Start(t).URL() }},
	} {
		t.Run(kind.name, func(t *testing.T) {
			open, err := state.Open(kind.address())
			if err != nil {
				t.Fatal(err)
			}
			test(t, open)
		})
	}
}

// A thousand sessions create the same number at the same time. Each gets it once, and
// finds its own two requests and its own outcomes, whatever the others do.
func TestThousandSessions(t *testing.T) {
	inEveryStore(t, func(t *testing.T, store func(state.Options) (state.Store, error)) {
		const sessions = 1000
		s, web := start(t, mockserver.Options{Store: store}, open(t, "transeu"))
		client := web.Client()
		client.Transport = &http.Transport{MaxIdleConnsPerHost: 64}
		var wg sync.WaitGroup
		slots := make(chan struct{}, 64)
		for i := range sessions {
			wg.Go(func() {
				slots <- struct{}{}
				defer func() { <-slots }()
				name := fmt.Sprintf("s%d", i)
				for _, want := range []int{201, 409} {
					if got := create(t, client, web.URL, name); got != want {
						t.Errorf("session %s: expected %d, found %d", name, want, got)
					}
				}
				kept, err := s.Journal().Read(journal.Filter{Session: name})
				if err != nil || len(kept) != 2 {
					t.Errorf("session %s: expected two entries in its journal, found %d %v", name, len(kept), err)
				}
			})
		}
		wg.Wait()
		// All of them are still there, and still apart.
		for i := range sessions {
			kept, err := s.Journal().Read(journal.Filter{Session: fmt.Sprintf("s%d", i)})
			if err != nil || len(kept) != 2 || kept[0].Status+kept[1].Status != 201+409 {
				t.Fatalf("session s%d: expected its two entries, found %d %v", i, len(kept), err)
			}
		}
	})
}

func create(t *testing.T, client *http.Client, base, session string) int {
	t.Helper()
	r := request(t, "POST", base+orders, order("SAME"))
	r.Header.Set("Mock-Session", session)
	resp, err := client.Do(r)
	if err != nil {
		t.Error(err)
		return 0
	}
	_, _ = io.Copy(io.Discard, resp.Body)
	resp.Body.Close()
	return resp.StatusCode
}

// A session that nobody uses is forgotten after a while, with its state, its journal,
// its faults and its outcomes. One that is only read is used; the default one stays.
func TestSilentSessionsAreForgotten(t *testing.T) {
	inEveryStore(t, func(t *testing.T, store func(state.Options) (state.Store, error)) {
		const idle = 2 * time.Second
		s, err := mockserver.New(all(open(t, "transeu")), mockserver.Options{Store: store, SessionIdle: idle})
		if err != nil {
			t.Fatal(err)
		}
		defer s.Close()
		web := httptest.NewServer(s)
		defer web.Close()
		a := newAdminClient(t, web.URL)
		for _, session := range []string{"default", "silent", "read"} {
			if got := create(t, web.Client(), web.URL, session); got != 201 {
				t.Fatalf("%s: found %d", session, got)
			}
			a.call("POST", "faults", `{"fault":"latency","params":{"delay":"1ms"},"session":"`+session+`"}`, 201)
		}
		read := func() int {
			r := request(t, "GET", web.URL+"/api/rest/v1/orders/e674e0a3-847c-4f75-bdff-cedaf6986c7c", nil)
			r.Header.Set("Mock-Session", "read")
			resp, _ := send(t, r)
			return resp.StatusCode
		}
		for begun := time.Now(); time.Since(begun) < 2*idle; time.Sleep(idle / 12) {
			if got := read(); got != 200 {
				t.Fatalf("found %d", got)
			}
		}
		_, text := a.call("GET", "faults", nil, 200)
		var list struct{ Active []struct{ Session string } }
		if err := json.Unmarshal(text, &list); err != nil {
			t.Fatal(err)
		}
		var armed []string
		for _, f := range list.Active {
			armed = append(armed, f.Session)
		}
		if strings.Join(armed, " ") != "default read" {
			t.Errorf("expected the faults of the silent session to be gone and no others, found %v", armed)
		}
		for _, one := range []struct {
			session string
			entries bool
			status  int
		}{{"default", true, 409}, {"read", true, 409}, {"silent", false, 201}} {
			_, outcomes := a.call("GET", "contracts/transeu/outcomes?session="+one.session, nil, 200)
			if strings.Contains(string(outcomes), `"seen": 1`) != one.entries {
				t.Errorf("%s: expected its outcomes to be known: %v", one.session, one.entries)
			}
			kept, err := s.Journal().Read(journal.Filter{Session: one.session})
			if err != nil || (len(kept) > 0) != one.entries {
				t.Errorf("%s: %d entries %v", one.session, len(kept), err)
			}
			if got := create(t, web.Client(), web.URL, one.session); got != one.status {
				t.Errorf("%s: expected %d, found %d", one.session, one.status, got)
			}
		}
	})
}

// Sessions beyond the bound make the oldest ones make room, and many of them at once
// do not look at all others each.
func TestManySessionsMakeRoom(t *testing.T) {
	inEveryStore(t, func(t *testing.T, store func(state.Options) (state.Store, error)) {
		s, err := store(state.Options{MaxSpaces: 100, Keep: func(space string) bool { return space == "c/default" }})
		if err != nil {
			t.Fatal(err)
		}
		defer s.Close()
		put := func(space string) {
			t.Helper()
			if err := s.Update(t.Context(), space, func(tx state.Tx) error { return tx.Put("order", &state.Doc{Key: "1", Body: []byte(`{}`)}) }); err != nil {
				t.Fatal(err)
			}
		}
		put("c/default")
		for i := range 1000 {
			put(fmt.Sprint("c/", i))
		}
		names, err := s.Spaces(t.Context())
		if err != nil || len(names) > 101 || len(names) < 80 {
			t.Errorf("expected at most 100 spaces and not many fewer, found %d %v", len(names), err)
		}
		if all := strings.Join(names, " ") + " "; !strings.Contains(all, "c/default ") || !strings.Contains(all, "c/999 ") || strings.Contains(all, "c/0 ") {
			t.Error("expected the default space and the newest to be kept, and the oldest to make room")
		}
	})
}
