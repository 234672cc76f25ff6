package payload

import (
	"slices"
	"strconv"
	"strings"
	"time"
)

// DiffKind says in what way two values differ. The words are those of a
// violation.
type DiffKind string

// The ways in which two bodies differ.
const (
	DiffMissing    DiffKind = "missing"    // wanted and not there
	DiffUnexpected DiffKind = "unexpected" // there and not wanted
	DiffType       DiffKind = "type"
	DiffValue      DiffKind = "value"
	DiffOrder      DiffKind = "order" // the same items or elements in another order
)

// Difference is one field in which two bodies differ.
type Difference struct {
	Path     string // in the body that was found; for a missing field the path it would have
	Kind     DiffKind
	Expected string // short, as JSON; "" where nothing was wanted
	Actual   string // short, as JSON; "" where nothing was found
}

// DiffOptions changes what counts as a difference. The zero value compares
// everything.
type DiffOptions struct {
	// Ignore leaves out a field and all below it; the path is that of Difference.
	Ignore func(path string) bool
	// Skip leaves out a value, wanted or found, and all below it.
	Skip func(*Node) bool
	// MoreMembers lets an object that was found have members that are not wanted.
	MoreMembers bool
	// ByValue takes two UUIDs for the same that differ in the case of letters, and two
	// times (RFC 3339) that are the same instant.
	ByValue bool
	// NullIsAbsent makes a member that is null the same as no member.
	NullIsAbsent bool
	// Max is the most differences that are collected; 0 means 100.
	Max int
}

// Diff compares two values of the same notation. In JSON the order of members
// does not count, numbers are equal by value (1 and 1.0) and lists are compared
// item by item; in XML the order of attributes and the white space around text
// do not count and the order of elements does. Paths begin at the given nodes:
// "" in JSON, /name in XML. Equal values give nil.
func Diff(want, got *Node, opts DiffOptions) []Difference {
	if opts.Max <= 0 {
		opts.Max = 100
	}
	d := differ{DiffOptions: opts}
	path := ""
	if got != nil && got.Kind == Element {
		path = "/" + got.Name
	}
	d.compare(path, want, got)
	return d.found
}

// Equal reports whether two values are the same in the sense of [Diff].
func Equal(a, b *Node) bool { return len(Diff(a, b, DiffOptions{Max: 1})) == 0 }

type differ struct {
	DiffOptions
	found []Difference
}

func (d *differ) full() bool { return len(d.found) >= d.Max }

func (d *differ) add(path string, kind DiffKind, expected, actual string) {
	if !d.full() {
		d.found = append(d.found, Difference{Path: path, Kind: kind, Expected: expected, Actual: actual})
	}
}

func (d *differ) skip(path string) bool { return d.full() || d.Ignore != nil && d.Ignore(path) }

func (d *differ) left(n *Node) bool { return n != nil && d.Skip != nil && d.Skip(n) }

func (d *differ) compare(path string, want, got *Node) {
	switch {
	case d.skip(path) || want == nil && got == nil || d.left(want) || d.left(got):
		return
	case want == nil:
		d.add(path, DiffUnexpected, "", got.Brief())
		return
	case got == nil:
		d.add(path, DiffMissing, want.Brief(), "")
		return
	case want.Kind == Element && got.Kind == Element:
		d.elements(path, want, got)
		return
	case want.Kind != got.Kind:
		d.add(path, DiffType, want.Brief(), got.Brief())
		return
	}
	switch want.Kind {
	case Object:
		d.members(path, want, got)
	case Array:
		d.items(path, want, got)
	case Number:
		if want.Value != got.Value && CompareNumbers(want.Value, got.Value) != 0 {
			d.add(path, DiffValue, want.Brief(), got.Brief())
		}
	default:
		if want.Value != got.Value && !(d.ByValue && (sameUUID(want.Value, got.Value) || sameInstant(want.Value, got.Value))) {
			expected, found := want.Brief(), got.Brief()
			if want.Kind == String {
				expected, found = contrast(want.Value, got.Value)
			}
			d.add(path, DiffValue, expected, found)
		}
	}
}

// sameUUID compares two texts as UUIDs, whose letters may be of either case
// (RFC 4122, section 3).
func sameUUID(a, b string) bool {
	return len(a) == 36 && strings.EqualFold(a, b) && strings.IndexFunc(a, notOfUUID) < 0 && strings.Count(a, "-") == 4
}

// sameInstant compares two texts as times: with or without a fraction, in whatever
// zone. A time without a zone is no instant; one without a date comes every day.
func sameInstant(a, b string) bool {
	daily := timeOfDay(a) && timeOfDay(b)
	if daily {
		a, b = "2006-01-02T"+a, "2006-01-02T"+b
	}
	if len(a) < len("2006-01-02T15:04:05Z") || len(b) < len("2006-01-02T15:04:05Z") || a[4] != '-' || b[4] != '-' {
		return false
	}
	x, errX := time.Parse(time.RFC3339, a)
	y, errY := time.Parse(time.RFC3339, b)
	return errX == nil && errY == nil && (x.Equal(y) || daily && x.Sub(y)%(24*time.Hour) == 0)
}

