package payload

import "hash/maphash"

// nameSet finds a repeated member name without a map for the usual object: few
// members are compared one by one, more are sifted through a filter of 256 bits
// first, and only a large object, where that would turn quadratic, gets a map.
type nameSet struct {
	filter [4]uint64
	all    map[string]struct{}
}

const (
	compareUpTo = 6  // members that are compared without the filter
	filterUpTo  = 96 // members that are sifted by the filter
)

// repeated reports whether the object, whose last member was read before, has
// the name already. It must be called for every name from the second on.
func (s *nameSet) repeated(p *jsonParser, object *Node, name string) bool {
	switch count := int(object.count); {
	case count < compareUpTo:
		return object.Member(name) != nil
	case count == compareUpTo:
		for c := object.first; c != nil; c = c.next {
			s.mark(p, c.Name)
		}
		return s.mark(p, name) && object.Member(name) != nil
	case count < filterUpTo:
		return s.mark(p, name) && object.Member(name) != nil
	case count == filterUpTo:
		s.all = make(map[string]struct{}, 4*filterUpTo)
		for c := object.first; c != nil; c = c.next {
			s.all[c.Name] = struct{}{}
		}
	}
	if _, there := s.all[name]; there {
		return true
	}
	s.all[name] = struct{}{}
	return false
}

// mark sets the bit of a name and says whether it was set. The hash is seeded
// for each body, so that nobody can choose names that all meet in one bit.
func (s *nameSet) mark(p *jsonParser, name string) bool {
	if !p.seeded {
		p.seed, p.seeded = maphash.MakeSeed(), true
	}
	h := maphash.String(p.seed, name)
	word, bit := &s.filter[h>>6&3], uint64(1)<<(h&63)
	was := *word&bit != 0
	*word |= bit
	return was
}
