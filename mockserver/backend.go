package mockserver

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"slices"
	"sort"
	"strings"

	"github.com/roadworthy-project/roadworthy/mockserver/admin"
	"github.com/roadworthy-project/roadworthy/mockserver/behaviour"
	"github.com/roadworthy-project/roadworthy/mockserver/fault"
	"github.com/roadworthy-project/roadworthy/mockserver/journal"
	"github.com/roadworthy-project/roadworthy/mockserver/state"
	"github.com/roadworthy-project/roadworthy/specs"
	"github.com/roadworthy-project/roadworthy/specs/payload"
	"github.com/roadworthy-project/roadworthy/specs/schema"
)

// backend is the server as the admin API sees it.
type backend struct{ s *Server }

func (b backend) Journal() *journal.Journal { return b.s.journal }

func (b backend) Faults() *fault.Set { return b.s.faults }

func (b backend) Metrics(w io.Writer) { b.s.metrics.write(w, b.s.started, b.s.opts.Clock()) }

// sorted gives the mounts by the name of their contract.
func (s *Server) sorted() []*mount {
	list := append([]*mount(nil), s.mounts...)
	sort.Slice(list, func(i, j int) bool { return list[i].contract.Name < list[j].contract.Name })
	return list
}

func (b backend) Contracts() []admin.Contract {
	list := []admin.Contract{}
	for _, m := range b.s.sorted() {
		c := admin.Contract{
			Name: m.contract.Name, Title: m.contract.Title, Version: m.contract.Version, Digest: m.contract.Digest, Origin: m.contract.Origin,
			Prefix: m.prefix + "/", Operations: []admin.Operation{}, Resources: m.behaviour.Resources(), States: m.behaviour.States(),
		}
		for _, op := range m.contract.Operations {
			c.Operations = append(c.Operations, admin.Operation{
				ID: op.ID, Method: op.Method, Path: m.prefix + op.Path, Title: op.Title, Evidence: op.Evidence,
				Stateful: m.behaviour.Stateful(op.ID),
			})
		}
		list = append(list, c)
	}
	return list
}

func (b backend) Documents(ctx context.Context, at admin.Place) (docs []*state.Doc, err error) {
	err = b.s.store.View(ctx, space(at.Contract, at.Session), func(tx state.Tx) (err error) {
		docs, err = tx.List(at.Resource)
		return err
	})
	return docs, err
}

func (b backend) Document(ctx context.Context, at admin.Place, key string) (d *state.Doc, err error) {
	err = b.s.store.View(ctx, space(at.Contract, at.Session), func(tx state.Tx) (err error) {
		d, err = tx.Get(at.Resource, key)
		return err
	})
	return d, err
}

func (b backend) PutDocument(ctx context.Context, at admin.Place, key, owner string, body *payload.Node) (created bool, err error) {
	m := b.s.byName[at.Contract]
	err = b.s.store.Update(ctx, space(at.Contract, at.Session), func(tx state.Tx) error {
		d, err := m.behaviour.Put(tx, at.Resource, key, owner, body)
		created = err == nil && d.Rev == 1
		return err
	})
	var conflict *state.Conflict
	if errors.As(err, &conflict) {
		return false, &admin.Problem{Status: http.StatusConflict, Title: http.StatusText(http.StatusConflict), Detail: conflict.Error()}
	}
	return created, err
}

func (b backend) JudgeDocument(at admin.Place, document *payload.Tree) (of string, found []schema.Violation) {
	s := b.s.byName[at.Contract].contract.ResourceSchema(at.Resource)
	if s == nil {
		return "", nil
	}
	return s.Of, s.Judge(document)
}

func (b backend) DeleteDocument(ctx context.Context, at admin.Place, key string) (existed bool, err error) {
	err = b.s.store.Update(ctx, space(at.Contract, at.Session), func(tx state.Tx) (err error) {
		existed, err = tx.Delete(at.Resource, key)
		return err
	})
	return existed, err
}

func (b backend) each(contract string, do func(m *mount) error) error {
	for _, m := range b.s.sorted() {
		if contract == "" || contract == m.contract.Name {
			if err := do(m); err != nil {
				return err
			}
		}
	}
	return nil
}

func (b backend) Reset(ctx context.Context, contract, session string) error {
	if err := b.s.tally.forget(contract, session); err != nil {
		return err
	}
	return b.each(contract, func(m *mount) error {
		return b.s.store.Reset(ctx, space(m.contract.Name, session))
	})
}

func (b backend) Snapshot(ctx context.Context, contract, session string) (map[string]*state.Image, error) {
	images := map[string]*state.Image{}
	err := b.each(contract, func(m *mount) (err error) {
		images[m.contract.Name], err = b.s.store.Snapshot(ctx, space(m.contract.Name, session))
		return err
	})
	return images, err
}

func (b backend) Restore(ctx context.Context, session string, images map[string]*state.Image) error {
	return b.each("", func(m *mount) error {
		if images[m.contract.Name] == nil {
			return nil
		}
		return b.s.store.Restore(ctx, space(m.contract.Name, session), images[m.contract.Name])
	})
}

