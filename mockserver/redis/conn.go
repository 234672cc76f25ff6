package redis

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"strconv"
	"strings"
	"time"
)

// Bounds of one answer.
const (
	maxBulk    = 512 << 20 // what Redis itself allows
	wholeBulk  = 1 << 20
	maxNesting = 8
)

// Conn is one connection. It is used by one goroutine.
type Conn struct {
	net.Conn
	in      *bufio.Reader
	answers int  // since it was taken
	broken  bool // it failed, or an answer is still to come
}

// Broken tells that the connection failed, or that an answer is still to come.
func (c *Conn) Broken() bool { return c.broken }

// Do sends one command and reads its answer: a string, an int64, a list of such,
// or nil with ErrNil.
func (c *Conn) Do(ctx context.Context, command ...any) (any, error) {
	replies, err := c.All(ctx, [][]any{command})
	if err != nil {
		return nil, err
	}
	if failed, is := replies[0].(ServerError); is {
		return nil, failed
	}
	if replies[0] == nil {
		return nil, ErrNil
	}
	return replies[0], nil
}

// All sends commands in one piece and reads their answers, errors of the server
// among them.
func (c *Conn) All(ctx context.Context, commands [][]any) ([]any, error) {
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
func (c *Conn) failed(ctx context.Context, err error) error {
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
func (c *Conn) read(depth int) (any, error) {
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
		return ServerError(rest), nil
	case ':':
		return strconv.ParseInt(rest, 10, 64)
	}
	n, err := strconv.Atoi(rest)
	switch {
	case err != nil || n > maxBulk || n < -1:
	case line[0] == '$' && n < 0, line[0] == '*' && n < 0:
		return nil, nil
	case line[0] == '$':
		return c.bulk(n)
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

// bulk reads a text and the line end behind it. A long one gets its memory as it
// comes, not as it is announced.
func (c *Conn) bulk(n int) (any, error) {
	if n+2 <= wholeBulk {
		text := make([]byte, n+2)
		_, err := io.ReadFull(c.in, text)
		return string(text[:n]), err
	}
	var text bytes.Buffer
	if _, err := io.CopyN(&text, c.in, int64(n)+2); err != nil {
		return nil, err
	}
	return string(text.Bytes()[:n]), nil
}

// Texts gives the texts of a list.
func Texts(reply any) []string {
	list, _ := reply.([]any)
	out := make([]string, 0, len(list))
	for _, item := range list {
		s, _ := item.(string)
		out = append(out, s)
	}
	return out
}

// Text is a reply that is a text; a reply that is none is "".
func Text(reply any, err error) (string, error) {
	text, _ := reply.(string)
	return text, err
}

// Fields gives the names and values of a hash.
func Fields(reply any) map[string]string {
	flat := Texts(reply)
	m := make(map[string]string, len(flat)/2)
	for i := 0; i+1 < len(flat); i += 2 {
		m[flat[i]] = flat[i+1]
	}
	return m
}
