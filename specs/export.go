package specs

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// Export copies the files of a contract, and nothing else, into a folder that
// does not exist yet or is empty.
func Export(c *Contract, dir string) error {
	if err := emptyFolder(dir); err != nil {
		return err
	}
	for _, name := range c.names {
		body, err := fs.ReadFile(c.files, name)
		if err != nil {
			return fmt.Errorf("export %s: %s: %w", c.Name, name, cause(err))
		}
		if err := writeBelow(dir, name, body); err != nil {
			return err
		}
	}
	return nil
}

// emptyFolder makes a folder, or finds it empty: nothing is ever overwritten.
func emptyFolder(dir string) error {
	entries, err := os.ReadDir(dir)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return os.MkdirAll(dir, 0o755)
	case err != nil:
		return fmt.Errorf("%s cannot be written to: %w", dir, cause(err))
	case len(entries) > 0:
		return fmt.Errorf("%s is not empty; name a folder that does not exist yet", dir)
	}
	return nil
}

func writeBelow(dir, name string, body []byte) error {
	at := filepath.Join(dir, filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(at), 0o755); err != nil {
		return err
	}
	return os.WriteFile(at, body, 0o644)
}
