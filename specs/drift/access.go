package drift

import (
	"reflect"
	"slices"

	"github.com/roadworthy-project/roadworthy/specs"
)

func accessRules() []Rule {
	const area = "access"
	return []Rule{
		one(area, "base-path-changed", Breaking, "every path begins otherwise"),
		one(area, "server-removed", Warning, "a documented address is gone"),
		one(area, "server-added", Info, "there is a new documented address"),
		one(area, "limit-lowered", Breaking, "fewer calls are allowed"),
		one(area, "limit-raised", Info, "more calls are allowed"),
		one(area, "limit-added", Breaking, "calls are limited that were not"),
		one(area, "limit-removed", Info, "calls are no longer limited"),
		one(area, "auth-scheme-removed", Breaking, "a way to send credentials is gone"),
		one(area, "auth-scheme-added", Info, "there is a new way to send credentials"),
		one(area, "auth-scheme-changed", Breaking, "credentials are sent otherwise"),
		one(area, "auth-scheme-order-changed", Warning, "of several credentials in one request, another decides"),
		one(area, "profile-removed", Warning, "a profile that implementations may claim is gone"),
		one(area, "profile-changed", Warning, "a profile holds other operations"),
	}
}

func (c *comparison) basePath() {
	if was, is := c.before.BasePath, c.after.BasePath; was != is {
		c.add("base-path-changed", Both, spot{path: is, where: c.contractFile(c.after)}, "paths begin with %q now, with %q before", is+"/", was+"/")
	}
}

func (c *comparison) contractFile(of *specs.Contract) string {
	if of.Bare {
		return place(of, of.Document(), 0)
	}
	return place(of, "contract.yaml", 0)
}

func (c *comparison) access() {
	where := c.contractFile(c.after)
	urls := func(of *specs.Contract) (all []string) {
		for _, s := range of.Servers {
			all = append(all, s.URL)
		}
		return all
	}
	was, is := urls(c.before), urls(c.after)
	for _, url := range was {
		if !slices.Contains(is, url) {
			c.add("server-removed", Both, spot{path: url, where: c.contractFile(c.before)}, "the server %s is gone", url)
		}
	}
	for _, url := range is {
		if !slices.Contains(was, url) {
			c.add("server-added", Both, spot{path: url, where: where}, "there is a new server, %s", url)
		}
	}
	c.pairs(func(_, after *specs.Operation) { c.limits(after.ID, where) })
	c.schemes(where)
	c.profiles(where)
}

// limits compares what an operation may be called, per caller, company and so on.
func (c *comparison) limits(operation, where string) {
	was, is := limitsOf(c.before, operation), limitsOf(c.after, operation)
	for _, per := range sortedNames(was, is) {
		old, had := was[per]
		now, has := is[per]
		at := spot{operation: operation, path: "per " + per, where: where, basis: now.Basis}
		switch {
		case !had:
			c.add("limit-added", Request, at, "calls are limited to %g per second and %s; there was no limit", now.Rate, per)
		case !has:
			c.add("limit-removed", Request, at, "calls are no longer limited; %g per second and %s before", old.Rate, per)
		case now.Rate < old.Rate:
			c.add("limit-lowered", Request, at, "%g calls per second and %s are allowed now, %g before", now.Rate, per, old.Rate)
		case now.Rate > old.Rate:
			c.add("limit-raised", Request, at, "%g calls per second and %s are allowed now, %g before", now.Rate, per, old.Rate)
		}
	}
}

// limitsOf gives the strictest limit of an operation for each kind of caller.
func limitsOf(c *specs.Contract, operation string) map[string]specs.Limit {
	strictest := map[string]specs.Limit{}
	for _, l := range c.Limits {
		if !slices.Contains(l.Operations, operation) && !slices.Contains(l.Operations, "*") {
			continue
		}
		if have, ok := strictest[l.Per]; !ok || l.Rate < have.Rate {
			strictest[l.Per] = l
		}
	}
	return strictest
}

func (c *comparison) schemes(where string) {
	find := func(list []specs.AuthScheme, id string) *specs.AuthScheme {
		for i := range list {
			if list[i].ID == id {
				return &list[i]
			}
		}
		return nil
	}
	var kept, now []string
	for _, was := range c.before.Auth.Schemes {
		is := find(c.after.Auth.Schemes, was.ID)
		switch {
		case is == nil:
			c.add("auth-scheme-removed", Request, spot{path: was.ID, where: c.contractFile(c.before)}, "credentials can no longer be sent by %q (%s)", was.ID, was.Type)
			continue
		case !sameScheme(*is, was):
			c.add("auth-scheme-changed", Request, spot{path: was.ID, where: where}, "credentials of %q are sent as %s now, as %s before", was.ID, schemeWords(*is), schemeWords(was))
		}
		kept = append(kept, was.ID)
	}
	for _, is := range c.after.Auth.Schemes {
		if find(c.before.Auth.Schemes, is.ID) == nil {
			c.add("auth-scheme-added", Request, spot{path: is.ID, where: where}, "credentials can also be sent as %s (%q)", schemeWords(is), is.ID)
			continue
		}
		now = append(now, is.ID)
	}
	if !slices.Equal(kept, now) {
		c.add("auth-scheme-order-changed", Request, spot{path: "auth", where: where}, "where a request carries several credentials, the order is %v now, %v before", now, kept)
	}
}

// sameScheme compares what two schemes say, wherever they stand.
func sameScheme(a, b specs.AuthScheme) bool {
	a.Line, a.Col, b.Line, b.Col = 0, 0, 0, 0
	return reflect.DeepEqual(a, b)
}

func schemeWords(s specs.AuthScheme) string {
	text := s.Type
	for _, part := range []string{s.Name, s.Login, s.Password} {
		if part != "" {
			text += " " + part
		}
	}
	return text
}

func (c *comparison) profiles(where string) {
	for _, was := range c.before.Profiles {
		i := slices.IndexFunc(c.after.Profiles, func(p specs.Profile) bool { return p.Name == was.Name })
		if i < 0 {
			c.add("profile-removed", Both, spot{path: was.Name, where: c.contractFile(c.before)}, "the profile %s is gone", was.Name)
			continue
		}
		a, b := slices.Sorted(slices.Values(was.Operations)), slices.Sorted(slices.Values(c.after.Profiles[i].Operations))
		if !slices.Equal(a, b) {
			c.add("profile-changed", Both, spot{path: was.Name, where: where}, "the profile %s holds %v now, %v before", was.Name, b, a)
		}
	}
}

// sortedNames lists the keys of both maps.
func sortedNames[V any](a, b map[string]V) []string {
	var names []string
	for name := range a {
		names = append(names, name)
	}
	for name := range b {
		if _, both := a[name]; !both {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}
