package mockserver

import (
	"bytes"
	"context"
	"crypto/tls"
	"net"
	"net/http"
	"sync"
	"time"
)

// Over TLS the same is true as in listen.go. The handshake is made here, so that what
// comes behind it can be seen; HTTP/2 goes to net/http as it is.

// Secured makes a listener that speaks TLS, of what Explained says. The server must
// be the one that serves there: it is told of HTTP/2, and its requests of TLS.
func Secured(l net.Listener, server *http.Server, config *tls.Config) net.Listener {
	config = config.Clone()
	config.NextProtos = []string{"h2", "http/1.1"}
	s := &secured{Listener: l, handler: server.Handler, config: config, ready: make(chan net.Conn), closed: make(chan struct{})}
	server.TLSConfig, server.Handler = config, overTLS{server.Handler}
	go s.accept()
	return s
}

type secured struct {
	net.Listener
	handler http.Handler
	config  *tls.Config
	ready   chan net.Conn
	failed  error // once closed is
	closed  chan struct{}
	once    sync.Once
}

func (s *secured) accept() {
	for {
		c, err := s.Listener.Accept()
		if passing, is := err.(interface{ Temporary() bool }); is && passing.Temporary() {
			time.Sleep(10 * time.Millisecond) // out of descriptors, say
			continue
		}
		if err != nil {
			s.end(err)
			return
		}
		go s.greet(c)
	}
}

func (s *secured) end(err error) {
	s.once.Do(func() {
		s.failed = err
		close(s.closed)
	})
}

func (s *secured) Accept() (net.Conn, error) {
	select {
	case c := <-s.ready:
		return c, nil
	case <-s.closed:
		return nil, s.failed
	}
}

func (s *secured) Close() error {
	err := s.Listener.Close()
	s.end(net.ErrClosed)
	return err
}

// greet makes the handshake, and hands the connection on.
func (s *secured) greet(raw net.Conn) {
	_ = raw.SetDeadline(time.Now().Add(headerTimeout))
	begun := make([]byte, headKept)
	n, err := raw.Read(begun)
	if err != nil {
		_ = raw.Close()
		return
	}
	begun = begun[:n]
	if begun[0] >= 'A' && begun[0] <= 'Z' {
		s.refusePlain(raw, begun)
		return
	}
	secure := tls.Server(&resumed{raw, begun}, s.config)
	if err := secure.HandshakeContext(context.Background()); err != nil {
		_ = raw.Close()
		return
	}
	_ = raw.SetDeadline(time.Time{})
	var c net.Conn = secure
	if state := secure.ConnectionState(); state.NegotiatedProtocol != "h2" {
		c = &explainedConn{Conn: secure, handler: s.handler, tls: &state}
	}
	select {
	case s.ready <- c:
	case <-s.closed:
		_ = c.Close()
	}
}

// refusePlain answers a caller that speaks HTTP where HTTPS is spoken.
func (s *secured) refusePlain(raw net.Conn, head []byte) {
	defer raw.Close()
	for !bytes.Contains(head, []byte("\r\n\r\n")) && len(head) < headKept {
		more := make([]byte, headKept-len(head))
		n, err := raw.Read(more)
		if head = append(head, more[:n]...); err != nil {
			break
		}
	}
	c := &explainedConn{Conn: raw, handler: s.handler}
	by := c.by()
	if by == nil {
		return
	}
	_, _ = raw.Write(by.answerUnread(unread{status: http.StatusBadRequest, head: head, remote: raw.RemoteAddr().String(),
		why: "it came as plain HTTP, and this address speaks HTTPS: begin the URL with https://"}))
	// What is closed with something unread resets the answer away.
	_ = c.CloseWrite()
	_ = raw.SetReadDeadline(time.Now().Add(time.Second))
	for n := 0; n < maxHeader; {
		more, err := raw.Read(head[:cap(head)])
		if n += more; err != nil {
			return
		}
	}
}

// resumed gives what was read of a connection once more.
type resumed struct {
	net.Conn
	begun []byte
}

func (r *resumed) Read(p []byte) (int, error) {
	if len(r.begun) > 0 {
		n := copy(p, r.begun)
		r.begun = r.begun[n:]
		return n, nil
	}
	return r.Conn.Read(p)
}

// overTLS tells requests that they came over TLS, which net/http sees only of
// connections that it knows.
type overTLS struct{ http.Handler }

func (h overTLS) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if c, is := r.Context().Value(connKey{}).(*explainedConn); is && r.TLS == nil {
		r.TLS = c.tls
	}
	h.Handler.ServeHTTP(w, r)
}
