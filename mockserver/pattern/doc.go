// Package pattern selects requests of the journal and explains those that it nearly
// selects. Its names are those of WireMock where that has them, so that what a test
// says there can be said here.
//
// A [Pattern] is data; Compile makes conditions of it, each with a name, and a request
// fits when it meets them all. A request that does not is explained condition by
// condition, and inside a body field by field.
//
// Read pattern.go first, then matcher.go.
package pattern
