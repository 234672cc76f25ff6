package payload

// XMLWriter writes a document element by element, for an answer that nobody
// needs as a tree: Start, Attr for each attribute, Text, the children, End. It
// escapes what must be and refuses nothing, as [Tree.XML] does. The zero value
// is ready to use; one goroutine at a time.
type XMLWriter struct {
	w    xmlWriter
	open bool // the last start tag may still get attributes
}

// NewXMLWriter begins a document that will have about that many bytes.
func NewXMLWriter(expected int) *XMLWriter {
	x := &XMLWriter{w: xmlWriter{out: make([]byte, 0, expected)}}
	x.w.out = append(x.w.out, declaration...)
	return x
}

// Start begins an element.
func (x *XMLWriter) Start(name string) {
	x.shut()
	x.w.out = append(append(x.w.out, '<'), name...)
	x.open = true
}

// Attr gives the element that was begun last an attribute.
func (x *XMLWriter) Attr(name, value string) { x.w.attribute(name, value) }

// Text writes character data.
func (x *XMLWriter) Text(s string) {
	if s != "" {
		x.shut()
		x.w.text(s, false)
	}
}

// End ends the element of that name.
func (x *XMLWriter) End(name string) {
	if x.open {
		x.w.out = append(x.w.out, '/', '>')
		x.open = false
		return
	}
	x.w.out = append(append(append(x.w.out, '<', '/'), name...), '>')
}

func (x *XMLWriter) shut() {
	if x.open {
		x.w.out = append(x.w.out, '>')
		x.open = false
	}
}

// Mark is a place to come back to.
type Mark struct {
	length int
	open   bool
}

// Mark remembers the place; [XMLWriter.Back] forgets what was written since.
func (x *XMLWriter) Mark() Mark { return Mark{len(x.w.out), x.open} }

// Back returns to a mark.
func (x *XMLWriter) Back(m Mark) { x.w.out, x.open = x.w.out[:m.length], m.open }

// Bytes gives the document; the writer must not be used any more.
func (x *XMLWriter) Bytes() []byte { return x.w.out }
