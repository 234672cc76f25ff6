package state

import (
	"cmp"
	"maps"
	"slices"
	"sync"
	"sync/atomic"
)

// space is one isolated state in memory.
type space struct {
	mu     sync.RWMutex
	seeded bool
	// gone is set when the space was reset or expired: who waited for the lock
	// must look it up again.
	gone        bool
	collections map[string]*collection
	counters    map[string]uint64
	seq         uint64
	used        atomic.Int64 // nanoseconds, by the clock of the options
}

func newSpace() *space {
	return &space{collections: map[string]*collection{}, counters: map[string]uint64{}}
}

// collection holds the documents of one kind and their indexes.
type collection struct {
	docs  map[string]*Doc
	order []*Doc           // all of them, by Seq
	index map[Entry][]*Doc // Unique is false in the key; sorted by Seq
}

func (s *space) collection(name string) *collection {
	c := s.collections[name]
	if c == nil {
		c = &collection{docs: map[string]*Doc{}, index: map[Entry][]*Doc{}}
		s.collections[name] = c
	}
	return c
}

// set replaces a document by another version; nil takes it out.
func (c *collection) set(key string, d *Doc) {
	old := c.docs[key]
	if old != nil && d != nil && c.replace(old, d) {
		return
	}
	if old != nil {
		for _, e := range old.Index {
			place := Entry{Index: e.Index, Value: e.Value}
			rest := slices.DeleteFunc(slices.Clone(c.index[place]), func(have *Doc) bool { return have.Key == key })
			if len(rest) == 0 {
				delete(c.index, place)
			} else {
				c.index[place] = rest
			}
		}
		delete(c.docs, key)
		if at, is := c.place(old); is {
			c.order = slices.Delete(c.order, at, at+1)
		}
	}
	if d == nil {
		return
	}
	c.docs[key] = d
	at, _ := c.place(d)
	c.order = slices.Insert(c.order, at, d)
	for _, e := range d.Index {
		place := Entry{Index: e.Index, Value: e.Value}
		list := c.index[place]
		at := len(list)
		for at > 0 && list[at-1].Seq > d.Seq {
			at--
		}
		c.index[place] = slices.Insert(list, at, d)
	}
}

// replace puts another version of a document in the places of the one before,
// if they are the same: mostly a change is about something else.
func (c *collection) replace(old, d *Doc) bool {
	if old.Seq != d.Seq || !slices.Equal(old.Index, d.Index) {
		return false
	}
	for _, e := range d.Index {
		list := c.index[Entry{Index: e.Index, Value: e.Value}]
		if at := slices.Index(list, old); at >= 0 {
			list[at] = d
		}
	}
	if at, is := c.place(old); is {
		c.order[at] = d
	}
	c.docs[d.Key] = d
	return true
}

// place finds a document in the order, or where it belongs.
func (c *collection) place(d *Doc) (at int, is bool) {
	if n := len(c.order); n == 0 || c.order[n-1].Seq < d.Seq {
		return n, false // the usual place of a new one
	}
	at, _ = slices.BinarySearchFunc(c.order, d, func(have, d *Doc) int { return cmp.Compare(have.Seq, d.Seq) })
	// A snapshot from outside may give several documents one number.
	for ; at < len(c.order) && c.order[at].Seq == d.Seq; at++ {
		if c.order[at] == d {
			return at, true
		}
	}
	return at, false
}

// conflict looks for another document that holds a unique value of d.
func (c *collection) conflict(name string, d *Doc) error {
	for _, e := range d.Index {
		if !e.Unique {
			continue
		}
		for _, have := range c.index[Entry{Index: e.Index, Value: e.Value}] {
			if have.Key != d.Key && slices.Contains(have.Index, e) {
				return &Conflict{Collection: name, Index: e.Index, Value: e.Value, Holder: have.Key}
			}
		}
	}
	return nil
}

func (c *collection) list() []*Doc { return slices.Clone(c.order) }

func (s *space) image() *Image {
	im := &Image{Collections: map[string][]*Doc{}, Counters: maps.Clone(s.counters), Seq: s.seq}
	for name, c := range s.collections {
		if len(c.docs) > 0 {
			im.Collections[name] = c.list()
		}
	}
	return im
}

func (s *space) load(im *Image) {
	s.collections, s.counters, s.seq = map[string]*collection{}, map[string]uint64{}, im.Seq
	maps.Copy(s.counters, im.Counters)
	for name, docs := range im.Collections {
		c := s.collection(name)
		for _, d := range docs {
			if d == nil {
				continue
			}
			s.seq = max(s.seq, d.Seq)
			c.set(d.Key, d)
		}
	}
	s.seeded = true
}
