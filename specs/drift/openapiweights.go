package drift

import "strings"

// weight is what a rule of oasdiff weighs with us, where that is something else.
type weight struct {
	id       string
	severity Severity
	reason   string
}

// weights lists where we judge otherwise than oasdiff: it weighs what a validator says,
// we what a client meets.
func weights() []weight {
	return []weight{
		{"request-parameter-default-value-changed", Warning, "a client that leaves it out gets something else"},
		{"request-parameter-default-value-removed", Warning, "a client that leaves it out gets something else"},
		{"request-body-default-value-changed", Warning, "a client that leaves it out gets something else"},
		{"request-body-default-value-removed", Warning, "a client that leaves it out gets something else"},
		{"request-property-default-value-changed", Warning, "a client that leaves it out gets something else"},
		{"request-property-default-value-removed", Warning, "a client that leaves it out gets something else"},
		{"request-body-discriminator-property-name-changed", Breaking, "the value that tells the kind is looked for elsewhere"},
		{"request-property-discriminator-property-name-changed", Breaking, "the value that tells the kind is looked for elsewhere"},
		{"response-body-discriminator-property-name-changed", Breaking, "the value that tells the kind stands elsewhere"},
		{"response-property-discriminator-property-name-changed", Breaking, "the value that tells the kind stands elsewhere"},
		{"request-body-discriminator-mapping-deleted", Breaking, "a value that told the kind is not known any more"},
		{"request-property-discriminator-mapping-deleted", Breaking, "a value that told the kind is not known any more"},
		{"response-body-discriminator-mapping-added", Breaking, "a client does not know the new value that tells the kind"},
		{"response-property-discriminator-mapping-added", Breaking, "a client does not know the new value that tells the kind"},
		{"request-body-discriminator-mapping-changed", Breaking, "a value tells another kind"},
		{"request-property-discriminator-mapping-changed", Breaking, "a value tells another kind"},
		{"response-body-discriminator-mapping-changed", Breaking, "a value tells another kind"},
		{"response-property-discriminator-mapping-changed", Breaking, "a value tells another kind"},
		{"request-body-discriminator-added", Warning, "a value must tell the kind now"},
		{"request-property-discriminator-added", Warning, "a value must tell the kind now"},
		{"response-optional-property-removed", Warning, "a client that reads it finds it no longer, as with an XML element"},
		{"response-optional-property-became-write-only", Warning, "it is in no response any more"},
		{"response-media-type-name-specialized", Breaking, "a client that asks for the old media type, or looks at it, is not served"},
		{"optional-response-header-removed", Warning, "a client that reads it finds it no longer"},
	}
}

// dropped tells the rules of oasdiff in whose place we have our own. Its rules about
// security compare names of schemes, and not what a client has to send.
func dropped(id string) bool {
	return strings.HasPrefix(id, "api-security-") || strings.HasPrefix(id, "api-global-security-")
}
