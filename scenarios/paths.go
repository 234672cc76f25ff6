package scenarios

import (
	"regexp"
	"slices"
	"strings"

	"github.com/roadworthy-project/roadworthy/specs"
	"github.com/roadworthy-project/roadworthy/specs/payload"
)

// notations are the ways in which fields of a message may be named: JSON Pointer or
// XPath, both where the contract does not tell.
type notations []payload.Format

func requests(op *specs.Operation) notations { return notationsOf(op.RequestBody) }

func answers(op *specs.Operation) notations {
	var bodies []*specs.Body
	for _, r := range op.Responses {
		bodies = append(bodies, r.Body)
	}
	return notationsOf(bodies...)
}

func notationsOf(bodies ...*specs.Body) notations {
	var all notations
	for _, b := range bodies {
		if b == nil {
			continue
		}
		for _, m := range b.Media {
			if m.Format != 0 && !slices.Contains(all, m.Format) {
				all = append(all, m.Format)
			}
		}
	}
	if len(all) == 0 {
		return notations{payload.JSON, payload.XML}
	}
	return all
}

// root refuses an XPath whose root element no answer of the operation has: with absent it
// would hold whatever comes.
func (ch *checker) root(p string, at place, op *specs.Operation) {
	var known []string
	for _, r := range op.Responses {
		if r.Body == nil {
			continue
		}
		for _, m := range r.Body.Media {
			if m.Format != payload.XML || m.Root == "" {
				return
			}
			known = append(known, m.Root)
		}
	}
	steps, err := payload.Steps(payload.XML, p)
	if err != nil || len(steps) == 0 || len(known) == 0 || steps[0].Name == "*" || strings.Contains(p, "${") || contains(known, steps[0].Name) {
		return
	}
	slices.Sort(known)
	ch.fail(at, nearest(steps[0].Name, slices.Compact(known)), "body: no answer of %s has the root element %s", op.ID, steps[0].Name)
}

var (
	badEscape  = regexp.MustCompile(`~([^01]|$)`)
	xpathIndex = regexp.MustCompile(`\[([0-9]+|last\(\))\](/|$)`)
)

// path checks the name of a field, by a notation of the message that it lies in.
func (ch *checker) path(p string, at place, what string, by notations) {
	if strings.Contains(p, "${") {
		ch.references(p, at, what == "body")
		return
	}
	var wrong error
	for _, f := range by {
		_, err := payload.Steps(f, p)
		switch {
		case err != nil:
			wrong = err
		case f == payload.JSON && badEscape.MatchString(p):
			ch.fail(at, "a member name with ~ is written with ~0, one with / with ~1", "%s: path %q is no JSON Pointer: %q stands for nothing", what, p, badEscape.FindString(p))
			return
		case f == payload.JSON && len(by) == 1 && xpathIndex.MatchString(p) && what != "set" && what != "remove":
			ch.fail(at, "the first item is /0, any is /*", "%s: path %q is an XPath, and the body is JSON, whose fields are named by JSON Pointer", what, p)
			return
		case f == payload.JSON && len(by) > 1 && strings.ContainsAny(p, "@["):
		default:
			return
		}
	}
	if wrong != nil {
		ch.fail(at, example(by), "%s: %v", what, wrong)
	}
}

func example(by notations) string {
	if len(by) > 1 || by[0] == payload.JSON {
		return "such as /route/events/0"
	}
	return "such as /orders/order[2]/@sequence"
}

// referencePath checks the path of a reference to a message.
func (ch *checker) referencePath(ref *Reference, at place) {
	op := ch.op
	if st := ch.s.Step(ref.Name); st != nil {
		op = ch.c.Operation(st.Operation)
	}
	if op == nil {
		return // told already
	}
	by := answers(op)
	if ref.Kind == "request" {
		by = requests(op)
	}
	ch.path(ref.Path, at, ref.Kind, by)
}
