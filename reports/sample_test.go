package reports_test

import (
	"fmt"
	"time"

	"github.com/roadworthy-project/roadworthy/reports"
)

// hostile is text that would act on a page, a terminal, a workflow, a Markdown
// table or a shell if it were let through.
const hostile = "<script>alert(1)</script><!--]]>\x1b[31mred\x00\u202egnp.exe\u2028| a | `b` ::error::x\n::set-output name=x::y '; rm -rf / #$(id) \"@team\" &amp; %0A\xff"

// sample is a report with every status, severity and kind of coverage.
func sample() *reports.Report {
	request := reports.Request{
		Method: "POST", URL: "http://127.0.0.1:8080/api/v1/orders",
		Headers: map[string][]string{"Authorization": {"Bearer ***"}, "Content-Type": {"application/json"}, "User-Agent": {"roadworthy"}},
		Body:    `{"number": "A'1", "events": [{"type": "pickup"}]}`,
	}
	exchange := reports.Exchange{Request: request, Response: reports.Response{
		Status: 201, Headers: map[string][]string{"Content-Type": {"application/json"}}, Body: `{"id":"1","events":[{"type":"pickup"}]}`}}
	xml := reports.Exchange{
		Request: reports.Request{Method: "PUT", URL: "http://127.0.0.1:8080/ws/link", Headers: map[string][]string{"Content-Type": {"application/xml"}, "Authorization": {"Basic ***"}},
			Body: `<?xml version="1.0"?><link login="***" password="***"><orders><order>1</order></orders></link>`},
		Response: reports.Response{Status: 200, Body: `<result><code>0</code></result>`, BodyCut: 12},
	}
	return &reports.Report{
		Schema: reports.SchemaVersion,
		Suite: reports.Suite{Version: "0.1.0", Contract: "petshop", ContractTitle: "Pet shop", ContractVersion: "1", ContractDigest: "sha256:abc", Seed: 7,
			Filters: []string{"--only petshop.*"}},
		Target:  reports.Target{URL: "http://127.0.0.1:8080", Implementation: reports.Implementation{Vendor: "Acme", Product: "TMS", Version: "4.2"}},
		Started: time.Date(2026, 3, 2, 8, 0, 0, 0, time.UTC), DurationMs: 12345, Verdict: reports.NonConformant,
		Why: []string{"2 scenarios of profile core failed"},
		Profiles: []reports.ProfileResult{
			{Name: "core", Verdict: reports.NonConformant, Passed: 1, Failed: 2, Error: 1, NotReached: 1},
			{Name: "extended", Verdict: reports.Partial, Warned: 1, NotSupported: 1, Waived: 1},
		},
		Scenarios: []reports.Scenario{
			{ID: "petshop.create", Title: "An order is created", Origin: "file", Profile: "core", Requirements: []string{"PS-001"}, Status: reports.Passed, Source: "scenarios/petshop/orders.yaml:3", DurationMs: 12,
				Steps: []reports.Step{{ID: "create", Operation: "addOrder", Status: reports.Passed, DurationMs: 12, Exchange: exchange}}},
			{ID: "petshop.enum", Title: "An unknown type is refused", Origin: "file", Profile: "core", Requirements: []string{"PS-002"}, Status: reports.Failed, Source: "scenarios/petshop/orders.yaml:20", DurationMs: 34,
				Steps: []reports.Step{
					{ID: "send", Operation: "addOrder", Status: reports.Failed, DurationMs: 30, Exchange: exchange, Deviations: []string{"d1", "d2"}},
					{ID: "again", Operation: "addOrder", Status: reports.NotReached, Why: "an earlier step failed"}}},
			{ID: "petshop.link", Title: "An order is linked", Origin: "generated", Profile: "core", Requirements: nil, Status: reports.Failed, DurationMs: 5,
				Steps: []reports.Step{{ID: "link", Operation: "link", Status: reports.Failed, DurationMs: 5, Attempts: 3, Exchange: xml, Deviations: []string{"d3"}}}},
			{ID: "petshop.broken", Title: "A scenario that could not be sent", Origin: "file", Profile: "core", Requirements: []string{}, Status: reports.Error, Why: "the example full is missing"},
			{ID: "petshop.state", Title: "A prepared order is read", Origin: "file", Profile: "core", Requirements: []string{"PS-003"}, Status: reports.NotReached, Why: "needs the provider state order: give --provider-states"},
			{ID: "petshop.warned", Title: "A detail", Origin: "generated", Profile: "extended", Status: reports.Warned, DurationMs: 1,
				Steps: []reports.Step{{ID: "read", Operation: "getOrder", Status: reports.Warned, DurationMs: 1, Exchange: exchange, Deviations: []string{"d4"}}}},
			{ID: "petshop.unsupported", Title: "Optional", Origin: "file", Profile: "extended", Status: reports.NotSupported, Why: "deleteOrder is not there"},
			{ID: "petshop.waived", Title: "Known", Origin: "file", Profile: "extended", Status: reports.Waived,
				Steps: []reports.Step{{ID: "read", Operation: "getOrder", Status: reports.Waived, Exchange: exchange, Deviations: []string{"d5"}}}},
		},
		Deviations: []reports.Deviation{
			{ID: "d1", Scenario: "petshop.enum", Step: "send", Operation: "addOrder", Requirement: "PS-002", In: "status", Kind: "status", Expected: "422", Actual: "201", Severity: reports.SeverityError, Source: "Orders page, Responses", Line: 24},
			{ID: "d2", Scenario: "petshop.enum", Step: "send", Operation: "addOrder", Requirement: "PS-002", In: "body", Path: "/events/0/type", Kind: "enum", Expected: "one of loading, unloading", Actual: `"pickup"`, Severity: reports.SeverityError, Source: "#/components/schemas/Event"},
			{ID: "d3", Scenario: "petshop.link", Step: "link", Operation: "link", In: "body", Path: "/result/item[2]/code", Kind: "missing", Expected: "an element", Actual: "absent", Severity: reports.SeverityError},
			{ID: "d4", Scenario: "petshop.warned", Step: "read", Operation: "getOrder", In: "body", Path: "/events/3/type", Kind: "enum", Expected: "one of loading, unloading", Actual: `"x"`, Severity: reports.SeverityWarning},
			{ID: "d5", Scenario: "petshop.waived", Step: "read", Operation: "getOrder", In: "header", Path: "Content-Type", Kind: "header", Expected: "application/hal+json", Actual: "application/json", Severity: reports.SeverityError,
				Waived: &reports.Waiver{Reason: "fixed in 4.3", Owner: "jo", Expires: "2026-06-30"}},
		},
		Coverage: reports.Coverage{
			Operations: []reports.OperationCoverage{{Operation: "addOrder", Exercised: true, Evidence: "complete"}, {Operation: "deleteOrder"}, {Operation: "getOrder", Exercised: true}, {Operation: "link", Exercised: true}},
			Outcomes: []reports.OutcomeCoverage{
				{Operation: "addOrder", Layer: "http", Code: "201", Title: "Created", Documented: true, Attempted: true, Observed: true, Scenarios: []string{"petshop.create"}},
				{Operation: "addOrder", Layer: "http", Code: "422", Title: "Unprocessable", Documented: true, Attempted: true, WhyNot: "answered 201"},
				{Operation: "addOrder", Layer: "http", Code: "406", Documented: false},
				{Operation: "link", Layer: "item", Code: "7001", Title: "Success", Documented: true, WhyNot: "nothing tried it"},
			},
			Fields: []reports.FieldCoverage{{Operation: "addOrder", Direction: "response", Path: "/id", Seen: true}, {Operation: "addOrder", Direction: "response", Path: "/note"}},
			Requirements: []reports.RequirementCoverage{{ID: "PS-001", Level: "MUST", Text: "An order is created.", Status: "held"}, {ID: "PS-002", Level: "MUST", Text: "An unknown type is refused.", Status: "violated"},
				{ID: "PS-003", Level: "SHOULD", Text: "An order can be read.", Status: "not-reached", WhyNot: "no provider states"}},
		},
	}
}

