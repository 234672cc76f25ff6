// Package scenarios holds what is tried: scenario files per contract, and the code
// that reads them and checks them against the contract.
//
// # The file
//
// A file holds one or more YAML documents, one scenario each:
//
//	id: orders.duplicate-number              # unique; dots group
//	title: A second order with the same number is refused
//	profile: core                            # default core
//	requirements: [OR-017]
//	given: [{state: order, params: {}, as: o}]   # asks for a provider state; ${o.number}
//	steps:
//	  - id: create
//	    operation: addOrder
//	    identity: default                    # or a name of the auth file, none, wrong
//	    scheme: root-attributes              # send its credentials by this scheme alone
//	    request: {example: full, set: {/number: "${unique}"}, remove: [/payer]}
//	    expect: {status: 201, body: {/id: {format: uuid}}}
//	    capture: {order: /id}                # ${create.order} from here on
//
// A request takes its body from one of example, body (inline), raw and raw-base64;
// set and remove then edit it. A body beside an example stands for that of the example,
// which gives the rest. Path, query, headers, media-type and
// method overrule what the example says. In an inline XML body "@name" is an
// attribute, "#text" the text beside attributes, a list a repeated element.
//
// expect names a status (or several), an outcome ("http:409", "global:0",
// "item:1045" for every item, or {1: "item:7001", 2: "item:7009"} by item; a list
// instead of one means any of them; "item:" that every item is taken, without a code:
// where it is not, that is a warning, and the steps that need it are not tried),
// headers, body, no-body, and refused: true for a
// request that must not be accepted, whatever says so. Without status, outcome and
// refused any 2xx is expected. A step that accepts several statuses says because of
// which erratum. Every response is judged against the contract without being told.
//
// A body expectation maps paths to matchers. A JSON Pointer or XPath with '*', or
// an XPath step without an index, names all nodes it fits, and each must match.
// "same-as: create.response" compares the whole body.
//
// # References
//
// In every string of a request or an expectation:
//
//	${unique}               12 characters of [A-Z0-9], one value per run of a scenario
//	${uuid}                 a UUID, one value per run of a scenario
//	${unique:b} ${uuid:b}   further ones by name
//	${name.field}           what given or a step's capture answered
//	${step.request:/path}   a node of an earlier request; ${step.response:/path} of its response
//	${request:/path}        a node of this step's own request (in expect only)
//
// A string that is one reference and nothing else keeps the type of what it names.
// "$${" stands for the two characters "${".
//
// # Matchers
//
// A literal, or a mapping of: format, regex (found anywhere), type, one-of, absent,
// present, gt, lt, gte, lte (numbers or times), same-as, ignore-case, each,
// contains, lacks, size, has. Several keys must all hold. Numbers compare by value (1 is 1.0).
// In XML each, contains and size speak of the elements that the path names, and inside
// another matcher of those in the element; in JSON of the items of the array. A header is
// a text: none of the three, nor has, is for it. lacks looks at every value below the place: what belongs
// to somebody else is nowhere in {lacks: "${create.order}"}. has maps paths below the value to matchers (in XML
// they begin below the element): an entry of a list wherever it stands is
// {contains: {has: {/type: missingField}}}.
//
// An answer that is held against a request (${request:/path}) may have members that
// the request had not: a server may add to what it was sent. What the contract does
// not describe is not compared with an earlier answer, and UUIDs and times are compared
// (also those of a day) by value, whatever their case or zone. Where the contract says
// null-is-absent, null and no member are the same.
//
// # What it is not
//
// Not a programming language: no loops, no conditions, no arithmetic, no code. Two
// scenarios share nothing and run in any order. The only retry is "eventually: {within: 5s}":
// the step is asked again until it holds, at most for that time.
//
// Read scenario.go first, then load.go.
package scenarios
