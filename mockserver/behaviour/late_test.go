package behaviour_test

import (
	"strings"
	"sync"
	"testing"
	"testing/fstest"

	"github.com/roadworthy-project/roadworthy/mockserver/behaviour"
	"github.com/roadworthy-project/roadworthy/mockserver/state"
	"github.com/roadworthy-project/roadworthy/specs"
)

const petsYAML = `openapi: 3.0.3
info: {title: Pets, version: "1"}
paths:
  /pets:
    post:
      operationId: make
      requestBody: {required: true, content: {application/json: {schema: {$ref: "#/components/schemas/Pet"}}}}
      responses: {"201": {description: made, content: {application/json: {schema: {$ref: "#/components/schemas/Pet"}}}}}
  /pets/{id}:
    parameters: [{name: id, in: path, required: true, schema: {type: string}}]
    get:
      operationId: read
      responses: {"200": {description: the pet, content: {application/json: {schema: {$ref: "#/components/schemas/Pet"}}}}, "404": {description: none}}
    delete:
      operationId: remove
      responses: {"204": {description: gone}, "404": {description: none}}
components:
  schemas:
    Pet: {type: object, properties: {id: {type: string}, name: {type: string}}}
`

func pets(t testing.TB) *specs.Contract {
	t.Helper()
	c, err := specs.OpenDocument(fstest.MapFS{"pets.yaml": {Data: []byte(petsYAML)}}, "pets.yaml")
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// Whoever asks first, and however many at once: each operation is compiled once.
func TestInferredOperationsAreCompiledOnce(t *testing.T) {
	b, err := behaviour.Compile(pets(t))
	if err != nil {
		t.Fatal(err)
	}
	stop := make(chan struct{})
	go b.Warm(stop)
	defer close(stop)
	ids := []string{"make", "read", "remove", "no such operation"}
	const callers = 8
	got := [callers][]*behaviour.Operation{}
	var all sync.WaitGroup
	for i := range callers {
		all.Go(func() {
			for j := range ids {
				got[i] = append(got[i], b.Operation(ids[(i+j)%len(ids)]))
			}
		})
	}
	all.Wait()
	for i := range callers {
		for j, op := range got[i] {
			id := ids[(i+j)%len(ids)]
			if want := b.Operation(id); op != want || (op == nil) != (id == "no such operation") {
				t.Errorf("caller %d was given %p for %s, want %p", i, op, id, want)
			}
		}
	}
	for id, want := range map[string]bool{"make": true, "read": true, "no such operation": false} {
		if b.Stateful(id) != want {
			t.Errorf("%s: stateful is %t", id, !want)
		}
	}
	res, err := run(t, b, state.NewMemory(state.Options{}), `{"name":"Rex"}`)
	if err != nil || res.Status != 201 || !strings.Contains(string(res.Body.Root.JSON()), "Rex") {
		t.Errorf("make: %+v, %v", res, err)
	}
}

// What does not compile is told by Check at once, and by the operation when it is run.
func TestInferredOperationThatDoesNotCompile(t *testing.T) {
	c := pets(t)
	c.Behaviour.Operations["make"].Rules = []specs.Rule{{ID: "broken", When: "request.body ==", Outcome: "http:404"}}
	if found := behaviour.Check(c); len(found) == 0 || !strings.Contains(found[0].What, "request.body ==") {
		t.Errorf("Check found %v", found)
	}
	b, err := behaviour.Compile(c)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := run(t, b, state.NewMemory(state.Options{}), `{}`); err == nil || !strings.Contains(err.Error(), "request.body ==") {
		t.Errorf("running it gave the error %v", err)
	}
}
