package settings

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"golang.org/x/net/http/httpguts"

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
	Line    int
	Col     int
}

type basic struct {
	Login    string `yaml:"login"`
	Password string `yaml:"password"`
}

// Auth reads credentials by identity. lookup finds environment variables.
func Auth(path string, lookup func(string) (string, bool)) (map[string]engine.Credentials, error) {
	var f authFile
	if err := yamlfile.Load(path, &f); err != nil {
		return nil, err
	}
	out := map[string]engine.Credentials{}
	var problems []yamlfile.Problem
	for _, name := range slices.Sorted(maps.Keys(f.Identities)) {
		id := f.Identities[name]
		add := func(hint, format string, args ...any) {
			problems = append(problems, yamlfile.Problem{File: path, Line: id.Line, Col: id.Col, What: "identity " + name + ": " + fmt.Sprintf(format, args...), Hint: hint})
		}
		if name == "none" || name == "wrong" {
			add("give it another name", "this name is taken; the suite makes these callers itself")
		}
		out[name] = id.credentials(lookup, add)
	}
	if _, ok := out["default"]; !ok {
		problems = append(problems, yamlfile.Problem{File: path, Line: 1, Col: 1, What: "there is no identity named default",
			Hint: "write identities: {default: {bearer: env:TOKEN}}"})
	}
	if err := yamlfile.Errors(problems); err != nil {
		return nil, err
	}
	return out, nil
}

// credentials reads one identity; what is wrong with it is added.
func (id identity) credentials(lookup func(string) (string, bool), add func(hint, format string, args ...any)) (c engine.Credentials) {
	value := func(v string) string {
		name, fromEnvironment := strings.CutPrefix(v, "env:")
		if !fromEnvironment {
			return v
		}
		found, ok := lookup(name)
		if !ok {
			add("set it, or write the value itself", "the environment variable %s is not set", name)
		}
		return found
	}
	ways := 0
	if id.Basic != nil {
		ways++
		c.Login, c.Password = value(id.Basic.Login), value(id.Basic.Password)
		if id.Basic.Login == "" {
			add("write basic: {login: …, password: …}", "basic needs a login")
		}
	}
	if id.Bearer != "" {
		ways++
		c.Bearer = value(id.Bearer)
	}
	if len(id.Headers) > 0 {
		ways++
		c.Headers = map[string]string{}
		for _, h := range slices.Sorted(maps.Keys(id.Headers)) {
			c.Headers[h] = value(id.Headers[h])
			if !httpguts.ValidHeaderFieldName(h) || !httpguts.ValidHeaderFieldValue(c.Headers[h]) {
				add("names are letters, digits and -, values have no line breaks", "the header %q or its value is none that HTTP can send", h)
			}
		}
	}
	if ways != 1 {
		add("write one of {basic: {login: …, password: …}}, {bearer: …} and {headers: {NAME: …}}", "give exactly one of basic, bearer and headers")
	}
	return c
}
