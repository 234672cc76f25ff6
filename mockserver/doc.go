// Package mockserver behaves as a contract says: a stateful mock of every
// operation of one or more contracts, as an http.Handler.
//
// A request goes through its stations in this order, one file for each:
// route, authenticate, limit, decode, validate, decide (rules and state in one
// transaction), respond, record. All of them work on one exchange value. No
// station knows which contract it serves: everything that differs between
// contracts is in the bundle.
//
// It does not judge implementations (see conformance) and does not read flags.
//
// Read server.go first, then exchange.go.
package mockserver
