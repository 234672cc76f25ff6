// Package specs holds what was agreed: the contracts as data, and the code that
// reads them and judges by them.
//
// [Open] opens a built-in contract by name, a folder with a contract.yaml, or a
// bare OpenAPI document. A [Contract] is immutable and safe for concurrent use.
// What keeps a contract from being opened is a [LoadError] with every finding,
// each with file and line; whether an opened one is consistent is for specs/lint.
//
// The package knows no contract: everything that differs between contracts is in
// the bundles (specs/otms, specs/transeu, specs/otm5, or a user's own folder).
// It does no network access, ever, and reads no file outside a contract.
//
// Read contract.go first. Then, by question:
//
//	open.go, bundle.go, check.go     how is a contract opened, and what is checked
//	document.go, openapi.go          what is taken from the OpenAPI document
//	media.go, xmlbody.go, params.go  how are bodies and parameters judged
//	router.go                        which operation does a request mean
//	infer*.go                        what does a document without a bundle do
//	init.go, export.go               how does a new bundle begin
package specs
