package engine

import (
	"bytes"
	"context"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/roadworthy-project/roadworthy/conformance/match"
	"github.com/roadworthy-project/roadworthy/scenarios"
	"github.com/roadworthy-project/roadworthy/specs"
	"github.com/roadworthy-project/roadworthy/specs/payload"
)

// outgoing is a request before it is sent.
type outgoing struct {
	method  string
	path    string // below the base URL, escaped
	query   url.Values
	header  http.Header
	body    []byte
	hasBody bool
	media   *specs.Media
	charset string
	tree    *payload.Tree   // of the body; nil when it was not or cannot be read
	set     []*payload.Node // what the step itself put into the body
}

// parsed gives the tree of the body, nil when it cannot be read.
func (o *outgoing) parsed() *payload.Tree {
	if o.tree == nil && o.media != nil && len(o.body) > 0 {
		o.tree, _ = o.media.Judge(o.body, o.charset)
	}
	return o.tree
}

// rewrite makes the body anew from its tree.
func (o *outgoing) rewrite(t *payload.Tree) error {
	o.tree, o.hasBody, o.charset = t, true, ""
	o.body = o.media.Write(t)
	return nil
}

// build makes the request of a step. An *unknownValue error says that an earlier
// step did not give what this one needs; any other is a fault of the scenario.
func (r *Runner) build(st *scenarios.Step, s *scope) (*outgoing, error) {
	op := r.contract.Operation(st.Operation)
	if op == nil {
		return nil, fmt.Errorf("operation %s is not in the contract", st.Operation)
	}
	resolve := s.resolver(st.ID)
	q := st.Request
	out := &outgoing{method: op.Method, query: url.Values{}, header: http.Header{}}
	if q.Method != "" {
		out.method = q.Method
	}
	example := &specs.ExampleRequest{}
	if q.Example != "" {
		e := r.contract.Example(op.ID, q.Example)
		if e == nil || e.Request == nil {
			return nil, fmt.Errorf("%s has no example %s with a request", op.ID, q.Example)
		}
		example = e.Request
	}
	if err := out.address(op, q, example, resolve); err != nil {
		return nil, err
	}
	if err := out.content(op, q, example, resolve); err != nil {
		return nil, err
	}
	if err := out.edit(q, resolve); err != nil {
		return nil, err
	}
	if st.Identity == identityNone {
		if err := r.strip(out, q.Set); err != nil {
			return nil, err
		}
	}
	// What a documented example says stands for itself: references are of scenarios.
	for name, value := range example.Headers {
		out.header.Set(name, value)
	}
	for _, name := range slices.Sorted(maps.Keys(q.Headers)) {
		v, err := match.Expand(q.Headers[name], resolve)
		if err != nil {
			return nil, err
		}
		out.header.Set(name, v)
	}
	out.required(op, q)
	if out.header.Get("Accept") == "" {
		out.header.Set("Accept", accept(op))
	}
	return out, nil
}

// required adds the headers and cookies that the operation asks for, where the step
// says nothing of headers.
func (o *outgoing) required(op *specs.Operation, q scenarios.Request) {
	if q.Headers != nil {
		return
	}
	for _, p := range op.Params {
		switch {
		case !p.Required || p.Example == "":
		case p.In == "header" && o.header.Get(p.Name) == "":
			o.header.Set(p.Name, p.Example)
		case p.In == "cookie":
			o.header.Add("Cookie", (&http.Cookie{Name: p.Name, Value: p.Example}).String())
		}
	}
}

func (o *outgoing) address(op *specs.Operation, q scenarios.Request, example *specs.ExampleRequest, resolve match.Resolve) error {
	path := op.Path
	for _, p := range op.Params {
		if p.In != "path" {
			continue
		}
		value, given := q.Path[p.Name]
		switch {
		case given:
			var err error
			if value, err = match.Expand(value, resolve); err != nil {
				return err
			}
		case example.Path[p.Name] != "":
			value = example.Path[p.Name]
		default:
			value = p.Example
		}
		if value == "" {
			return fmt.Errorf("the path parameter %s of %s has no value", p.Name, op.ID)
		}
		path = strings.ReplaceAll(path, "{"+p.Name+"}", url.PathEscape(value))
	}
	o.path = path
	maps.Copy(o.query, op.Told())
	for name, value := range example.Query {
		o.query.Set(name, value)
	}
	for _, name := range slices.Sorted(maps.Keys(q.Query)) {
		v, err := match.Expand(q.Query[name], resolve)
		if err != nil {
			return err
		}
		o.query.Set(name, v)
	}
	for _, p := range op.Params {
		if p.In != "query" || !p.Required || q.Query != nil {
			continue
		}
		if given, _ := p.JudgeQuery(o.query); !given {
			maps.Copy(o.query, p.Sent())
		}
	}
	return nil
}

