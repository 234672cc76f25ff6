package reports

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
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

// size says how large a family is: "2866 times, 65 causes, 26 operations".
func (f Family) size() string {
	n := f.Deviations()
	times := fmt.Sprintf("%d times", n)
	if n == 1 {
		times = "once"
	}
	return fmt.Sprintf("%s, %d %s, %d %s", times, len(f.Groups), plural(len(f.Groups), "cause"), f.Operations(), plural(f.Operations(), "operation"))
}

// quota says how many causes of each family are shown where at most so many are: each
// family has its share, and what one does not need goes to the next.
func quota(families []Family, most int) []int {
	shares := make([]int, len(families))
	for left := most; left > 0; {
		given := false
		for i, f := range families {
			if left > 0 && shares[i] < len(f.Groups) {
				shares[i]++
				left--
				given = true
			}
		}
		if !given {
			break
		}
	}
	return shares
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

// kind is one line of the table of families.
type kind struct {
	id, title, hint string
	fits            func(Group) bool
}

// kinds is the table: the first that fits. The last fits all.
func kinds() []kind {
	in := func(place string) func(Group) bool { return func(g Group) bool { return g.In == place } }
	is := func(names ...string) func(Group) bool {
		return func(g Group) bool { return slices.Contains(names, g.Kind) }
	}
	// from and to are the classes of the expected and the found status.
	status := func(from, to string) func(Group) bool {
		return func(g Group) bool {
			return g.In == "status" && strings.ContainsAny(from, first(g.Expected())) && strings.ContainsAny(to, first(g.Actual()))
		}
	}
	return []kind{
		{"waived", "Accepted for a time", "Waivers cover these deviations until they expire.", func(g Group) bool { return g.Waived }},
		{"no-answer", "Does not answer", "The connection failed or took too long.", is("unreachable")},
		{"accepts-what-must-be-refused", "Accepts what must be refused", "The request is wrong, lacks credentials or meets a state that forbids it, and is answered as if all were well.",
			func(g Group) bool {
				return status("4", "23")(g) || g.In == "status" && strings.HasPrefix(g.Expected(), "a refusal") && strings.ContainsAny("23", first(g.Actual()))
			}},
		{"refuses-what-must-be-accepted", "Refuses what must be accepted", "The request is one that the contract allows.", status("23", "4")},
		{"fails", "Fails inside", "A status of 500 and above says that the server broke, not that the request was wrong.", status("1234a", "5")},
		{"refuses-otherwise", "Refuses with another status than documented", "It is refused, as it must be; clients that look at the status take it for something else.", status("4a", "4")},
		{"other-status", "Another status than documented", "Clients that look at the status take it for something else.", in("status")},
		{"headers", "Headers differ", "A header is missing, or says something else than the contract.", in("header")},
		{"state", "State is not what was done to it", "What was written is not what is read, or what was refused had an effect.", in("state")},
		{"timing", "Too slow", "The answer came later than the contract allows.", in("timing")},
		{"other-code", "Another code in the answer than documented", "The status may be right; the code in the body is not the one that the contract names for this case.", is("code")},
		{"malformed", "Answers cannot be read", "The body is not what its Content-Type says.", is("malformed")},
		{"lacks", "Answers lack what they must hold", "A member that the schema requires, or that was sent before, is not there.", is("missing")},
		{"surplus", "Answers hold what nobody described", "A client that checks strictly would refuse them.", is("unexpected")},
		{"order", "Elements stand in another order", "The schema gives an order, and clients that check it refuse another one.", is("order")},
		{"breaks-schema", "Values in answers break the schema", "A value has another type, format or range than documented.", is("type", "format", "enum", "pattern", "range", "length")},
		{"other-value", "Answers hold other values than they must", "What was stored, sent or counted is not what comes back.", func(Group) bool { return true }},
	}
}

// first gives the first character of a text, one that no status has for none.
func first(s string) string {
	if s == "" {
		return "-"
	}
	return s[:1]
}

func familyOf(g Group) Family {
	for _, k := range kinds() {
		if k.fits(g) {
			return Family{ID: k.id, Title: k.title, Hint: k.hint}
		}
	}
	return Family{}
}
