package scenarios

import (
	"fmt"
	"strings"
)

// Reference is one ${…} of a string.
type Reference struct {
	// Kind is unique, uuid, field, request or response.
	Kind string
	// Name is the step, or the name of a given state; "" with request or response
	// is the step itself. For unique and uuid it tells several apart.
	Name string
	// Field is what a given state or a capture answered.
	Field string
	// Path into the body of a request or response; "" is the whole body.
	Path string
}

// Part is a piece of a string: literal text, or a reference.
type Part struct {
	Text string
	Ref  *Reference
}

// Literal writes a text so that [Parts] gives it back as it is.
func Literal(s string) string { return strings.ReplaceAll(s, "${", "$${") }

// Parts takes a string apart; "$${" stands for a "${" that is none. The error names
// the reference that cannot be read.
func Parts(s string) ([]Part, error) {
	var parts []Part
	text := ""
	for {
		open := strings.Index(s, "${")
		if open < 0 {
			if text += s; text != "" {
				parts = append(parts, Part{Text: text})
			}
			return parts, nil
		}
		if open > 0 && s[open-1] == '$' {
			text += s[:open-1] + "${"
			s = s[open+2:]
			continue
		}
		if text += s[:open]; text != "" {
			parts = append(parts, Part{Text: text})
			text = ""
		}
		end := strings.IndexByte(s[open:], '}')
		if end < 0 {
			return nil, fmt.Errorf("%q: a reference is opened with ${ and not closed", s)
		}
		ref, err := parseReference(s[open+2 : open+end])
		if err != nil {
			return nil, err
		}
		parts = append(parts, Part{Ref: ref})
		s = s[open+end+1:]
	}
}

func parseReference(text string) (*Reference, error) {
	head, path, hasPath := strings.Cut(text, ":")
	switch head {
	case "unique", "uuid":
		return &Reference{Kind: head, Name: path}, nil
	case "request", "response":
		return &Reference{Kind: head, Path: path}, nil
	}
	name, field, ok := strings.Cut(head, ".")
	if !ok || name == "" || field == "" {
		return nil, fmt.Errorf("${%s} is not a reference: write ${unique}, ${uuid}, ${name.field}, ${step.request:/path} or ${step.response:/path}", text)
	}
	if field == "request" || field == "response" {
		return &Reference{Kind: field, Name: name, Path: path}, nil
	}
	if hasPath {
		return nil, fmt.Errorf("${%s}: only request and response take a path", text)
	}
	return &Reference{Kind: "field", Name: name, Field: field}, nil
}

// WholeBody reads the value of "same-as" for a body: "step.response",
// "step.request", or the same in ${…}.
func WholeBody(s string) (*Reference, error) {
	s = strings.TrimSuffix(strings.TrimPrefix(s, "${"), "}")
	ref, err := parseReference(s)
	if err == nil && ref.Kind != "request" && ref.Kind != "response" {
		err = fmt.Errorf("same-as %q must name the request or the response of a step", s)
	}
	return ref, err
}
