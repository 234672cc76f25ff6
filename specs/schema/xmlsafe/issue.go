package xmlsafe

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/roadworthy-project/roadworthy/specs/payload"
)

// Code is the number that libxml2 gives an error, or one of the negative ones of
// this package.
type Code int

// Codes that a caller tells apart. The names follow the clauses of XML Schema
// Part 1 and 2.
const (
	CodeFailed  Code = -1 // validation could not be carried out
	CodeTooMany Code = -2 // more faults than are looked for

	CodeType           Code = 1824 // not a value of the atomic type
	CodeListType       Code = 1825
	CodeUnionType      Code = 1826
	CodeLength         Code = 1830
	CodeMinLength      Code = 1831
	CodeMaxLength      Code = 1832
	CodeMinInclusive   Code = 1833
	CodeMaxInclusive   Code = 1834
	CodeMinExclusive   Code = 1835
	CodeMaxExclusive   Code = 1836
	CodeTotalDigits    Code = 1837
	CodeFractionDigits Code = 1838
	CodePattern        Code = 1839
	CodeEnumeration    Code = 1840
	CodeNotEmpty       Code = 1841 // content in an element that must be empty
	CodeChildren       Code = 1842 // child elements where there must be only text
	CodeText           Code = 1843 // text between child elements
	CodeAbstract       Code = 1846 // the element itself is abstract
	CodeRoot           Code = 1845 // no such root element
	CodeNotNillable    Code = 1847
	CodeFixedElement   Code = 1858
	CodeUnknownAttr    Code = 1866
	CodeMissingAttr    Code = 1868
	CodeContent        Code = 1871 // a child that is not expected, or one that is missing
	CodeFixedAttr      Code = 1874
	CodeAbstractType   Code = 1876 // the type of the element is abstract, and xsi:type names no other
	CodeConstraint     Code = 1877 // xs:unique, xs:key, xs:keyref
)

// Issue is one fault of a body against its schema. It never holds the text of
// libxml2, which quotes values, passwords among them.
type Issue struct {
	Code Code
	Path string // XPath of Node; see [Schema.Check]
	Line int    // in the body, from 1; 0 if unknown
	// Node is the element; for a missing child its parent.
	Node *payload.Node
	// Attr is the attribute that the issue is about, "" for the element itself.
	Attr string
	// Value is the value found wrong, [Masked] where it is a secret.
	Value string
	// Missing tells, for CodeContent, that the content ended too early.
	Missing bool
	// Expected lists the element names that libxml2 would have accepted, for
	// CodeContent. It leaves out all but the first ten.
	Expected []string
	// Constraint is the name of the xs:unique, xs:key or xs:keyref.
	Constraint string
	// Namespace is the namespace that Node is in, as far as libxml2 tells: for
	// CodeRoot and CodeContent.
	Namespace string
}

// Masked stands for a secret value.
const Masked = "***"

// Secret reports whether the value of an element or attribute of that name must
// not be shown.
func Secret(name string) bool {
	switch strings.ToLower(name) {
	case "password", "passwd", "pwd", "secret", "login", "token", "apikey", "api-key":
		return true
	}
	return false
}

// Parent gives the element whose other children libxml2 did not look at because
// of this issue: the parent of an unexpected child; nil if there is none.
func (i Issue) Parent() *payload.Node {
	if i.Node == nil || i.Code != CodeContent || i.Missing {
		return nil
	}
	return i.Node.Parent()
}

func (i Issue) String() string {
	where := i.Path
	if i.Attr != "" {
		where += "/@" + i.Attr
	}
	switch i.Code {
	case CodeFailed:
		return "the body could not be validated"
	case CodeTooMany:
		return "more faults than are looked for"
	case CodeContent:
		if i.Missing {
			return fmt.Sprintf("%s ends too early: expected %s", where, strings.Join(i.Expected, " or "))
		}
		if len(i.Expected) == 0 {
			return where + " is not expected"
		}
		return fmt.Sprintf("%s is not expected here: expected %s", where, strings.Join(i.Expected, " or "))
	case CodeMissingAttr:
		return where + " is missing"
	case CodeUnknownAttr:
		return where + " is not declared"
	case CodeText:
		return where + " has text between its child elements"
	case CodeRoot:
		return where + " is not a root element of the schema"
	case CodeConstraint:
		return fmt.Sprintf("%s breaks the constraint %s", where, i.Constraint)
	}
	return fmt.Sprintf("%s has a value that the schema does not allow: %q (rule %d)", where, i.Value, int(i.Code))
}

type issueKey struct {
	code    Code
	node    *payload.Node
	attr    string
	missing bool
}

func (i Issue) key() issueKey { return issueKey{i.Code, i.Node, i.Attr, i.Missing} }

