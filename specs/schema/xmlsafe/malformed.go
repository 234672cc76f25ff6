package xmlsafe

import (
	"bytes"
	"fmt"
	"unicode/utf8"
)

// Malformed says why a body was not read: it is not well-formed XML, is not in
// an accepted encoding, holds something that is never accepted (a DTD), or is
// beyond the limits. Line and Col count from 1, Col in characters; zero means
// that the fault has no single place.
type Malformed struct {
	Line, Col int
	What      string
}

func (m *Malformed) Error() string {
	if m.Line == 0 {
		return "malformed XML: " + m.What
	}
	if m.Col == 0 {
		return fmt.Sprintf("malformed XML at line %d: %s", m.Line, m.What)
	}
	return fmt.Sprintf("malformed XML at line %d, column %d: %s", m.Line, m.Col, m.What)
}

// malformedAt counts line and column only when there is something to report, so
// that a good body never pays for it.
func malformedAt(body []byte, offset int, format string, args ...any) *Malformed {
	offset = min(max(offset, 0), len(body))
	before := body[:offset]
	line := 1 + bytes.Count(before, []byte{'\n'})
	col := 1 + utf8.RuneCount(before[1+bytes.LastIndexByte(before, '\n'):])
	return &Malformed{Line: line, Col: col, What: fmt.Sprintf(format, args...)}
}
