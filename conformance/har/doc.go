// Package har reads and writes HTTP archives (HAR 1.2).
//
// [Read] takes what browsers and proxies write, with all their habits: bodies in
// base64 or left out, content codings that are taken off already, pseudo headers of
// HTTP/2, comments, aborted requests. A file comes from outside: size, depth and
// number of entries are bounded, and a broken entry is reported and passed over.
//
// [Writer] writes an archive that is whole after every entry, without secrets.
//
// It does not judge; conformance/traffic does.
//
// Read read.go first.
package har
