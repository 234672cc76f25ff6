package xmlsafe

import (
	"github.com/roadworthy-project/roadworthy/specs/payload"
)

// Parse reads a body without a schema. The error is a *[Malformed].
func Parse(body []byte, charset string, lim Limits) (*payload.Tree, error) {
	r, err := open(nil, body, charset, lim)
	if err != nil {
		return nil, err
	}
	defer r.close()
	return r.tree(), nil
}

// Check reads a body and validates it. The charset is the parameter of the
// Content-Type, "" for none. Every fault is found, and not only the first of
// each parent as libxml2 does: the child that stopped it is taken out, and what
// is left is validated again. Without issues the body is valid. The error is a
// *[Malformed]; then there is no tree.
//
// The text of an element is kept exactly, the white space between child elements
// is dropped; names are local names. Of the attributes of the xsi namespace
// xsi:type and xsi:nil are kept, under these names and without the prefix of the type.
func (s *Schema) Check(body []byte, charset string, lim Limits) (*payload.Tree, []Issue, error) {
	tree, issues, err := s.CheckWith(body, charset, lim, nil)
	if limit := lim.withDefaults().Issues; len(issues) > limit {
		issues = append(issues[:limit:limit], Issue{Code: CodeTooMany})
	}
	for i := range issues {
		issues[i].Path = tree.Path(issues[i].Node)
	}
	return tree, issues, err
}

// maxRounds is how often a body is validated at most. Every round repairs all
// the parents that the one before found faulty, so with a good repair a round is
// one more level of faults below faults.
const maxRounds = 16

// Repair looks at the issues of one round and says how the content of faulty
// elements is to be read from then on, so that the next round sees the rest.
// Where it says nothing, the child that libxml2 points at is taken out.
type Repair func(*payload.Tree, []Issue) []Arrangement

// Arrangement is what the validator is to find inside an element: these children
// in this order, nothing else and no text. The tree itself is not changed.
type Arrangement struct {
	Parent   *payload.Node
	Children []Child
}

// Child is an existing child element, or with a nil Node an empty placeholder of
// that name, {namespace}local, about which nothing is reported.
type Child struct {
	Node *payload.Node
	Name string
}

// CheckWith is [Schema.Check] for a caller who knows the schema and can repair
// better; repair may be nil. Issues come in the order of the rounds, without
// paths and not cut. If validation could not be carried through, the last issue
// has the code [CodeFailed] or [CodeTooMany], and the body must not pass for
// valid, whatever the other issues are.
func (s *Schema) CheckWith(body []byte, charset string, lim Limits, repair Repair) (*payload.Tree, []Issue, error) {
	r, err := open(s, body, charset, lim)
	if err != nil {
		return nil, nil, err
	}
	defer r.close()
	tree := r.tree()
	if r.settled() {
		return tree, nil, nil
	}
	var all []Issue
	known := map[issueKey]bool{}
	contents := contents{}
	for round := 1; !r.settled(); round++ {
		if r.failed() {
			return tree, append(all, Issue{Code: CodeFailed}), nil
		}
		var fresh []Issue
		for _, issue := range r.issues() {
			if key := issue.key(); !known[key] {
				known[key] = true
				fresh = append(fresh, issue)
			}
		}
		all = append(all, fresh...)
		var plan []Arrangement
		if repair != nil {
			plan = repair(tree, fresh)
		}
		plan = contents.complete(plan, fresh)
		if len(plan) > 0 && round < maxRounds {
			r.again(plan)
			continue
		}
		if len(plan) > 0 || r.overflow() {
			all = append(all, Issue{Code: CodeTooMany})
		}
		break
	}
	if len(all) == 0 {
		all = append(all, Issue{Code: CodeFailed}) // invalid, and nobody knows where
	}
	return tree, all, nil
}

// contents holds the children that each repaired element has for the validator.
type contents map[*payload.Node][]Child

// complete adds to a plan the parents that it leaves out: there, the child that
// a content error points at is taken out.
func (c contents) complete(plan []Arrangement, issues []Issue) []Arrangement {
	planned := map[*payload.Node]bool{}
	for _, a := range plan {
		planned[a.Parent] = true
		c[a.Parent] = a.Children
	}
	for _, issue := range issues {
		parent := issue.Parent()
		if parent == nil || planned[parent] {
			continue
		}
		planned[parent] = true
		children, known := c[parent]
		if !known {
			for n := range parent.Children() {
				if n.Kind == payload.Element {
					children = append(children, Child{Node: n})
				}
			}
		}
		kept := make([]Child, 0, len(children))
		for _, child := range children {
			if child.Node == nil || child.Node != issue.Node {
				kept = append(kept, child)
			}
		}
		c[parent] = kept
		plan = append(plan, Arrangement{parent, kept})
	}
	return plan
}

func open(s *Schema, body []byte, charset string, lim Limits) (*run, error) {
	lim = lim.withDefaults()
	if len(body) > lim.Bytes {
		return nil, Scan(body, lim)
	}
	utf8, err := ToUTF8(body, charset)
	if err != nil {
		return nil, err
	}
	if err := Scan(utf8, lim); err != nil {
		return nil, err
	}
	return enter(s, utf8)
}
