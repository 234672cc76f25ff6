package yamlfile

import (
	"strings"

	"go.yaml.in/yaml/v3"
)

// flow reads {…} or […], which may go over several lines.
func (p *plain) flow(depth int) *yaml.Node {
	if depth > maxPlainDepth {
		p.giveUp()
	}
	if p.line()[p.c] == '{' {
		return p.braces(depth)
	}
	n := p.here(yaml.SequenceNode)
	n.Tag, n.Style = "!!seq", yaml.FlowStyle
	p.c++
	for {
		if p.token() == ']' {
			p.c++
			return n
		}
		n.Content = append(n.Content, p.flowValue(depth+1))
		if c := p.token(); c == ',' {
			p.c++
		} else if c != ']' {
			p.giveUp() // also a pair in brackets
		}
	}
}

func (p *plain) braces(depth int) *yaml.Node {
	n := p.here(yaml.MappingNode)
	n.Tag, n.Style = "!!map", yaml.FlowStyle
	p.c++
	for {
		c := p.token()
		if c == '}' {
			p.c++
			return n
		}
		if c == '{' || c == '[' {
			p.giveUp()
		}
		line := p.i
		key := p.flowValue(depth + 1)
		if p.token() != ':' || p.i != line {
			p.giveUp() // a key without a value
		}
		p.c++
		if l := p.line(); p.c < len(l) && l[p.c] != ' ' {
			p.giveUp()
		}
		if c := p.token(); c == ',' || c == '}' {
			p.giveUp()
		}
		n.Content = append(n.Content, key, p.flowValue(depth+1))
		if c := p.token(); c == ',' {
			p.c++
		} else if c != '}' {
			p.giveUp()
		}
	}
}

// token goes to the next character that is neither space nor comment, over line
// ends.
func (p *plain) token() byte {
	for {
		line := p.line()
		spaced := p.c == 0 || p.c <= len(line) && p.c > 0 && line[p.c-1] == ' '
		for p.c < len(line) && line[p.c] == ' ' {
			p.c++
			spaced = true
		}
		if p.c < len(line) {
			if line[p.c] != '#' {
				return line[p.c]
			}
			if !spaced {
				p.giveUp()
			}
		}
		if p.i++; p.i >= p.stop {
			p.giveUp()
		}
		p.c = 0
	}
}

func (p *plain) flowValue(depth int) *yaml.Node {
	line := p.line()
	switch line[p.c] {
	case '{', '[':
		return p.flow(depth)
	case '"', '\'':
		return p.quoted()
	}
	if !plainStart(line, p.c) {
		p.giveUp()
	}
	end := p.c
scan:
	for ; end < len(line); end++ {
		switch line[end] {
		case ',', ']', '}':
			break scan
		case '{', '[', '?':
			p.giveUp()
		case ':':
			if end+1 == len(line) || line[end+1] == ' ' {
				break scan
			}
			if strings.IndexByte(",[]{}", line[end+1]) >= 0 {
				p.giveUp()
			}
		}
	}
	n := p.scalar(end)
	if p.token() == '#' {
		p.giveUp()
	}
	return n
}
