// Package statement signs and verifies a conformance statement: an in-toto
// statement (version 1) in a DSSE envelope, with ed25519, over the digests of the
// report, the contract and the suite.
//
// A statement says who was certified, by what, and with which verdict. It is
// bound to one report.json by its SHA-256; [Verify] reads both, byte by byte.
//
// It is no public-key infrastructure: whose key it is must be known from
// elsewhere, or pinned with a public-key file.
package statement
