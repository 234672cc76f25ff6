package otherhand

import (
	"math/rand/v2"
	"reflect"
)

// readings are the points that the pages leave open. Zero is the plain reading.
type readings struct {
	// The look of an answer.
	Encoding  int // UTF-8, with a byte order mark, ISO-8859-1, UTF-16, ASCII with references
	Quotes    int // double, single
	Indent    int // none, two spaces, tab and CR LF
	CData     int // texts plain, in CDATA sections
	Remarks   int // none, comments and processing instructions
	Schema    int // nothing, an unused namespace and the place of a schema at the root
	Charset   int // content type without, with a charset, in capitals
	Leave     int // elements without content: written empty, left away
	Extra     int // nothing, elements and attributes nobody knows
	Unordered int // children whose order no page shows: as listed, reversed
	Lists     int // an empty list: an empty element, left away

	// Refusals of whole requests.
	Malformed   int // 400 with HTML, 500 with plain text, 422 without a body, 200 with code 1
	MediaType   int // not looked at, 415
	Method      int // 405, 404
	Unauthentic int // code 0 in a 200; 401 where no page lists code 0
	NoVersion   int // where it is required: code 1, 400
	Limit       int // 100 where a page says so and nowhere else; 100 everywhere
	Structure   int // an item that breaks the form: the item fails, the request fails

	// Fields.
	Case        int // a number is echoed as it was sent, in lower case, as it is stored
	Lookup      int // a number's case does not matter, does matter
	Both        int // both numbers are echoed, the one that was sent
	Sequence    int // always echoed, left away where the pages' example has none
	Processed   int // number of items, number of items that did not fail
	Booleans    int // true, false, 1 and 0; TRUE and FALSE too
	CodeList    int // cost update: strResponseCodes in a list of that name, responseCodes/responseCode/code, without a list
	Root        int // cost update: named like the request, like the operation, like the template
	Dot         int // the pattern of amounts has a decimal point, has any character
	First       int // what is looked at first: the fields, the order
	Category    int // CARGO and CATEGORY are two units, CARGOCATEGORY is one
	LinkFailure int // code of a failed link: 7009, 7100, empty, left away
	LinkGlobal  int // general code when links fail: 7001, 7009
	Amount      int // an empty lineHaul: no change, an amount of zero

	// Behaviour.
	PointKey   int // points are found by type and external id, or by the caller's reference too
	Zip        int // a wrong postcode: 1001, 1015
	Drafts     int // an order with missing parts: refused with its code, a draft with its code
	Branches   int // any branch, Shanghai alone
	Automatic  int // autoProcessMode is obeyed, ignored
	Client     int // the client code of a shipper is passed over, unknown
	Recalled   int // an unknown order at recall: NOT_RECALLED, FAILED
	NotThere   int // update of an unknown order: 7009, 7100
	Bare       int // answers that no page shows: like the others, of another form
	Outbound   int // an order of an export: as clients read it, as flat fields
	Suggestion int // the price file matching looks at the header, at the body alone
	JSON       int // answers to JSON: JSON, plain text, nothing
	Headers    int // the credentials of the JSON operations: Basic too, their own headers alone
}

// kinds says how many ways a reading has.
var kinds = map[string]int{"Encoding": 5, "Indent": 3, "Charset": 3, "Malformed": 4, "Case": 3, "LinkFailure": 4, "JSON": 3, "Root": 3, "CodeList": 3}

// set gives a reading a value.
func (r *readings) set(name string, v int) {
	reflect.ValueOf(r).Elem().FieldByName(name).SetInt(int64(v))
}

// ways lists readings: the plain one, each single other way if asked for, the last way
// of everything, and mixtures.
func ways(single bool, mixtures int) (names []string, list []readings) {
	add := func(name string, r readings) { names, list = append(names, name), append(list, r) }
	add("plain", readings{})
	t := reflect.TypeFor[readings]()
	count := func(name string) int { return max(2, kinds[name]) }
	for f := range t.Fields() {
		for v := 1; single && v < count(f.Name); v++ {
			var r readings
			r.set(f.Name, v)
			add(f.Name+"-"+string(rune('0'+v)), r)
		}
	}
	var last readings
	for f := range t.Fields() {
		last.set(f.Name, count(f.Name)-1)
	}
	add("everything", last)
	// Every way of every reading is in as many mixtures as any other.
	dice := rand.New(rand.NewPCG(5, 6))
	mixed := make([]readings, mixtures)
	for f := range t.Fields() {
		for i, v := range dice.Perm(mixtures) {
			mixed[i].set(f.Name, v%count(f.Name))
		}
	}
	for i, r := range mixed {
		add("mixture-"+string(rune('a'+i)), r)
	}
	return names, list
}
