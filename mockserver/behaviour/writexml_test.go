package behaviour

import (
	"strings"
	"testing"
	"time"

	"go.yaml.in/yaml/v3"

	"github.com/roadworthy-project/roadworthy/specs/payload"
)

// An answer that is written while its template is walked must be the one that
// comes of filling the template first and writing the result.
func TestXMLIsWrittenAsItWouldBeFilled(t *testing.T) {
	body, err := payload.ParseJSON([]byte(`{"text": "a<b>&\"c\"", "empty": "", "null": null, "number": 2.50, "list": ["x", {"@k": "1", "y": "2"}, []], "none": [], "hollow": {"a": "", "b": [null]},
		"object": {"z": {"w": "1"}, "@x": "y", "#text": "words"}}`), payload.JSONLimits{})
	if err != nil {
		t.Fatal(err)
	}
	values := []string{"plain", "", "${item.text}", "${item.empty}", "${item.null}", "${item.number}", "${item.list}", "${item.none}", "${item.hollow}", "${item.object}",
		"${item.missing}", "${[item.text, '2']}", "${1 + 1}", "${item.text == 'q'}", "${index} of ${item.text}", "7", "true", "null", "[a, '${item.text}', [b]]", "{'@v': '${index}', w: ''}",
		"{w: x, '@late': '1'}", "{'#text': '${item.text}', w: x}", "{$if: 'index == 4', w: x}", "{$if: 'index == 5', w: x}", "{$each: item.list, $as: it, v: '${it}'}", "{$each: item.none, $as: it, v: '${it}'}",
		"{$map: {each: item.list, as: it, key: 'k${index}', value: '${it}'}}", "{$merge: [{a: '1'}, '${item.object}']}", "{'o?': '${item.hollow}', 'p?': {'q?': '${item.empty}'}}", "{'o?': {'@a?': '${item.null}'}, r: '${item.null}'}"}
	var sources []string
	for _, v := range values {
		if !strings.HasPrefix(v, "{") && !strings.HasPrefix(v, "[") {
			v = "'" + strings.ReplaceAll(v, "'", "''") + "'"
		}
		sources = append(sources, "{root: "+v+"}")
		for _, name := range []string{"m", "'m?'", "'@m'", "'@m?'", "'#text'"} {
			sources = append(sources, "{root: {'@first': f, "+name+": "+v+", last: l}}", "{root: {"+name+": "+v+"}}")
		}
	}
	for _, source := range sources {
		var y yaml.Node
		if err := yaml.Unmarshal([]byte(source), &y); err != nil {
			t.Fatalf("%s: %v", source, err)
		}
		c := &compiler{behaviour: &Behaviour{}, scope: newScope(), eager: true}
		c.behaviour.programs = newPrograms(append(c.scope.order, "it"))
		c.scope.slot("it")
		compiled := c.template(y.Content[0], true)
		if len(c.problems) > 0 {
			t.Fatalf("%s: %v", source, c.problems)
		}
		f := c.behaviour.newFrame(c.scope, &Call{Sources: &Sources{Now: time.Now}})
		f.values[slotItem], f.values[slotIndex] = viewOf(body.Root), 4
		n, err := compiled.fill(f)
		if err != nil {
			t.Errorf("%s: filled: %v", source, err)
			continue
		}
		got, err := xmlBody(f, compiled, 0)
		if (err != nil) != (n.Len() != 1) {
			t.Errorf("%s: with %d root elements the error is %v", source, n.Len(), err)
		}
		if err != nil {
			continue
		}
		if want := xmlTree(n).XML(); string(got) != string(want) {
			t.Errorf("%s:\n written %s\n  filled %s", source, got, want)
		}
	}
}

// xmlTree makes an XML body of a filled template by way of a tree.
func xmlTree(n *payload.Node) *payload.Tree {
	root := n.First()
	if root == nil {
		return nil
	}
	e := &payload.Node{Kind: payload.Element, Name: root.Name}
	payload.FillElement(e, root, payload.NewBuilder(64))
	return &payload.Tree{Format: payload.XML, Root: e}
}
