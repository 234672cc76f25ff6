package specs

import (
	"slices"
	"sort"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/roadworthy-project/roadworthy/specs/payload"
)

// wish is a reason to refuse, with the statuses that fit it, best first.
type wish struct {
	reason   string
	statuses []int
}

// wishes lists, for each reason, the documented statuses that are taken for it.
// The last is what is answered, as made-up, where none of them is documented.
func wishes() []wish {
	return []wish{
		{"unauthenticated", []int{401, 403, 401}},
		{"bad-credentials", []int{401, 403, 401}},
		{"scope", []int{403, 401, 403}},
		{"over-limit", []int{429, 429}},
		{"too-large", []int{413, 413}},
		{"media-type", []int{415, 415}},
		{"malformed", []int{400, 422, 405, 400}},
		{"invalid-parameter", []int{400, 422, 400}},
		{"invalid-body", []int{422, 400, 405, 422}},
		{"internal", []int{500, 503, 500}},
	}
}

// outcomeMaker makes the outcomes of a document without errors.yaml.
type outcomeMaker struct {
	c   *Contract
	doc *document
	own map[string]map[int]*Outcome // of an operation, by status
}

// inferOutcomes makes one outcome of every documented response, and names those
// that answer a request that is wrong in itself.
func inferOutcomes(c *Contract, doc *document) {
	m := &outcomeMaker{c: c, doc: doc}
	c.Shapes = map[string]*Shape{"problem": problemShape()}
	for _, op := range c.Operations {
		m.documented(op)
	}
	m.everywhere()
	for _, op := range c.Operations {
		for _, w := range wishes() {
			if op.canMeet(w.reason) {
				m.refusal(op, w)
			}
		}
	}
	c.Refusals = append(c.Refusals, Refusal{When: "unknown-route", Outcome: "http:404"}, Refusal{When: "method", Outcome: "http:405"})
	for _, op := range c.Operations {
		if b := c.Behaviour.Operations[op.ID]; b != nil {
			for _, rule := range b.Rules {
				if status, err := strconv.Atoi(strings.TrimPrefix(rule.Outcome, "http:")); err == nil {
					m.rule(op, status, rule.ID)
				}
			}
		}
	}
	c.Refusals = together(c.Refusals)
	c.Outcomes = alike(c.Outcomes)
	// What holds everywhere comes first: it answers where no operation is found.
	sort.SliceStable(c.Outcomes, func(i, j int) bool {
		return contains(c.Outcomes[i].Operations, "*") && !contains(c.Outcomes[j].Operations, "*")
	})
}

// together makes one entry of those that differ in their operations only.
func together(all []Refusal) []Refusal {
	var kept []Refusal
	for _, r := range all {
		found := false
		for i := range kept {
			if kept[i].When == r.When && kept[i].Outcome == r.Outcome && len(kept[i].Operations) > 0 && len(r.Operations) > 0 {
				kept[i].Operations = append(kept[i].Operations, r.Operations...)
				found = true
			}
		}
		if !found {
			kept = append(kept, r)
		}
	}
	return kept
}

// alike makes one outcome of those that differ in their operations only: documents
// say the same of thousands.
func alike(all []*Outcome) []*Outcome {
	type same struct {
		layer                 Layer
		code                  string
		title, meaning, shape string
		success               bool
		basis                 Basis
		source                string
		by                    ReachedBy
	}
	first := map[same]*Outcome{}
	var kept []*Outcome
	for _, o := range all {
		key := same{o.Layer, o.Code, o.Title, o.Meaning, o.Shape, o.Success, o.Basis, o.Source, o.ReachedBy}
		if have := first[key]; have != nil && !contains(o.Operations, "*") {
			have.Operations = append(have.Operations, o.Operations...)
			continue
		}
		first[key] = o
		kept = append(kept, o)
	}
	return kept
}

// canMeet leaves out the reasons that no request to the operation can give.
func (op *Operation) canMeet(reason string) bool {
	switch reason {
	case "unauthenticated", "bad-credentials":
		return len(op.Security) > 0
	case "scope":
		for _, s := range op.Security {
			if len(s.Needs()) > 0 {
				return true
			}
		}
		return false
	case "too-large", "media-type", "malformed", "invalid-body":
		return op.RequestBody != nil
	case "invalid-parameter":
		return len(op.Params) > 0
	}
	return true
}

func (m *outcomeMaker) find(op *Operation, status int) *Outcome { return m.own[op.ID][status] }

// add takes an outcome of one operation.
func (m *outcomeMaker) add(op *Operation, o *Outcome) {
	m.c.Outcomes = append(m.c.Outcomes, o)
	if m.own == nil {
		m.own = map[string]map[int]*Outcome{}
	}
	if m.own[op.ID] == nil {
		m.own[op.ID] = map[int]*Outcome{}
	}
	if m.own[op.ID][o.Status] == nil {
		m.own[op.ID][o.Status] = o
	}
}

