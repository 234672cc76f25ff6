package mockserver_test

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/roadworthy-project/roadworthy/mockserver"
	"github.com/roadworthy-project/roadworthy/specs/schema/xmlsafe"
)

// Two things to compare are run in turns, so that both meet the same load of the
// machine; the ratios are the medians over the rounds.
const (
	roundTime   = 250 * time.Millisecond
	connections = 8
	settle      = 2 * time.Second
)

// speed is the work of one round.
type speed struct {
	perSecond float64
	cpu       time.Duration // of the whole process, for one unit of work
}

// side is one of two things to compare: it works for a while and says how often.
type side func(b *testing.B, d time.Duration) int

func measure(b *testing.B, s side) speed {
	begun, before := time.Now(), processTime(b)
	n := s(b, roundTime)
	if n == 0 {
		b.Fatal("nothing was done in a round")
	}
	return speed{float64(n) / time.Since(begun).Seconds(), (processTime(b) - before) / time.Duration(n)}
}

// processTime is the processor time of this process so far, user and system.
func processTime(b *testing.B) time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// compare reports how fast one is beside the other: by the clock, and by
// processor time, which the load of the machine distorts less.
func compare(b *testing.B, bare, mock side) {
	measure(b, bare)
	measure(b, mock)
	var wall, cpu, rate, used []float64
	for b.Loop() {
		one, other := measure(b, bare), measure(b, mock)
		wall = append(wall, other.perSecond/one.perSecond)
		cpu = append(cpu, float64(one.cpu)/float64(other.cpu))
		rate, used = append(rate, other.perSecond), append(used, float64(other.cpu)/1e3)
	}
	b.ReportMetric(0, "ns/op")
	b.ReportMetric(median(wall), "ratio")
	b.ReportMetric(median(cpu), "cpu-ratio")
	b.ReportMetric(median(rate), "mock/s")
	b.ReportMetric(median(used), "mock-cpu-µs")
}

func median(list []float64) float64 {
	slices.Sort(list)
	return list[len(list)/2]
}

// over sends requests over kept connections, one after the other on each. The
// client does as little as it can: the server is to be measured.
func over(addr string, conns int, requests ...[]byte) side {
	return func(b *testing.B, d time.Duration) int {
		var sent atomic.Int64
		var all sync.WaitGroup
		end := time.Now().Add(d)
		for i := range conns {
			all.Go(func() {
				c, err := dial(addr)
				if err != nil {
					b.Error(err)
					return
				}
				defer c.Close()
				n := int64(0)
				for ; time.Now().Before(end); n++ {
					if err := c.exchange(requests[(int(n)+i)%len(requests)]); err != nil {
						b.Error(err)
						return
					}
				}
				sent.Add(n)
			})
		}
		all.Wait()
		return int(sent.Load())
	}
}

type wire struct {
	net.Conn
	in *bufio.Reader
}

func dial(addr string) (*wire, error) {
	c, err := net.Dial("tcp", addr)
	if err != nil {
		return nil, err
	}
	return &wire{c, bufio.NewReaderSize(c, 64<<10)}, nil
}

// exchange sends a request and reads the answer, which must be 200 and say how
// long it is.
func (c *wire) exchange(request []byte) error {
	if _, err := c.Write(request); err != nil {
		return err
	}
	length := -1
	for first := true; ; first = false {
		line, err := c.in.ReadSlice('\n')
		if err != nil {
			return err
		}
		if first && !bytes.HasPrefix(line, []byte("HTTP/1.1 200")) {
			return fmt.Errorf("expected 200, found %q", line)
		}
		if len(line) <= 2 {
			break
		}
		if value, ok := bytes.CutPrefix(line, []byte("Content-Length: ")); ok {
			length, _ = strconv.Atoi(string(bytes.TrimSpace(value)))
		}
	}
	if length < 0 {
		return fmt.Errorf("expected a Content-Length")
	}
	_, err := c.in.Discard(length)
	return err
}

func raw(method, path, mediaType string, body []byte, headers ...string) []byte {
	var r bytes.Buffer
	fmt.Fprintf(&r, "%s %s HTTP/1.1\r\nHost: localhost\r\nUser-Agent: bench\r\nAccept: */*\r\n", method, path)
	for _, h := range headers {
		r.WriteString(h + "\r\n")
	}
	if body != nil {
		fmt.Fprintf(&r, "Content-Type: %s\r\nContent-Length: %d\r\n", mediaType, len(body))
	}
	r.WriteString("\r\n")
	r.Write(body)
	return r.Bytes()
}

// atPort serves a handler as the mock is served.
func atPort(b testing.TB, h http.Handler) (addr string) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		b.Fatal(err)
	}
	server := mockserver.Harden(h)
	go func() { _ = server.Serve(l) }()
	b.Cleanup(func() { _ = server.Close() })
	return l.Addr().String()
}

// served serves the mock of a contract with the settings of the program.
func served(b testing.TB, contract string) (addr string) {
	mockserver.TuneMemory()
	s, err := mockserver.New(all(open(b, contract)), mockserver.Options{})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = s.Close() })
	// Expressions are compiled beside the first requests: that is to be over.
	time.Sleep(settle)
	return atPort(b, s)
}

func answering(body []byte) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("Content-Length", strconv.Itoa(len(body)))
		_, _ = w.Write(body)
	})
}

func echo() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		w.Header().Set("Content-Type", r.Header.Get("Content-Type"))
		w.Header().Set("Content-Length", strconv.Itoa(len(body)))
		_, _ = w.Write(body)
	})
}

