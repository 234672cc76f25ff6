package xmlsafe

import (
	"bytes"
	"fmt"
	"os"
	"runtime/debug"
	"testing"
)

// Memory of C is not seen by the garbage collector, nor by its statistics.
func TestMemoryStaysFlat(t *testing.T) {
	schema := compile(t, selfCheckSchema)
	valid := []byte("<r>" + string(bytes.Repeat([]byte("<o><n>1</n></o>"), 4)) + "</r>")
	invalid := []byte("<r><x/>" + string(bytes.Repeat([]byte("<o><n>x</n><y/></o>"), 4)) + "</r>")
	malformed := []byte("<r>" + string(bytes.Repeat([]byte("<o>&x;</o>"), 4)) + "</r>")
	work := func(n int) {
		for range n {
			if _, issues, err := schema.Check(valid, "", Limits{}); err != nil || issues != nil {
				t.Fatal(err, issues)
			}
			if _, issues, err := schema.Check(invalid, "", Limits{}); err != nil || len(issues) != 9 {
				t.Fatal(err, len(issues))
			}
			if _, _, err := schema.Check(malformed, "", Limits{}); err == nil {
				t.Fatal("accepted")
			}
		}
	}
	work(2_000)
	// A leak of 1 KB in each body is 15 MB in every round; what the Go heap and the
	// allocator keep for themselves comes once.
	least := 1 << 62
	for range 3 {
		debug.FreeOSMemory()
		before := resident(t)
		work(5_000)
		debug.FreeOSMemory()
		least = min(least, resident(t)-before)
	}
	if least > 4<<20 {
		t.Errorf("15,000 bodies took %d KB in every round", least>>10)
	}
}

func resident(t *testing.T) int {
	t.Helper()
	statm, err := os.ReadFile("/proc/self/statm")
	if err != nil {
		t.Fatal(err)
	}
	var size, pages int
	if _, err := fmt.Sscan(string(statm), &size, &pages); err != nil {
		t.Fatal(err)
	}
	return pages * os.Getpagesize()
}
