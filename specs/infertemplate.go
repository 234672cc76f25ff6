package specs

import (
	"math"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/roadworthy-project/roadworthy/specs/payload"
)

// The pieces that templates are built from.

func yamlText(s string) *yaml.Node {
	return &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: s, Style: yaml.DoubleQuotedStyle}
}

func yamlKey(s string) *yaml.Node { return &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: s} }

func yamlNumber(s string) *yaml.Node {
	tag := "!!int"
	if strings.ContainsAny(s, ".eE") {
		tag = "!!float"
	}
	return &yaml.Node{Kind: yaml.ScalarNode, Tag: tag, Value: s}
}

func yamlMap() *yaml.Node { return &yaml.Node{Kind: yaml.MappingNode, Tag: "!!map"} }

func yamlList(items ...*yaml.Node) *yaml.Node {
	return &yaml.Node{Kind: yaml.SequenceNode, Tag: "!!seq", Content: items}
}

func put(m *yaml.Node, key string, value *yaml.Node) {
	m.Content = append(m.Content, yamlKey(key), value)
}

// templateKey escapes a member name that a template would read as its own.
func templateKey(name string) string {
	if strings.HasPrefix(name, "$") {
		name = "$" + name
	}
	return name
}

// literal writes a JSON value as a template that gives just that value.
func literal(n *payload.Node) *yaml.Node {
	switch n.Kind {
	case payload.Object:
		m := yamlMap()
		for c := range n.Children() {
			put(m, templateKey(c.Name), literal(c))
		}
		return m
	case payload.Array:
		list := yamlList()
		for c := range n.Children() {
			list.Content = append(list.Content, literal(c))
		}
		return list
	case payload.Number:
		return yamlNumber(n.Value)
	case payload.Bool:
		return &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!bool", Value: n.Value}
	case payload.Null:
		return &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!null", Value: "null"}
	}
	return yamlText(strings.ReplaceAll(n.Value, "${", "$${"))
}

// filler makes a template that gives a value which the schema accepts; nil when
// that cannot be told (a pattern without an example, too deep).
func (d *document) filler(at *payload.Node, depth int) *yaml.Node {
	room := 1000
	return d.fill(at, depth, &room)
}

// fill counts down the values that there is room for: schemas may require each
// other in ever more places.
func (d *document) fill(at *payload.Node, depth int, room *int) *yaml.Node {
	*room--
	if at == nil || depth > 6 || *room < 0 {
		return nil
	}
	if at = d.follow(at); at == nil {
		return nil
	}
	for _, keyword := range []string{"const", "default", "example"} {
		if n := at.Member(keyword); n != nil {
			return literal(n)
		}
	}
	for _, keyword := range []string{"enum", "examples"} {
		if n := at.Member(keyword); n != nil && n.Kind == payload.Array && n.First() != nil {
			return literal(n.First())
		}
	}
	switch d.typeOf(at) {
	case "object":
		m := yamlMap()
		model := d.objectOf(at)
		for _, member := range model.members {
			if model.required[member.name] {
				value := d.fill(member.at, depth+1, room)
				if value == nil {
					return nil
				}
				put(m, templateKey(member.name), value)
			}
		}
		return m
	case "array":
		list := yamlList()
		for range min(whole(at, "minItems", 0), 10) {
			item := d.fill(at.Member("items"), depth+1, room)
			if item == nil {
				return nil
			}
			list.Content = append(list.Content, item)
		}
		return list
	case "integer", "number":
		return yamlNumber(lowest(at))
	case "boolean":
		return literal(&payload.Node{Kind: payload.Bool, Value: "false"})
	case "null":
		return literal(&payload.Node{Kind: payload.Null, Value: "null"})
	case "string":
		return textFiller(at)
	}
	if list := firstOf(at, "oneOf", "anyOf", "allOf"); list != nil {
		return d.fill(list.First(), depth+1, room)
	}
	return yamlText("text")
}

func firstOf(at *payload.Node, keywords ...string) *payload.Node {
	for _, k := range keywords {
		if n := at.Member(k); n != nil && n.Kind == payload.Array && n.First() != nil {
			return n
		}
	}
	return nil
}

func textFiller(at *payload.Node) *yaml.Node {
	switch text(at, "format") {
	case "date-time":
		return yamlText("${now()}")
	case "date":
		return yamlText("${today()}")
	case "uuid":
		return yamlText("${uuid()}")
	case "email":
		return yamlText("someone@example.com")
	case "uri", "url", "uri-reference":
		return yamlText("https://example.com/")
	case "ipv4":
		return yamlText("192.0.2.1")
	case "ipv6":
		return yamlText("2001:db8::1")
	case "hostname":
		return yamlText("example.com")
	case "time":
		return yamlText("12:00:00Z")
	case "duration":
		return yamlText("PT1H")
	}
	if at.Member("pattern") != nil {
		return nil
	}
	value := "text"
	if least := whole(at, "minLength", 0); least > len(value) {
		value = strings.Repeat("x", min(least, 10_000))
	}
	if most := whole(at, "maxLength", math.MaxInt32); most < len(value) {
		value = value[:max(most, 0)]
	}
	return yamlText(value)
}

func whole(at *payload.Node, keyword string, otherwise int) int {
	if n := at.Member(keyword); n != nil {
		if v, err := strconv.Atoi(n.Value); err == nil {
			return v
		}
	}
	return otherwise
}

// lowest gives the smallest number a schema accepts that is not below zero where
// zero is allowed.
func lowest(at *payload.Node) string {
	minimum, exclusive := at.Member("minimum"), at.Member("exclusiveMinimum")
	value, err := 0.0, error(nil)
	switch {
	case exclusive != nil && exclusive.Kind == payload.Number:
		value, err = strconv.ParseFloat(exclusive.Value, 64)
		value++
	case minimum != nil:
		value, err = strconv.ParseFloat(minimum.Value, 64)
		if exclusive != nil && exclusive.Value == "true" {
			value++
		}
	}
	if err != nil || value < 0 {
		value = 0
	}
	if m := at.Member("maximum"); m != nil {
		if most, err := strconv.ParseFloat(m.Value, 64); err == nil && most < value {
			value = most
		}
	}
	return strconv.FormatFloat(value, 'f', -1, 64)
}
