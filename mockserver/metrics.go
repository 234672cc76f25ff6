package mockserver

import (
	"fmt"
	"io"
	"sort"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/roadworthy-project/roadworthy/mockserver/journal"
)

// metrics counts, for Prometheus.
type metrics struct {
	panics     atomic.Uint64
	badAnswers atomic.Uint64
	internal   atomic.Uint64
	lost       atomic.Uint64

	mu     sync.Mutex
	series map[series]*counter
}

type series struct {
	contract, operation string
	status              int
}

type counter struct {
	requests uint64
	seconds  float64
	buckets  [len(bounds)]uint64
}

// bounds of the histogram, in seconds.
var bounds = [...]float64{0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.1, 0.5, 2.5}

func newMetrics() *metrics { return &metrics{series: map[series]*counter{}} }

func (m *metrics) count(e *journal.Entry) {
	if e.Internal != "" {
		m.internal.Add(1)
	}
	at := series{e.Contract, e.Operation, e.Status}
	seconds := e.Duration.Seconds()
	m.mu.Lock()
	c := m.series[at]
	if c == nil {
		c = &counter{}
		m.series[at] = c
	}
	c.requests++
	c.seconds += seconds
	for i, b := range bounds {
		if seconds <= b {
			c.buckets[i]++
			break
		}
	}
	m.mu.Unlock()
}

// write gives the text format of Prometheus, sorted.
func (m *metrics) write(w io.Writer, started time.Time, now time.Time) {
	m.mu.Lock()
	all := make(map[series]counter, len(m.series))
	keys := make([]series, 0, len(m.series))
	for k, c := range m.series {
		all[k] = *c
		keys = append(keys, k)
	}
	m.mu.Unlock()
	sort.Slice(keys, func(i, j int) bool {
		a, b := keys[i], keys[j]
		if a.contract != b.contract {
			return a.contract < b.contract
		}
		if a.operation != b.operation {
			return a.operation < b.operation
		}
		return a.status < b.status
	})
	fmt.Fprintln(w, "# HELP roadworthy_requests_total Requests that were answered.\n# TYPE roadworthy_requests_total counter")
	for _, k := range keys {
		fmt.Fprintf(w, "roadworthy_requests_total{%s} %d\n", k.labels(), all[k].requests)
	}
	fmt.Fprintln(w, "# HELP roadworthy_request_seconds Time from the first byte read to the last byte written.\n# TYPE roadworthy_request_seconds histogram")
	for _, k := range keys {
		c := all[k]
		var below uint64
		for i, b := range bounds {
			below += c.buckets[i]
			fmt.Fprintf(w, "roadworthy_request_seconds_bucket{%s,le=\"%g\"} %d\n", k.labels(), b, below)
		}
		fmt.Fprintf(w, "roadworthy_request_seconds_bucket{%s,le=\"+Inf\"} %d\n", k.labels(), c.requests)
		fmt.Fprintf(w, "roadworthy_request_seconds_sum{%s} %g\n", k.labels(), c.seconds)
		fmt.Fprintf(w, "roadworthy_request_seconds_count{%s} %d\n", k.labels(), c.requests)
	}
	for _, one := range []struct {
		name, help string
		value      uint64
	}{
		{"roadworthy_panics_total", "Panics while answering.", m.panics.Load()},
		{"roadworthy_internal_faults_total", "Answers with a fault inside the server.", m.internal.Load()},
		{"roadworthy_unrecorded_total", "Requests that no journal could keep.", m.lost.Load()},
		{"roadworthy_bad_answers_total", "Answers that broke their own schema.", m.badAnswers.Load()},
	} {
		fmt.Fprintf(w, "# HELP %s %s\n# TYPE %s counter\n%s %d\n", one.name, one.help, one.name, one.name, one.value)
	}
	fmt.Fprintf(w, "# HELP roadworthy_uptime_seconds Time since the start.\n# TYPE roadworthy_uptime_seconds gauge\nroadworthy_uptime_seconds %g\n", now.Sub(started).Seconds())
}

func (k series) labels() string {
	return fmt.Sprintf("contract=%q,operation=%q,status=\"%d\"", label(k.contract), label(k.operation), k.status)
}

// label keeps a label on one line.
func label(s string) string { return strings.ReplaceAll(s, "\n", " ") }
