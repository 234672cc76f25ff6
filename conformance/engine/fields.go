package engine

import (
	"hash/maphash"
	"slices"
	"sync"
)

// fieldLists keeps every list of fields once: most bodies of an operation have the
// same fields, and a run has many bodies.
type fieldLists struct {
	mu    sync.Mutex
	seed  maphash.Seed
	names map[string]string
	lists map[uint64][][]string // by their hash
}

// same gives the list that was kept of an equal one.
func (l *fieldLists) same(list []string) []string {
	if len(list) == 0 {
		return nil
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.lists == nil {
		l.seed, l.names, l.lists = maphash.MakeSeed(), map[string]string{}, map[uint64][][]string{}
	}
	var h maphash.Hash
	h.SetSeed(l.seed)
	for _, name := range list {
		h.WriteString(name)
		h.WriteByte(0)
	}
	key := h.Sum64()
	for _, have := range l.lists[key] {
		if slices.Equal(have, list) {
			return have
		}
	}
	own := slices.Clip(slices.Clone(list))
	for i, name := range own {
		if have, ok := l.names[name]; ok {
			own[i] = have
		} else {
			l.names[name] = name
		}
	}
	l.lists[key] = append(l.lists[key], own)
	return own
}
