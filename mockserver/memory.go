package mockserver

import (
	"os"
	"runtime/debug"
	measured "runtime/metrics"
	"time"
)

const (
	// startGarbage is when the memory of the start is given back.
	startGarbage = time.Second
	// heapLook is how often the collector is set anew.
	heapLook = time.Second
	// headroom is the garbage that may pile up beside a small state.
	headroom = 256 << 20
	// calm is the garbage that may pile up beside a state of some size while little
	// happens: what a first request leaves for good lies scattered among it.
	calm = 32 << 20
	// between is the time that one collection should be away from the next: while
	// it runs it takes both of two cores, and every request waits for it.
	between = 3 // seconds
	// still is how many looks without work end a time of work.
	still = 10
	// startPercent is the garbage to allow during the start, in percent of what is
	// alive: what stays then lies close together. It saves 6 MB and costs 15 ms of
	// processor time.
	startPercent = 50
	// stir is what a mock without requests allocates in a second at most, in bytes.
	stir = 1 << 20
	// slumber is the same for a mock that nobody asks but a probe now and then.
	slumber = 64 << 10
	// nap is how many looks at such a mock let the program go.
	nap = 3
)

// TuneStart keeps the memory of opening the contracts small, unless the user has
// set GOGC or GOMEMLIMIT. TuneMemory follows when the server is made.
func TuneStart() {
	if tuned() {
		debug.SetGCPercent(startPercent)
	}
}

// tuned tells whether the collector is ours to set.
func tuned() bool { return os.Getenv("GOGC") == "" && os.Getenv("GOMEMLIMIT") == "" }

// TuneMemory trades memory for speed, unless the user has set GOGC or GOMEMLIMIT:
// a mock allocates much for each request and keeps little. It is for a program
// that is nothing but the server.
func TuneMemory() {
	if tuned() {
		t := &tuning{limit: containerLimit("/proc/self/cgroup", "/sys/fs/cgroup"), worked: true} // the start was work
		if t.limit > 0 {
			debug.SetMemoryLimit(int64(t.limit / 10 * 8)) // the rest is for what is in C, and for stacks
		}
		time.AfterFunc(heapLook, t.look) // what is compiled beside the first requests belongs to the start
	}
	// What reading the contracts left behind is given back when all is quiet.
	time.AfterFunc(startGarbage, func() {
		debug.FreeOSMemory()
		giveBackProgram()
	})
}

// tuning keeps setting the collector to what is alive and to what is asked.
type tuning struct {
	limit     uint64 // bytes the container may use; 0 is no limit
	allocated uint64 // bytes since the start of the process, at the last look
	at        time.Time
	percent   int
	quiet     int  // looks without work, one after the other
	worked    bool // since memory was given back last
	asleep    int  // looks at which next to nothing was allocated, one after the other
}

func (t *tuning) look() {
	samples := []measured.Sample{{Name: "/gc/heap/live:bytes"}, {Name: "/gc/heap/allocs:bytes"}}
	measured.Read(samples)
	live, allocated := samples[0].Value.Uint64(), samples[1].Value.Uint64()
	now := time.Now()
	var perSecond uint64
	if passed := now.Sub(t.at).Seconds(); !t.at.IsZero() && passed > 0 {
		perSecond = uint64(float64(allocated-t.allocated) / passed)
	}
	t.allocated, t.at = allocated, now
	// Setting it stops the world for a moment: not for every small change.
	if percent := gcPercent(live, perSecond, t.limit); percent < t.percent*9/10 || percent > t.percent*11/10 {
		debug.SetGCPercent(percent)
		t.percent = percent
	}
	if t.rests(perSecond) && live < headroom {
		debug.FreeOSMemory()
	}
	if t.sleeps(perSecond) {
		giveBackProgram()
	}
	time.AfterFunc(heapLook, t.look)
}

// sleeps tells, time and again, that nobody has asked for a while.
func (t *tuning) sleeps(perSecond uint64) bool {
	if perSecond > slumber {
		t.asleep = 0
		return false
	}
	t.asleep++
	return t.asleep%nap == 0
}

// rests tells the moment at which work has been over for a while: the garbage of
// it can be given back.
func (t *tuning) rests(perSecond uint64) bool {
	if perSecond > stir {
		t.worked, t.quiet = true, 0
		return false
	}
	t.quiet++
	if !t.worked || t.quiet < still {
		return false
	}
	t.worked = false
	return true
}

// gcPercent gives the garbage to allow, in percent of what is alive: four times as
// much, or what is allocated between two collections that are far enough apart,
// and beside a large state so little that all memory stays below twice what is
// stored. perSecond is what is allocated in a second, limit what the container
// may use, all in bytes.
func gcPercent(live, perSecond, limit uint64) int {
	const most, usual, least = 10_000, 400, 60
	if live == 0 {
		return usual
	}
	room := min(headroom, max(min(live*usual/100, max(calm, live*least/100)), perSecond*between))
	if limit > 0 {
		room = min(room, limit/4)
	}
	return int(min(most, max(least, room*100/live)))
}
