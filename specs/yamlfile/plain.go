package yamlfile

import (
	"strings"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"
)

// The files of a contract are mostly plain YAML: mappings, lists, scalars, and
// short forms in braces. parsePlain reads that part about ten times as fast as
// the YAML library does, which is most of the time that opening a contract takes.
// It gives up (ok is false) on anything else, and the library then has the word:
// anchors, tags, scalars over several lines, tabs, errors of any kind.
//
// A test reads every file of the built-in contracts in both ways, and a fuzz
// target compares the two on anything that is not given up.
func parsePlain(src string) (all []*yaml.Node, ok bool) {
	p := &plain{src: src, ascii: true, slab: slab{size: min(max(len(src)/12, 8), 256)}}
	if !p.prepare() {
		return nil, false
	}
	defer func() {
		if r := recover(); r != nil {
			if _, gaveUp := r.(giveUp); !gaveUp {
				panic(r)
			}
			all, ok = nil, false
		}
	}()
	for start := 0; start <= len(p.lines); start = p.stop + 1 {
		p.stop = start
		for p.stop < len(p.lines) && p.lines[p.stop] != "---" {
			p.stop++
		}
		p.next(start - 1)
		if p.i >= p.stop {
			continue // nothing but comments
		}
		if !p.isDash() && !p.isKey() {
			return nil, false
		}
		all = append(all, p.block(-1, 0))
		if p.i < p.stop {
			return nil, false
		}
	}
	return all, len(all) > 0
}

// giveUp leaves the file to the YAML library.
type giveUp struct{}

func (p *plain) giveUp() { panic(giveUp{}) }

const maxPlainDepth = 60

type plain struct {
	src   string
	ascii bool
	lines []string
	stop  int // the line that ends the document
	i, c  int // line, and byte in it, where the next token is
	slab
}

// slab hands out nodes from blocks, since a file has thousands.
type slab struct {
	nodes []yaml.Node
	size  int
}

func (b *slab) node() *yaml.Node {
	if len(b.nodes) == 0 {
		b.nodes = make([]yaml.Node, b.size)
	}
	n := &b.nodes[0]
	b.nodes = b.nodes[1:]
	return n
}

// prepare cuts the file into lines and refuses what the rest does not look at.
func (p *plain) prepare() bool {
	for i := range len(p.src) {
		switch c := p.src[i]; {
		case c >= 0x80:
			p.ascii = false
		case c < ' ' && c != '\n' || c == 0x7f:
			return false
		}
	}
	if !p.ascii {
		if !utf8.ValidString(p.src) {
			return false
		}
		for _, r := range p.src {
			// Line breaks and characters that YAML treats in its own way.
			if r >= 0x80 && r < 0xa0 || r == 0x2028 || r == 0x2029 || r == 0xfeff || r >= 0xfffe && r <= 0xffff {
				return false
			}
		}
	}
	p.lines = strings.Split(p.src, "\n")
	for _, line := range p.lines {
		if strings.HasPrefix(line, "---") && line != "---" || strings.HasPrefix(line, "...") || strings.HasPrefix(line, "%") {
			return false
		}
	}
	return true
}

// next goes to the first token of the next line that has one, behind line i.
func (p *plain) next(i int) {
	for p.i = i + 1; p.i < p.stop; p.i++ {
		line := p.lines[p.i]
		c := 0
		for c < len(line) && line[c] == ' ' {
			c++
		}
		if c < len(line) && line[c] != '#' {
			p.c = c
			return
		}
	}
	p.c = -1
}

func (p *plain) line() string { return p.lines[p.i] }

func (p *plain) here(kind yaml.Kind) *yaml.Node {
	n := p.node()
	n.Kind, n.Line, n.Column = kind, p.i+1, p.column(p.c)
	return n
}

func (p *plain) column(c int) int {
	if p.ascii {
		return c + 1
	}
	return utf8.RuneCountInString(p.line()[:c]) + 1
}

func (p *plain) isDash() bool { return dashAt(p.line(), p.c) }

func dashAt(line string, c int) bool {
	return line[c] == '-' && (c+1 == len(line) || line[c+1] == ' ')
}

// isKey tells whether the rest of the line begins with a key and a colon.
func (p *plain) isKey() bool {
	line, c := p.line(), p.c
	switch line[c] {
	case '"', '\'':
		_, end, ok := quoted(line, c)
		if !ok {
			p.giveUp()
		}
		for end < len(line) && line[end] == ' ' {
			end++
		}
		return end < len(line) && line[end] == ':' && (end+1 == len(line) || line[end+1] == ' ')
	case '{', '[', '|', '>':
		return false
	}
	return keyEnd(line, c) >= 0
}

// keyEnd finds the colon that ends a plain key; -1 if there is none.
func keyEnd(line string, c int) int {
	for i := c; i < len(line); i++ {
		switch line[i] {
		case ':':
			if i+1 == len(line) || line[i+1] == ' ' {
				return i
			}
		case '#':
			if i > c && line[i-1] == ' ' {
				return -1
			}
		}
	}
	return -1
}

