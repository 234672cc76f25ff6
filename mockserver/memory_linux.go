package mockserver

import (
	"bufio"
	"fmt"
	"os"
	"strings"
	"syscall"
)

// releaseProgram gives back the pages of the program's own file that the start
// has read and serving hardly needs. They are clean: what is needed again comes
// back from the file. Writable mappings are left alone, and what goes wrong costs
// only memory.
func releaseProgram() {
	self, err := os.Readlink("/proc/self/exe")
	if err != nil {
		return
	}
	maps, err := os.Open("/proc/self/maps")
	if err != nil {
		return
	}
	defer maps.Close()
	lines := bufio.NewScanner(maps)
	for lines.Scan() {
		// 00400000-02a00000 r-xp 00000000 fd:01 1234    /usr/bin/program
		fields := strings.Fields(lines.Text())
		if len(fields) < 6 || fields[5] != self || fields[1][1] == 'w' || fields[1][3] != 'p' {
			continue
		}
		var from, to uintptr
		if _, err := fmt.Sscanf(fields[0], "%x-%x", &from, &to); err != nil || to <= from {
			continue
		}
		_, _, _ = syscall.Syscall(syscall.SYS_MADVISE, from, to-from, syscall.MADV_DONTNEED)
	}
}
