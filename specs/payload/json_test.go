package payload

import (
	"bytes"
	"encoding/json"
	"errors"
	"reflect"
	"strings"
	"testing"
)

func TestParseJSONRefuses(t *testing.T) {
	tests := []struct {
		name, body string
		line, col  int
		says       string
		limit      bool
	}{
		{"empty", "", 1, 1, "empty", false},
		{"white space only", " \n ", 2, 2, "empty", false},
		{"byte order mark", "\ufeff{}", 1, 1, "byte order mark", false},
		{"not UTF-8", "{\"a\":\n\"\xff\"}", 2, 2, "0xff is not UTF-8", false},
		{"trailing value", "{} {}", 1, 4, "end of the body", false},
		{"trailing comma in object", `{"a":1,}`, 1, 8, "member name", false},
		{"trailing comma in array", `[1,]`, 1, 4, "a JSON value", false},
		{"no colon", `{"a" 1}`, 1, 6, "':'", false},
		{"no comma", "{\"a\":1\n \"b\":2}", 2, 2, "',' or '}'", false},
		{"open array", "[1", 1, 3, "the end of the body", false},
		{"duplicate member names its pointer", `{"x":[{"a/b":1,"c":2,"a/b":3}]}`, 1, 22, "/x/0/a~1b occurs twice", false},
		{"duplicate by escape", `{"a":1,"\u0061":2}`, 1, 8, "/a occurs twice", false},
		{"lone high surrogate", `"\ud800"`, 1, 2, "surrogate", false},
		{"lone low surrogate", `"a\udc00"`, 1, 3, "surrogate", false},
		{"bad escape", `"\x"`, 1, 2, "no escape", false},
		{"short escape", `"\u12"`, 1, 2, "four hexadecimal", false},
		{"control character", "\"a\tb\"", 1, 3, "0x09", false},
		{"no closing quote", `{"a":"b`, 1, 6, "closing quote", false},
		{"leading zero", "01", 1, 1, "begins with a zero", false},
		{"lone minus", "-", 1, 2, "a digit", false},
		{"no fraction", "1.", 1, 3, "decimal point", false},
		{"no exponent", "1e+", 1, 4, "exponent", false},
		{"plus", "+1", 1, 1, "a JSON value", false},
		{"NaN", "NaN", 1, 1, "a JSON value", false},
		{"half a word", "tru", 1, 1, "is not true", false},
		{"word with a tail", "nullx", 1, 5, "end of the body", false},
		{"huge exponent", `{"n":1e2000000}`, 1, 6, "exponent", true},
		{"huge negative exponent", `1e-401`, 1, 1, "exponent", true},
		{"long number", strings.Repeat("1", 1001), 1, 1, "1001 characters", true},
		{"deep", strings.Repeat("[", 100_000), 1, 65, "deeper than 64", true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := ParseJSON([]byte(tt.body), JSONLimits{})
			var e *SyntaxError
			if !errors.As(err, &e) {
				t.Fatalf("got error %v, want a SyntaxError", err)
			}
			if e.Line != tt.line || e.Col != tt.col || e.Limit != tt.limit || !strings.Contains(e.Error(), tt.says) {
				t.Errorf("got %v (limit %v), want line %d, column %d, limit %v and a text with %q", e, e.Limit, tt.line, tt.col, tt.limit, tt.says)
			}
			if e.Offset > len(tt.body) {
				t.Errorf("offset %d is outside the body of %d bytes", e.Offset, len(tt.body))
			}
		})
	}
}

