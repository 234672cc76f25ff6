package specs

import (
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/roadworthy-project/roadworthy/specs/payload"
)

// answer makes the template of a response body out of an item or a list, both
// given as expressions (one of them is ""). ok is false when no valid body can be
// made; the template is nil when no body is described.
func (w *behaviourWriter) answer(at *payload.Node, item, items string) (body *yaml.Node, ok bool) {
	if at == nil {
		return nil, true
	}
	if w.doc.follow(at) == nil {
		return nil, false
	}
	t := w.member(at, item, items)
	if t == nil {
		t = w.wrapped(at, item, items)
	}
	if t == nil {
		t = w.doc.filler(at, 0)
	}
	return t, t != nil
}

// member gives the item or the list where the schema is that of one.
func (w *behaviourWriter) member(at *payload.Node, item, items string) *yaml.Node {
	switch {
	case item != "" && w.doc.same(at, w.col.schema):
		return yamlText("${" + item + "}")
	case items != "" && w.doc.typeOf(at) == "array":
		inner := w.doc.follow(at).Member("items")
		if inner == nil || w.doc.same(inner, w.col.schema) {
			return yamlText("${" + items + "}")
		}
		if t := w.projected(inner, "it"); t != nil {
			t.Content = append([]*yaml.Node{yamlKey("$each"), yamlKey(items)}, t.Content...)
			return t
		}
	case item != "" && w.doc.typeOf(at) == "object":
		return w.projected(at, item)
	}
	return nil
}

// projected takes from an item the members that another schema knows too; nil if
// the schema does not show the same thing.
func (w *behaviourWriter) projected(at *payload.Node, item string) *yaml.Node {
	if w.doc.typeOf(at) != "object" {
		return nil
	}
	whole, part := w.doc.objectOf(w.col.schema), w.doc.objectOf(at)
	t := yamlMap()
	shared := 0
	for _, m := range part.members {
		same := whole.member(m.name)
		if same != nil && w.doc.typeOf(same) == w.doc.typeOf(m.at) {
			shared++
			put(t, templateKey(m.name)+"?", yamlText("${"+item+"["+quote(m.name)+"]}"))
			continue
		}
		if part.required[m.name] {
			filled := w.doc.filler(m.at, 1)
			if filled == nil {
				return nil
			}
			put(t, templateKey(m.name), filled)
		}
	}
	if shared == 0 || w.col.idName != "" && part.member(w.col.idName) == nil {
		return nil
	}
	return t
}

// wrapped makes an envelope: {"data": item}, {"items": […], "total": 3}.
func (w *behaviourWriter) wrapped(at *payload.Node, item, items string) *yaml.Node {
	if w.doc.typeOf(at) != "object" {
		return nil
	}
	model := w.doc.objectOf(at)
	t := yamlMap()
	found := false
	for _, m := range model.members {
		var value *yaml.Node
		if !found {
			if value = w.member(m.at, item, items); value != nil {
				found = true
			}
		}
		if value == nil && items != "" {
			switch strings.ToLower(m.name) {
			case "total", "count", "totalcount", "total_count", "size", "totalelements", "totalitems":
				if kind := w.doc.typeOf(m.at); kind == "integer" || kind == "number" {
					value = yamlText("${size(" + items + ")}")
				}
			}
		}
		if value == nil && model.required[m.name] {
			if value = w.doc.filler(m.at, 1); value == nil {
				return nil
			}
		}
		if value != nil {
			put(t, templateKey(m.name), value)
		}
	}
	if !found {
		return nil
	}
	return t
}

// fillers is a CEL map with what an item needs and a request does not have to
// bring; ok is false when some of it cannot be made.
func (w *behaviourWriter) fillers(sent *payload.Node) (string, bool) {
	return w.needed(sent, func(name, value string) string { return "default(request.body[" + quote(name) + "], " + value + ")" })
}

// kept is the same for a replacement: what only the server sets stays as it was.
func (w *behaviourWriter) kept(sent *payload.Node) (string, bool) {
	return w.needed(sent, func(name, value string) string {
		return "default(request.body[" + quote(name) + "], default(" + w.storedBody() + "[" + quote(name) + "], " + value + "))"
	})
}

func (w *behaviourWriter) needed(sent *payload.Node, value func(name, value string) string) (string, bool) {
	model, request := w.doc.objectOf(w.col.schema), w.doc.objectOf(sent)
	var parts []string
	for _, m := range model.members {
		if m.name == w.col.idName {
			continue
		}
		serverSets := request.member(m.name) == nil || text(m.at, "readOnly") == "true"
		if !model.required[m.name] && !(serverSets && w.clock(m)) || request.required[m.name] && !serverSets {
			continue
		}
		t := w.doc.filler(m.at, 1)
		if t == nil {
			if model.required[m.name] {
				return "", false
			}
			continue
		}
		parts = append(parts, quote(m.name)+": "+value(m.name, celOf(t)))
	}
	return "{" + strings.Join(parts, ", ") + "}", true
}

// clock tells the members that say when: a server sets them though they are not
// required.
func (w *behaviourWriter) clock(m modelMember) bool {
	return text(m.at, "format") == "date-time" && text(m.at, "readOnly") == "true"
}

// celOf writes a template made by filler as a CEL expression. All parts are dyn,
// since CEL wants one type in a list or map.
func celOf(t *yaml.Node) string {
	switch t.Kind {
	case yaml.MappingNode:
		var parts []string
		for i := 0; i+1 < len(t.Content); i += 2 {
			name := t.Content[i].Value
			if strings.HasPrefix(name, "$$") {
				name = name[1:]
			}
			parts = append(parts, quote(name)+": "+celOf(t.Content[i+1]))
		}
		return "dyn({" + strings.Join(parts, ", ") + "})"
	case yaml.SequenceNode:
		var parts []string
		for _, item := range t.Content {
			parts = append(parts, celOf(item))
		}
		return "dyn([" + strings.Join(parts, ", ") + "])"
	}
	switch {
	case t.Tag != "!!str":
		return "dyn(" + t.Value + ")"
	case strings.HasPrefix(t.Value, "${") && strings.HasSuffix(t.Value, "}"):
		return "dyn(" + t.Value[2:len(t.Value)-1] + ")"
	}
	return "dyn(" + quote(strings.ReplaceAll(t.Value, "$${", "${")) + ")"
}
