package mockserver

import (
	"os"
	"runtime/debug"
	measured "runtime/metrics"
	"time"
)

const (
	// startGarbage is when the memory of the start is given back.
	startGarbage = 3 * time.Second
	// heapLook is how often the collector is set anew.
	heapLook = 2 * time.Second
	// headroom is the garbage that may pile up beside a small state.
	headroom = 256 << 20
)

// TuneMemory trades memory for speed, unless the user has set GOGC or GOMEMLIMIT:
// a mock allocates much for each request and keeps little. It is for a program
// that is nothing but the server.
func TuneMemory() {
	if os.Getenv("GOGC") == "" && os.Getenv("GOMEMLIMIT") == "" {
		followHeap()
	}
	// What reading the contracts left behind is given back when all is quiet.
	time.AfterFunc(startGarbage, debug.FreeOSMemory)
}

// followHeap keeps setting the collector to what is alive.
func followHeap() {
	live := []measured.Sample{{Name: "/gc/heap/live:bytes"}}
	measured.Read(live)
	debug.SetGCPercent(gcPercent(live[0].Value.Uint64()))
	time.AfterFunc(heapLook, followHeap)
}

// gcPercent gives the garbage to allow, in percent of what is alive: plenty for a
// small state, and for a large one so little that all memory stays below twice
// what is stored.
func gcPercent(live uint64) int {
	const most, least = 400, 60
	if live == 0 {
		return most
	}
	return int(min(most, max(least, headroom*100/live)))
}
