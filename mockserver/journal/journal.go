package journal

import (
	"errors"
	"time"

	"github.com/roadworthy-project/roadworthy/mockserver/redis"
)

// Limits of a journal; a zero field takes the default.
type Limits struct {
	// Entries is how many entries each session keeps; default DefaultEntries.
	Entries int
	// Sessions is how many sessions have entries; default 4096. The one that was
	// silent for the longest time makes room.
	Sessions int
	// Body is how much of a body is kept, in bytes; default 256 KiB.
	Body int
	// Bytes bounds all entries of all sessions together; default DefaultBytes. The
	// oldest bodies make room, and where there is little else the oldest entries.
	Bytes int
	// Idle is how long the entries of a silent session are kept; default one hour.
	// Sessions for which Keep holds are never forgotten for that.
	Idle time.Duration
	Keep func(session string) bool
	// Clock gives the time for that; default time.Now. A shared journal goes by the
	// clock of its server.
	Clock func() time.Time
}

// The limits where nobody says a number.
const (
	DefaultEntries = 1000
	DefaultBytes   = 64 << 20
)

func (l Limits) withDefaults() Limits {
	if l.Entries <= 0 {
		l.Entries = DefaultEntries
	}
	if l.Sessions <= 0 {
		l.Sessions = 4096
	}
	if l.Body <= 0 {
		l.Body = 256 << 10
	}
	if l.Bytes <= 0 {
		l.Bytes = DefaultBytes
	}
	if l.Idle <= 0 {
		l.Idle = time.Hour
	}
	if l.Clock == nil {
		l.Clock = time.Now
	}
	if l.Keep == nil {
		l.Keep = func(session string) bool { return session == "default" }
	}
	return l
}

// Journal is safe for concurrent use.
type Journal struct {
	limits  Limits
	readers *readers
	kept    keeper
}

// keeper is where entries are kept: in memory, or where several servers share them.
type keeper interface {
	add(e *Entry) error
	read(f Filter) ([]*Entry, error)
	entry(id uint64) (*Entry, error)
	position() (Position, error)
	clear(session string) error
	sessions() (map[string]int, error)
	// follow makes sure that the readers hear of everything from now on.
	follow() error
}

// Position is how far a journal has come.
type Position struct {
	// Last is the number of the newest entry, 0 before the first.
	Last uint64
	// Evicted is the number of the newest entry that had to make room for others; it
	// and some before it are not kept. Entries that were cleared do not count.
	Evicted uint64
	// Life names the life of the journal: in another one, numbers begin anew. It is
	// "" where the journal lives as long as the process.
	Life string
}

// ErrNotKept says that there is no entry of a number, or no more.
var ErrNotKept = errors.New("the journal does not hold the request (any more)")

// New makes an empty journal in memory.
func New(l Limits) *Journal {
	l = l.withDefaults()
	readers := newReaders()
	return &Journal{limits: l, readers: readers, kept: newMemory(l, readers)}
}

// NewShared gives the journal that all servers have in common that are at the same
// Redis server.
func NewShared(l Limits, client *redis.Client) *Journal {
	l = l.withDefaults()
	readers := newReaders()
	return &Journal{limits: l, readers: readers, kept: newShared(l, client, readers)}
}

// Add keeps an entry and gives it its number. The caller must not change the
// entry, its headers or its bodies any more. The error says that it could not be
// kept, which only happens to a shared journal.
func (j *Journal) Add(e *Entry) error {
	e.RequestSize, e.ResponseSize = len(e.RequestBody), len(e.ResponseBody)
	e.RequestBody = j.cut(e.RequestBody)
	e.ResponseBody = j.cut(e.ResponseBody)
	e.RequestCut, e.ResponseCut = e.RequestSize-len(e.RequestBody), e.ResponseSize-len(e.ResponseBody)
	return j.kept.add(e)
}

// cut keeps the beginning of a body; the copy lets go of the rest.
func (j *Journal) cut(body []byte) []byte {
	if len(body) <= j.limits.Body {
		return body
	}
	return append([]byte(nil), body[:j.limits.Body]...)
}

// Read gives what the filter selects, oldest first.
func (j *Journal) Read(f Filter) ([]*Entry, error) { return j.kept.read(f) }

// Entries is Read where nothing can fail: of a journal in memory.
func (j *Journal) Entries(f Filter) []*Entry {
	found, _ := j.Read(f)
	return found
}

// Lookup gives one entry by its number; the error is ErrNotKept if it is not there.
func (j *Journal) Lookup(id uint64) (*Entry, error) {
	e, err := j.kept.entry(id)
	if err == nil && e == nil {
		err = ErrNotKept
	}
	return e, err
}

// Entry is Lookup where nothing can fail; nil if the entry is not kept (any more).
func (j *Journal) Entry(id uint64) *Entry {
	e, _ := j.Lookup(id)
	return e
}

// Position tells how far the journal has come.
func (j *Journal) Position() (Position, error) { return j.kept.position() }

// Clear forgets the entries of a session, or of all when it is "".
func (j *Journal) Clear(session string) error { return j.kept.clear(session) }

// Sessions gives how many entries are kept of each session.
func (j *Journal) Sessions() (map[string]int, error) { return j.kept.sessions() }

// MaxBody is how much of a body is kept, in bytes.
func (j *Journal) MaxBody() int { return j.limits.Body }