// poisoned is the sample with hostile text in every free text.
func poisoned() *reports.Report {
	r := sample()
	r.Suite.ContractTitle, r.Suite.Version, r.Suite.ContractDigest, r.Suite.Filters = hostile, hostile, hostile, []string{hostile}
	r.Target.URL = "http://127.0.0.1/" + hostile
	r.Target.Implementation = reports.Implementation{Vendor: hostile, Product: hostile, Version: hostile}
	r.Why = []string{hostile}
	r.Profiles[0].Name = hostile
	for i := range r.Deviations {
		d := &r.Deviations[i]
		d.ID += hostile
		d.Scenario, d.Step, d.Operation, d.Requirement, d.Path = d.Scenario+hostile, d.Step+hostile, hostile, hostile, "/"+hostile
		d.Expected, d.Actual, d.Source = hostile, hostile, hostile
		if d.Waived != nil {
			d.Waived = &reports.Waiver{Reason: hostile, Owner: hostile, Expires: hostile}
		}
	}
	for i := range r.Scenarios {
		sc := &r.Scenarios[i]
		sc.ID, sc.Title, sc.Profile, sc.Why, sc.Source = sc.ID+hostile, hostile, hostile, hostile, hostile
		sc.Requirements = []string{hostile}
		for j := range sc.Steps {
			st := &sc.Steps[j]
			st.ID, st.Title, st.Operation, st.Why = st.ID+hostile, hostile, hostile, hostile
			for k := range st.Deviations {
				st.Deviations[k] += hostile
			}
			st.Exchange.Request = reports.Request{Method: "POST", URL: "http://127.0.0.1/" + hostile, Headers: map[string][]string{"X-A": {hostile}, "@/etc/passwd": {"x"}, hostile: {"x"}}, Body: "@/etc/passwd" + hostile}
			st.Exchange.Response = reports.Response{Status: 200, Headers: map[string][]string{hostile: {hostile}}, Body: hostile}
		}
	}
	for i := range r.Coverage.Outcomes {
		o := &r.Coverage.Outcomes[i]
		o.Operation, o.Code, o.Title, o.WhyNot = hostile, o.Code+hostile, hostile, hostile
	}
	for i := range r.Coverage.Requirements {
		q := &r.Coverage.Requirements[i]
		q.ID, q.Text, q.WhyNot = q.ID+hostile, hostile, hostile
	}
	r.Coverage.Fields[1].Path = hostile
	return r
}

// large is a report of many steps with bodies.
func large(scenarios, steps int) *reports.Report {
	r := sample()
	for i := range scenarios {
		sc := reports.Scenario{ID: fmt.Sprintf("petshop.large.%05d", i), Title: "One of many", Origin: "generated", Profile: "core", Status: reports.Passed, Requirements: []string{"PS-001"}}
		for j := range steps {
			step := r.Scenarios[0].Steps[0]
			step.ID = fmt.Sprintf("step-%d", j)
			sc.Steps = append(sc.Steps, step)
		}
		r.Scenarios = append(r.Scenarios, sc)
	}
	return r
}
