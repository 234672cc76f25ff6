package schema

import (
	"fmt"
	"slices"
	"sort"
	"strconv"
	"strings"

	"github.com/roadworthy-project/roadworthy/specs/payload"
	"github.com/roadworthy-project/roadworthy/specs/schema/xmlsafe"
)

// slot is one place in a content model that is read as a list of places: an
// element, or a choice between elements.
type slot struct {
	elements []*xsdElement // more than one: a choice
	min, max int
	mixed    bool         // a repeated choice: any of the elements at any place
	wild     *xsdParticle // a wildcard, without elements
}

func (s slot) names() string {
	if s.wild != nil {
		return s.wild.words()
	}
	names := make([]string, len(s.elements))
	for i, e := range s.elements {
		names[i] = e.name
	}
	return listed(names)
}

// slots reads a content model as a list of places. ok is false where it is more
// than that (repeated sequences, a choice between sequences or wildcards): there
// the word of libxml2 is taken.
func (p *xsdParticle) slots() (list []slot, ordered, ok bool) {
	switch {
	case p == nil:
		return nil, true, true
	case p.kind == inAll:
		ordered = false
	default:
		ordered = true
	}
	if !p.addSlots(&list) {
		return nil, false, false
	}
	seen := map[string]bool{}
	for _, s := range list {
		for _, e := range s.elements {
			if e == nil || seen[e.name] {
				return nil, false, false
			}
			seen[e.name] = true
		}
	}
	return list, ordered, true
}

func (p *xsdParticle) addSlots(list *[]slot) bool {
	switch {
	case p.max == 0:
		return true
	case p.kind == anyElement:
		*list = append(*list, slot{wild: p, min: p.min, max: p.max})
		return true
	case p.kind == anElement:
		*list = append(*list, slot{elements: []*xsdElement{p.element}, min: p.min, max: p.max})
		return true
	case len(p.parts) == 1:
		before := len(*list)
		if !p.parts[0].addSlots(list) {
			return false
		}
		if p.max != 1 && len(*list)-before > 1 {
			return false
		}
		for i := before; i < len(*list); i++ {
			s := &(*list)[i]
			s.min, s.max = s.min*min(p.min, 1<<20), timesOccurs(s.max, p.max)
		}
		return true
	case p.kind == inChoice:
		s := slot{min: p.min, max: p.max, mixed: p.max != 1}
		for _, part := range p.parts {
			if part.kind != anElement || part.max != 1 && p.max != unbounded {
				return false
			}
			if part.min == 0 {
				s.min = 0
			}
			s.elements = append(s.elements, part.element)
		}
		*list = append(*list, s)
		return true
	case p.max != 1:
		return false
	}
	before := len(*list)
	for _, part := range p.parts {
		if !part.addSlots(list) {
			return false
		}
	}
	if p.min == 0 { // what is required inside is so only if something is there
		for i := before; i < len(*list); i++ {
			(*list)[i].min = 0
		}
	}
	return true
}

// content explains everything that is wrong with the children of an element and
// gives the arrangement in which libxml2 can look at the rest; false if the model
// is not a list of places, or explains nothing.
func (j *judging) content(parent *payload.Node, foreign map[*payload.Node]string) ([]xmlsafe.Child, bool) {
	decl := j.declaration(parent)
	if decl == nil || decl.typ == nil {
		return nil, false
	}
	slots, ordered, ok := decl.typ.content.slots()
	if !ok {
		return nil, false
	}
	place := map[string]int{}
	for i, s := range slots {
		for _, e := range s.elements {
			place[e.name] = i
		}
	}
	stands := func(c *payload.Node) (int, bool) {
		i, known := place[c.Name]
		if ns, isForeign := foreign[c]; isForeign && !j.model.spaces[ns] {
			known = false
		}
		own := known && (!j.model.wild || decl.typ.child(c) != nil)
		for at, s := range slots {
			if s.wild != nil && !own && s.wild.takes(j.spaceOf(c), s.wild.target) {
				return at, true
			}
		}
		return i, known
	}
	before := len(j.found)
	filled := make([][]*payload.Node, len(slots))
	var kept []*payload.Node
	for c := range parent.Children() {
		if c.Kind != payload.Element {
			continue
		}
		i, known := stands(c)
		if !known {
			j.unknownElement(c, foreign[c], decl)
			continue
		}
		s := slots[i]
		have := filled[i]
		if s.max != unbounded && len(have) >= s.max {
			if len(have) == s.max || have[s.max-1] != nil && have[s.max-1].Name != c.Name {
				j.tooMany(c, have, s)
			}
			filled[i] = append(have, nil) // counted, not kept
			continue
		}
		filled[i] = append(have, c)
		kept = append(kept, c)
	}
	if ordered {
		j.misplaced(kept, slots, stands)
	}
	var children []xmlsafe.Child
	for i, s := range slots {
		for _, c := range filled[i] {
			if c != nil {
				children = append(children, xmlsafe.Child{Node: c})
			}
		}
		for n := len(filled[i]); n < s.min && n < len(filled[i])+maxPlaceholders; n++ {
			if name := j.model.placeholder(s); name != "" {
				children = append(children, xmlsafe.Child{Name: name})
			}
		}
		if len(filled[i]) < s.min {
			j.tooFew(parent, s, len(filled[i]))
		}
	}
	return children, len(j.found) > before
}

