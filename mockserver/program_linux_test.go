package mockserver

import (
	"slices"
	"strings"
	"testing"
)

// Only what a file still holds is given back: read-only, private, without a page of
// its own.
func TestUnwritten(t *testing.T) {
	const smaps = `00400000-00404000 r--p 00000000 fe:00 9979426                            /usr/bin/program
Rss:                  16 kB
Anonymous:             0 kB
VmFlags: rd mr mw me 
00404000-013ac000 r-xp 00004000 fe:00 9979426                            /usr/bin/program
Anonymous:             0 kB
02756000-02757000 r--p 02355000 fe:00 9979426                            /usr/bin/program
Anonymous:             4 kB
02757000-02819000 rw-p 02356000 fe:00 9979426                            /usr/bin/program
Anonymous:             0 kB
03000000-03001000 r--s 00000000 fe:00 11                                 /dev/shm/shared
Anonymous:             0 kB
04000000-04001000 r--p 00000000 fe:00 12                                 /usr/lib/replaced.so (deleted)
Anonymous:             0 kB
339f33800000-339f35000000 r--p 00000000 00:00 0 
Anonymous:             0 kB
7ffe1000-7ffe2000 r-xp 00000000 00:00 0                                  [vdso]
Anonymous:             0 kB
`
	want := []piece{{0x400000, 0x4000}, {0x404000, 0xfa8000}}
	if got := unwritten(strings.NewReader(smaps)); !slices.Equal(got, want) {
		t.Errorf("expected %x, found %x", want, got)
	}
}

// The program goes on as if nothing had happened, with less of it in memory.
func TestGiveBackProgram(t *testing.T) {
	before := mappedFiles()
	if before < worthGiving {
		t.Skipf("only %d KB of the program are in memory", before>>10)
	}
	giveBackProgram()
	if after := mappedFiles(); after > before*3/4 {
		t.Errorf("expected far less than %d KB to be mapped, found %d KB", before>>10, after>>10)
	}
	TestGCPercent(t)
}
