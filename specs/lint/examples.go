package lint

import (
	"fmt"
	"net/url"

	"github.com/roadworthy-project/roadworthy/specs"
	"github.com/roadworthy-project/roadworthy/specs/schema"
)

func exampleRules() []Rule {
	return []Rule{
		{"example-invalid", Error, "The bodies of examples are valid by their schemas, unless they say valid: false.", exampleInvalid},
		{"example-unexpectedly-valid", Error, "An example that says valid: false is refused by its schema.", exampleUnexpectedlyValid},
		{"example-without-erratum", Error, "A documented example that is broken names the erratum that says so.", exampleWithoutErratum},
		{"example-not-described", Error, "The operation describes status and media type of every example.", exampleNotDescribed},
		{"example-parameters", Error, "Examples carry the required parameters, each accepted by its schema.", exampleParameters},
		{"example-identity", Error, "The identity of an example is one of contract.yaml.", exampleIdentity},
		{"example-corrects", Error, "A corrected example names the documented one that it corrects.", exampleCorrects},
	}
}

func exampleFile(c *specs.Contract, e *specs.Example) string {
	if c.Bare {
		return c.Document()
	}
	return "examples/" + e.Operation + "/" + e.Name + "/example.yaml"
}

// half is the request or the response of an example, with what its schema says.
type half struct {
	name      string
	body      []byte
	mediaType string
	valid     bool // what the example says of itself
	media     *specs.Media
	described bool
	found     []schema.Violation
}

func halves(c *specs.Contract, e *specs.Example) []half {
	op := c.Operation(e.Operation)
	if op == nil {
		return nil
	}
	var all []half
	if r := e.Request; r != nil && (len(r.Body) > 0 || r.Valid != nil) {
		h := half{name: "request", body: r.Body, mediaType: r.MediaType, valid: r.Valid == nil || *r.Valid}
		if h.described = op.RequestBody != nil; h.described {
			h.media = op.RequestBody.For(r.MediaType)
		}
		all = append(all, h.judged())
	}
	if r := e.Response; r != nil {
		h := half{name: "response", body: r.Body, mediaType: r.MediaType, valid: r.Valid == nil || *r.Valid}
		described := op.Response(r.Status)
		h.described = described != nil
		if described != nil {
			h.media = described.Body.For(r.MediaType)
		}
		all = append(all, h.judged())
	}
	return all
}

func (h half) judged() half {
	if h.media != nil && len(h.body) > 0 {
		_, found := h.media.Judge(h.body, "")
		h.found = schema.Hard(found)
	}
	return h
}

func eachHalf(r *run, call func(e *specs.Example, h half)) {
	for _, e := range r.c.Examples {
		for _, h := range halves(r.c, e) {
			call(e, h)
		}
	}
}

func exampleInvalid(r *run) {
	eachHalf(r, func(e *specs.Example, h half) {
		if !h.valid {
			return
		}
		for _, v := range h.found {
			r.add(exampleFile(r.c, e), 0, h.name+": "+v.Message(), "correct it, or keep it with valid: false, why and, if it is documented, an erratum")
		}
	})
}

func exampleUnexpectedlyValid(r *run) {
	eachHalf(r, func(e *specs.Example, h half) {
		if h.valid || len(h.found) > 0 || !h.described || h.media == nil || schemaBlind(r.c, e, h) {
			return
		}
		r.add(exampleFile(r.c, e), 0, h.name+" says valid: false, and its schema accepts it", "tighten the schema, or take valid: false away")
	})
}

// schemaBlind tells the requests that are refused by a parameter and not by the
// schema of the body.
func schemaBlind(c *specs.Contract, e *specs.Example, h half) bool {
	return h.name == "request" && len(parameterFindings(c, e)) > 0
}

func exampleWithoutErratum(r *run) {
	eachHalf(r, func(e *specs.Example, h half) {
		if !h.valid && e.Basis == specs.Documented && e.Erratum == "" && !r.c.Bare {
			r.add(exampleFile(r.c, e), 0, "the documented "+h.name+" is broken, and no erratum says so", "add it to errata.yaml and name it as erratum")
		}
	})
}

func exampleNotDescribed(r *run) {
	eachHalf(r, func(e *specs.Example, h half) {
		switch {
		case !h.described && h.name == "response":
			r.add(exampleFile(r.c, e), 0, fmt.Sprintf("operation %s describes no response with status %d", e.Operation, e.Response.Status), "describe it in "+r.c.Document())
		case !h.described && len(h.body) > 0:
			r.add(exampleFile(r.c, e), 0, "operation "+e.Operation+" describes no request body", "")
		case h.media == nil && len(h.body) > 0 && h.valid:
			r.add(exampleFile(r.c, e), 0, fmt.Sprintf("%s: media type %q is not described", h.name, h.mediaType), "")
		}
	})
}

func parameterFindings(c *specs.Contract, e *specs.Example) []string {
	op := c.Operation(e.Operation)
	if op == nil || e.Request == nil {
		return nil
	}
	var found []string
	query := url.Values{}
	for name, value := range e.Request.Query {
		query.Set(name, value)
	}
	for _, p := range op.Params {
		if p.In == "query" {
			given, wrong := p.JudgeQuery(query)
			if !given && p.Required && len(p.SentOnce()) > 0 {
				found = append(found, "query/"+p.Name+" is missing")
			}
			for _, v := range schema.Hard(wrong) {
				found = append(found, v.Message())
			}
			continue
		}
		given := map[string]map[string]string{"path": e.Request.Path, "header": e.Request.Headers}[p.In]
		value, ok := given[p.Name]
		if !ok {
			if p.Required && p.In != "cookie" {
				found = append(found, p.In+"/"+p.Name+" is missing")
			}
			continue
		}
		for _, v := range schema.Hard(p.Judge([]string{value})) {
			found = append(found, v.Message())
		}
	}
	return found
}

func exampleParameters(r *run) {
	for _, e := range r.c.Examples {
		// A request that is refused may be refused for its parameters.
		if e.Request != nil && e.Request.Valid != nil && !*e.Request.Valid || e.Response != nil && e.Response.Status >= 400 {
			continue
		}
		for _, what := range parameterFindings(r.c, e) {
			r.add(exampleFile(r.c, e), 0, "request: "+what, "")
		}
	}
}

func exampleIdentity(r *run) {
	var names []string
	for _, i := range r.c.Auth.Identities {
		names = append(names, i.Name)
	}
	for _, e := range r.c.Examples {
		if e.Identity != "" && e.Identity != "none" && e.Identity != "wrong" && !has(names, e.Identity) {
			r.add(exampleFile(r.c, e), 0, fmt.Sprintf("there is no identity %q", e.Identity), near(e.Identity, names))
		}
	}
}

func exampleCorrects(r *run) {
	for _, e := range r.c.Examples {
		switch {
		case e.Corrects != "" && r.c.Example(e.Operation, e.Corrects) == nil:
			r.add(exampleFile(r.c, e), 0, fmt.Sprintf("corrects the example %q, which is not there", e.Corrects), "")
		case e.Basis == specs.Corrected && e.Corrects == "" && e.Erratum == "":
			r.add(exampleFile(r.c, e), 0, "basis is corrected, and nothing says what was corrected", "name the documented example as corrects, or an erratum")
		}
	}
}
