package admin

import (
	"encoding/json"
	"net/http"
)

// Webhooks is the server as far as it sends requests by itself.
type Webhooks interface {
	Webhooks() []Webhook
	// FireWebhook sends one; the journal says how it fares.
	FireWebhook(Firing) error
}

// Webhook is a request that an implementation sends by itself.
type Webhook struct {
	Contract string `json:"contract"`
	Name     string `json:"name"`
	Method   string `json:"method"`
	Title    string `json:"title"`
}

// Firing asks for a webhook to be sent.
type Firing struct {
	Contract string `json:"contract"` // may be left out where the name is enough
	URL      string `json:"url"`
	// Body is sent as it is; without it one is made from the schema.
	Body json.RawMessage `json:"body"`

	Name    string `json:"-"`
	Session string `json:"-"`
}

func (a *API) webhooks(w http.ResponseWriter, r *http.Request) error {
	writeJSON(w, http.StatusOK, map[string]any{"webhooks": a.backend.Webhooks()})
	return nil
}

func (a *API) fireWebhook(w http.ResponseWriter, r *http.Request) error {
	var f Firing
	if err := readJSON(r, &f); err != nil {
		return err
	}
	if f.URL == "" {
		return problem(http.StatusBadRequest, "url: expected the address to send to, found nothing")
	}
	f.Name, f.Session = r.PathValue("name"), session(r)
	if err := a.backend.FireWebhook(f); err != nil {
		return err
	}
	w.WriteHeader(http.StatusAccepted)
	return nil
}
