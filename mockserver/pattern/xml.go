package pattern

import (
	"fmt"
	"strconv"

	"github.com/antchfx/xpath"

	"github.com/roadworthy-project/roadworthy/specs/payload"
	"github.com/roadworthy-project/roadworthy/specs/schema/xmlsafe"
)

// xml adds equalToXml and matchesXPath.
func (m Matcher) xml(c *compiled, part string) error {
	if m.EqualToXML != nil {
		want, err := xmlsafe.Parse([]byte(*m.EqualToXML), "", xmlsafe.Limits{})
		if err != nil {
			return wrong(part, "equalToXml: "+err.Error())
		}
		c.tests = append(c.tests, func(v *value) []string {
			got, err := v.asXML()
			if err != nil {
				return []string{"expected XML: " + err.Error()}
			}
			return told(payload.Diff(want.Root, got.Root, payload.DiffOptions{MoreMembers: m.IgnoreExtraElements, Skip: ignored, Max: maxWhy}))
		})
	}
	if len(m.MatchesXPath) == 0 {
		return nil
	}
	expr, sub, err := expression(m.MatchesXPath, part, "matchesXPath")
	if err != nil {
		return err
	}
	if err := compilesXPath(expr); err != nil {
		return wrong(part, "matchesXPath "+quoted(expr)+": "+err.Error())
	}
	c.tests = append(c.tests, func(v *value) []string {
		got, err := v.asXML()
		if err != nil {
			return []string{"expected XML: " + err.Error()}
		}
		values, err := evaluate(expr, got)
		if err != nil {
			return []string{expr + ": " + err.Error()}
		}
		return found(expr, values, sub)
	})
	return nil
}

func compilesXPath(expr string) (err error) {
	defer recovered(&err)
	_, err = xpath.Compile(expr)
	return err
}

// recovered makes an error of a panic: the expressions come from outside, and the
// package that reads them gives up that way now and then.
func recovered(err *error) {
	if cause := recover(); cause != nil {
		*err = fmt.Errorf("it cannot be evaluated: %v", cause)
	}
}

// evaluate gives the values that an expression finds: of nodes their texts; false is
// nothing, any other value itself.
func evaluate(expr string, tree *payload.Tree) (values []string, err error) {
	defer recovered(&err)
	// An expression keeps where it is: each use compiles it anew.
	e, err := xpath.Compile(expr)
	if err != nil {
		return nil, err
	}
	switch v := e.Evaluate(&navigator{root: tree.Root}).(type) {
	case *xpath.NodeIterator:
		for len(values) < maxFound && v.MoveNext() {
			values = append(values, v.Current().Value())
		}
	case bool:
		if v {
			values = []string{"true"}
		}
	case float64:
		values = []string{strconv.FormatFloat(v, 'f', -1, 64)}
	case string:
		values = []string{v}
	}
	return values, nil
}

// maxFound bounds what one expression finds.
const maxFound = 10_000
