package drift

import (
	"fmt"
	"io/fs"
	"slices"
	"strings"

	"github.com/roadworthy-project/roadworthy/specs"
	"github.com/roadworthy-project/roadworthy/specs/payload"
	"github.com/roadworthy-project/roadworthy/specs/schema"
)

// CompareXSD gives every change between two XML Schemas, which may be used in
// either direction.
func CompareXSD(before, after *schema.XSD) ([]Change, error) {
	c := newComparison(&specs.Contract{}, &specs.Contract{})
	for _, root := range before.Roots() {
		x := &xsdComparison{c: c, direction: Both, before: before, after: after}
		if was := before.Outline(root); after.Outline(root) == nil {
			x.add("xsd-root-removed", "/"+root, was, nil, "the root element %s is gone", root)
			continue
		}
		x.roots(before, after, root)
	}
	for _, root := range after.Roots() {
		if before.Outline(root) == nil {
			x := &xsdComparison{c: c, direction: Both, before: before, after: after}
			x.add("xsd-root-added", "/"+root, nil, after.Outline(root), "there is a new root element, %s", root)
		}
	}
	return Sorted(c.found), nil
}

// bodies compares the XML bodies of the operations that both contracts have.
func (c *comparison) bodies() error {
	read := &xsdFiles{known: map[string]*schema.XSD{}}
	var failed error
	c.pairs(func(before, after *specs.Operation) {
		for _, body := range xmlBodies(before, after) {
			x := &xsdComparison{c: c, direction: body.direction, operation: after.ID}
			if err := x.media(read, body.was, body.is); err != nil && failed == nil {
				failed = err
			}
		}
	})
	return failed
}

// xmlBody is a body of both contracts that an XSD describes.
type xmlBody struct {
	direction Direction
	was, is   *specs.Media
}

func xmlBodies(before, after *specs.Operation) []xmlBody {
	var all []xmlBody
	add := func(direction Direction, was, is *specs.Body) {
		if was == nil || is == nil {
			return // told of the documents
		}
		for _, m := range is.Media {
			for _, old := range was.Media {
				if m.Type == old.Type && m.Format == payload.XML && strings.Contains(m.Schema, ".xsd#") && strings.Contains(old.Schema, ".xsd#") {
					all = append(all, xmlBody{direction, old, m})
				}
			}
		}
	}
	add(Request, before.RequestBody, after.RequestBody)
	for _, r := range after.Responses {
		for _, old := range before.Responses {
			if old.Status == r.Status {
				add(Response, old.Body, r.Body)
			}
		}
	}
	return all
}

// xsdFiles compiles each schema once.
type xsdFiles struct{ known map[string]*schema.XSD }

func (f *xsdFiles) open(c *specs.Contract, file string) (*schema.XSD, error) {
	key := fmt.Sprintf("%p %s", c, file)
	if x := f.known[key]; x != nil {
		return x, nil
	}
	x, err := schema.XSDFiles{
		Read: func(name string) ([]byte, error) { return fs.ReadFile(c.Files(), "xsd/"+name) },
		Show: func(name string) string { return place(c, "xsd/"+name, 0) },
	}.CompileFiles(file)
	if err != nil {
		return nil, err
	}
	f.known[key] = x
	return x, nil
}

// xsdComparison compares bodies of one operation in one direction.
type xsdComparison struct {
	c             *comparison
	direction     Direction
	operation     string
	before, after *schema.XSD
	within        *schema.XMLOutline // on the new side: what holds that which is compared
}

func (x *xsdComparison) media(files *xsdFiles, was, is *specs.Media) error {
	oldFile, oldRoot, _ := strings.Cut(was.Schema, "#")
	newFile, newRoot, _ := strings.Cut(is.Schema, "#")
	before, err := files.open(x.c.before, oldFile)
	if err != nil {
		return err
	}
	after, err := files.open(x.c.after, newFile)
	if err != nil {
		return err
	}
	x.before, x.after = before, after
	if oldRoot != newRoot {
		x.add("xsd-root-removed", "/"+oldRoot, nil, after.Outline(newRoot), "the root element is %s now, %s before", newRoot, oldRoot)
		return nil
	}
	x.roots(before, after, newRoot)
	return nil
}

func (x *xsdComparison) roots(before, after *schema.XSD, root string) {
	was, is := before.Outline(root), after.Outline(root)
	if was == nil || is == nil {
		return
	}
	oldSpace, oldQualified := before.Namespace()
	newSpace, newQualified := after.Namespace()
	switch {
	case oldSpace != newSpace:
		x.add("xsd-namespace-changed", "/"+root, was, is, "the elements are in %s now, in %s before", spaceWord(newSpace), spaceWord(oldSpace))
	case newSpace != "" && oldQualified != newQualified:
		now, before := spaceWord(newSpace), spaceWord("")
		if oldQualified {
			now, before = before, now
		}
		x.add("xsd-namespace-changed", "/"+root, was, is, "the elements inside %s are in %s now, in %s before (elementFormDefault)", root, now, before)
	}
	x.element("/"+root, was, is)
}

func spaceWord(space string) string {
	if space == "" {
		return "no namespace"
	}
	return fmt.Sprintf("the namespace %q", space)
}

