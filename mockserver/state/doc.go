// Package state keeps what the mock server remembers: documents in collections,
// counters, and spaces that are isolated from each other (one for each contract
// and session).
//
// Every [Store] gives serialisable transactions: what happens inside
// [Store.Update] happens as if no other caller existed, all of it or nothing.
// There are three: in memory ([NewMemory]), in memory with a log on disk
// ([OpenFile]) and in Redis ([OpenRedis]), so that replicas share one state.
//
// The package knows neither contracts nor HTTP, and it never looks into a
// document: index values come with it.
//
// Read store.go first.
package state
