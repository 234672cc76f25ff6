package mockserver

import (
	"context"
	"io/fs"
	"maps"
	"slices"
	"sort"
	"strings"

	"github.com/roadworthy-project/roadworthy/mockserver/admin"
	"github.com/roadworthy-project/roadworthy/mockserver/behaviour"
	"github.com/roadworthy-project/roadworthy/mockserver/journal"
	"github.com/roadworthy-project/roadworthy/specs"
	"github.com/roadworthy-project/roadworthy/specs/payload"
)

func (b backend) ContractDetails(name string) *admin.ContractDetails {
	m := b.s.byName[name]
	d := &admin.ContractDetails{
		Summary: m.contract.Summary, BasePath: m.contract.BasePath, Sources: []admin.Source{}, Identities: m.callers.names(),
		Requirements: []admin.Requirement{}, Errata: []admin.Erratum{},
	}
	for _, c := range b.Contracts() {
		if c.Name == name {
			d.Contract = c
		}
	}
	for _, s := range m.contract.Sources {
		d.Sources = append(d.Sources, admin.Source(s))
	}
	for _, r := range m.contract.Requirements {
		d.Requirements = append(d.Requirements, admin.Requirement{ID: r.ID, Level: r.Level, Text: r.Text, Operations: list(r.Operations),
			Source: r.Source, Basis: r.Basis, NotTested: r.NotTested})
	}
	for _, e := range m.contract.Errata {
		says := []admin.Statement{}
		for _, s := range e.Says {
			says = append(says, admin.Statement(s))
		}
		d.Errata = append(d.Errata, admin.Erratum{ID: e.ID, Title: e.Title, Says: says, Reading: e.Reading, Why: e.Why,
			Operations: list(e.Operations), Examples: list(e.Examples), Accepts: e.Accepts})
	}
	return d
}

// list makes JSON's empty list of nothing.
func list(of []string) []string { return append([]string{}, of...) }

func (b backend) OperationDetails(contract, operation, session string) (*admin.OperationDetails, error) {
	m := b.s.byName[contract]
	op := m.contract.Operation(operation)
	if op == nil {
		return nil, nil
	}
	seen, err := b.s.tally.in(session)
	if err != nil {
		return nil, err
	}
	d := &admin.OperationDetails{
		Operation: operationLine(m, op), Summary: op.Summary, Source: op.Source, Security: [][]string{}, Params: []admin.Param{},
		Bodies: bodies(m.contract, op), Examples: []admin.Example{}, Rules: rules(m.contract, op.ID), Outcomes: outcomes(m, op, seen),
	}
	for _, s := range op.Security {
		alternative := []string{}
		for _, one := range append([]specs.Security{s}, s.And...) {
			if one.Scheme != "" {
				alternative = append(alternative, strings.Join(append([]string{one.Scheme}, one.Scopes...), " "))
			}
		}
		d.Security = append(d.Security, alternative)
	}
	for _, p := range op.Params {
		d.Params = append(d.Params, admin.Param{Name: p.Name, In: p.In, Required: p.Required, Example: p.Example})
	}
	for _, e := range op.Examples() {
		d.Examples = append(d.Examples, example(e, m.secrets))
	}
	if e, ok := generatedExample(op); ok {
		d.Examples = append(d.Examples, e)
	}
	return d, nil
}

func operationLine(m *mount, op *specs.Operation) admin.Operation {
	return admin.Operation{ID: op.ID, Method: op.Method, Path: m.prefix + op.Path, Title: op.Title, Evidence: op.Evidence,
		Stateful: m.behaviour.Stateful(op.ID)}
}

// bodies lists the schemas of what is sent and what comes back.
func bodies(c *specs.Contract, op *specs.Operation) []admin.BodySchema {
	all := []admin.BodySchema{}
	add := func(of string, body *specs.Body) {
		if body == nil {
			return
		}
		for _, m := range body.Media {
			all = append(all, admin.BodySchema{Of: of, MediaType: m.Type, Schema: m.Schema, Text: schemaText(c, m)})
		}
	}
	add("request", op.RequestBody)
	for _, r := range op.Responses {
		add(r.Status, r.Body)
	}
	return all
}

// maxSchemaText bounds what is shown of one schema.
const maxSchemaText = 256 << 10

