package specs

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// newFolder is a folder that comes to be as a whole or not at all: it is filled under
// another name, and gets its own when all of it is there.
type newFolder struct {
	// at is where it is filled.
	at   string
	goal string
	// inside tells that the goal was there, empty, and holds what is filled until then: it
	// may be where something is mounted, and cannot be taken away.
	inside bool
}

// beginFolder prepares a folder that does not exist yet or is empty.
func beginFolder(dir string) (*newFolder, error) {
	goal, err := filepath.Abs(dir)
	if err != nil {
		return nil, err
	}
	entries, err := os.ReadDir(goal)
	f := &newFolder{goal: goal, inside: err == nil}
	switch {
	case err == nil && len(entries) > 0:
		return nil, fmt.Errorf("%s is not empty; name a folder that does not exist yet", dir)
	case err != nil && !errors.Is(err, fs.ErrNotExist):
		return nil, fmt.Errorf("%s cannot be written to: %w", dir, cause(err))
	}
	beside := goal
	for !f.inside {
		beside = filepath.Dir(beside)
		if info, err := os.Stat(beside); err == nil && !info.IsDir() {
			return nil, fmt.Errorf("%s cannot be written to: %s is a file", dir, beside)
		} else if err == nil || beside == filepath.Dir(beside) {
			break
		}
	}
	if f.at, err = os.MkdirTemp(beside, ".roadworthy-init-"); err != nil {
		return nil, fmt.Errorf("%s cannot be written to: %w", dir, cause(err))
	}
	return f, os.Chmod(f.at, 0o755)
}

// keep puts the folder where it belongs.
func (f *newFolder) keep() error {
	if !f.inside {
		if err := os.MkdirAll(filepath.Dir(f.goal), 0o755); err != nil {
			return err
		}
		return os.Rename(f.at, f.goal)
	}
	entries, err := os.ReadDir(f.at)
	if err != nil {
		return err
	}
	for i, e := range entries {
		if err := os.Rename(filepath.Join(f.at, e.Name()), filepath.Join(f.goal, e.Name())); err != nil {
			for _, moved := range entries[:i] {
				err = errors.Join(err, os.RemoveAll(filepath.Join(f.goal, moved.Name())))
			}
			return err
		}
	}
	return os.Remove(f.at)
}

// drop leaves nothing of the folder behind; after keep it does nothing.
func (f *newFolder) drop() error { return os.RemoveAll(f.at) }
