package mockserver_test

import (
	"bytes"
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// BenchmarkHalfLoad: how much longer the slowest requests take when the mock has
// half of what it can do. Requests are sent at their time, whether the one before
// was answered or not, and the time counts from when they were due. Target: p99
// under 5 times p50. How a bare handler fares on the same cores is measured beside.
func BenchmarkHalfLoad(b *testing.B) {
	put := raw("PUT", "/api/v5/vehicles", "application/json", fortyProperties(), bearer)
	get := raw("GET", "/api/v5/vehicles/3b9ee6f0-6d66-4a39-8d5a-2f4a3c1d7e55", "", nil, bearer)
	otm5, otms := served(b, "otm5"), served(b, "otms")
	over(otm5, 1, put)(b, settle) // what is asked for is there
	for _, c := range []struct {
		name, addr string
		requests   [][]byte
	}{
		{"bare", atPort(b, echo()), [][]byte{put}},
		{"mixed", otm5, [][]byte{put, get, get, get}},
		{"cost-update", otms, costUpdates(b, otms, 1)},
	} {
		b.Run(c.name, func(b *testing.B) {
			most := measure(b, over(c.addr, connections, c.requests...)).perSecond
			var ratios, p50s, p99s []float64
			for b.Loop() {
				took := paced(b, c.addr, most/2, 2*time.Second, c.requests)
				p50, p99 := took[len(took)/2], took[len(took)*99/100]
				ratios = append(ratios, float64(p99)/float64(p50))
				p50s, p99s = append(p50s, float64(p50.Microseconds())), append(p99s, float64(p99.Microseconds()))
			}
			b.ReportMetric(0, "ns/op")
			b.ReportMetric(most, "most/s")
			b.ReportMetric(median(p50s), "p50-µs")
			b.ReportMetric(median(p99s), "p99-µs")
			b.ReportMetric(median(ratios), "p99/p50")
		})
	}
}

// paced sends at a rate and gives how long each request took, sorted.
func paced(b *testing.B, addr string, perSecond float64, d time.Duration, requests [][]byte) []time.Duration {
	const senders = 16
	every := time.Duration(senders / perSecond * float64(time.Second))
	begun := time.Now()
	var mu sync.Mutex
	var all []time.Duration
	var wait sync.WaitGroup
	for i := range senders {
		wait.Go(func() {
			c, err := dial(addr)
			if err != nil {
				b.Error(err)
				return
			}
			defer c.Close()
			var own []time.Duration
			due := begun.Add(every * time.Duration(i) / senders)
			for n := i; due.Sub(begun) < d; n++ {
				sleepUntil(due)
				if err := c.exchange(requests[n%len(requests)]); err != nil {
					b.Error(err)
					return
				}
				own = append(own, time.Since(due))
				due = due.Add(every)
			}
			mu.Lock()
			defer mu.Unlock()
			all = append(all, own...)
		})
	}
	wait.Wait()
	if len(all) == 0 {
		b.Fatal("nothing was sent")
	}
	slices.Sort(all)
	return all
}

// sleepUntil is exact where time.Sleep wakes sleepers a millisecond late, in bursts.
func sleepUntil(due time.Time) {
	if left := time.Until(due); left > 0 {
		t := syscall.NsecToTimespec(int64(left))
		_ = syscall.Nanosleep(&t, nil)
	}
}

// BenchmarkRatioMillion: a mock that holds a million entities beside one that holds
// a thousand, both asked for one after the other. Target: as fast.
func BenchmarkRatioMillion(b *testing.B) {
	few, many := served(b, "otm5"), served(b, "otm5")
	fill(b, few, 1_000)
	fill(b, many, 1_000_000)
	compare(b, over(few, connections, asking(1_000)...), over(many, connections, asking(1_000_000)...))
}

func entityID(i int) string { return fmt.Sprintf("%08d-6d66-4a39-8d5a-2f4a3c1d7e55", i) }

func fill(b *testing.B, addr string, count int) {
	body := fortyProperties()
	var wait sync.WaitGroup
	for w := range connections {
		wait.Go(func() {
			c, err := dial(addr)
			if err != nil {
				b.Error(err)
				return
			}
			defer c.Close()
			for i := w; i < count; i += connections {
				own := bytes.Replace(body, []byte("3b9ee6f0-6d66-4a39-8d5a-2f4a3c1d7e55"), []byte(entityID(i)), 1)
				if err := c.exchange(raw("PUT", "/api/v5/vehicles", "application/json", own, bearer)); err != nil {
					b.Error(err)
					return
				}
			}
		})
	}
	wait.Wait()
}

// asking spreads requests over all that is stored.
func asking(count int) (requests [][]byte) {
	const spread = 4096
	for n := range spread {
		requests = append(requests, raw("GET", "/api/v5/vehicles/"+entityID(n*7919%count), "", nil, bearer))
	}
	return requests
}

// BenchmarkSoak sends as many requests as it is told (-benchtime 10000000x), valid
// and refused, JSON and XML, and says what is left of memory and descriptors in
// this process, the client's few included. Target: flat.
func BenchmarkSoak(b *testing.B) {
	otm5, otms := served(b, "otm5"), served(b, "otms")
	json := [][]byte{raw("PUT", "/api/v5/vehicles", "application/json", fortyProperties(), bearer),
		raw("GET", "/api/v5/vehicles/3b9ee6f0-6d66-4a39-8d5a-2f4a3c1d7e55", "", nil, bearer)}
	xml := costUpdates(b, otms, 10)
	for _, u := range costUpdates(b, otms, 10) {
		xml = append(xml, bytes.Replace(u, []byte("CATEGORY_BY_KG"), []byte("CATEGORY_BY_XX"), 1)) // one order of ten is refused
	}
	// What grows at the beginning (pools, the journal) is grown before it counts.
	over(otm5, connections/2, json...)(b, 5*time.Second)
	over(otms, connections/2, xml...)(b, 5*time.Second)
	before, descriptors := resident(b), openFiles(b)
	b.ResetTimer()
	var wait sync.WaitGroup
	for i := range connections {
		addr, requests := otm5, json
		if i%2 == 1 {
			addr, requests = otms, xml
		}
		wait.Go(func() {
			c, err := dial(addr)
			if err != nil {
				b.Error(err)
				return
			}
			defer c.Close()
			for n := i; n < b.N; n += connections {
				if err := c.exchange(requests[n/connections%len(requests)]); err != nil {
					b.Error(err)
					return
				}
			}
		})
	}
	wait.Wait()
	b.StopTimer()
	b.ReportMetric(before, "MB-before")
	b.ReportMetric(resident(b), "MB-after")
	b.ReportMetric(float64(openFiles(b)-descriptors), "descriptors-more")
}

// resident is the memory of this process, C included, in MB.
func resident(b *testing.B) float64 {
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		b.Fatal(err)
	}
	for line := range strings.Lines(string(status)) {
		if kb, ok := strings.CutPrefix(line, "VmRSS:"); ok {
			n, err := strconv.Atoi(strings.TrimSuffix(strings.TrimSpace(kb), " kB"))
			if err != nil {
				b.Fatal(err)
			}
			return float64(n) / 1024
		}
	}
	b.Fatal("no VmRSS")
	return 0
}

func openFiles(b *testing.B) int {
	list, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		b.Fatal(err)
	}
	return len(list)
}
