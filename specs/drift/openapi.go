package drift

import (
	"bytes"
	"fmt"
	"io/fs"
	"net/url"
	"path"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/oasdiff/oasdiff/checker"
	"github.com/oasdiff/oasdiff/diff"
	"github.com/oasdiff/oasdiff/load"

	"github.com/roadworthy-project/roadworthy/specs"
)

// compareOpenAPI gives what oasdiff finds between the OpenAPI documents of two
// contracts. Descriptions, titles and examples are left out, and so are names of
// schemas.
func compareOpenAPI(before, after *specs.Contract) (all []Change, err error) {
	// What comes from outside must not bring the command down, whatever a library
	// makes of it.
	defer func() {
		if r := recover(); r != nil {
			all, err = nil, fmt.Errorf("the OpenAPI documents cannot be compared: oasdiff failed: %v", r)
		}
	}()
	old, err := loadOpenAPI(before)
	if err != nil {
		return nil, err
	}
	current, err := loadOpenAPI(after)
	if err != nil {
		return nil, err
	}
	t := newTranslation(before, after)
	t.security(old.Spec, current.Spec)
	for _, doc := range []*openapi3.T{old.Spec, current.Spec} {
		addCallbacks(doc)
		normalise(doc)
	}
	align(old.Spec, current.Spec)
	if needsCut(old.Spec, current.Spec) {
		t.parts = cut(old.Spec, current.Spec)
	}
	raiseParts(old.Spec)
	raiseParts(current.Spec)
	found, sources, err := diff.GetPathsDiff(diff.NewConfig(diff.WithExcludeElements([]string{
		diff.ExcludeDescriptionOption, diff.ExcludeTitleOption, diff.ExcludeSummaryOption, diff.ExcludeExamplesOption, diff.ExcludeExtensionsOption,
	})), []*load.SpecInfo{old}, []*load.SpecInfo{current})
	if err != nil {
		return nil, fmt.Errorf("the OpenAPI documents cannot be compared: %w", err)
	}
	// Levels that are given are not lowered for what stands beside an allOf: raiseParts
	// has taken those apart.
	t.ownOpenAPI(found)
	config := checker.NewConfig(checker.GetAllChecks(), checker.WithSeverityLevels(checker.GetCheckLevels()))
	for _, c := range checker.CheckBackwardCompatibilityUntilLevel(config, found, sources, checker.INFO) {
		t.take(c)
	}
	saidTwice(t.found)
	return t.found, nil
}

func openAPISeverity(level checker.Level) Severity {
	switch level {
	case checker.ERR:
		return Breaking
	case checker.WARN:
		return Warning
	}
	return Info
}

// loadOpenAPI reads a document and the files that it refers to, from the files of
// the contract only.
func loadOpenAPI(c *specs.Contract) (*load.SpecInfo, error) {
	loader := openapi3.NewLoader()
	loader.IncludeOrigin = true
	loader.IsExternalRefsAllowed = true
	loader.ReadFromURIFunc = func(_ *openapi3.Loader, at *url.URL) ([]byte, error) {
		if at.Scheme != "" || at.Host != "" {
			return nil, fmt.Errorf("%s is not fetched: nothing is read from the network", at)
		}
		source, err := fs.ReadFile(c.Files(), path.Clean(strings.TrimPrefix(at.Path, "/")))
		if err != nil {
			return nil, err
		}
		return withPlaces(source), nil
	}
	doc, err := loader.LoadFromURI(&url.URL{Path: c.Document()})
	if err != nil {
		return nil, fmt.Errorf("%s: the OpenAPI document cannot be compared: %w", c.Origin, err)
	}
	if doc.Paths == nil {
		doc.Paths = openapi3.NewPaths()
	}
	return &load.SpecInfo{Url: c.Document(), Spec: doc}, nil
}

// withPlaces makes the loader read JSON as YAML, which alone keeps lines.
func withPlaces(source []byte) []byte {
	if bytes.HasPrefix(bytes.TrimLeft(source, " \t\r\n\ufeff"), []byte("{")) {
		return append(bytes.Clone(source), "\n#"...)
	}
	return source
}
