package state

import (
	"bufio"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"time"
)

// The store needs a dozen commands of Redis, so it speaks its protocol (RESP2)
// itself: a client library is many times the size of everything else in this
// package.

// errNil is the answer for what is not there.
var errNil = errors.New("redis: nil")

// serverError is an answer that says what was wrong with a command.
type serverError string

func (e serverError) Error() string { return "redis: " + string(e) }

// Bounds of what is read and waited for.
const (
	dialTimeout  = 5 * time.Second
	replyTimeout = 10 * time.Second
	maxBulk      = 512 << 20 // what Redis itself allows
	maxIdle      = 16
	maxNesting   = 8
)

// respPool is a server with connections that are used again.
type respPool struct {
	addr, user, password string
	db                   int
	secure               *tls.Config

	mu     sync.Mutex
	idle   []*respConn
	closed bool
}

// parseRedis reads redis://[USER:PASSWORD@]HOST[:PORT][/DB]; rediss is the same
// over TLS.
func parseRedis(text string) (*respPool, error) {
	u, err := url.Parse(text)
	if err != nil {
		return nil, err
	}
	if u.Host == "" || u.Scheme != "redis" && u.Scheme != "rediss" {
		return nil, fmt.Errorf("expected redis://HOST:PORT/DB, found %q", u.Redacted())
	}
	port := u.Port()
	if port == "" {
		port = "6379"
	}
	p := &respPool{addr: net.JoinHostPort(u.Hostname(), port), user: u.User.Username()}
	p.password, _ = u.User.Password()
	if db := strings.Trim(u.Path, "/"); db != "" {
		if p.db, err = strconv.Atoi(db); err != nil || p.db < 0 {
			return nil, fmt.Errorf("the database of %s: expected a number, found %q", u.Redacted(), db)
		}
	}
	if len(u.Query()) > 0 {
		return nil, fmt.Errorf("%s: parameters are not known here", u.Redacted())
	}
	if u.Scheme == "rediss" {
		p.secure = &tls.Config{ServerName: u.Hostname(), MinVersion: tls.VersionTLS12}
	}
	return p, nil
}

// take gives a connection that nobody else has; fresh tells that it was never
// used, so that it cannot have been closed by the server meanwhile.
func (p *respPool) take(ctx context.Context) (c *respConn, fresh bool, err error) {
	p.mu.Lock()
	if n := len(p.idle); n > 0 {
		c, p.idle = p.idle[n-1], p.idle[:n-1]
	}
	p.mu.Unlock()
	if c != nil {
		return c, false, nil
	}
	c, err = p.dial(ctx)
	return c, true, err
}

func (p *respPool) dial(ctx context.Context) (*respConn, error) {
	dialer := net.Dialer{Timeout: dialTimeout}
	plain, err := dialer.DialContext(ctx, "tcp", p.addr)
	if err != nil {
		return nil, err
	}
	if p.secure != nil {
		plain = tls.Client(plain, p.secure)
	}
	c := &respConn{Conn: plain, in: bufio.NewReader(plain)}
	var hello [][]any
	if p.password != "" {
		auth := []any{"AUTH", p.password}
		if p.user != "" {
			auth = []any{"AUTH", p.user, p.password}
		}
		hello = append(hello, auth)
	}
	if p.db != 0 {
		hello = append(hello, []any{"SELECT", p.db})
	}
	for _, command := range hello {
		if _, err := c.do(ctx, command...); err != nil {
			_ = c.Close()
			return nil, err
		}
	}
	return c, nil
}

// give puts a connection back, unless something is left to read from it.
func (p *respPool) give(c *respConn) {
	p.mu.Lock()
	keep := !c.broken && !p.closed && len(p.idle) < maxIdle
	if keep {
		p.idle = append(p.idle, c)
	}
	p.mu.Unlock()
	if !keep {
		_ = c.Close()
	}
}

// with runs fn on a connection. One that was kept may have been closed by the
// server: then fn runs again, as long as it did nothing.
func (p *respPool) with(ctx context.Context, fn func(c *respConn) error) error {
	for {
		c, fresh, err := p.take(ctx)
		if err != nil {
			return err
		}
		err = fn(c)
		again := c.broken && c.answers == 0 && !fresh && ctx.Err() == nil
		c.answers = 0
		p.give(c)
		if !again {
			return err
		}
	}
}

