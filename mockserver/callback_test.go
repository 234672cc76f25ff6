package mockserver_test

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/roadworthy-project/roadworthy/mockserver"
	"github.com/roadworthy-project/roadworthy/mockserver/journal"
	"github.com/roadworthy-project/roadworthy/specs"
)

const callbackDocument = `
openapi: 3.1.0
info: {title: Jobs, version: "1"}
paths:
  /jobs:
    post:
      operationId: addJob
      requestBody:
        content: {application/json: {schema: {type: object, required: [id, url], properties: {id: {type: string}, url: {type: string}}}}}
      responses:
        "201":
          description: made
          content: {application/json: {schema: {type: object, required: [id], properties: {id: {type: string}}}}}
      callbacks:
        done:
          "{$request.body#/url}/done?job={$request.body#/id}":
            post:
              requestBody:
                content: {application/json: {schema: {type: object, required: [id, state], properties: {id: {type: string}, state: {enum: [DONE]}}}}}
              responses: {"200": {description: heard}}
webhooks:
  tick:
    post:
      requestBody:
        content: {application/json: {schema: {type: object, required: [at], properties: {at: {type: integer}}}}}
      responses: {"200": {description: heard}}
`

// receiver notes what it is sent, and fails as often as it is told to.
type receiver struct {
	mu    sync.Mutex
	heard []string
	fail  int
	url   string
}

func newReceiver(t *testing.T) *receiver {
	r := &receiver{}
	web := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		body, _ := io.ReadAll(req.Body)
		r.mu.Lock()
		defer r.mu.Unlock()
		if r.fail > 0 {
			r.fail--
			w.WriteHeader(http.StatusServiceUnavailable)
			return
		}
		r.heard = append(r.heard, req.Method+" "+req.URL.RequestURI()+" "+string(body))
	}))
	t.Cleanup(web.Close)
	r.url = web.URL
	return r
}

func (r *receiver) await(t *testing.T, n int) []string {
	t.Helper()
	for deadline := time.Now().Add(10 * time.Second); time.Now().Before(deadline); time.Sleep(10 * time.Millisecond) {
		r.mu.Lock()
		heard := append([]string(nil), r.heard...)
		r.mu.Unlock()
		if len(heard) >= n {
			return heard
		}
	}
	t.Fatalf("expected %d deliveries, found %v", n, r.heard)
	return nil
}

func startWithCallbacks(t *testing.T, policy string) (*mockserver.Server, *adminClient, string) {
	t.Helper()
	folder := t.TempDir()
	if err := os.WriteFile(filepath.Join(folder, "jobs.yaml"), []byte(callbackDocument), 0o600); err != nil {
		t.Fatal(err)
	}
	c, err := specs.Open(filepath.Join(folder, "jobs.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	s, web := start(t, mockserver.Options{Callbacks: policy}, c)
	return s, newAdminClient(t, web.URL), web.URL
}

// addJob makes a job, and gives the id that the answer says.
func addJob(t *testing.T, web, id, url string) string {
	t.Helper()
	body, _ := json.Marshal(map[string]string{"id": id, "url": url})
	if resp, answer := send(t, request(t, "POST", web+"/jobs", body)); resp.StatusCode != 201 {
		t.Fatalf("%d %s", resp.StatusCode, answer)
	} else {
		body = answer
	}
	var made struct{ ID string }
	if err := json.Unmarshal(body, &made); err != nil || made.ID == "" {
		t.Fatalf("expected an id, found %s", body)
	}
	return made.ID
}

// Callbacks come in the order of their requests, the first one after two failures;
// each attempt is in the journal.
func TestCallbacksAreDelivered(t *testing.T) {
	to := newReceiver(t)
	to.fail = 2
	s, _, web := startWithCallbacks(t, "")
	var made []string
	for _, id := range []string{"a b", "two", "three"} {
		made = append(made, addJob(t, web, id, to.url))
	}
	heard := to.await(t, 3)
	for i, want := range []string{"POST /done?job=a+b ", "POST /done?job=two ", "POST /done?job=three "} {
		if !strings.HasPrefix(heard[i], want) || !strings.Contains(heard[i], `"state":"DONE"`) {
			t.Errorf("delivery %d: expected %s with a valid body, found %s", i+1, want, heard[i])
		}
		if !strings.Contains(heard[i], `"id":"`+made[i]+`"`) {
			t.Errorf("delivery %d: expected it to speak of %s, found %s", i+1, made[i], heard[i])
		}
	}
	var notes []string
	for deadline := time.Now().Add(5 * time.Second); len(notes) < 5 && time.Now().Before(deadline); time.Sleep(5 * time.Millisecond) {
		notes = nil
		for _, e := range s.Journal().Entries(journal.Filter{Operation: "addJob/done"}) {
			notes = append(notes, e.Decision.Source+": "+strings.Join(e.Decision.Notes, ""))
		}
	}
	if len(notes) != 5 || !strings.Contains(notes[0], "callback of request 1: attempt 1 of 4: the receiver answered 503; tried again") || !strings.HasSuffix(notes[2], "attempt 3 of 4") {
		t.Errorf("expected five attempts with their notes, found %q", notes)
	}
}

// What cannot be sent is told in the journal, and answered all the same.
func TestCallbacksThatGoNowhere(t *testing.T) {
	for _, one := range []struct{ name, policy, url, want string }{
		{"no address", "", "", "gives nothing"},
		{"another protocol", "", "file:///etc/passwd", "expected an http or https address"},
		{"beyond loopback", "", "http://192.0.2.1", "--callbacks on"},
	} {
		t.Run(one.name, func(t *testing.T) {
			s, _, web := startWithCallbacks(t, one.policy)
			addJob(t, web, "x", one.url)
			for deadline := time.Now().Add(5 * time.Second); time.Now().Before(deadline); time.Sleep(5 * time.Millisecond) {
				found := s.Journal().Entries(journal.Filter{Operation: "addJob/done"})
				if len(found) == 0 {
					continue
				}
				if note := strings.Join(found[0].Decision.Notes, ""); !strings.Contains(note, one.want) {
					t.Errorf("expected the journal to say %q, found %q", one.want, note)
				}
				return
			}
			t.Error("the journal shows no attempt")
		})
	}
	t.Run("off", func(t *testing.T) {
		to := newReceiver(t)
		s, _, web := startWithCallbacks(t, "off")
		addJob(t, web, "x", to.url)
		time.Sleep(50 * time.Millisecond)
		if n := len(s.Journal().Entries(journal.Filter{})); n != 1 || len(to.heard) > 0 {
			t.Errorf("expected nothing to be sent, found %d entries and %v", n, to.heard)
		}
	})
}

func TestWebhooksAreFired(t *testing.T) {
	to := newReceiver(t)
	_, a, _ := startWithCallbacks(t, "")
	_, body := a.call("GET", "webhooks", nil, 200)
	if !strings.Contains(string(body), `"name": "tick"`) {
		t.Errorf("expected the webhook in the list, found %s", body)
	}
	a.call("POST", "webhooks/tick", map[string]any{"url": to.url + "/in"}, 202)
	a.call("POST", "webhooks/tick", map[string]any{"url": to.url + "/in", "body": map[string]any{"at": 7}}, 202)
	heard := to.await(t, 2)
	if !strings.HasPrefix(heard[0], `POST /in {"at":`) || heard[1] != `POST /in {"at":7}` {
		t.Errorf("expected two webhooks in order, found %q", heard)
	}
	a.call("GET", "requests?operation=webhook/tick", nil, 200)
}
