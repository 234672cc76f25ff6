package settings

import (
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/roadworthy-project/roadworthy/conformance/engine"
	"github.com/roadworthy-project/roadworthy/specs/yamlfile"
)

// authFile is the file of --auth. A value "env:NAME" is read from the environment.
type authFile struct {
	Identities map[string]identity `yaml:"identities"`
}

type identity struct {
	Basic   *basic            `yaml:"basic,omitempty"`
	Bearer  string            `yaml:"bearer,omitempty"`
	Headers map[string]string `yaml:"headers,omitempty"`
}

type basic struct {
	Login    string `yaml:"login"`
	Password string `yaml:"password"`
}

// Auth reads credentials by identity. lookup finds environment variables.
func Auth(path string, lookup func(string) (string, bool)) (map[string]engine.Credentials, error) {
	var f authFile
	if err := read(path, &f); err != nil {
		return nil, err
	}
	var problems []string
	value := func(where, v string) string {
		name, fromEnvironment := strings.CutPrefix(v, "env:")
		if !fromEnvironment {
			return v
		}
		found, ok := lookup(name)
		if !ok {
			problems = append(problems, fmt.Sprintf("%s: %s: the environment variable %s is not set", path, where, name))
		}
		return found
	}
	out := map[string]engine.Credentials{}
	for _, name := range slices.Sorted(maps.Keys(f.Identities)) {
		id := f.Identities[name]
		where := "identities: " + name
		var c engine.Credentials
		ways := 0
		if id.Basic != nil {
			ways++
			c.Login, c.Password = value(where, id.Basic.Login), value(where, id.Basic.Password)
			if c.Login == "" {
				problems = append(problems, fmt.Sprintf("%s: %s: basic needs a login", path, where))
			}
		}
		if id.Bearer != "" {
			ways++
			c.Bearer = value(where, id.Bearer)
		}
		if len(id.Headers) > 0 {
			ways++
			c.Headers = map[string]string{}
			for _, h := range slices.Sorted(maps.Keys(id.Headers)) {
				c.Headers[h] = value(where, id.Headers[h])
			}
		}
		if ways != 1 {
			problems = append(problems, fmt.Sprintf("%s: %s: give exactly one of basic, bearer and headers", path, where))
		}
		if name == "none" || name == "wrong" {
			problems = append(problems, fmt.Sprintf("%s: %s: this name is taken; the suite makes these callers itself", path, where))
		}
		out[name] = c
	}
	if _, ok := out["default"]; !ok {
		problems = append(problems, path+": there is no identity named default")
	}
	if len(problems) > 0 {
		return nil, fmt.Errorf("%s", strings.Join(problems, "\n"))
	}
	return out, nil
}

// read decodes a YAML file strictly; the error lists everything that is wrong.
func read(path string, into any) error {
	text, err := os.ReadFile(path)
	if err != nil {
		return unreadable(err)
	}
	node, problems := yamlfile.Parse(path, text)
	if node == nil && len(problems) == 0 {
		return fmt.Errorf("%s is empty", path)
	}
	if node != nil {
		problems = append(problems, decode(path, node, into)...)
	}
	if len(problems) == 0 {
		return nil
	}
	var lines []string
	for _, p := range yamlfile.Sort(problems) {
		lines = append(lines, p.String())
	}
	return fmt.Errorf("%s", strings.Join(lines, "\n"))
}

func decode(path string, n *yaml.Node, into any) []yamlfile.Problem {
	return yamlfile.Decode(path, n, into)
}
