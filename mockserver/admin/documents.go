package admin

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/roadworthy-project/roadworthy/mockserver/state"
	"github.com/roadworthy-project/roadworthy/specs/payload"
	"github.com/roadworthy-project/roadworthy/specs/schema"
)

// Document is one stored document in a list.
type Document struct {
	Key   string          `json:"key"`
	Owner string          `json:"owner"`
	Rev   uint64          `json:"rev"`
	Body  json.RawMessage `json:"body"`
}

func place(r *http.Request) Place {
	return Place{Contract: r.PathValue("contract"), Session: session(r), Resource: r.PathValue("resource")}
}

func (a *API) contract(name string) (*Contract, error) {
	var names []string
	for _, c := range a.backend.Contracts() {
		if c.Name == name {
			return &c, nil
		}
		names = append(names, c.Name)
	}
	return nil, problem(http.StatusNotFound, "no contract %q is served; there are %v", name, names)
}

func (a *API) listResources(w http.ResponseWriter, r *http.Request) error {
	c, err := a.contract(r.PathValue("contract"))
	if err != nil {
		return err
	}
	list := []map[string]any{}
	for _, name := range c.Resources {
		docs, err := a.backend.Documents(r.Context(), Place{c.Name, session(r), name})
		if err != nil {
			return err
		}
		list = append(list, map[string]any{"resource": name, "documents": len(docs)})
	}
	writeJSON(w, http.StatusOK, map[string]any{"contract": c.Name, "session": session(r), "resources": list})
	return nil
}

// known checks that the contract has such a resource.
func (a *API) known(at Place) error {
	c, err := a.contract(at.Contract)
	if err != nil {
		return err
	}
	if !slices.Contains(c.Resources, at.Resource) {
		return problem(http.StatusNotFound, "contract %s has no resource %q; it has %v", c.Name, at.Resource, c.Resources)
	}
	return nil
}

// listDocuments gives the documents of a resource in the order of their creation: a
// part of them with ?offset= and ?limit=, those that hold a ?text=.
func (a *API) listDocuments(w http.ResponseWriter, r *http.Request) error {
	at := place(r)
	if err := a.known(at); err != nil {
		return err
	}
	offset, err := number(r, "offset", 0)
	if err != nil {
		return err
	}
	limit, err := number(r, "limit", 0)
	if err != nil {
		return err
	}
	docs, err := a.backend.Documents(r.Context(), at)
	if err != nil {
		return err
	}
	if text := r.URL.Query().Get("text"); text != "" {
		docs = slices.DeleteFunc(slices.Clone(docs), func(d *state.Doc) bool {
			return !strings.Contains(d.Key, text) && !strings.Contains(d.Owner, text) && !bytes.Contains(d.Body, []byte(text))
		})
	}
	total := len(docs)
	docs = docs[min(offset, total):]
	if limit > 0 {
		docs = docs[:min(limit, len(docs))]
	}
	list := []Document{}
	for _, d := range docs {
		list = append(list, Document{d.Key, d.Owner, d.Rev, d.Body})
	}
	writeJSON(w, http.StatusOK, map[string]any{"documents": list, "total": total})
	return nil
}

// number reads a number of the query that counts something.
func number(r *http.Request, name string, otherwise int) (int, error) {
	s := r.URL.Query().Get(name)
	if s == "" {
		return otherwise, nil
	}
	n, err := strconv.Atoi(s)
	if err != nil || n < 0 {
		return 0, problem(http.StatusBadRequest, "%s: expected a number from 0, found %q", name, s)
	}
	return n, nil
}

func (a *API) getDocument(w http.ResponseWriter, r *http.Request) error {
	at := place(r)
	if err := a.known(at); err != nil {
		return err
	}
	d, err := a.backend.Document(r.Context(), at, r.PathValue("key"))
	if err != nil {
		return err
	}
	if d == nil {
		return notThere(at, r.PathValue("key"))
	}
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("ETag", `"`+strconv.FormatUint(d.Rev, 10)+`"`)
	w.Header().Set("Roadworthy-Owner", d.Owner)
	_, _ = w.Write(d.Body)
	return nil
}

