package mockserver

import (
	"slices"
	"strings"

	"github.com/roadworthy-project/roadworthy/mockserver/behaviour"
	"github.com/roadworthy-project/roadworthy/specs"
	"github.com/roadworthy-project/roadworthy/specs/payload"
)

// callers knows the identities of one contract.
type callers struct {
	schemes  []specs.AuthScheme
	byToken  map[string]*behaviour.Caller
	byLogin  map[login]*behaviour.Caller
	standard *behaviour.Caller
	inBody   bool
}

type login struct{ name, password string }

func newCallers(c *specs.Contract, more []specs.Identity) *callers {
	cs := &callers{schemes: c.Auth.Schemes, byToken: map[string]*behaviour.Caller{}, byLogin: map[login]*behaviour.Caller{}}
	for _, s := range cs.schemes {
		cs.inBody = cs.inBody || s.Type == "body"
	}
	all := slices.Clone(c.Auth.Identities)
	for _, id := range more {
		at := slices.IndexFunc(all, func(have specs.Identity) bool { return have.Name == id.Name })
		if at < 0 {
			all = append(all, id)
		} else {
			all[at] = id
		}
	}
	for _, id := range all {
		caller := &behaviour.Caller{Identity: id.Name, Company: id.Company, Scopes: id.Scopes, Values: id.Values}
		if id.Token != "" {
			cs.byToken[id.Token] = caller
		}
		if id.Login != "" || id.Password != "" {
			cs.byLogin[login{id.Login, id.Password}] = caller
		}
		if id.Name == "default" || cs.standard == nil {
			cs.standard = caller
		}
	}
	if cs.standard == nil {
		cs.standard = &behaviour.Caller{Identity: "default", Company: "default", Scopes: []string{"*"}}
	}
	return cs
}

func (cs *callers) byDefault() behaviour.Caller { return *cs.standard }

// named gives the caller of an identity by its name; false if there is none.
func (cs *callers) named(name string) (behaviour.Caller, bool) {
	for _, c := range cs.byToken {
		if c.Identity == name {
			return *c, true
		}
	}
	for _, c := range cs.byLogin {
		if c.Identity == name {
			return *c, true
		}
	}
	return *cs.standard, name == cs.standard.Identity
}

// openToAll reports an operation that nobody needs credentials for.
func openToAll(op *specs.Operation) bool {
	for _, s := range op.Security {
		if s.Scheme == "" {
			return true
		}
	}
	return len(op.Security) == 0
}

// secretNames lists the members and parameters that carry credentials.
func secretNames(c *specs.Contract) []string {
	var names []string
	for _, s := range c.Auth.Schemes {
		for _, path := range []string{s.Login, s.Password} {
			if s.Type == "body" && path != "" {
				names = append(names, strings.TrimPrefix(path[strings.LastIndexByte(path, '/')+1:], "@"))
			}
		}
		if s.Type == "header" || s.Type == "query" || s.Type == "cookie" {
			names = append(names, s.Name)
		}
	}
	return names
}

// authenticate finds out who calls: the first scheme of the contract for which
// the request carries a non-empty value decides, even when the value is wrong.
func (x *exchange) authenticate() *refusal {
	cs := x.mount.callers
	x.caller = *cs.standard
	if x.server.opts.AuthOff || x.plan != nil && x.plan.IgnoreAuth {
		return x.known()
	}
	for i := range cs.schemes {
		s := &cs.schemes[i]
		if s.Type == "body" {
			// The credentials are in the body: it must be read first.
			x.readBody()
		}
		if !asksFor(x.op.spec, s) {
			continue
		}
		caller, given := cs.try(s, x)
		if !given {
			continue
		}
		if caller == nil {
			if x.op.open {
				break
			}
			x.caller = behaviour.Caller{}
			return &refusal{reason: "bad-credentials", detail: "the credentials (" + s.ID + ") are not known", header: x.challenge()}
		}
		x.caller = *caller
		if lacks := cs.lacking(s.ID, x); lacks != "" && !x.op.open {
			x.caller = behaviour.Caller{}
			return &refusal{reason: "unauthenticated", detail: "the operation needs the credentials " + s.ID + " and " + lacks + " together; those of " + lacks + " are not there or not known", header: x.challenge()}
		}
		if no := x.mayCall(s, caller); no != nil {
			return no
		}
		return x.known()
	}
	if x.op.open || len(cs.schemes) == 0 {
		return x.known()
	}
	x.caller = behaviour.Caller{}
	if cs.inBody && x.bodyErr != nil {
		// Where the credentials would be cannot be read.
		return x.bodyErr
	}
	return &refusal{reason: "unauthenticated", detail: "the request carries no credentials", header: x.challenge()}
}

