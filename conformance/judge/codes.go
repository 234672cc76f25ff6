package judge

import (
	"bytes"
	"slices"
	"strings"

	"github.com/roadworthy-project/roadworthy/reports"
	"github.com/roadworthy-project/roadworthy/specs"
	"github.com/roadworthy-project/roadworthy/specs/payload"
)

func looksLike(body []byte) payload.Format {
	trimmed := bytes.TrimLeft(body, " \t\r\n\ufeff")
	switch {
	case len(trimmed) == 0:
		return 0
	case trimmed[0] == '<':
		return payload.XML
	}
	return payload.JSON
}

// codes reads the outcomes of the inner layers out of a response.
func codes(op *specs.Operation, status int, j *Judgement) {
	if j.Tree == nil || op.Contract() == nil {
		return
	}
	layers := op.Contract().Layers
	if place := layers.Global.For(op.ID); place.At != "" {
		for _, n := range j.Tree.Select(place.At) {
			observe(op, specs.LayerGlobal, place, n, j.Tree.Path(n), 0, j)
		}
	}
	place := layers.Item.For(op.ID)
	if place.At == "" {
		return
	}
	items := place.Items
	if items == "" {
		items = place.At[:max(0, strings.LastIndexByte(place.At, '/'))]
	}
	relative := strings.TrimPrefix(place.At, items)
	for i, item := range j.Tree.Select(items) {
		found := j.Tree.Select(j.Tree.Path(item) + relative)
		for _, at := range place.Also {
			if len(found) == 0 {
				found = j.Tree.Select(j.Tree.Path(item) + strings.TrimPrefix(at, items))
			}
		}
		if len(found) == 0 {
			observe(op, specs.LayerItem, place, nil, j.Tree.Path(item)+relative, i+1, j)
			continue
		}
		for _, n := range found {
			observe(op, specs.LayerItem, place, n, j.Tree.Path(n), i+1, j)
		}
	}
}

// listed is how much a code outside the list weighs: where no document names a code
// for a failure, any may stand there.
func listed(op *specs.Operation, layer specs.Layer) reports.Severity {
	if !slices.ContainsFunc(op.Outcomes(), func(o *specs.Outcome) bool { return o.Layer == layer && !o.Success && o.Basis == specs.Documented }) {
		return reports.SeverityWarning
	}
	return closed(op)
}

// observe keeps one code. An absent or blank one is an outcome only where the
// contract says that it stands for success.
func observe(op *specs.Operation, layer specs.Layer, place specs.LayerPlace, n *payload.Node, path string, item int, j *Judgement) {
	code := ""
	if n != nil && n.Kind != payload.Null {
		code = strings.TrimSpace(n.Value)
	}
	o := op.Outcome(string(layer) + ":" + code)
	success := slices.Contains(place.Success, code) || o != nil && o.Success
	if code == "" {
		if success || layer == specs.LayerItem && n == nil {
			j.Outcomes = append(j.Outcomes, Observed{Ref: string(layer) + ":", Item: item, Outcome: o, Success: true})
		}
		return
	}
	j.Outcomes = append(j.Outcomes, Observed{Ref: string(layer) + ":" + code, Item: item, Outcome: o, Success: success})
	if o == nil && !success {
		var known []string
		for _, o := range op.Outcomes() {
			if o.Layer == layer && o.Code != "" {
				known = append(known, o.Code)
			}
		}
		if len(known) == 0 {
			return
		}
		slices.Sort(known)
		j.Findings = append(j.Findings, Finding{In: "body", Path: path, Kind: "code", Expected: "one of " + strings.Join(known, ", "),
			Actual: code, Severity: listed(op, layer), Source: string(layer) + " codes of " + op.ID})
	}
}
