package drift

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/roadworthy-project/roadworthy/specs"
	"github.com/roadworthy-project/roadworthy/specs/payload"
	"github.com/roadworthy-project/roadworthy/specs/yamlfile"
)

// VersionFolder is the folder of a bundle that describes other versions of its
// contract, as far as they differ from the one of the bundle.
const VersionFolder = "versions"

// versionFile is versions/<version>.yaml.
type versionFile struct {
	Version     string       `yaml:"version"`
	Released    string       `yaml:"released,omitempty"`
	Against     string       `yaml:"against"` // the version of openapi.yaml
	Evidence    string       `yaml:"evidence,omitempty"`
	Differences []difference `yaml:"differences"`
	Uncertain   []difference `yaml:"uncertain,omitempty"`
}

// difference is what one finds in the other version at a place of openapi.yaml.
type difference struct {
	At       string   `yaml:"at"`
	Change   string   `yaml:"change,omitempty"` // absent, extra, added, changed, merged, named
	There    any      `yaml:"there,omitempty"`
	Values   []string `yaml:"values,omitempty"`
	Members  []string `yaml:"members,omitempty"`
	Breaking bool     `yaml:"breaking,omitempty"`
	Source   string   `yaml:"source,omitempty"`
	Note     string   `yaml:"note,omitempty"`
	Line     int      `yaml:"-"`
}

// Version is another version of a contract, as far as it is described.
type Version struct {
	Contract *specs.Contract // a bare one
	// Notes name what differs without anybody saying how, and what may differ.
	Notes []string
	// Uncertain names the places of openapi.yaml of which nobody knows whether they
	// were like this already: what changes there is not known to break anything.
	Uncertain []string
}

// Soften makes what breaks at an uncertain place something to look at.
func (v *Version) Soften(all []Change) []Change {
	where := strings.NewReplacer("/properties/", "/", "/allOf/0/", "/", "/allOf/1/", "/")
	for i, c := range all {
		for _, at := range v.Uncertain {
			place := where.Replace(at)
			if c.Severity == Breaking && (c.Path == place || strings.HasPrefix(c.Path, place+"/")) {
				all[i].Severity = Warning
				all[i].What += "; the sources do not say whether it was so before"
			}
		}
	}
	return Sorted(all)
}

// OpenVersion makes the OpenAPI document of another version of a bundle from
// versions/<version>.yaml and opens it as a bare contract.
func OpenVersion(bundle fs.FS, version, origin string) (*Version, error) {
	name := path.Join(VersionFolder, version+".yaml")
	source, err := fs.ReadFile(bundle, name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("there is no version %q: %s", version, knownVersions(bundle))
	} else if err != nil {
		return nil, err
	}
	file, err := readVersion(name, source)
	if err != nil {
		return nil, err
	}
	tree, err := readTree(bundle, "openapi.yaml")
	if err != nil {
		return nil, err
	}
	info, _ := tree["info"].(map[string]any)
	if have := fmt.Sprint(info["version"]); have != file.Against {
		return nil, fmt.Errorf("%s: the differences are against version %s, and openapi.yaml is version %s", name, file.Against, have)
	}
	info["version"] = file.Version
	e := &editor{root: tree, file: name}
	v := &Version{}
	for i := range file.Differences {
		d := &file.Differences[i]
		if d.Change == "changed" && d.There == nil {
			v.Notes = append(v.Notes, fmt.Sprintf("%s: %s differs and nobody says how exactly: %s", file.Version, d.At, d.Note))
			continue
		}
		e.apply(d)
	}
	for _, d := range file.Uncertain {
		v.Uncertain = append(v.Uncertain, d.At)
		v.Notes = append(v.Notes, fmt.Sprintf("%s: %s may differ: %s", file.Version, d.At, d.Note))
	}
	if err := errors.Join(e.problems...); err != nil {
		return nil, err
	}
	text, err := json.Marshal(tree)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	made := path.Join(VersionFolder, version+".json")
	c, err := specs.OpenDocument(oneFile{made, text}, made)
	if err != nil {
		return nil, fmt.Errorf("%s does not make a sound document: %w", name, err)
	}
	c.Origin = origin
	v.Contract = c
	return v, nil
}

func readVersion(name string, source []byte) (*versionFile, error) {
	var file versionFile
	n, problems := yamlfile.Parse(name, source)
	if n != nil {
		problems = append(problems, yamlfile.Decode(name, n, &file)...)
	}
	var all []error
	for _, p := range problems {
		all = append(all, errors.New(p.String()))
	}
	return &file, errors.Join(all...)
}

func readTree(bundle fs.FS, name string) (map[string]any, error) {
	source, err := fs.ReadFile(bundle, name)
	if err != nil {
		return nil, err
	}
	n, problems := yamlfile.Parse(name, source)
	if n == nil {
		return nil, fmt.Errorf("%s cannot be read: %v", name, problems)
	}
	tree, ok := yamlfile.Go(n).(map[string]any)
	if !ok {
		return nil, fmt.Errorf("%s is no OpenAPI document", name)
	}
	if _, ok := tree["info"].(map[string]any); !ok {
		return nil, fmt.Errorf("%s has no info", name)
	}
	return tree, nil
}

