package state

import (
	"fmt"
	"strings"
)

// Open makes a store of what the command line calls it: "memory",
// "file:PATH" or "redis://HOST:PORT/DB".
func Open(name string) (func(Options) (Store, error), error) {
	switch {
	case name == "" || name == "memory":
		return func(o Options) (Store, error) { return NewMemory(o), nil }, nil
	case strings.HasPrefix(name, "file:") && len(name) > len("file:"):
		return func(o Options) (Store, error) { return OpenFile(strings.TrimPrefix(name, "file:"), o) }, nil
	case strings.HasPrefix(name, "redis://") || strings.HasPrefix(name, "rediss://"):
		return func(o Options) (Store, error) { return OpenRedis(name, o) }, nil
	}
	return nil, fmt.Errorf("store: expected memory, file:PATH or redis://HOST:PORT/DB, found %q", name)
}
