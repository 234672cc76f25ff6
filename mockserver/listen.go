package mockserver

import (
	"bytes"
	"context"
	"crypto/tls"
	"net"
	"net/http"
	"strconv"
)

// What cannot be read as HTTP never comes to a handler: net/http answers it with a
// line of plain text and closes. These connections notice that answer and put the
// mock's own in its place, so that a caller gets the words of the contract and finds
// the request in the journal.

// explainer answers what could not be read.
type explainer interface{ answerUnread(unread) []byte }

// Explained makes a listener at which a Server, or a handler that gives one (see
// Current), answers also what is no request at all. Any other handler is served as
// it is.
func Explained(l net.Listener, h http.Handler) net.Listener {
	return explained{l, h}
}

// Current is a handler that serves with one Server now and with another later.
type Current interface{ CurrentServer() *Server }

type explained struct {
	net.Listener
	handler http.Handler
}

func (l explained) Accept() (net.Conn, error) {
	c, err := l.Listener.Accept()
	if err != nil {
		return c, err
	}
	return &explainedConn{Conn: c, handler: l.handler}, nil
}

// headKept is how much of the beginning of a request is remembered.
const headKept = 2 << 10

// explainedConn is one connection. net/http reads and writes it one after the other,
// but for one byte that it may read while it writes.
type explainedConn struct {
	net.Conn
	handler http.Handler
	head    []byte
	tls     *tls.ConnectionState // nil over plain HTTP
	// answered tells that what is read next is the next request.
	answered bool
}

func (c *explainedConn) Read(p []byte) (int, error) {
	n, err := c.Conn.Read(p)
	if n <= 1 {
		return n, err // perhaps read beside a Write, so that nothing here is touched
	}
	if c.answered {
		c.answered = false
		c.head = c.head[:0]
	}
	if room := headKept - len(c.head); room > 0 {
		if c.head == nil {
			c.head = make([]byte, 0, headKept)
		}
		c.head = append(c.head, p[:min(n, room)]...)
	}
	return n, err
}

// refusalEnd is how the header of net/http's own refusals goes on behind the status.
const refusalEnd = "\r\nContent-Type: text/plain; charset=utf-8\r\nConnection: close\r\n\r\n"

// longestRefusal bounds them in length.
const longestRefusal = 512

func (c *explainedConn) Write(p []byte) (int, error) {
	if len(p) < longestRefusal {
		if u, is := refused(p); is {
			u.head, u.remote, u.tls = c.head, c.RemoteAddr().String(), c.tls
			if by := c.by(); by != nil {
				if _, err := c.Conn.Write(by.answerUnread(u)); err != nil {
					return 0, err
				}
				return len(p), nil
			}
		}
	}
	c.answered = true
	return c.Conn.Write(p)
}

func (c *explainedConn) by() explainer {
	switch h := c.handler.(type) {
	case explainer:
		return h
	case Current:
		return h.CurrentServer()
	}
	return nil
}

// refused recognises a refusal of net/http.
func refused(p []byte) (u unread, is bool) {
	status, rest, found := bytes.Cut(p, []byte(refusalEnd))
	code, isHTTP := bytes.CutPrefix(status, []byte("HTTP/1.1 "))
	if !found || !isHTTP || len(code) < 3 || bytes.IndexByte(status, '\r') >= 0 {
		return u, false
	}
	n, err := strconv.Atoi(string(code[:3]))
	if err != nil {
		return u, false
	}
	u.status = n
	if _, why, said := bytes.Cut(rest, []byte(": ")); said {
		u.why = string(why)
	}
	return u, true
}

// connKey finds the connection of a request.
type connKey struct{}

func withConn(ctx context.Context, c net.Conn) context.Context {
	return context.WithValue(ctx, connKey{}, c)
}

// twoLengths tells whether a request has both a Content-Length and a Transfer-Encoding.
// net/http forgets the one; what stands between the mock and its caller may forget the
// other, and then they do not agree where the next request begins (RFC 9112, section 6.1).
func twoLengths(r *http.Request) bool {
	if len(r.TransferEncoding) == 0 {
		return false
	}
	c, is := r.Context().Value(connKey{}).(*explainedConn)
	if !is {
		return false
	}
	// What is remembered may be the head of an earlier request, if several came at once:
	// that of this one has both.
	head, _, _ := bytes.Cut(c.head, []byte("\r\n\r\n"))
	head = bytes.ToLower(head)
	return bytes.Contains(head, []byte("\ncontent-length:")) && bytes.Contains(head, []byte("\ntransfer-encoding:"))
}

// CloseWrite ends one direction, as net/http asks after a refusal.
func (c *explainedConn) CloseWrite() error {
	if half, is := c.Conn.(interface{ CloseWrite() error }); is {
		return half.CloseWrite()
	}
	return nil
}
