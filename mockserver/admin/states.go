package admin

import (
	"errors"
	"net/http"

	"github.com/roadworthy-project/roadworthy/mockserver/behaviour"
	"github.com/roadworthy-project/roadworthy/mockserver/fault"
)

// listStates tells which provider states there are.
func (a *API) listStates(w http.ResponseWriter, r *http.Request) error {
	type line struct {
		Contract string            `json:"contract"`
		States   []behaviour.State `json:"states"`
	}
	list := []line{}
	for _, c := range a.backend.Contracts() {
		list = append(list, line{c.Name, c.States})
	}
	writeJSON(w, http.StatusOK, map[string]any{"contracts": list})
	return nil
}

// setState brings a provider state about, or takes it away again.
func (a *API) setState(w http.ResponseWriter, r *http.Request) error {
	var change StateChange
	if err := readJSON(r, &change); err != nil {
		return err
	}
	if change.State == "" {
		return problem(http.StatusBadRequest, "state: expected the name of a provider state, found nothing")
	}
	switch change.Action {
	case "":
		change.Action = "setup"
	case "setup", "teardown":
	default:
		return problem(http.StatusBadRequest, "action: expected setup or teardown, found %q", change.Action)
	}
	if change.Contract == "" && len(a.backend.Contracts()) == 1 {
		change.Contract = a.backend.Contracts()[0].Name
	}
	if _, err := a.contract(change.Contract); err != nil {
		return err
	}
	change.Session, change.Identity = session(r), r.URL.Query().Get("identity")
	values, err := a.backend.SetState(r.Context(), change)
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "application/json")
	_, _ = w.Write(append(values.JSON(), '\n'))
	return nil
}

func (a *API) listFaults(w http.ResponseWriter, r *http.Request) error {
	active, err := a.backend.Faults().List()
	if err != nil {
		return err
	}
	if active == nil {
		active = []fault.Status{}
	}
	writeJSON(w, http.StatusOK, map[string]any{"active": active, "available": fault.All()})
	return nil
}

func (a *API) addFault(w http.ResponseWriter, r *http.Request) error {
	var f fault.Active
	if err := readJSON(r, &f); err != nil {
		return err
	}
	added, err := a.backend.Faults().Add(f)
	var bad *fault.BadFault
	if errors.As(err, &bad) {
		return problem(http.StatusUnprocessableEntity, "%v", err)
	}
	if err != nil {
		return err
	}
	writeJSON(w, http.StatusCreated, added)
	return nil
}

func (a *API) removeFaults(w http.ResponseWriter, r *http.Request) error {
	if _, err := a.backend.Faults().Remove(""); err != nil {
		return err
	}
	w.WriteHeader(http.StatusNoContent)
	return nil
}

func (a *API) removeFault(w http.ResponseWriter, r *http.Request) error {
	n, err := a.backend.Faults().Remove(r.PathValue("id"))
	if err != nil {
		return err
	}
	if n == 0 {
		return problem(http.StatusNotFound, "no fault %q is in force", r.PathValue("id"))
	}
	w.WriteHeader(http.StatusNoContent)
	return nil
}
