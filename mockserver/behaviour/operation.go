package behaviour

import (
	"net/http"
	"slices"
	"sort"
	"strings"
	"sync"
	"sync/atomic"

	"go.yaml.in/yaml/v3"

	"github.com/roadworthy-project/roadworthy/specs"
	"github.com/roadworthy-project/roadworthy/specs/payload"
)

// Operation is the compiled behaviour of one operation.
type Operation struct {
	behaviour *Behaviour
	spec      *specs.Operation
	scope     *scope
	// Writes tells that running it may change the state.
	Writes bool

	lets, itemLets   []let
	rules, itemRules []rule
	batch            *batch
	effects          []effect
	success          *specs.Outcome
	respond          *respond
	trigger          *trigger

	broken error // it does not compile

	once     sync.Once
	examples []knownExample
}

// let is one named value.
type let struct {
	slot   int
	expr   *expression
	replay string
}

// rule leads to an outcome when its condition holds.
type rule struct {
	spec    *specs.Rule
	when    *expression
	outcome *specs.Outcome
	detail  mixed
}

// batch says where the items are.
type batch struct {
	path   string
	prefix []payload.Step
	// perItem: what is wrong inside an item is the item's affair.
	perItem bool
}

// respond is the compiled answer.
type respond struct {
	status    int
	mediaType string
	headers   []header
	body      template
	xml       bool
	size      atomic.Int64 // of the XML answer before, to begin the next with enough room
}

type header struct {
	name  string
	value template
}

// trigger is where an armed outcome looks for its value.
type trigger struct {
	field string
	path  string
	value template
}

// Operation gives the behaviour of an operation; every operation of the
// contract has one, and nil stands for those that are not there.
func (b *Behaviour) Operation(id string) *Operation {
	if b.late != nil {
		return b.late.operation(id)
	}
	return b.operations[id]
}

// Stateful reports whether an operation has an entry in behaviour.yaml.
func (b *Behaviour) Stateful(id string) bool { return b.source.Operations[id] != nil }

// Contract is the contract that the behaviour belongs to.
func (b *Behaviour) Contract() *specs.Contract { return b.contract }

// Outcome finds an outcome of the operation by "layer:code", or by the code
// alone in the order http, global, item; nil if there is none.
func (op *Operation) Outcome(ref string) *specs.Outcome {
	if strings.Contains(ref, ":") {
		return op.spec.Outcome(ref)
	}
	for _, layer := range []specs.Layer{specs.LayerHTTP, specs.LayerGlobal, specs.LayerItem} {
		for _, o := range op.spec.Outcomes() {
			if o.Layer == layer && o.Code == ref {
				return o
			}
		}
	}
	return nil
}

// Refusal gives the outcome for a reason that lies in the request itself; nil
// if the contract names none.
func (op *Operation) Refusal(reason string) *specs.Outcome { return op.spec.Refusal(reason) }

// Batch reports whether the operation takes a list of items.
func (op *Operation) Batch() bool { return op.batch != nil }

// PerItem reports whether what the schema finds inside an item is the affair of
// that item's rules.
func (op *Operation) PerItem() bool { return op.batch != nil && op.batch.perItem }

func (c *compiler) operation(spec *specs.Operation, source *specs.OperationBehaviour) *Operation {
	s := newScope()
	s.ofOperation(source)
	op := &Operation{behaviour: c.behaviour, spec: spec, scope: s}
	if source == nil {
		return op
	}
	c.scope, c.writes = s, false
	op.lets = c.lets(&source.Let)
	op.rules = c.rules(op, source.Rules)
	if source.Batch != nil {
		op.batch = c.batch(spec, source)
		op.itemLets = c.lets(&source.ItemLet)
		op.itemRules = c.rules(op, source.ItemRules)
	} else if len(source.ItemRules) > 0 || len(source.ItemLet.Content) > 0 {
		c.problem(source.Line, "operation %s has item rules and no batch", spec.ID)
	}
	op.effects = c.effects(source.Effects)
	if source.Success != "" {
		op.success = c.outcome(op, source.Success, source.Line)
	}
	if source.Respond != nil {
		op.respond = c.respond(spec, source.Respond)
	}
	if t := source.Trigger; t != nil {
		op.trigger = &trigger{field: t.Field, path: t.Path, value: c.textTemplate(t.Value, source.Line)}
		if (t.Field == "") == (t.Path == "") {
			c.problem(source.Line, "the trigger of %s needs either a field or a path parameter", spec.ID)
		}
	}
	op.Writes = c.writes || len(op.effects) > 0
	return op
}

