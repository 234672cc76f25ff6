package engine

import (
	"encoding/base64"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strings"

	"github.com/roadworthy-project/roadworthy/scenarios"
	"github.com/roadworthy-project/roadworthy/specs"
	"github.com/roadworthy-project/roadworthy/specs/payload"
)

// The identities that need no entry in an auth file.
const (
	identityDefault = "default"
	identityNone    = "none"
	identityWrong   = "wrong"
)

const wrongSecret = "roadworthy-wrong-credentials"

// DemoIdentities are the published credentials of a contract.
func DemoIdentities(c *specs.Contract) map[string]Credentials {
	all := map[string]Credentials{}
	for _, id := range c.Auth.Identities {
		all[id.Name] = Credentials{Login: id.Login, Password: id.Password, Bearer: id.Token, Public: true}
	}
	return all
}

// credentials finds those of an identity. The reason says why a step that needs
// them cannot run.
func (r *Runner) credentials(identity string) (c Credentials, reason string) {
	switch identity {
	case identityNone:
		return Credentials{}, ""
	case identityWrong:
		own := r.identities[identityDefault]
		wrong := Credentials{Login: own.Login, Password: wrongSecret, Bearer: wrongSecret, Public: true}
		if wrong.Login == "" {
			wrong.Login = wrongSecret
		}
		for name := range own.Headers {
			if wrong.Headers == nil {
				wrong.Headers = map[string]string{}
			}
			wrong.Headers[name] = wrongSecret
		}
		return wrong, ""
	}
	if c, ok := r.identities[identity]; ok {
		return c, ""
	}
	if identity == identityDefault && len(r.contract.Auth.Schemes) == 0 {
		return Credentials{}, ""
	}
	return c, fmt.Sprintf("needs the identity %q, and no credentials were given for it (known: %v)", identity, slices.Sorted(maps.Keys(r.identities)))
}

// authenticateBy puts credentials where one scheme wants them. The reason says why
// they cannot be sent so.
func (r *Runner) authenticateBy(name string, out *outgoing, identity string, c Credentials) (reason string, err error) {
	if identity == identityNone {
		return "", nil
	}
	for _, scheme := range r.contract.Auth.Schemes {
		if scheme.ID == name {
			done, err := apply(out, scheme, c)
			if !done && err == nil {
				reason = fmt.Sprintf("the credentials of the identity %q cannot be sent by %s", identity, name)
			}
			return reason, err
		}
	}
	return "", fmt.Errorf("the contract has no scheme %q", name)
}

// authenticate puts credentials where the first scheme wants them that the
// operation allows and that there are credentials for.
func (r *Runner) authenticate(out *outgoing, op *specs.Operation, identity string, c Credentials) error {
	if identity == identityNone {
		return nil
	}
	for _, name := range slices.Sorted(maps.Keys(c.Headers)) {
		out.header.Set(name, c.Headers[name])
	}
	if len(c.Headers) > 0 {
		return nil
	}
	for _, scheme := range schemes(r.contract, op) {
		done, err := apply(out, scheme, c)
		if done && err == nil {
			err = r.together(out, op, scheme.ID, c)
		}
		if done || err != nil {
			return err
		}
	}
	return nil
}

// together puts the credentials in place that an operation needs beside those of one
// scheme.
func (r *Runner) together(out *outgoing, op *specs.Operation, first string, c Credentials) error {
	for _, alternative := range op.Security {
		if alternative.Scheme != first {
			continue
		}
		for _, scheme := range r.contract.Auth.Schemes {
			if slices.ContainsFunc(alternative.And, func(s specs.Security) bool { return s.Scheme == scheme.ID }) {
				if _, err := apply(out, scheme, c); err != nil {
					return err
				}
			}
		}
		return nil
	}
	return nil
}

// schemes are those of the contract in its order, except that one which is the first
// for the operation comes first. Where an operation lists some, only those.
func schemes(c *specs.Contract, op *specs.Operation) []specs.AuthScheme {
	var first, rest []specs.AuthScheme
	for _, scheme := range c.Auth.Schemes {
		switch {
		case slices.Contains(scheme.FirstFor, op.ID):
			first = append(first, scheme)
		case len(op.Security) == 0 || slices.ContainsFunc(op.Security, func(s specs.Security) bool { return s.Scheme == scheme.ID }):
			rest = append(rest, scheme)
		}
	}
	return append(first, rest...)
}

func apply(out *outgoing, scheme specs.AuthScheme, c Credentials) (bool, error) {
	switch {
	case scheme.Type == "basic" && c.Login != "":
		out.header.Set("Authorization", "Basic "+base64.StdEncoding.EncodeToString([]byte(c.Login+":"+c.Password)))
	case scheme.Type == "bearer" && c.Bearer != "":
		out.header.Set("Authorization", "Bearer "+c.Bearer)
	case scheme.Type == "header" && c.Bearer != "":
		out.header.Set(scheme.Name, c.Bearer)
	case scheme.Type == "query" && c.Bearer != "":
		if out.query == nil {
			out.query = url.Values{}
		}
		out.query.Set(scheme.Name, c.Bearer)
	case scheme.Type == "cookie" && c.Bearer != "":
		cookies := append(strings.Split(out.header.Get("Cookie"), "; "), scheme.Name+"="+c.Bearer)
		out.header.Set("Cookie", strings.Join(slices.DeleteFunc(cookies, func(one string) bool { return one == "" }), "; "))
	case scheme.Type == "body" && c.Login != "":
		tree := out.parsed()
		if tree == nil {
			return false, nil
		}
		for path, value := range map[string]string{scheme.Login: c.Login, scheme.Password: c.Password} {
			if err := tree.Set(path, &payload.Node{Kind: payload.String, Value: value}); err != nil {
				return false, fmt.Errorf("credentials in the body: %w", err)
			}
		}
		return true, out.rewrite(tree)
	default:
		return false, nil
	}
	return true, nil
}

// strip takes the credentials out of a body that carries some, such as that of a
// documented example, and leaves those that the step sets itself.
func (r *Runner) strip(out *outgoing, own []scenarios.Assignment) error {
	for _, scheme := range r.contract.Auth.Schemes {
		if scheme.Type != "body" {
			continue
		}
		tree, removed := out.parsed(), 0
		if tree == nil {
			continue
		}
		for _, path := range []string{scheme.Login, scheme.Password} {
			if !slices.ContainsFunc(own, func(a scenarios.Assignment) bool { return lastStep(a.Path) == lastStep(path) }) {
				removed += tree.Remove(path)
			}
		}
		if removed > 0 {
			if err := out.rewrite(tree); err != nil {
				return err
			}
		}
	}
	return nil
}
