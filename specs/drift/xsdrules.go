package drift

// xsdRules is the table of what can change in an XML Schema. In a request a
// narrower schema breaks the client that sent what is refused now; in a response a
// wider one breaks the client that reads what was never there before.
func xsdRules() []Rule {
	const area = "xsd"
	rule := func(id string, request, response Severity, about string) Rule {
		return Rule{ID: id, Area: area, Request: request, Response: response, About: about}
	}
	return []Rule{
		rule("xsd-root-added", Info, Info, "there is a new root element"),
		rule("xsd-root-removed", Breaking, Breaking, "a root element is gone"),
		rule("xsd-namespace-changed", Breaking, Breaking, "the elements are in another namespace"),
		rule("xsd-element-added", Info, Info, "there is a new optional element"),
		rule("xsd-required-element-added", Breaking, Info, "there is a new required element"),
		rule("xsd-element-removed", Breaking, Warning, "an optional element is gone"),
		rule("xsd-required-element-removed", Breaking, Breaking, "a required element is gone"),
		rule("xsd-element-renamed", Breaking, Breaking, "an element has another name: same place, same type"),
		rule("xsd-attribute-added", Info, Info, "there is a new optional attribute"),
		rule("xsd-required-attribute-added", Breaking, Info, "there is a new required attribute"),
		rule("xsd-attribute-removed", Breaking, Warning, "an optional attribute is gone"),
		rule("xsd-required-attribute-removed", Breaking, Breaking, "a required attribute is gone"),
		rule("xsd-attribute-renamed", Breaking, Breaking, "an attribute has another name: same parent, same type"),
		rule("xsd-element-became-attribute", Breaking, Breaking, "an element is an attribute now, or the other way round"),
		rule("xsd-became-required", Breaking, Info, "what was optional is required"),
		rule("xsd-became-optional", Info, Breaking, "what was required is optional"),
		rule("xsd-occurrence-narrowed", Breaking, Info, "fewer of an element are allowed, or more are needed"),
		rule("xsd-occurrence-widened", Info, Breaking, "more of an element are allowed, or fewer are needed"),
		rule("xsd-order-changed", Breaking, Warning, "elements stand in another order"),
		rule("xsd-order-free", Info, Warning, "the order of elements does not count any more"),
		rule("xsd-order-fixed", Breaking, Info, "the order of elements counts now"),
		rule("xsd-became-exclusive", Breaking, Info, "only one of several elements may be there"),
		rule("xsd-no-longer-exclusive", Info, Warning, "several elements may be there together, of which one was allowed"),
		rule("xsd-alternative-added", Info, Breaking, "there is a new alternative to elements that were the only ones"),
		rule("xsd-choice-became-required", Breaking, Info, "one of several elements must be there"),
		rule("xsd-choice-became-optional", Info, Breaking, "none of several elements need be there"),
		rule("xsd-content-changed", Breaking, Breaking, "an element holds text instead of elements, or the other way round"),
		rule("xsd-type-narrowed", Breaking, Info, "fewer values are of the type"),
		rule("xsd-type-widened", Info, Breaking, "more values are of the type"),
		rule("xsd-type-changed", Breaking, Breaking, "values are of another type"),
		rule("xsd-enum-value-removed", Breaking, Info, "a value of a list is gone"),
		rule("xsd-enum-value-added", Info, Breaking, "a list has a new value"),
		rule("xsd-pattern-added", Breaking, Info, "values must have a form"),
		rule("xsd-pattern-removed", Info, Warning, "values need not have a form any more"),
		rule("xsd-pattern-changed", Warning, Warning, "values must have another form; whether a narrower one is for people to see"),
		rule("xsd-length-narrowed", Breaking, Info, "the length of values is bound more tightly"),
		rule("xsd-length-widened", Info, Breaking, "values may be longer or shorter"),
		rule("xsd-bound-narrowed", Breaking, Info, "fewer numbers or dates are allowed"),
		rule("xsd-bound-widened", Info, Breaking, "more numbers or dates are allowed"),
		rule("xsd-digits-narrowed", Breaking, Info, "fewer digits are allowed"),
		rule("xsd-digits-widened", Info, Breaking, "more digits are allowed"),
		rule("xsd-fixed-changed", Breaking, Breaking, "the only value is another one"),
		rule("xsd-fixed-added", Breaking, Info, "only one value is allowed"),
		rule("xsd-fixed-removed", Info, Breaking, "other values are allowed than the only one before"),
		rule("xsd-default-added", Info, Info, "what is left out stands for a value"),
		rule("xsd-default-changed", Warning, Warning, "what is left out stands for another value, or for none"),
		rule("xsd-nillable-added", Info, Breaking, "an element may be empty with xsi:nil"),
		rule("xsd-nillable-removed", Breaking, Info, "an element may not be empty with xsi:nil any more"),
		rule("xsd-mixed-added", Info, Breaking, "text may stand between elements"),
		rule("xsd-mixed-removed", Breaking, Info, "no text may stand between elements any more"),
		rule("xsd-constraint-added", Breaking, Info, "values must be unique, or refer to each other"),
		rule("xsd-constraint-removed", Info, Warning, "values need not be unique, or refer to each other"),
		rule("xsd-became-closed", Breaking, Info, "nothing else may stand in an element"),
		rule("xsd-became-open", Info, Warning, "anything else may stand in an element"),
		rule("xsd-openness-changed", Warning, Warning, "elements of other namespaces may stand in an element"),
	}
}
