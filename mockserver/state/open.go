package state

import (
	"fmt"
	"strings"

	"github.com/roadworthy-project/roadworthy/mockserver/redis"
)

// Open makes a store of what the command line calls it: "memory",
// "file:PATH" or the address of a Redis server.
func Open(name string) (func(Options) (Store, error), error) {
	switch {
	case name == "" || name == "memory":
		return func(o Options) (Store, error) { return NewMemory(o), nil }, nil
	case strings.HasPrefix(name, "file:") && len(name) > len("file:"):
		return func(o Options) (Store, error) { return OpenFile(strings.TrimPrefix(name, "file:"), o) }, nil
	case redis.Is(name):
		if _, err := redis.Parse(name); err != nil {
			return nil, err
		}
		return func(o Options) (Store, error) { return OpenRedis(name, o) }, nil
	}
	return nil, fmt.Errorf("expected memory, file:PATH or redis://HOST:PORT/DB, found %q", name)
}
