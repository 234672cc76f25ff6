package schema

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/roadworthy-project/roadworthy/specs/payload"
	"github.com/roadworthy-project/roadworthy/specs/schema/xmlsafe"
)

// judging turns the issues of one body into violations.
type judging struct {
	v            *XMLValidator
	model        *xsdModel
	tree         *payload.Tree
	paths        *paths
	found        []finding
	declarations map[*payload.Node]*xsdElement
	explained    map[*payload.Node]bool // parents whose content has been explained
	strayed      map[*payload.Node]bool // parents of an element in another namespace
	excused      int                    // issues that are none: see padded
}

type finding struct {
	Violation
	node *payload.Node
}

func (j *judging) add(v Violation, n *payload.Node) {
	v.Line, v.Col = int(n.Line), int(n.Col)
	j.found = append(j.found, finding{v, n})
}

// at names a line of the schema.
func (j *judging) at(line int) string {
	if line == 0 {
		return j.model.file
	}
	return j.model.place(line)
}

// declaration finds the declaration of an element of the body; nil where the
// schema has none.
func (j *judging) declaration(n *payload.Node) *xsdElement {
	if d, known := j.declarations[n]; known {
		return d
	}
	var d *xsdElement
	if parent := n.Parent(); parent == nil {
		d = j.model.roots[n.Name]
	} else if p := j.declaration(parent); p != nil && p.typ != nil {
		if d = p.typ.child(n); d == nil && n.Attr(payload.SpaceAttr) != nil {
			d = j.model.globals[written(n.Attr(payload.SpaceAttr).Value, n.Name)]
		}
		if d != nil && p.basis != "" && d.basis == "" {
			inherited := *d // what lies in an inferred element is inferred
			inherited.basis = p.basis
			d = &inherited
		}
	}
	if d != nil {
		if t := j.model.typeOf(n, d); t != d.typ {
			other := *d // of the type that the body names
			other.typ = t
			d = &other
		}
	}
	j.declarations[n] = d
	return d
}

// repair explains the issues of one round and arranges faulty elements so that
// the next round sees the rest of them.
func (j *judging) repair(tree *payload.Tree, issues []xmlsafe.Issue) []xmlsafe.Arrangement {
	if j.tree == nil { // a valid body never comes here
		j.tree = tree
		j.v.settle(tree)
		tree.Repeats = j.v.repeats
		j.paths = newPaths(j.v.repeats)
		j.declarations = map[*payload.Node]*xsdElement{}
		j.explained = map[*payload.Node]bool{}
		j.strayed = map[*payload.Node]bool{}
	}
	if tree.Root.Name != j.v.root {
		return nil
	}
	foreign := map[*payload.Node]string{}
	for _, issue := range issues {
		if issue.Code == xmlsafe.CodeContent && !issue.Missing && issue.Namespace != "" {
			foreign[issue.Node] = issue.Namespace
		}
	}
	var plan []xmlsafe.Arrangement
	wrong := wrongValues(issues)
	for _, issue := range issues {
		if issue.Code != xmlsafe.CodeContent {
			_, saidOfType := wrong[valueKey{issue.Node, xsiType}]
			if !wrong.covers(issue) && (issue.Code != xmlsafe.CodeAbstractType || !saidOfType) {
				j.other(issue)
			}
			continue
		}
		parent := issue.Node
		if !issue.Missing {
			parent = issue.Node.Parent()
		}
		if parent == nil {
			j.pointed(issue)
			continue
		}
		if j.explained[parent] {
			j.pointed(issue)
			continue
		}
		if children, ok := j.content(parent, foreign); ok {
			j.explained[parent] = true
			plan = append(plan, xmlsafe.Arrangement{Parent: parent, Children: children})
			continue
		}
		j.pointed(issue)
	}
	return plan
}

// told holds, for each value with an issue, the one that says most about it.
type told map[valueKey]int

type valueKey struct {
	node *payload.Node
	attr string
}

// tells ranks issues about one value: that it holds elements says more than that
// it breaks a rule of its type, and that more than that it is not of the type.
func tells(code xmlsafe.Code) int {
	_, decided := kindOfCode(code)
	switch {
	case code == xmlsafe.CodeChildren:
		return 3
	case decided:
		return 2
	case code == xmlsafe.CodeType, code == xmlsafe.CodeListType, code == xmlsafe.CodeUnionType:
		return 1
	}
	return 0
}

func wrongValues(issues []xmlsafe.Issue) told {
	w := told{}
	for _, issue := range issues {
		key := valueKey{issue.Node, issue.Attr}
		w[key] = max(w[key], tells(issue.Code))
	}
	return w
}

