package admin

import (
	_ "embed" // the OpenAPI document
	"net/http"
)

//go:embed openapi.json
var openAPI []byte

func (a *API) health(w http.ResponseWriter, r *http.Request) error {
	names := []string{}
	for _, c := range a.backend.Contracts() {
		names = append(names, c.Name)
	}
	writeJSON(w, http.StatusOK, map[string]any{"status": "ready", "version": a.opts.Version, "contracts": names})
	return nil
}

func (a *API) contracts(w http.ResponseWriter, r *http.Request) error {
	writeJSON(w, http.StatusOK, map[string]any{"contracts": a.backend.Contracts()})
	return nil
}

func (a *API) coverage(w http.ResponseWriter, r *http.Request) error {
	all := []Coverage{}
	counted, err := a.backend.Coverage()
	if err != nil {
		return err
	}
	for _, c := range counted {
		if want := r.URL.Query().Get("contract"); want == "" || want == c.Contract {
			all = append(all, c)
		}
	}
	writeJSON(w, http.StatusOK, map[string]any{"operations": all})
	return nil
}

func (a *API) metrics(w http.ResponseWriter, r *http.Request) error {
	w.Header().Set("Content-Type", "text/plain; version=0.0.4; charset=utf-8")
	a.backend.Metrics(w)
	return nil
}

func (a *API) openapi(w http.ResponseWriter, r *http.Request) error {
	w.Header().Set("Content-Type", "application/json")
	_, err := w.Write(openAPI)
	return err
}
