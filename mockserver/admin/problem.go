package admin

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"

	"github.com/roadworthy-project/roadworthy/mockserver/state"
	"github.com/roadworthy-project/roadworthy/specs/schema"
)

// Problem is an error answer (RFC 9457).
type Problem struct {
	Status int    `json:"status"`
	Title  string `json:"title"`
	Detail string `json:"detail"`
	// Violations are everything that is wrong with a document.
	Violations []schema.Violation `json:"violations,omitempty"`
}

func (p *Problem) Error() string { return p.Detail }

// problem makes one.
func problem(status int, format string, args ...any) *Problem {
	return &Problem{Status: status, Title: http.StatusText(status), Detail: fmt.Sprintf(format, args...)}
}

func writeProblem(w http.ResponseWriter, err error) {
	var p *Problem
	switch {
	case errors.As(err, &p):
	case state.IsUnavailable(err):
		p = problem(http.StatusServiceUnavailable, "%s", err.Error())
		w.Header().Set("Retry-After", "1")
	default:
		p = problem(http.StatusInternalServerError, "%s", err.Error())
	}
	body, _ := json.Marshal(p)
	w.Header().Set("Content-Type", "application/problem+json")
	w.WriteHeader(p.Status)
	_, _ = w.Write(append(body, '\n'))
}

func writeJSON(w http.ResponseWriter, status int, v any) {
	body, err := json.MarshalIndent(v, "", "  ")
	if err != nil {
		writeProblem(w, err)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_, _ = w.Write(append(body, '\n'))
}

// maxBody bounds what the admin API reads; a snapshot may be large.
const maxBody = 64 << 20

// readJSON reads a body into v; unknown members are refused by name.
func readJSON(r *http.Request, v any) error {
	var read beginning
	dec := json.NewDecoder(io.TeeReader(http.MaxBytesReader(nil, r.Body, maxBody), &read))
	dec.DisallowUnknownFields()
	if err := dec.Decode(v); err != nil {
		var tooLarge *http.MaxBytesError
		if errors.As(err, &tooLarge) {
			return problem(http.StatusRequestEntityTooLarge, "the body is larger than %d bytes", tooLarge.Limit)
		}
		if why := unknownMember(read, v); why != "" {
			return problem(http.StatusBadRequest, "the body cannot be read: %s", why)
		}
		return problem(http.StatusBadRequest, "the body cannot be read: %v", err)
	}
	if dec.More() {
		return problem(http.StatusBadRequest, "the body goes on after the JSON value")
	}
	return nil
}
