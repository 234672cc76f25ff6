// Package specs holds what was agreed: the contracts as data, and the code that
// reads them and judges by them.
//
// [Open] opens a built-in contract by name, a folder with a contract.yaml, or a
// bare OpenAPI document. A [Contract] is immutable and safe for concurrent use.
//
// The package knows no contract: everything that differs between contracts is in
// the bundles (specs/otms, specs/transeu, specs/otm5, or a user's own folder).
// It does no network access, ever.
//
// Read contract.go first.
package specs
