// Package match holds the matchers of a scenario's expectations against a body.
//
// It works on payload nodes, JSON and XML alike, and reports every difference with
// its path, what was expected and what was found. References (${…}) are resolved by
// a function that the caller gives.
//
// It knows neither HTTP nor contracts; whether a body is valid by its schema is
// judged elsewhere (conformance/judge).
//
// Read match.go first.
package match
