package proxy

import (
	"bytes"
	"compress/gzip"
	"io"
	"net/http"
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
		s.exchange.Request.Body, s.exchange.Request.Unread = s.request.take(s.exchange.Request.Header, max)
	}
	if s.response != nil {
		s.exchange.Response.Body, s.exchange.Response.Unread = s.response.take(s.exchange.Response.Header, max)
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

// take gives the body with its coding taken off; unread when it is not whole or
// cannot be read.
func (c *copied) take(h http.Header, max int64) (body []byte, unread bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.long || !c.ended && int64(c.kept.Len()) != c.length {
		return nil, true
	}
	return decoded(bytes.Clone(c.kept.Bytes()), h, max)
}

// decoded takes the content coding off.
func decoded(body []byte, h http.Header, max int64) (plain []byte, unread bool) {
	switch strings.ToLower(strings.TrimSpace(h.Get("Content-Encoding"))) {
	case "", "identity":
		return body, false
	case "gzip", "x-gzip":
	default:
		return nil, true
	}
	if len(body) == 0 {
		return nil, false
	}
	z, err := gzip.NewReader(bytes.NewReader(body))
	if err != nil {
		return nil, true
	}
	plain, err = io.ReadAll(io.LimitReader(z, max+1))
	if err != nil || int64(len(plain)) > max {
		return nil, true
	}
	return plain, false
}
