package proxy

import (
	"bytes"
	"compress/gzip"
	"crypto/tls"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/roadworthy-project/roadworthy/conformance/mask"
	"github.com/roadworthy-project/roadworthy/conformance/traffic"
	"github.com/roadworthy-project/roadworthy/reports"
	"github.com/roadworthy-project/roadworthy/specs"
)

const good = `{"id":"2b0c3d4e-0000-4000-8000-000000000001","number":"A","weight":1}`

func contract(t testing.TB) *specs.Contract {
	t.Helper()
	c, err := specs.Open("../testdata/parcels")
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// start puts a proxy in front of a handler. stop ends it and gives its report.
func start(t testing.TB, upstream http.Handler, o Options) (base string, stop func() *reports.Report) {
	t.Helper()
	up := httptest.NewServer(upstream)
	p, err := New(contract(t), up.URL, o)
	if err != nil {
		t.Fatal(err)
	}
	front := httptest.NewServer(p)
	var once sync.Once
	end := func() {
		front.Close()
		if err := p.Close(); err != nil {
			t.Error(err)
		}
		up.Close()
	}
	t.Cleanup(func() { once.Do(end) })
	return front.URL, func() *reports.Report {
		once.Do(end)
		return p.Report()
	}
}

func answer(status int, kind, body string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		w.Header().Set("Content-Type", kind)
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	})
}

func call(t testing.TB, method, url, body string) (int, string, http.Header) {
	t.Helper()
	req, err := http.NewRequest(method, url, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Authorization", "Bearer very-secret-token")
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	b, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp.StatusCode, string(b), resp.Header
}

func TestModes(t *testing.T) {
	base := contract(t).BasePath
	bad := strings.Replace(good, `"weight":1`, `"weight":"1"`, 1)
	for _, tc := range []struct {
		name, reason, mode string
		request, response  string
		status             int // that the client sees
		found              string
	}{
		{"report good", "nothing deviates", Report, `{"number":"A","weight":1}`, good, 201, ""},
		{"report request", "passes, and is told", Report, `{"number":"A"}`, good, 201, "request /weight missing"},
		{"report response", "passes, and is told", Report, `{"number":"A","weight":1}`, bad, 201, "response /weight type"},
		{"enforce good", "nothing deviates", Enforce, `{"number":"A","weight":1}`, good, 201, ""},
		{"enforce request", "never reaches the server", Enforce, `{"number":"A"}`, good, 400, "request /weight missing"},
		{"enforce response", "never reaches the client", Enforce, `{"number":"A","weight":1}`, bad, 502, "response /weight type"},
	} {
		reached := 0
		url, stop := start(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			reached++
			answer(201, "application/json", tc.response).ServeHTTP(w, r)
		}), Options{Mode: tc.mode})
		status, body, header := call(t, "POST", url+base+"/parcels", tc.request)
		r := stop()
		var found []string
		for _, d := range r.Deviations {
			if d.Severity == reports.SeverityError {
				found = append(found, d.Step+" "+d.Path+" "+d.Kind)
			}
		}
		if status != tc.status || strings.Join(found, ";") != tc.found {
			t.Errorf("%s (%s): status %d, found %q; expected %d and %q", tc.name, tc.reason, status, found, tc.status, tc.found)
		}
		if tc.status >= 400 {
			var doc details
			if json.Unmarshal([]byte(body), &doc) != nil || doc.Status != tc.status || len(doc.Deviations) == 0 || header.Get("Content-Type") != "application/problem+json" {
				t.Errorf("%s: expected a problem document with the deviations, found %s", tc.name, body)
			}
		}
		if want := tc.status != 400; (reached == 1) != want {
			t.Errorf("%s: the server was reached %d times", tc.name, reached)
		}
		if text, _ := json.Marshal(r); strings.Contains(string(text), "very-secret-token") {
			t.Errorf("%s: a credential is in the report", tc.name)
		}
	}
}

func TestBodiesThatAreNotJudged(t *testing.T) {
	base := contract(t).BasePath
	big := `{"number":"A","weight":1,"note":"` + strings.Repeat("x", 4000) + `"}`
	for _, tc := range []struct {
		name, path, kind, answer string
	}{
		{"unknown route", "/elsewhere", "application/json", "{"},
		{"over the limit", base + "/parcels", "application/json", strings.Repeat("y", 5000)},
		{"event stream", base + "/parcels", "text/event-stream", "data: 1\n\n"},
	} {
		for _, mode := range Modes() {
			url, stop := start(t, answer(201, tc.kind, tc.answer), Options{Mode: mode, MaxBody: 1000})
			if status, body, _ := call(t, "POST", url+tc.path, big); status != 201 || body != tc.answer {
				t.Errorf("%s, %s: %d with %d bytes, expected the answer of the server", tc.name, mode, status, len(body))
			}
			if r := stop(); len(r.Deviations) != 0 {
				t.Errorf("%s, %s: found %+v", tc.name, mode, r.Deviations)
			}
		}
	}
}

