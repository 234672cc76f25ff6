package schema

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/roadworthy-project/roadworthy/specs/payload"
	"github.com/roadworthy-project/roadworthy/specs/schema/xmlsafe"
)

// judgedSoundly checks what must hold for any body: libxml2 decides alone
// whether it is valid, and what is let through with extras is valid without
// them.
func judgedSoundly(t *testing.T, v *XMLValidator, body []byte) {
	t.Helper()
	tree, strict, err := v.Strict().Judge(body, "")
	if err != nil {
		return
	}
	_, issues, _ := v.xsd.compiled.CheckWith(body, "", xmlsafe.Limits{}, nil)
	if valid := len(issues) == 0 && tree.Root.Name == v.root; valid != (len(strict) == 0) {
		t.Errorf("%s\nlibxml2 says %v, we say %+v", body, issues, strict)
	}
	for _, violation := range strict {
		if violation.Path == "" && violation.Kind != Malformed && violation.Kind != Length || violation.Expected == "" || violation.Actual == "" || violation.Soft && violation.Kind != Length {
			t.Errorf("%s\nan incomplete violation: %+v", body, violation)
		}
	}
	tree, lenient, _ := v.Judge(body, "")
	if len(Hard(lenient)) > 0 || len(lenient) == 0 {
		return
	}
	var extras []*payload.Node
	for _, soft := range lenient {
		n := tree.At(soft.Path)
		if n == nil {
			t.Fatalf("%s\nnothing is at the path of %+v", body, soft)
		}
		extras = append(extras, n)
	}
	for _, n := range extras {
		n.Detach()
	}
	if left := v.Strict().Validate(tree); len(left) > 0 {
		t.Errorf("%s\npassed with the extras %+v, and without them: %+v", body, lenient, left)
	}
}

var pieces = []string{
	`<order sequence="1">`, `<order sequence="2">`, `<order>`, `</order>`, `<customer>A</customer>`, `<customer/>`, `<erpNumber/>`,
	`<erpNumber>12</erpNumber>`, `<erpNumber>x</erpNumber>`, `<status>NEW</status>`, `<status a="b">NEW</status>`, `<status>OLD</status>`,
	`<status><b/></status>`, `<quantity>5</quantity>`, `<quantity>0</quantity>`, `<amount>1.5</amount>`, `<amount>1,5</amount>`,
	`<pickup>2026-01-31</pickup>`, `<pickup>x</pickup>`, `<remark>r</remark>`, `<remark/>`, `<guess>1</guess>`, `<extra/>`,
	`<extra><customer/></extra>`, `text`, `<x:status xmlns:x="u">NEW</x:status>`, `<orders>`, `</orders>`, ` `,
}

func TestXSDJudgesAnyBodySoundly(t *testing.T) {
	v := forRoot(t, ordersXSD(t), "orderRequest")
	models := forRoot(t, v.xsd, "models")
	whole := []string{`<order sequence="1">`, `<customer>A</customer>`, `<erpNumber/>`, `<status>NEW</status>`, `<quantity>5</quantity>`, `<remark>r</remark>`, `</order>`}
	modelPieces := strings.SplitAfter(`<any>|</any>|<pick>|</pick>|<mix>|</mix>|<pairs>|</pairs>|<open>|</open>|<more>|</more>|<tree>|</tree>|<a/>|<b/>|<one/>|<two/>|<p/>|<q/>|<k/>|<v/>|<own/>|<leaf>1</leaf>|<leaf/>|<z/>`, "|")
	for i := range modelPieces {
		modelPieces[i] = strings.TrimSuffix(modelPieces[i], "|")
	}
	wholeModels := []string{"<any>", "<b/>", "<a/>", "</any>", "<pick>", "<two/>", "</pick>", "<mix>", "<p/>", "<q/>", "</mix>", "<pairs>", "<k/>", "<v/>", "<k/>", "<v/>", "</pairs>", "<open>", "</open>", "<more>", "<a/>", "<b/>", "<own/>", "</more>", "<tree>", "<tree>", "<leaf>1</leaf>", "</tree>", "</tree>"}
	for seed := range uint64(3000) {
		r := rand.New(rand.NewPCG(seed, 1))
		body := mutated(r, slices.Clone(whole), pieces)
		judgedSoundly(t, v, []byte(request(strings.Join(body, ""))))
		body = mutated(r, slices.Clone(wholeModels), modelPieces)
		judgedSoundly(t, models, []byte("<models>"+strings.Join(body, "")+"</models>"))
		if t.Failed() {
			t.Fatalf("seed %d", seed)
		}
	}
}

// mutated deletes, doubles, swaps and inserts a few pieces.
func mutated(r *rand.Rand, body, pieces []string) []string {
	for range 1 + r.IntN(4) {
		i := r.IntN(len(body))
		switch r.IntN(4) {
		case 0:
			if len(body) > 1 {
				body = slices.Delete(body, i, i+1)
			}
		case 1:
			body = slices.Insert(body, i, body[r.IntN(len(body))])
		case 2:
			j := r.IntN(len(body))
			body[i], body[j] = body[j], body[i]
		default:
			body = slices.Insert(body, i, pieces[r.IntN(len(pieces))])
		}
	}
	return body
}

//fuzz:file
func FuzzXSDJudge(f *testing.F) {
	v := forRoot(f, ordersXSD(f), "orderRequest")
	f.Add([]byte(request(wholeOrder)))
	f.Add([]byte(request(`<order sequence="0"><x/><status>NEW</status><customer/><customer/>t</order>`)))
	f.Fuzz(func(t *testing.T, body []byte) {
		if strings.Contains(string(body), "XMLSchema-instance") || strings.Contains(string(body), ":") {
			return // the tree keeps neither xsi attributes nor prefixes
		}
		judgedSoundly(t, v, body)
	})
}
