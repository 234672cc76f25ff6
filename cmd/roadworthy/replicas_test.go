package main

import (
	"bufio"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"math/big"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/roadworthy-project/roadworthy/mockserver/redis/redistest"
)

// replicas starts three mocks at one store.
func replicas(t *testing.T, contract, store string, args ...string) []*mockProcess {
	t.Helper()
	var all []*mockProcess
	for range 3 {
		all = append(all, startProcess(t, append([]string{contract, "--store", store}, args...)...))
	}
	return all
}

// expect calls and gives the answer, which must have the status.
func (p *mockProcess) expect(t *testing.T, want int, method, path, body string, headers ...string) string {
	t.Helper()
	status, answer, err := call(method, p.url+path, body, headers...)
	if err != nil || status != want {
		t.Fatalf("%s %s: expected %d, found %d %s %v", method, path, want, status, answer, err)
	}
	return answer
}

func decoded[T any](t *testing.T, text string) T {
	t.Helper()
	var v T
	if err := json.Unmarshal([]byte(text), &v); err != nil {
		t.Fatalf("%v in %s", err, text)
	}
	return v
}

// Three replicas share one state: of very many that want the same number at the
// same time, exactly one gets it, and each replica knows it.
func TestReplicasAcceptOneOfMany(t *testing.T) {
	const callers, each = 60, 10_000 / 60
	replicas := replicas(t, "transeu", redistest.Start(t).URL())
	var accepted, refused atomic.Int64
	var wg sync.WaitGroup
	for c := range callers {
		wg.Go(func() {
			for i := range each + 1 {
				status, answer, err := call("POST", replicas[(c+i)%3].url+shippingOrders, shippingOrder("SAME"))
				switch {
				case err != nil:
					t.Error(err)
				case status == http.StatusCreated:
					accepted.Add(1)
				case status == http.StatusConflict:
					refused.Add(1)
				default:
					t.Errorf("expected 201 or 409, found %d %s", status, answer)
				}
				if t.Failed() {
					return
				}
			}
		})
	}
	wg.Wait()
	t.Logf("%d accepted, %d refused", accepted.Load(), refused.Load())
	if accepted.Load() != 1 {
		t.Errorf("expected exactly one to be accepted, found %d", accepted.Load())
	}
	for _, replica := range replicas {
		if status, answer, _ := call("POST", replica.url+shippingOrders, shippingOrder("SAME"), "Mock-Session", "other"); status == http.StatusCreated {
			break // the first one in a session of its own
		} else if status != http.StatusConflict {
			t.Errorf("another session: %d %s", status, answer)
		}
	}
}

