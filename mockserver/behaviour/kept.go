package behaviour

import "sort"

// kept holds the let-values of an item beyond its turn, for the answer.
type kept struct {
	scope  *scope
	lets   []let
	values []any // in the order of lets; nil: there is none
}

// keep takes the values of the moment. room has a place for each.
func (f *frame) keep(lets []let, room []any) kept {
	k := kept{f.scope, lets, room[:len(lets):len(lets)]}
	for i, l := range lets {
		k.values[i] = f.values[l.slot]
		if _, bad := k.values[i].(failed); bad {
			k.values[i] = nil
		}
	}
	return k
}

func (k kept) value(name string) (any, bool) {
	if len(k.lets) == 0 {
		return nil, false
	}
	slot, known := k.scope.find(name)
	if !known {
		return nil, false
	}
	for i := range k.lets {
		if k.lets[i].slot == slot {
			return k.values[i], k.values[i] != nil
		}
	}
	return nil, false
}

func (k kept) names() []string {
	var names []string
	for i, l := range k.lets {
		if k.values[i] != nil {
			names = append(names, k.scope.order[l.slot])
		}
	}
	sort.Strings(names)
	return names
}
