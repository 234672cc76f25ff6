package schema_test

import (
	"fmt"

	"github.com/roadworthy-project/roadworthy/specs/payload"
	"github.com/roadworthy-project/roadworthy/specs/schema"
)

func ExampleJSONSchemas() {
	document, err := payload.ParseJSON([]byte(`{"openapi": "3.1.0", "components": {"schemas": {
		"Order": {"type": "object", "required": ["number"], "properties": {
			"number": {"type": "string"},
			"status": {"enum": ["new", "sent"]}}}}}}`), payload.JSONLimits{})
	if err != nil {
		fmt.Println(err)
		return
	}
	schemas, err := schema.NewJSONSchemas(document, schema.JSONOptions{})
	if err != nil {
		fmt.Println(err)
		return
	}
	order, err := schemas.At("#/components/schemas/Order", schema.Request)
	if err != nil {
		fmt.Println(err)
		return
	}
	body, err := payload.ParseJSON([]byte(`{"status": "lost"}`), payload.JSONLimits{})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, v := range order.Validate(body) {
		fmt.Println(v.Message())
	}
	// Output:
	// /number is missing: expected string
	// /status: expected one of new, sent, found "lost"
}
