package pattern

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/theory/jsonpath"

	"github.com/roadworthy-project/roadworthy/specs/payload"
)

// json adds equalToJson and matchesJsonPath.
func (m Matcher) json(c *compiled, part string) error {
	if len(m.EqualToJSON) > 0 {
		text := m.EqualToJSON
		var inText string
		if json.Unmarshal(text, &inText) == nil {
			text = []byte(inText)
		}
		want, err := payload.ParseJSON(text, payload.JSONLimits{})
		if err != nil {
			return wrong(part, "equalToJson: "+err.Error())
		}
		c.tests = append(c.tests, func(v *value) []string {
			got, err := v.asJSON()
			if err != nil {
				return []string{"expected JSON: " + err.Error()}
			}
			return m.diff(want.Root, got.Root)
		})
	}
	if len(m.MatchesJSONPath) == 0 {
		return nil
	}
	expr, sub, err := expression(m.MatchesJSONPath, part, "matchesJsonPath")
	if err != nil {
		return err
	}
	path, err := jsonpath.Parse(expr)
	if err != nil {
		return wrong(part, "matchesJsonPath "+quoted(expr)+": "+err.Error())
	}
	c.tests = append(c.tests, func(v *value) []string {
		got, err := v.asJSON()
		if err != nil {
			return []string{"expected JSON: " + err.Error()}
		}
		var values []string
		for _, found := range path.Select(plain(got.Root)) {
			values = append(values, textOf(found))
		}
		return found(expr, values, sub)
	})
	return nil
}

// expression reads a path: a text, or an object with the path and a matcher.
func expression(raw json.RawMessage, part, name string) (string, *compiled, error) {
	var plain string
	if json.Unmarshal(raw, &plain) == nil {
		return plain, nil, nil
	}
	var whole struct {
		Expression string `json:"expression"`
		Matcher
	}
	dec := json.NewDecoder(bytes.NewReader(raw))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&whole); err != nil || whole.Expression == "" {
		return "", nil, wrong(part, name+`: expected an expression, or {"expression": …} with a matcher`)
	}
	sub, err := whole.Matcher.compile(part + " " + whole.Expression)
	return whole.Expression, sub, err
}

// found holds what an expression found against the matcher, if there is one.
func found(expr string, values []string, sub *compiled) []string {
	if sub == nil {
		if len(values) == 0 {
			return []string{expr + " finds nothing"}
		}
		return nil
	}
	var why []string
	for _, w := range sub.any(values) {
		why = append(why, expr+": "+w)
	}
	return why
}

// plain gives the value with numbers as they were written, so that 1.10 is found as it is.
func plain(n *payload.Node) any {
	switch n.Kind {
	case payload.Number:
		return json.Number(n.Value)
	case payload.Array:
		list := []any{}
		for c := range n.Children() {
			list = append(list, plain(c))
		}
		return list
	case payload.Object:
		m := map[string]any{}
		for c := range n.Children() {
			m[c.Name] = plain(c)
		}
		return m
	}
	return n.Go()
}

// textOf writes a value as the text that a matcher sees: a scalar as it is, all else
// as JSON.
func textOf(v any) string {
	switch v := v.(type) {
	case string:
		return v
	case json.Number:
		return v.String()
	}
	text, err := json.Marshal(v)
	if err != nil {
		return fmt.Sprint(v)
	}
	return string(text)
}

// field is a matcher of one field of a body.
func (m Matcher) field(part string) (*compiled, error) {
	at := *m.At
	rest := m
	rest.At = nil
	sub, err := rest.compile(part + " " + at)
	if err != nil {
		return nil, err
	}
	if at != "" && !strings.HasPrefix(at, "/") {
		return nil, wrong(part, "at: expected a JSON Pointer or a path in XML, which begin with /, found "+quoted(at))
	}
	return &compiled{mayMiss: true, tests: []func(*value) []string{func(v *value) []string {
		field := value{}
		if tree := treeOf(v); tree != nil {
			if n := tree.At(at); n != nil {
				field = value{text: fieldText(n), there: true}
			}
		}
		var why []string
		for _, w := range sub.one(&field) {
			why = append(why, at+": "+w)
		}
		return why
	}}}, nil
}

// treeOf reads a body as what it looks like; nil when it is neither.
func treeOf(v *value) *payload.Tree {
	var tree *payload.Tree
	if strings.HasPrefix(strings.TrimSpace(v.text), "<") {
		tree, _ = v.asXML()
	} else {
		tree, _ = v.asJSON()
	}
	return tree
}

func fieldText(n *payload.Node) string {
	if n.IsScalar() || n.Kind == payload.Element || n.Kind == payload.Attribute {
		return n.Value
	}
	return string(n.JSON())
}
