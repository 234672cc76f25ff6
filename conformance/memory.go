package conformance

import (
	"os"
	"runtime/debug"
	"runtime/metrics"
	"time"
)

// TuneMemory keeps the garbage of a long run small beside what it keeps, unless
// the user has set GOGC or GOMEMLIMIT: the more there is to report, the less may
// pile up. It is for a program that is nothing but the suite.
func TuneMemory() {
	if os.Getenv("GOGC") == "" && os.Getenv("GOMEMLIMIT") == "" {
		watchHeap()
	}
}

// heapWatch is how often the collector is set anew.
const heapWatch = time.Second

func watchHeap() {
	live := []metrics.Sample{{Name: "/gc/heap/live:bytes"}}
	metrics.Read(live)
	debug.SetGCPercent(garbage(live[0].Value.Uint64()))
	time.AfterFunc(heapWatch, watchHeap)
}

// garbage gives what may pile up, in percent of what is alive: four times as much up to
// 64 MB, then that much, but never so little that collecting is all there is to do.
func garbage(live uint64) int {
	const most, least, enough = 400, 25, 64 << 20
	if live == 0 {
		return most
	}
	return int(min(most, max(least, enough*100/live)))
}
