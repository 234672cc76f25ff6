// Package payload holds one tree for a JSON or an XML body.
//
// A message is parsed once; rules, validators, matchers, templates and diffs
// then all work on the same [Tree] and name its fields in the same way: by JSON
// Pointer (RFC 6901) in JSON, by XPath with indexes in XML.
//
// The package parses and writes JSON itself ([ParseJSON], [Tree.JSON]). XML
// is read by the package that owns the C library (specs/schema/xmlsafe), which
// builds the tree with [Builder]; writing XML ([Tree.XML]) is done here.
//
// It is not a validator (see specs/schema) and not a general DOM: comments,
// processing instructions and namespace prefixes are dropped.
//
// Read node.go first.
package payload
