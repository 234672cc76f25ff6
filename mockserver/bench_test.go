package mockserver_test

import (
	"bytes"
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"

	"github.com/roadworthy-project/roadworthy/mockserver"
	"github.com/roadworthy-project/roadworthy/specs"
)

// all is the list of contracts that New wants.
func all(contracts ...*specs.Contract) []*specs.Contract { return contracts }

// client keeps enough connections for parallel benchmarks.
func client() *http.Client {
	t := http.DefaultTransport.(*http.Transport).Clone()
	t.MaxIdleConnsPerHost = 64
	return &http.Client{Transport: t}
}

func do(b *testing.B, c *http.Client, r *http.Request, want int) {
	resp, err := c.Do(r)
	if err != nil {
		b.Error(err)
		return
	}
	_, _ = io.Copy(io.Discard, resp.Body)
	resp.Body.Close()
	if resp.StatusCode != want {
		b.Errorf("expected %d, found %d", want, resp.StatusCode)
	}
}

// The two benchmarks have a bare handler in the same run, because only the ratio
// means something on a shared machine.
func BenchmarkGet(b *testing.B) {
	c := open(b, "otm5")
	s, err := mockserver.New(all(c), mockserver.Options{})
	if err != nil {
		b.Fatal(err)
	}
	mock := httptest.NewServer(s)
	defer mock.Close()
	put := request(b, "PUT", mock.URL+"/api/v5/vehicles", vehicleBody())
	put.Header.Set("Content-Type", "application/json")
	_, body := send(b, put)
	bare := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write(body)
	}))
	defer bare.Close()
	http := client()
	for _, one := range []struct{ name, url string }{{"bare", bare.URL}, {"mock", mock.URL}} {
		b.Run(one.name, func(b *testing.B) {
			b.ReportAllocs()
			b.RunParallel(func(p *testing.PB) {
				for p.Next() {
					do(b, http, request(b, "GET", one.url+"/api/v5/vehicles/3b9ee6f0-6d66-4a39-8d5a-2f4a3c1d7e55", nil), 200)
				}
			})
		})
	}
}

func vehicleBody() []byte {
	name := strings.Repeat("a long name ", 150)
	return []byte(`{"id":"3b9ee6f0-6d66-4a39-8d5a-2f4a3c1d7e55","creationDate":"2026-01-02T03:04:05Z","name":"` + name[:1300] + `","vehicleType":"boxtruck","fuel":"diesel",` +
		`"licensePlate":"AB-12-CD","length":{"value":8,"unit":"m"},"height":{"value":2.8,"unit":"m"},"width":{"value":2,"unit":"m"},"emptyWeight":{"value":2000,"unit":"kg"},` +
		`"loadCapacities":[{"value":1000,"unit":"kg"},{"value":12,"unit":"pallet"}],"externalAttributes":{"one":"1","two":"2"}}`)
}

func request(t testing.TB, method, url string, body []byte) *http.Request {
	var reader io.Reader
	if body != nil {
		reader = bytes.NewReader(body)
	}
	r, err := http.NewRequest(method, url, reader)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer demo")
	if body != nil {
		r.Header.Set("Content-Type", "application/json")
	}
	return r
}

func BenchmarkPut(b *testing.B) {
	c := open(b, "otm5")
	s, err := mockserver.New(all(c), mockserver.Options{})
	if err != nil {
		b.Fatal(err)
	}
	mock := httptest.NewServer(s)
	defer mock.Close()
	bare := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("Content-Length", strconv.Itoa(len(body)))
		_, _ = w.Write(body)
	}))
	defer bare.Close()
	http := client()
	for _, one := range []struct{ name, url string }{{"bare", bare.URL}, {"mock", mock.URL}} {
		b.Run(one.name, func(b *testing.B) {
			b.ReportAllocs()
			body := vehicleBody()
			b.RunParallel(func(p *testing.PB) {
				for p.Next() {
					do(b, http, request(b, "PUT", one.url+"/api/v5/vehicles", body), 200)
				}
			})
		})
	}
}

// The handlers alone, without the network.
func BenchmarkHandler(b *testing.B) {
	c := open(b, "otm5")
	s, err := mockserver.New(all(c), mockserver.Options{})
	if err != nil {
		b.Fatal(err)
	}
	body := vehicleBody()
	for _, one := range []struct {
		name, method, path string
		body               []byte
	}{
		{"put", "PUT", "/api/v5/vehicles", body},
		{"get", "GET", "/api/v5/vehicles/3b9ee6f0-6d66-4a39-8d5a-2f4a3c1d7e55", nil},
	} {
		b.Run(one.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				w := httptest.NewRecorder()
				s.ServeHTTP(w, request(b, one.method, one.path, one.body))
				if w.Code != 200 {
					b.Fatal(w.Code, w.Body)
				}
			}
		})
	}
}
