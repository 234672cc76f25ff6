package schema

import (
	"bytes"
	"encoding/xml"
	"io"
	"slices"
	"strings"

	"github.com/roadworthy-project/roadworthy/specs/payload"
)

// The namespaces that every schema knows.
const (
	xsdSpace = "http://www.w3.org/2001/XMLSchema"
	xmlSpace = "http://www.w3.org/XML/1998/namespace"
)

// xmlAttributes declares the attributes of XML itself, which nobody should need to
// fetch.
const xmlAttributes = `<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" targetNamespace="http://www.w3.org/XML/1998/namespace">
<xs:attribute name="lang"><xs:simpleType><xs:union memberTypes="xs:language"><xs:simpleType><xs:restriction base="xs:string"><xs:enumeration value=""/></xs:restriction></xs:simpleType></xs:union></xs:simpleType></xs:attribute>
<xs:attribute name="space"><xs:simpleType><xs:restriction base="xs:NCName"><xs:enumeration value="default"/><xs:enumeration value="preserve"/></xs:restriction></xs:simpleType></xs:attribute>
<xs:attribute name="base" type="xs:anyURI"/>
<xs:attribute name="id" type="xs:ID"/>
<xs:attributeGroup name="specialAttrs"><xs:attribute ref="xml:base"/><xs:attribute ref="xml:lang"/><xs:attribute ref="xml:space"/><xs:attribute ref="xml:id"/></xs:attributeGroup>
</xs:schema>`

// spaceMark is the attribute, of no schema, in which a declaration of the tree says the
// namespace that what it declares is in.
const spaceMark = "{space}"

// tree reads a file that libxml2 has accepted into a tree in which every name is
// written out: {namespace}local. Lines count on from those of the files before it.
func (s *xsdSource) tree() *payload.Node {
	d := xml.NewDecoder(bytes.NewReader(s.text))
	d.CharsetReader = func(_ string, in io.Reader) (io.Reader, error) { return in, nil }
	var root *payload.Node
	var open []*payload.Node
	scopes := []map[string]string{{"xml": xmlSpace}}
	line, counted := s.first+1, 0
	for {
		from := int(d.InputOffset())
		token, err := d.Token()
		if err != nil {
			return root
		}
		switch t := token.(type) {
		case xml.StartElement:
			line += bytes.Count(s.text[counted:from], []byte("\n"))
			counted = from
			scope := within(scopes[len(scopes)-1], t)
			scopes = append(scopes, scope)
			n := &payload.Node{Kind: payload.Element, Name: t.Name.Local, Line: int32(line)} //nolint:gosec // lines of a file
			s.attributes(n, t, scope, len(open))
			if len(open) == 0 {
				root = n
			} else {
				open[len(open)-1].Append(n)
			}
			open = append(open, n)
		case xml.EndElement:
			open, scopes = open[:len(open)-1], scopes[:len(scopes)-1]
		case xml.CharData:
			if len(open) > 0 {
				open[len(open)-1].Value += string(t)
			}
		}
	}
}

func within(scope map[string]string, t xml.StartElement) map[string]string {
	own := scope
	for _, a := range t.Attr {
		prefix := ""
		if a.Name.Space == "xmlns" {
			prefix = a.Name.Local
		} else if a.Name.Space != "" || a.Name.Local != "xmlns" {
			continue
		}
		if len(own) == len(scope) {
			own = map[string]string{}
			for k, v := range scope {
				own[k] = v
			}
		}
		own[prefix] = a.Value
	}
	return own
}

func (s *xsdSource) attributes(n *payload.Node, t xml.StartElement, scope map[string]string, depth int) {
	for _, a := range t.Attr {
		if a.Name.Space != "" || a.Name.Local == "xmlns" {
			continue
		}
		value := a.Value
		if t.Name.Space == xsdSpace && slices.Contains([]string{"type", "ref", "base", "itemType", "memberTypes", "substitutionGroup", "refer"}, a.Name.Local) {
			names := strings.Fields(value)
			for i, name := range names {
				names[i] = s.resolve(name, scope)
			}
			value = strings.Join(names, " ")
		}
		n.Append(&payload.Node{Kind: payload.Attribute, Name: a.Name.Local, Value: value, Line: n.Line})
	}
	space := s.space
	if n.Name == "any" {
		n.Append(&payload.Node{Kind: payload.Attribute, Name: spaceMark, Value: space})
		return
	}
	if kind := n.Name; depth > 1 && (kind == "element" || kind == "attribute") {
		form := xsdAttr(n, "form")
		if form == "" {
			form = s.forms[kind]
		}
		if form != "qualified" {
			space = ""
		}
	}
	n.Append(&payload.Node{Kind: payload.Attribute, Name: spaceMark, Value: space})
}

// resolve writes a qualified name out.
func (s *xsdSource) resolve(name string, scope map[string]string) string {
	prefix, local, found := strings.Cut(name, ":")
	if !found {
		prefix, local = "", name
	}
	space := scope[prefix]
	if space == "" && s.target == "" {
		space = s.space // it takes the namespace of who includes it
	}
	return written(space, local)
}

func written(space, local string) string { return "{" + space + "}" + local }

// splitName takes a name that is written out apart.
func splitName(name string) (space, local string) {
	if i := strings.LastIndexByte(name, '}'); i >= 0 && name[0] == '{' {
		return name[1:i], name[i+1:]
	}
	return "", name
}
