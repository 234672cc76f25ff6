package payload

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
func (s *nameSet) repeated(object *Node, name string) bool {
	switch count := int(object.count); {
	case count < compareUpTo:
		return object.Member(name) != nil
	case count == compareUpTo:
		for c := object.First(); c != nil; c = c.Next() {
			s.mark(c.Name)
		}
		return s.mark(name) && object.Member(name) != nil
	case count < filterUpTo:
		return s.mark(name) && object.Member(name) != nil
	case count == filterUpTo:
		s.all = make(map[string]struct{}, 4*filterUpTo)
		for c := object.First(); c != nil; c = c.Next() {
			s.all[c.Name] = struct{}{}
		}
	}
	if _, there := s.all[name]; there {
		return true
	}
	s.all[name] = struct{}{}
	return false
}

// mark sets the bit of a name and says whether it was set. The bit depends on
// the length and three characters: that is cheap, tells most names of a contract
// apart, and names that meet in one bit cost no more than a comparison.
func (s *nameSet) mark(name string) bool {
	h := uint(len(name)) * 7
	if len(name) > 0 {
		h += uint(name[0])*31 + uint(name[len(name)/2])*61 + uint(name[len(name)-1])*131
	}
	word, bit := &s.filter[h>>6&3], uint64(1)<<(h&63)
	was := *word&bit != 0
	*word |= bit
	return was
}
