package mockserver

import (
	"bufio"
	"io"
	"os"
	"strconv"
	"strings"

	"golang.org/x/sys/unix"
)

// worthGiving is how much of the program and its libraries must be mapped before
// giving it back is worth a thought, in bytes.
const worthGiving = 16 << 20

// giveBackProgram unmaps what can be read again from the program file and from
// libraries at any time. The kernel maps them in pieces of up to 2 MB, most of which
// served the start alone: 40 MB in all. What is asked next is mapped again from
// the page cache.
func giveBackProgram() {
	if mappedFiles() < worthGiving {
		return
	}
	list, err := os.Open("/proc/self/smaps")
	if err != nil {
		return
	}
	defer func() { _ = list.Close() }()
	for _, p := range unwritten(list) {
		_, _, _ = unix.Syscall(unix.SYS_MADVISE, p.start, p.length, unix.MADV_DONTNEED) // memory stays as it is where that fails
	}
}

// mappedFiles gives the bytes of files that are mapped and in memory.
func mappedFiles() int {
	statm, err := os.ReadFile("/proc/self/statm")
	if err != nil {
		return 0
	}
	fields := strings.Fields(string(statm)) // size, resident, shared …, in pages
	if len(fields) < 3 {
		return 0
	}
	pages, err := strconv.Atoi(fields[2])
	if err != nil {
		return 0
	}
	return pages * os.Getpagesize()
}

// piece is a part of the address space.
type piece struct{ start, length uintptr }

// unwritten gives the private mappings of files that cannot be written to and have
// no page of their own: what was changed while the program was linked at its
// start is left alone, since no file has it. smaps is the kernel's list.
func unwritten(smaps io.Reader) (found []piece) {
	var last piece
	lines := bufio.NewScanner(smaps)
	for lines.Scan() {
		fields := strings.Fields(lines.Text())
		if len(fields) == 0 {
			continue
		}
		from, to, head := strings.Cut(fields[0], "-")
		switch {
		case head && len(fields) == 6: // 00400000-0140c000 r-xp 00000000 fe:00 9987559 /usr/bin/program
			last = piece{}
			if strings.HasPrefix(fields[1], "r-") && strings.HasSuffix(fields[1], "p") && strings.HasPrefix(fields[5], "/") {
				last = pieceOf(from, to)
			}
		case head: // no file, or one that was deleted
			last = piece{}
		case len(fields) == 3 && fields[0] == "Anonymous:" && fields[1] == "0" && last.length > 0:
			found = append(found, last)
		}
	}
	return found
}

// pieceOf reads two addresses in hexadecimal; what is none gives an empty piece.
func pieceOf(from, to string) piece {
	start, err := strconv.ParseUint(from, 16, strconv.IntSize)
	if err != nil {
		return piece{}
	}
	end, err := strconv.ParseUint(to, 16, strconv.IntSize)
	if err != nil || end < start {
		return piece{}
	}
	return piece{uintptr(start), uintptr(end - start)}
}
