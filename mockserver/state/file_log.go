package state

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"sync"
	"time"
)

// compactFrom is the size from which a log may be written anew.
const compactFrom = 16 << 20

// logFile appends lines and makes them durable, many with one sync.
type logFile struct {
	path string

	mu       sync.Mutex
	work     *sync.Cond // there is something to write, or the end
	done     *sync.Cond // durable grew
	f        *os.File
	pending  []byte
	appended uint64 // lines handed in
	durable  uint64 // lines on the disk
	size     int64
	compact  int64 // size behind the last compaction
	tail     []byte
	tailing  bool
	writing  bool
	closed   bool
	err      error // why nothing is taken until a restart,
	since    time.Time
	gaps     []gap // lines that were handed in and never came to the disk
	stopped  chan struct{}
}

// gap is the lines behind one number up to another.
type gap struct {
	behind, upTo uint64
	err          error
}

func newLogFile(path string, f *os.File, size int64) *logFile {
	l := &logFile{path: path, f: f, size: size, compact: compactFrom / 2, stopped: make(chan struct{})}
	l.work, l.done = sync.NewCond(&l.mu), sync.NewCond(&l.mu)
	go l.write()
	return l
}

// line adds the checksum that tells a whole line from a torn one.
func line(into, text []byte) []byte {
	into = fmt.Appendf(into, "%08x ", crc32.ChecksumIEEE(text))
	return append(append(into, text...), '\n')
}

// append hands a line in and gives the number to wait for.
func (l *logFile) append(text []byte) (uint64, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.err != nil {
		return 0, l.err
	}
	if l.closed {
		return 0, errors.New("the store is closed")
	}
	l.pending = line(l.pending, text)
	if l.tailing {
		l.tail = line(l.tail, text)
	}
	l.appended++
	l.work.Signal()
	return l.appended, nil
}

func (l *logFile) last() uint64 {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.appended
}

// wait comes back when a line is on the disk.
func (l *logFile) wait(ticket uint64) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	for {
		for _, g := range l.gaps {
			if ticket > g.behind && ticket <= g.upTo {
				return g.err
			}
		}
		switch {
		case l.durable >= ticket:
			return nil
		case l.err != nil:
			return l.err
		}
		l.done.Wait()
	}
}

// failure tells why nothing is taken at the moment, and since when.
func (l *logFile) failure() (since time.Time, err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.since, l.err
}

// restart takes away what a failure left of lines that did not come to the disk, hands
// over all that did, and goes on.
func (l *logFile) restart(use func(*record) error) error {
	<-l.ended() // the writer ended with the failure
	l.mu.Lock()
	defer l.mu.Unlock()
	l.since = time.Now()
	if l.closed {
		return l.err
	}
	if err := l.f.Truncate(l.size); err != nil {
		return &DiskError{l.path, err}
	}
	if _, err := l.f.Seek(0, io.SeekStart); err != nil {
		return &DiskError{l.path, err}
	}
	if _, err := readRecords(l.f, use); err != nil {
		return fmt.Errorf("store file:%s: %w", l.path, err)
	}
	if _, err := l.f.Seek(l.size, io.SeekStart); err != nil {
		return &DiskError{l.path, err}
	}
	l.gaps = append(l.gaps, gap{l.durable, l.appended, l.err})
	if len(l.gaps) > maxGaps {
		l.gaps = l.gaps[1:]
	}
	l.durable, l.pending, l.err, l.stopped = l.appended, nil, nil, make(chan struct{})
	go l.write()
	l.done.Broadcast()
	return nil
}

// maxGaps is how many failures are remembered for those who still wait.
const maxGaps = 1000

// write is the one goroutine that touches the file.
func (l *logFile) write() {
	l.mu.Lock()
	defer l.mu.Unlock()
	defer close(l.stopped)
	for {
		for len(l.pending) == 0 && !l.closed {
			l.work.Wait()
		}
		if len(l.pending) == 0 {
			return
		}
		batch, upTo := l.pending, l.appended
		l.pending, l.writing = nil, true
		f := l.f
		l.mu.Unlock()
		_, err := f.Write(batch)
		if err == nil {
			err = f.Sync()
		}
		l.mu.Lock()
		l.writing = false
		if err != nil {
			l.err, l.since = &DiskError{l.path, err}, time.Now()
		} else {
			l.durable, l.size = upTo, l.size+int64(len(batch))
		}
		l.done.Broadcast()
		if l.err != nil {
			return
		}
	}
}