// covers reports whether another issue about the same value says more.
func (w told) covers(issue xmlsafe.Issue) bool {
	rank := tells(issue.Code)
	return rank > 0 && rank < w[valueKey{issue.Node, issue.Attr}]
}

// other explains every issue that is not about the children of an element.
func (j *judging) other(issue xmlsafe.Issue) {
	n, decl := issue.Node, j.declaration(issue.Node)
	if decl == nil {
		decl = &xsdElement{name: n.Name, typ: &xsdType{}}
		if root := j.model.roots[n.Name]; root != nil { // the head of a group, which is abstract
			decl.line = root.line
		}
	}
	if decl.typ == nil {
		decl.typ = &xsdType{}
	}
	v := Violation{Path: j.paths.of(n), Schema: j.at(decl.line), Basis: decl.basis}
	switch issue.Code {
	case xmlsafe.CodeUnknownAttr:
		v.Path += "/@" + issue.Attr
		v.Kind, v.Expected, v.Soft = Unexpected, "no attribute of this name", !j.v.strict
		v.Actual = "the attribute " + issue.Attr
		if a := n.Attr(issue.Attr); a != nil {
			v.Actual += " with " + quoteValue(a.Name, a.Value)
		}
	case xmlsafe.CodeMissingAttr:
		v.Path += "/@" + issue.Attr
		v.Kind, v.Expected, v.Actual = Missing, "an attribute", "absent"
		if a := decl.typ.attribute(issue.Attr); a != nil {
			v.Expected, v.Schema, v.Basis = a.words(), j.at(a.line), cmp.Or(a.basis, decl.basis)
		}
	case xmlsafe.CodeText:
		v.Kind, v.Expected, v.Actual = Unexpected, "no text between the elements", "the text "+quoteValue(n.Name, strings.TrimSpace(n.Value))
	case xmlsafe.CodeNotEmpty:
		v.Kind, v.Expected, v.Actual = Unexpected, "nothing", "content: "+quoteValue(n.Name, n.Value)
	case xmlsafe.CodeChildren:
		v.Kind, v.Expected, v.Actual = Type, "text without elements: "+decl.typ.text.words(), "the element "+firstElement(n)
	case xmlsafe.CodeNotNillable:
		v.Path += "/@" + xsiNil
		v.Kind, v.Expected, v.Actual = Unexpected, "no xsi:nil", "xsi:nil"
	case xmlsafe.CodeAbstract:
		v.Kind, v.Expected, v.Actual = Unexpected, "an element of the group that "+n.Name+" stands for, which is abstract itself", "the element "+n.Name
	case xmlsafe.CodeConstraint:
		j.constraint(&v, issue)
	case xmlsafe.CodeFailed, xmlsafe.CodeTooMany:
		v = unfinished(issue.Code)
	default:
		if issue.Code == xmlsafe.CodeType && issue.Attr == "" && decl.typ.text.padded(n.Value) {
			j.excused++
			return
		}
		j.value(&v, issue, decl)
	}
	j.add(v, n)
}

func firstElement(n *payload.Node) string {
	for c := range n.Children() {
		if c.Kind == payload.Element {
			return c.Name
		}
	}
	return "?"
}

func (a *xsdAttribute) words() string {
	if a.fixed != "" {
		return fmt.Sprintf("%q", a.fixed)
	}
	return a.typ.words()
}

// value explains a wrong text or attribute value.
func (j *judging) value(v *Violation, issue xmlsafe.Issue, decl *xsdElement) {
	if strings.HasPrefix(issue.Attr, xsiPrefix) || issue.Code == xmlsafe.CodeAbstractType {
		j.named(v, issue, decl)
		return
	}
	simple, fixed, name, value := decl.typ.text, decl.fixed, issue.Node.Name, issue.Node.Value
	if issue.Attr != "" {
		v.Path += "/@" + issue.Attr
		simple, fixed, name, value = nil, "", issue.Attr, ""
		if a := decl.typ.attribute(issue.Attr); a != nil {
			simple, fixed = a.typ, a.fixed
			v.Schema, v.Basis = j.at(a.line), cmp.Or(a.basis, decl.basis)
		}
		if a := issue.Node.Attr(issue.Attr); a != nil {
			value = a.Value
		}
	}
	kind, decided := kindOfCode(issue.Code)
	if !decided {
		kind = simple.kindOf(value)
	}
	v.Kind, v.Expected, v.Actual = kind, simple.words(), quoteValue(name, value)
	if kind == Value && fixed != "" {
		v.Expected = fmt.Sprintf("%q", fixed)
	}
	if kind == Length && issue.Code == xmlsafe.CodeMaxLength || kind == Length && issue.Code == xmlsafe.CodeMinLength {
		v.Actual += fmt.Sprintf(" (%d characters)", len([]rune(value)))
		if simple != nil && simple.items() != nil {
			v.Actual = quoteValue(name, value) + fmt.Sprintf(" (%d items)", len(strings.Fields(value)))
		}
		if len([]rune(value)) > maxQuoted {
			v.Actual = quoteValue(name, value)
		}
	}
}

