package redis

import (
	"bufio"
	"context"
	"crypto/tls"
	"errors"
	"net"
	"sync"
	"time"
)

// How long a server may take, and for how long nobody asks again one that took longer.
const (
	dialTimeout  = 5 * time.Second
	replyTimeout = 5 * time.Second
	pause        = 500 * time.Millisecond
	maxIdle      = 64
)

// Client is a server with connections that are used again. It is safe for
// concurrent use.
type Client struct {
	network, addr  string
	user, password string
	db             int
	secure         *tls.Config

	mu     sync.Mutex
	idle   []*Conn
	closed bool
	silent error // why the server is left alone for a while
	until  time.Time
}

// Open reads an address and asks the server there whether it is ready.
func Open(ctx context.Context, address string) (*Client, error) {
	c, err := Parse(address)
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(ctx, dialTimeout)
	defer cancel()
	if _, err := c.Do(ctx, "PING"); err != nil {
		_ = c.Close()
		var marked *Unavailable
		if !errors.As(err, &marked) {
			err = &Unavailable{c.addr, err}
		}
		return nil, err
	}
	return c, nil
}

// Addr is where the server is: HOST:PORT or the path of a socket.
func (c *Client) Addr() string { return c.addr }

// take gives a connection that nobody else has; fresh tells that it was never
// used, so that it cannot have been closed by the server meanwhile.
func (c *Client) take(ctx context.Context) (conn *Conn, fresh bool, err error) {
	c.mu.Lock()
	if c.closed {
		err = net.ErrClosed
	} else if c.silent != nil && time.Now().Before(c.until) {
		err = c.silent
	} else if n := len(c.idle); n > 0 {
		conn, c.idle = c.idle[n-1], c.idle[:n-1]
	}
	c.mu.Unlock()
	if err != nil || conn != nil {
		return conn, false, err
	}
	conn, err = c.dial(ctx)
	return conn, true, err
}

func (c *Client) dial(ctx context.Context) (*Conn, error) {
	dialer := net.Dialer{Timeout: dialTimeout}
	plain, err := dialer.DialContext(ctx, c.network, c.addr)
	if err != nil {
		return nil, err
	}
	if c.secure != nil {
		plain = tls.Client(plain, c.secure)
	}
	conn := &Conn{Conn: plain, in: bufio.NewReader(plain)}
	var hello [][]any
	if c.password != "" {
		auth := []any{"AUTH", c.password}
		if c.user != "" {
			auth = []any{"AUTH", c.user, c.password}
		}
		hello = append(hello, auth)
	}
	if c.db != 0 {
		hello = append(hello, []any{"SELECT", c.db})
	}
	for _, command := range hello {
		if _, err := conn.Do(ctx, command...); err != nil {
			_ = conn.Close()
			return nil, err
		}
	}
	return conn, nil
}

// give puts a connection back, unless something is left to read from it.
func (c *Client) give(conn *Conn) {
	c.mu.Lock()
	keep := !conn.broken && !c.closed && len(c.idle) < maxIdle
	if keep {
		c.idle = append(c.idle, conn)
	}
	c.mu.Unlock()
	if !keep {
		_ = conn.Close()
	}
}

// With runs fn on a connection. One that was kept may have been closed by the
// server: then fn runs again, as long as it did nothing. The error is an
// *Unavailable when the server cannot be used.
func (c *Client) With(ctx context.Context, fn func(conn *Conn) error) error {
	for {
		conn, fresh, err := c.take(ctx)
		if err != nil {
			return c.lost(ctx, err)
		}
		err = fn(conn)
		again := conn.broken && conn.answers == 0 && !fresh && ctx.Err() == nil && !isTimeout(err)
		broken := conn.broken
		conn.answers = 0
		c.give(conn)
		switch {
		case again:
		case broken:
			return c.lost(ctx, err)
		default:
			return c.unavailable(ctx, err)
		}
	}
}

// lost marks the error of a connection. A server that was silent for too long is
// left alone for a moment: not every caller has to wait for it.
func (c *Client) lost(ctx context.Context, err error) error {
	var marked *Unavailable
	if err == nil || ctx.Err() != nil || errors.As(err, &marked) {
		return err
	}
	down := &Unavailable{c.addr, err}
	if isTimeout(err) {
		c.mu.Lock()
		c.silent, c.until = down, time.Now().Add(pause)
		c.mu.Unlock()
	}
	return down
}

func isTimeout(err error) bool {
	var late net.Error
	return errors.As(err, &late) && late.Timeout()
}

// Do runs one command on any connection.
func (c *Client) Do(ctx context.Context, command ...any) (reply any, err error) {
	err = c.With(ctx, func(conn *Conn) (err error) {
		reply, err = conn.Do(ctx, command...)
		return err
	})
	return reply, err
}

// Close closes what is idle now, and what is given back later.
func (c *Client) Close() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.closed = true
	var failed []error
	for _, conn := range c.idle {
		failed = append(failed, conn.Close())
	}
	c.idle = nil
	return errors.Join(failed...)
}
