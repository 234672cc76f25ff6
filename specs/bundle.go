package specs

import (
	"errors"
	"io/fs"
	"path"
	"sort"
	"strings"

	"github.com/roadworthy-project/roadworthy/specs/yamlfile"
)

// contractFile is contract.yaml.
type contractFile struct {
	Name     string    `yaml:"name"`
	Title    string    `yaml:"title"`
	Version  string    `yaml:"version"`
	Summary  string    `yaml:"summary"`
	BasePath string    `yaml:"base-path"`
	Servers  []Server  `yaml:"servers"`
	Sources  []Source  `yaml:"sources"`
	Auth     Auth      `yaml:"auth"`
	Limits   []Limit   `yaml:"limits"`
	Profiles []Profile `yaml:"profiles"`

	NullIsAbsent string `yaml:"null-is-absent,omitempty"`
	// UnknownElements is "" or "reported".
	UnknownElements string        `yaml:"unknown-elements,omitempty"`
	NotCompared     []NotCompared `yaml:"not-compared,omitempty"`
}

// errorsFile is errors.yaml.
type errorsFile struct {
	Layers   Layers            `yaml:"layers,omitempty"`
	Shapes   map[string]*Shape `yaml:"shapes"`
	Refusals []Refusal         `yaml:"refusals"`
	Outcomes []*Outcome        `yaml:"outcomes"`
}

type requirementsFile struct {
	Requirements []*Requirement `yaml:"requirements"`
}

type errataFile struct {
	Errata []*Erratum `yaml:"errata"`
}

// bundle is a folder while it is being read.
type bundle struct {
	fsys fs.FS
	c    *Contract
	ps   *problems
}

// openBundle reads a folder. Independent files are read at the same time: the
// time to the first request counts.
func openBundle(fsys fs.FS, name, origin string) (*Contract, error) {
	c := &Contract{Name: path.Base(strings.TrimRight(name, "/")), Origin: origin, files: fsys}
	b := &bundle{fsys: fsys, c: c, ps: &problems{}}
	if _, err := fs.Stat(fsys, "contract.yaml"); err != nil {
		return nil, &LoadError{Contract: quoted(origin), Problems: []Problem{noContract(fsys, origin)}}
	}
	names, err := listFiles(fsys)
	if err != nil {
		b.ps.add("", 0, 0, "", "the folder cannot be listed: %v", err)
	}
	c.names = names

	var file contractFile
	var outcomes errorsFile
	var requirements requirementsFile
	var errata errataFile
	behaviour := &Behaviour{File: "behaviour.yaml"}
	var doc *document
	docProblems := &problems{}
	parts := parallel(
		func() []Problem { doc = readDocument(fsys, "openapi.yaml", docProblems); return nil },
		func() []Problem { c.Digest = digest(fsys, names); return nil },
		func() []Problem {
			all, found := readExamples(fsys, names)
			c.Examples = all
			return found
		},
		func() []Problem { return readYAML(fsys, "behaviour.yaml", behaviour, false) },
		func() []Problem { return readYAML(fsys, "contract.yaml", &file, true) },
		func() []Problem { return readYAML(fsys, "errors.yaml", &outcomes, false) },
		func() []Problem { return readYAML(fsys, "requirements.yaml", &requirements, false) },
		func() []Problem { return readYAML(fsys, "errata.yaml", &errata, false) },
	)
	b.ps.all = append(b.ps.all, parts...)
	b.ps.all = append(b.ps.all, docProblems.all...)

	c.take(&file)
	c.Outcomes, c.Layers, c.Shapes, c.Refusals = outcomes.Outcomes, outcomes.Layers, outcomes.Shapes, outcomes.Refusals
	c.Requirements, c.Errata, c.Behaviour = requirements.Requirements, errata.Errata, behaviour
	if doc != nil {
		c.fromDocument(doc, b.ps)
	}
	b.check(&file)
	c.index()
	c.readResources(b.ps)
	if len(b.ps.all) == 0 && origin != builtInOrigin {
		// The files of a folder may change later: what is compiled on first use
		// would then belong to another edition than what was read here. Those of
		// the built-in contracts cannot, and compile when they are needed.
		b.ps.all = append(b.ps.all, c.Compile()...)
	}
	if len(b.ps.all) == 0 && c.asFound() {
		c.Warnings = append(c.Warnings, c.placedWarnings(doc)...)
	}
	if len(b.ps.all) == 0 {
		c.findUnmade()
	}
	return c.finish(b.ps, origin)
}

// noContract explains a folder that is no bundle.
func noContract(fsys fs.FS, origin string) Problem {
	for _, name := range []string{"openapi.yaml", "openapi.yml", "openapi.json"} {
		if _, err := fs.Stat(fsys, name); err == nil {
			return Problem{File: origin, What: "the folder has no contract.yaml", Hint: "open the document itself: " + path.Join(origin, name) + ", or make a bundle of it with roadworthy contract init"}
		}
	}
	return Problem{File: origin, What: "the folder has no contract.yaml, so it is not a contract", Hint: "see roadworthy contract export for a complete one"}
}

func (c *Contract) take(f *contractFile) {
	if f.Name != "" {
		c.Name = f.Name
	}
	c.Title, c.Version, c.Summary = f.Title, f.Version, f.Summary
	c.BasePath = strings.TrimRight(f.BasePath, "/")
	c.Servers, c.Sources, c.Auth, c.Limits, c.Profiles = f.Servers, f.Sources, f.Auth, f.Limits, f.Profiles
	c.NullIsAbsent, c.NotCompared, c.UnknownElements = f.NullIsAbsent, f.NotCompared, f.UnknownElements
}

// readYAML decodes one file of a bundle strictly; one that is not there is a
// finding only where it is required.
func readYAML(fsys fs.FS, name string, into any, required bool) []Problem {
	src, err := fs.ReadFile(fsys, name)
	if err != nil {
		if !required && errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		return []Problem{{File: name, What: "cannot be read: " + cause(err).Error()}}
	}
	n, found := yamlfile.Parse(name, src)
	if n == nil {
		return found
	}
	return append(found, yamlfile.Decode(name, n, into)...)
}

// parallel runs the parts side by side and gives their findings in order.
func parallel(parts ...func() []Problem) []Problem {
	found := make([][]Problem, len(parts))
	done := make(chan struct{})
	for i, part := range parts {
		go func() {
			found[i] = part()
			done <- struct{}{}
		}()
	}
	for range parts {
		<-done
	}
	var all []Problem
	for _, f := range found {
		all = append(all, f...)
	}
	return all
}

// listFiles names every file of a bundle, sorted; hidden ones do not belong to it.
func listFiles(fsys fs.FS) ([]string, error) {
	var names []string
	err := fs.WalkDir(fsys, ".", func(name string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case name != "." && strings.HasPrefix(d.Name(), "."):
			if d.IsDir() {
				return fs.SkipDir
			}
		case d.Type().IsRegular():
			if len(names) >= maxBundleFiles {
				return errors.New("it holds more than 20000 files")
			}
			names = append(names, name)
		}
		return nil
	})
	sort.Strings(names)
	return names, err
}

const maxBundleFiles = 20_000
