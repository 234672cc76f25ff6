package specs_test

import (
	"strings"
	"testing"

	"github.com/roadworthy-project/roadworthy/specs"
)

func TestInferredResources(t *testing.T) {
	c := open(t, "testdata/bare/petstore.yaml")
	b := c.Behaviour
	if !b.Inferred || b.Resources["pets"] == nil || b.Resources["visits"] == nil || len(b.Resources) != 2 {
		t.Fatalf("found resources %v", b.Resources)
	}
	for _, id := range []string{"listPets", "createPet", "getPet", "replacePet", "changePet", "deletePet", "GET /pets/{petId}/visits", "POST /pets/{petId}/visits"} {
		if b.Operations[id] == nil {
			t.Errorf("operation %s has no behaviour", id)
		}
	}
	if b.Operations["feedPet"] != nil {
		t.Error("nothing says what feedPet does: it must not be guessed")
	}
	if seeds := b.Resources["pets"].Seed; len(seeds) != 1 || seeds[0].Key != "7" {
		t.Errorf("the documented example that fits its schema is there from the start, and only that: found %+v", seeds)
	}
	if got := b.Operations["createPet"].Respond; got.Status != 201 || got.Headers["Location"] != "/v1/pets/${text(id)}" {
		t.Errorf("found %+v", got)
	}
}

func TestInferredParent(t *testing.T) {
	c := open(t, "testdata/bare/petstore.yaml")
	const id = "GET /pets/{petId}/visits"
	rules := c.Behaviour.Operations[id].Rules
	if len(rules) != 1 || rules[0].ID != "unknown-pets" || rules[0].When != `get("pets", request.path["petId"]) == null` {
		t.Errorf("nothing is listed below a pet that is not there: %+v", rules)
	}
	if o := c.Operation(id).Outcome("http:404"); o == nil || o.ReachedBy.Rule != "unknown-pets" {
		t.Errorf("found %+v", o)
	}
	if rules := c.Behaviour.Operations["POST /pets/{petId}/visits"].Rules; len(rules) != 0 {
		t.Errorf("no 404 is documented for it: %+v", rules)
	}
}

func TestInferredCollectionOfThePetStoreStyle(t *testing.T) {
	b := open(t, "testdata/bare/store.json").Behaviour
	for _, id := range []string{"addPet", "updatePet", "findPetsByStatus", "getPetById", "deletePet"} {
		if b.Operations[id] == nil {
			t.Errorf("operation %s has no behaviour", id)
		}
	}
	if rules := b.Operations["deletePet"].Rules; len(rules) != 0 {
		t.Errorf("no 404 is documented for deletePet, so removing nothing is fine: %+v", rules)
	}
	if rules := b.Operations["updatePet"].Rules; len(rules) != 1 || rules[0].Outcome != "http:404" {
		t.Errorf("updatePet documents 404: %+v", rules)
	}
}

func TestInferredOutcomes(t *testing.T) {
	c := open(t, "testdata/bare/petstore.yaml")
	for _, tc := range []struct{ op, reason, want, basis, why string }{
		{"createPet", "invalid-body", "http:422", "documented", "422 is documented"},
		{"createPet", "malformed", "http:422", "documented", "400 is not documented, 422 is"},
		{"createPet", "unauthenticated", "http:401", "inferred", "by the default response"},
		{"getPet", "invalid-parameter", "http:400", "made-up", "nothing fits"},
		{"getPet", "scope", "http:403", "made-up", ""},
		{"getPet", "internal", "http:500", "made-up", ""},
	} {
		o := c.Operation(tc.op).Refusal(tc.reason)
		if o == nil || o.Ref() != tc.want || string(o.Basis) != tc.basis {
			t.Errorf("%s of %s: expected %s (%s), found %+v (%s)", tc.reason, tc.op, tc.want, tc.basis, o, tc.why)
		}
	}
	if o := c.Operation("getPet").Outcome("http:404"); o == nil || o.ReachedBy.Rule != "unknown-pets" || o.Basis != specs.Documented {
		t.Errorf("found %+v", o)
	}
	if o := c.Operation("createPet").Outcome("http:409"); o == nil || !o.ReachedBy.Armed {
		t.Errorf("409 is documented, and no rule can be inferred that leads there: found %+v", o)
	}
	shape := c.Shapes[c.Operation("createPet").Outcome("http:422").Shape]
	if shape == nil || shape.MediaType != "application/json" {
		t.Fatalf("a documented error has the documented shape, found %+v", shape)
	}
	if o := open(t, "testdata/bare/store.json").Operation("addPet").Refusal("invalid-body"); o == nil || o.Ref() != "http:405" {
		t.Errorf("the only documented refusal of addPet is 405, found %+v", o)
	}
}

func TestInferredAuth(t *testing.T) {
	c := open(t, "testdata/bare/store.json")
	var types []string
	for _, s := range c.Auth.Schemes {
		types = append(types, s.ID+"="+s.Type+s.Name)
	}
	if got := strings.Join(types, " "); got != "key=headerX-Key basic=basic" {
		t.Errorf("found %s", got)
	}
	if got := c.Auth.Identities[0]; got.Name != "default" || got.Login != "demo" || got.Token != "demo" {
		t.Errorf("found %+v", got)
	}
	if got := c.Operation("getPetById").Security; len(got) != 2 || got[0].Scheme != "key" || got[1].Scheme != "basic" {
		t.Errorf("found %+v", got)
	}
	if got := open(t, "testdata/bare/petstore.yaml").Operation("getPetAsXML").Security; got != nil {
		t.Errorf("security: [] opens the operation to anybody, found %+v", got)
	}
}

func TestBareExamples(t *testing.T) {
	c := open(t, "testdata/bare/petstore.yaml")
	e := c.Example("createPet", "example")
	if e == nil || !strings.Contains(string(e.Request.Body), "Rex") || e.Request.MediaType != "application/json" || e.Basis != specs.Documented {
		t.Fatalf("found %+v", e)
	}
	broken := c.Example("getPet", "broken")
	if broken == nil || broken.Response.Valid == nil || *broken.Response.Valid || len(c.Warnings) == 0 {
		t.Errorf("an example that breaks its schema is marked and told, found %+v and %v", broken, c.Warnings)
	}
	if tom := c.Example("getPet", "tom"); tom.Response.Valid != nil || tom.Request.Path["petId"] == "" {
		t.Errorf("found %+v", tom)
	}
}
