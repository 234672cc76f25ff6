package specs

// slab gives out values that stay for as long as the contract, side by side: single
// ones would lie scattered among what reading a document leaves behind, each keeping
// a page of it.
type slab[T any] struct{ free []T }

// slabSize is how many values are taken at once: those of a small document waste
// little, and so do those of a large one.
const slabSize = 32

// next gives a value that nobody has.
func (s *slab[T]) next() *T {
	if len(s.free) == 0 {
		s.free = make([]T, slabSize)
	}
	one := &s.free[0]
	s.free = s.free[1:]
	return one
}