func TestParseJSONLimits(t *testing.T) {
	nested := func(n int) []byte { return []byte(strings.Repeat("[", n) + strings.Repeat("]", n)) }
	tests := []struct {
		name string
		body []byte
		lim  JSONLimits
		ok   bool
	}{
		{"default depth is reached", nested(64), JSONLimits{}, true},
		{"default depth is passed", nested(65), JSONLimits{}, false},
		{"own depth", nested(500), JSONLimits{Depth: 500}, true},
		{"depth counts what is open", []byte("[[[]],[[]],[[]]]"), JSONLimits{Depth: 3}, true},
		{"bytes reached", []byte(`"12345678"`), JSONLimits{Bytes: 10}, true},
		{"bytes passed", []byte(`"123456789"`), JSONLimits{Bytes: 10}, false},
		{"number reached", []byte("-123"), JSONLimits{Number: 4}, true},
		{"number passed", []byte("-1234"), JSONLimits{Number: 4}, false},
		{"exponent reached", []byte("1e400"), JSONLimits{}, true},
		{"exponent with zeros in front", []byte("1e-0000400"), JSONLimits{}, true},
		{"own exponent passed", []byte("1e6"), JSONLimits{Exponent: 5}, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := ParseJSON(tt.body, tt.lim)
			if (err == nil) != tt.ok {
				t.Fatalf("got %v, want accepted = %v", err, tt.ok)
			}
			var e *SyntaxError
			if err != nil && (!errors.As(err, &e) || !e.Limit) {
				t.Errorf("%v is not marked as a limit", err)
			}
		})
	}
}

func TestParseJSONNodes(t *testing.T) {
	tree, err := ParseJSON([]byte("{ \"a\": [1.50, true,\r\n  null, \"x\\n\\ud83d\\ude00é\"],\n \"\": {} }"), JSONLimits{})
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []struct {
		path, value string
		kind        Kind
		line, col   int32
	}{
		{"", "", Object, 1, 1},
		{"/a", "", Array, 1, 8},
		{"/a/0", "1.50", Number, 1, 9},
		{"/a/1", "true", Bool, 1, 15},
		{"/a/2", "null", Null, 2, 3},
		{"/a/3", "x\n😀é", String, 2, 9},
		{"/", "", Object, 3, 6},
	} {
		n := tree.At(want.path)
		if n == nil {
			t.Errorf("%q is not there", want.path)
			continue
		}
		if n.Value != want.value || n.Kind != want.kind || n.Line != want.line || n.Col != want.col {
			t.Errorf("%q is %s %q at %d:%d, want %s %q at %d:%d", want.path, n.Kind, n.Value, n.Line, n.Col, want.kind, want.value, want.line, want.col)
		}
		if p := tree.Path(n); p != want.path {
			t.Errorf("the path of %q is %q", want.path, p)
		}
	}
	if got, want := string(tree.JSON()), `{"a":[1.50,true,null,"x\n😀é"],"":{}}`; got != want {
		t.Errorf("JSON() = %s, want %s", got, want)
	}
	if got, want := string(tree.IndentJSON()), "{\n  \"a\": [\n    1.50,\n    true,\n    null,\n    \"x\\n😀é\"\n  ],\n  \"\": {}\n}"; got != want {
		t.Errorf("IndentJSON() = %s, want %s", got, want)
	}
}

// Every way of looking for a repeated name must find it, and none may invent one.
func TestDuplicateNamesAtEverySize(t *testing.T) {
	for size := 1; size < 3*filterUpTo; size++ {
		body := []byte("{")
		for i := range size {
			body = append(appendInt(append(body, `"name`...), i), `":1,`...)
		}
		end := func(name string) []byte { return append(bytes.Clone(body), `"`+name+`":1}`...) }
		if _, err := ParseJSON(end("end"), JSONLimits{}); err != nil {
			t.Fatalf("%d different names: %v", size, err)
		}
		for _, again := range []int{0, size / 2, size - 1} {
			name := "name" + string(appendInt(nil, again))
			if _, err := ParseJSON(end(name), JSONLimits{}); err == nil {
				t.Fatalf("%d names: the repeated name %s was accepted", size, name)
			}
		}
	}
}

