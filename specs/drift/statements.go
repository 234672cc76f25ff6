package drift

import (
	"slices"

	"github.com/roadworthy-project/roadworthy/specs"
)

func statementRules() []Rule {
	const area = "statement"
	return []Rule{
		one(area, "requirement-added", Warning, "implementations must keep something new"),
		one(area, "requirement-removed", Warning, "implementations need not keep something any more"),
		one(area, "requirement-level-raised", Breaking, "what could be left out must be kept now"),
		one(area, "requirement-level-lowered", Warning, "what had to be kept may be left out"),
		one(area, "requirement-text-changed", Info, "a requirement is worded otherwise"),
		one(area, "erratum-added", Info, "a contradiction of the documentation was found"),
		one(area, "erratum-removed", Info, "a contradiction of the documentation is settled"),
		one(area, "erratum-reading-changed", Warning, "of a contradiction another reading is taken"),
		one(area, "erratum-leniency-changed", Warning, "beside the reading taken, something else passes"),
	}
}

// level ranks the words of a requirement.
func level(word string) int { return slices.Index([]string{"MAY", "SHOULD", "MUST"}, word) }

func (c *comparison) statements() {
	was, is := map[string]*specs.Requirement{}, map[string]*specs.Requirement{}
	for _, r := range c.before.Requirements {
		was[r.ID] = r
	}
	for _, r := range c.after.Requirements {
		is[r.ID] = r
	}
	for _, id := range sortedNames(was, is) {
		c.requirement(was[id], is[id])
	}
	old, now := map[string]*specs.Erratum{}, map[string]*specs.Erratum{}
	for _, e := range c.before.Errata {
		old[e.ID] = e
	}
	for _, e := range c.after.Errata {
		now[e.ID] = e
	}
	for _, id := range sortedNames(old, now) {
		c.erratum(old[id], now[id])
	}
}

func (c *comparison) requirement(was, is *specs.Requirement) {
	const file = "requirements.yaml"
	switch {
	case was == nil:
		c.add("requirement-added", Both, spot{path: is.ID, where: c.now(file, is.Line), basis: is.Basis}, "%s (%s) is new: %s", is.ID, is.Level, is.Text)
		return
	case is == nil:
		c.add("requirement-removed", Both, spot{path: was.ID, where: c.old(file, was.Line), basis: was.Basis}, "%s (%s) is gone: %s", was.ID, was.Level, was.Text)
		return
	}
	at := spot{path: is.ID, where: c.now(file, is.Line), basis: is.Basis}
	switch a, b := level(was.Level), level(is.Level); {
	case b > a:
		c.add("requirement-level-raised", Both, at, "%s is %s now, %s before: %s", is.ID, is.Level, was.Level, is.Text)
	case b < a:
		c.add("requirement-level-lowered", Both, at, "%s is %s now, %s before: %s", is.ID, is.Level, was.Level, is.Text)
	}
	if words(was.Text) != words(is.Text) {
		c.add("requirement-text-changed", Both, at, "%s reads %q now, %q before", is.ID, is.Text, was.Text)
	}
}

func (c *comparison) erratum(was, is *specs.Erratum) {
	const file = "errata.yaml"
	switch {
	case was == nil:
		c.add("erratum-added", Both, spot{path: is.ID, where: c.now(file, is.Line)}, "%s: %s; the reading taken is: %s", is.ID, is.Title, is.Reading)
		return
	case is == nil:
		c.add("erratum-removed", Both, spot{path: was.ID, where: c.old(file, was.Line)}, "%s is gone: %s", was.ID, was.Title)
		return
	}
	at := spot{path: is.ID, where: c.now(file, is.Line)}
	if words(was.Reading) != words(is.Reading) {
		c.add("erratum-reading-changed", Both, at, "%s is read as %q now, as %q before", is.ID, is.Reading, was.Reading)
	}
	if words(was.Accepts) != words(is.Accepts) {
		c.add("erratum-leniency-changed", Both, at, "%s lets also pass %q now, %q before", is.ID, is.Accepts, was.Accepts)
	}
}