// Behind a load balancer nobody knows which replica answers: what one of them was
// asked, all of them tell, and what one of them was told holds for all.
func TestReplicasShareTheJournal(t *testing.T) {
	mocks := replicas(t, "transeu", redistest.Start(t).URL(), "--journal", "20")
	stream, err := http.Get(mocks[2].url + "/__admin/requests/stream?session=team")
	if err != nil {
		t.Fatal(err)
	}
	defer stream.Body.Close()
	for i := range 9 {
		mocks[i%3].expect(t, 201, "POST", shippingOrders, shippingOrder(fmt.Sprint("N", i)), "Mock-Session", "team")
	}
	mocks[0].expect(t, 409, "POST", shippingOrders, shippingOrder("N1"), "Mock-Session", "team")
	mocks[1].expect(t, 404, "GET", "/api/rest/v1/nothing", "", "Mock-Session", "team")
	mocks[1].expect(t, 201, "POST", shippingOrders, shippingOrder("N1"), "Mock-Session", "other")

	// The stream of a replica that served a third of them has them all, in order.
	in := bufio.NewScanner(stream.Body)
	var streamed []string
	for len(streamed) < 11 && in.Scan() {
		if id, is := strings.CutPrefix(in.Text(), "id: "); is {
			streamed = append(streamed, id)
		}
	}
	if got := strings.Join(streamed, " "); got != "1 2 3 4 5 6 7 8 9 10 11" {
		t.Errorf("expected the requests 1 to 11 in the stream, found %s (%v)", got, in.Err())
	}
	for _, ask := range []struct{ method, path, body, says string }{
		{"GET", "/__admin/requests?session=team", "", `"total": 11`},
		{"GET", "/__admin/requests?session=team&limit=3", "", `"total": 3`},
		{"GET", "/__admin/requests?session=team&text=N7", "", `"total": 1`},
		{"GET", "/__admin/requests?session=other", "", `"total": 1`},
		{"GET", "/__admin/requests?session=team&format=har", "", `\"number\":\"N8\"`},
		{"GET", "/__admin/requests/3", "", `"id": 3`},
		{"GET", "/__admin/requests/3/curl", "", `N2`},
		{"GET", "/__admin/requests/10/scenario", "", `operation: addShippingOrder`},
		{"GET", "/__admin/requests/99", "", `does not hold`},
		{"GET", "/__admin/requests/unmatched?session=team", "", `"total": 1`},
		{"GET", "/__admin/sessions", "", `"requests": 11`},
		{"POST", "/__admin/requests/count", `{"session":"team","method":"POST","bodyPatterns":[{"contains":"N1"}]}`, `"count": 2`},
		{"POST", "/__admin/requests/find", `{"session":"team","status":409}`, `"total": 1`},
		{"GET", "/__admin/coverage", "", `"calls": 11`},
		{"GET", "/__admin/contracts/transeu/outcomes?session=team", "", `"seen": 9`},
	} {
		var first string
		for i, m := range mocks {
			_, answer, err := call(ask.method, m.url+ask.path, ask.body)
			if err != nil || !strings.Contains(answer, ask.says) {
				t.Errorf("replica %d, %s %s: expected %s, found %s %v", i, ask.method, ask.path, ask.says, answer, err)
			}
			if i == 0 {
				first = answer
			} else if answer != first && !strings.HasSuffix(ask.path, "curl") {
				t.Errorf("replica %d, %s %s: another answer than that of the first replica", i, ask.method, ask.path)
			}
		}
	}
	for i := range 30 {
		mocks[i%3].expect(t, 404, "GET", "/api/rest/v1/nothing", "", "Mock-Session", "many")
	}
	if n := decoded[struct{ Total int }](t, mocks[1].expect(t, 200, "GET", "/__admin/requests?session=many", "")).Total; n != 20 {
		t.Errorf("expected a session to keep 20 requests over all replicas, found %d", n)
	}
	mocks[0].expect(t, 204, "POST", "/__admin/reset", `{"session":"team"}`)
	if n := decoded[struct{ Total int }](t, mocks[2].expect(t, 200, "GET", "/__admin/requests?session=team", "")).Total; n != 0 {
		t.Errorf("expected an empty journal at every replica after a reset at one, found %d entries", n)
	}
	mocks[1].expect(t, 201, "POST", shippingOrders, shippingOrder("N1"), "Mock-Session", "team")
	if n := decoded[struct{ Total int }](t, mocks[2].expect(t, 200, "GET", "/__admin/requests?session=many", "")).Total; n != 20 {
		t.Errorf("the reset of one session took requests of another: %d are left", n)
	}
}