// schemaText is the schema as it is written: the XSD, or the part of the OpenAPI
// document with its first reference followed.
func schemaText(c *specs.Contract, m *specs.Media) string {
	if file, _, isXSD := strings.Cut(m.Schema, ".xsd#"); isXSD {
		text, err := fs.ReadFile(c.Files(), "xsd/"+file+".xsd")
		if err != nil || len(text) > maxSchemaText {
			return ""
		}
		return string(text)
	}
	described := m.Described()
	if described == nil || described.Member("schema") == nil {
		return ""
	}
	n := described.Member("schema")
	if ref := n.Member("$ref"); ref != nil {
		root := &payload.Tree{Format: payload.JSON, Root: rootOf(described)}
		if found := root.At(strings.TrimPrefix(ref.Value, "#")); found != nil {
			n = found
		}
	}
	text := (&payload.Tree{Format: payload.JSON, Root: n}).IndentJSON()
	if len(text) > maxSchemaText {
		return ""
	}
	return string(text)
}

func example(e *specs.Example, secrets []string) admin.Example {
	x := admin.Example{Name: e.Name, Title: e.Title, Basis: string(e.Basis), Source: e.Source, Erratum: e.Erratum, Corrects: e.Corrects, Identity: e.Identity}
	if r := e.Request; r != nil {
		x.Request = &admin.ExampleMessage{MediaType: r.MediaType, Path: r.Path, Query: r.Query, Headers: r.Headers,
			Body: string(journal.Mask(r.Body, secrets)), Invalid: invalid(r.Valid, r.Why)}
	}
	if r := e.Response; r != nil {
		x.Response = &admin.ExampleMessage{Status: r.Status, MediaType: r.MediaType, Headers: r.Headers, Body: string(journal.Mask(r.Body, secrets)), Invalid: invalid(r.Valid, r.Why)}
	}
	return x
}

func invalid(valid *bool, why string) string {
	switch {
	case valid == nil || *valid:
		return ""
	case why == "":
		return "the schema refuses it"
	}
	return why
}

// generatedExample makes a request out of what the contract says.
func generatedExample(op *specs.Operation) (admin.Example, bool) {
	m := &admin.ExampleMessage{Path: map[string]string{}, Query: map[string]string{}, Headers: map[string]string{}}
	for _, p := range op.Params {
		switch {
		case p.In == "path":
			m.Path[p.Name] = p.Example
		case p.In == "query" && p.Required:
			maps.Copy(m.Query, p.SentOnce())
		case p.In == "header" && p.Required:
			m.Headers[p.Name] = p.Example
		}
	}
	if op.RequestBody != nil {
		for _, media := range op.RequestBody.Media {
			if media.Format != payload.JSON {
				continue
			}
			if tree := Generate(media, 1); tree != nil {
				m.MediaType, m.Body = strings.ReplaceAll(media.Type, "*/*", "application/json"), string(tree.IndentJSON())
				break
			}
		}
		if m.Body == "" {
			return admin.Example{}, false
		}
	}
	return admin.Example{Name: "generated", Title: "Made from the schema", Basis: "generated", Source: "the schema of the operation", Request: m}, true
}

// rules lists the rules of an operation, those of its items last.
func rules(c *specs.Contract, operation string) []admin.Rule {
	all := []admin.Rule{}
	if c.Behaviour == nil || c.Behaviour.Operations[operation] == nil {
		return all
	}
	own := c.Behaviour.Operations[operation]
	add := func(list []specs.Rule, perItem bool) {
		for _, r := range list {
			all = append(all, admin.Rule{ID: r.ID, When: r.When, Outcome: r.Outcome, Clause: r.Clause, Source: r.Source, Basis: string(r.Basis), PerItem: perItem})
		}
	}
	add(own.Rules, false)
	add(own.ItemRules, true)
	return all
}

func (b backend) Outcomes(contract, session string) ([]admin.OutcomeDetails, error) {
	seen, err := b.s.tally.in(session)
	if err != nil {
		return nil, err
	}
	m := b.s.byName[contract]
	all := []admin.OutcomeDetails{}
	for _, op := range m.contract.Operations {
		all = append(all, outcomes(m, op, seen)...)
	}
	return all, nil
}

