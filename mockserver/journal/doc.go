// Package journal remembers what came in, what was decided and why.
//
// It is a bounded ring for each session; the oldest entries make room. Keeping
// an entry costs next to nothing: bodies are held as they came, and only reading
// an entry renders it ([Entry.Render]) and takes the secrets out.
//
// Read entry.go first.
package journal
