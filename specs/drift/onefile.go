package drift

import (
	"bytes"
	"io/fs"
	"time"
)

// oneFile is a file system with a single file, for a document that was made.
type oneFile struct {
	name string // slash-separated
	text []byte
}

func (f oneFile) Open(name string) (fs.File, error) {
	if name != f.name {
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
	}
	return &openedFile{f, bytes.NewReader(f.text)}, nil
}

// openedFile is the file, and its own description.
type openedFile struct {
	file oneFile
	*bytes.Reader
}

func (o *openedFile) Stat() (fs.FileInfo, error) { return o, nil }
func (o *openedFile) Close() error               { return nil }
func (o *openedFile) Name() string               { return o.file.name }
func (o *openedFile) Mode() fs.FileMode          { return 0o444 }
func (o *openedFile) ModTime() time.Time         { return time.Time{} }
func (o *openedFile) IsDir() bool                { return false }
func (o *openedFile) Sys() any                   { return nil }
