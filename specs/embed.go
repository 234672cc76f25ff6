package specs

import (
	"embed"
	"io/fs"
)

// The built-in contracts are data, and part of the binary.
//
//go:embed all:otms all:otm5 all:transeu
var builtInFiles embed.FS

//go:embed *.schema.json
var schemaSources embed.FS

func builtIn() fs.FS { return builtInFiles }

// BuiltIn lists the names of the built-in contracts, sorted.
func BuiltIn() []string {
	entries, err := fs.ReadDir(builtInFiles, ".")
	if err != nil {
		return nil
	}
	var names []string
	for _, e := range entries {
		if _, err := fs.Stat(builtInFiles, e.Name()+"/contract.yaml"); err == nil {
			names = append(names, e.Name())
		}
	}
	return names
}
