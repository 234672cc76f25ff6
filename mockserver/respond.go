package mockserver

import (
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/roadworthy-project/roadworthy/specs"
	"github.com/roadworthy-project/roadworthy/specs/payload"
	"github.com/roadworthy-project/roadworthy/specs/schema"
)

// respond makes bytes of the answer, judges it if asked to, and writes it.
func (x *exchange) respond() {
	if x.prefer.waits {
		x.prefer.applies("wait=" + strconv.FormatFloat(x.prefer.wait.Seconds(), 'g', -1, 64))
		x.sleep(x.prefer.wait)
	}
	a := &x.answer
	if a.status == 0 {
		a.status = http.StatusOK
	}
	x.asDescribed()
	x.mend()
	if x.plan != nil && a.tree == nil && len(x.plan.Edits) > 0 && len(a.body) > 0 {
		a.tree = x.parsedAnswer()
	}
	if x.plan != nil && a.tree != nil && len(x.plan.Edits) > 0 {
		// The tree may be that of a stored document.
		a.tree = a.tree.Clone()
		for _, edit := range x.plan.Edits {
			edit(a.tree)
		}
		a.body = nil
	}
	if a.tree != nil && a.body == nil {
		if a.tree.Format == payload.XML {
			a.body = x.describedMedia().InNamespace(a.tree).XML()
		} else {
			a.body = a.tree.JSON()
		}
	}
	if x.server.opts.VerifyResponses && x.plan == nil {
		x.verify()
	}
	if x.plan != nil {
		x.spoil()
	}
	x.write()
}

// describedMedia is what the contract says of the body of the answer; nil where it
// says nothing.
func (x *exchange) describedMedia() *specs.Media {
	if x.op == nil {
		return nil
	}
	if described := x.op.spec.Response(x.answer.status); described != nil {
		return described.Body.For(x.answer.mediaType)
	}
	return nil
}

// parsedAnswer reads an answer that was taken over as bytes.
func (x *exchange) parsedAnswer() *payload.Tree {
	if m := x.describedMedia(); m != nil {
		tree, _ := m.Judge(x.answer.body, "")
		return tree
	}
	return nil
}

// verify judges the answer by its own schema. It leaves all the same: the
// journal says that the mock or the bundle is wrong.
func (x *exchange) verify() {
	if x.op == nil || x.entry.Internal != "" {
		return
	}
	a := &x.answer
	described := x.op.spec.Response(a.status)
	if described == nil {
		if x.entry.Decision.Reason == "" {
			x.bad("the contract describes no response with status " + strconv.Itoa(a.status))
		}
		return
	}
	if described.Body == nil || len(described.Body.Media) == 0 {
		if len(a.body) > 0 && x.entry.Decision.Reason == "" {
			x.bad("the contract describes no body for status " + strconv.Itoa(a.status))
		}
		return
	}
	m := described.Body.For(a.mediaType)
	if m == nil {
		x.bad("the contract does not describe the media type " + a.mediaType + " for status " + strconv.Itoa(a.status))
		return
	}
	_, found := m.Judge(a.body, "")
	if hard := schema.Hard(found); len(hard) > 0 {
		x.bad("the answer breaks its own schema: " + sentences(hard))
	}
}

func (x *exchange) bad(what string) {
	if strings.HasPrefix(x.entry.Decision.Source, "example") && len(x.prefer.applied) > 0 {
		// A broken example was asked for by name.
		return
	}
	x.entry.Internal = what
	x.server.metrics.badAnswers.Add(1)
	x.server.opts.Log.Error("a bad answer", "contract", x.entry.Contract, "operation", x.entry.Operation, "cause", what)
}

// write sends the answer.
func (x *exchange) write() {
	a := &x.answer
	h := x.w.Header()
	for name, values := range a.header {
		h[name] = values
	}
	if a.mediaType != "" && (len(a.body) > 0 || a.tree != nil) {
		h["Content-Type"] = []string{a.mediaType}
	} else if len(a.body) == 0 {
		// Without it the server would guess at an empty body.
		h["Content-Type"] = nil
	}
	if len(x.prefer.applied) > 0 {
		h["Preference-Applied"] = []string{strings.Join(x.prefer.applied, ", ")}
		x.entry.Decision.Preferences = x.prefer.applied
	}
	if bodyAllowed(a.status) {
		h["Content-Length"] = []string{strconv.Itoa(len(a.body))}
	} else {
		a.body = nil
	}
	// The journal has the exchange before the caller has the answer: who asks
	// the admin API next finds it there.
	x.record()
	x.w.WriteHeader(a.status)
	if len(a.body) > 0 && x.r.Method != http.MethodHead {
		// Whether the caller is still there is its own affair.
		_, _ = x.w.Write(a.body)
	}
}

// bodyAllowed tells the statuses that never have a body.
func bodyAllowed(status int) bool {
	return status >= 200 && status != http.StatusNoContent && status != http.StatusNotModified
}

// sleep waits, or less when the caller goes away.
func (x *exchange) sleep(d time.Duration) {
	if d <= 0 {
		return
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-x.r.Context().Done():
	}
}