// Calls are counted over all replicas: for faults, provider states and call limits.
func TestReplicasShareFaultsStatesAndLimits(t *testing.T) {
	mocks := replicas(t, "transeu", redistest.Start(t).URL(), "--rate-limits", "5")
	get := func(i int, session string) int {
		t.Helper()
		status, _, err := call("GET", mocks[i%3].url+"/api/rest/v1/orders/00000000-0000-0000-0000-000000000000", "", "Mock-Session", session)
		if err != nil {
			t.Fatal(err)
		}
		return status
	}
	var limited int
	for i := range 30 {
		if get(i, "limits") == 429 {
			limited++
		}
	}
	// 5 at once, and 5 a second for as long as it took.
	if limited < 15 || limited == 30 {
		t.Errorf("expected 5 calls a second over all replicas, and the rest of 30 to be refused; %d were", limited)
	}
	added := decoded[struct{ ID string }](t, mocks[0].expect(t, 201, "POST", "/__admin/faults", `{"fault":"outcome","params":{"code":"500"},"session":"a","call":3}`))
	mocks[1].expect(t, 422, "POST", "/__admin/faults", `{"fault":"nonsense"}`)
	var got []int
	for i := range 4 {
		got = append(got, get(i, "a"))
	}
	if fmt.Sprint(got) != "[404 404 500 404]" {
		t.Errorf("expected the third call over all replicas to be hit, found %v", got)
	}
	list := mocks[2].expect(t, 200, "GET", "/__admin/faults", "")
	for _, want := range []string{`"calls": 4`, `"hits": 1`, `"over": true`} {
		if !strings.Contains(list, want) {
			t.Errorf("expected %s at another replica, found %.600s", want, list)
		}
	}
	mocks[1].expect(t, 204, "DELETE", "/__admin/faults/"+added.ID, "")
	mocks[0].expect(t, 404, "DELETE", "/__admin/faults/"+added.ID, "")
	mocks[0].expect(t, 200, "POST", "/__admin/provider-states?session=b", `{"contract":"transeu","state":"internal-error","params":{"operation":"getOrder"}}`)
	if a, b := get(1, "b"), get(2, "b"); a != 500 || b != 404 {
		t.Errorf("expected the next call at any replica to fail, and the one after it not to, found %d and %d", a, b)
	}
}

// A Redis server that goes away is told to callers in the words of the contract, and
// nothing is half done; when it comes back, the mocks go on by themselves.
func TestRedisGoesAwayAndComesBack(t *testing.T) {
	for _, contract := range []struct{ name, method, path, body, says string }{
		{"transeu", "POST", shippingOrders, shippingOrder("AWAY"), `"status":500`},
		{"otms", "POST", "/ws/orderRevenue", `<orderRevenueUpdateRequest version="0.1" login="demo" password="demo"><orders><order sequence="1"><orderNumber>A</orderNumber></order></orders></orderRevenueUpdateRequest>`, "<"},
	} {
		t.Run(contract.name, func(t *testing.T) {
			server := redistest.Start(t, "--appendonly", "yes", "--appendfsync", "always")
			mocks := replicas(t, contract.name, server.URL())
			headers := []string{"Content-Type", "application/json"}
			if contract.name == "otms" {
				headers = []string{"Content-Type", "application/xml", "Authorization", "Basic ZGVtbzpkZW1v"}
			}
			ask := func(i int) (int, string) {
				t.Helper()
				status, answer, err := call(contract.method, mocks[i%3].url+contract.path, contract.body, headers...)
				if err != nil {
					t.Fatal(err)
				}
				return status, answer
			}
			before, _ := ask(0)
			if before >= 300 {
				t.Fatalf("found %d before anything went wrong", before)
			}
			server.Stop()
			for i := range 3 {
				status, answer := ask(i)
				if status != 500 && status != 503 || !strings.Contains(answer, contract.says) || strings.Contains(answer, "127.0.0.1") || !strings.Contains(answer, "try again") && contract.name != "otms" {
					t.Errorf("expected a failure in the words of the contract, found %d %s", status, answer)
				}
				if status, answer, _ := call("GET", mocks[i].url+"/__admin/requests", ""); status != 503 || !strings.Contains(answer, "cannot be used") {
					t.Errorf("expected the admin API to say that the journal is away, found %d %s", status, answer)
				}
				if status, _, _ := call("GET", mocks[i].url+"/__admin/health", ""); status != 200 {
					t.Errorf("the mock itself is alive, but its health is %d", status)
				}
			}
			server.Start()
			// A server that was silent is left alone for a moment.
			goesOn := func(i int) {
				t.Helper()
				again, answer := ask(i)
				for deadline := time.Now().Add(20 * time.Second); again >= 500 && time.Now().Before(deadline); again, answer = ask(i) {
					time.Sleep(100 * time.Millisecond)
				}
				if again != before && again != 409 {
					t.Errorf("expected the mock to go on, found %d %s", again, answer)
				}
			}
			goesOn(1)
			// The state is whole: each replica reads all of it.
			for _, m := range mocks {
				m.expect(t, 200, "GET", "/__admin/snapshot", "")
			}
			// One that hangs is not waited for by everybody.
			server.Signal(syscall.SIGSTOP)
			begun := time.Now()
			for range 3 {
				if status, _ := ask(0); status != 500 && status != 503 {
					t.Errorf("expected a failure while the server hangs, found %d", status)
				}
			}
			if took := time.Since(begun); took > 20*time.Second {
				t.Errorf("three calls to a server that hangs took %s", took)
			}
			server.Signal(syscall.SIGCONT)
			goesOn(2)
		})
	}
}

