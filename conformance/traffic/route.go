package traffic

import (
	"strings"

	"github.com/roadworthy-project/roadworthy/specs"
)

// maxMounts bounds how deep below a host a contract is looked for.
const maxMounts = 12

// Router finds the operation of a request. The host does not matter. The path is
// taken as it is, then with the base path standing further right (a gateway's
// prefix), then without the base path at all. Safe for concurrent use.
type Router struct{ contract *specs.Contract }

// NewRouter makes a router for a contract.
func NewRouter(c *specs.Contract) *Router { return &Router{contract: c} }

// Match finds the operation for a method and a path, still percent-encoded.
// Without one, Allow tells whether the path is known for other methods.
func (r *Router) Match(method, path string) Matched {
	base := strings.TrimSuffix(r.contract.BasePath, "/")
	m := r.try(method, path, false)
	if m.Operation != nil || m.Allow != nil {
		return m
	}
	if base != "" {
		for at, n := strings.Index(path, base+"/"), 0; at >= 0 && n < maxMounts; n++ {
			if m = r.try(method, path[at:], false); m.Operation != nil || m.Allow != nil {
				return m
			}
			next := strings.Index(path[at+1:], base+"/")
			if next < 0 {
				break
			}
			at += 1 + next
		}
		if m = r.try(method, base+path, true); m.Operation != nil {
			return m
		}
	}
	rest := path
	for range maxMounts {
		cut := strings.IndexByte(strings.TrimPrefix(rest, "/"), '/')
		if cut < 0 {
			break
		}
		if rest = rest[cut+1:]; rest == "" {
			break
		}
		if m = r.try(method, base+rest, true); m.Operation != nil {
			return m
		}
	}
	return Matched{}
}

// try asks the contract. A guessed mount counts only for a path that begins with a
// literal segment: "/{id}" would claim every address of a web page.
func (r *Router) try(method, path string, guessed bool) Matched {
	op, params, allow := r.contract.Match(method, path)
	if op == nil {
		if guessed {
			allow = nil
		}
		return Matched{Allow: allow}
	}
	if guessed && strings.HasPrefix(op.Path, "/{") {
		return Matched{}
	}
	return Matched{Operation: op, Path: params, Allow: allow}
}
