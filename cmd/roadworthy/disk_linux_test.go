package main

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
	"unsafe"
)

// limitFiles bounds the size of the files that a process may write, as a disk does that
// is full; 0 is no bound.
func limitFiles(t *testing.T, pid int, bytes uint64) {
	t.Helper()
	var now syscall.Rlimit
	const fsize = 1 // RLIMIT_FSIZE
	if _, _, failed := syscall.RawSyscall6(syscall.SYS_PRLIMIT64, uintptr(pid), fsize, 0, uintptr(unsafe.Pointer(&now)), 0, 0); failed != 0 {
		t.Fatal(failed)
	}
	if now.Cur = bytes; bytes == 0 {
		now.Cur = now.Max
	}
	if _, _, failed := syscall.RawSyscall6(syscall.SYS_PRLIMIT64, uintptr(pid), fsize, uintptr(unsafe.Pointer(&now)), 0, 0, 0); failed != 0 {
		t.Fatal(failed)
	}
}

// A full disk is told to callers in the words of the contract, and what they were refused
// is not there. With room again the mock goes on, and nothing acknowledged is lost.
func TestFullDisk(t *testing.T) {
	path := filepath.Join(t.TempDir(), "state.log")
	p := startProcess(t, "transeu", "--store", "file:"+path)
	p.expect(t, 201, "POST", shippingOrders, shippingOrder("BEFORE"))
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	limitFiles(t, p.cmd.Process.Pid, uint64(info.Size())+20_000)
	acknowledged := []string{"BEFORE"}
	var refused []string
	for i := 0; len(refused) < 5 && i < 200; i++ {
		number := fmt.Sprint("FULL", i)
		status, answer, err := call("POST", p.url+shippingOrders, shippingOrder(number))
		switch {
		case err != nil:
			t.Fatal(err)
		case status == http.StatusCreated:
			acknowledged = append(acknowledged, number)
		case status == http.StatusInternalServerError && strings.Contains(answer, "try again") && !strings.Contains(answer, path):
			refused = append(refused, number)
		default:
			t.Fatalf("expected 201, or 500 in the words of the contract, found %d %s", status, answer)
		}
	}
	if len(refused) < 5 || len(acknowledged) < 3 {
		t.Fatalf("%d were acknowledged and %d refused", len(acknowledged), len(refused))
	}
	if !strings.Contains(p.log.String(), "Make room on the disk") || !strings.Contains(p.log.String(), path) {
		t.Errorf("expected the operator to be told what to do about which file, found %s", p.log)
	}
	time.Sleep(1100 * time.Millisecond)
	limitFiles(t, p.cmd.Process.Pid, 0)
	time.Sleep(1100 * time.Millisecond)
	check := func(p *mockProcess) {
		t.Helper()
		for _, number := range acknowledged {
			p.expect(t, 409, "POST", shippingOrders, shippingOrder(number))
		}
	}
	check(p)
	// What was refused was not done: it can be done now.
	for _, number := range refused {
		p.expect(t, 201, "POST", shippingOrders, shippingOrder(number))
		acknowledged = append(acknowledged, number)
	}
	p.kill()
	check(startProcess(t, "transeu", "--store", "file:"+path))
}

// The process is killed while it writes the log anew beside large documents, after it has
// done so once to the end. Every version that was acknowledged is there, or a later one.
func TestKilledWhileCompacting(t *testing.T) {
	const writers, documents, bytes, rounds = 8, 5, 100_000, 3
	path := filepath.Join(t.TempDir(), "state.log")
	anew := path + ".new" // what becomes the log
	size := func(path string) int64 {
		if info, err := os.Stat(path); err == nil {
			return info.Size()
		}
		return -1
	}
	var mu sync.Mutex
	last := map[string]int{}
	torn := 0
	for round := range rounds + 1 {
		p := startProcess(t, "otm5", "--store", "file:"+path, "--journal-bytes", "1048576")
		for id, version := range last {
			answer := p.expect(t, 200, "GET", "/api/v5/vehicles/"+id, "")
			var v struct{ Name string }
			if err := json.Unmarshal([]byte(answer), &v); err != nil {
				t.Fatal(err)
			}
			var found int
			if _, err := fmt.Sscanf(v.Name, "v%d ", &found); err != nil || found < version {
				t.Fatalf("round %d: version %d of %s was acknowledged, and version %d is there (%v)", round, version, id, found, err)
			}
		}
		if round == rounds {
			break
		}
		var all sync.WaitGroup
		for w := range writers {
			all.Go(func() {
				for n := 0; ; n++ {
					id := fmt.Sprintf("00000000-0000-4000-8000-%04d%08d", w, n%documents)
					mu.Lock()
					version := last[id] + 1
					mu.Unlock()
					body := fmt.Sprintf(`{"id":%q,"name":"v%d %s"}`, id, version, strings.Repeat("x", bytes))
					status, answer, err := call("PUT", p.url+"/api/v5/vehicles", body)
					if err != nil {
						return // killed
					}
					if status >= 300 {
						t.Errorf("found %d %.200s", status, answer)
						return
					}
					mu.Lock()
					last[id] = version
					mu.Unlock()
				}
			})
		}
		// However slow the disk is, the log grows until it is written anew.
		wait := func(what string, seen func() bool) {
			for end := time.Now().Add(3 * time.Minute); !seen(); time.Sleep(100 * time.Microsecond) {
				if time.Now().After(end) {
					p.kill()
					t.Fatalf("round %d: waited in vain for %s: the log has %d bytes", round, what, size(path))
				}
			}
		}
		before := size(path)
		wait("the log to become smaller", func() bool {
			now := size(path)
			smaller := now < before
			before = now
			return smaller
		})
		wait("the log to be written anew", func() bool { return size(anew) >= 0 })
		time.Sleep(time.Duration(rand.IntN(3000)) * time.Microsecond)
		p.kill()
		all.Wait()
		if size(anew) >= 0 {
			torn++
		}
	}
	t.Logf("%d documents, %d of %d kills left a log half written anew", len(last), torn, rounds)
	if len(last) != writers*documents {
		t.Errorf("only %d documents were written", len(last))
	}
}
