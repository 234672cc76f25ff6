package proxy

import (
	"bytes"
	"compress/flate"
	"compress/gzip"
	"compress/zlib"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync"

	"github.com/roadworthy-project/roadworthy/conformance/traffic"
)

// passage is one exchange on its way through.
type passage struct {
	exchange *traffic.Exchange
	matched  traffic.Matched
	request  *copied
	response *copied
	// gone is set when the client went away, so that what is missing is its affair.
	gone bool
	// blocked names the side that the mode enforce held back.
	blocked string
}

// finish reads what was copied. It runs once, when the exchange is over.
func (s *passage) finish(max int64) {
	if s.request != nil {
		s.request.take(&s.exchange.Request, max)
	}
	if s.response != nil {
		s.response.take(&s.exchange.Response, max)
		if err := s.response.failure(); err != nil && !s.gone {
			s.exchange.Failure = "the answer broke off: " + err.Error()
		}
	}
}

// copied keeps a copy of a body while it streams past, up to a limit. The transport
// may still read a request while its answer is judged already.
type copied struct {
	body   io.ReadCloser
	max    int64
	length int64 // as announced; -1 if it was not

	mu    sync.Mutex
	kept  bytes.Buffer
	long  bool  // more came than is kept
	ended bool  // the end was seen
	err   error // what the sender broke off with
}

func (c *copied) Read(b []byte) (int, error) {
	n, err := c.body.Read(b)
	c.mu.Lock()
	defer c.mu.Unlock()
	if n > 0 && !c.long {
		if int64(c.kept.Len()+n) > c.max {
			c.long, c.kept = true, bytes.Buffer{}
		} else {
			c.kept.Write(b[:n])
		}
	}
	switch {
	case err == io.EOF:
		c.ended = true
	case err != nil:
		c.err = err
	}
	return n, err
}

func (c *copied) Close() error { return c.body.Close() }

func (c *copied) failure() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.err
}

func (c *copied) tooLong() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.long
}

// take puts the body into a message, its coding taken off; unread when it is not whole
// or cannot be read.
func (c *copied) take(m *traffic.Message, max int64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	switch {
	case c.long:
		m.Body, m.Unread, m.Why = nil, true, tooLong(max)
	case !c.ended && int64(c.kept.Len()) != c.length:
		m.Body, m.Unread, m.Why = nil, true, "it is not whole"
	default:
		m.Body, m.Why = decoded(bytes.Clone(c.kept.Bytes()), m.Header, max)
		m.Unread = m.Why != ""
	}
}

func tooLong(max int64) string { return fmt.Sprintf("it is longer than %d bytes", max) }

// codings lists the content codings that can be taken off.
func codings() []string { return []string{"gzip", "deflate"} }

// decoded takes the content coding off; why says what keeps it from being read.
func decoded(body []byte, h http.Header, max int64) (plain []byte, why string) {
	coding := strings.ToLower(strings.TrimSpace(h.Get("Content-Encoding")))
	if coding == "" || coding == "identity" || len(body) == 0 {
		return body, ""
	}
	var z io.Reader
	var err error
	switch coding {
	case "gzip", "x-gzip":
		z, err = gzip.NewReader(bytes.NewReader(body))
	case "deflate":
		// The standard means zlib; some send the bare stream.
		if z, err = zlib.NewReader(bytes.NewReader(body)); err != nil {
			z, err = flate.NewReader(bytes.NewReader(body)), nil
		}
	default:
		return nil, fmt.Sprintf("its content coding %q cannot be taken off", coding)
	}
	if err == nil {
		plain, err = io.ReadAll(io.LimitReader(z, max+1))
	}
	switch {
	case err != nil:
		return nil, fmt.Sprintf("it is not in its content coding %q: %v", coding, err)
	case int64(len(plain)) > max:
		return nil, tooLong(max)
	}
	return plain, ""
}

// unreadable reports whether a message is in a coding that cannot be taken off.
func unreadable(h http.Header) bool {
	coding := strings.ToLower(strings.TrimSpace(h.Get("Content-Encoding")))
	return coding != "" && coding != "identity" && coding != "x-gzip" && !slices.Contains(codings(), coding)
}
