package mockserver

import "github.com/roadworthy-project/roadworthy/specs"

// asksFor tells whether a scheme is among those of an operation; of one that lists
// none, every scheme is. Credentials in a body no OpenAPI document can list.
func asksFor(op *specs.Operation, scheme *specs.AuthScheme) bool {
	if len(op.Security) == 0 || scheme.Type == "body" {
		return true
	}
	for i := range op.Security {
		if alternativeHas(&op.Security[i], scheme.ID) {
			return true
		}
	}
	return false
}

func alternativeHas(s *specs.Security, scheme string) bool {
	if s.Scheme == scheme {
		return true
	}
	for i := range s.And {
		if s.And[i].Scheme == scheme {
			return true
		}
	}
	return false
}

// lacking names a scheme that has to be there together with one that is; "" when an
// alternative of the operation is met. What is below HTTP, such as a client's
// certificate, nobody sees here.
func (cs *callers) lacking(scheme string, x *exchange) string {
	lacks := ""
	for i := range x.op.spec.Security {
		alternative := &x.op.spec.Security[i]
		if !alternativeHas(alternative, scheme) {
			continue
		}
		missing := ""
		for j := range cs.schemes {
			other := &cs.schemes[j]
			if other.ID == scheme || !alternativeHas(alternative, other.ID) {
				continue
			}
			if caller, _ := cs.try(other, x); caller == nil {
				missing = other.ID
				break
			}
		}
		if missing == "" {
			return ""
		}
		lacks = missing
	}
	return lacks
}
