// Package yamlfile reads YAML that people write: strictly, with every finding of
// a file reported at once, each with its line and what to do about it.
//
// Unknown and repeated keys are findings, and so is a value of another type than
// the Go field it is for. [Parse] gives the nodes, [Decode] fills a struct by its
// yaml tags, [Tree] makes a payload tree that keeps the lines.
//
// It is not a general YAML binding: no tags, no custom types beyond
// yaml.Unmarshaler, and hostile input (deep nesting, alias bombs) is refused.
//
// Read problem.go first.
package yamlfile