// content makes the body. An example that is not edited goes out byte for byte.
func (o *outgoing) content(op *specs.Operation, q scenarios.Request, example *specs.ExampleRequest, resolve match.Resolve) error {
	mediaType := q.MediaType
	if mediaType == "" {
		mediaType = example.MediaType
	}
	if op.RequestBody != nil && len(op.RequestBody.Media) > 0 {
		o.media = op.RequestBody.Media[0]
		if m := op.RequestBody.For(mediaType); m != nil && mediaType != "" {
			o.media = m
		}
		if mediaType == "" {
			mediaType = concrete(o.media)
		}
	}
	switch {
	case q.Raw != nil:
		o.body, o.hasBody = q.Raw, true
		if q.RawText {
			text, err := match.Expand(string(q.Raw), resolve)
			if err != nil {
				return err
			}
			o.body = []byte(text)
		}
	case q.Body != nil:
		n, err := match.ExpandNode(q.Body, resolve)
		if err != nil {
			return err
		}
		tree := &payload.Tree{Format: payload.JSON, Root: n}
		if o.media != nil && o.media.Format == payload.XML {
			if tree, err = elementRoot(n); err != nil {
				return err
			}
		}
		if err := o.rewrite(tree); err != nil {
			return err
		}
	case len(example.Body) > 0:
		o.body, o.hasBody = example.Body, true
	}
	if o.hasBody && mediaType != "" {
		o.header.Set("Content-Type", mediaType)
	}
	return nil
}

// concrete is what is sent for a media type that may be a range.
func concrete(m *specs.Media) string {
	switch {
	case !strings.Contains(m.Type, "*"):
		return m.Type
	case m.Format == payload.XML:
		return "application/xml"
	}
	return "application/json"
}

func (o *outgoing) edit(q scenarios.Request, resolve match.Resolve) error {
	if len(q.Set)+len(q.Remove) == 0 {
		return nil
	}
	tree := o.parsed()
	if tree == nil {
		return fmt.Errorf("set and remove need a body that can be read")
	}
	for _, path := range q.Remove {
		path, err := match.Expand(path, resolve)
		if err != nil {
			return err
		}
		if tree.Remove(path) == 0 {
			return fmt.Errorf("remove %s: the body has no such field", path)
		}
	}
	for _, a := range q.Set {
		path, err := match.Expand(a.Path, resolve)
		if err != nil {
			return err
		}
		value, err := match.ExpandNode(a.Value, resolve)
		if err != nil {
			return err
		}
		if tree.Format == payload.XML && value.Kind == payload.Object {
			if value, err = element(lastStep(path), value); err != nil {
				return err
			}
		}
		if err := tree.Set(path, value); err != nil {
			return err
		}
		o.set = append(o.set, tree.Select(path)...)
	}
	return o.rewrite(tree)
}

func lastStep(path string) string {
	name := path[strings.LastIndexByte(path, '/')+1:]
	name, _, _ = strings.Cut(name, "[")
	return name
}

// accept lists the media types that the operation may answer with.
func accept(op *specs.Operation) string {
	var all []string
	for _, resp := range op.Responses {
		if resp.Body == nil {
			continue
		}
		for _, m := range resp.Body.Media {
			if !slices.Contains(all, m.Type) {
				all = append(all, m.Type)
			}
		}
	}
	if len(all) == 0 {
		return "*/*"
	}
	return strings.Join(all, ", ")
}

// request makes the HTTP request.
func (r *Runner) request(ctx context.Context, out *outgoing, mark string) (*http.Request, error) {
	u := *r.base
	raw := u.EscapedPath() + out.path
	path, err := url.PathUnescape(raw)
	if err != nil {
		return nil, err
	}
	u.Path, u.RawPath, u.RawQuery = path, raw, out.query.Encode()
	req, err := http.NewRequestWithContext(ctx, out.method, u.String(), nil)
	if err != nil {
		return nil, err
	}
	if out.hasBody {
		req, err = http.NewRequestWithContext(ctx, out.method, u.String(), bytes.NewReader(out.body))
		if err != nil {
			return nil, err
		}
	}
	req.Close = r.tidied.Load()
	req.Header = out.header.Clone()
	for name, value := range r.options.Headers {
		req.Header.Set(name, value)
	}
	req.Header.Set("User-Agent", r.userAgent())
	req.Header.Set("X-Roadworthy-Step", mark)
	return req, nil
}

func (r *Runner) userAgent() string {
	version := r.options.Version
	if version == "" {
		version = "dev"
	}
	return "roadworthy/" + version
}
