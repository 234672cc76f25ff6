package schema

// NewMatcher gives a function that tells whether a text matches a pattern as the
// judge sees it. A pattern that cannot be read or decided matches everything: it
// judges nothing. What was compiled is kept; the function is for one goroutine.
func NewMatcher() func(pattern, text string) bool {
	known := map[string]pattern{}
	return func(expression, text string) bool {
		p, ok := known[expression]
		if !ok {
			p, _ = compilePattern(expression)
			known[expression] = p
		}
		if p == nil || slashed(expression) {
			return true
		}
		found, err := p.match(text)
		return err != nil || found
	}
}
