package yamlfile

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"
)

// Unreadable says that there is no file to read: it is not there, may not be read, or
// holds nothing.
type Unreadable struct {
	Path string
	Err  error
	flag string
}

func (e *Unreadable) Error() string {
	if e.flag != "" {
		return e.flag + " " + e.Path + ": " + e.Err.Error()
	}
	return e.Path + ": " + e.Err.Error()
}

func (e *Unreadable) Unwrap() error { return e.Err }

// NamedBy puts the flag that names a file before an error that says that the file cannot
// be read: it has no line that would lead a reader to it.
func NamedBy(flag string, err error) error {
	var e *Unreadable
	var p *fs.PathError
	switch {
	case errors.As(err, &e):
		return &Unreadable{e.Path, e.Err, flag}
	case errors.As(err, &p):
		return &Unreadable{p.Path, p.Err, flag}
	}
	return err
}

var errEmpty = errors.New("the file is empty")

// Load reads a file strictly and fills into, a pointer, as [Decode] does. The error lists
// everything that is wrong, or is an *[Unreadable].
func Load(path string, into any) error {
	text, err := os.ReadFile(path)
	if err != nil {
		return NamedBy("", err)
	}
	node, problems := Parse(path, text)
	if node == nil && len(problems) == 0 {
		return &Unreadable{Path: path, Err: errEmpty}
	}
	if node != nil {
		problems = append(problems, Decode(path, node, into)...)
	}
	return Errors(problems)
}

// Errors makes one error of what is wrong with a file, a line for each; nil for nothing.
func Errors(problems []Problem) error {
	if len(problems) == 0 {
		return nil
	}
	var lines []string
	for _, p := range Sort(problems) {
		lines = append(lines, p.String())
	}
	return fmt.Errorf("%s", strings.Join(lines, "\n"))
}