func (c *compiler) lets(y *yaml.Node) []let {
	var all []let
	if y.Kind != 0 && y.Kind != yaml.MappingNode {
		c.problem(y.Line, "let takes a mapping of names to expressions")
		return nil
	}
	for i := 0; i+1 < len(y.Content); i += 2 {
		name, value := y.Content[i], y.Content[i+1]
		l := let{slot: c.scope.slot(name.Value)}
		switch value.Kind {
		case yaml.MappingNode:
			for j := 0; j+1 < len(value.Content); j += 2 {
				switch value.Content[j].Value {
				case "new":
					l.expr = c.bare(value.Content[j+1])
				case "replay":
					l.replay = value.Content[j+1].Value
				default:
					c.problem(value.Content[j].Line, "unknown key %q in let %s; expected new or replay", value.Content[j].Value, name.Value)
				}
			}
			if l.expr == nil {
				c.problem(value.Line, "let %s has no \"new\"", name.Value)
				continue
			}
		default:
			l.expr = c.bare(value)
		}
		all = append(all, l)
	}
	return all
}

func (c *compiler) rules(op *Operation, source []specs.Rule) []rule {
	var all []rule
	for i := range source {
		r := &source[i]
		when := c.expression(r.When, r.Line)
		c.condition(when, r.Line)
		all = append(all, rule{
			spec: r, when: when, detail: c.text(r.Detail, r.Line),
			outcome: c.outcome(op, r.Outcome, r.Line),
		})
	}
	return all
}

func (c *compiler) outcome(op *Operation, ref string, line int) *specs.Outcome {
	o := op.spec.Outcome(ref)
	if o == nil {
		c.problem(line, "operation %s has no outcome %q in errors.yaml; it has %s", op.spec.ID, ref, op.knownOutcomes())
	}
	return o
}

// knownOutcomes lists the outcomes of the operation, for a message.
func (op *Operation) knownOutcomes() string {
	var refs []string
	for _, o := range op.spec.Outcomes() {
		refs = append(refs, o.Ref())
	}
	slices.Sort(refs)
	if len(refs) == 0 {
		return "none"
	}
	return strings.Join(refs, ", ")
}

func (c *compiler) batch(spec *specs.Operation, source *specs.OperationBehaviour) *batch {
	format := payload.JSON
	if spec.RequestBody != nil && len(spec.RequestBody.Media) > 0 && spec.RequestBody.Media[0].Format == payload.XML {
		format = payload.XML
	}
	steps, err := payload.Steps(format, source.Batch.Items)
	if err != nil {
		c.problem(source.Line, "batch of %s: %v", spec.ID, err)
	}
	return &batch{path: source.Batch.Items, prefix: steps, perItem: source.Batch.Violations == "item"}
}

func (c *compiler) respond(spec *specs.Operation, source *specs.Respond) *respond {
	r := &respond{status: source.Status, mediaType: source.MediaType}
	if r.status == 0 {
		r.status = http.StatusOK
	}
	for _, name := range sortedNames(source.Headers) {
		r.headers = append(r.headers, header{name, c.textTemplate(source.Headers[name], source.Body.Line)})
	}
	sort.Slice(r.headers, func(i, j int) bool { return r.headers[i].name < r.headers[j].name })
	if source.Body.Kind == 0 {
		return r
	}
	if r.mediaType == "" {
		r.mediaType = responseType(spec, r.status)
	}
	r.xml = isXML(r.mediaType) && !standsAsJSON(spec, r.status, r.mediaType, onlyKey(&source.Body))
	r.body = c.template(&source.Body, r.xml)
	return r
}

// responseType is the first described media type of a status.
func responseType(spec *specs.Operation, status int) string {
	if described := spec.Response(status); described != nil && described.Body != nil {
		for _, m := range described.Body.Media {
			if !strings.Contains(m.Type, "*") {
				return m.Type
			}
		}
	}
	return "application/json"
}

// standsAsJSON tells the templates of XML bodies that make the JSON which a schema
// describes, from those that make the XML itself: these have the root element for
// their only key.
func standsAsJSON(spec *specs.Operation, status int, mediaType, only string) bool {
	described := spec.Response(status)
	if described == nil {
		return false
	}
	m := described.Body.For(mediaType)
	return m != nil && m.Mapped() && (only == "" || only != m.Root)
}

// onlyKey is the key of a template with one, without the mark of what may be left
// out; "" for any other.
func onlyKey(y *yaml.Node) string {
	if y.Kind != yaml.MappingNode || len(y.Content) != 2 {
		return ""
	}
	return strings.TrimSuffix(y.Content[0].Value, "?")
}

func isXML(mediaType string) bool {
	return strings.HasSuffix(mediaType, "/xml") || strings.HasSuffix(mediaType, "+xml")
}
