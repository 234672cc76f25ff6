package conformance_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"sync"
)

// parcels is a server for the contract in testdata/parcels, written by hand and
// without any part of this project, with flaws that can be switched on.
type parcels struct {
	mu     sync.Mutex
	byID   map[string]parcel
	writes int

	ignoresAuth       bool
	acceptsEverything bool
	errorInBody       bool // refuses with 200 and an error in the body
	losesTenth        bool // forgets every tenth write
	examplesOnly      bool // right for the documented example alone
	weightAsText      bool // "2.5" for 2.5
	leaks             bool // shows parcels of other companies
	duplicates        bool // allows a number twice
	wrong4xx          bool // 400 for everything that is wrong
	noRead            bool // GET is not there
	overwrites        bool // a refused write spoils what is stored
	spoilt            int
	extraStatus       int  // answers a read with a status of its own
	noType            bool // without Content-Type
}

type parcel struct {
	ID      string          `json:"id"`
	Number  string          `json:"number"`
	Weight  json.RawMessage `json:"weight"`
	Kind    string          `json:"kind,omitempty"`
	company string
}

func (p *parcels) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.byID == nil {
		p.byID = map[string]parcel{}
	}
	company, known := map[string]string{"Bearer demo": "ONE", "Bearer demo-foreign": "TWO"}[r.Header.Get("Authorization")]
	id, isRead := strings.CutPrefix(r.URL.Path, "/api/parcels/")
	switch {
	case r.URL.Path == "/states":
		p.state(w, r)
	case isRead && p.noRead:
		http.NotFound(w, r)
	case !isRead && r.URL.Path != "/api/parcels":
		http.NotFound(w, r)
	case isRead && r.Method != http.MethodGet || !isRead && r.Method != http.MethodPost:
		w.WriteHeader(http.StatusMethodNotAllowed)
	case !known && !p.ignoresAuth:
		p.refuse(w, 401)
	case isRead:
		p.read(w, id, company)
	default:
		p.add(w, r, company)
	}
}

func (p *parcels) refuse(w http.ResponseWriter, status int) {
	if p.errorInBody {
		status = 200
	}
	if p.wrong4xx && status > 401 {
		status = 400
	}
	w.Header().Set("Content-Type", "application/problem+json")
	w.WriteHeader(status)
	fmt.Fprintf(w, `{"title": "refused", "status": %d}`, status)
}

func (p *parcels) read(w http.ResponseWriter, id, company string) {
	if p.extraStatus != 0 {
		w.WriteHeader(p.extraStatus)
		return
	}
	have, ok := p.byID[id]
	if p.examplesOnly {
		have, ok = documented(), true
	}
	if !ok || have.company != company && have.company != "" && !p.leaks {
		p.refuse(w, 404)
		return
	}
	p.send(w, 200, have)
}

func documented() parcel {
	return parcel{ID: "2b0c3d4e-0000-4000-8000-000000000001", Number: "A-1", Weight: json.RawMessage("2.5"), Kind: "box"}
}

func (p *parcels) send(w http.ResponseWriter, status int, x parcel) {
	if p.weightAsText {
		x.Weight = json.RawMessage(`"` + string(x.Weight) + `"`)
	}
	body, _ := json.Marshal(x)
	w.Header().Set("Content-Type", "application/json")
	if p.noType {
		w.Header()["Content-Type"] = nil
	}
	w.WriteHeader(status)
	_, _ = w.Write(body)
}

func (p *parcels) add(w http.ResponseWriter, r *http.Request, company string) {
	body, _ := io.ReadAll(r.Body)
	if p.examplesOnly {
		p.send(w, 201, documented())
		return
	}
	x, status := check(r.Header.Get("Content-Type"), body)
	if status != 0 && p.overwrites {
		for id, have := range p.byID {
			// Another weight each time: a scenario beside this one spoils it too.
			p.spoilt++
			have.Weight = json.RawMessage(strconv.Itoa(p.spoilt))
			p.byID[id] = have
		}
	}
	if status != 0 && !p.acceptsEverything {
		p.refuse(w, status)
		return
	}
	if x.Number == "" {
		x.Number, x.Weight = "?", json.RawMessage("1")
	}
	for _, have := range p.byID {
		if have.Number == x.Number && have.company == company && !p.duplicates && !p.acceptsEverything {
			p.refuse(w, 409)
			return
		}
	}
	p.writes++
	x.ID, x.company = fmt.Sprintf("2b0c3d4e-0000-4000-8000-%012d", p.writes+1), company
	if !p.losesTenth || p.writes%10 != 0 {
		p.byID[x.ID] = x
	}
	p.send(w, 201, x)
}

// check reads a body by the rules of the page.
func check(contentType string, body []byte) (x parcel, status int) {
	if contentType != "application/json" {
		return x, 415
	}
	var in struct {
		Number *string
		Weight *float64
		Kind   *string
	}
	var raw map[string]json.RawMessage
	if json.Unmarshal(body, &raw) != nil {
		return x, 400
	}
	if json.Unmarshal(body, &in) != nil || in.Number == nil || in.Weight == nil {
		return x, 422
	}
	if *in.Number == "" || len(*in.Number) > 20 || *in.Weight <= 0 {
		return x, 422
	}
	if _, given := raw["kind"]; given && (in.Kind == nil || *in.Kind != "letter" && *in.Kind != "box") {
		return x, 422
	}
	x = parcel{Number: *in.Number, Weight: raw["weight"]}
	if in.Kind != nil {
		x.Kind = *in.Kind
	}
	return x, 0
}

// state is the set-up hook.
func (p *parcels) state(w http.ResponseWriter, r *http.Request) {
	var s struct{ State, Action string }
	_ = json.NewDecoder(r.Body).Decode(&s)
	if s.State != "parcel" {
		w.WriteHeader(http.StatusNotFound)
		return
	}
	x := parcel{ID: "2b0c3d4e-0000-4000-9000-000000000001", Number: "P-1", Weight: json.RawMessage("1"), company: "ONE"}
	p.byID[x.ID] = x
	fmt.Fprintf(w, `{"id": %q}`, x.ID)
}