func timeOfDay(s string) bool {
	return len(s) >= len("15:04:05Z") && s[2] == ':' && s[5] == ':'
}

func notOfUUID(r rune) bool {
	return r != '-' && (r < '0' || r > '9') && (r < 'a' || r > 'f') && (r < 'A' || r > 'F')
}

// index finds children by name; a small list is searched as it is.
func (n *Node) index() func(name string) *Node {
	if n.count <= 16 {
		return n.Member
	}
	all := make(map[string]*Node, n.count)
	for c := n.First(); c != nil; c = c.Next() {
		if all[c.Name] == nil {
			all[c.Name] = c
		}
	}
	return func(name string) *Node { return all[name] }
}

func (d *differ) members(path string, want, got *Node) {
	inGot, inWant := got.index(), want.index()
	for w := range want.Children() {
		g := inGot(w.Name)
		if d.NullIsAbsent && w.Kind == Null && g == nil {
			continue
		}
		d.compare(path+"/"+EscapePointer(w.Name), w, g)
	}
	if d.MoreMembers {
		return
	}
	for g := range got.Children() {
		if inWant(g.Name) == nil && !(d.NullIsAbsent && g.Kind == Null) {
			d.compare(path+"/"+EscapePointer(g.Name), nil, g)
		}
	}
}

func (d *differ) items(path string, want, got *Node) {
	before := len(d.found)
	w, g := want.First(), got.First()
	for i := 0; (w != nil || g != nil) && !d.full(); i++ {
		d.compare(path+"/"+strconv.Itoa(i), w, g)
		if w != nil {
			w = w.Next()
		}
		if g != nil {
			g = g.Next()
		}
	}
	if len(d.found) == before || want.count != got.count || d.Ignore != nil {
		return
	}
	if a, b := sortedKeys(want), sortedKeys(got); slices.Equal(a, b) {
		d.found = d.found[:before]
		d.add(path, DiffOrder, want.Brief(), got.Brief())
	}
}

func sortedKeys(n *Node) []string {
	keys := make([]string, 0, n.count)
	for c := n.First(); c != nil; c = c.Next() {
		keys = append(keys, string(appendKey(nil, c)))
	}
	slices.Sort(keys)
	return keys
}

func (d *differ) elements(path string, want, got *Node) {
	if want.Name != got.Name {
		d.add(path, DiffValue, "element "+want.Name, "element "+got.Name)
		return
	}
	for w := want.First(); w != nil && w.Kind == Attribute; w = w.Next() {
		d.compare(path+"/@"+w.Name, w, got.Attr(w.Name))
	}
	for g := got.First(); g != nil && g.Kind == Attribute; g = g.Next() {
		if want.Attr(g.Name) == nil {
			d.compare(path+"/@"+g.Name, nil, g)
		}
	}
	if a, b := strings.TrimSpace(want.Value), strings.TrimSpace(got.Value); a != b {
		expected, found := contrast(a, b)
		d.add(path, DiffValue, expected, found)
	}
	wantNames, wantAll := elementsByName(want)
	gotNames, gotAll := elementsByName(got)
	for _, name := range wantNames {
		ws, gs := wantAll[name], gotAll[name]
		for i := range max(len(ws), len(gs)) {
			at := path + "/" + name
			if len(ws) > 1 || len(gs) > 1 {
				at += "[" + strconv.Itoa(i+1) + "]"
			}
			d.compare(at, nth(ws, i), nth(gs, i))
		}
	}
	for _, name := range gotNames {
		if wantAll[name] == nil {
			for i, g := range gotAll[name] {
				at := path + "/" + name
				if len(gotAll[name]) > 1 {
					at += "[" + strconv.Itoa(i+1) + "]"
				}
				d.compare(at, nil, g)
			}
		}
	}
	d.elementOrder(path, want, got)
}

func nth(list []*Node, i int) *Node {
	if i < len(list) {
		return list[i]
	}
	return nil
}

func elementsByName(n *Node) (names []string, all map[string][]*Node) {
	all = map[string][]*Node{}
	for c := n.First(); c != nil; c = c.Next() {
		if c.Kind != Element {
			continue
		}
		if all[c.Name] == nil {
			names = append(names, c.Name)
		}
		all[c.Name] = append(all[c.Name], c)
	}
	return names, all
}

// elementOrder reports the first element that stands in another place, where
// both have the same elements.
func (d *differ) elementOrder(path string, want, got *Node) {
	var ws, gs []string
	for c := range want.Children() {
		if c.Kind == Element {
			ws = append(ws, c.Name)
		}
	}
	for c := range got.Children() {
		if c.Kind == Element {
			gs = append(gs, c.Name)
		}
	}
	if slices.Equal(ws, gs) {
		return
	}
	if a, b := slices.Sorted(slices.Values(ws)), slices.Sorted(slices.Values(gs)); !slices.Equal(a, b) || d.skip(path) {
		return
	}
	for i := range ws {
		if ws[i] != gs[i] {
			d.add(path+"/"+gs[i], DiffOrder, "element "+ws[i]+" at place "+strconv.Itoa(i+1), "element "+gs[i])
			return
		}
	}
}
