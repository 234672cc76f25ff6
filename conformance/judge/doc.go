// Package judge holds one exchange against one operation of a contract.
//
// The engine, the proxy and the check of recorded traffic all judge here and
// nowhere else: [Response] looks at status, headers, media type, body and the codes
// inside it, [Request] at what a client sent. Both give every finding at once.
//
// How severe a finding is follows from the evidence: only what the sources document
// counts as an error. What the contract inferred is a warning, and so is what plain
// HTTP allows without a contract saying so (405, 429, a gateway's 502).
//
// It does not know what a test expected; that is the engine's affair.
//
// Read finding.go first.
package judge