func TestLargeObjectIsNotQuadratic(t *testing.T) {
	var b bytes.Buffer
	b.WriteString("{")
	for i := range 200_000 {
		b.WriteString(`"` + strings.Repeat("k", 3) + string(appendInt(nil, i)) + `":1,`)
	}
	b.WriteString(`"end":1}`)
	tree, err := ParseJSON(b.Bytes(), JSONLimits{})
	if err != nil {
		t.Fatal(err)
	}
	if tree.Root.Len() != 200_001 {
		t.Errorf("got %d members", tree.Root.Len())
	}
}

func appendInt(b []byte, i int) []byte {
	if i >= 10 {
		b = appendInt(b, i/10)
	}
	return append(b, byte('0'+i%10))
}

//fuzz:wire
func FuzzParseJSON(f *testing.F) {
	for _, s := range []string{`{"a":[1,-2.5e3,true,null,"x\u00e9\n"]}`, `[]`, `"\ud83d\ude00"`, `{"a":1,"a":2}`, `1e400`, "\xff", `{"a":{"b":[{}]}}`, ` 0 `} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		tree, err := ParseJSON(body, JSONLimits{})
		if err != nil {
			var e *SyntaxError
			if !errors.As(err, &e) || e.Line < 1 || e.Col < 1 || e.Offset < 0 || e.Offset > len(body) {
				t.Fatalf("a bad error: %#v", err)
			}
			return
		}
		d := json.NewDecoder(bytes.NewReader(body))
		d.UseNumber()
		var want any
		if err := d.Decode(&want); err != nil {
			t.Fatalf("accepted what encoding/json refuses: %v", err)
		}
		if got := asStdlib(tree.Root); !reflect.DeepEqual(got, want) {
			t.Fatalf("got %#v, encoding/json has %#v", got, want)
		}
		again, err := ParseJSON(tree.JSON(), JSONLimits{})
		if err != nil || string(again.JSON()) != string(tree.JSON()) {
			t.Fatalf("what was written does not read back: %v", err)
		}
		if _, err := ParseJSON(tree.IndentJSON(), JSONLimits{}); err != nil {
			t.Fatalf("what was indented does not read back: %v", err)
		}
	})
}

func asStdlib(n *Node) any {
	switch n.Kind {
	case Number:
		return json.Number(n.Value)
	case Array:
		list := []any{}
		for c := range n.Children() {
			list = append(list, asStdlib(c))
		}
		return list
	case Object:
		m := map[string]any{}
		for c := range n.Children() {
			m[c.Name] = asStdlib(c)
		}
		return m
	}
	return n.Go()
}

// order2KB is a body of forty members, the size of a usual order.
func order2KB() []byte {
	var b bytes.Buffer
	b.WriteString("{\n")
	for i := range 8 {
		k := string(rune('a' + i))
		b.WriteString(`  "name_` + k + `": "Transport order number ` + k + ` of the morning",` + "\n" +
			`  "id_` + k + `": "550e8400-e29b-41d4-a716-446655440000",` + "\n" +
			`  "created_` + k + `": "2024-02-29T12:30:00Z",` + "\n" +
			`  "weight_` + k + `": 1234.5,` + "\n" +
			`  "count_` + k + `": 42,` + "\n")
	}
	b.WriteString(`  "tags": ["one", "two", "three"],` + "\n" + `  "route": {"from": "Warszawa", "to": "Berlin", "note": "` + strings.Repeat("n", 330) + `"}` + "\n}")
	return b.Bytes()
}

func BenchmarkParse(b *testing.B) {
	body := order2KB()
	b.Run("payload", func(b *testing.B) {
		b.SetBytes(int64(len(body)))
		b.ReportAllocs()
		for b.Loop() {
			if _, err := ParseJSON(body, JSONLimits{}); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("encoding-json", func(b *testing.B) {
		b.SetBytes(int64(len(body)))
		b.ReportAllocs()
		for b.Loop() {
			d := json.NewDecoder(bytes.NewReader(body))
			d.UseNumber()
			var v any
			if err := d.Decode(&v); err != nil {
				b.Fatal(err)
			}
		}
	})
}