// The texts of libxml2 are not translated, and an XML name cannot hold a quote,
// so what stands before the first value can be read safely.
var (
	subject = regexp.MustCompile(`^(?s:Element '(?:\{([^'}]*)\})?[^'{}]+'(?:, attribute '(?:\{([^'}]*)\})?([^'{}]+)')?: )`)
	named   = regexp.MustCompile(`^Element '(?:\{[^'}]*\})?([^'{}]+)': No match found for key-sequence (?s:(\[.*\])) of keyref`)
	quoted  = regexp.MustCompile(`'([^']*)'`)
	wanted  = regexp.MustCompile(`Expected is (?:one of )?\( (.*) \)\.\s*$`)
)

// issues gives what the last validation found, without what libxml2 says twice.
func (r *run) issues() []Issue {
	raws := r.raws()
	out := make([]Issue, 0, len(raws))
	for _, e := range raws {
		// A constraint cannot be evaluated where a value is wrong; that value
		// has its own error. A placeholder is not part of the body.
		if !r.repaired && e.node < 0 && Code(e.code) == CodeConstraint {
			e.node = r.locate(e)
		}
		if e.warning || e.node < 0 || e.node >= len(r.nodes) ||
			Code(e.code) == CodeConstraint && strings.Contains(e.message, "No precomputed value available") {
			continue
		}
		i := Issue{Code: canonical(e.code), Node: &r.nodes[e.node]}
		if i.Node.Kind == payload.Attribute {
			i.Attr = withoutNamespace(i.Node.Name)
			i.Node = i.Node.Parent()
		}
		i.Line = int(i.Node.Line)
		i.explain(e)
		out = append(out, i)
	}
	return out
}

// instance is the namespace of xsi:type and xsi:nil.
const instance = "http://www.w3.org/2001/XMLSchema-instance"

// locate finds the element of a broken xs:keyref, of which libxml2 tells the name, the
// line and the values; -1 for none.
func (r *run) locate(e raw) int {
	m := named.FindStringSubmatch(e.message)
	if m == nil {
		return -1
	}
	found := -1
	for i := range r.nodes {
		n := &r.nodes[i]
		if n.Kind != payload.Element || n.Name != m[1] || int(n.Line) != e.line && e.line < 65535 {
			continue
		}
		if found < 0 || holds(n, m[2]) {
			found = i
		}
		if holds(n, m[2]) {
			break
		}
	}
	return found
}

// holds tells whether an element, or what lies in it, has one of the values of a key.
func holds(n *payload.Node, key string) bool {
	if n.Value != "" && strings.Contains(key, "'"+strings.TrimSpace(n.Value)+"'") {
		return true
	}
	for c := range n.Children() {
		if holds(c, key) {
			return true
		}
	}
	return false
}

// canonical joins the codes that name one fault in elements of simple and of
// complex type.
func canonical(code int) Code {
	switch code {
	case 1827:
		return CodeUnknownAttr
	case 1828:
		return CodeChildren
	}
	return Code(code)
}

func withoutNamespace(name string) string {
	return name[strings.LastIndexByte(name, '}')+1:]
}

func (i *Issue) explain(e raw) {
	if m := subject.FindStringSubmatch(e.message); m != nil {
		i.Namespace, i.Attr = m[1], max(i.Attr, m[3])
		if m[2] == instance && !strings.HasPrefix(i.Attr, "xsi:") {
			i.Attr = "xsi:" + i.Attr
		}
	}
	switch i.Code {
	case CodeContent:
		i.Missing = strings.Contains(e.message, "Missing child element")
		if m := wanted.FindStringSubmatch(e.message); m != nil {
			for name := range strings.SplitSeq(m[1], ", ") {
				i.Expected = append(i.Expected, withoutNamespace(name))
			}
		}
		return
	case CodeMissingAttr:
		i.Attr, i.Namespace = withoutNamespace(e.str1), ""
		return
	case CodeUnknownAttr:
		if i.Attr == "" {
			i.Attr = withoutNamespace(e.str1)
		}
	case CodeConstraint:
		if i.Constraint = e.str2; named.MatchString(e.message) {
			i.Constraint = withoutNamespace(strings.TrimSuffix(e.message[strings.LastIndex(e.message, "of keyref '")+len("of keyref '"):], "'.\n"))
			return
		}
		if m := quoted.FindStringSubmatch(e.str2); m != nil {
			i.Constraint = m[1]
		}
		return
	}
	if i.Code != CodeRoot {
		i.Namespace = ""
	}
	name, value := i.Node.Name, i.Node.Value
	if i.Attr != "" {
		name, value = i.Attr, ""
		if a := i.Node.Attr(i.Attr); a != nil {
			value = a.Value
		}
	}
	if i.Value = value; Secret(name) {
		i.Value = Masked
	}
}
