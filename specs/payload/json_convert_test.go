package payload

import (
	"encoding/json"
	"math"
	"reflect"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"
)

func TestFromGo(t *testing.T) {
	loop := map[string]any{}
	loop["again"] = loop
	type record struct {
		B int `json:"b"`
		A int `json:"a"`
	}
	tests := []struct {
		name string
		in   any
		want string
	}{
		{"nil", nil, "null"},
		{"scalars", []any{true, "x\"y", 1, int64(-2), 1.5, float32(0.1), uint8(7), 1e21, 100.0}, `[true,"x\"y",1,-2,1.5,0.1,7,1e+21,100]`},
		{"exact literal", json.Number("1.50"), "1.50"},
		{"not a number", json.Number("x"), "null"},
		{"NaN", math.NaN(), "null"},
		{"channel", make(chan int), "null"},
		{"members sorted", map[string]any{"b": 1, "a": map[string]string{"z": "1", "y": "2"}}, `{"a":{"y":"2","z":"1"},"b":1}`},
		{"typed slice", []string{"a"}, `["a"]`},
		{"struct in its own order", record{1, 2}, `{"b":1,"a":2}`},
		{"node", mustParse(t, `{"b":1,"a":2}`).Root, `{"b":1,"a":2}`},
		{"nil node", (*Node)(nil), "null"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := string(FromGo(tt.in).JSON()); got != tt.want {
				t.Errorf("got %s, want %s", got, tt.want)
			}
		})
	}
	if got := FromGo(loop); got.Kind != Object {
		t.Errorf("a map that holds itself gave %s", got.Kind)
	}
}

func TestGo(t *testing.T) {
	got := mustParse(t, `{"a":[1,1.5,"x",true,null,12345678901234567890],"b":{}}`).Root.Go()
	want := map[string]any{"a": []any{int64(1), 1.5, "x", true, nil, 12345678901234567890.0}, "b": map[string]any{}}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got %#v, want %#v", got, want)
	}
	xml := element("r", "", "@id=1", element("x", "one"), element("y", "a"), element("y", "b", "@k=v"))
	wantXML := map[string]any{"@id": "1", "x": "one", "y": []any{"a", map[string]any{"@k": "v", "#text": "b"}}}
	if got := xml.Go(); !reflect.DeepEqual(got, wantXML) {
		t.Errorf("got %#v, want %#v", got, wantXML)
	}
}

func TestFromYAML(t *testing.T) {
	tests := []struct{ name, in, want, err string }{
		{"order and exact numbers", "b: 1.50\na: [0x1F, 0o17, 1_000, +12, .5, 1., -0.0, 12345678901234567890]\n", `{"b":1.50,"a":[31,15,1000,12,0.5,1,-0.0,12345678901234567890]}`, ""},
		{"words", "a: yes\nb: true\nc: ~\nd:\ne: 'true'\nf: 2024-01-02\n", `{"a":"yes","b":true,"c":null,"d":null,"e":"true","f":"2024-01-02"}`, ""},
		{"keys that are no text", "200: ok\ntrue: 1\n", `{"200":"ok","true":1}`, ""},
		{"aliases", "a: &x {k: 1}\nb: *x\n", `{"a":{"k":1},"b":{"k":1}}`, ""},
		{"merge", "base: &x {k: 1, l: 2}\nb: {<<: *x, k: 3}\n", `{"base":{"k":1,"l":2},"b":{"k":3,"l":2}}`, ""},
		{"block text", "a: |\n  x\n  y\n", `{"a":"x\ny\n"}`, ""},
		{"empty document", "", "null", ""},
		{"duplicate key", "a: 1\nb:\n  c: 1\n  c: 2\n", "", `line 4, column 3: key "c" occurs twice`},
		{"infinity", "a: .inf\n", "", "line 1, column 4"},
		{"a list as a key", "? [1, 2]\n: x\n", "", "a key must be a single word"},
		{"binary", "a: !!binary aGk=\n", "", "base64"},
		{"alias bomb", "a: &a [1,1,1,1,1,1,1,1,1,1]\n" + bomb("a", "b") + bomb("b", "c") + bomb("c", "d") + bomb("d", "e") + bomb("e", "f") + bomb("f", "g") + bomb("g", "h"), "", "grows beyond"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var y yaml.Node
			if err := yaml.Unmarshal([]byte(tt.in), &y); err != nil {
				t.Fatal(err)
			}
			n, err := FromYAML(&y)
			if tt.err != "" {
				if err == nil || !strings.Contains(err.Error(), tt.err) {
					t.Fatalf("got error %v, want one with %q", err, tt.err)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if got := string(n.JSON()); got != tt.want {
				t.Errorf("got %s, want %s", got, tt.want)
			}
		})
	}
	var y yaml.Node
	if err := yaml.Unmarshal([]byte("a:\n  b: 1\n"), &y); err != nil {
		t.Fatal(err)
	}
	n, err := FromYAML(&y)
	if err != nil {
		t.Fatal(err)
	}
	if b := n.Member("a").Member("b"); b.Line != 2 || b.Col != 6 {
		t.Errorf("b is at %d:%d, want 2:6", b.Line, b.Col)
	}
}

func bomb(from, to string) string {
	return to + ": &" + to + " [" + strings.TrimSuffix(strings.Repeat("*"+from+",", 10), ",") + "]\n"
}

//fuzz:file
func FuzzFromYAML(f *testing.F) {
	for _, s := range []string{"a: 1\nb: [0x1F, .5, -1_0.0e3]\n", "a: &x {k: 1}\nb: {<<: *x}\n", "? [a]\n: b\n", "&a [*a]", "- 1e99999999999\n- 0o7\n- 2024-01-01\n"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		var y yaml.Node
		if yaml.Unmarshal(text, &y) != nil {
			return
		}
		n, err := FromYAML(&y)
		if err != nil {
			return
		}
		if _, err := ParseJSON(n.JSON(), JSONLimits{Depth: 2 * maxGoDepth, Number: 1 << 20, Exponent: widestExponent}); err != nil {
			t.Fatalf("%q became %s: %v", text, n.JSON(), err)
		}
	})
}
