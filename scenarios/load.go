package scenarios

import (
	"encoding/base64"
	"io/fs"
	"path"
	"slices"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"

	"github.com/roadworthy-project/roadworthy/specs/yamlfile"
)

// maxFile is the largest scenario file that is read, in bytes.
const maxFile = 4 << 20

// Load reads every *.yaml file of a folder, sorted by name, and everything that is
// wrong with them: the error is a *[LoadError].
func Load(files fs.FS) ([]*Scenario, error) {
	var found problems
	var all []*Scenario
	err := fs.WalkDir(files, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if ext := path.Ext(name); d.IsDir() || ext != ".yaml" && ext != ".yml" {
			return nil
		}
		text, err := fs.ReadFile(files, name)
		if err != nil {
			return err
		}
		all = append(all, parse(name, text, &found)...)
		return nil
	})
	if err != nil {
		return nil, err
	}
	where := map[string]string{}
	for _, s := range all {
		if first, twice := where[s.ID]; twice && s.ID != "" {
			at := s.at.of("id", s.Line)
			found.add(s.File, at.line, at.col, "scenario id "+s.ID+" is taken already by "+first, "ids are unique in a contract")
		}
		where[s.ID] = s.File + ":" + itoa(s.Line)
	}
	return all, found.err()
}

// Parse reads the scenarios of one file.
func Parse(name string, text []byte) ([]*Scenario, error) {
	var found problems
	all := parse(name, text, &found)
	return all, found.err()
}

func parse(name string, text []byte, found *problems) []*Scenario {
	if len(text) > maxFile {
		found.add(name, 0, 0, "the file has "+itoa(len(text))+" bytes, the limit is "+itoa(maxFile), "split it")
		return nil
	}
	docs, bad := yamlfile.ParseAll(name, text)
	*found = append(*found, bad...)
	var all []*Scenario
	r := &reader{file: name, problems: found}
	for _, doc := range docs {
		if doc = yamlfile.Resolve(doc); doc != nil && doc.Tag != "!!null" {
			all = append(all, r.scenario(doc))
		}
	}
	if len(all) == 0 && len(bad) == 0 {
		found.add(name, 1, 1, "the file holds no scenario", "write one, or delete the file")
	}
	return all
}

func scenarioKeys() []string {
	return []string{"id", "title", "profile", "requirements", "given", "steps"}
}

func (r *reader) scenario(n *yaml.Node) *Scenario {
	s := &Scenario{File: r.file, Line: n.Line, Profile: "core"}
	if !r.mapping(n, "a scenario", scenarioKeys(), func(key string, _, v *yaml.Node) {
		s.at.keep(key, v)
		switch key {
		case "id":
			s.ID = r.text(v, "id")
			if strings.ContainsAny(s.ID, " \t\n&|!,()/\"") {
				r.fail(v, "use letters, digits, '.', '-' and '_'", "the id %q holds a character that an id may not have", s.ID)
			}
		case "title":
			s.Title = r.text(v, "title")
		case "profile":
			s.Profile = r.text(v, "profile")
		case "requirements":
			s.Requirements = r.texts(v, "requirements")
		case "given":
			for _, g := range r.list(v, "given") {
				s.Given = append(s.Given, r.given(g))
			}
		case "steps":
			for _, st := range r.list(v, "steps") {
				s.Steps = append(s.Steps, r.step(st))
			}
		}
	}) {
		return s
	}
	if r.missing(s.at, "id", s.ID) {
		r.fail(n, "add one, such as orders.create", "the scenario has no id")
	}
	if r.missing(s.at, "title", s.Title) {
		r.fail(n, "add one sentence", "the scenario %s has no title", s.ID)
	}
	if len(s.Steps) == 0 {
		r.fail(n, "a scenario without a step tests nothing", "the scenario %s has no steps", s.ID)
	}
	return s
}

func givenKeys() []string { return []string{"state", "params", "as"} }

func (r *reader) given(n *yaml.Node) Given {
	g := Given{Line: n.Line}
	ok := r.mapping(n, "a given state", givenKeys(), func(key string, _, v *yaml.Node) {
		g.at.keep(key, v)
		switch key {
		case "state":
			g.State = r.text(v, "state")
		case "params":
			g.Params = r.textMap(v, "params", &g.at)
		case "as":
			g.As = r.name(v, "as")
		}
	})
	if ok && r.missing(g.at, "state", g.State) {
		r.fail(n, "name one of behaviour.yaml, internal-error or outcome", "a given state has no name (key state)")
	}
	if g.As == "" {
		g.As = g.State
	}
	return g
}