// block reads the node at the current token, inside a collection that is
// indented by parent.
func (p *plain) block(parent, depth int) *yaml.Node {
	if depth > maxPlainDepth {
		p.giveUp()
	}
	switch {
	case p.isDash():
		return p.sequence(depth)
	case p.isKey():
		return p.mapping(depth)
	}
	return p.value(parent, depth)
}

func (p *plain) sequence(depth int) *yaml.Node {
	n, indent := p.here(yaml.SequenceNode), p.c
	n.Tag = "!!seq"
	for p.i < p.stop && p.c == indent && p.isDash() {
		dash := p.i
		p.c++
		if !p.rest() {
			n.Content = append(n.Content, p.below(dash, indent, indent+1, depth))
			continue
		}
		n.Content = append(n.Content, p.block(indent, depth+1))
	}
	if p.i < p.stop && p.c > indent {
		p.giveUp()
	}
	return n
}

func (p *plain) mapping(depth int) *yaml.Node {
	n, indent := p.here(yaml.MappingNode), p.c
	n.Tag = "!!map"
	for p.i < p.stop && p.c == indent && !p.isDash() {
		key := p.key()
		line, colon := p.i, p.c
		p.c++
		var value *yaml.Node
		if p.rest() {
			if p.isDash() {
				p.giveUp()
			}
			value = p.value(indent, depth+1)
		} else {
			value = p.below(line, indent, colon+1, depth)
		}
		n.Content = append(n.Content, key, value)
	}
	if p.i < p.stop && p.c > indent {
		p.giveUp()
	}
	return n
}

// rest goes to the next token of the line; false when there is none.
func (p *plain) rest() bool {
	line := p.line()
	for p.c < len(line) && line[p.c] == ' ' {
		p.c++
	}
	return p.c < len(line) && line[p.c] != '#'
}

// below reads the value that stands on the lines below a key or a dash; after is
// where the empty value stands, if there is none.
func (p *plain) below(line, indent, after, depth int) *yaml.Node {
	empty := p.node()
	empty.Kind, empty.Tag, empty.Line, empty.Column = yaml.ScalarNode, "!!null", line+1, p.column(after)
	isKey := p.lines[line][after-1] == ':'
	p.next(line)
	switch {
	case p.i >= p.stop || p.c < indent:
		return empty
	case p.c > indent:
		if !p.isDash() && !p.isKey() {
			p.giveUp() // a scalar on a line of its own
		}
		return p.block(indent, depth+1)
	case isKey && p.isDash():
		return p.sequence(depth + 1)
	}
	return empty
}

// key reads a key and stops at its colon.
func (p *plain) key() *yaml.Node {
	line := p.line()
	n := p.here(yaml.ScalarNode)
	switch line[p.c] {
	case '"', '\'':
		value, end, ok := quoted(line, p.c)
		if !ok {
			p.giveUp()
		}
		n.Value, n.Tag, n.Style = value, "!!str", quoteStyle(line[p.c])
		p.c = end
		if !p.rest() || line[p.c] != ':' || p.c+1 < len(line) && line[p.c+1] != ' ' {
			p.giveUp()
		}
	default:
		end := keyEnd(line, p.c)
		if end < 0 || end-p.c > 1000 || !plainStart(line, p.c) {
			p.giveUp()
		}
		n.Value = strings.TrimRight(line[p.c:end], " ")
		n.Tag = p.tag(n.Value)
		p.c = end
	}
	return n
}

// value reads a scalar, or a collection in braces or brackets, that stands in a
// line, and goes to the next line.
func (p *plain) value(parent, depth int) *yaml.Node {
	line := p.line()
	var n *yaml.Node
	switch line[p.c] {
	case '{', '[':
		n = p.flow(depth)
	case '"', '\'':
		n = p.quoted()
	case '|', '>':
		return p.text(parent)
	default:
		n = p.scalar(len(line))
		if keyEnd(line, p.c-len(n.Value)) >= 0 {
			p.giveUp()
		}
	}
	if p.i < p.stop && p.rest() || p.c < len(p.line()) && p.c > 0 && p.line()[p.c-1] != ' ' {
		p.giveUp()
	}
	p.next(p.i)
	if p.i < p.stop && p.c > parent {
		p.giveUp() // the scalar may go on
	}
	return n
}

// scalar reads a plain scalar that ends before a comment or at the end.
func (p *plain) scalar(end int) *yaml.Node {
	line := p.line()
	if !plainStart(line, p.c) {
		p.giveUp()
	}
	n := p.here(yaml.ScalarNode)
	for i := p.c; i < end; i++ {
		if line[i] == '#' && line[i-1] == ' ' {
			end = i
		}
	}
	n.Value = strings.TrimRight(line[p.c:end], " ")
	n.Tag = p.tag(n.Value)
	p.c += len(n.Value)
	return n
}

func (p *plain) quoted() *yaml.Node {
	n := p.here(yaml.ScalarNode)
	value, end, ok := quoted(p.line(), p.c)
	if !ok {
		p.giveUp()
	}
	n.Value, n.Tag, n.Style = value, "!!str", quoteStyle(p.line()[p.c])
	p.c = end
	return n
}
