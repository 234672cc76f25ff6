package redis

import (
	"context"
	"crypto/sha1" // #nosec: the name by which Redis knows a script
	"encoding/hex"
	"errors"
	"strings"
)

// Script is a Lua script that the server runs as one command: nobody sees half of
// what it does.
type Script struct{ text, sum string }

// NewScript makes one.
func NewScript(text string) *Script {
	sum := sha1.Sum([]byte(text))
	return &Script{text, hex.EncodeToString(sum[:])}
}

// Run runs the script. A server that does not have it yet, or has it no more after a
// restart, is given it.
func (s *Script) Run(ctx context.Context, c *Client, keys []string, args ...any) (any, error) {
	command := func(name, script string) []any {
		all := []any{name, script, len(keys)}
		for _, k := range keys {
			all = append(all, k)
		}
		return append(all, args...)
	}
	reply, err := c.Do(ctx, command("EVALSHA", s.sum)...)
	var said ServerError
	if errors.As(err, &said) && strings.HasPrefix(string(said), "NOSCRIPT") {
		reply, err = c.Do(ctx, command("EVAL", s.text)...)
	}
	return reply, err
}
