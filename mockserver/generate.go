package mockserver

import (
	"hash/fnv"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/roadworthy-project/roadworthy/specs"
	"github.com/roadworthy-project/roadworthy/specs/payload"
)

// generated answers with data made from the schema of a status; 0 is the first
// status of success. It says whether there is such a response. The data is the
// same for the same request, in every run.
func (x *exchange) generated(status int) bool {
	described := x.describedResponse(&status)
	x.answer = answer{status: status}
	x.entry.Decision.Source = "generated"
	if described == nil {
		return false
	}
	if described.Body == nil || len(described.Body.Media) == 0 || !bodyAllowed(status) {
		return true
	}
	if x.sampled(described.Body.Media, status) {
		return true
	}
	x.entry.Internal = "no valid body can be made for " + described.Body.Media[0].Type + " with status " + strconv.Itoa(status) +
		": add an example to the contract"
	x.answer = plainAnswer(http.StatusInternalServerError, "internal", x.entry.Internal, nil)
	return true
}

// canGenerate tells whether a success can be made up: nothing is made from an XML
// Schema.
func (x *exchange) canGenerate() bool {
	status := 0
	described := x.describedResponse(&status)
	if described == nil {
		return false
	}
	if described.Body == nil || len(described.Body.Media) == 0 || !bodyAllowed(status) {
		return true
	}
	return slices.ContainsFunc(described.Body.Media, func(m *specs.Media) bool {
		_, _, ok := m.SampleBody(x.seedOf(status))
		return ok
	})
}

// sampled answers with data of the first media type that any can be made for.
func (x *exchange) sampled(all []*specs.Media, status int) bool {
	for _, m := range all {
		body, mediaType, ok := m.SampleBody(x.seedOf(status))
		if !ok {
			continue
		}
		x.answer.body, x.answer.mediaType = body, mediaType
		return true
	}
	return false
}

// describedResponse finds the description of a status, and the status for 0.
func (x *exchange) describedResponse(status *int) *specs.Response {
	if *status != 0 {
		return x.op.spec.Response(*status)
	}
	*status = usual(x.op.spec)
	return x.op.spec.Response(*status)
}

// usual is the status when all goes well: the lowest of success; else that of a range
// of successes, the lowest that sends the caller on, or 200.
func usual(op *specs.Operation) int {
	success, elsewhere := 0, 0
	for _, r := range op.Responses {
		n, err := strconv.Atoi(r.Status)
		switch {
		case err != nil:
			if strings.EqualFold(r.Status, "2XX") {
				elsewhere = http.StatusOK
			}
		case n >= 200 && n < 300 && (success == 0 || n < success):
			success = n
		case n >= 300 && n < 400 && n != http.StatusNotModified && (elsewhere == 0 || n < elsewhere):
			elsewhere = n
		}
	}
	switch {
	case success != 0:
		return success
	case elsewhere != 0:
		return elsewhere
	}
	return http.StatusOK
}

func (x *exchange) seedOf(status int) uint64 {
	h := fnv.New64a()
	of := []string{x.entry.Contract, x.entry.Operation, strconv.Itoa(status), x.r.URL.RequestURI()}
	if x.prefer.seed != "" {
		of = append(of, x.prefer.seed)
	}
	for _, s := range of {
		_, _ = h.Write([]byte(s))
		_, _ = h.Write([]byte{0})
	}
	return h.Sum64()
}

// Generate makes a JSON body that the schema of the media type accepts; nil when
// there is no schema to go by. See [specs.Media.Sample].
func Generate(m *specs.Media, seed uint64) *payload.Tree { return m.Sample(seed) }

func rootOf(n *payload.Node) *payload.Node {
	for n.Parent() != nil {
		n = n.Parent()
	}
	return n
}
