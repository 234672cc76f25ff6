package fault

// behaviourFaults spoil what the server does.
func behaviourFaults() []Fault {
	return []Fault{
		{Name: "outcome", Kind: Behaviour, Title: "The call ends in an outcome of the contract",
			Params: []Param{{"code", "the outcome, as http:503 or by its code alone", "http:500", "text"}},
			apply:  func(p *Plan, v values) { p.Outcome = v["code"] }},
		{Name: "forget-write", Kind: Behaviour, Title: "What was written is answered as done and not kept",
			apply: func(p *Plan, _ values) { p.ForgetWrites = true }},
		{Name: "allow-duplicate", Kind: Behaviour, Title: "A value that must be unique may be used again",
			apply: func(p *Plan, _ values) { p.AllowDuplicates = true }},
		{Name: "ignore-auth", Kind: Behaviour, Title: "Nobody is asked for credentials",
			apply: func(p *Plan, _ values) { p.IgnoreAuth = true }},
		{Name: "accept-everything", Kind: Behaviour, Title: "Bodies and parameters are not checked",
			apply: func(p *Plan, _ values) { p.AcceptAll = true }},
		{Name: "leak-session", Kind: Behaviour, Title: "All sessions share one state",
			apply: func(p *Plan, _ values) { p.LeakSession = true }},
		{Name: "leak-company", Kind: Behaviour, Title: "Every caller is taken for the company of the default one",
			apply: func(p *Plan, _ values) { p.LeakCompany = true }},
		{Name: "200-with-error", Kind: Behaviour, Title: "An error is answered with status 200",
			apply: func(p *Plan, _ values) { p.OKOnError = true }},
	}
}
