package reports

import (
	"cmp"
	"slices"
)

// Family gathers the groups that are wrong in the same way, whatever the operation
// and the field. A server that checks nothing has hundreds of groups and two or three
// families: they are what its author has to think about.
type Family struct {
	ID    string // "accepts-what-must-be-refused"
	Title string
	Hint  string // what it tends to mean
	// Severity is the worst of the family.
	Severity Severity
	// Groups has at least one, in the order of [Groups].
	Groups []Group
}

// Deviations counts those of all groups.
func (f Family) Deviations() int {
	n := 0
	for _, g := range f.Groups {
		n += len(g.Deviations)
	}
	return n
}

// Operations counts the operations that the family shows in.
func (f Family) Operations() int {
	seen := map[string]bool{}
	for _, g := range f.Groups {
		seen[g.Operation] = true
	}
	return len(seen)
}

// Families puts groups together, the gravest and most frequent first, what is waived
// last.
func Families(groups []Group) []Family {
	index := map[string]int{}
	var all []Family
	for _, g := range groups {
		f := familyOf(g)
		at, known := index[f.ID]
		if !known {
			at = len(all)
			index[f.ID] = at
			all = append(all, f)
		}
		all[at].Groups = append(all[at].Groups, g)
		if weight(g.Severity) > weight(all[at].Severity) {
			all[at].Severity = g.Severity
		}
	}
	slices.SortStableFunc(all, func(a, b Family) int {
		return cmp.Or(cmp.Compare(last(a), last(b)), cmp.Compare(weight(b.Severity), weight(a.Severity)), cmp.Compare(b.Deviations(), a.Deviations()), cmp.Compare(a.ID, b.ID))
	})
	return all
}

func last(f Family) int {
	if f.ID == "waived" {
		return 1
	}
	return 0
}

// familyOf is the table of families: the first that fits.
func familyOf(g Group) Family {
	if g.Waived {
		return Family{ID: "waived", Title: "Accepted for a time", Hint: "Waivers cover these deviations until they expire."}
	}
	if g.Kind == "unreachable" {
		return Family{ID: "no-answer", Title: "Does not answer", Hint: "The connection failed or took too long."}
	}
	switch g.In {
	case "status":
		return statusFamily(g.Expected(), g.Actual())
	case "header":
		return Family{ID: "headers", Title: "Headers differ", Hint: "A header is missing, or says something else than the contract."}
	case "state":
		return Family{ID: "state", Title: "State is not what was done to it", Hint: "What was written is not what is read, or what was refused had an effect."}
	case "timing":
		return Family{ID: "timing", Title: "Too slow", Hint: "The answer came later than the contract allows."}
	}
	switch g.Kind {
	case "code":
		return Family{ID: "other-code", Title: "Another code in the answer than documented", Hint: "The status may be right; the code in the body is not the one that the contract names for this case."}
	case "malformed":
		return Family{ID: "malformed", Title: "Answers cannot be read", Hint: "The body is not what its Content-Type says."}
	case "missing":
		return Family{ID: "lacks", Title: "Answers lack what they must hold", Hint: "A member that the schema requires, or that was sent before, is not there."}
	case "unexpected":
		return Family{ID: "surplus", Title: "Answers hold what nobody described", Hint: "A client that checks strictly would refuse them."}
	case "order":
		return Family{ID: "order", Title: "Elements stand in another order", Hint: "The schema gives an order, and clients that check it refuse another one."}
	case "type", "format", "enum", "pattern", "range", "length":
		return Family{ID: "breaks-schema", Title: "Values in answers break the schema", Hint: "A value has another type, format or range than documented."}
	}
	return Family{ID: "other-value", Title: "Answers hold other values than they must", Hint: "What was stored, sent or counted is not what comes back."}
}

// statusFamily tells by the classes of two statuses what they mean together.
func statusFamily(expected, actual string) Family {
	class := func(s string) byte {
		if s == "" {
			return ' '
		}
		return s[0]
	}
	want, got := class(expected), class(actual)
	switch {
	case want == '4' && (got == '2' || got == '3'):
		return Family{ID: "accepts-what-must-be-refused", Title: "Accepts what must be refused", Hint: "The request is wrong, lacks credentials or meets a state that forbids it, and is answered as if all were well."}
	case (want == '2' || want == '3') && got == '4':
		return Family{ID: "refuses-what-must-be-accepted", Title: "Refuses what must be accepted", Hint: "The request is one that the contract allows."}
	case got == '5':
		return Family{ID: "fails", Title: "Fails inside", Hint: "A status of 500 and above says that the server broke, not that the request was wrong."}
	case want == '4' && got == '4':
		return Family{ID: "refuses-otherwise", Title: "Refuses with another status than documented", Hint: "It is refused, as it must be; clients that look at the status take it for something else."}
	}
	return Family{ID: "other-status", Title: "Another status than documented", Hint: "Clients that look at the status take it for something else."}
}
