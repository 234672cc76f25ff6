// Package admin is the admin API of the mock server, under /__admin/: the journal,
// the state, provider states, faults, coverage and metrics.
//
// Its own OpenAPI document is openapi.json in this folder; a test judges every
// answer by it. The package knows the server only through [Backend].
//
// Read admin.go first: it has the table of routes.
package admin
