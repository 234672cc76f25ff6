package plan

import (
	"regexp"
	"slices"
	"strings"

	"github.com/roadworthy-project/roadworthy/specs/yamlfile"
)

// pattern is a glob: '*' fits any characters, '?' one; everything else is itself.
type pattern struct {
	text string
	expr *regexp.Regexp
}

func compile(glob string) pattern {
	quoted := regexp.QuoteMeta(glob)
	quoted = strings.ReplaceAll(strings.ReplaceAll(quoted, `\*`, ".*"), `\?`, ".")
	return pattern{text: glob, expr: regexp.MustCompile("^(?s:" + quoted + ")$")}
}

func (p pattern) fits(word string) bool { return p.expr.MatchString(word) }

func fitsAny(all []pattern, word string) bool {
	return slices.ContainsFunc(all, func(p pattern) bool { return p.fits(word) })
}

// nearest gives "; did you mean …", or "" where nothing is near.
func nearest(word string, words []string) string {
	if near := yamlfile.DidYouMean(word, words); near != "" {
		return "; " + near
	}
	return ""
}

func hint(glob string, words []string) string {
	if near := nearest(glob, words); near != "" {
		return near
	}
	return "; list the names with --dry-run"
}
