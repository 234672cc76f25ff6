package schema

import (
	"regexp"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

var formatCases = []struct {
	format    string
	good, bad []string
}{
	{"date", []string{"2024-02-29", "2000-02-29", "0001-01-01", "9999-12-31"},
		[]string{"", "2023-02-29", "1900-02-29", "2024-13-01", "2024-00-01", "2024-01-00", "2024-04-31", "2024-1-01", "24-01-01", "2024-01-01T", "2024/01/01", "２024-01-01"}},
	{"time", []string{"12:30:00Z", "23:59:59.999+14:00", "00:00:00z", "23:59:60Z", "01:29:60+01:30", "15:59:60-08:00"},
		[]string{"", "12:30:00", "24:00:00Z", "12:60:00Z", "12:30:61Z", "12:30Z", "12:30:00.Z", "22:59:60Z", "12:30:00+25:00", "12:30:00+0100", "12:30:00 Z"}},
	{"date-time", []string{"2024-02-29T12:30:00Z", "2024-02-29t12:30:00.123456789-05:00", "1998-12-31T23:59:60Z"},
		[]string{"", "2024-02-29", "2024-02-29 12:30:00Z", "2024-02-30T12:30:00Z", "2024-02-29T12:30:00", "2024-02-29T12:30:00+01", "2024-02-29T", "1998-12-31T23:58:60Z"}},
	{"duration", []string{"P1Y", "P1Y2M3DT4H5M6S", "PT0S", "P3W", "P1DT12H", "PT36H", "PT1M"},
		[]string{"", "P", "PT", "P1", "1D", "P1DT", "P1S", "PT1D", "P1M1Y", "P1W1D", "P-1D", "P1D1D", "PTS"}},
	{"uuid", []string{"550e8400-e29b-41d4-a716-446655440000", "550E8400-E29B-41D4-A716-446655440000", "00000000-0000-0000-0000-000000000000"},
		[]string{"", "550e8400e29b41d4a716446655440000", "550e8400-e29b-41d4-a716-44665544000", "550e8400-e29b-41d4-a716-44665544000g", "{50e8400-e29b-41d4-a716-446655440000", "550e8400-e29b-41d4-a7165446655440000"}},
	{"email", []string{"a@b.pl", "first.last+tag@example.co.uk", `"a b"@example.com`, `"a\"b"@example.com`, "a@localhost", "a@[127.0.0.1]", "a@[IPv6:::1]", "~!#$@x.pl"},
		[]string{"", "a", "@b.pl", "a@", "a b@c.pl", ".a@b.pl", "a.@b.pl", "a..b@c.pl", "a@-b.pl", "a@b..pl", "a@[300.0.0.1]", strings.Repeat("a", 65) + "@b.pl"}},
	{"uri", []string{"http://example.com", "https://user:pw@example.com:8080/a/b?c=d#e", "urn:isbn:0451450523", "mailto:a@b.pl", "http://[::1]/", "a:", "http://x/%C5%82"},
		[]string{"", "//example.com/a", "/a", "a", "http://ex ample.com", "http://x/ł", "http://x/%zz", "http://x/\\", "http://[::1", "http://x:port/", "1a:b", "http://x/#a#b", "http://x/{id}"}},
	{"uri-reference", []string{"", "/a", "a/b", "?q", "#f", "//host/p", "http://x", "../a", "a/b:c"},
		[]string{"a b", "\\\\host", "#a\\b", "%", "http://x:y"}},
	{"ipv4", []string{"127.0.0.1", "0.0.0.0", "255.255.255.255"}, []string{"", "256.0.0.1", "1.2.3", "1.2.3.4.5", "01.2.3.4", "::1", "1.2.3.4 "}},
	{"ipv6", []string{"::", "::1", "2001:db8::8a2e:370:7334", "::ffff:1.2.3.4"}, []string{"", "127.0.0.1", "fe80::1%eth0", "1::2::3", ":::", "12345::"}},
	{"hostname", []string{"example.com", "a", "a-b.c", "1.2", strings.Repeat("a", 63)}, []string{"", "-a", "a-", "a..b", "a_b", "a.b.", strings.Repeat("a", 64), "ł.pl", strings.Repeat("a.", 127) + "a"}},
	{"json-pointer", []string{"", "/", "/a~0b/~1"}, []string{"a", "/~", "/~2"}},
	{"regex", []string{"", "^a+$", "(?=a)b", `\d{3}`}, []string{"(", "[a", "a**("}},
	{"byte", []string{"", "YQ==", "YWJj"}, []string{"YQ", "YQ=", "%", "YW\nJj"}},
}

func TestFormats(t *testing.T) {
	// The other implementation knows no "byte", and takes a regular expression for one of Go.
	differs := map[string]bool{"byte": true, "regex": true}
	// Where it reads the RFC less closely.
	known := map[string]string{
		`"a\"b"@example.com`: "RFC 5321 section 4.1.2: a quoted pair",
		"@b.pl":              "RFC 5321 section 4.1.2: the local part is not empty",
		"http://x/ł":         "RFC 3986 section 2: only ASCII, others are percent-encoded",
		"http://x/\\":        "RFC 3986 section 2: no backslash",
		"http://x/#a#b":      "RFC 3986 section 3.5: one fragment",
		"http://x/{id}":      "RFC 3986 section 2: no braces",
		"a b":                "RFC 3986 section 2: no space",
		"a.b.":               "RFC 1123 section 2.1: labels are not empty",
	}
	for _, tt := range formatCases {
		t.Run(tt.format, func(t *testing.T) {
			f := textFormatNamed(tt.format)
			if f == nil {
				t.Fatal("not known")
			}
			check := func(value string, want bool) {
				if got := f.fits(value); got != want {
					t.Errorf("%q: got %v, want %v", value, got, want)
				}
			}
			for _, v := range tt.good {
				check(v, true)
			}
			for _, v := range tt.bad {
				check(v, false)
			}
			if differs[tt.format] {
				return
			}
			c := jsonschema.NewCompiler()
			c.AssertFormat()
			if err := c.AddResource("mem:///x", map[string]any{"format": tt.format}); err != nil {
				t.Fatal(err)
			}
			other, err := c.Compile("mem:///x")
			if err != nil {
				t.Fatal(err)
			}
			for _, v := range append(append([]string{}, tt.good...), tt.bad...) {
				if there := other.Validate(v) == nil; there != f.fits(v) && known[v] == "" {
					t.Errorf("%q is %v here and %v there", v, f.fits(v), there)
				}
			}
		})
	}
}

func TestNumberFormats(t *testing.T) {
	tests := []struct {
		format    string
		good, bad []string
	}{
		{"int32", []string{"0", "-2147483648", "2147483647", "1.0", "1e3"}, []string{"2147483648", "-2147483649", "1.5", "1e10"}},
		{"int64", []string{"9223372036854775807", "-9223372036854775808"}, []string{"9223372036854775808", "-9223372036854775809", "0.1", "1e19"}},
		{"float", []string{"3.4e38", "0.1", "-3.4e38"}, []string{"3.5e38", "1e39"}},
		{"double", []string{"1.7e308", "3.5e38"}, []string{"1e309", "-1e400"}},
	}
	for _, tt := range tests {
		f := numberFormatNamed(tt.format)
		for _, v := range tt.good {
			if !f.fits(v) {
				t.Errorf("%s refuses %s", tt.format, v)
			}
		}
		for _, v := range tt.bad {
			if f.fits(v) {
				t.Errorf("%s accepts %s", tt.format, v)
			}
		}
	}
}

// simpleCases lists expressions and whether they may be decided in one pass.
var simpleCases = []struct {
	pattern string
	simple  bool
}{
	{"^[A-Z]{2}$", true}, {"^[A-Z0-9 -]{4,12}$", true}, {`^\d{2}-\d{3}$`, true}, {"^[a-z]+[0-9]*$", true}, {"^PL[0-9]{10}$", true},
	{"^[a-z]+@[a-z]+$", true}, {"^[0-9]{1,3}(a|b)$", false}, {"^a?b?c?$", true}, {"^[a-c]*$", true}, {`^[+-]?[0-9]+$`, true},
	{"^[a-z]+[a-f]$", false}, // the first run would take what the second needs
	{"^a?[0-9]*a$", false},   // and so here, past a run that may be empty
	{"^a*b?a$", false},       //
	{"[A-Z]{2}", false},      // not anchored
	{"^a|b$", false},         // two alternatives
	{"^.+$", false},          // not ASCII alone
	{"^[^a]$", false},        //
	{"(?i)^a$", false},       // letters of both sizes
	{"^(ab)+$", false},       // a group
	{"(?m)^a$", false},       // ends of lines
	{`^a\b$`, false},         //
	{"^ł$", false},           //
	{"^$", true},
}

func TestSimplePatternsDecideTheSame(t *testing.T) {
	texts := []string{"", "a", "b", "ab", "abc", "AB", "PL", "pl", "00-950", "PL1234567890", "a1", "abc123", "a@b", "1a", "12b", "+5", "-", "aa", "aba", "ba",
		"a0a", "a\n", "\na", "ABC", "WA 1234X", "ł", "ał", "af", "zf", "zz", "123", "1234", "c", "ac", "bc", "cb", "a\x00"}
	for _, tt := range simpleCases {
		p := newSimplePattern(tt.pattern)
		if (p != nil) != tt.simple {
			t.Errorf("%s: taken for simple = %v, want %v", tt.pattern, p != nil, tt.simple)
		}
		if p == nil {
			continue
		}
		re := regexp.MustCompile(tt.pattern)
		for _, text := range texts {
			if got, _ := p.match(text); got != re.MatchString(text) {
				t.Errorf("%s on %q: got %v", tt.pattern, text, got)
			}
		}
	}
}

//fuzz:file
func FuzzSimplePatterns(f *testing.F) {
	for _, tt := range simpleCases {
		f.Add(tt.pattern, "ab-12")
	}
	f.Fuzz(func(t *testing.T, pattern, text string) {
		re, err := regexp.Compile(pattern)
		if err != nil || len(pattern) > 200 {
			return
		}
		if p := newSimplePattern(pattern); p != nil {
			if got, _ := p.match(text); got != re.MatchString(text) {
				t.Errorf("%s on %q: got %v", pattern, text, got)
			}
		}
	})
}

func TestPatternEngines(t *testing.T) {
	tests := []struct {
		pattern, text string
		want          bool
	}{
		{`^(?=.*\d)(?=.*[a-z]).{4,}$`, "abc1", true},
		{`^(?=.*\d)(?=.*[a-z]).{4,}$`, "abcd", false},
		{`(\w)\1`, "hello", true},
		{`(\w)\1`, "helo", false},
		{`^\u0041+$`, "AA", true},
		{`\/api\/`, "/api/x", true},
		{`^\p{L}+$`, "Łódź", true},
		{`^[\w.-]+$`, "a.b-c", true},
	}
	for _, tt := range tests {
		p, err := compilePattern(tt.pattern)
		if err != nil {
			t.Errorf("%s: %v", tt.pattern, err)
			continue
		}
		if got, err := p.match(tt.text); got != tt.want || err != nil {
			t.Errorf("%s on %q: got %v, %v", tt.pattern, tt.text, got, err)
		}
	}
}
