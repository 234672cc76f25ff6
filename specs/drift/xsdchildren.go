package drift

import (
	"fmt"
	"slices"
	"strings"

	"github.com/roadworthy-project/roadworthy/specs/schema"
)

func (x *xsdComparison) children(path string, was, is *schema.XMLOutline) {
	around := x.within
	defer func() { x.within = around }()
	x.within = is
	var gone, fresh []*schema.XMLOutline
	var stayed [][2]*schema.XMLOutline
	for _, old := range was.Children {
		if now := child(is, old.Name, old.Attribute); now != nil {
			stayed = append(stayed, [2]*schema.XMLOutline{old, now})
		} else {
			gone = append(gone, old)
		}
	}
	for _, now := range is.Children {
		if child(was, now.Name, now.Attribute) == nil {
			fresh = append(fresh, now)
		}
	}
	renamed := map[*schema.XMLOutline]bool{}
	for _, old := range gone {
		now, id := x.successor(was, is, old, fresh, renamed)
		if now == nil {
			x.removed(path, old)
			continue
		}
		renamed[now] = true
		x.add(id, pathOf(path, now), old, now, "%s takes the place of %s", fieldWord(now), fieldWord(old))
		if id != "xsd-element-became-attribute" {
			stayed = append(stayed, [2]*schema.XMLOutline{old, now})
		}
	}
	for _, now := range fresh {
		if !renamed[now] {
			x.fresh(path, was, is, now)
		}
	}
	for _, pair := range stayed {
		x.element(pathOf(path, pair[1]), pair[0], pair[1])
	}
	x.choices(path, was, is)
	x.order(path, was, is)
}

// choices compares whether one of several alternatives must be there.
func (x *xsdComparison) choices(path string, was, is *schema.XMLOutline) {
	told := map[int]bool{}
	for _, now := range is.Children {
		old := child(was, now.Name, now.Attribute)
		if old == nil || now.Choice == 0 || old.Choice == 0 || told[now.Choice] {
			continue
		}
		told[now.Choice] = true
		var names []string
		for _, c := range is.Children {
			if c.Choice == now.Choice {
				names = append(names, c.Name)
			}
		}
		all := strings.Join(names, " or ")
		switch {
		case old.ChoiceMin > 0 && now.ChoiceMin == 0:
			x.add("xsd-choice-became-optional", path, was, is, "none of %s need be in %s now", all, is.Name)
		case old.ChoiceMin == 0 && now.ChoiceMin > 0:
			x.add("xsd-choice-became-required", path, was, is, "one of %s must be in %s now", all, is.Name)
		}
	}
}

// alternative tells whether a new element may stand where others were the only ones.
func alternative(was, is, now *schema.XMLOutline) bool {
	return now.Choice > 0 && slices.ContainsFunc(is.Children, func(c *schema.XMLOutline) bool {
		if c.Choice != now.Choice {
			return false
		}
		old := child(was, c.Name, false)
		return old != nil && old.Choice > 0
	})
}

func child(of *schema.XMLOutline, name string, attribute bool) *schema.XMLOutline {
	for _, c := range of.Children {
		if c.Name == name && c.Attribute == attribute {
			return c
		}
	}
	return nil
}

func pathOf(parent string, o *schema.XMLOutline) string {
	if o.Attribute {
		return parent + "/@" + o.Name
	}
	return parent + "/" + o.Name
}

// successor finds what stands for a field that is gone: the same name as an
// attribute instead of an element, or another name at the same place with the same
// type. A guess must be the only one possible.
func (x *xsdComparison) successor(was, is, old *schema.XMLOutline, fresh []*schema.XMLOutline, taken map[*schema.XMLOutline]bool) (*schema.XMLOutline, string) {
	var found *schema.XMLOutline
	for _, now := range fresh {
		if taken[now] {
			continue
		}
		if now.Name == old.Name {
			return now, "xsd-element-became-attribute"
		}
		if now.Attribute != old.Attribute || look(now) != look(old) || !old.Attribute && neighbours(was, is, old) != neighbours(is, was, now) {
			continue
		}
		if found != nil {
			return nil, ""
		}
		found = now
	}
	if old.Attribute {
		return found, "xsd-attribute-renamed"
	}
	return found, "xsd-element-renamed"
}

