package main

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"
)

// mockProcess is a mock in a process of its own, as users run it.
type mockProcess struct {
	cmd *exec.Cmd
	log *logBuffer
	url string
}

// logBuffer collects what a process prints.
type logBuffer struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (b *logBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.text.Write(p)
}

func (b *logBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.text.String()
}

// await waits until the log fits, and gives the submatches.
func (b *logBuffer) await(t *testing.T, pattern string) []string {
	t.Helper()
	re := regexp.MustCompile(pattern)
	for deadline := time.Now().Add(20 * time.Second); time.Now().Before(deadline); time.Sleep(10 * time.Millisecond) {
		if m := re.FindStringSubmatch(b.String()); m != nil {
			return m
		}
	}
	t.Fatalf("expected %s in the log, found %s", pattern, b)
	return nil
}

// startProcess runs "roadworthy mock" with the arguments until the test ends.
func startProcess(t *testing.T, args ...string) *mockProcess {
	t.Helper()
	p := &mockProcess{cmd: exec.Command("roadworthy", append([]string{"mock", "--listen", "127.0.0.1:0"}, args...)...), log: &logBuffer{}}
	p.cmd.Stdout, p.cmd.Stderr = p.log, p.log
	if err := p.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.kill)
	p.url = p.log.await(t, `(?m)^ready (http\S+)$`)[1]
	return p
}

// kill ends the process as kill -9 does.
func (p *mockProcess) kill() {
	_ = p.cmd.Process.Kill()
	_ = p.cmd.Wait()
}

func call(method, url, body string, headers ...string) (int, string, error) {
	r, err := http.NewRequest(method, url, strings.NewReader(body))
	if err != nil {
		return 0, "", err
	}
	r.Header.Set("Authorization", "Bearer demo")
	r.Header.Set("Content-Type", "application/json")
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		return 0, "", err
	}
	defer resp.Body.Close()
	answer, err := io.ReadAll(resp.Body)
	return resp.StatusCode, string(answer), err
}

const shippingOrders = "/api/rest/v1/shipping-orders"

func shippingOrder(number string) string {
	return `{"number":"` + number + `","route":{"events":[` +
		`{"place":{"address":{"locality":"Berlin","postal_code":"10115","country":"DE"}},"time_frame":{"day":"2026-03-02"},"type":"loading"},` +
		`{"place":{"address":{"locality":"Wroclaw","postal_code":"50-001","country":"PL"}},"time_frame":{"day":"2026-03-03"},"type":"unloading"}]}}`
}

// The process is killed while 8 callers write. Every order that was acknowledged
// is still there after a restart: its number is taken.
func TestKilledMockLosesNothingAcknowledged(t *testing.T) {
	store := "file:" + filepath.Join(t.TempDir(), "state.log")
	p := startProcess(t, "transeu", "--store", store)
	var mu sync.Mutex
	var acknowledged []string
	var writers sync.WaitGroup
	for w := range 8 {
		writers.Go(func() {
			for i := 0; ; i++ {
				number := fmt.Sprintf("W%d-%d", w, i)
				status, _, err := call("POST", p.url+shippingOrders, shippingOrder(number))
				if err != nil {
					return
				}
				if status == http.StatusCreated {
					mu.Lock()
					acknowledged = append(acknowledged, number)
					mu.Unlock()
				}
			}
		})
	}
	time.Sleep(300 * time.Millisecond)
	enough := func() bool {
		mu.Lock()
		defer mu.Unlock()
		return len(acknowledged) >= 20
	}
	for end := time.Now().Add(time.Minute); !enough() && time.Now().Before(end); {
		time.Sleep(time.Millisecond)
	}
	p.kill()
	writers.Wait()
	if !enough() {
		t.Fatalf("only %d orders were acknowledged in a minute", len(acknowledged))
	}
	t.Logf("%d orders were acknowledged", len(acknowledged))
	again := startProcess(t, "transeu", "--store", store)
	for _, number := range acknowledged {
		if status, answer, err := call("POST", again.url+shippingOrders, shippingOrder(number)); status != http.StatusConflict {
			t.Fatalf("%s was acknowledged and is gone: %d %s %v", number, status, answer, err)
		}
	}
}