func outcomes(m *mount, op *specs.Operation, seen map[reached]uint64) []admin.OutcomeDetails {
	all := []admin.OutcomeDetails{}
	for _, o := range op.Outcomes() {
		d := admin.OutcomeDetails{
			Operation: op.ID, Outcome: o.Ref(), Layer: string(o.Layer), Code: o.Code, Status: behaviour.Status(o), Title: o.Title, Meaning: o.Meaning,
			Success: o.Success, Basis: string(o.Basis), Source: o.Source, Seen: seen[reached{m.contract.Name, op.ID, o.Ref()}],
			// An item's outcome needs items, and a refusal before an operation is known cannot be armed for it.
			Armable: o.Layer != specs.LayerItem || m.operations[op].behaviour().Batch(),
		}
		d.LeadsTo, d.State = leadsTo(m.contract, op.ID, o)
		switch {
		case d.State == "outcome":
			d.Params = map[string]string{"operation": op.ID, "code": o.Ref()}
		case d.State == "internal-error":
			d.Params = map[string]string{"operation": op.ID}
		}
		all = append(all, d)
	}
	return all
}

// leadsTo says in a sentence what leads to an outcome, and names the provider
// state that does.
func leadsTo(c *specs.Contract, operation string, o *specs.Outcome) (sentence, state string) {
	by := o.ReachedBy
	switch {
	case by.Rule != "":
		for _, r := range rules(c, operation) {
			if r.ID == by.Rule {
				return "The rule " + r.ID + ": " + r.When, ""
			}
		}
		return "The rule " + by.Rule, ""
	case by.Refusal == "internal":
		return "The server itself fails. The provider state internal-error makes the next call do so.", "internal-error"
	case by.Refusal != "":
		return "A request that is wrong in itself: " + by.Refusal, ""
	case by.State != "":
		return "The provider state " + by.State + title(c, by.State), by.State
	case by.Request != "":
		return "A request such as this: " + by.Request, ""
	case by.Success:
		return "A request that nothing is wrong with", ""
	case by.Armed:
		return "No request alone. The provider state outcome prepares a value that leads to it.", "outcome"
	case by.NotReachable != "":
		return "Nothing that can be done from outside: " + by.NotReachable, ""
	}
	return "The contract does not say", ""
}

// ResourceDetails tells what the documents of a resource look like.
func (b backend) ResourceDetails(contract, name string) *admin.ResourceDetails {
	c := b.s.byName[contract].contract
	d := &admin.ResourceDetails{Name: name}
	if r := c.Behaviour.Resources[name]; r != nil {
		d.Title, d.Key = r.Title, r.Key
	}
	s := c.ResourceSchema(name)
	if s == nil {
		return d
	}
	d.Of, d.Text = s.Of, s.Text()
	if s.Media != nil {
		d.Text = schemaText(c, s.Media)
	}
	if len(d.Text) > maxSchemaText {
		d.Text = ""
	}
	if t := s.Sample(1); t != nil {
		d.Sample = string(t.IndentJSON())
	}
	return d
}

func (b backend) Sessions() ([]admin.Session, error) {
	counts, err := b.s.journal.Sessions()
	if err != nil {
		return nil, err
	}
	spaces, err := b.s.store.Spaces(context.Background())
	if err != nil {
		return nil, err
	}
	for _, name := range spaces {
		if _, session, ok := strings.Cut(name, "/"); ok {
			counts[session] += 0
		}
	}
	counts[DefaultSession] += 0
	all := []admin.Session{}
	for name, n := range counts {
		all = append(all, admin.Session{Name: name, Requests: n})
	}
	sort.Slice(all, func(i, j int) bool { return all[i].Name < all[j].Name })
	return all, nil
}

// names lists the identities, sorted.
func (cs *callers) names() []string {
	names := []string{cs.standard.Identity}
	for _, c := range cs.byToken {
		names = append(names, c.Identity)
	}
	for _, c := range cs.byLogin {
		names = append(names, c.Identity)
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// title gives what a provider state is called, in brackets.
func title(c *specs.Contract, state string) string {
	if c.Behaviour == nil || c.Behaviour.States[state] == nil || c.Behaviour.States[state].Title == "" {
		return ""
	}
	return " (" + c.Behaviour.States[state].Title + ")"
}