// TestStreams shows that an answer is passed on while the server still writes it.
func TestStreams(t *testing.T) {
	base := contract(t).BasePath
	for _, path := range []string{"/other", base + "/parcels/1"} {
		seen := make(chan struct{})
		url, _ := start(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Type", "text/event-stream")
			_, _ = io.WriteString(w, "data: 1\n\n")
			w.(http.Flusher).Flush()
			select {
			case <-seen:
			case <-time.After(5 * time.Second):
				t.Error("the first event did not come through before the second")
			}
		}), Options{Mode: Enforce})
		resp, err := http.Get(url + path)
		if err != nil {
			t.Fatal(err)
		}
		b := make([]byte, 9)
		if _, err := io.ReadFull(resp.Body, b); err != nil || string(b) != "data: 1\n\n" {
			t.Errorf("%s: %q %v", path, b, err)
		}
		close(seen)
		resp.Body.Close()
	}
}

func TestGzipAndBrokenAnswers(t *testing.T) {
	base := contract(t).BasePath
	url, stop := start(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		if strings.HasSuffix(r.URL.Path, "/broken") {
			w.Header().Set("Content-Length", "100")
			_, _ = io.WriteString(w, "{")
			return
		}
		if got := r.Header.Get("Accept-Encoding"); got != "gzip" {
			t.Errorf("the server was offered %q, expected what can be read again", got)
		}
		w.Header().Set("Content-Encoding", "gzip")
		z := gzip.NewWriter(w)
		_, _ = io.WriteString(z, strings.Replace(good, `"weight":1`, `"weight":"1"`, 1))
		_ = z.Close()
	}), Options{})
	req, _ := http.NewRequest("GET", url+base+"/parcels/2b0c3d4e-0000-4000-8000-000000000001", nil)
	req.Header.Set("Accept-Encoding", "br, gzip, zstd")
	resp, err := http.DefaultTransport.RoundTrip(req)
	if err != nil {
		t.Fatal(err)
	}
	raw, _ := io.ReadAll(resp.Body)
	resp.Body.Close()
	if !bytes.HasPrefix(raw, []byte{0x1f, 0x8b}) {
		t.Error("the client did not get the coding that it asked for")
	}
	if resp, err := http.Get(url + base + "/parcels/broken"); err == nil {
		_, err = io.ReadAll(resp.Body)
		resp.Body.Close()
		if err == nil {
			t.Error("the client was not told that the answer broke off")
		}
	}
	var kinds []string
	for _, d := range stop().Deviations {
		if d.Step == traffic.SideResponse && d.Severity == reports.SeverityError {
			kinds = append(kinds, d.Kind)
		}
	}
	if strings.Join(kinds, " ") != "type unreachable" {
		t.Errorf("found %q, expected the type behind gzip and the answer that broke off", kinds)
	}
}

func TestUpstreamIsDown(t *testing.T) {
	up := httptest.NewServer(http.NotFoundHandler())
	up.Close()
	var failures int
	p, err := New(contract(t), up.URL, Options{Failed: func(*traffic.Exchange, string) { failures++ }})
	if err != nil {
		t.Fatal(err)
	}
	w := httptest.NewRecorder()
	p.ServeHTTP(w, httptest.NewRequest("GET", contract(t).BasePath+"/parcels/2b0c3d4e-0000-4000-8000-000000000001", nil))
	if err := p.Close(); err != nil {
		t.Fatal(err)
	}
	if r := p.Report(); w.Code != 502 || r.Verdict != reports.Inconclusive || failures != 1 {
		t.Errorf("status %d, verdict %s, %d failures; expected 502, inconclusive, 1", w.Code, r.Verdict, failures)
	}
}

func TestHTTP2(t *testing.T) {
	c := contract(t)
	proto := ""
	up := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		proto = r.Proto
		answer(200, "application/json", good).ServeHTTP(w, r)
	}))
	up.EnableHTTP2 = true
	up.StartTLS()
	defer up.Close()
	from := http.DefaultTransport.(*http.Transport).Clone()
	from.TLSClientConfig = &tls.Config{InsecureSkipVerify: true}
	p, err := New(c, up.URL+c.BasePath, Options{Transport: Transport(from, false)})
	if err != nil {
		t.Fatal(err)
	}
	front := httptest.NewUnstartedServer(p)
	front.EnableHTTP2 = true
	front.StartTLS()
	defer front.Close()
	resp, err := front.Client().Get(front.URL + c.BasePath + "/parcels/2b0c3d4e-0000-4000-8000-000000000001")
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	front.Close()
	if err := p.Close(); err != nil {
		t.Fatal(err)
	}
	if r := p.Report(); resp.Proto != "HTTP/2.0" || proto != "HTTP/2.0" || resp.StatusCode != 200 || r.Verdict != reports.Partial {
		t.Errorf("client %s, server %s, status %d, verdict %s %v", resp.Proto, proto, resp.StatusCode, r.Verdict, r.Deviations)
	}
}