const (
	bearer    = "Authorization: Bearer demo"
	basicDemo = "Authorization: Basic ZGVtbzpkZW1v"
)

// BenchmarkRatioGet: a stored entity of 2 KB beside a bare handler that answers
// the same bytes. Target 0.70.
func BenchmarkRatioGet(b *testing.B) {
	mock, body := served(b, "otm5"), fortyProperties()
	put := raw("PUT", "/api/v5/vehicles", "application/json", body, bearer)
	over(mock, 1, put)(b, settle) // what is asked for is there
	get := raw("GET", "/api/v5/vehicles/3b9ee6f0-6d66-4a39-8d5a-2f4a3c1d7e55", "", nil, bearer)
	compare(b, over(atPort(b, answering(body)), connections, get), over(mock, connections, get))
}

// BenchmarkRatioPut: 2 KB, 40 properties, judged and stored, beside a bare echo.
// Target 0.35.
func BenchmarkRatioPut(b *testing.B) {
	put := raw("PUT", "/api/v5/vehicles", "application/json", fortyProperties(), bearer)
	compare(b, over(atPort(b, echo()), connections, put), over(served(b, "otm5"), connections, put))
}

// BenchmarkRatioOneOrder: a cost update of one order beside a bare echo. Target 0.40.
func BenchmarkRatioOneOrder(b *testing.B) {
	mock := served(b, "otms")
	updates := costUpdates(b, mock, 1)
	compare(b, over(atPort(b, echo()), connections, updates...), over(mock, connections, updates...))
}

// BenchmarkRatioHundredOrders: a cost update of 100 orders, 40 KB, judged, applied
// and answered over HTTP, beside a loop in C that parses and validates the same
// bytes and does nothing else. The loop runs on one processor, so the ratio of
// processor time is the one that counts. Target 0.50.
func BenchmarkRatioHundredOrders(b *testing.B) {
	mock := served(b, "otms")
	updates := costUpdates(b, mock, 100)
	source, err := os.ReadFile("../specs/otms/xsd/orderRevenue.xsd")
	if err != nil {
		b.Fatal(err)
	}
	compiled, err := xmlsafe.Compile("orderRevenue.xsd", source)
	if err != nil {
		b.Fatal(err)
	}
	_, body, _ := bytes.Cut(updates[0], []byte("\r\n\r\n"))
	b.Logf("%d bytes", len(body))
	inC := func(b *testing.B, d time.Duration) int {
		n := 0
		for end := time.Now().Add(d); time.Now().Before(end); n += 20 {
			if bad := xmlsafe.Yardstick(compiled, body, 20); bad != 0 {
				b.Fatal("the body is not valid")
			}
		}
		return n
	}
	compare(b, inC, over(mock, connections, updates...))
}

// costUpdates makes orders, and two requests that change the cost of all of them
// to and fro.
func costUpdates(b *testing.B, mock string, orders int) [][]byte {
	var numbers []string
	for range orders {
		resp, err := http.Post("http://"+mock+"/__admin/provider-states", "application/json",
			strings.NewReader(`{"contract": "otms", "state": "order", "params": {}, "action": "setup"}`))
		if err != nil {
			b.Fatal(err)
		}
		var answer struct{ OrderNumber string }
		if err := json.NewDecoder(resp.Body).Decode(&answer); err != nil || answer.OrderNumber == "" {
			b.Fatal("no order was made: ", err, resp.Status)
		}
		resp.Body.Close()
		numbers = append(numbers, answer.OrderNumber)
	}
	var requests [][]byte
	for _, cost := range []string{"1234567.50", "7654321.25"} {
		var body strings.Builder
		body.WriteString("<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n<orderRevenueUpdateRequest version=\"0.1\">\n    <orders>\n")
		for i, number := range numbers {
			fmt.Fprintf(&body, `        <order sequence="%d">
            <erpNumber/>
            <orderNumber>%s</orderNumber>
            <!-- agreed with the carrier by telephone, see the order's remarks; to be invoiced -->
            <lineHaul>%s</lineHaul>
            <chargingLtlUnit>CATEGORY_BY_KG</chargingLtlUnit>
            <revokeCompensation>false</revokeCompensation>
            <revokeSpecial>false</revokeSpecial>
        </order>
`, i+1, number, cost)
		}
		body.WriteString("    </orders>\n</orderRevenueUpdateRequest>\n")
		requests = append(requests, raw("POST", "/ws/orderRevenue", "application/xml", []byte(body.String()), basicDemo))
	}
	return requests
}

// fortyProperties is a vehicle of about 2 KB with 40 properties.
func fortyProperties() []byte {
	var b strings.Builder
	b.WriteString(`{"id":"3b9ee6f0-6d66-4a39-8d5a-2f4a3c1d7e55","creationDate":"2026-01-02T03:04:05Z","name":"Truck of the northern fleet","vehicleType":"boxtruck","fuel":"diesel",` +
		`"licensePlate":"AB-12-CD","length":{"value":8,"unit":"m"},"height":{"value":2.8,"unit":"m"},"width":{"value":2,"unit":"m"},"emptyWeight":{"value":2000,"unit":"kg"},` +
		`"loadCapacities":[{"value":1000,"unit":"kg"},{"value":12,"unit":"pallet"}],"externalAttributes":{`)
	for i := range 15 {
		if i > 0 {
			b.WriteByte(',')
		}
		fmt.Fprintf(&b, `"attribute%d":"%s"`, i, strings.Repeat("value ", 13)+strconv.Itoa(i))
	}
	b.WriteString("}}")
	return []byte(b.String())
}
