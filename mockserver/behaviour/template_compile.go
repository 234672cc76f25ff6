package behaviour

import (
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/roadworthy-project/roadworthy/specs/payload"
)

// template compiles a YAML node. xml tells that the result becomes an XML body.
func (c *compiler) template(y *yaml.Node, xml bool) template {
	if y.Kind == yaml.AliasNode {
		y = y.Alias
	}
	switch y.Kind {
	case yaml.MappingNode:
		return c.object(y, xml)
	case yaml.SequenceNode:
		t := sequence{}
		for _, item := range y.Content {
			t.items = append(t.items, c.template(item, xml))
		}
		return t
	case yaml.ScalarNode:
		if y.ShortTag() == "!!str" && strings.Contains(y.Value, "${") {
			return c.textTemplate(y.Value, y.Line)
		}
		n, err := payload.FromYAML(y)
		if err != nil {
			c.problem(y.Line, "in a template: %v", err)
			break
		}
		n.Value = strings.ReplaceAll(n.Value, "$${", "${")
		return constant{n}
	}
	return constant{&payload.Node{Kind: payload.Null, Value: "null"}}
}

// textTemplate compiles a string that may hold ${expressions}.
func (c *compiler) textTemplate(s string, line int) template {
	parts := c.parts(s, line)
	if len(parts) == 1 && parts[0].text == "" && parts[0].expr != nil {
		return typed{parts[0].expr}
	}
	return mixed{parts}
}

func (c *compiler) text(s string, line int) mixed { return mixed{c.parts(s, line)} }

// parts cuts a string into text and expressions. "$${" is a literal "${".
func (c *compiler) parts(s string, line int) []textPart {
	var parts []textPart
	var plain strings.Builder
	for s != "" {
		at := strings.Index(s, "${")
		if at < 0 {
			plain.WriteString(s)
			break
		}
		if at > 0 && s[at-1] == '$' {
			plain.WriteString(s[:at-1] + "${")
			s = s[at+2:]
			continue
		}
		plain.WriteString(s[:at])
		end := closingBrace(s[at+2:])
		if end < 0 {
			c.problem(line, "%q: the ${ has no closing brace", s)
			return nil
		}
		parts = append(parts, textPart{text: plain.String(), expr: c.expression(s[at+2:at+2+end], line)})
		plain.Reset()
		s = s[at+3+end:]
	}
	if plain.Len() > 0 {
		parts = append(parts, textPart{text: plain.String()})
	}
	return parts
}

// closingBrace finds the brace that ends an expression; braces of maps and
// those inside quotes do not count.
func closingBrace(s string) int {
	depth := 0
	var quote byte
	for i := 0; i < len(s); i++ {
		switch ch := s[i]; {
		case quote != 0:
			if ch == '\\' {
				i++
			} else if ch == quote {
				quote = 0
			}
		case ch == '\'' || ch == '"':
			quote = ch
		case ch == '{':
			depth++
		case ch == '}':
			if depth == 0 {
				return i
			}
			depth--
		}
	}
	return -1
}

// object compiles a mapping, with the keys that begin with $ taken out.
func (c *compiler) object(y *yaml.Node, xml bool) template {
	var cond, over *expression
	var merge, mapped *yaml.Node
	as := "it"
	t := object{sparse: xml}
	for i := 0; i+1 < len(y.Content); i += 2 {
		if y.Content[i].Value == "$as" {
			as = y.Content[i+1].Value
		}
	}
	for i := 0; i+1 < len(y.Content); i += 2 {
		key, value := y.Content[i], y.Content[i+1]
		switch key.Value {
		case "$as":
		case "$if":
			cond = c.bare(value)
		case "$each":
			over = c.bare(value)
		case "$merge":
			merge = value
		case "$map":
			mapped = value
		default:
			if strings.HasPrefix(key.Value, "$") && !strings.HasPrefix(key.Value, "${") && isDirective(key.Value) {
				c.problem(key.Line, "unknown template key %q; expected $each, $as, $if, $merge or $map (write $$ for a name that begins with $)", key.Value)
				continue
			}
			name := strings.TrimPrefix(key.Value, "$$")
			if name != key.Value {
				name = "$" + name
			}
			optional := strings.HasSuffix(name, "?")
			t.members = append(t.members, member{strings.TrimSuffix(name, "?"), optional, c.template(value, xml)})
		}
	}
	switch {
	case merge != nil:
		if merge.Kind != yaml.SequenceNode || len(merge.Content) == 0 || len(t.members) > 0 {
			c.problem(merge.Line, "$merge takes a list of values and stands alone (beside $if at most)")
			return t
		}
		p := patched{cond: cond}
		for _, part := range merge.Content {
			p.parts = append(p.parts, c.template(part, xml))
		}
		return c.looped(over, as, p)
	case mapped != nil:
		return c.mapping(mapped, xml)
	}
	t.cond, t.inOrder = cond, xml && inXMLOrder(t.members)
	return c.looped(over, as, t)
}

// isDirective tells "$each" from names that only happen to begin with a dollar
// sign, such as "$ref".
func isDirective(key string) bool {
	for _, known := range []string{"$each", "$as", "$if", "$merge", "$map"} {
		if strings.EqualFold(key, known) || strings.HasPrefix(key, known) || strings.HasPrefix(known, key) {
			return true
		}
	}
	return false
}

func (c *compiler) looped(over *expression, as string, body template) template {
	if over == nil {
		return body
	}
	return loop{over, c.scope.slot(as), body}
}

func (c *compiler) mapping(y *yaml.Node, xml bool) template {
	t := mapping{slot: c.scope.slot("it")}
	if y.Kind != yaml.MappingNode {
		c.problem(y.Line, "$map takes each, as, key and value")
		return t
	}
	for i := 0; i+1 < len(y.Content); i += 2 {
		key, value := y.Content[i], y.Content[i+1]
		switch key.Value {
		case "each":
			t.over = c.bare(value)
		case "as":
			t.slot = c.scope.slot(value.Value)
		case "key":
			t.key = c.text(value.Value, value.Line)
		case "value":
			t.value = c.template(value, xml)
		default:
			c.problem(key.Line, "unknown key %q in $map; expected each, as, key or value", key.Value)
		}
	}
	if t.over == nil || len(t.key.parts) == 0 || t.value == nil {
		c.problem(y.Line, "$map needs each, key and value")
	}
	return t
}

// bare compiles an expression that may be written with or without ${}.
func (c *compiler) bare(y *yaml.Node) *expression {
	s := strings.TrimSpace(y.Value)
	if strings.HasPrefix(s, "${") && closingBrace(s[2:]) == len(s)-3 {
		s = s[2 : len(s)-1]
	}
	return c.expression(s, y.Line)
}

// loopNames collects the variables that the templates below a node introduce.
func loopNames(y *yaml.Node, add func(string)) {
	if y == nil {
		return
	}
	if y.Kind == yaml.MappingNode {
		for i := 0; i+1 < len(y.Content); i += 2 {
			switch y.Content[i].Value {
			case "$each", "$map":
				add("it")
			case "$as", "as":
				if y.Content[i+1].Kind == yaml.ScalarNode {
					add(y.Content[i+1].Value)
				}
			}
		}
	}
	for _, child := range y.Content {
		loopNames(child, add)
	}
}
