package specs

import (
	"slices"
	"strings"

	"github.com/roadworthy-project/roadworthy/specs/schema"
)

// draft7 is the older JSON Schema that a document of OpenAPI 3.1 may choose.
const draft7 = "http://json-schema.org/draft-07/schema"

// dialect is the one that jsonSchemaDialect chooses for the schemas of a document.
func (d *document) dialect() schema.Dialect {
	if !d.v30 && strings.TrimSuffix(text(d.tree.Root, "jsonSchemaDialect"), "#") == draft7 {
		return schema.Draft7
	}
	return schema.DialectAuto
}

// readDialect tells a dialect that nothing is known of.
func (r *reader) readDialect() {
	n := r.doc.tree.Root.Member("jsonSchemaDialect")
	if n == nil {
		return
	}
	switch uri := strings.TrimSuffix(n.Value, "#"); {
	case r.doc.v30 || uri == draft7 || slices.Contains(schema.CurrentDialects(), uri):
	default:
		r.warn(n, "the dialect %s is not known; schemas are read as those of OpenAPI 3.1", quoted(n.Value))
	}
}
