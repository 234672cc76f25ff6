package lint

import (
	"errors"
	"io/fs"
	"net/url"
	"path"
	"regexp"
	"strconv"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/roadworthy-project/roadworthy/specs"
)

// openapiInvalid lets kin-openapi judge the document. This file alone knows that
// library: bodies, parameters and routes are judged by our own packages.
//
// Of a 3.1 document its findings are warnings, since it refuses things that the
// specification allows ($defs, components.pathItems).
func openapiInvalid(r *run) {
	src, err := fs.ReadFile(r.c.Files(), r.c.Document())
	if err != nil {
		r.add(r.c.Document(), 0, err.Error(), "")
		return
	}
	severity := Error
	version := regexp.MustCompile(`(?m)^\s*"?openapi"?\s*:\s*["']?(3\.\d)`).FindSubmatch(src)
	if version != nil && string(version[1]) != "3.0" {
		severity = Warning
	}
	for _, err := range kinErrors(r.c, src) {
		before := len(r.found)
		r.add(r.c.Document(), lineIn(err), firstLine(err.Error()), "")
		r.found[before].Severity = severity
	}
}

func kinErrors(c *specs.Contract, src []byte) []error {
	loader := openapi3.NewLoader()
	loader.IsExternalRefsAllowed = true
	loader.ReadFromURIFunc = func(_ *openapi3.Loader, at *url.URL) ([]byte, error) {
		// Only files of the contract itself: nothing is fetched, no folder is left.
		name := path.Clean(strings.TrimPrefix(at.Path, "/"))
		if at.Host != "" || at.Scheme != "" && at.Scheme != "file" || !fs.ValidPath(name) {
			return nil, errors.New(at.String() + " is outside the contract")
		}
		return fs.ReadFile(c.Files(), name)
	}
	doc, err := loader.LoadFromDataWithPath(src, &url.URL{Path: c.Document()})
	if err != nil {
		return []error{err}
	}
	err = doc.Validate(loader.Context, openapi3.EnableMultiError(), openapi3.DisableExamplesValidation(), openapi3.DisableSchemaPatternValidation(),
		openapi3.AllowExtraSiblingFields("pathItems", "summary", "description"))
	var several openapi3.MultiError
	if errors.As(err, &several) {
		return several
	}
	if err != nil {
		return []error{err}
	}
	return nil
}

var lineNumber = regexp.MustCompile(`line (\d+)`)

func lineIn(err error) int {
	if m := lineNumber.FindStringSubmatch(err.Error()); m != nil {
		n, _ := strconv.Atoi(m[1])
		return n
	}
	return 0
}

func firstLine(s string) string {
	line, _, _ := strings.Cut(s, "\n")
	if len(line) > 300 {
		line = strings.ToValidUTF8(line[:300], "") + "…"
	}
	return line
}
