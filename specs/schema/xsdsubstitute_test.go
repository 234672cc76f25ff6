package schema

import "testing"

// Abstract types and elements, the types that xsi:type names and references by key are
// judged, each with the field that is wrong.
func TestXSDSubstitutes(t *testing.T) {
	x, err := CompileXSD("r.xsd", []byte(`<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:t="urn:t" targetNamespace="urn:t" elementFormDefault="qualified">
<xs:complexType name="V" abstract="true"><xs:attribute name="i" type="xs:string"/></xs:complexType>
<xs:complexType name="W"><xs:complexContent><xs:extension base="t:V"><xs:sequence><xs:element name="n" type="xs:int"/></xs:sequence></xs:extension></xs:complexContent></xs:complexType>
<xs:element name="h" abstract="true" type="xs:string"/><xs:element name="s" substitutionGroup="t:h" type="xs:string"/>
<xs:element name="r"><xs:complexType><xs:sequence><xs:element name="v" type="t:V"/><xs:element ref="t:h" minOccurs="0"/><xs:element name="ref" type="xs:string" minOccurs="0" maxOccurs="2"/></xs:sequence></xs:complexType>
<xs:key name="k"><xs:selector xpath="t:v"/><xs:field xpath="@i"/></xs:key><xs:keyref name="f" refer="t:k"><xs:selector xpath="t:ref"/><xs:field xpath="."/></xs:keyref></xs:element></xs:schema>`))
	if err != nil {
		t.Fatal(err)
	}
	v, err := x.ForRoot("r")
	if err != nil {
		t.Fatal(err)
	}
	for _, tc := range []struct {
		body, path string
		kind       Kind
	}{
		{`<v i="a" xsi:type="W"><n>1</n></v>`, "", ""},
		{`<v i="a" xsi:type="t:W"><n>1</n></v><s>x</s><ref>a</ref>`, "", ""},
		{`<v i="a"/>`, "/r/v/@xsi:type", Missing},
		{`<v i="a" xsi:type="Z"/>`, "/r/v/@xsi:type", Type},
		{`<v i="a" xsi:type="W"/>`, "/r/v/n", Missing},
		{`<v i="a" xsi:type="W"><n>x</n></v>`, "/r/v/n", Type},
		{`<v i="a" xsi:type="W" xsi:nil="x"><n>1</n></v>`, "/r/v/@xsi:nil", Type},
		{`<v i="a" xsi:type="W"><n>1</n></v><h>1</h>`, "/r/h", Unexpected},
		{`<v i="a" xsi:type="W"><n>1</n></v><ref>a</ref><ref>b</ref>`, "/r/ref[2]", Value},
	} {
		tree, found, err := v.Judge([]byte(`<r xmlns="urn:t" xmlns:t="urn:t" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">`+tc.body+`</r>`), "")
		switch {
		case err != nil:
			t.Error(err)
		case tc.path == "":
			if _, again, err := v.Judge(v.InNamespace(tree).XML(), ""); len(found) > 0 || len(again) > 0 || err != nil {
				t.Errorf("%s: found %v, then %v %v in %s", tc.body, found, again, err, v.InNamespace(tree).XML())
			}
		case len(found) != 1 || found[0].Path != tc.path || found[0].Kind != tc.kind || found[0].Soft:
			t.Errorf("%s: expected %s at %s, found %+v", tc.body, tc.kind, tc.path, found)
		}
	}
}
