package mockserver

import (
	"os"
	"path/filepath"
	"slices"
	"testing"
)

func TestGCPercent(t *testing.T) {
	tests := []struct {
		name             string
		live, rate, most uint64
		want             int
		reason           string
	}{
		{"nothing", 0, 0, 0, 400, "before the first collection"},
		{"tiny", 8 << 20, 0, 0, 400, "four times what is alive where little is asked"},
		{"small", 20 << 20, 0, 0, 160, "32 MB are enough where little is asked"},
		{"small under load", 16 << 20, 50 << 20, 0, 937, "three seconds between collections"},
		{"small under more load", 16 << 20, 500 << 20, 0, 1600, "256 MB of garbage at most"},
		{"small container under load", 16 << 20, 500 << 20, 128 << 20, 200, "a quarter of what the container may use"},
		{"tiny container", 16 << 20, 500 << 20, 16 << 20, 60, "never so little that collecting is all there is to do"},
		{"middle", 128 << 20, 0, 0, 60, "little is asked"},
		{"middle under load", 128 << 20, 500 << 20, 0, 200, "256 MB of garbage at most"},
		{"a million entities", 2 << 30, 0, 0, 60, "a large state must not double"},
		{"a million entities under load", 2 << 30, 500 << 20, 0, 60, "a large state must not double"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := gcPercent(tt.live, tt.rate, tt.most); got != tt.want {
				t.Errorf("%s: expected %d, found %d", tt.reason, tt.want, got)
			}
		})
	}
}

// Memory is given back once after work, not all the time.
func TestMemoryIsGivenBackOnceAfterWork(t *testing.T) {
	var work tuning
	given := 0
	for i := range 100 {
		rate := uint64(0)
		if i == 20 || i == 22 {
			rate = 50 << 20
		}
		if work.rests(rate) {
			given++
			if i != 22+still {
				t.Errorf("expected it %d looks after the work ended, found %d", still, i-22)
			}
		}
	}
	if given != 1 {
		t.Errorf("expected once, found %d times", given)
	}
}

// The program is given back again and again while nobody asks: a probe now and
// then maps it anew.
func TestProgramIsGivenBackWhileNobodyAsks(t *testing.T) {
	var sleep tuning
	var given []int
	for i := range 4 * nap {
		rate := uint64(slumber)
		if i == 2*nap+1 {
			rate++
		}
		if sleep.sleeps(rate) {
			given = append(given, i+1)
		}
	}
	if want := []int{nap, 2 * nap, 3*nap + 2}; !slices.Equal(given, want) {
		t.Errorf("expected it after the looks %v, found %v", want, given)
	}
}

func TestContainerLimit(t *testing.T) {
	root := t.TempDir()
	put := func(name, text string) string {
		file := filepath.Join(root, name)
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return file
	}
	put("pods/one/memory.max", "max\n")
	put("pods/memory.max", "67108864\n")
	put("memory.max", "134217728\n")
	put("memory/old/memory.limit_in_bytes", "33554432\n")
	put("memory/memory.limit_in_bytes", "9223372036854771712\n")
	for _, tt := range []struct {
		name, groups string
		want         uint64
	}{
		{"the group above is narrower", "0::/pods/one\n", 64 << 20},
		{"the root of a container", "0::/\n", 128 << 20},
		{"version 1", "5:cpu:/old\n4:memory:/old\n", 32 << 20},
		{"version 1 without a limit", "4:memory:/\n", 0},
		{"outside of the mount", "0::/../elsewhere\n", 128 << 20},
		{"nothing", "", 0},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := containerLimit(put("groups", tt.groups), root); got != tt.want {
				t.Errorf("expected %d, found %d", tt.want, got)
			}
		})
	}
	if got := containerLimit(filepath.Join(root, "missing"), root); got != 0 {
		t.Errorf("expected no limit without the list, found %d", got)
	}
}