// do runs one command on any connection.
func (p *respPool) do(ctx context.Context, command ...any) (reply any, err error) {
	err = p.with(ctx, func(c *respConn) (err error) {
		reply, err = c.do(ctx, command...)
		return err
	})
	return reply, err
}

// close closes what is idle now, and what is given back later.
func (p *respPool) close() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.closed = true
	var failed []error
	for _, c := range p.idle {
		failed = append(failed, c.Close())
	}
	p.idle = nil
	return errors.Join(failed...)
}

// respConn is one connection.
type respConn struct {
	net.Conn
	in      *bufio.Reader
	answers int  // since it was taken
	broken  bool // it failed, or an answer is still to come
}

// do sends one command and reads its answer: a string, an int64, a list of such,
// or nil with errNil.
func (c *respConn) do(ctx context.Context, command ...any) (any, error) {
	replies, err := c.all(ctx, [][]any{command})
	if err != nil {
		return nil, err
	}
	if failed, is := replies[0].(serverError); is {
		return nil, failed
	}
	if replies[0] == nil {
		return nil, errNil
	}
	return replies[0], nil
}

// all sends commands in one piece and reads their answers, errors of the server
// among them.
func (c *respConn) all(ctx context.Context, commands [][]any) ([]any, error) {
	if c.broken {
		return nil, errors.New("redis: the connection failed before")
	}
	_ = c.SetDeadline(time.Now().Add(replyTimeout))
	stop := context.AfterFunc(ctx, func() { _ = c.SetDeadline(time.Unix(1, 0)) })
	defer stop()
	var out []byte
	for _, command := range commands {
		out = appendCommand(out, command)
	}
	c.broken = true
	if _, err := c.Write(out); err != nil {
		return nil, c.failed(ctx, err)
	}
	replies := make([]any, len(commands))
	for i := range commands {
		reply, err := c.read(0)
		if err != nil {
			return nil, c.failed(ctx, err)
		}
		c.answers++
		replies[i] = reply
	}
	c.broken = !stop()
	return replies, nil
}

// failed prefers the reason of the caller.
func (c *respConn) failed(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	return err
}

func appendCommand(out []byte, command []any) []byte {
	out = append(strconv.AppendInt(append(out, '*'), int64(len(command)), 10), "\r\n"...)
	for _, arg := range command {
		var text string
		switch arg := arg.(type) {
		case string:
			text = arg
		case []byte:
			text = string(arg)
		default:
			text = fmt.Sprint(arg)
		}
		out = append(strconv.AppendInt(append(out, '$'), int64(len(text)), 10), "\r\n"...)
		out = append(append(out, text...), "\r\n"...)
	}
	return out
}

// read reads one answer.
func (c *respConn) read(depth int) (any, error) {
	line, err := c.in.ReadString('\n')
	if err != nil {
		return nil, err
	}
	line = strings.TrimRight(line, "\r\n")
	if line == "" || depth > maxNesting {
		return nil, fmt.Errorf("redis: an answer that cannot be read: %.80q", line)
	}
	rest := line[1:]
	switch line[0] {
	case '+':
		return rest, nil
	case '-':
		return serverError(rest), nil
	case ':':
		return strconv.ParseInt(rest, 10, 64)
	}
	n, err := strconv.Atoi(rest)
	switch {
	case err != nil || n > maxBulk || n < -1:
	case line[0] == '$' && n < 0, line[0] == '*' && n < 0:
		return nil, nil
	case line[0] == '$':
		text := make([]byte, n+2)
		_, err := io.ReadFull(c.in, text)
		return string(text[:n]), err
	case line[0] == '*':
		var list []any
		for range n {
			item, err := c.read(depth + 1)
			if err != nil {
				return nil, err
			}
			list = append(list, item)
		}
		return list, nil
	}
	return nil, fmt.Errorf("redis: an answer that cannot be read: %.80q", line)
}

// texts gives the texts of a list.
func texts(reply any) []string {
	list, _ := reply.([]any)
	out := make([]string, 0, len(list))
	for _, item := range list {
		s, _ := item.(string)
		out = append(out, s)
	}
	return out
}

// fields gives the names and values of a hash.
func fields(reply any) map[string]string {
	flat := texts(reply)
	m := make(map[string]string, len(flat)/2)
	for i := 0; i+1 < len(flat); i += 2 {
		m[flat[i]] = flat[i+1]
	}
	return m
}
