package reports

import (
	"encoding/xml"
	"fmt"
	"io"
	"strings"
	"time"
)

type junitSuites struct {
	XMLName  xml.Name     `xml:"testsuites"`
	Name     string       `xml:"name,attr"`
	Tests    int          `xml:"tests,attr"`
	Failures int          `xml:"failures,attr"`
	Errors   int          `xml:"errors,attr"`
	Time     string       `xml:"time,attr"`
	Suites   []junitSuite `xml:"testsuite"`
}

type junitSuite struct {
	Name       string          `xml:"name,attr"`
	Tests      int             `xml:"tests,attr"`
	Failures   int             `xml:"failures,attr"`
	Errors     int             `xml:"errors,attr"`
	Skipped    int             `xml:"skipped,attr"`
	Time       string          `xml:"time,attr"`
	Timestamp  string          `xml:"timestamp,attr"`
	Properties []junitProperty `xml:"properties>property"`
	Cases      []junitCase     `xml:"testcase"`
}

type junitProperty struct {
	Name  string `xml:"name,attr"`
	Value string `xml:"value,attr"`
}

type junitCase struct {
	Name      string      `xml:"name,attr"`
	Classname string      `xml:"classname,attr"`
	Time      string      `xml:"time,attr"`
	Skipped   *junitPlain `xml:"skipped"` // its text and no attribute: that is valid by every version of the XSD
	Error     *junitText  `xml:"error"`
	Failure   *junitText  `xml:"failure"`
	Output    *junitPlain `xml:"system-out"`
}

type junitText struct {
	Message string `xml:"message,attr"`
	Type    string `xml:"type,attr,omitempty"`
	Text    string `xml:",innerxml"` // escaped by xmlText, which keeps line feeds readable
}

type junitPlain struct {
	Text string `xml:",innerxml"`
}

// JUnit writes one suite per profile and one test case per scenario. Failed is
// <failure>, error is <error>; waived, not supported and not reached are <skipped>
// with the reason; warned passes and says why on its output. A run that judged
// nothing at all has a case "run" in error, so that no CI server calls it green.
func JUnit(w io.Writer, r *Report) error {
	known := evidenceOf(r)
	root := junitSuites{Name: "roadworthy " + Visible(r.Suite.Contract), Time: seconds(r.DurationMs)}
	for _, profile := range profileNames(r) {
		suite := junitSuite{Name: Visible(r.Suite.Contract + "." + profile), Timestamp: r.Started.UTC().Format("2006-01-02T15:04:05"), Properties: junitProperties(r)}
		var total int64
		for _, sc := range r.Scenarios {
			if sc.Profile == profile {
				total += sc.DurationMs
				suite.add(junitScenario(r, sc, known))
			}
		}
		suite.Time = seconds(total)
		root.add(suite)
	}
	if r.Verdict == Inconclusive && root.Failures+root.Errors == 0 {
		why := "the run is inconclusive: " + strings.Join(r.Why, "; ")
		suite := junitSuite{Name: Visible(r.Suite.Contract + ".run"), Time: "0.000", Timestamp: r.Started.UTC().Format("2006-01-02T15:04:05"), Properties: junitProperties(r)}
		suite.add(junitCase{Name: "run", Classname: Visible(r.Suite.Contract), Time: "0.000",
			Error: &junitText{Message: OneLine(why, 500), Type: string(Inconclusive), Text: xmlText(why)}})
		root.add(suite)
	}
	if _, err := io.WriteString(w, xml.Header); err != nil {
		return err
	}
	enc := xml.NewEncoder(w)
	enc.Indent("", "  ")
	if err := enc.Encode(root); err != nil {
		return err
	}
	_, err := io.WriteString(w, "\n")
	return err
}

func (s *junitSuites) add(suite junitSuite) {
	s.Suites = append(s.Suites, suite)
	s.Tests += suite.Tests
	s.Failures += suite.Failures
	s.Errors += suite.Errors
}

func (s *junitSuite) add(c junitCase) {
	s.Cases = append(s.Cases, c)
	s.Tests++
	switch {
	case c.Failure != nil:
		s.Failures++
	case c.Error != nil:
		s.Errors++
	case c.Skipped != nil:
		s.Skipped++
	}
}

func junitProperties(r *Report) []junitProperty {
	all := []junitProperty{
		{"verdict", string(r.Verdict)},
		{"contract", r.Suite.Contract + " " + r.Suite.ContractVersion},
		{"contract.digest", r.Suite.ContractDigest},
		{"target", r.Target.URL},
		{"implementation", r.Target.Implementation.words()},
		{"suite.version", r.Suite.Version},
	}
	for i := range all {
		all[i].Value = Visible(all[i].Value)
	}
	return all
}

func junitScenario(r *Report, sc Scenario, known evidence) junitCase {
	c := junitCase{Name: Visible(sc.ID), Classname: Visible(r.Suite.Contract + "." + sc.Profile), Time: seconds(sc.DurationMs)}
	text := scenarioText(sc, known)
	switch sc.Status {
	case Failed:
		c.Failure = &junitText{Message: OneLine(headline(sc, known), 500), Type: firstKind(sc, known), Text: text}
	case Error:
		c.Error = &junitText{Message: OneLine(headline(sc, known), 500), Type: "error", Text: text}
	case NotReached, NotSupported, Waived:
		why := sc.Why
		if why == "" {
			why = headline(sc, known)
		}
		if w := waiverOf(sc, known); w != nil {
			why = strings.TrimLeft(w.words(), " :") + " (" + why + ")"
		}
		c.Skipped = &junitPlain{Text: xmlText(OneLine(words(sc.Status)+": "+why, 500))}
	case Warned:
		c.Output = &junitPlain{Text: text}
	}
	return c
}

// profileNames lists the profiles of the report, then those that only scenarios name.
func profileNames(r *Report) []string {
	var names []string
	seen := map[string]bool{}
	add := func(name string) {
		if !seen[name] {
			seen[name] = true
			names = append(names, name)
		}
	}
	for _, p := range r.Profiles {
		add(p.Name)
	}
	for _, sc := range r.Scenarios {
		add(sc.Profile)
	}
	return names
}

// xmlText escapes the text of an element; [Visible] left nothing in it that XML
// forbids.
func xmlText(s string) string {
	return strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;").Replace(Visible(s))
}

func seconds(ms int64) string {
	return fmt.Sprintf("%.3f", (time.Duration(ms) * time.Millisecond).Seconds())
}