// documented makes an outcome of each response with a status of its own.
func (m *outcomeMaker) documented(op *Operation) {
	success := op.success()
	for _, r := range op.Responses {
		if strings.Contains(strings.ToUpper(r.Status), "X") || r.Status == "default" && r != success {
			continue
		}
		status := statusOf(r)
		o := &Outcome{Layer: LayerHTTP, Code: strconv.Itoa(status), Status: status, Operations: []string{op.ID},
			Title: firstLine(r.Title), Meaning: r.Title, Basis: Documented, Source: m.doc.main, Line: op.Line}
		o.Success = status >= 200 && status < 400
		o.ReachedBy = ReachedBy{Armed: !o.Success, Success: o.Success}
		if !o.Success {
			o.Shape = m.shape(r)
			if o.Shape == "" && len(r.Body.media()) == 0 && (status == 400 || status == 422) {
				// Nothing says what the body is, so that it may say what is wrong with the request.
				o.Shape = "problem"
			}
		}
		m.add(op, o)
	}
}

// everywhere adds what every server answers, documented or not.
func (m *outcomeMaker) everywhere() {
	titles := map[int]string{400: "Bad Request", 401: "Unauthorized", 403: "Forbidden", 404: "Not Found", 405: "Method Not Allowed",
		413: "Content Too Large", 415: "Unsupported Media Type", 422: "Unprocessable Content", 429: "Too Many Requests", 500: "Internal Server Error"}
	reason := map[int]string{404: "unknown-route", 405: "method"}
	for _, w := range wishes() {
		reason[w.statuses[len(w.statuses)-1]] = w.reason
	}
	statuses := make([]int, 0, len(titles))
	for status := range titles {
		statuses = append(statuses, status)
	}
	slices.Sort(statuses)
	for _, status := range statuses {
		m.c.Outcomes = append(m.c.Outcomes, &Outcome{Layer: LayerHTTP, Code: strconv.Itoa(status), Status: status, Operations: []string{"*"},
			Title: titles[status], Shape: "problem", Basis: MadeUp, Source: "common practice of HTTP (RFC 9110)", ReachedBy: ReachedBy{Refusal: reason[status]}})
	}
}

// refusal finds the documented answer for a reason: a status, else the range or
// default response of the operation.
func (m *outcomeMaker) refusal(op *Operation, w wish) {
	last := w.statuses[len(w.statuses)-1]
	for _, status := range w.statuses[:len(w.statuses)-1] {
		if o := m.find(op, status); o != nil {
			if o.ReachedBy.Armed {
				o.ReachedBy = ReachedBy{Refusal: w.reason}
			}
			m.c.Refusals = append(m.c.Refusals, Refusal{When: w.reason, Outcome: o.Ref(), Operations: []string{op.ID}})
			return
		}
	}
	if o := m.fallback(op, last); o != nil {
		o.ReachedBy = ReachedBy{Refusal: w.reason}
		m.c.Refusals = append(m.c.Refusals, Refusal{When: w.reason, Outcome: o.Ref(), Operations: []string{op.ID}})
		return
	}
	m.c.Refusals = append(m.c.Refusals, Refusal{When: w.reason, Outcome: "http:" + strconv.Itoa(last), Operations: []string{op.ID}})
}

// fallback gives an outcome in the words of a 4XX or default response.
func (m *outcomeMaker) fallback(op *Operation, status int) *Outcome {
	if o := m.find(op, status); o != nil {
		return o
	}
	r := op.Response(status)
	if r == nil || r == op.success() {
		return nil
	}
	o := &Outcome{Layer: LayerHTTP, Code: strconv.Itoa(status), Status: status, Operations: []string{op.ID}, Title: firstLine(r.Title), Meaning: r.Title,
		Shape: m.shape(r), Basis: Inferred, Source: m.doc.main + ", response " + r.Status, Line: op.Line}
	m.add(op, o)
	return o
}

// rule notes that a rule of the behaviour leads to a status of the operation.
func (m *outcomeMaker) rule(op *Operation, status int, id string) {
	if o := m.fallback(op, status); o != nil {
		o.ReachedBy = ReachedBy{Rule: id}
	}
}

// shape makes the body of an error response from its schema: known names get the
// detail and the status, the rest what the schema asks for.
func (m *outcomeMaker) shape(r *Response) string {
	for _, media := range r.Body.media() {
		if media.node == nil || media.Format != payload.JSON && !media.Mapped() {
			continue
		}
		name := shapeName(media.Schema)
		if m.c.Shapes[name] != nil {
			return name
		}
		mediaType := media.Type
		if strings.HasSuffix(mediaType, "/*") {
			mediaType = "application/json"
		}
		s := &Shape{MediaType: mediaType}
		at := media.node.Member("schema")
		if at != nil {
			if body := m.errorBody(at); body != nil {
				s.Body = *body
			} else {
				return ""
			}
		} else {
			s.Body = problemShape().Body // any JSON will do
		}
		m.c.Shapes[name] = s
		return name
	}
	return ""
}

