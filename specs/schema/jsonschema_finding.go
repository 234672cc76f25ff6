package schema

import (
	"fmt"
	"slices"
	"strings"

	"github.com/roadworthy-project/roadworthy/specs/payload"
)

// rule is what a finding is about: one keyword, or one way in which it fails.
type rule uint8

const (
	ruleFalse rule = iota + 1
	ruleType
	ruleTypes
	ruleEnum
	ruleValues
	ruleMinimum
	ruleMaximum
	ruleMultiple
	ruleNumberFormat
	ruleMinLength
	ruleMaxLength
	rulePattern
	rulePatternTime
	ruleTextFormat
	ruleMinItems
	ruleMaxItems
	ruleUnique
	ruleMinContains
	ruleMaxContains
	ruleMinMembers
	ruleMaxMembers
	ruleRequired
	ruleExtraMember
	ruleMemberName
	ruleBarred
	ruleUnevaluated
	ruleUnknown
	ruleNot
	ruleSeveral
	ruleTag
	ruleTagMissing
)

var ruleKinds = [...]Kind{
	ruleFalse: Unexpected, ruleType: Type, ruleTypes: Type, ruleEnum: Enum, ruleValues: Enum,
	ruleMinimum: Range, ruleMaximum: Range, ruleMultiple: Range, ruleNumberFormat: Format,
	ruleMinLength: Length, ruleMaxLength: Length, rulePattern: Pattern, rulePatternTime: Pattern, ruleTextFormat: Format,
	ruleMinItems: Length, ruleMaxItems: Length, ruleUnique: Value, ruleMinContains: Length, ruleMaxContains: Length,
	ruleMinMembers: Length, ruleMaxMembers: Length, ruleRequired: Missing, ruleExtraMember: Unexpected,
	ruleMemberName: Unexpected, ruleBarred: Unexpected, ruleUnevaluated: Unexpected, ruleUnknown: Unexpected,
	ruleNot: Value, ruleSeveral: Value, ruleTag: Enum, ruleTagMissing: Missing,
}

// kind of the violation: const names the only value, which is not a list of them.
func (f *jsonFinding) kind() Kind {
	switch {
	case f.rule == ruleEnum && f.schema.enum.single:
		return Value
	case f.rule == ruleFalse && f.node.Parent() == nil:
		return Value
	}
	return ruleKinds[f.rule]
}

// words says what was expected and what was found.
func (f *jsonFinding) words() (expected, actual string) {
	s := f.schema
	actual = f.node.Brief()
	switch f.rule {
	case ruleFalse, ruleUnevaluated:
		return "nothing here", actual
	case ruleType:
		return s.types.words(), describeValue(f.node)
	case ruleTypes:
		return f.text, describeValue(f.node)
	case ruleEnum:
		return oneOfWords(s.enum.list), actual
	case ruleValues:
		return f.text, actual
	case ruleMinimum:
		if s.number.aboveMin {
			return "more than " + s.number.min, actual
		}
		return "at least " + s.number.min, actual
	case ruleMaximum:
		if s.number.belowMax {
			return "less than " + s.number.max, actual
		}
		return "at most " + s.number.max, actual
	case ruleMultiple:
		return "a multiple of " + s.number.multipleText, actual
	case ruleNumberFormat:
		return s.number.format.words, actual
	case ruleMinLength:
		return "at least " + counted(s.text.min, "character"), counted(f.number, "character") + ": " + actual
	case ruleMaxLength:
		return "at most " + counted(s.text.max, "character"), counted(f.number, "character") + ": " + actual
	case rulePattern:
		return "text that matches " + s.text.patternText, actual
	case rulePatternTime:
		return "text of which a pattern can be decided within " + patternTime.String(), actual
	case ruleTextFormat:
		return s.text.format.words, actual
	case ruleMinItems:
		return "at least " + counted(s.array.min, "item"), counted(f.number, "item")
	case ruleMaxItems:
		return "at most " + counted(s.array.max, "item"), counted(f.number, "item")
	case ruleUnique:
		return "items that all differ", fmt.Sprintf("the same as item %d: %s", f.number, actual)
	case ruleMinContains:
		return "at least " + counted(s.array.minContains, "item") + " like " + s.array.contains.target(), fmt.Sprintf("%d of them", f.number)
	case ruleMaxContains:
		return "at most " + counted(s.array.maxContains, "item") + " like " + s.array.contains.target(), fmt.Sprintf("%d of them", f.number)
	case ruleMinMembers:
		return "at least " + counted(s.object.min, "member"), counted(f.number, "member")
	case ruleMaxMembers:
		return "at most " + counted(s.object.max, "member"), counted(f.number, "member")
	case ruleRequired:
		expected = f.need.of.describe()
		if f.name != "" {
			expected += " because " + f.name + " is there"
		}
		return expected, "absent"
	case ruleExtraMember:
		return s.object.onlyThese(), actual
	case ruleMemberName:
		return "a member name that is " + f.text, quoted(f.node.Name)
	case ruleBarred:
		return f.text, actual
	case ruleUnknown:
		return "a member that the contract describes", actual
	case ruleNot:
		return "no match with " + s.not.target(), actual
	case ruleSeveral:
		return fmt.Sprintf("exactly one of %d alternatives", len(f.choice.branches)), f.text
	case ruleTag:
		return oneOfWords(f.choice.tags), actual
	case ruleTagMissing:
		return oneOfWords(f.choice.tags), "absent"
	}
	return "", actual
}

