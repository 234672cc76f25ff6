package mockserver

import (
	"os"
	"path"
	"path/filepath"
	"strconv"
	"strings"
)

// containerLimit gives the bytes of memory that the group of this process may
// use, the smallest of it and all above it; 0 is no limit. groups is the list of
// the kernel of the groups of a process, root where the groups are mounted.
func containerLimit(groups, root string) uint64 {
	list, err := os.ReadFile(groups)
	if err != nil {
		return 0
	}
	least := uint64(0)
	for line := range strings.Lines(string(list)) {
		// 0::/path is version 2, 7:memory:/path version 1.
		parts := strings.SplitN(strings.TrimSpace(line), ":", 3)
		if len(parts) < 3 {
			continue
		}
		folder, file := root, "memory.max"
		if parts[0] != "0" {
			if parts[1] != "memory" {
				continue
			}
			folder, file = filepath.Join(root, "memory"), "memory.limit_in_bytes"
		}
		for group := path.Clean("/" + parts[2]); ; group = path.Dir(group) {
			if n := limitIn(filepath.Join(folder, group, file)); n > 0 && (least == 0 || n < least) {
				least = n
			}
			if group == "/" {
				break
			}
		}
	}
	return least
}

// limitIn reads one limit; 0 is none, as are numbers beyond any machine.
func limitIn(file string) uint64 {
	text, err := os.ReadFile(file)
	if err != nil {
		return 0
	}
	n, err := strconv.ParseUint(strings.TrimSpace(string(text)), 10, 64)
	if err != nil || n > 1<<50 {
		return 0
	}
	return n
}
