package mockserver

import (
	"hash/fnv"
	"math/rand/v2"
	"net/http"
	"sort"
	"strconv"

	"github.com/roadworthy-project/roadworthy/specs"
	"github.com/roadworthy-project/roadworthy/specs/payload"
	"github.com/roadworthy-project/roadworthy/specs/schema"
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
	if described.Body == nil || len(described.Body.Media) == 0 {
		return true
	}
	for _, m := range described.Body.Media {
		if m.Format != payload.JSON && !m.Mapped() || m.Described() == nil {
			continue
		}
		tree := Generate(m, x.seedOf(status))
		if tree == nil {
			continue
		}
		x.answer.tree, x.answer.mediaType = tree, m.Type
		if m.Type == "*/*" || m.Type == "application/*" {
			x.answer.mediaType = "application/json"
		}
		return true
	}
	if described.Body.Media[0].Format != 0 {
		x.entry.Internal = "no data can be made for " + described.Body.Media[0].Type + " with status " + strconv.Itoa(status) +
			": add an example to the contract"
		x.answer = plainAnswer(http.StatusInternalServerError, "internal", x.entry.Internal, nil)
	}
	return true
}

// describedResponse finds the description of a status, and the status for 0.
func (x *exchange) describedResponse(status *int) *specs.Response {
	if *status != 0 {
		return x.op.spec.Response(*status)
	}
	found := make([]int, 0, len(x.op.spec.Responses))
	for _, r := range x.op.spec.Responses {
		n, err := strconv.Atoi(r.Status)
		if err == nil && n >= 200 && n < 300 {
			found = append(found, n)
		}
	}
	if len(found) == 0 {
		*status = http.StatusOK
		return x.op.spec.Response(http.StatusOK)
	}
	sort.Ints(found)
	*status = found[0]
	return x.op.spec.Response(found[0])
}

func (x *exchange) seedOf(status int) uint64 {
	h := fnv.New64a()
	for _, s := range []string{x.entry.Contract, x.entry.Operation, strconv.Itoa(status), x.r.URL.RequestURI()} {
		_, _ = h.Write([]byte(s))
		_, _ = h.Write([]byte{0})
	}
	return h.Sum64()
}

// attempts is how often data is made before it is given away as it is.
const attempts = 12

// Generate makes a JSON body that the schema of the media type accepts. The same
// seed gives the same body. nil when there is no schema to go by. Where the
// schema cannot be met, the attempt with the fewest violations is given.
func Generate(m *specs.Media, seed uint64) *payload.Tree {
	described := m.Described()
	if described == nil || described.Member("schema") == nil {
		return nil
	}
	var best *payload.Tree
	least := -1
	for i := range uint64(attempts) {
		g := &generator{rand: rand.New(rand.NewPCG(seed, i)), root: rootOf(described), sparse: i >= attempts/2}
		n := g.value(described.Member("schema"), 0)
		n.Name = ""
		tree := &payload.Tree{Format: payload.JSON, Root: n}
		wrong := len(schema.Hard(m.JudgeTree(tree)))
		if wrong == 0 {
			return tree
		}
		if least < 0 || wrong < least {
			best, least = tree, wrong
		}
	}
	return best
}

func rootOf(n *payload.Node) *payload.Node {
	for n.Parent() != nil {
		n = n.Parent()
	}
	return n
}
