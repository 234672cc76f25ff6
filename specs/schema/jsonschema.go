package schema

import (
	"github.com/roadworthy-project/roadworthy/specs/payload"
)

// jsonSchema is one compiled schema object. Nothing in it changes once it is
// compiled.
type jsonSchema struct {
	place string    // "#/components/schemas/Order"
	res   *resource // whose dynamic anchors apply from here on

	fixed    verdict // the boolean schemas
	scalar   bool    // nothing here but what a scalar is judged by
	nullable bool    // OpenAPI 3.0: null is accepted, whatever else is said
	types    typeSet
	enum     *enumRule
	number   *numberRule
	text     *textRule
	object   *objectRule
	array    *arrayRule

	ref     *jsonSchema
	dynamic *dynamicRef
	all     []*jsonSchema
	any     *choice
	one     *choice
	not     *jsonSchema
	cond    *jsonSchema // if
	then    *jsonSchema
	els     *jsonSchema
	// exempt are members that one part of an allOf requires and another marks as
	// not travelling in this direction.
	exempt map[string]bool

	unevaluatedMembers *jsonSchema
	unevaluatedItems   *jsonSchema

	cyclic bool // it leads back to itself without going down into the body
}

// verdict is what a boolean schema says.
type verdict uint8

const (
	accepts verdict = iota + 1
	refuses
)

type objectRule struct {
	byName   map[string]*property
	listed   []*property // in the order of the schema, which bodies tend to follow
	patterns []patternMember
	extra    *jsonSchema // additionalProperties
	declares bool        // properties is there, and does not leave open what else may be

	required []*requirement
	min, max int // members; max -1 is none

	names      *jsonSchema // propertyNames
	dependents []dependent
}

type property struct {
	name     string
	at       string // place of the property in the schema
	schema   *jsonSchema
	required int    // index in required, or -1
	barred   string // why the member must not be sent in this direction, "" if it may
}

type requirement struct {
	name string
	at   string      // place of the member's schema, or of the rule
	of   *jsonSchema // what the member should be, nil where it is not described
}

type patternMember struct {
	text    string
	pattern pattern
	schema  *jsonSchema
}

// dependent is dependentRequired and dependentSchemas (dependencies in draft 7).
type dependent struct {
	on       string
	required []string
	schema   *jsonSchema
	at       string
}

type arrayRule struct {
	prefix   []*jsonSchema
	items    *jsonSchema // behind the prefix
	min, max int         // max -1 is none
	unique   bool

	contains    *jsonSchema
	minContains int
	maxContains int // -1 is none
}

type numberRule struct {
	min, max           string // literals, "" is none
	aboveMin, belowMax bool   // exclusive
	multipleOf         payload.Decimal
	multipleText       string
	format             *numberFormat
}

type textRule struct {
	min, max    int // characters; max -1 is none
	pattern     pattern
	patternText string
	format      *textFormat
}

type dynamicRef struct {
	static *jsonSchema
	// byResource has the schemas of that dynamic anchor; the outermost resource on
	// the way to here wins. Nil where the reference is not dynamic after all.
	byResource map[*resource]*jsonSchema
}

// typeSet is a set of JSON types; no type at all means any.
type typeSet uint8

const (
	typeNull typeSet = 1 << iota
	typeBool
	typeInteger
	typeNumber
	typeString
	typeArray
	typeObject
)

var typeNames = [...]string{"null", "boolean", "integer", "number", "string", "array", "object"}

func typeNamed(name string) typeSet {
	for i, n := range typeNames {
		if n == name {
			return 1 << i
		}
	}
	return 0
}

// kindTypes gives the type of a node by its kind; an integer is a number here.
var kindTypes = [...]typeSet{
	payload.Null: typeNull, payload.Bool: typeBool, payload.Number: typeNumber,
	payload.String: typeString, payload.Array: typeArray, payload.Object: typeObject,
	payload.Attribute: 0,
}

// accepts reports whether a value is of one of the types.
func (t typeSet) accepts(n *payload.Node) bool {
	if t&kindTypes[n.Kind] != 0 {
		return true
	}
	return n.Kind == payload.Number && t&typeInteger != 0 && isInteger(n.Value)
}

func isInteger(literal string) bool {
	for i := range len(literal) {
		if c := literal[i]; c == '.' || c|0x20 == 'e' {
			d, ok := payload.ParseDecimal(literal)
			return ok && d.IsInt()
		}
	}
	return true
}