func counted(n int, of string) string {
	if n == 1 {
		return "1 " + of
	}
	return fmt.Sprintf("%d %ss", n, of)
}

func describeValue(n *payload.Node) string {
	switch n.Kind {
	case payload.Null, payload.Array, payload.Object:
		return n.Brief()
	}
	return n.Kind.String() + " " + n.Brief()
}

func (r *objectRule) onlyThese() string {
	if len(r.listed) == 0 {
		return "no such member"
	}
	names := make([]string, 0, len(r.listed))
	for _, p := range r.listed {
		names = append(names, quoted(p.name))
	}
	return "no members but " + strings.TrimPrefix(oneOfWords(names), "one of ")
}

// words lists types: "string or null".
func (t typeSet) words() string {
	var names []string
	for i, name := range typeNames {
		if t&(1<<i) != 0 {
			names = append(names, name)
		}
	}
	slices.SortStableFunc(names, func(a, b string) int {
		switch {
		case a == "null" && b != "null":
			return 1
		case b == "null" && a != "null":
			return -1
		}
		return 0
	})
	return strings.Join(names, " or ")
}

// describe says in a few words what a schema wants.
func (s *jsonSchema) describe() string {
	for hops := 0; s != nil && s.ref != nil && s.types == 0 && s.enum == nil && hops < 10; hops++ {
		s = s.ref
	}
	switch {
	case s == nil:
		return "a value"
	case s.enum != nil:
		return oneOfWords(s.enum.list)
	case s.types == 0 && s.object != nil:
		return "object"
	case s.types == 0:
		return "a value"
	case s.types == typeString && s.text != nil && s.text.format != nil:
		return "string: " + s.text.format.words
	}
	return s.types.words()
}

// place is the rule's place in the document.
func (f *jsonFinding) place() string {
	switch f.rule {
	case ruleRequired:
		return f.need.at
	case ruleExtraMember:
		return f.schema.place + "/additionalProperties"
	case ruleTag, ruleTagMissing:
		return f.choice.tagAt
	case ruleTypes, ruleValues, ruleSeveral:
		return f.choice.place
	case ruleNot:
		return f.schema.not.place
	}
	return f.schema.place
}

func (f *jsonFinding) violation(t *payload.Tree) Violation {
	v := Violation{Path: t.Path(f.node), Kind: f.kind(), Schema: f.place(), Line: int(f.node.Line), Col: int(f.node.Col), Soft: f.rule == ruleUnknown}
	v.Expected, v.Actual = f.words()
	switch f.rule {
	case ruleRequired:
		v.Path += "/" + payload.EscapePointer(f.need.name)
	case ruleTagMissing:
		v.Path += "/" + payload.EscapePointer(f.choice.tag)
	}
	return v
}

// violations puts the findings into words, in the order of the body.
func (e *evaluation) violations(s *jsonSchema) []Violation {
	found := e.found[:min(len(e.found), MaxViolations)]
	all := make([]Violation, 0, len(found)+1)
	known := make(map[Violation]bool, len(found))
	add := func(list []jsonFinding) {
		for i := range list {
			// Two parts of an allOf may demand the same member: one violation.
			if v := list[i].violation(e.tree); !known[v] {
				known[v] = true
				all = append(all, v)
			}
		}
	}
	add(found)
	add(e.unknownMembers())
	slices.SortStableFunc(all, func(a, b Violation) int {
		if a.Line != b.Line {
			return a.Line - b.Line
		}
		return a.Col - b.Col
	})
	root := e.tree.Root
	if len(e.found) > MaxViolations {
		all = append(all, Violation{Kind: Value, Expected: fmt.Sprintf("at most %d violations", MaxViolations), Actual: "more; the rest was cut off",
			Schema: s.place, Line: int(root.Line), Col: int(root.Col)})
	}
	if e.spent {
		all = append(all, Violation{Kind: Malformed, Expected: "a body that can be judged with a bounded amount of work",
			Actual: fmt.Sprintf("not decided after %d steps: alternatives of the schema overlap and nest; shorten the body or add a discriminator", e.work),
			Schema: s.place, Line: int(root.Line), Col: int(root.Col)})
	}
	if len(all) == 0 {
		return nil
	}
	return all
}
