package journal

import (
	"bytes"
	"maps"
	"net/http"
	"slices"
	"strings"

	"github.com/roadworthy-project/roadworthy/specs/schema"
)

// Header is one header line of a rendered entry.
type Header struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

// headers lists headers by name.
func headers(h http.Header) []Header {
	list := []Header{}
	for _, name := range slices.Sorted(maps.Keys(h)) {
		for _, value := range h[name] {
			list = append(list, Header{name, value})
		}
	}
	return list
}

// withoutSecrets is the entry as others may see it. Secrets never leave the process:
// not by the admin API, and not for a journal that others share.
func (e *Entry) withoutSecrets() *Entry {
	if e.Masked {
		return e
	}
	rest := *e
	rest.URL = e.url()
	rest.RequestHeader, rest.ResponseHeader = e.maskedHeader(e.RequestHeader), e.maskedHeader(e.ResponseHeader)
	rest.RequestBody, rest.ResponseBody = e.masked(e.RequestBody), e.masked(e.ResponseBody)
	d := &rest.Decision
	for _, list := range []*[]schema.Violation{&d.Hard, &d.Soft} {
		for i, v := range *list {
			if v.Actual == "" || !e.isSecret(lastName(v.Path)) {
				continue
			}
			*list = slices.Clone(*list)
			(*list)[i].Actual = Masked
			// What is said of the value in words says the value, too.
			for _, text := range []*string{&d.Detail, &rest.Internal} {
				*text = strings.ReplaceAll(*text, v.Actual, Masked)
			}
			rest.ResponseBody = bytes.ReplaceAll(rest.ResponseBody, []byte(v.Actual), []byte(Masked))
		}
	}
	rest.Masked = true
	return &rest
}

// lastName is the name of the field at a path: a JSON Pointer, or an XPath.
func lastName(path string) string {
	name := strings.TrimPrefix(path[strings.LastIndexByte(path, '/')+1:], "@")
	name, _, _ = strings.Cut(name, "[")
	return name
}

// maskedHeader is a copy without secrets, or the header itself where there are none.
func (e *Entry) maskedHeader(h http.Header) http.Header {
	copied := false
	for name, values := range h {
		mask := maskHeader
		switch {
		case name == "Cookie" || name == "Set-Cookie":
			mask = e.maskCookies
		case !secretHeader(name) && !e.isSecret(name):
			continue
		}
		if !copied {
			h, copied = maps.Clone(h), true
		}
		masked := make([]string, len(values))
		for i, value := range values {
			masked[i] = mask(name, value)
		}
		h[name] = masked
	}
	return h
}

// maskCookies leaves the names of cookies, and the values of those that are no
// credentials.
func (e *Entry) maskCookies(header, value string) string {
	parts := strings.Split(value, ";")
	for i, part := range parts {
		name, _, found := strings.Cut(part, "=")
		switch {
		case header == "Set-Cookie" && i > 0: // Path, Max-Age
		case !found && strings.TrimSpace(part) != "":
			parts[i] = Masked
		case found && e.secretCookie(strings.TrimSpace(name)):
			parts[i] = name + "=" + Masked
		}
	}
	return strings.Join(parts, ";")
}

// secretCookie goes by the contract, and by what people call the cookies of a login.
func (e *Entry) secretCookie(name string) bool {
	if e.isSecret(name) {
		return true
	}
	name = strings.ToLower(name)
	return slices.ContainsFunc([]string{"sess", "sid", "token", "auth", "login", "user", "key", "secret", "password", "csrf", "xsrf", "jwt", "remember"}, func(part string) bool { return strings.Contains(name, part) })
}
