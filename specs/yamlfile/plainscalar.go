package yamlfile

import (
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"
)

// plainStart tells whether a plain scalar may begin at c, leaving out what YAML
// allows and nobody writes.
func plainStart(line string, c int) bool {
	switch line[c] {
	case '?', ':', ',', '[', ']', '{', '}', '#', '&', '*', '!', '|', '>', '\'', '"', '%', '@', '`', '=':
		return false
	case '-':
		return c+1 < len(line) && line[c+1] != ' '
	case '<':
		return !strings.HasPrefix(line[c:], "<<")
	}
	return true
}

func quoteStyle(quote byte) yaml.Style {
	if quote == '"' {
		return yaml.DoubleQuotedStyle
	}
	return yaml.SingleQuotedStyle
}

// quoted reads a quoted scalar that ends on its line, and gives the place behind
// it.
func quoted(line string, c int) (value string, end int, ok bool) {
	quote := line[c]
	start := c + 1
	for i := start; i < len(line); i++ {
		if line[i] == quote {
			if quote == '\'' && i+1 < len(line) && line[i+1] == '\'' {
				return unquoted(line, start, i)
			}
			return line[start:i], i + 1, true
		}
		if line[i] == '\\' && quote == '"' {
			return escaped(line, start, i)
		}
	}
	return "", 0, false
}

// unquoted reads a scalar in single quotes from the first doubled quote on.
func unquoted(line string, start, i int) (string, int, bool) {
	var b strings.Builder
	b.WriteString(line[start:i])
	for ; i < len(line); i++ {
		if line[i] == '\'' {
			if i+1 == len(line) || line[i+1] != '\'' {
				return b.String(), i + 1, true
			}
			i++
		}
		b.WriteByte(line[i])
	}
	return "", 0, false
}

// escaped reads a scalar in double quotes from its first backslash on.
func escaped(line string, start, i int) (string, int, bool) {
	var b strings.Builder
	b.WriteString(line[start:i])
	for ; i < len(line); i++ {
		switch line[i] {
		case '"':
			return b.String(), i + 1, true
		case '\\':
			if i++; i == len(line) {
				return "", 0, false
			}
			switch line[i] {
			case '"', '\\', '/':
				b.WriteByte(line[i])
			case 'n':
				b.WriteByte('\n')
			case 't':
				b.WriteByte('\t')
			case 'r':
				b.WriteByte('\r')
			case 'u':
				if i+5 > len(line) {
					return "", 0, false
				}
				code, err := strconv.ParseUint(line[i+1:i+5], 16, 32)
				if err != nil || code >= 0xd800 && code < 0xe000 {
					return "", 0, false
				}
				b.WriteRune(rune(code))
				i += 4
			default:
				return "", 0, false
			}
		default:
			b.WriteByte(line[i])
		}
	}
	return "", 0, false
}

// tag resolves a plain scalar as YAML does. What only may be a number or a date
// is left to the library.
func (p *plain) tag(value string) string {
	switch value {
	case "true", "True", "TRUE", "false", "False", "FALSE":
		return "!!bool"
	case "null", "Null", "NULL", "~", "":
		return "!!null"
	case "<<":
		p.giveUp()
	}
	switch c := value[0]; {
	case c >= '0' && c <= '9' || c == '-' || c == '+' || c == '.':
	default:
		return "!!str"
	}
	if isSmallInteger(value) {
		return "!!int"
	}
	var n yaml.Node
	// Alone on its line the scalar may read as something else than a scalar.
	if err := yaml.Unmarshal([]byte("- "+value), &n); err != nil || len(n.Content) != 1 || len(n.Content[0].Content) != 1 {
		p.giveUp()
	}
	item := n.Content[0].Content[0]
	if item.Kind != yaml.ScalarNode || item.Value != value || item.Style != 0 {
		p.giveUp()
	}
	return item.Tag
}

func isSmallInteger(s string) bool {
	if s[0] == '-' {
		s = s[1:]
	}
	if s == "" || len(s) > 18 || s[0] == '0' && len(s) > 1 {
		return false
	}
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return true
}

// text reads a block scalar: | keeps the lines, > folds them.
func (p *plain) text(parent int) *yaml.Node {
	n := p.here(yaml.ScalarNode)
	n.Tag = "!!str"
	line := p.line()
	folded := line[p.c] == '>'
	n.Style = yaml.LiteralStyle
	if folded {
		n.Style = yaml.FoldedStyle
	}
	header := strings.TrimRight(line[p.c+1:], " ")
	if header != "" && header != "-" {
		p.giveUp()
	}
	start := p.i + 1
	indent := -1
	end := start
	for ; end < p.stop; end++ {
		l := p.lines[end]
		own := len(l) - len(strings.TrimLeft(l, " "))
		if own == len(l) {
			if own > 0 {
				p.giveUp() // a blank line with spaces
			}
			continue
		}
		if indent < 0 {
			if own <= parent {
				break
			}
			indent = own
		}
		if own < indent {
			if own > parent {
				p.giveUp()
			}
			break
		}
		if folded && own > indent {
			p.giveUp() // lines that are not folded
		}
	}
	if indent < 0 || p.lines[start] == "" {
		p.giveUp()
	}
	last := end - 1
	for p.lines[last] == "" {
		last--
	}
	var b strings.Builder
	for i := start; i <= last; i++ {
		l := p.lines[i]
		if l == "" {
			b.WriteByte('\n')
			continue
		}
		b.WriteString(l[indent:])
		switch {
		case i == last:
		case !folded:
			b.WriteByte('\n')
		case p.lines[i+1] != "":
			b.WriteByte(' ')
		}
	}
	// Without a line break at its end, the last line of a file ends the text as
	// well: the library then adds none.
	if header == "" && end <= len(p.lines) && last+1 < len(p.lines) {
		b.WriteByte('\n')
	}
	n.Value = b.String()
	p.next(end - 1)
	return n
}