// An own contract is served anew after an edit; a broken edit keeps the old one
// serving and says where it broke. State, journal and faults live on.
func TestWatch(t *testing.T) {
	folder := t.TempDir()
	file := filepath.Join(folder, "pets.yaml")
	document := func(path string) string {
		return "openapi: 3.0.3\ninfo: {title: Pets, version: '1'}\npaths:\n  " + path + ":\n    get:\n      operationId: list\n      responses:\n        '200': {description: all}\n"
	}
	write := func(text string) {
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write(document("/pets"))
	p := startProcess(t, file, "--watch")
	expect := func(method, path, body string, want int) string {
		t.Helper()
		status, answer, err := call(method, p.url+path, body)
		if status != want {
			t.Fatalf("%s %s: expected %d, found %d %s %v\n%s", method, path, want, status, answer, err, p.log)
		}
		return answer
	}
	expect("GET", "/pets", "", 200)
	expect("GET", "/dogs", "", 404)
	expect("POST", "/__admin/faults", `{"fault":"wrong-content-type","call":99}`, 201)

	write(strings.Replace(document("/dogs"), "{description: all}", "{description: all", 1))
	p.log.await(t, `(?s)not reloaded, the old contract keeps serving.*pets\.yaml:\d+`)
	expect("GET", "/pets", "", 200)

	write(document("/dogs"))
	p.log.await(t, `(?m)^reloaded$`)
	expect("GET", "/dogs", "", 200)
	expect("GET", "/pets", "", 404)
	if answer := expect("GET", "/__admin/requests", "", 200); !strings.Contains(answer, `"total":5`) && !strings.Contains(answer, `"total": 5`) {
		t.Errorf("expected the five requests before and after the reload in one journal, found %s", answer)
	}
	if answer := expect("GET", "/__admin/faults", "", 200); !strings.Contains(answer, "wrong-content-type") {
		t.Errorf("expected the fault to be in force after the reload, found %s", answer)
	}
}

// Beyond loopback the admin API asks for a token that nobody set; the address that
// is printed lets a browser in.
func TestAdminBeyondLoopback(t *testing.T) {
	p := startProcess(t, "transeu", "--listen", "0.0.0.0:0")
	address := p.log.await(t, `(http://127\.0\.0\.1:\d+/__admin/)\?token=([0-9a-f]{32})`)
	for _, one := range []struct {
		name, url, token string
		want             int
	}{
		{"no token", address[1] + "requests", "", 401},
		{"a wrong token", address[1] + "requests", "x", 401},
		{"the token", address[1] + "requests", address[2], 200},
		{"in the address", address[1] + "requests?token=" + address[2], "", 200},
		{"health", address[1] + "health", "", 200},
	} {
		r, err := http.NewRequest("GET", one.url, nil)
		if err != nil {
			t.Fatal(err)
		}
		if one.token != "" {
			r.Header.Set("Authorization", "Bearer "+one.token)
		}
		resp, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
		if resp.StatusCode != one.want {
			t.Errorf("%s: expected %d, found %d", one.name, one.want, resp.StatusCode)
		}
	}
}

// Ids are the same in every run with the same --random-seed, and others with another.
func TestRandomSeed(t *testing.T) {
	created := func(seed string) string {
		p := startProcess(t, "transeu", "--random-seed", seed)
		p.expect(t, 201, "POST", shippingOrders, shippingOrder("A"))
		return p.expect(t, 201, "POST", shippingOrders, shippingOrder("B"))
	}
	one, again, other := created("1"), created("1"), created("2")
	if one != again || one == other {
		t.Errorf("expected the same order for the same seed and another for another, found %s %s %s", one, again, other)
	}
}
