package main

import (
	"context"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"sync/atomic"
	"time"

	"github.com/roadworthy-project/roadworthy/mockserver"
	"github.com/roadworthy-project/roadworthy/mockserver/state"
	"github.com/roadworthy-project/roadworthy/specs"
)

// watchEvery is how often the files of own contracts are looked at.
const watchEvery = 300 * time.Millisecond

// live serves the newest server that could be built. State, journal, faults and
// metrics are kept over a reload.
type live struct {
	current atomic.Pointer[mockserver.Server]
	build   func() (*mockserver.Server, error)
}

func (l *live) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	l.current.Load().ServeHTTP(w, r)
}

// CurrentServer is the newest server.
func (l *live) CurrentServer() *mockserver.Server { return l.current.Load() }

// admin serves the admin API of the newest server.
func (l *live) admin() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { l.current.Load().Admin().ServeHTTP(w, r) })
}

// keptStore opens a store once and hands the same one to every later server. A
// space that comes into being is seeded by the newest one.
func keptStore(open func(state.Options) (state.Store, error)) func(state.Options) (state.Store, error) {
	var kept state.Store
	var seed atomic.Pointer[func(string, state.Tx) error]
	return func(o state.Options) (state.Store, error) {
		newest := o.Seed // a variable of its own: o.Seed is set below
		seed.Store(&newest)
		if kept != nil {
			return kept, nil
		}
		o.Seed = func(space string, tx state.Tx) error { return (*seed.Load())(space, tx) }
		var err error
		kept, err = open(o)
		return kept, err
	}
}

// watch rebuilds the server whenever a file of an own contract changes, until the
// context ends. A broken edit keeps the old one serving and says where it broke.
func (l *live) watch(ctx context.Context, contracts []string, log io.Writer) {
	seen := fingerprint(contracts)
	tick := time.NewTicker(watchEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		now := fingerprint(contracts)
		if now == seen {
			continue
		}
		seen = now
		next, err := l.build()
		if err != nil {
			fmt.Fprintf(log, "not reloaded, the old contract keeps serving: %v\n", err)
			continue
		}
		l.current.Store(next)
		fmt.Fprintf(log, "reloaded\n")
	}
}

// fingerprint sums up names, sizes and times of the files of own contracts.
func fingerprint(contracts []string) string {
	var sum string
	for _, name := range contracts {
		if isBuiltIn(name) {
			continue
		}
		root := name
		if info, err := os.Stat(name); err == nil && !info.IsDir() {
			root = filepath.Dir(name)
		}
		_ = filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() {
				return nil
			}
			switch filepath.Ext(path) {
			case ".yaml", ".yml", ".json", ".xml", ".xsd":
				if info, err := d.Info(); err == nil {
					sum += fmt.Sprintln(path, info.Size(), info.ModTime().UnixNano())
				}
			}
			return nil
		})
	}
	return sum
}

func isBuiltIn(name string) bool {
	for _, builtIn := range specs.BuiltIn() {
		if name == builtIn {
			return true
		}
	}
	return false
}
