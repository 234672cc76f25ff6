package specs

import (
	"strings"

	"github.com/roadworthy-project/roadworthy/specs/payload"
	"github.com/roadworthy-project/roadworthy/specs/schema"
)

// Described gives the media type object of the OpenAPI document that the media
// type was read from, with "schema", "example" and "examples"; nil if there is
// none. References in it begin with "#/" and mean places of the tree whose root
// is reached by way of Parent. It is shared: nobody may change it.
func (m *Media) Described() *payload.Node { return m.node }

// Inferred reports whether no source documents a field of the body: the schema marks
// it, or what it lies in, as inferred. The path is a JSON Pointer or an XPath, with or
// without indexes; a field that the schema does not describe is not inferred.
func (m *Media) Inferred(path string) bool {
	if m.inferred != nil {
		return m.inferred(path)
	}
	if m.node == nil || m.follow == nil || m.Format != payload.JSON {
		return false
	}
	n := m.node.Member("schema")
	for rest := strings.TrimPrefix(path, "/"); ; {
		if n = m.follow(n); n == nil {
			return false
		}
		if b := n.Member("x-basis"); b != nil && b.Value == schema.BasisInferred {
			return true
		}
		if rest == "" {
			return false
		}
		var token string
		token, rest, _ = strings.Cut(rest, "/")
		if items := n.Member("items"); items != nil && n.Member("properties") == nil {
			n = items
		} else {
			n = memberSchema(m.follow, n, payload.UnescapePointer(token))
		}
		if n == nil {
			return false
		}
	}
}

// memberSchema finds the schema of a member, in allOf too.
func memberSchema(follow func(*payload.Node) *payload.Node, n *payload.Node, name string) *payload.Node {
	if all := n.Member("properties"); all != nil {
		if found := all.Member(name); found != nil {
			return found
		}
	}
	if parts := n.Member("allOf"); parts != nil {
		for part := range parts.Children() {
			if at := follow(part); at != nil {
				if found := memberSchema(follow, at, name); found != nil {
					return found
				}
			}
		}
	}
	return nil
}
