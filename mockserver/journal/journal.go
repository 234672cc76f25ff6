package journal

import (
	"sync"
	"sync/atomic"
)

// Limits of a journal; a zero field takes the default.
type Limits struct {
	// Entries is how many entries each session keeps; default DefaultEntries.
	Entries int
	// Sessions is how many sessions have a ring; default 512. The one that was
	// silent for the longest time makes room.
	Sessions int
	// Body is how much of a body is kept, in bytes; default 256 KiB.
	Body int
}

// DefaultEntries is how many entries of a session are kept where nobody says a number.
const DefaultEntries = 1000

// Journal is safe for concurrent use.
type Journal struct {
	limits Limits

	mu      sync.Mutex
	last    uint64
	evicted uint64 // the newest entry that had to make room
	rings   map[string]*ring
	clock   uint64
	readers map[*Subscription]struct{}
}

// ring holds the entries of one session.
type ring struct {
	entries []*Entry
	next    int
	used    uint64
}

// New makes an empty journal.
func New(l Limits) *Journal {
	if l.Entries <= 0 {
		l.Entries = DefaultEntries
	}
	if l.Sessions <= 0 {
		l.Sessions = 512
	}
	if l.Body <= 0 {
		l.Body = 256 << 10
	}
	return &Journal{limits: l, rings: map[string]*ring{}, readers: map[*Subscription]struct{}{}}
}

// Add keeps an entry and gives it its number. The caller must not change the
// entry, its headers or its bodies any more.
func (j *Journal) Add(e *Entry) {
	e.RequestSize, e.ResponseSize = len(e.RequestBody), len(e.ResponseBody)
	e.RequestBody = j.cut(e.RequestBody)
	e.ResponseBody = j.cut(e.ResponseBody)
	j.mu.Lock()
	defer j.mu.Unlock()
	j.last++ // in here, so that readers get the entries in the order of their numbers
	e.ID = j.last
	r := j.rings[e.Session]
	if r == nil {
		j.makeRoom()
		r = &ring{}
		j.rings[e.Session] = r
	}
	j.clock++
	r.used = j.clock
	if len(r.entries) < j.limits.Entries {
		r.entries = append(r.entries, e)
	} else {
		j.evicted = max(j.evicted, r.entries[r.next].ID)
		r.entries[r.next] = e
		r.next = (r.next + 1) % len(r.entries)
	}
	j.tell(News{Entry: e})
}

func (j *Journal) tell(n News) {
	for s := range j.readers {
		s.offer(n)
	}
}

// Last is the number of the newest entry, 0 before the first.
func (j *Journal) Last() uint64 {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.last
}

// cut keeps the beginning of a body; the copy lets go of the rest.
func (j *Journal) cut(body []byte) []byte {
	if len(body) <= j.limits.Body {
		return body
	}
	return append([]byte(nil), body[:j.limits.Body]...)
}

func (j *Journal) makeRoom() {
	if len(j.rings) < j.limits.Sessions {
		return
	}
	var oldest string
	var since uint64
	for name, r := range j.rings {
		if oldest == "" || r.used < since {
			oldest, since = name, r.used
		}
	}
	for _, e := range j.rings[oldest].entries {
		j.evicted = max(j.evicted, e.ID)
	}
	delete(j.rings, oldest)
}

// Evicted is the number of the newest entry that had to make room for others; it and
// some before it are not kept. Entries that were cleared do not count.
func (j *Journal) Evicted() uint64 {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.evicted
}

// Clear forgets the entries of a session, or of all when it is "".
func (j *Journal) Clear(session string) {
	j.mu.Lock()
	defer j.mu.Unlock()
	if session == "" {
		clear(j.rings)
	} else {
		delete(j.rings, session)
	}
	j.tell(News{Cleared: session})
}

// News is an entry that was added or, without one, the session whose entries were
// forgotten; "" is all of them.
type News struct {
	Entry   *Entry
	Cleared string
}

// Subscription receives what happens to the journal.
type Subscription struct {
	// C gives the news. When the reader is too slow, some are left out and Lost
	// counts them.
	C       chan News
	Lost    atomic.Uint64
	journal *Journal
}

// newsWaiting is how much news waits for a reader.
const newsWaiting = 256

// Subscribe begins to listen. The caller must call Close.
func (j *Journal) Subscribe() *Subscription {
	s := &Subscription{C: make(chan News, newsWaiting), journal: j}
	j.mu.Lock()
	j.readers[s] = struct{}{}
	j.mu.Unlock()
	return s
}

// Close ends the subscription.
func (s *Subscription) Close() {
	s.journal.mu.Lock()
	delete(s.journal.readers, s)
	s.journal.mu.Unlock()
}

func (s *Subscription) offer(n News) {
	select {
	case s.C <- n:
	default:
		s.Lost.Add(1)
	}
}

// Sessions gives how many entries are kept of each session.
func (j *Journal) Sessions() map[string]int {
	j.mu.Lock()
	defer j.mu.Unlock()
	counts := map[string]int{}
	for name, r := range j.rings {
		counts[name] = len(r.entries)
	}
	return counts
}

// MaxBody is how much of a body is kept, in bytes.
func (j *Journal) MaxBody() int { return j.limits.Body }
