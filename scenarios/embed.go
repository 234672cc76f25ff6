package scenarios

import (
	"embed"
	"io/fs"
	"path"

	"github.com/roadworthy-project/roadworthy/specs"
)

//go:embed */*.yaml
var builtIn embed.FS

//go:embed scenario.schema.json
var schema []byte

// Schema gives the JSON Schema of a scenario file, for editors.
func Schema() []byte { return append([]byte(nil), schema...) }

// BuiltIn is the folder that the files of built-in scenarios are said to lie in: no
// reader has them.
const BuiltIn = "built-in"

// For gives the scenarios of a contract, checked against it: the built-in ones by
// name, an own contract's from the folder scenarios/ in its bundle. A contract
// without scenarios, such as a bare OpenAPI document, has none, which is no error.
func For(c *specs.Contract) ([]*Scenario, error) {
	files, at := c.Files(), "scenarios"
	if c.Origin == "built-in" {
		files, at = builtIn, c.Name
	}
	if files == nil || c.Bare {
		// What lies beside a bare document is not part of it.
		return nil, nil
	}
	if info, err := fs.Stat(files, at); err != nil || !info.IsDir() {
		return nil, nil
	}
	below, err := fs.Sub(files, at)
	if err != nil {
		return nil, err
	}
	list, err := Load(below)
	if c.Origin == "built-in" {
		at = path.Join(BuiltIn, at)
	}
	for _, s := range list {
		s.File = path.Join(at, s.File)
	}
	if err != nil {
		return nil, withFolder(err, at)
	}
	return list, Check(c, list)
}

func withFolder(err error, folder string) error {
	if e, ok := err.(*LoadError); ok {
		for i := range e.Problems {
			e.Problems[i].File = path.Join(folder, e.Problems[i].File)
		}
	}
	return err
}
