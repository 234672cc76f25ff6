package mockserver

import (
	"bufio"
	"fmt"
	"os"
	"strings"
	"syscall"
)

// releaseProgram gives back the pages of the program's own code that the start
// has run and serving hardly needs. What is needed again comes back from the
// file. Only code is given back, and only as long as nobody wrote into it (a
// debugger, a relocation): constants lie beside data that the loader has changed,
// and those changes are in no file. What goes wrong costs only memory.
func releaseProgram() {
	self, err := os.Readlink("/proc/self/exe")
	if err != nil {
		return
	}
	maps, err := os.Open("/proc/self/smaps")
	if err != nil {
		return
	}
	defer maps.Close()
	var from, to uintptr
	lines := bufio.NewScanner(maps)
	for lines.Scan() {
		fields := strings.Fields(lines.Text())
		switch {
		case len(fields) >= 6 && !strings.HasSuffix(fields[0], ":"):
			// 00400000-02a00000 r-xp 00000000 fd:01 1234    /usr/bin/program
			from, to = 0, 0
			if fields[5] != self || fields[1] != "r-xp" {
				continue
			}
			if _, err := fmt.Sscanf(fields[0], "%x-%x", &from, &to); err != nil || to <= from {
				from, to = 0, 0
			}
		case len(fields) == 3 && fields[0] == "Private_Dirty:" && fields[1] != "0":
			from, to = 0, 0
		case len(fields) == 3 && fields[0] == "Anonymous:" && fields[1] == "0" && to > from:
			// It stands behind Private_Dirty.
			_, _, _ = syscall.Syscall(syscall.SYS_MADVISE, from, to-from, syscall.MADV_DONTNEED)
			from, to = 0, 0
		}
	}
}