func knownVersions(bundle fs.FS) string {
	entries, err := fs.ReadDir(bundle, VersionFolder)
	if err != nil || len(entries) == 0 {
		return "the bundle has no folder " + VersionFolder
	}
	var names []string
	for _, e := range entries {
		names = append(names, strings.TrimSuffix(e.Name(), ".yaml"))
	}
	return "the bundle describes " + strings.Join(names, ", ")
}

// editor applies differences to a document.
type editor struct {
	root     map[string]any
	file     string
	problems []error
}

func (e *editor) bad(d *difference, format string, args ...any) {
	at := e.file
	if d.Line > 0 {
		at += fmt.Sprintf(":%d", d.Line)
	}
	e.problems = append(e.problems, fmt.Errorf("%s: %s: %s", at, d.At, fmt.Sprintf(format, args...)))
}

func (e *editor) apply(d *difference) {
	pointer := strings.TrimPrefix(d.At, "#")
	cut := strings.LastIndexByte(pointer, '/')
	if cut < 0 {
		e.bad(d, "expected a JSON Pointer such as #/components/schemas/Order")
		return
	}
	last := payload.UnescapePointer(pointer[cut+1:])
	parent, _ := e.find(pointer[:cut]).(map[string]any)
	if parent == nil && !strings.Contains(pointer, "/allOf/") {
		e.bad(d, "there is no such place in openapi.yaml")
		return
	}
	node, _ := e.find(pointer).(map[string]any)
	if node == nil && d.Change != "added" {
		e.bad(d, "there is no such place in openapi.yaml")
		return
	}
	switch {
	case d.Change == "absent" && d.Values != nil, d.Change == "extra" && d.Values != nil:
		e.values(d, node)
	case d.Change == "absent" && d.Members != nil, d.Change == "extra" && d.Members != nil:
		e.members(d, node, last)
	case d.Change == "absent":
		delete(parent, last)
		if pointer[:cut] == "/components/schemas" {
			forget(e.root, "#"+pointer)
		}
	case d.Change == "added" && parent[last] == nil, d.Change == "changed" && parent != nil:
		parent[last] = d.There
	case d.Change == "merged":
		merge(node, d.There)
	case d.Change == "named":
		name := fmt.Sprint(d.There)
		parent[name] = node
		delete(parent, last)
	default:
		e.bad(d, "the change %q does not fit here; expected absent, extra, added, changed, merged or named", d.Change)
	}
}

func (e *editor) find(pointer string) any {
	var at any = e.root
	for _, token := range strings.Split(strings.TrimPrefix(pointer, "/"), "/") {
		switch node := at.(type) {
		case map[string]any:
			at = node[payload.UnescapePointer(token)]
		case []any:
			i := -1
			if _, err := fmt.Sscanf(token, "%d", &i); err != nil || i < 0 || i >= len(node) {
				return nil
			}
			at = node[i]
		default:
			return nil
		}
	}
	return at
}

func (e *editor) values(d *difference, node map[string]any) {
	enum, ok := node["enum"].([]any)
	if !ok {
		e.bad(d, "there is no enum")
		return
	}
	for _, v := range d.Values {
		i := slices.Index(enum, any(v))
		switch {
		case d.Change == "extra" && i < 0:
			enum = append(enum, v)
		case d.Change == "absent" && i >= 0:
			enum = slices.Delete(slices.Clone(enum), i, i+1)
		default:
			e.bad(d, "the value %q is there already, or not at all", v)
		}
	}
	node["enum"] = enum
}

// members adds or removes properties; of what is added nothing else is known.
func (e *editor) members(d *difference, node map[string]any, last string) {
	properties := node
	if last != "properties" {
		if properties, _ = node["properties"].(map[string]any); properties == nil {
			parts, _ := node["allOf"].([]any)
			for _, part := range parts {
				if own, _ := part.(map[string]any)["properties"].(map[string]any); own != nil {
					properties = own
				}
			}
		}
	}
	if properties == nil {
		e.bad(d, "there are no properties")
		return
	}
	for _, m := range d.Members {
		if d.Change == "absent" {
			delete(properties, m)
		} else if properties[m] == nil {
			properties[m] = map[string]any{}
		} else {
			e.bad(d, "the member %q is there already", m)
		}
	}
}

// merge is RFC 7396.
func merge(into map[string]any, patch any) {
	changes, _ := patch.(map[string]any)
	for name, value := range changes {
		inner, ok := value.(map[string]any)
		have, both := into[name].(map[string]any)
		switch {
		case value == nil:
			delete(into, name)
		case ok && both:
			merge(have, inner)
		default:
			into[name] = value
		}
	}
}

// forget takes out whatever refers to a schema that is not there.
func forget(at any, ref string) {
	gone := func(v any) bool {
		m, ok := v.(map[string]any)
		return ok && m["$ref"] == ref || v == any(ref)
	}
	switch node := at.(type) {
	case map[string]any:
		for name, value := range node {
			if list, ok := value.([]any); ok {
				node[name] = slices.DeleteFunc(list, gone)
			}
			if gone(value) {
				delete(node, name)
				continue
			}
			forget(value, ref)
		}
	case []any:
		for _, value := range node {
			forget(value, ref)
		}
	}
}
