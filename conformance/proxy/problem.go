package proxy

import (
	"bytes"
	"encoding/json"
	"net/http"

	"github.com/roadworthy-project/roadworthy/conformance/judge"
)

// details is a problem document (RFC 9457) that names what deviates.
type details struct {
	Type       string      `json:"type"`
	Title      string      `json:"title"`
	Status     int         `json:"status"`
	Detail     string      `json:"detail"`
	Operation  string      `json:"operation,omitempty"`
	Deviations []deviation `json:"deviations,omitempty"`
}

type deviation struct {
	In       string `json:"in"`
	Path     string `json:"path"`
	Kind     string `json:"kind"`
	Expected string `json:"expected"`
	Actual   string `json:"actual"`
	Source   string `json:"source,omitempty"`
}

// problem writes the document. The values in it go back to whom they came from, or
// to the client of the response, so that nothing in it is masked.
func problem(status int, detail string, s *passage, found []judge.Finding) []byte {
	d := details{Type: "about:blank", Title: http.StatusText(status), Status: status, Detail: detail}
	if s != nil && s.matched.Operation != nil {
		d.Operation = s.matched.Operation.ID
	}
	for _, f := range found {
		d.Deviations = append(d.Deviations, deviation{f.In, f.Path, f.Kind, f.Expected, f.Actual, f.Source})
	}
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	// A struct of texts and one number cannot fail to encode.
	_ = enc.Encode(d)
	return b.Bytes()
}
