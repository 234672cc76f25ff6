package specs

import "github.com/roadworthy-project/roadworthy/specs/payload"

// Described gives the media type object of the OpenAPI document that the media
// type was read from, with "schema", "example" and "examples"; nil if there is
// none. References in it begin with "#/" and mean places of the tree whose root
// is reached by way of Parent. It is shared: nobody may change it.
func (m *Media) Described() *payload.Node { return m.node }