// known settles who calls.
func (x *exchange) known() *refusal {
	x.entry.Identity = x.caller.Identity
	if x.plan != nil && x.plan.LeakCompany {
		x.caller.Company = x.mount.callers.standard.Company
	}
	x.call.Caller = x.caller
	return nil
}

// mayCall checks the scopes of the operation.
func (x *exchange) mayCall(s *specs.AuthScheme, caller *behaviour.Caller) *refusal {
	if x.op.open || slices.Contains(caller.Scopes, "*") {
		return nil
	}
	var missing []string
	for _, alternative := range x.op.spec.Security {
		if !alternative.Uses(s.ID) && len(x.op.spec.Security) > 1 {
			continue
		}
		var lacks []string
		for _, scope := range alternative.Needs() {
			if !slices.Contains(caller.Scopes, scope) {
				lacks = append(lacks, scope)
			}
		}
		if len(lacks) == 0 {
			return nil
		}
		missing = lacks
	}
	if len(missing) == 0 {
		return nil
	}
	x.entry.Identity = caller.Identity
	return &refusal{reason: "scope", detail: "the credentials lack the scope " + strings.Join(missing, ", ")}
}

// challenge is the WWW-Authenticate that a 401 carries (RFC 9110 section 11.6.1).
func (x *exchange) challenge() map[string][]string {
	for _, s := range x.mount.callers.schemes {
		switch s.Type {
		case "bearer":
			return map[string][]string{"Www-Authenticate": {`Bearer realm="` + x.entry.Contract + `"`}}
		case "basic":
			return map[string][]string{"Www-Authenticate": {`Basic realm="` + x.entry.Contract + `", charset="UTF-8"`}}
		}
	}
	return nil
}

// try reads one scheme; given tells whether the request carries something for it.
func (cs *callers) try(s *specs.AuthScheme, x *exchange) (caller *behaviour.Caller, given bool) {
	switch s.Type {
	case "bearer", "basic":
		value := headerValue(x.r.Header["Authorization"])
		if value == "" {
			return nil, false
		}
		kind, rest, _ := strings.Cut(value, " ")
		if !strings.EqualFold(kind, s.Type) {
			// It is for another scheme, if there is one.
			return nil, !cs.otherHeader(s.Type, kind)
		}
		if s.Type == "bearer" {
			return cs.byToken[strings.TrimSpace(rest)], true
		}
		name, password, ok := x.r.BasicAuth()
		if !ok {
			return nil, true
		}
		return cs.byLogin[login{name, password}], true
	case "header":
		if value := headerValue(x.r.Header.Values(s.Name)); value != "" {
			return cs.byToken[value], true
		}
	case "query":
		if value := x.call.Query.Get(s.Name); value != "" {
			return cs.byToken[value], true
		}
	case "cookie":
		for _, c := range x.r.CookiesNamed(s.Name) {
			if c.Value != "" {
				return cs.byToken[c.Value], true
			}
		}
	case "body":
		if x.tree == nil {
			return nil, false
		}
		name, password := textAt(x.tree, s.Login), textAt(x.tree, s.Password)
		if name == "" && password == "" {
			return nil, false
		}
		return cs.byLogin[login{name, password}], true
	}
	return nil, false
}

// otherHeader reports whether the contract knows another Authorization scheme of
// that kind.
func (cs *callers) otherHeader(not, kind string) bool {
	for _, s := range cs.schemes {
		if s.Type != not && (s.Type == "bearer" || s.Type == "basic") && strings.EqualFold(s.Type, kind) {
			return true
		}
	}
	return false
}

// headerValue gives the first value that is not blank.
func headerValue(values []string) string {
	for _, v := range values {
		if v = strings.TrimSpace(v); v != "" {
			return v
		}
	}
	return ""
}

func textAt(t *payload.Tree, path string) string {
	if n := t.At(path); n != nil {
		return n.Value
	}
	return ""
}
