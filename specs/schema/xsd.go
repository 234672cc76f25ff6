package schema

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/roadworthy-project/roadworthy/specs/payload"
	"github.com/roadworthy-project/roadworthy/specs/schema/xmlsafe"
)

// XSD is a compiled XML Schema (1.0). It is safe for concurrent use
// and is meant to live as long as the program: it cannot be freed.
type XSD struct {
	compiled *xmlsafe.Schema
	model    *xsdModel
	included []string
}

// CompileXSD compiles a schema of one file. The name, a file name, appears in errors and in
// [Violation.Schema]. The error lists every fault of the schema with its line.
func CompileXSD(name string, source []byte) (*XSD, error) {
	return XSDFiles{Read: func(file string) ([]byte, error) {
		if file == name {
			return source, nil
		}
		return nil, errors.New("the schema was given as one text, without the files beside it")
	}}.CompileFiles(name)
}

// Roots lists the global elements, sorted.
func (x *XSD) Roots() []string {
	return slices.Sorted(maps.Keys(x.model.roots))
}

// XMLValidator judges bodies with one root element.
type XMLValidator struct {
	xsd    *XSD
	root   string
	strict bool
	limits xmlsafe.Limits
}

// ForRoot gives the validator for bodies whose root is that global element. It is
// lenient: elements and attributes that the schema does not know are soft.
func (x *XSD) ForRoot(element string) (*XMLValidator, error) {
	if x.model.roots[element] == nil {
		return nil, fmt.Errorf("%s declares no global element %q; it declares %s", x.model.file, element, strings.Join(x.Roots(), ", "))
	}
	return &XMLValidator{xsd: x, root: element}, nil
}

// Strict gives a validator for which unknown elements and attributes are hard.
func (v *XMLValidator) Strict() *XMLValidator {
	strict := *v
	strict.strict = true
	return &strict
}

// Within gives a validator with other limits on what is read.
func (v *XMLValidator) Within(lim xmlsafe.Limits) *XMLValidator {
	other := *v
	other.limits = lim
	return &other
}

// Root is the name of the root element.
func (v *XMLValidator) Root() string { return v.root }

// repeats serves [payload.Tree.Repeats].
func (v *XMLValidator) repeats(element string) bool { return v.xsd.model.repeats[element] }

// Judge reads a body and gives its tree and every violation, in the order of the
// body; none is valid. The charset is the parameter of the Content-Type, "" for
// none. The error, for a body that cannot be read at all, is an
// *xmlsafe.Malformed, which [MalformedViolation] turns into a violation; then
// there is no tree.
func (v *XMLValidator) Judge(body []byte, charset string) (*payload.Tree, []Violation, error) {
	j := &judging{v: v, model: v.xsd.model}
	tree, issues, err := v.xsd.compiled.CheckWith(body, charset, v.limits, j.repair)
	if err != nil {
		return nil, nil, err
	}
	if j.tree == nil {
		v.settle(tree)
	}
	tree.Repeats = v.repeats
	j.tree = tree
	if tree.Root.Name != v.root || tree.Namespace != j.model.namespace || len(issues) > 0 && issues[0].Code == xmlsafe.CodeRoot {
		return tree, []Violation{j.wrongRoot()}, nil
	}
	found := j.violations()
	if n := len(issues); n > 0 && issues[n-1].Code < 0 {
		found = append(found, unfinished(issues[n-1].Code))
	} else if n > j.excused && len(found) == 0 {
		found = append(found, unfinished(xmlsafe.CodeFailed)) // invalid, and no word why: never valid
	}
	return tree, found, nil
}

// settle brings the namespaces of a tree that was read into the form that trees have.
func (v *XMLValidator) settle(t *payload.Tree) {
	if m := v.xsd.model; m.wild && t.Root.Name == v.root {
		m.settle(t.Root, m.roots[v.root], t.Namespace)
	}
}

// JudgeAny is Judge for an answer whose root element no source names (its declaration
// is marked "inferred" or "name inferred"): a body with another root, in the right
// namespace, is judged as if it had the expected one, after a violation that says so
// and is marked as inferred. In the tree the root has the expected name.
func (v *XMLValidator) JudgeAny(body []byte, charset string) (*payload.Tree, []Violation, error) {
	t, found, err := v.Judge(body, charset)
	root := v.xsd.model.roots[v.root]
	if err != nil || t.Root.Name == v.root || root.basis != BasisInferred && !root.named || len(found) != 1 || found[0].Actual != t.Root.Name {
		return t, found, err
	}
	found[0].Basis = BasisInferred
	t = t.Clone()
	t.Root.Name = v.root
	again, more, err := v.Judge(v.InNamespace(t).XML(), "")
	if err != nil {
		return nil, nil, err
	}
	return again, append(found, more...), nil
}

func (j *judging) wrongRoot() Violation {
	root, found, expected := j.tree.Root, j.tree.Namespace, j.model.namespace
	v := Violation{Kind: Value, Path: "/" + root.Name, Line: int(root.Line), Expected: "the root element " + j.v.root,
		Actual: root.Name, Schema: j.at(j.model.roots[j.v.root].line)}
	if expected != "" || found != expected {
		v.Expected += " in " + spaceName(expected)
	}
	if found != expected {
		v.Actual += " in " + spaceName(found)
	}
	return v
}

// MalformedViolation makes a violation of the error of [XMLValidator.Judge] or
// of xmlsafe.Parse.
func MalformedViolation(err error) Violation {
	v := Violation{Kind: Malformed, Expected: "well-formed XML within the limits", Actual: err.Error()}
	var m *xmlsafe.Malformed
	if errors.As(err, &m) {
		v.Actual, v.Line, v.Col = m.What, m.Line, m.Col
	}
	return v
}

// Validate judges a tree by writing it out and reading it back, for bodies that
// were built and not received. Lines are those of the given tree.
func (v *XMLValidator) Validate(t *payload.Tree) []Violation {
	if t == nil || t.Root == nil || t.Format != payload.XML {
		return []Violation{{Kind: Malformed, Expected: "an XML body", Actual: "no XML body"}}
	}
	_, found, err := v.Judge(v.InNamespace(t).XML(), "")
	if err != nil {
		found = []Violation{MalformedViolation(err)}
	}
	for i := range found {
		found[i].Line, found[i].Col = 0, 0
		if n := t.At(found[i].Path); n != nil {
			found[i].Line, found[i].Col = int(n.Line), int(n.Col)
		}
	}
	return found
}
