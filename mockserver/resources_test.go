package mockserver_test

import (
	"encoding/json"
	"testing"

	"github.com/roadworthy-project/roadworthy/mockserver"
	"github.com/roadworthy-project/roadworthy/specs"
	"github.com/roadworthy-project/roadworthy/specs/payload"
)

// What a mock keeps by itself is what the contract says of it: the sample data, and
// what every example and every provider state leaves behind.
func TestStateIsWhatItsSchemaSays(t *testing.T) {
	for _, name := range append(specs.BuiltIn(), "testdata/documents/shelves.yaml", "testdata/documents/one-path.yaml") {
		t.Run(name, func(t *testing.T) {
			c := open(t, name)
			_, web := start(t, mockserver.Options{}, c)
			post := func(path string, body any) {
				t.Helper()
				text, _ := json.Marshal(body)
				if resp, answer := send(t, request(t, "POST", web.URL+"/__admin/"+path, text)); resp.StatusCode != 200 {
					t.Errorf("POST %s %s: %d %s", path, text, resp.StatusCode, answer)
				}
			}
			for _, op := range c.Operations {
				if op.Method == "DELETE" {
					continue
				}
				for _, e := range op.Examples() {
					if r := e.Request; r != nil {
						post("try", map[string]any{"contract": c.Name, "operation": op.ID, "identity": "default", "path": r.Path, "query": r.Query, "headers": r.Headers, "mediaType": r.MediaType, "body": string(r.Body)})
					}
				}
			}
			for state := range c.Behaviour.States {
				post("provider-states", map[string]any{"contract": c.Name, "state": state})
			}
			judged := 0
			for resource := range c.Behaviour.Resources {
				s := c.ResourceSchema(resource)
				if s == nil {
					t.Errorf("nothing says what a %s looks like", resource)
					continue
				}
				var list struct {
					Documents []struct {
						Key  string
						Body json.RawMessage
					}
				}
				_, answer := send(t, request(t, "GET", web.URL+"/__admin/state/"+c.Name+"/"+resource, nil))
				if err := json.Unmarshal(answer, &list); err != nil {
					t.Fatal(err)
				}
				for _, d := range list.Documents {
					tree, err := payload.ParseJSON(d.Body, payload.JSONLimits{})
					if err != nil {
						t.Fatal(err)
					}
					for _, v := range s.Judge(tree) {
						if !v.Soft { // a part that another operation may send, too
							t.Errorf("%s %s: %s", resource, d.Key, v.Message())
						}
					}
					judged++
				}
			}
			t.Logf("%d documents", judged)
		})
	}
}
