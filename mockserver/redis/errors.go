package redis

import (
	"context"
	"errors"
	"fmt"
	"strings"
)

// ErrNil is the answer for what is not there.
var ErrNil = errors.New("redis: nil")

// ServerError is an answer that says what was wrong with a command.
type ServerError string

func (e ServerError) Error() string { return "redis: " + string(e) }

// Unavailable says that the server cannot be used now: it is not reached, does not
// answer in time, or says itself that it cannot. It may be different a moment later.
type Unavailable struct {
	Addr string
	Err  error
}

func (e *Unavailable) Error() string {
	return fmt.Sprintf("the Redis server at %s cannot be used: %v%s", e.Addr, e.Err, hint(e.Err))
}

func (e *Unavailable) Unwrap() error { return e.Err }

// passing are the answers of a server that may do better later, or of one that was
// set up in another way than the address says.
func passing() []string {
	return []string{"LOADING", "BUSY", "MISCONF", "OOM", "READONLY", "MASTERDOWN", "CLUSTERDOWN", "NOREPLICAS", "TRYAGAIN", "NOAUTH", "WRONGPASS", "NOPERM"}
}

// hint says what to do about an answer.
func hint(err error) string {
	var said ServerError
	if !errors.As(err, &said) {
		return ""
	}
	word, _, _ := strings.Cut(string(said), " ")
	switch {
	case word == "NOAUTH":
		return ". It asks for a password: redis://:PASSWORD@HOST:PORT/DB"
	case word == "WRONGPASS", strings.Contains(string(said), "AUTH"):
		return ". Check user and password of the address"
	case strings.Contains(string(said), "DB index"):
		return ". Check the database at the end of the address"
	case word == "READONLY":
		return ". It is a replica: give the address of the primary"
	case word == "OOM":
		return ". Give it more memory (maxmemory), or fewer sessions"
	case word == "MISCONF":
		return ". It cannot save to its disk"
	}
	return ""
}

// unavailable marks the errors that are about the server and not about a command.
func (c *Client) unavailable(ctx context.Context, err error) error {
	var said ServerError
	var marked *Unavailable
	switch {
	case err == nil, errors.Is(err, ErrNil), ctx.Err() != nil, errors.As(err, &marked):
		return err
	case errors.As(err, &said):
		word, _, _ := strings.Cut(string(said), " ")
		for _, p := range passing() {
			if p == word {
				return &Unavailable{c.addr, err}
			}
		}
	}
	return err
}