// maxPlaceholders bounds what a large minOccurs can make us put in.
const maxPlaceholders = 100

func (j *judging) tooMany(c *payload.Node, have []*payload.Node, s slot) {
	e := s.element(c.Name)
	if len(s.elements) > 1 && !s.mixed {
		if first := have[0]; first != nil && first.Name != c.Name {
			j.add(Violation{Kind: Value, Path: j.paths.of(c), Expected: "only one of " + s.names(),
				Actual: fmt.Sprintf("%s beside %s", c.Name, first.Name), Schema: j.at(e.line), Basis: e.basis}, c)
			return
		}
	}
	total := 0
	for sibling := range c.Parent().Children() {
		if sibling.Kind == payload.Element && slices.ContainsFunc(s.elements, func(e *xsdElement) bool { return e.name == sibling.Name }) {
			total++
		}
	}
	j.add(Violation{Kind: Length, Path: j.paths.of(c), Expected: fmt.Sprintf("at most %d %s", s.max, s.names()),
		Actual: strconv.Itoa(total), Schema: j.at(e.line), Basis: e.basis}, c)
}

// element is the declaration of a child at this place.
func (s slot) element(name string) *xsdElement {
	if s.wild != nil {
		return &xsdElement{name: "*", line: s.wild.line}
	}
	return s.elements[slices.IndexFunc(s.elements, func(e *xsdElement) bool { return e.name == name })]
}

// placeholder names an element that may stand at a place.
func (m *xsdModel) placeholder(s slot) string {
	if s.wild == nil {
		return written(s.elements[0].space, s.elements[0].name)
	}
	declared, made := m.candidates(s.wild)
	if len(declared) > 0 {
		return written(declared[0].space, declared[0].name)
	}
	return made
}

// words says what a wildcard takes.
func (p *xsdParticle) words() string {
	words := "any element"
	switch p.from {
	case "", "##any":
	case "##other":
		words += " of another namespace"
	default:
		words += " of " + strings.Join(strings.Fields(p.from), " or ")
	}
	if p.strict {
		words += " that is declared"
	}
	return words
}

// spaceOf is the namespace of an element of the body.
func (j *judging) spaceOf(n *payload.Node) string {
	parent := n.Parent()
	if parent == nil {
		return j.tree.Namespace
	}
	var t *xsdType
	if decl := j.declaration(parent); decl != nil {
		t = decl.typ
	}
	_, space := j.model.spaceOf(n, t, j.spaceOf(parent))
	return space
}

func (j *judging) tooFew(parent *payload.Node, s slot, have int) {
	if s.wild != nil {
		j.add(Violation{Kind: Missing, Path: j.paths.of(parent) + "/*", Expected: s.names(), Actual: "absent", Schema: j.at(s.wild.line)}, parent)
		return
	}
	e := s.elements[0]
	if have > 0 {
		j.add(Violation{Kind: Length, Path: j.paths.of(parent), Expected: fmt.Sprintf("at least %d %s", s.min, s.names()),
			Actual: strconv.Itoa(have), Schema: j.at(e.line), Basis: e.basis}, parent)
		return
	}
	j.missing(parent, e, s)
}