// shapeName is short for a component, and the place for anything else.
func shapeName(place string) string {
	if i := strings.LastIndex(place, "/schemas/"); i >= 0 && !strings.Contains(place[i+9:], "/") {
		return place[i+9:]
	}
	return place
}

func (m *outcomeMaker) errorBody(at *payload.Node) *yaml.Node {
	d := m.doc
	switch d.typeOf(at) {
	case "string":
		return m.errorMember("message", d.follow(at))
	case "array":
		item := m.errorBody(d.follow(at).Member("items"))
		if item == nil {
			return d.filler(at, 0)
		}
		return yamlList(item)
	case "object":
	default:
		return d.filler(at, 0)
	}
	body := yamlMap()
	model := d.objectOf(at)
	for _, member := range model.members {
		value := m.errorMember(member.name, member.at)
		if value == nil && model.required[member.name] {
			if value = d.filler(member.at, 1); value == nil {
				return d.filler(at, 0)
			}
		}
		if value != nil {
			put(body, templateKey(member.name), value)
		}
	}
	return body
}

// errorMember knows the usual names of error bodies; nil for others, and where
// the schema allows only certain values.
func (m *outcomeMaker) errorMember(name string, at *payload.Node) *yaml.Node {
	d := m.doc
	if at == nil || at.Member("enum") != nil || at.Member("const") != nil || at.Member("pattern") != nil {
		return nil
	}
	kind := d.typeOf(at)
	switch strings.ToLower(name) {
	case "message", "detail", "text", "description", "error_description", "reason", "msg", "error", "errormessage":
		switch kind {
		case "string":
			return yamlText(`${blank(detail) ? outcome.title : dyn(detail)}`)
		case "object":
			return m.errorBody(at)
		}
	case "title":
		if kind == "string" {
			return yamlText("${outcome.title}")
		}
	case "code", "status", "statuscode", "status_code", "errorcode", "error_code":
		switch kind {
		case "integer", "number":
			return yamlText("${outcome.status}")
		case "string":
			return yamlText("${text(outcome.status)}")
		}
	case "type":
		if kind == "string" && at.Member("example") == nil && at.Member("default") == nil {
			return yamlText("about:blank")
		}
	case "errors", "violations", "details", "validationerrors", "fielderrors":
		if kind == "array" {
			return m.errorList(at)
		}
	}
	return nil
}

// errorList names each wrong field where the items have places for it.
func (m *outcomeMaker) errorList(at *payload.Node) *yaml.Node {
	d := m.doc
	items := at.Member("items")
	if items == nil || whole(at, "minItems", 0) > 0 {
		return nil
	}
	switch d.typeOf(items) {
	case "string":
		return yamlText("${violations.map(v, v.message)}")
	case "object":
	default:
		return nil
	}
	model := d.objectOf(items)
	each := yamlMap()
	put(each, "$each", yamlKey("violations"))
	for _, member := range model.members {
		value := map[string]string{
			"field": "${it.path}", "path": "${it.path}", "pointer": "${it.path}", "property": "${it.path}", "location": "${it.path}", "name": "${it.field}",
			"message": "${it.message}", "detail": "${it.message}", "description": "${it.message}", "reason": "${it.message}", "error": "${it.message}",
			"code": "${it.kind}", "kind": "${it.kind}", "type": "${it.kind}", "expected": "${it.expected}", "actual": "${it.actual}", "value": "${it.actual}",
		}[strings.ToLower(member.name)]
		free := member.at.Member("enum") == nil && member.at.Member("pattern") == nil && member.at.Member("format") == nil
		switch {
		case value != "" && free && d.typeOf(member.at) == "string":
			put(each, templateKey(member.name), yamlText(value))
		case model.required[member.name]:
			filled := d.filler(member.at, 1)
			if filled == nil {
				return nil
			}
			put(each, templateKey(member.name), filled)
		}
	}
	return each
}

// problemShape is application/problem+json (RFC 9457) with the wrong fields.
func problemShape() *Shape {
	body := yamlMap()
	put(body, "type", yamlText("about:blank"))
	put(body, "title", yamlText("${outcome.title}"))
	put(body, "status", yamlText("${outcome.status}"))
	put(body, "detail?", yamlText("${blank(detail) ? null : dyn(detail)}"))
	each := yamlMap()
	put(each, "$each", yamlKey("violations"))
	for _, name := range []string{"path", "kind", "expected", "actual", "message"} {
		put(each, name, yamlText("${it."+name+"}"))
	}
	put(body, "violations", each)
	return &Shape{MediaType: "application/problem+json", Body: *body}
}

func firstLine(s string) string {
	line, _, _ := strings.Cut(strings.TrimSpace(s), "\n")
	return line
}