func notThere(at Place, key string) error {
	return problem(http.StatusNotFound, "there is no %s %q in session %s", at.Resource, key, at.Session)
}

// putDocument writes a document that fits the schema of its resource. ?force=true
// keeps one that does not: a broken state is something to test with. ?check=true
// only judges it.
func (a *API) putDocument(w http.ResponseWriter, r *http.Request) error {
	at := place(r)
	if err := a.known(at); err != nil {
		return err
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	if err != nil {
		return problem(http.StatusRequestEntityTooLarge, "the body cannot be read: %v", err)
	}
	q := r.URL.Query()
	check := q.Get("check") == "true"
	tree, err := payload.ParseJSON(body, payload.JSONLimits{Bytes: maxBody})
	if err != nil {
		found := []schema.Violation{malformed(err)}
		if check {
			return writeJudgement(w, "JSON", found)
		}
		return &Problem{Status: http.StatusBadRequest, Title: http.StatusText(http.StatusBadRequest), Detail: "the document is " + err.Error(), Violations: found}
	}
	of, found := a.backend.JudgeDocument(at, tree)
	if check {
		return writeJudgement(w, of, found)
	}
	if q.Get("force") != "true" {
		if err := unfit(at, of, found); err != nil {
			return err
		}
	}
	created, err := a.backend.PutDocument(r.Context(), at, r.PathValue("key"), q.Get("owner"), tree.Root)
	if err != nil {
		return err
	}
	if created {
		w.WriteHeader(http.StatusCreated)
	} else {
		w.WriteHeader(http.StatusNoContent)
	}
	return nil
}

// unfit refuses a document that breaks its schema; what nobody describes does not.
func unfit(at Place, of string, found []schema.Violation) error {
	var hard []schema.Violation
	for _, v := range found {
		if !v.Soft {
			hard = append(hard, v)
		}
	}
	if len(hard) == 0 {
		return nil
	}
	p := problem(http.StatusUnprocessableEntity, "the document does not fit what the contract says of %s (%s): %s", at.Resource, of, hard[0].Message())
	if len(hard) > 1 {
		p.Detail += fmt.Sprintf(", and %d more", len(hard)-1)
	}
	p.Detail += ". Nothing was stored; ?force=true stores it nevertheless"
	p.Violations = hard
	return p
}

func malformed(err error) schema.Violation {
	v := schema.Violation{Kind: schema.Malformed, Expected: "JSON", Actual: err.Error()}
	var syntax *payload.SyntaxError
	if errors.As(err, &syntax) {
		v.Expected, v.Actual = syntax.Sides()
		v.Line, v.Col = syntax.Line, syntax.Col
	}
	return v
}

func writeJudgement(w http.ResponseWriter, of string, found []schema.Violation) error {
	if found == nil {
		found = []schema.Violation{}
	}
	writeJSON(w, http.StatusOK, map[string]any{"schema": of, "violations": found})
	return nil
}

// resourceDetails tells what is known of a resource: what its documents look like.
func (a *API) resourceDetails(w http.ResponseWriter, r *http.Request) error {
	at := place(r)
	if err := a.known(at); err != nil {
		return err
	}
	writeJSON(w, http.StatusOK, a.backend.ResourceDetails(at.Contract, at.Resource))
	return nil
}

func (a *API) deleteDocument(w http.ResponseWriter, r *http.Request) error {
	at := place(r)
	if err := a.known(at); err != nil {
		return err
	}
	existed, err := a.backend.DeleteDocument(r.Context(), at, r.PathValue("key"))
	if err != nil {
		return err
	}
	if !existed {
		return notThere(at, r.PathValue("key"))
	}
	w.WriteHeader(http.StatusNoContent)
	return nil
}