// The address of a Redis server as far as the documentation promises it.
func TestRedisAddresses(t *testing.T) {
	folder := t.TempDir()
	cert, key := selfSigned(t, folder)
	socket := filepath.Join(folder, "redis.sock")
	server := redistest.Start(t, "--requirepass", "geheim", "--unixsocket", socket)
	secure := func() string {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		port := strconv.Itoa(l.Addr().(*net.TCPAddr).Port)
		l.Close()
		redistest.Start(t, "--tls-port", port, "--tls-cert-file", cert, "--tls-key-file", key, "--tls-auth-clients", "no")
		return port
	}()
	t.Setenv("SSL_CERT_FILE", cert)
	for _, one := range []struct{ name, store string }{
		{"password", "redis://:geheim@127.0.0.1:" + server.Port},
		{"user and password", "redis://default:geheim@127.0.0.1:" + server.Port + "/0"},
		{"another database", "redis://:geheim@127.0.0.1:" + server.Port + "/3"},
		{"a socket", "unix://:geheim@" + socket + "?db=4"},
		{"TLS", "rediss://localhost:" + secure + "/0"},
	} {
		t.Run(one.name, func(t *testing.T) {
			startProcess(t, "transeu", "--store", one.store).expect(t, 201, "POST", shippingOrders, shippingOrder("ONE"))
			// In another process it is there; in another database it is not.
			startProcess(t, "transeu", "--store", one.store).expect(t, 409, "POST", shippingOrders, shippingOrder("ONE"))
			if one.name == "user and password" {
				startProcess(t, "transeu", "--store", one.store[:len(one.store)-1]+"7").expect(t, 201, "POST", shippingOrders, shippingOrder("ONE"))
			}
			emptyRedis(t, one.store, server)
		})
	}
	for _, one := range []struct{ name, store, says string }{
		{"no password", "redis://127.0.0.1:" + server.Port, "asks for a password"},
		{"a wrong password", "redis://:falsch@127.0.0.1:" + server.Port, "Check user and password"},
		{"a database that there is not", "redis://:geheim@127.0.0.1:" + server.Port + "/99", "Check the database"},
		{"nobody there", "redis://127.0.0.1:1", "connection refused"},
		{"no socket", "unix:///nowhere/redis.sock", "no such file"},
		{"no address", "redis://", "expected redis://"},
		{"not a number", "redis://h/x", "expected a number"},
		{"another scheme", "reddis://127.0.0.1", "expected memory, file:PATH or redis://"},
		{"an unknown authority", "rediss://127.0.0.1:" + secure, "certificate"},
	} {
		t.Run(one.name, func(t *testing.T) {
			out, err := exec.Command("roadworthy", "mock", "transeu", "--listen", "127.0.0.1:0", "--store", one.store).CombinedOutput()
			if err == nil || !strings.Contains(string(out), one.says) || strings.Contains(string(out), "falsch") || strings.Contains(string(out), "geheim") {
				t.Errorf("expected the start to fail with %q and no password, found %v %s", one.says, err, out)
			}
		})
	}
}