// TestRecorder takes a client through a small server and looks at the scenario.
func TestRecorder(t *testing.T) {
	c := contract(t)
	store := map[string]string{}
	rec := NewRecorder(c)
	url, stop := start(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		if r.Method == "POST" {
			id := fmt.Sprintf("2b0c3d4e-0000-4000-8000-%012d", len(store)+1)
			body, _ := io.ReadAll(r.Body)
			store[id] = strings.Replace(string(body), "{", `{"id":"`+id+`",`, 1)
			w.WriteHeader(201)
			_, _ = io.WriteString(w, store[id])
			return
		}
		_, _ = io.WriteString(w, store[r.URL.Path[strings.LastIndexByte(r.URL.Path, '/')+1:]])
	}), Options{Record: func(j *traffic.Judged, _ *mask.Masker) error { rec.Add(j); return nil }})
	for range 2 {
		_, body, _ := call(t, "POST", url+c.BasePath+"/parcels", `{"number":"PARCEL-77","weight":1}`)
		var parcel struct{ ID string }
		if err := json.Unmarshal([]byte(body), &parcel); err != nil {
			t.Fatal(err)
		}
		call(t, "GET", url+c.BasePath+"/parcels/"+parcel.ID, "")
	}
	stop()
	text, n, left, err := rec.Scenarios()
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"${addParcel-1.id}", "capture:", "id: /id", "same-as: addParcel-1.response", "status: 201"} {
		if !strings.Contains(string(text), want) {
			t.Errorf("the recording lacks %q", want)
		}
	}
	for _, never := range []string{"very-secret-token", "2b0c3d4e-0000-4000-8000-000000000001", "Authorization"} {
		if strings.Contains(string(text), never) {
			t.Errorf("the recording holds %q", never)
		}
	}
	if n == 0 || len(left) != 0 {
		t.Errorf("%d scenarios, left out %v", n, left)
	}
	if t.Failed() {
		t.Logf("%s", text)
	}
}

// A request with XML namespaces is recorded with the namespace of its XSD, whatever
// prefix it came with.
func TestRecorderOfXMLNamespaces(t *testing.T) {
	c, err := specs.Open("../testdata/depot/depot.yaml")
	if err != nil {
		t.Fatal(err)
	}
	const delivery = `<d:delivery xmlns:d="urn:example:depot"><d:number>D-77</d:number><d:planned>2026-03-01T08:00:00Z</d:planned><d:gate>G1</d:gate>` +
		`<d:from><d:name>A</d:name><d:city>Delft</d:city></d:from><d:goods line="1"><d:weight unit="KG">12.50</d:weight></d:goods></d:delivery>`
	up := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/xml")
		w.WriteHeader(http.StatusCreated)
		_, _ = io.Copy(w, r.Body)
	}))
	t.Cleanup(up.Close)
	rec := NewRecorder(c)
	p, err := New(c, up.URL, Options{Record: func(j *traffic.Judged, _ *mask.Masker) error { rec.Add(j); return nil }})
	if err != nil {
		t.Fatal(err)
	}
	front := httptest.NewServer(p)
	t.Cleanup(front.Close)
	resp, err := http.Post(front.URL+c.BasePath+"/deliveries", "application/xml", strings.NewReader(delivery))
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	if err := p.Close(); err != nil {
		t.Fatal(err)
	}
	text, n, left, err := rec.Scenarios()
	if err != nil || n != 1 || len(left) != 0 || !strings.Contains(string(text), `<delivery xmlns="urn:example:depot">`) {
		t.Errorf("expected one scenario with the namespace, found %d, left out %v, %v:\n%s", n, left, err, text)
	}
}

// BenchmarkOverhead compares a call with and without the proxy; the difference is
// what the proxy costs.
func BenchmarkOverhead(b *testing.B) {
	base := contract(b).BasePath
	up := httptest.NewServer(answer(200, "application/json", good))
	defer up.Close()
	p, err := New(contract(b), up.URL, Options{})
	if err != nil {
		b.Fatal(err)
	}
	front := httptest.NewServer(p)
	defer front.Close()
	for _, one := range []struct{ name, url string }{{"direct", up.URL}, {"proxied", front.URL}} {
		b.Run(one.name, func(b *testing.B) {
			var took []time.Duration
			for b.Loop() {
				began := time.Now()
				resp, err := http.Get(one.url + base + "/parcels/2b0c3d4e-0000-4000-8000-000000000001")
				if err != nil {
					b.Fatal(err)
				}
				_, _ = io.Copy(io.Discard, resp.Body)
				resp.Body.Close()
				took = append(took, time.Since(began))
			}
			slices.Sort(took)
			b.ReportMetric(float64(took[len(took)/2].Microseconds()), "p50-µs")
		})
	}
}
