// Package journal remembers what came in, what was decided and why.
//
// It is a bounded ring for each session, and bounded in bytes over all of them; the
// oldest make room. It is kept in memory ([New]) or at a Redis server ([NewShared]),
// where several mocks have it in common. Keeping
// an entry in memory costs next to nothing: bodies are held as they came, and only reading
// an entry renders it ([Entry.Render]) and takes the secrets out.
//
// Read entry.go first.
package journal
