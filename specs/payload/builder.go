package payload

// Builder makes the nodes of one tree. It takes them from blocks, so that a body
// of a hundred fields costs a few allocations and not a hundred. It is used by
// the JSON parser here and by the reader of XML; one goroutine at a time.
//
// The zero value is ready to use.
type Builder struct {
	block []Node
	size  int
}

// The blocks grow from what is expected up to a size that still fits a small
// allocation class: a tree of which one node is kept alive keeps one block alive.
const (
	minBlock = 8
	maxBlock = 256 // 256 nodes of 72 bytes fill an allocation class
)

// NewBuilder makes a builder that expects about that many nodes.
func NewBuilder(expected int) *Builder {
	return &Builder{size: min(max(expected, minBlock), maxBlock)}
}

// NewNode makes a node without a parent.
func (b *Builder) NewNode(kind Kind, name, value string) *Node {
	if len(b.block) == 0 {
		b.grow()
	}
	n := &b.block[0]
	b.block = b.block[1:]
	n.Kind, n.Name, n.Value = kind, name, value
	return n
}

func (b *Builder) grow() {
	if b.size == 0 {
		b.size = minBlock
	}
	b.block = make([]Node, b.size)
	b.size = min(b.size*2, maxBlock)
}