// misplaced reports the fewest children whose removal would leave the others in
// order.
func (j *judging) misplaced(kept []*payload.Node, slots []slot, stands func(*payload.Node) (int, bool)) {
	place := map[*payload.Node]int{}
	for _, c := range kept {
		place[c], _ = stands(c)
	}
	inOrder := longestRise(kept, place)
	if len(inOrder) == len(kept) {
		return
	}
	next := 0
	for i, c := range kept {
		if next < len(inOrder) && inOrder[next] == i {
			next++
			continue
		}
		mine := place[c]
		expected := ""
		// The nearest neighbour in the schema that is there and well placed.
		for _, k := range inOrder {
			if at := place[kept[k]]; at < mine {
				expected = "after " + kept[k].Name
			} else if at > mine && expected == "" {
				expected = "before " + kept[k].Name
			}
		}
		actual := "the first element"
		if i > 0 {
			actual = "after " + kept[i-1].Name
		}
		e := slots[mine].element(c.Name)
		j.add(Violation{Kind: Order, Path: j.paths.of(c), Expected: expected, Actual: actual, Schema: j.at(e.line), Basis: e.basis}, c)
	}
}

// longestRise gives the indexes of a longest subsequence of children whose
// places never fall.
func longestRise(kept []*payload.Node, place map[*payload.Node]int) []int {
	var tails []int // tails[n]: index of the last child of the best run of length n+1
	before := make([]int, len(kept))
	for i, c := range kept {
		p := place[c]
		n := sort.Search(len(tails), func(n int) bool { return place[kept[tails[n]]] > p })
		before[i] = -1
		if n > 0 {
			before[i] = tails[n-1]
		}
		if n == len(tails) {
			tails = append(tails, i)
		} else {
			tails[n] = i
		}
	}
	run := make([]int, len(tails))
	if len(tails) > 0 {
		for n, i := len(tails)-1, tails[len(tails)-1]; n >= 0; n, i = n-1, before[i] {
			run[n] = i
		}
	}
	return run
}

// pointed explains a content error by what libxml2 says: where the model is more
// than a list of places, or a first repair was not enough.
func (j *judging) pointed(issue xmlsafe.Issue) {
	parent, c := issue.Node, issue.Node
	if !issue.Missing {
		parent = c.Parent()
	}
	decl := j.declaration(parent)
	if decl == nil || decl.typ == nil {
		j.add(Violation{Kind: Unexpected, Path: j.paths.of(c), Actual: "the element " + c.Name}, c)
		return
	}
	if !issue.Missing {
		if _, known := decl.typ.children[c.Name]; !known || issue.Namespace != "" && !j.model.spaces[issue.Namespace] {
			j.unknownElement(c, issue.Namespace, decl)
			return
		}
	}
	if j.strayed[parent] {
		return // what follows an element of another namespace is not counted on
	}
	if !issue.Missing && slices.Contains(issue.Expected, c.Name) {
		j.wrongNamespace(c, issue.Namespace, decl.typ.children[c.Name])
		j.strayed[parent] = true
		return
	}
	for _, name := range issue.Expected {
		if e := decl.typ.children[name]; e != nil && parent.Child(name) == nil && decl.typ.requires(name) {
			j.missing(parent, e, slot{elements: []*xsdElement{e}, min: 1, max: 1})
			return
		}
	}
	if issue.Missing {
		v := Violation{Kind: Missing, Path: j.paths.of(parent), Expected: "an element", Actual: "absent", Schema: j.at(decl.typ.line), Basis: decl.basis}
		if len(issue.Expected) > 0 {
			v.Path += "/" + j.indexed(parent, issue.Expected[0])
			v.Expected = alternatives(issue.Expected)
		}
		j.add(v, parent)
		return
	}
	e := decl.typ.children[c.Name]
	v := Violation{Kind: Order, Path: j.paths.of(c), Expected: "another place", Actual: "the element " + c.Name, Schema: j.at(e.line), Basis: e.basis}
	if len(issue.Expected) > 0 {
		v.Expected = alternatives(issue.Expected) + " at this place"
	}
	j.add(v, c)
}

// wrongNamespace explains an element that is expected where it stands, under
// another namespace.
func (j *judging) wrongNamespace(c *payload.Node, found string, e *xsdElement) {
	words := func(space string) string { return "the element " + c.Name + " in " + spaceName(space) }
	j.add(Violation{Kind: Value, Path: j.paths.of(c), Expected: words(e.space), Actual: words(found), Schema: j.at(e.line), Basis: e.basis}, c)
}

func alternatives(names []string) string {
	for i, name := range names {
		if name == "*" { // of a wildcard
			names[i] = "any other"
		}
	}
	if len(names) == 1 {
		return "the element " + names[0]
	}
	return "one of the elements " + strings.Join(names, ", ")
}

// requires reports whether an element of that name must be there in any case.
func (t *xsdType) requires(name string) bool {
	found := false
	t.content.visit(true, 1, func(e *xsdElement, required bool, _ int) {
		found = found || e != nil && e.name == name && required
	})
	return found
}
