package specs

import (
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
)

// Layer says where an outcome shows: in the HTTP status, in a code for the whole
// response, or in a code per item.
type Layer string

// The three layers.
const (
	LayerHTTP   Layer = "http"
	LayerGlobal Layer = "global"
	LayerItem   Layer = "item"
)

// Outcome is one way in which an operation can end.
type Outcome struct {
	Layer      Layer     `yaml:"layer"`
	Code       string    `yaml:"code"`
	Status     int       `yaml:"status,omitempty"` // default: the code (http) or 200
	Operations []string  `yaml:"operations"`       // ids or "*"
	Title      string    `yaml:"title"`
	Meaning    string    `yaml:"meaning,omitempty"`
	Success    bool      `yaml:"success,omitempty"`
	Shape      string    `yaml:"shape,omitempty"`
	Basis      Basis     `yaml:"basis"`
	Source     string    `yaml:"source"`
	ReachedBy  ReachedBy `yaml:"reached-by"`
	Line       int       `yaml:"-"`
	Col        int       `yaml:"-"`
}

// Ref writes the outcome as "layer:code".
func (o *Outcome) Ref() string { return string(o.Layer) + ":" + o.Code }

// ReachedBy says what leads to an outcome; exactly one field is set.
type ReachedBy struct {
	Rule         string `yaml:"rule,omitempty"`
	Refusal      string `yaml:"refusal,omitempty"`
	State        string `yaml:"state,omitempty"`
	Request      string `yaml:"request,omitempty"`
	Success      bool   `yaml:"success,omitempty"`
	Armed        bool   `yaml:"armed,omitempty"`
	NotReachable string `yaml:"not-reachable,omitempty"`
}

// Layers says where a response carries its global and item codes.
type Layers struct {
	Global LayerPlace `yaml:"global"`
	Item   LayerPlace `yaml:"item"`
}

// LayerPlace is the path of the codes; operations may differ.
type LayerPlace struct {
	At string `yaml:"at"`
	// Also are other places where an implementation may have the code, by an erratum:
	// the first is looked at where At names nothing, and so on.
	Also []string `yaml:"also,omitempty"`
	// Items is the path of the items themselves, so that a code can be given
	// an item number.
	Items string `yaml:"items,omitempty"`
	// StatusAt is the path of a status word beside the code.
	StatusAt   string                `yaml:"status-at,omitempty"`
	Success    []string              `yaml:"success,omitempty"`
	Operations map[string]LayerPlace `yaml:"operations,omitempty"`
	Line       int                   `yaml:"-"`
	Col        int                   `yaml:"-"`
}

// Shape is the body of a refusal.
type Shape struct {
	MediaType string    `yaml:"media-type"`
	Body      yaml.Node `yaml:"body"` // template
}

// Refusal names the outcome for a request that is wrong in itself.
type Refusal struct {
	When       string   `yaml:"when"`
	Outcome    string   `yaml:"outcome"` // "layer:code"
	Operations []string `yaml:"operations,omitempty"`
	Line       int      `yaml:"-"`
	Col        int      `yaml:"-"`
}

// RefusalReasons lists what can be wrong with a request in itself, in the order
// in which the mock looks.
func RefusalReasons() []string {
	return []string{"unknown-route", "method", "unauthenticated", "bad-credentials", "scope", "over-limit", "too-large",
		"media-type", "malformed", "invalid-parameter", "invalid-body", "internal"}
}

// For gives the place of a layer's codes in the responses of one operation.
func (p LayerPlace) For(operation string) LayerPlace {
	if own, ok := p.Operations[operation]; ok {
		if own.At == "" {
			own.At = p.At
		}
		if own.Items == "" {
			own.Items = p.Items
		}
		if own.StatusAt == "" {
			own.StatusAt = p.StatusAt
		}
		if own.Success == nil {
			own.Success = p.Success
		}
		return own
	}
	return p
}