// named explains an xsi:type or xsi:nil, there or missing.
func (j *judging) named(v *Violation, issue xmlsafe.Issue, decl *xsdElement) {
	v.Path = j.paths.of(issue.Node) + "/@" + cmp.Or(issue.Attr, xsiType)
	v.Kind, v.Expected, v.Actual = Type, "no other type than that of the element", "absent"
	if t := decl.typ; t != nil && (t.abstract || len(t.derived) > 0) {
		var names []string
		for _, one := range t.derived {
			names = append(names, one.name)
		}
		if !t.abstract && t.name != "" {
			names = append([]string{t.name}, names...)
		}
		if v.Expected = "the name of a type: one of " + listed(names); len(names) == 1 {
			v.Expected = "the name of a type: " + names[0]
		}
	}
	if issue.Attr == xsiNil {
		v.Expected = "true or false"
	}
	a := issue.Node.Attr(issue.Attr)
	if a == nil {
		v.Kind = Missing
		return
	}
	v.Actual = quoteValue(a.Name, a.Value)
}

// constraint explains a broken xs:unique, xs:key or xs:keyref. Where it is about
// one attribute or child, that one is named.
func (j *judging) constraint(v *Violation, issue xmlsafe.Issue) {
	v.Kind, v.Expected, v.Actual = Value, "a value that is used only once", "a duplicate"
	for n := issue.Node; n != nil; n = n.Parent() {
		decl := j.declaration(n)
		if decl == nil {
			continue
		}
		for _, c := range decl.constraints {
			if c.name != issue.Constraint {
				continue
			}
			v.Schema = j.at(c.line)
			if c.kind == "keyref" {
				v.Expected, v.Actual = "a value that another element declares", "a reference that leads nowhere"
			}
			at := &payload.Tree{Format: payload.XML, Root: issue.Node}
			if field := at.At("/" + issue.Node.Name + "/" + c.field); field != nil && c.field != "." {
				v.Path = j.paths.of(field)
				v.Actual += " of " + quoteValue(field.Name, field.Value)
			}
			return
		}
	}
}

func (j *judging) unknownElement(c *payload.Node, namespace string, parent *xsdElement) {
	v := Violation{Kind: Unexpected, Path: j.paths.of(c), Expected: "no element of this name", Actual: "the element " + c.Name,
		Schema: j.at(cmp.Or(parent.typ.line, parent.line)), Basis: parent.basis, Soft: !j.v.strict}
	if namespace != "" {
		v.Actual += fmt.Sprintf(" in the namespace %q", namespace)
	}
	if c.Value != "" {
		v.Actual += " with " + quoteValue(c.Name, c.Value)
	}
	j.add(v, c)
}

func (j *judging) missing(parent *payload.Node, e *xsdElement, s slot) {
	v := Violation{Kind: Missing, Path: j.paths.of(parent) + "/" + j.indexed(parent, e.name), Expected: e.words(), Actual: "absent",
		Schema: j.at(e.line), Basis: e.basis}
	if p := j.declaration(parent); p != nil {
		v.Basis = cmp.Or(v.Basis, p.basis)
	}
	if len(s.elements) > 1 {
		v.Expected = "one of the elements " + s.names()
	}
	j.add(v, parent)
}

// indexed writes the step that a missing child would have.
func (j *judging) indexed(_ *payload.Node, name string) string {
	if j.v.repeats(name) {
		return name + "[1]"
	}
	return name
}

// words says what an element holds.
func (e *xsdElement) words() string {
	switch t := e.typ; {
	case e.fixed != "":
		return fmt.Sprintf("%q", e.fixed)
	case t == nil:
		return "an element"
	case t.text != nil:
		return t.text.words()
	case t.content != nil && len(t.children) > 0:
		names := make([]string, 0, len(t.children))
		t.content.visit(true, 1, func(c *xsdElement, required bool, _ int) {
			if c != nil && required && !slices.Contains(names, c.name) {
				names = append(names, c.name)
			}
		})
		if len(names) > 0 {
			return "an element with " + listed(names)
		}
	}
	return "an element"
}

func unfinished(code xmlsafe.Code) Violation {
	v := Violation{Kind: Malformed, Expected: "a body that can be validated", Actual: "the validator failed; nothing is known about the rest of the body"}
	if code == xmlsafe.CodeTooMany {
		v.Actual = "more faults than are looked for; the rest of the body was not judged"
	}
	return v
}
