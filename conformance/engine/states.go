package engine

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/roadworthy-project/roadworthy/conformance/match"
	"github.com/roadworthy-project/roadworthy/scenarios"
	"github.com/roadworthy-project/roadworthy/specs/payload"
)

// stateRequest is the message of the provider-state protocol (the shape of Pact's
// state-change URL).
type stateRequest struct {
	Contract string            `json:"contract"`
	State    string            `json:"state"`
	Params   map[string]string `json:"params"`
	Action   string            `json:"action"` // setup or teardown
}

// maxState is the most that is read of the answer of a set-up hook, in bytes.
const maxState = 1 << 20

// stateUse counts the scenarios that stand on one provider state. The protocol names
// a state and no instance, so that a teardown may take away what another scenario
// has just set up: only the last one to leave takes a state down. What waits for the
// next call of an operation is counted by operation and taken down at once, so that
// no later call of another scenario meets it.
type stateUse struct {
	mu      sync.Mutex
	users   int
	pending []stateRequest
}

// use gives the count of a state.
func (r *Runner) use(state, operation string) *stateUse {
	if nextCall(r.contract, state, operation) {
		state += " " + operation
	}
	r.statesMu.Lock()
	defer r.statesMu.Unlock()
	if r.states == nil {
		r.states = map[string]*stateUse{}
	}
	if r.states[state] == nil {
		r.states[state] = &stateUse{}
	}
	return r.states[state]
}

// prepare brings about the given states and gives the function that takes them
// down. What cannot be had stops the scenario with the reason.
func (x *run) prepare(ctx context.Context) (teardown func()) {
	var held []*stateUse
	for _, g := range x.sc.Given {
		params := map[string]string{}
		for name, v := range g.Params {
			expanded, err := match.Expand(v, x.scope.resolver(""))
			if err != nil {
				x.stop(err.Error())
			}
			params[name] = expanded
		}
		req := stateRequest{Contract: x.r.contract.Name, State: g.State, Params: params, Action: "setup"}
		u := x.r.use(g.State, params["operation"])
		answers, hooked, reason := u.setup(func() (*payload.Node, bool, string) { return x.r.state(ctx, req) }, req)
		if hooked {
			held = append(held, u)
		}
		if reason != "" {
			x.stop(reason)
			break
		}
		x.scope.given[g.As] = answers
	}
	return func() {
		// Also when the run was interrupted: what was set up is taken down.
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
		defer cancel()
		for i := len(held) - 1; i >= 0; i-- {
			held[i].leave(func(req stateRequest) { _, _ = x.r.hook(ctx, req) })
		}
	}
}

func (u *stateUse) setup(ask func() (*payload.Node, bool, string), req stateRequest) (answers *payload.Node, hooked bool, reason string) {
	u.mu.Lock()
	defer u.mu.Unlock()
	if answers, hooked, reason = ask(); !hooked {
		return answers, hooked, reason
	}
	u.users++
	req.Action = "teardown"
	if !slices.ContainsFunc(u.pending, func(p stateRequest) bool { return maps.Equal(p.Params, req.Params) }) {
		u.pending = append(u.pending, req)
	}
	return answers, hooked, reason
}

func (u *stateUse) leave(tell func(stateRequest)) {
	u.mu.Lock()
	defer u.mu.Unlock()
	if u.users--; u.users > 0 {
		return
	}
	for _, req := range u.pending {
		tell(req)
	}
	u.pending = nil
}

// state takes a fixture where there is one, and else asks the set-up hook.
func (r *Runner) state(ctx context.Context, req stateRequest) (answers *payload.Node, hooked bool, reason string) {
	for _, f := range r.options.Fixtures {
		if f.State == req.State && sameParams(f.Params, req.Params) {
			return payload.FromGo(toAny(f.Values)), false, ""
		}
	}
	if r.options.ProviderStates == "" {
		return nil, false, fmt.Sprintf("needs the state %q: give --provider-states or a fixture for it", req.State)
	}
	answers, err := r.hook(ctx, req)
	if err != nil {
		return nil, false, fmt.Sprintf("the state %q cannot be had: %v", req.State, err)
	}
	return answers, true, ""
}

func sameParams(have, want map[string]string) bool {
	return maps.Equal(have, want) || len(have) == 0 && len(want) == 0
}

func toAny(m map[string]string) map[string]any {
	out := map[string]any{}
	for k, v := range m {
		out[k] = v
	}
	return out
}

// maxSilent is how often in a row the set-up hook may give no answer before it is asked
// no more: each time costs the timeout.
const maxSilent = 3

func (r *Runner) hook(ctx context.Context, s stateRequest) (*payload.Node, error) {
	if r.hookSilent.Load() >= maxSilent {
		return nil, fmt.Errorf("the set-up hook gave no answer %d times in a row, and was asked no more", maxSilent)
	}
	ctx, cancel := context.WithTimeout(ctx, r.options.Timeout)
	defer cancel()
	body, err := json.Marshal(s)
	if err != nil {
		return nil, err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, r.options.ProviderStates, bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	req.Header.Set("Content-Type", "application/json")
	for name, value := range r.options.Headers {
		req.Header.Set(name, value)
	}
	req.Header.Set("User-Agent", r.userAgent())
	a := r.ask(req, maxState)
	if a.err != nil {
		if ctx.Err() == nil || errors.Is(a.err, context.DeadlineExceeded) {
			r.hookSilent.Add(1)
		}
		return nil, fmt.Errorf("the set-up hook %s: %w", req.URL.Redacted(), r.late(a.err))
	}
	r.hookSilent.Store(0)
	text, status := a.body, strings.TrimSpace(fmt.Sprint(a.status, " ", http.StatusText(a.status)))
	if a.status/100 != 2 {
		return nil, fmt.Errorf("the hook answered %s: %s", status, brief(r.mask.text(string(text))))
	}
	if len(bytes.TrimSpace(text)) == 0 {
		return &payload.Node{Kind: payload.Object}, nil
	}
	tree, err := payload.ParseJSON(text, payload.JSONLimits{})
	if err != nil || tree.Root.Kind != payload.Object {
		return nil, fmt.Errorf("the hook answered %s with something other than a JSON object: %s", status, brief(r.mask.text(string(text))))
	}
	return tree.Root, nil
}

func brief(s string) string {
	if len(s) > 200 {
		return s[:200] + "…"
	}
	return s
}

// unarmed tells a step that can only fail if the set-up hook made it: no contract asks an
// implementation to break, so one that serves such a call is not wrong. A hook that
// says yes to everything did nothing.
func (x *run) unarmed(st *scenarios.Step) bool {
	for _, g := range x.sc.Given {
		if g.State == "internal-error" && g.Params["operation"] == st.Operation {
			return slices.ContainsFunc(st.Expect.Refs(), func(ref string) bool { return strings.HasPrefix(ref, "http:5") })
		}
	}
	return false
}
