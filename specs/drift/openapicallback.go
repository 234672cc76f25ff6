package drift

import (
	"net/http"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/oasdiff/oasdiff/checker"
)

// callbackPath begins the made-up path under which a request that the server makes is
// compared.
const callbackPath = "/callbacks/"

// addCallbacks adds an operation for every request that the server makes. oasdiff does
// not look at them, and their sides are the other way round: what the server sends is
// what a client reads.
func addCallbacks(doc *openapi3.T) {
	type call struct {
		operation, name string
		items           map[string]*openapi3.PathItem
	}
	var calls []call
	eachOperation(doc, func(id string, op *openapi3.Operation) {
		for _, name := range sortedNames(op.Callbacks, nil) {
			if callback := op.Callbacks[name]; callback.Value != nil {
				calls = append(calls, call{id, name, callback.Value.Map()})
			}
		}
		op.Callbacks = nil
	})
	for _, name := range sortedNames(doc.Webhooks, nil) {
		if item := doc.Webhooks[name]; item != nil {
			calls = append(calls, call{"webhook " + name, name, map[string]*openapi3.PathItem{"": item}})
		}
	}
	for _, call := range calls {
		for _, to := range sortedNames(call.items, nil) {
			methods := call.items[to].Operations()
			for _, method := range sortedNames(methods, nil) {
				item := &openapi3.PathItem{}
				item.SetOperation(http.MethodPost, turned(call.operation, methods[method]))
				doc.Paths.Set(callbackPath+plainPath(call.operation)+"/"+plainPath(call.name)+"/"+plainPath(to)+"/"+method, item)
			}
		}
	}
}

// plainPath keeps a name from being more than one part of a path.
func plainPath(name string) string {
	return strings.NewReplacer("/", "|", "{", "(", "}", ")").Replace(name)
}

// turned gives what the server sends as a response, and what it expects back as a
// request.
func turned(operation string, sent *openapi3.Operation) *openapi3.Operation {
	op := &openapi3.Operation{OperationID: operation, Origin: sent.Origin, Responses: openapi3.NewResponses()}
	description := ""
	response := &openapi3.Response{Description: &description, Origin: sent.Origin}
	if sent.RequestBody != nil && sent.RequestBody.Value != nil {
		response.Content = sent.RequestBody.Value.Content
	}
	op.Responses.Set("200", &openapi3.ResponseRef{Value: response})
	responses := sent.Responses.Map()
	for _, status := range sortedNames(responses, nil) {
		if answer := responses[status].Value; strings.HasPrefix(status, "2") && answer != nil && len(answer.Content) > 0 {
			op.RequestBody = &openapi3.RequestBodyRef{Value: &openapi3.RequestBody{Required: true, Content: answer.Content}}
			break
		}
	}
	return op
}

// callback puts a finding about a made-up operation in the words of what it stands for.
func (t *translation) callback(change *Change, path string) {
	parts := strings.Split(strings.TrimPrefix(path, callbackPath), "/")
	name := parts[min(1, len(parts)-1)]
	switch id := change.ID; {
	case id == checker.EndpointAddedId:
		change.ID, change.What = "callback-added", "the server makes a new request, "+name
	case strings.HasPrefix(id, "api-removed-"), strings.HasPrefix(id, "api-path-removed-"):
		change.ID, change.What = "callback-removed", "the server no longer makes the request "+name
	default:
		change.What = t.words.alone.ReplaceAllString(change.What, "") + " (of the request " + name + ", which the server makes)"
	}
	if rule := t.rules[change.ID]; strings.HasPrefix(change.ID, "callback-") {
		change.Severity, change.Direction = rule.Response, Response
	}
	change.Path = strings.TrimSuffix("callbacks/"+name+"/"+change.Path, "/")
}