// emptyRedis empties the password-protected server between the cases, so that
// each address proves itself.
func emptyRedis(t *testing.T, store string, server *redistest.Server) {
	t.Helper()
	if strings.HasPrefix(store, "rediss:") {
		return
	}
	conn, err := net.Dial("tcp", "127.0.0.1:"+server.Port)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	fmt.Fprint(conn, "AUTH geheim\r\nFLUSHALL\r\n")
	in := bufio.NewReader(conn)
	for range 2 {
		if line, err := in.ReadString('\n'); err != nil || line != "+OK\r\n" {
			t.Fatalf("%q %v", line, err)
		}
	}
}

// selfSigned makes a certificate for localhost.
func selfSigned(t *testing.T, folder string) (cert, key string) {
	t.Helper()
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "localhost"}, DNSNames: []string{"localhost"},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour), IsCA: true, BasicConstraintsValid: true,
		KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign}
	der, err := x509.CreateCertificate(rand.Reader, template, template, private.Public(), private)
	if err != nil {
		t.Fatal(err)
	}
	encoded, err := x509.MarshalECPrivateKey(private)
	if err != nil {
		t.Fatal(err)
	}
	cert, key = filepath.Join(folder, "cert.pem"), filepath.Join(folder, "key.pem")
	for _, one := range []struct {
		name  string
		block pem.Block
	}{{cert, pem.Block{Type: "CERTIFICATE", Bytes: der}}, {key, pem.Block{Type: "EC PRIVATE KEY", Bytes: encoded}}} {
		if err := os.WriteFile(one.name, pem.EncodeToMemory(&one.block), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return cert, key
}

// The faults of a file are in force once, though every replica reads it.
func TestReplicasArmAFileOnce(t *testing.T) {
	file := filepath.Join(t.TempDir(), "faults.yaml")
	if err := os.WriteFile(file, []byte("- {fault: latency, params: {delay: 1ms}}\n- {fault: outcome, params: {code: \"500\"}, every: 3}\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	mocks := replicas(t, "transeu", redistest.Start(t).URL(), "--faults", file)
	active := decoded[struct{ Active []struct{ ID string } }](t, mocks[2].expect(t, 200, "GET", "/__admin/faults", "")).Active
	if len(active) != 2 || active[0].ID != "file:1" || active[1].ID != "file:2" {
		t.Errorf("expected the two faults of the file, found %+v", active)
	}
	var got []int
	for i := range 6 {
		status, _, _ := call("GET", mocks[i%2].url+"/api/rest/v1/orders/00000000-0000-0000-0000-000000000000", "")
		got = append(got, status)
	}
	if fmt.Sprint(got) != "[404 404 500 404 404 500]" {
		t.Errorf("expected each third call over all replicas to be hit, found %v", got)
	}
}

// Many callers create different orders at once, at all replicas: none is refused because
// others were faster.
func TestReplicasAcceptAllThatDiffer(t *testing.T) {
	mocks := replicas(t, "transeu", redistest.Start(t).URL())
	var wg sync.WaitGroup
	for c := range 64 {
		wg.Go(func() {
			for i := range 25 {
				status, answer, err := call("POST", mocks[(c+i)%3].url+shippingOrders, shippingOrder(fmt.Sprintf("D%d-%d", c, i)))
				if err != nil || status != http.StatusCreated {
					t.Errorf("expected 201, found %d %s %v", status, answer, err)
				}
			}
		})
	}
	wg.Wait()
}