// Outcome finds an outcome of an operation by "layer:code"; nil if there is none.
func (op *Operation) Outcome(ref string) *Outcome {
	layer, code, _ := strings.Cut(ref, ":")
	for _, o := range op.Outcomes() {
		if o.Layer == Layer(layer) && o.Code == code {
			return o
		}
	}
	return nil
}

// SucceedsWithoutCode reports whether no code in a layer stands for success, which
// references write as "item:" or "global:".
func (op *Operation) SucceedsWithoutCode(layer Layer) bool {
	place := op.contract.Layers.Item.For(op.ID)
	if layer == LayerGlobal {
		place = op.contract.Layers.Global.For(op.ID)
	}
	return place.At != "" && slices.Contains(place.Success, "")
}

// Outcomes lists the outcomes of the operation, in the order of errors.yaml.
// An entry that names the operation hides one for "*" with the same reference.
func (op *Operation) Outcomes() []*Outcome { return op.outcomes }

// indexOutcomes gives every operation its outcomes and what it answers to requests
// that are wrong in themselves. What an operation names itself stands before what
// holds for all.
func (c *Contract) indexOutcomes() {
	own := map[string][]int{}
	var all []int
	for i, o := range c.Outcomes {
		if contains(o.Operations, "*") {
			all = append(all, i)
			continue
		}
		for _, id := range o.Operations {
			if places := own[id]; len(places) == 0 || places[len(places)-1] != i {
				own[id] = append(places, i)
			}
		}
	}
	for _, op := range c.Operations {
		named := map[string]bool{}
		for _, i := range own[op.ID] {
			named[c.Outcomes[i].Ref()] = true
		}
		places := slices.Clone(own[op.ID])
		for _, i := range all {
			if !named[c.Outcomes[i].Ref()] || slices.Contains(c.Outcomes[i].Operations, op.ID) {
				places = append(places, i)
			}
		}
		slices.Sort(places)
		op.outcomes = make([]*Outcome, 0, len(places))
		for _, i := range places {
			op.outcomes = append(op.outcomes, c.Outcomes[i])
		}
	}
	c.indexRefusals()
}

// refusals is the outcome of each reason, in the order of [RefusalReasons]; "" is
// none. Operations that refuse alike share one: there may be thousands.
type refusals [12]string

// indexRefusals notes the first refusal for each reason that fits an operation.
func (c *Contract) indexRefusals() {
	place := map[string]int{}
	for i, reason := range RefusalReasons() {
		place[reason] = i
	}
	own := map[string]*firstRefusals{}
	all := &firstRefusals{}
	for i, r := range c.Refusals {
		at, known := place[r.When]
		if !known {
			continue
		}
		if len(r.Operations) == 0 {
			all.note(at, i)
		}
		for _, id := range r.Operations {
			if own[id] == nil {
				own[id] = &firstRefusals{}
			}
			own[id].note(at, i)
		}
	}
	shared := map[refusals]*refusals{}
	for _, op := range c.Operations {
		found := refusals{}
		for at := range found {
			first := all[at]
			if of := own[op.ID]; of != nil && of[at] > 0 && (first == 0 || of[at] < first) {
				first = of[at]
			}
			if first > 0 {
				found[at] = c.Refusals[first-1].Outcome
			}
		}
		if shared[found] == nil {
			shared[found] = &found
		}
		op.refusals = shared[found]
	}
}

// firstRefusals is where in the list the first refusal of each reason stands,
// counted from 1; 0 is none.
type firstRefusals [len(refusals{})]int

func (f *firstRefusals) note(reason, i int) {
	if f[reason] == 0 {
		f[reason] = i + 1
	}
}

// Refusal gives the outcome for a reason; nil if the contract names none.
func (op *Operation) Refusal(reason string) *Outcome {
	at := slices.Index(RefusalReasons(), reason)
	if at < 0 || op.refusals == nil || op.refusals[at] == "" {
		return nil
	}
	return op.Outcome(op.refusals[at])
}

func contains(list []string, s string) bool {
	for _, have := range list {
		if have == s {
			return true
		}
	}
	return false
}
