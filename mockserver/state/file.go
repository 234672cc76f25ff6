package state

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"sync"
	"time"
)

// File is a store in memory with a log on disk. What Update has acknowledged
// survives the death of the process and of the machine: it is on the disk by
// then. One process at a time has the file open.
type File struct {
	*Memory
	log     *logFile
	healing sync.Mutex
}

// record is one line of the log.
type record struct {
	Space string `json:"space"`
	// Exactly one kind of content.
	Put      []recordPut       `json:"put,omitempty"`
	Delete   [][2]string       `json:"delete,omitempty"` // collection, key
	Counters map[string]uint64 `json:"counters,omitempty"`
	Seq      uint64            `json:"seq,omitempty"`
	Image    *Image            `json:"image,omitempty"`
	Drop     bool              `json:"drop,omitempty"`
}

type recordPut struct {
	Collection string `json:"in"`
	Doc        *Doc   `json:"doc"`
}

// OpenFile opens or makes the log at a path and reads what it holds. A line that
// was torn off by a crash is cut away; damage anywhere else is an error.
func OpenFile(path string, opts Options) (*File, error) {
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return nil, fmt.Errorf("store file:%s: %w", path, err)
	}
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, fmt.Errorf("store file:%s: %w", path, err)
	}
	if err := lockFile(f); err != nil {
		_ = f.Close()
		return nil, fmt.Errorf("store file:%s is in use by another process: %w", path, err)
	}
	store := &File{Memory: NewMemory(opts)}
	good, err := readRecords(f, store.replay)
	if err == nil {
		err = f.Truncate(good)
	}
	if err == nil {
		_, err = f.Seek(good, io.SeekStart)
	}
	if err != nil {
		_ = f.Close()
		return nil, fmt.Errorf("store file:%s: %w", path, err)
	}
	store.log = newLogFile(path, f, good)
	store.Memory.log = store
	now := store.opts.Clock().UnixNano()
	for _, s := range store.spaces {
		s.used.Store(now)
	}
	if good > compactFrom {
		store.compact()
	}
	return store, nil
}

// replay does again what a line of the log says.
func (f *File) replay(r *record) error {
	if r.Drop {
		delete(f.spaces, r.Space)
		return nil
	}
	s := f.spaces[r.Space]
	if s == nil {
		s = newSpace()
		f.spaces[r.Space] = s
	}
	s.seeded = true
	if r.Image != nil {
		s.load(r.Image)
		return nil
	}
	for _, p := range r.Put {
		if p.Doc == nil {
			return errors.New("a document is missing")
		}
		s.collection(p.Collection).set(p.Doc.Key, p.Doc)
	}
	for _, d := range r.Delete {
		s.collection(d[0]).set(d[1], nil)
	}
	for name, n := range r.Counters {
		s.counters[name] = n
	}
	s.seq = max(s.seq, r.Seq)
	return nil
}

func (f *File) committed(space string, changes []change, counters map[string]uint64, seq uint64) (func() error, error) {
	r := record{Space: space, Counters: counters, Seq: seq}
	// Only the last version of a document counts.
	last := map[[2]string]int{}
	for i, c := range changes {
		last[[2]string{c.collection, c.key}] = i
	}
	for i, c := range changes {
		at := [2]string{c.collection, c.key}
		switch {
		case last[at] != i:
		case c.after != nil:
			r.Put = append(r.Put, recordPut{c.collection, c.after})
		default:
			r.Delete = append(r.Delete, at)
		}
	}
	return f.append(&r)
}

func (f *File) restored(space string, image *Image) (func() error, error) {
	return f.append(&record{Space: space, Image: image})
}

func (f *File) dropped(space string) (func() error, error) {
	return f.append(&record{Space: space, Drop: true})
}

func (f *File) append(r *record) (func() error, error) {
	text, err := json.Marshal(r)
	if err != nil {
		return nil, err
	}
	ticket, err := f.log.append(text)
	if err != nil {
		return nil, err
	}
	return func() error {
		err := f.log.wait(ticket)
		if f.log.large() {
			f.compact()
		}
		return err
	}, nil
}

// View runs fn, and does not come back before everything that fn may have seen
// is on the disk: nobody learns of a change that a crash could take back.
func (f *File) View(ctx context.Context, name string, fn func(Tx) error) error {
	if err := f.Memory.View(ctx, name, fn); err != nil {
		return err
	}
	return f.log.wait(f.log.last())
}

// Snapshot waits for the disk as View does.
func (f *File) Snapshot(ctx context.Context, name string) (*Image, error) {
	image, err := f.Memory.Snapshot(ctx, name)
	if err != nil {
		return nil, err
	}
	return image, f.log.wait(f.log.last())
}

// healPause is how long a disk that failed is left alone.
const healPause = time.Second

// ready makes the store good again after the disk failed: what was not acknowledged is
// taken back, by reading what is on the disk. Until then nobody learns of it.
func (f *File) ready() error {
	if _, err := f.log.failure(); err == nil {
		return nil
	}
	f.healing.Lock()
	defer f.healing.Unlock()
	since, err := f.log.failure()
	if err == nil || time.Since(since) < healPause {
		return err
	}
	return f.reload()
}

// reload puts what is on the disk in the place of what is in memory.
func (f *File) reload() error {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, s := range f.spaces {
		// Who is at work in it fails at the log; who waits for it looks it up again.
		s.mu.Lock()
		s.gone = true
		s.mu.Unlock()
	}
	f.spaces = map[string]*space{}
	if err := f.log.restart(f.replay); err != nil {
		return err
	}
	now := f.opts.Clock().UnixNano()
	for _, s := range f.spaces {
		s.used.Store(now)
	}
	return nil
}

// compact writes the log anew, with the present state only. It runs beside the
// transactions; what they do meanwhile goes to both files.
func (f *File) compact() {
	if !f.log.begin() {
		return
	}
	names, _ := f.Spaces(context.Background())
	var images [][]byte
	for _, name := range names {
		f.mu.RLock()
		s := f.spaces[name]
		f.mu.RUnlock()
		if s == nil {
			continue
		}
		s.mu.RLock()
		var text []byte
		var err error
		if s.seeded && !s.gone {
			text, err = json.Marshal(&record{Space: name, Image: s.image()})
		}
		s.mu.RUnlock()
		if err != nil {
			f.log.abandon()
			return
		}
		if text != nil {
			images = append(images, text)
		}
	}
	f.log.finish(images)
}

// Close writes what is left and gives the file back.
func (f *File) Close() error { return f.log.close() }