func stepKeys() []string {
	return []string{"id", "title", "operation", "identity", "scheme", "request", "expect", "capture", "eventually", "cleanup"}
}

func (r *reader) step(n *yaml.Node) *Step {
	st := &Step{Line: n.Line, Identity: "default", Capture: map[string]string{}, Request: Request{Line: n.Line}, Expect: Expect{Line: n.Line}}
	ok := r.mapping(n, "a step", stepKeys(), func(key string, k, v *yaml.Node) {
		st.at.keep(key, v)
		switch key {
		case "id":
			st.ID = r.name(v, "the id of a step")
		case "title":
			st.Title = r.text(v, "title")
		case "operation":
			st.Operation = r.text(v, "operation")
		case "identity":
			st.Identity = r.text(v, "identity")
		case "scheme":
			st.Scheme = r.text(v, "scheme")
		case "request":
			st.Request = r.request(v)
		case "expect":
			st.Expect = r.expect(v)
		case "capture":
			st.Capture = r.textMap(v, "capture", &st.at)
			r.names(v, "the name of a capture")
		case "eventually":
			r.mapping(v, "eventually", []string{"within"}, func(_ string, _, v *yaml.Node) {
				d, err := time.ParseDuration(r.text(v, "within"))
				if err != nil || d <= 0 || d > 5*time.Minute {
					r.fail(v, "a number with its unit: 500ms, 5s, 1m", "within must be a duration such as 5s, of at most 5m, found %q", v.Value)
				}
				st.Within = d
			})
			if v.Kind == yaml.MappingNode && len(v.Content) == 0 {
				r.fail(v, "write {within: 5s}", "eventually does not say how long")
			}
		case "cleanup":
			st.Cleanup = r.truth(v, "cleanup")
		}
	})
	if ok && r.missing(st.at, "id", st.ID) {
		r.fail(n, "a step is named in reports and references", "the step has no id")
	}
	if ok && r.missing(st.at, "operation", st.Operation) {
		r.fail(n, "name one of the contract: roadworthy contract show lists them", "the step %s has no operation", st.ID)
	}
	return st
}

func requestKeys() []string {
	return []string{"example", "set", "remove", "body", "raw", "raw-base64", "media-type", "path", "query", "headers", "method"}
}

func (r *reader) request(n *yaml.Node) Request {
	q := Request{Line: n.Line}
	var bodies []string
	r.mapping(n, "a request", requestKeys(), func(key string, k, v *yaml.Node) {
		q.at.keep(key, v)
		switch key {
		case "example", "body", "raw", "raw-base64":
			bodies = append(bodies, key)
		}
		switch key {
		case "example":
			q.Example = r.text(v, "example")
		case "body":
			q.Body = r.value(v)
		case "raw":
			q.Raw, q.RawText = []byte(v.Value), true
			if v.Kind != yaml.ScalarNode {
				r.fail(v, "write the body as a text; an inline body goes under body", "raw must be a text, found %s", kindName(v))
			}
		case "raw-base64":
			raw, err := base64.StdEncoding.DecodeString(strings.Join(strings.Fields(r.text(v, "raw-base64")), ""))
			if err != nil {
				r.fail(v, "printf %s TEXT | base64 writes it", "raw-base64 is not base64: %v", err)
			}
			q.Raw = append([]byte{}, raw...)
		case "set":
			r.mapping(v, "set", nil, func(p string, k, v *yaml.Node) {
				q.Set = append(q.Set, Assignment{Path: p, Value: r.value(v), Line: k.Line, at: placeOf(k)})
			})
		case "remove":
			q.Remove = r.texts(v, "remove")
		case "media-type":
			q.MediaType = r.text(v, "media-type")
		case "path":
			q.Path = r.textMap(v, "path", &q.at)
		case "query":
			q.Query = r.textMap(v, "query", &q.at)
		case "headers":
			q.Headers = r.textMap(v, "headers", &q.at)
			r.headerNames(v)
		case "method":
			q.Method = strings.ToUpper(r.text(v, "method"))
		}
	})
	slices.Sort(bodies)
	switch {
	case len(bodies) > 1 && !slices.Equal(bodies, []string{"body", "example"}):
		r.fail(n, "keep one", "a request takes its body from one place, found %s", strings.Join(bodies, " and "))
	case len(q.Set)+len(q.Remove) > 0 && q.Raw != nil:
		r.fail(n, "set and remove work on example and body", "a raw body cannot be edited")
	}
	return q
}
