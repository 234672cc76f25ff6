package drift

import (
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/oasdiff/oasdiff/diff"
)

func (t *translation) parameterOwn(at address, path string, param *diff.ParameterDiff) {
	was, is := param.Base, param.Revision
	if was == nil || is == nil {
		return
	}
	if a, b := mediaTypeOf(was), mediaTypeOf(is); a != b {
		t.own("parameter-content-changed", Request, at, path, was.Origin, is.Origin, "content", "the value of the parameter `%s` is %s now, %s before", is.Name, b, a)
		return
	}
	if a, b := writtenAs(was), writtenAs(is); a != b && a != "" && b != "" {
		t.own("parameter-style-changed", Request, at, path, was.Origin, is.Origin, "style", "the parameter `%s` is written `%s` now, `%s` before", is.Name, b, a)
	}
	t.schemaOwn(at, Request, path, param.SchemaDiff)
}

func mediaTypeOf(p *openapi3.Parameter) string {
	for kind := range p.Content {
		return kind // there is only one
	}
	return "plain text"
}

// writtenAs shows how a list or an object stands in a parameter; "" where it is
// neither.
func writtenAs(p *openapi3.Parameter) string {
	method, err := p.SerializationMethod()
	if err != nil || p.Schema == nil || p.Schema.Value == nil || p.Schema.Value.Type == nil {
		return ""
	}
	pairs := []string{"a", "b"}
	switch types := p.Schema.Value.Type; {
	case types.Includes(openapi3.TypeObject) && method.Explode:
		pairs = []string{"x=a", "y=b"}
	case types.Includes(openapi3.TypeObject):
		pairs = []string{"x", "a", "y", "b"}
	case !types.Includes(openapi3.TypeArray):
		pairs = pairs[:1]
	}
	named := func(start, between string) string {
		if method.Explode {
			if !p.Schema.Value.Type.Includes(openapi3.TypeObject) {
				for i := range pairs {
					pairs[i] = p.Name + "=" + pairs[i]
				}
			}
			return start + strings.Join(pairs, between)
		}
		return start + p.Name + "=" + strings.Join(pairs, ",")
	}
	switch method.Style {
	case openapi3.SerializationForm:
		return named("", "&")
	case openapi3.SerializationMatrix:
		return named(";", ";")
	case openapi3.SerializationLabel:
		if method.Explode {
			return "." + strings.Join(pairs, ".")
		}
		return "." + strings.Join(pairs, ",")
	case openapi3.SerializationSpaceDelimited:
		return p.Name + "=" + strings.Join(pairs, "%20")
	case openapi3.SerializationPipeDelimited:
		return p.Name + "=" + strings.Join(pairs, "|")
	case openapi3.SerializationDeepObject:
		return p.Name + "[x]=a&" + p.Name + "[y]=b"
	}
	return strings.Join(pairs, ",")
}