// large reports a log that is worth writing anew.
func (l *logFile) large() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return !l.tailing && l.size > compactFrom && l.size > 2*l.compact
}

// begin starts a compaction: from now on lines are also kept for the new file.
func (l *logFile) begin() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.tailing || l.closed || l.err != nil {
		return false
	}
	l.tailing, l.tail = true, nil
	return true
}

func (l *logFile) abandon() {
	l.mu.Lock()
	l.tailing, l.tail = false, nil
	l.mu.Unlock()
}

// finish puts the new file in the place of the old one: the images, then what
// was done meanwhile. A line that an image already knows does no harm, because
// lines say what a document is and not how it changes.
func (l *logFile) finish(images [][]byte) {
	temp := l.path + ".new"
	f, err := os.OpenFile(temp, os.O_RDWR|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		l.abandon()
		return
	}
	var text []byte
	for _, image := range images {
		text = line(text, image)
	}
	_, err = f.Write(text)
	l.mu.Lock()
	defer l.mu.Unlock()
	// The writer must not be in the middle of the old file.
	for l.writing {
		l.done.Wait()
	}
	if err == nil {
		// What memory holds beyond a failure was never acknowledged.
		err = l.err
	}
	if err == nil {
		_, err = f.Write(l.tail)
	}
	if err == nil {
		err = f.Sync()
	}
	if err == nil {
		err = lockFile(f)
	}
	if err == nil {
		err = os.Rename(temp, l.path)
	}
	if err != nil {
		_ = f.Close()
		_ = os.Remove(temp)
		l.tailing, l.tail = false, nil
		return
	}
	syncFolder(filepath.Dir(l.path))
	_ = l.f.Close()
	l.f, l.size = f, int64(len(text)+len(l.tail))
	l.compact = l.size
	// What was pending is in the new file already.
	l.pending, l.durable = nil, l.appended
	l.tailing, l.tail = false, nil
	l.done.Broadcast()
}

// syncFolder makes a rename durable. Where folders cannot be synced, the file
// system sees to it.
func syncFolder(name string) {
	if d, err := os.Open(name); err == nil {
		_ = d.Sync()
		_ = d.Close()
	}
}

// ended is closed when the writer has ended.
func (l *logFile) ended() chan struct{} {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.stopped
}

func (l *logFile) close() error {
	l.mu.Lock()
	if l.closed {
		l.mu.Unlock()
		return nil
	}
	l.closed = true
	l.work.Broadcast()
	l.mu.Unlock()
	<-l.ended()
	return errors.Join(l.err, l.f.Close())
}

// readRecords reads the lines and says up to where the file is good.
func readRecords(f io.Reader, use func(*record) error) (good int64, err error) {
	in := bufio.NewReaderSize(f, 1<<20)
	for number := 1; ; number++ {
		text, err := in.ReadBytes('\n')
		if err == io.EOF {
			// What has no line end was torn off.
			return good, nil
		}
		if err != nil {
			return good, err
		}
		r, bad := parseLine(text)
		if bad != nil {
			if _, more := in.Peek(1); more == io.EOF {
				return good, nil
			}
			return good, fmt.Errorf("line %d of the log is damaged: %w; move the file away to begin anew", number, bad)
		}
		if err := use(r); err != nil {
			return good, fmt.Errorf("line %d of the log: %w", number, err)
		}
		good += int64(len(text))
	}
}

func parseLine(text []byte) (*record, error) {
	sum, body, ok := bytes.Cut(bytes.TrimSuffix(text, []byte("\n")), []byte(" "))
	if !ok || len(sum) != 8 {
		return nil, errors.New("no checksum")
	}
	want, err := strconv.ParseUint(string(sum), 16, 32)
	if err != nil || uint32(want) != crc32.ChecksumIEEE(body) {
		return nil, errors.New("the checksum does not fit")
	}
	var r record
	if err := json.Unmarshal(body, &r); err != nil {
		return nil, err
	}
	return &r, nil
}
