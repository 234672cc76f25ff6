package xmlsafe

// Limits bounds what is read. A zero field stands for its default. The numbers
// are chosen so that the most expensive body within them costs libxml2 2.9
// about half a second; see the tests for what happens without them.
type Limits struct {
	Bytes      int // of the whole body, before and after decoding; default 8 MiB
	Depth      int // of nested elements; default 64
	Elements   int // in the body; default 200,000
	Attributes int // of one element, namespace declarations included; default 64
	Namespaces int // declarations in the whole body; default 64
	Value      int // bytes of one attribute value or of one run of text; default 1 MiB
	Name       int // bytes of an element or attribute name; default 512
	Issues     int // that [Schema.Check] gives back for one body; default 100
}

func (l Limits) withDefaults() Limits {
	for _, d := range []struct {
		field *int
		value int
	}{
		{&l.Bytes, 8 << 20},
		{&l.Depth, 64},
		{&l.Elements, 200_000},
		{&l.Attributes, 64},
		{&l.Namespaces, 64},
		{&l.Value, 1 << 20},
		{&l.Name, 512},
		{&l.Issues, 100},
	} {
		if *d.field <= 0 {
			*d.field = d.value
		}
	}
	// Above this depth libxml2 refuses by itself, and the scan's stack is fixed.
	l.Depth = min(l.Depth, maxDepth)
	return l
}

const maxDepth = 250
