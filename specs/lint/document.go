package lint

import (
	"fmt"
	"io/fs"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/roadworthy-project/roadworthy/specs"
	"github.com/roadworthy-project/roadworthy/specs/yamlfile"
)

func documentRules() []Rule {
	return []Rule{
		{"openapi-invalid", Error, "The OpenAPI document is valid by its specification.", openapiInvalid},
		{"openapi-stray-key", Error, "No key of the OpenAPI document is a piece of a sentence that lost its quotes.", openapiStrayKey},
		{"schema-invalid", Error, "Every schema and XSD compiles.", schemaInvalid},
		{"schema-without-effect", Info, "Every keyword of a schema has an effect on the judgement.", schemaWithoutEffect},
		{"values-not-made", Warning, "For every XML body of an XSD values can be made up, or there is an example.", valuesNotMade},
		{"behaviour-invalid", Error, "Every expression and template of behaviour.yaml compiles.", behaviourInvalid},
		{"security-scheme-unknown", Error, "Every security scheme of an operation is one of auth.schemes.", securitySchemeUnknown},
		{"identity-missing", Warning, "There is a demo identity named default where credentials are asked for.", identityMissing},
	}
}

// openapiStrayKey finds what becomes of {description: one thing, and another}: a
// key "and another" without a value, which everything else ignores.
func openapiStrayKey(r *run) {
	for _, name := range r.c.FileNames() {
		if name != r.c.Document() && !r.c.Bare {
			continue
		}
		src, err := fs.ReadFile(r.c.Files(), name)
		if err != nil || strings.HasSuffix(name, ".json") {
			continue
		}
		n, _ := yamlfile.Parse(name, src)
		strayKeys(r, name, n)
	}
}

func strayKeys(r *run, file string, n *yaml.Node) {
	if n == nil {
		return
	}
	for i, c := range n.Content {
		if n.Kind == yaml.MappingNode && i%2 == 0 && n.Style == yaml.FlowStyle && strings.Contains(c.Value, " ") {
			if v := n.Content[i+1]; v.Kind == yaml.ScalarNode && v.Tag == "!!null" && v.Value == "" {
				r.add(file, c.Line, fmt.Sprintf("%q is a key without a value", c.Value), "put the text that it belongs to into quotes: it holds a comma")
			}
		}
		strayKeys(r, file, c)
	}
}

func schemaInvalid(r *run) {
	for _, p := range r.c.Compile() {
		r.add(p.File, p.Line, p.What, p.Hint)
	}
}

func schemaWithoutEffect(r *run) {
	r.c.Compile()
	for _, w := range r.c.SchemaWarnings() {
		r.add(r.c.Document(), 0, w, "")
	}
}

func valuesNotMade(r *run) {
	for _, p := range r.c.Unmade() {
		r.add(p.File, p.Line, p.What, p.Hint)
	}
}

func behaviourInvalid(r *run) {
	if r.opts.CheckBehaviour == nil {
		return
	}
	for _, f := range r.opts.CheckBehaviour(r.c) {
		r.add(f.File, f.Line, f.What, f.Hint)
	}
}

func securitySchemeUnknown(r *run) {
	known := map[string]bool{}
	var ids []string
	for _, s := range r.c.Auth.Schemes {
		known[s.ID] = true
		ids = append(ids, s.ID)
	}
	for _, op := range r.c.Operations {
		for _, s := range op.Security {
			for _, one := range append([]specs.Security{s}, s.And...) {
				if !known[one.Scheme] && one.Type != "mutualTLS" { // which is below HTTP
					r.add(r.c.Document(), op.Line, "operation "+op.ID+": security scheme "+one.Scheme+" is not among auth.schemes of contract.yaml", near(one.Scheme, ids))
				}
			}
		}
	}
}

func identityMissing(r *run) {
	if len(r.c.Auth.Schemes) == 0 {
		return
	}
	for _, i := range r.c.Auth.Identities {
		if i.Name == "default" {
			return
		}
	}
	r.add("contract.yaml", 0, "no identity is named default", "scenarios call as default unless they say otherwise")
}