// add tells a change at the new place, or the old one where there is no new one.
func (x *xsdComparison) add(id, path string, was, is *schema.XMLOutline, format string, args ...any) {
	at := spot{operation: x.operation, path: path}
	switch {
	case is != nil:
		at.where = x.after.Place(is.Line)
	case was != nil:
		at.where = x.before.Place(was.Line)
		at.near = x.after.Place(1)
		if x.within != nil {
			at.near = x.after.Place(x.within.Line)
		}
	}
	inferred := func(o *schema.XMLOutline) bool { return o == nil || o.Basis == schema.BasisInferred }
	if inferred(was) && inferred(is) && (was != nil || is != nil) {
		at.basis = specs.Inferred
	}
	x.c.add(id, x.direction, at, format, args...)
}

// element compares what stands under the same path on both sides.
func (x *xsdComparison) element(path string, was, is *schema.XMLOutline) {
	if was.Attribute || is.Attribute || path != "/"+is.Name {
		x.occurrence(path, was, is)
	}
	x.value(path, was, is)
	for _, constraint := range is.Constraints {
		if !slices.Contains(was.Constraints, constraint) {
			x.add("xsd-constraint-added", path, was, is, "in %s this must hold now: %s", is.Name, constraint)
		}
	}
	for _, constraint := range was.Constraints {
		if !slices.Contains(is.Constraints, constraint) {
			x.add("xsd-constraint-removed", path, was, is, "in %s this need not hold any more: %s", is.Name, constraint)
		}
	}
	x.nature(path, was, is)
	switch {
	case was.Open && is.Open && !slices.Equal(was.From, is.From):
		x.add("xsd-openness-changed", path, was, is, "elements of %s may stand in %s besides what is described now, of %s before", anyOf(is.From), is.Name, anyOf(was.From))
	case was.Open && !is.Open:
		x.add("xsd-became-closed", path, was, is, "nothing but what is described may stand in %s now", is.Name)
	case !was.Open && is.Open:
		x.add("xsd-became-open", path, was, is, "anything else may stand in %s now", is.Name)
	}
	if was.Recursive || is.Recursive || (was.Value == nil) != (is.Value == nil) {
		return // compared further up, or told as a whole
	}
	x.children(path, was, is)
}

func anyOf(spaces []string) string {
	if len(spaces) == 0 {
		return "none"
	}
	return strings.Join(spaces, " or ")
}

// nature compares what may stand in place of the content that is described.
func (x *xsdComparison) nature(path string, was, is *schema.XMLOutline) {
	switch {
	case !was.Nillable && is.Nillable:
		x.add("xsd-nillable-added", path, was, is, "%s may be empty with xsi:nil now", fieldWord(is))
	case was.Nillable && !is.Nillable:
		x.add("xsd-nillable-removed", path, was, is, "%s may not be empty with xsi:nil any more", fieldWord(is))
	}
	switch {
	case was.Open && is.Open: // text is among what may stand there
	case !was.Mixed && is.Mixed:
		x.add("xsd-mixed-added", path, was, is, "text may stand between the elements in %s now", is.Name)
	case was.Mixed && !is.Mixed:
		x.add("xsd-mixed-removed", path, was, is, "no text may stand between the elements in %s any more", is.Name)
	}
	switch a, b := was.Default, is.Default; {
	case a == nil && b != nil:
		x.add("xsd-default-added", path, was, is, "%s that is left out stands for %q now", fieldWord(is), *b)
	case a != nil && b == nil:
		x.add("xsd-default-changed", path, was, is, "%s that is left out does not stand for %q any more", fieldWord(is), *a)
	case a != nil && *a != *b:
		x.add("xsd-default-changed", path, was, is, "%s that is left out stands for %q now, for %q before", fieldWord(is), *b, *a)
	}
}

func (x *xsdComparison) occurrence(path string, was, is *schema.XMLOutline) {
	kind := fieldWord(is)
	exclusive := (was.Choice > 0) != (is.Choice > 0)
	switch {
	case exclusive && is.Choice > 0:
		x.add("xsd-became-exclusive", path, was, is, "%s is one of several alternatives now, of which only one may be there", kind)
	case exclusive:
		x.add("xsd-no-longer-exclusive", path, was, is, "%s was one of several alternatives, and stands by itself now", kind)
	}
	switch {
	case was.Min == 0 && is.Min > 0:
		x.add("xsd-became-required", path, was, is, "%s is required now, and was optional", kind)
	case was.Min > 0 && is.Min == 0 && !exclusive:
		x.add("xsd-became-optional", path, was, is, "%s is optional now, and was always there", kind)
	case was.Min < is.Min:
		x.add("xsd-occurrence-narrowed", path, was, is, "%s must be there %d times now, %d before", kind, is.Min, was.Min)
	case was.Min > is.Min && is.Min > 0:
		x.add("xsd-occurrence-widened", path, was, is, "%s need be there only %d times now, %d before", kind, is.Min, was.Min)
	}
	switch {
	case was.Max == is.Max:
	case is.Max >= 0 && (was.Max < 0 || is.Max < was.Max):
		x.add("xsd-occurrence-narrowed", path, was, is, "%s may be there %s now, %s before", kind, timesWord(is.Max), timesWord(was.Max))
	default:
		x.add("xsd-occurrence-widened", path, was, is, "%s may be there %s now, %s before", kind, timesWord(is.Max), timesWord(was.Max))
	}
}

func timesWord(n int) string {
	switch n {
	case -1:
		return "any number of times"
	case 1:
		return "once"
	}
	return fmt.Sprintf("%d times", n)
}

func fieldWord(o *schema.XMLOutline) string {
	if o.Attribute {
		return "the attribute " + o.Name
	}
	return "the element " + o.Name
}
