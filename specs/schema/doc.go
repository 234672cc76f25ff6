// Package schema judges a body against its schema: JSON against the schemas of an
// OpenAPI document, XML against XSD.
//
// Both engines give the same [Violation]s, all of a body at once, each with the
// exact field, what was expected, what was found, and the place in the schema.
// Schemas are compiled when a contract is opened; judging compiles nothing.
//
// It does not read HTTP, does not know contracts, and changes no body.
package schema
