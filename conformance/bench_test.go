package conformance_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/roadworthy-project/roadworthy/conformance"
	"github.com/roadworthy-project/roadworthy/reports"
	"github.com/roadworthy-project/roadworthy/specs"
)

// BenchmarkSuite runs everything against the mock, a process of its own, and says
// how many steps were judged in a second of the run.
func BenchmarkSuite(b *testing.B) {
	conformance.TuneMemory() // as the command does
	url := startMock(b)
	for _, name := range specs.BuiltIn() {
		b.Run(name, func(b *testing.B) { suiteSpeed(b, name, url, 4, 0) })
	}
}

// BenchmarkSuiteLatency runs against a mock whose answers take 50 ms, 16 scenarios
// at a time, and compares with what the latency alone would take.
func BenchmarkSuiteLatency(b *testing.B) {
	url := startMock(b)
	resp, err := http.Post(url+"/__admin/faults", "application/json", strings.NewReader(`{"fault": "latency", "params": {"delay": "50ms"}}`))
	if err != nil {
		b.Fatal(err)
	}
	resp.Body.Close()
	b.Run("otm5", func(b *testing.B) { suiteSpeed(b, "otm5", url, 16, 50*time.Millisecond) })
}

func suiteSpeed(b *testing.B, contract, url string, parallel int, latency time.Duration) {
	c := open(b, contract)
	steps, took := 0, time.Duration(0)
	for b.Loop() {
		begun := time.Now()
		r, err := conformance.Run(b.Context(), conformance.Config{Contract: c, Target: url, ProviderStates: url + "/__admin/provider-states", Parallel: parallel, Version: "bench"})
		if err != nil {
			b.Fatal(err)
		}
		if r.Verdict != reports.Conformant {
			b.Fatal(r.Verdict, r.Why)
		}
		took += time.Since(begun)
		for _, sc := range r.Scenarios {
			steps += len(sc.Steps)
		}
	}
	b.ReportMetric(0, "ns/op")
	b.ReportMetric(float64(steps)/took.Seconds(), "steps/s")
	if latency > 0 {
		ideal := time.Duration(steps) * latency / time.Duration(parallel)
		b.ReportMetric(float64(took)/float64(ideal), "of-ideal")
	}
}
