package specs

import "strings"

// objectKind is one kind of object of the OpenAPI specification: its members, and of
// what kind they are.
type objectKind map[string]member

// member is one that the specification names.
type member struct {
	kind  string // of the object that it holds, "" where nothing in it is looked at
	each  bool   // it holds a list or a mapping of those
	since string // the version that brought it, "" for 3.0
}

// objectKinds lists every kind: "name=kind" holds an object, "name*kind" a list or a
// mapping of them, "@3.1" says since when. A member "*" stands for any name.
func objectKinds() map[string]objectKind {
	all := map[string]objectKind{}
	for kind, members := range map[string]string{
		"document":        "openapi info=info jsonSchemaDialect@3.1 servers*server paths=paths webhooks*path item@3.1 components=components security tags*tag externalDocs $self@3.2",
		"info":            "title summary@3.1 description termsOfService contact=contact license=license version",
		"contact":         "name url email",
		"license":         "name identifier@3.1 url",
		"server":          "url description variables*server variable name@3.2",
		"server variable": "enum default description",
		"paths":           "**path item",
		"path item": "$ref summary description get=operation put=operation post=operation delete=operation options=operation head=operation patch=operation " +
			"trace=operation servers*server parameters*parameter query additionalOperations",
		"operation": "tags summary description externalDocs operationId parameters*parameter requestBody=request body responses*response callbacks*callback " +
			"deprecated security servers*server",
		"parameter":    "name in description required deprecated allowEmptyValue style explode allowReserved schema example examples*example content*media type",
		"header":       "description required deprecated allowEmptyValue style explode allowReserved schema example examples*example content*media type",
		"request body": "description content*media type required",
		"media type":   "schema example examples*example encoding*encoding itemSchema@3.2 prefixEncoding@3.2 itemEncoding@3.2 description@3.2",
		"encoding":     "contentType headers*header style explode allowReserved encoding@3.2 prefixEncoding@3.2 itemEncoding@3.2",
		"response":     "description headers*header content*media type links*link summary@3.2",
		"callback":     "**path item",
		"example":      "summary description value externalValue dataValue@3.2 serializedValue@3.2",
		"link":         "operationRef operationId parameters requestBody description server=server",
		"components": "schemas responses*response parameters*parameter examples*example requestBodies*request body headers*header " +
			"securitySchemes*security scheme links*link callbacks*callback pathItems*path item@3.1 mediaTypes*media type@3.2",
		"security scheme": "type description name in scheme bearerFormat flows=flows openIdConnectUrl oauth2MetadataUrl@3.2 deprecated@3.2",
		"flows":           "implicit=flow password=flow clientCredentials=flow authorizationCode=flow deviceAuthorization@3.2",
		"flow":            "authorizationUrl tokenUrl refreshUrl scopes deviceAuthorizationUrl@3.2",
		"tag":             "name description externalDocs summary@3.2 parent@3.2 kind@3.2",
	} {
		all[kind] = readMembers(members)
	}
	return all
}

// readMembers takes the words of a kind apart. A kind of two words follows its sign.
func readMembers(text string) objectKind {
	k := objectKind{}
	words := strings.Fields(text)
	for i := 0; i < len(words); i++ {
		word := words[i]
		for i+1 < len(words) && twoWords(word, words[i+1]) {
			word += " " + words[i+1]
			i++
		}
		var m member
		name, since, _ := strings.Cut(word, "@")
		m.since = since
		if at := strings.LastIndexAny(name, "=*"); at > 0 {
			m.kind, m.each = name[at+1:], name[at] == '*'
			name = name[:at]
		}
		k[name] = m
	}
	return k
}

func twoWords(word, next string) bool {
	next, _, _ = strings.Cut(next, "@")
	for _, kind := range []string{"path item", "server variable", "request body", "media type", "security scheme"} {
		first, second, _ := strings.Cut(kind, " ")
		if second == next && (strings.HasSuffix(word, "="+first) || strings.HasSuffix(word, "*"+first)) {
			return true
		}
	}
	return false
}