func (b backend) SetState(ctx context.Context, change admin.StateChange) (*payload.Node, error) {
	m := b.s.byName[change.Contract]
	caller := m.callers.byDefault()
	if change.Identity != "" {
		var known bool
		if caller, known = m.callers.named(change.Identity); !known {
			return nil, &admin.Problem{Status: http.StatusUnprocessableEntity, Title: "Unknown identity", Detail: fmt.Sprintf("contract %s has no identity %q", change.Contract, change.Identity)}
		}
	}
	params := map[string]string{}
	for name, v := range change.Params {
		switch v := v.(type) {
		case nil:
		case string:
			params[name] = v
		default:
			n := payload.FromGo(v)
			if !n.IsScalar() {
				return nil, &admin.Problem{Status: http.StatusUnprocessableEntity, Title: "Bad parameter", Detail: fmt.Sprintf("params.%s: expected a scalar, found a JSON %s", name, n.Kind)}
			}
			params[name] = n.Value
		}
	}
	answers := &payload.Node{Kind: payload.Object}
	err := b.s.store.Update(ctx, space(change.Contract, change.Session), func(tx state.Tx) (err error) {
		call := &behaviour.Call{Tx: tx, Sources: b.s.given, Caller: caller}
		if change.Action == "teardown" {
			return m.behaviour.Teardown(change.State, params, call)
		}
		answers, err = m.behaviour.Setup(change.State, params, call)
		return err
	})
	var bad *behaviour.BadState
	if errors.As(err, &bad) {
		return nil, &admin.Problem{Status: http.StatusUnprocessableEntity, Title: "No such provider state", Detail: bad.What}
	}
	return answers, err
}

func (b backend) Coverage() ([]admin.Coverage, error) {
	totals, err := b.s.tally.totals()
	if err != nil {
		return nil, err
	}
	counts := map[reached]map[string]uint64{}
	for at, n := range totals {
		of := reached{contract: at.contract, operation: at.operation}
		if counts[of] == nil {
			counts[of] = map[string]uint64{}
		}
		counts[of][at.outcome] = n
	}
	list := []admin.Coverage{}
	for _, m := range b.s.sorted() {
		for _, op := range m.contract.Operations {
			own := counts[reached{contract: m.contract.Name, operation: op.ID}]
			c := admin.Coverage{Contract: m.contract.Name, Operation: op.ID, Calls: own[""], Outcomes: []admin.OutcomeCoverage{}}
			delete(own, "")
			for _, o := range op.Outcomes() {
				c.Outcomes = append(c.Outcomes, admin.OutcomeCoverage{Outcome: o.Ref(), Title: o.Title, Documented: o.Basis == specs.Documented, Count: own[o.Ref()]})
				delete(own, o.Ref())
			}
			for _, ref := range slices.Sorted(maps.Keys(own)) {
				c.Outcomes = append(c.Outcomes, admin.OutcomeCoverage{Outcome: ref, Count: own[ref]})
			}
			list = append(list, c)
		}
	}
	return list, nil
}

// maxNearMisses is how many are explained for one request.
const maxNearMisses = 3

// NearMisses finds the operations that a request almost met.
func (b backend) NearMisses(method, url string) []admin.NearMiss {
	path, _, _ := strings.Cut(url, "?")
	type scored struct {
		miss  admin.NearMiss
		score int
	}
	var all []scored
	for _, m := range b.s.sorted() {
		for _, op := range m.contract.Operations {
			if why, score := compare(method, path, op.Method, m.prefix+op.Path); score > 0 {
				all = append(all, scored{admin.NearMiss{Contract: m.contract.Name, Operation: op.ID, Method: op.Method, Path: m.prefix + op.Path, Why: why}, score})
			}
		}
	}
	sort.SliceStable(all, func(i, j int) bool { return all[i].score > all[j].score })
	var best []admin.NearMiss
	for i := 0; i < len(all) && i < maxNearMisses; i++ {
		best = append(best, all[i].miss)
	}
	return best
}

// compare says in what a request differs from an operation. The score is higher
// the closer it is; 0 is nothing in common.
func compare(method, path, wantMethod, wantPath string) (why string, score int) {
	got, want := strings.Split(strings.Trim(path, "/"), "/"), strings.Split(strings.Trim(wantPath, "/"), "/")
	same, wrong := 0, ""
	for i := range min(len(got), len(want)) {
		switch {
		case got[i] == want[i]:
			same += 2
		case strings.HasPrefix(want[i], "{"):
			same++
		case strings.EqualFold(got[i], want[i]):
			same++
			wrong = fmt.Sprintf("%q is written %q in the contract", got[i], want[i])
		case wrong == "":
			wrong = fmt.Sprintf("%q should be %q", got[i], want[i])
		}
	}
	switch {
	case same == 0:
		return "", 0
	case wrong != "":
	case len(got) < len(want):
		wrong = "the path ends early: " + wantPath + " goes on with /" + strings.Join(want[len(got):], "/")
	case len(got) > len(want):
		wrong = "the path goes on behind " + wantPath
	case strings.HasSuffix(path, "/") != strings.HasSuffix(wantPath, "/"):
		wrong = "a slash at the end makes another path"
	}
	score = same*10 - 5*absolute(len(got)-len(want))
	if method != wantMethod {
		if wrong != "" {
			wrong += ", and "
		}
		wrong += "the method is " + wantMethod + ", not " + method
		score--
	}
	return wrong, max(score, 1)
}

func absolute(n int) int {
	if n < 0 {
		return -n
	}
	return n
}
