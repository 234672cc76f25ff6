package drift

import (
	"encoding/xml"
	"io"
	"strings"
)

type junitSuites struct {
	XMLName  xml.Name   `xml:"testsuites"`
	Name     string     `xml:"name,attr"`
	Tests    int        `xml:"tests,attr"`
	Failures int        `xml:"failures,attr"`
	Errors   int        `xml:"errors,attr"`
	Suite    junitSuite `xml:"testsuite"`
}

type junitSuite struct {
	Name     string      `xml:"name,attr"`
	Tests    int         `xml:"tests,attr"`
	Failures int         `xml:"failures,attr"`
	Errors   int         `xml:"errors,attr"`
	Skipped  int         `xml:"skipped,attr"`
	Cases    []junitCase `xml:"testcase"`
}

type junitCase struct {
	Name      string      `xml:"name,attr"`
	Classname string      `xml:"classname,attr"`
	Failure   *junitText  `xml:"failure"`
	Output    *junitPlain `xml:"system-out"`
}

type junitText struct {
	Message string `xml:"message,attr"`
	Type    string `xml:"type,attr"`
	Text    string `xml:",chardata"`
}

type junitPlain struct {
	Text string `xml:",chardata"`
}

// JUnit prints one test case per change: what breaks is a failure, all else passes and
// says on its output what changed. Without any change there is one case that passes.
func JUnit(w io.Writer, d *Drift) error {
	suite := junitSuite{Name: visible("drift " + d.Old + " → " + d.New)}
	for _, g := range Groups(d.Changes) {
		text := string(g.Severity) + ": " + visible(g.What) + " [" + g.ID + "] · " + visible(placeWords(g))
		one := junitCase{Name: visible(strings.TrimSpace(g.ID + " " + some(g.Paths, 1))), Classname: visible("drift." + string(g.Severity))}
		if g.Severity == Breaking {
			one.Failure = &junitText{Message: shortened(visible(g.What)), Type: g.ID, Text: text}
			suite.Failures++
		} else {
			one.Output = &junitPlain{text}
		}
		suite.Cases = append(suite.Cases, one)
	}
	if len(suite.Cases) == 0 {
		suite.Cases = []junitCase{{Name: "nothing changed", Classname: "drift"}}
	}
	suite.Tests = len(suite.Cases)
	if _, err := io.WriteString(w, xml.Header); err != nil {
		return err
	}
	enc := xml.NewEncoder(w)
	enc.Indent("", "  ")
	if err := enc.Encode(junitSuites{Name: "roadworthy drift", Tests: suite.Tests, Failures: suite.Failures, Suite: suite}); err != nil {
		return err
	}
	_, err := io.WriteString(w, "\n")
	return err
}