// neighbours names the siblings around a field that are on both sides.
func neighbours(parent, other, of *schema.XMLOutline) string {
	before, after, passed := "", "", false
	for _, c := range parent.Children {
		switch {
		case c == of:
			passed = true
		case c.Attribute != of.Attribute || child(other, c.Name, c.Attribute) == nil:
		case !passed:
			before = c.Name
		case after == "":
			after = c.Name
		}
	}
	return before + " " + after
}

// look writes down what a field is, without its name.
func look(o *schema.XMLOutline) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%d-%d %d %q %s(", o.Min, o.Max, min(o.Choice, 1), o.Fixed, valueText(o.Value))
	for _, c := range o.Children {
		fmt.Fprintf(&b, "%s %v:%s,", c.Name, c.Attribute, look(c))
	}
	b.WriteString(")")
	return b.String()
}

func (x *xsdComparison) removed(path string, old *schema.XMLOutline) {
	switch {
	case old.Attribute && old.Min > 0:
		x.add("xsd-required-attribute-removed", pathOf(path, old), old, nil, "the attribute %s is gone; it was always there", old.Name)
	case old.Attribute:
		x.add("xsd-attribute-removed", pathOf(path, old), old, nil, "the attribute %s is gone", old.Name)
	case old.Min > 0:
		x.add("xsd-required-element-removed", pathOf(path, old), old, nil, "the element %s is gone; it was always there", old.Name)
	default:
		x.add("xsd-element-removed", pathOf(path, old), old, nil, "the element %s is gone", old.Name)
	}
}

func (x *xsdComparison) fresh(path string, was, is, now *schema.XMLOutline) {
	switch {
	case alternative(was, is, now):
		x.add("xsd-alternative-added", pathOf(path, now), nil, now, "the element %s may stand in place of others now", now.Name)
	case now.Attribute && now.Min > 0:
		x.add("xsd-required-attribute-added", pathOf(path, now), nil, now, "there is a new attribute, %s, and it is required", now.Name)
	case now.Attribute:
		x.add("xsd-attribute-added", pathOf(path, now), nil, now, "there is a new optional attribute, %s", now.Name)
	case now.Min > 0:
		x.add("xsd-required-element-added", pathOf(path, now), nil, now, "there is a new element, %s, and it is required", now.Name)
	default:
		x.add("xsd-element-added", pathOf(path, now), nil, now, "there is a new optional element, %s", now.Name)
	}
}

// order compares the order of the elements that both sides have.
func (x *xsdComparison) order(path string, was, is *schema.XMLOutline) {
	names := func(of, other *schema.XMLOutline) (all []string, free int) {
		for _, c := range of.Children {
			if o := child(other, c.Name, false); c.Attribute || o == nil {
				continue
			} else if c.Ordered && o.Ordered && (c.Choice == 0 || c.Choice != o.Choice) {
				all = append(all, c.Name)
			} else if !c.Ordered && o.Ordered {
				free++
			}
		}
		return all, free
	}
	a, lost := names(was, is)
	b, won := names(is, was)
	switch {
	case won > 1:
		x.add("xsd-order-free", path, was, is, "the order of the elements in %s does not count any more", is.Name)
	case lost > 1:
		x.add("xsd-order-fixed", path, was, is, "the elements in %s must stand in the order of the schema now", is.Name)
	case !slices.Equal(a, b):
		x.add("xsd-order-changed", path, was, is, "the elements in %s stand in the order %s now, %s before", is.Name, strings.Join(b, ", "), strings.Join(a, ", "))
	}
}
