// Package redis speaks to a Redis or Valkey server: the few commands and scripts
// that several mocks need to have their state, journal, faults and call limits in
// common. It speaks the protocol (RESP2) itself: a client library is many times the
// size of everything that uses it here.
//
// It knows nothing of what is kept there, and nothing of clusters or sentinels.
//
// Read client.go first.
package redis
