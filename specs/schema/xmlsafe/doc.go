// Package xmlsafe reads and validates XML that may be hostile, with libxml2.
//
// It is the only package that imports github.com/lestrrat-go/libxml2 (a test
// walks the module and holds that), because used bare that library can be made
// to crash the process or to burn minutes of CPU that no timeout can stop. Here
// every way in has its guard:
//
//   - [ToUTF8] decodes the few encodings that are accepted, in Go.
//   - [Scan] refuses, in Go and before C sees a byte, what is costly or
//     dangerous in C: DTDs and entities, too many
//     attributes, namespaces, elements or levels.
//   - shim.c parses, validates and packs the tree in one call, collects errors
//     in bounded memory per call (no global or per-thread handler) and stops
//     the parser at the first fatal error.
//   - Nothing is ever loaded: the external loader denies everything, but to a
//     schema the parts that were handed over with it, in memory (offer.c).
//   - No more C calls run at the same time than there are processors.
//
// [SelfCheck] runs each of these dangers against the binary that calls it; a
// release must answer with nothing.
//
// The package does not know contracts and words nothing for people who read a
// report: that is done by its only user, specs/schema.
//
// Read check.go first, then shim.c.
package xmlsafe
