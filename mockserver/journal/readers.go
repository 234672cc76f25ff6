package journal

import (
	"sync"
	"sync/atomic"
)

// News is an entry that was added or, without one, the session whose entries were
// forgotten; "" is all of them.
type News struct {
	Entry   *Entry
	Cleared string
	// Gap tells that something may have been missed, and nothing else.
	Gap bool
}

// Subscription receives what happens to the journal.
type Subscription struct {
	// C gives the news. When the reader is too slow, some are left out and Lost
	// counts them.
	C    chan News
	Lost atomic.Uint64
	of   *readers
}

// newsWaiting is how much news waits for a reader.
const newsWaiting = 256

// Subscribe begins to listen. The caller must call Close.
func (j *Journal) Subscribe() (*Subscription, error) {
	s := &Subscription{C: make(chan News, newsWaiting), of: j.readers}
	j.readers.mu.Lock()
	j.readers.all[s] = struct{}{}
	j.readers.mu.Unlock()
	if err := j.kept.follow(); err != nil {
		s.Close()
		return nil, err
	}
	return s, nil
}

// Close ends the subscription.
func (s *Subscription) Close() {
	s.of.mu.Lock()
	delete(s.of.all, s)
	s.of.mu.Unlock()
}

func (s *Subscription) offer(n News) {
	select {
	case s.C <- n:
	default:
		s.Lost.Add(1)
	}
}

// readers are those who listen.
type readers struct {
	mu  sync.Mutex
	all map[*Subscription]struct{}
}

func newReaders() *readers { return &readers{all: map[*Subscription]struct{}{}} }

func (r *readers) tell(n News) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for s := range r.all {
		s.offer(n)
	}
}

// missed tells all readers that something may have been missed.
func (r *readers) missed() {
	r.mu.Lock()
	defer r.mu.Unlock()
	for s := range r.all {
		s.Lost.Add(1)
		s.offer(News{Gap: true})
	}
}

func (r *readers) any() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return len(r.all) > 0
}
