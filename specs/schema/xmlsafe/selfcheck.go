package xmlsafe

import (
	"bytes"
	"fmt"
	"strings"
	"sync"
	"time"
	"unicode/utf16"

	"golang.org/x/text/encoding/simplifiedchinese"
)

const selfCheckSchema = `<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema">
<xs:element name="r"><xs:complexType><xs:sequence>
<xs:element name="n" type="xs:int" minOccurs="0"/>
<xs:element name="t" type="xs:string" minOccurs="0"/>
<xs:element name="o" minOccurs="0" maxOccurs="unbounded"><xs:complexType><xs:sequence><xs:element name="n" type="xs:int"/></xs:sequence></xs:complexType></xs:element>
</xs:sequence><xs:attribute name="password" type="xs:int"/></xs:complexType></xs:element></xs:schema>`

// danger is a body that must be refused, or must come out in one way only.
type danger struct {
	name, why string
	body      []byte
	charset   string
	refused   string // part of the reason, "" if the body is to be read
	codes     []Code // of the issues, where it is read
	text      string // of /r/t, where it is read
}

// slow is what a danger may cost; undefended, the ones that are about time take
// ten times that and more.
const slow = 5 * time.Second

// SelfCheck runs every danger that this package guards against, in the binary
// that calls it, and says what did not come out as it must; nothing is well. How
// libxml2 was linked decides about some of them, so a test binary that passes
// proves little for a release. It takes about a second.
func SelfCheck() []string {
	schema, err := Compile("selfcheck.xsd", []byte(selfCheckSchema))
	if err != nil {
		return []string{err.Error()}
	}
	var failures []string
	for _, d := range dangers() {
		start := time.Now()
		if problem := d.run(schema); problem != "" {
			failures = append(failures, d.name+": "+problem)
		}
		if took := time.Since(start); took > slow {
			failures = append(failures, fmt.Sprintf("%s: took %s", d.name, took.Round(time.Millisecond)))
		}
	}
	for _, source := range []string{
		`<xs:import namespace="urn:x" schemaLocation="http://127.0.0.1:1/x.xsd"/>`,
		`<xs:include schemaLocation="file:///etc/passwd"/>`,
	} {
		if _, err := Compile("import.xsd", []byte(`<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema">`+source+`</xs:schema>`)); err == nil {
			failures = append(failures, "a schema was compiled with "+source)
		}
	}
	return append(failures, mixedUp(schema)...)
}

func (d danger) run(schema *Schema) string {
	tree, issues, err := schema.Check(d.body, d.charset, Limits{})
	if d.refused != "" {
		if err == nil {
			return "it was read"
		}
		if !strings.Contains(err.Error(), d.refused) {
			return fmt.Sprintf("it was refused with %q, expected %q", err, d.refused)
		}
		return ""
	}
	if err != nil {
		return err.Error()
	}
	var codes []Code
	for _, i := range issues {
		codes = append(codes, i.Code)
		if strings.Contains(i.String(), "hunter2") {
			return "a password is shown"
		}
	}
	if fmt.Sprint(codes) != fmt.Sprint(d.codes) {
		return fmt.Sprintf("issues %v, expected %v", codes, d.codes)
	}
	if d.text != "" {
		if t := tree.At("/r/t"); t == nil || t.Value != d.text {
			return fmt.Sprintf("the text is not %q", d.text)
		}
	}
	return ""
}

// mixedUp validates on several threads at once; each must get its own issue.
func mixedUp(schema *Schema) []string {
	var wait sync.WaitGroup
	var once sync.Once
	var failures []string
	for g := range 16 {
		wait.Go(func() {
			value := fmt.Sprintf("x%d", g)
			body := []byte("<r><n>" + value + "</n></r>")
			for range 200 {
				_, issues, err := schema.Check(body, "", Limits{})
				if err != nil || len(issues) != 1 || issues[0].Value != value {
					once.Do(func() {
						failures = append(failures, fmt.Sprintf("16 at once: one got %v %v, expected one issue about %s", err, issues, value))
					})
				}
			}
		})
	}
	wait.Wait()
	return failures
}

func dangers() []danger {
	wide := func(n int) []byte {
		var b bytes.Buffer
		b.WriteString("<r")
		for i := range n {
			fmt.Fprintf(&b, ` a%d=""`, i)
		}
		b.WriteString("/>")
		return b.Bytes()
	}
	var spaces bytes.Buffer
	spaces.WriteString("<r")
	for i := range 25_000 {
		fmt.Fprintf(&spaces, ` xmlns:p%d="u%d"`, i, i)
	}
	spaces.WriteString("/>")
	var nested bytes.Buffer
	nested.WriteString("<r>")
	for i := range 100 {
		fmt.Fprintf(&nested, `<o xmlns:p%d="u"><n>1</n></o>`, i)
	}
	nested.WriteString("</r>")
	doctype := func(internal, body string) []byte { return []byte("<!DOCTYPE r [" + internal + "]>" + body) }
	chinese := "<r><t>上海 €</t></r>"
	gbk, _ := simplifiedchinese.GBK.NewEncoder().Bytes([]byte("<r><t>上海</t></r>"))
	gbkDeclared, _ := simplifiedchinese.GBK.NewEncoder().Bytes([]byte(`<?xml version="1.0" encoding="GBK"?><r><t>上海</t></r>`))
	gb18030, _ := simplifiedchinese.GB18030.NewEncoder().Bytes([]byte(`<?xml version="1.0" encoding="gb18030"?><r><t>𠀀上</t></r>`))
	long := strings.Repeat("x", 30_000)

	return []danger{
		{name: "30 KB wrong value", why: "the library's own error handler overruns its buffer", body: []byte("<r><n>" + long + "</n></r>"), codes: []Code{CodeType}},
		{name: "60 KB wrong value", why: "the same, in the middle of the range that kills", body: []byte("<r><n>" + long + long + "</n></r>"), codes: []Code{CodeType}},
		{name: "10,000 attributes", why: "libxml2 compares each with each", body: wide(10_000), refused: "more than 64 attributes"},
		{name: "100,000 attributes", why: "a minute of processor time", body: wide(100_000), refused: "more than 64 attributes"},
		{name: "25,000 namespaces", why: "each prefix is looked up in a list", body: spaces.Bytes(), refused: "more than 64"},
		{name: "100 namespaces in 100 elements", why: "the limit is for the body", body: nested.Bytes(), refused: "more than 64 namespace declarations"},
		{name: "DTD", why: "every entity attack needs one", body: doctype("", "<r/>"), refused: "DTD"},
		{name: "DTD in small letters", why: "what is not the keyword is no markup at all", body: []byte("<!doctype r><r/>"), refused: "DTD"},
		{name: "external entity", why: "reads files", body: doctype(`<!ENTITY x SYSTEM "file:///etc/passwd">`, "<r><t>&x;</t></r>"), refused: "DTD"},
		{name: "external DTD", why: "opens connections", body: []byte(`<!DOCTYPE r SYSTEM "http://127.0.0.1:1/x.dtd"><r/>`), refused: "DTD"},
		{name: "parameter entity", why: "opens connections", body: doctype(`<!ENTITY % x SYSTEM "http://127.0.0.1:1/x">%x;`, "<r/>"), refused: "DTD"},
		{name: "entity bomb", why: "grows without end", body: doctype(`<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">`, "<r><t>&c;</t></r>"), refused: "DTD"},
		{name: "entity in an attribute", why: "quadratic in validation", body: doctype(`<!ENTITY a "`+strings.Repeat("a", 50_000)+`">`, `<r password="`+strings.Repeat("&a;", 5_000)+`"/>`), refused: "DTD"},
		{name: "undeclared entity", why: "there is nothing to declare it", body: []byte("<r><t>&x;</t></r>"), refused: "entity"},
		{name: "UTF-7 declared", why: "hides markup from every scan", body: []byte(`<?xml version="1.0" encoding="UTF-7"?><r>+ADw-t/+AD4-</r>`), refused: "utf-7"},
		{name: "UTF-7 in the Content-Type", why: "the same", body: []byte(`<r/>`), charset: "utf-7", refused: "utf-7"},
		{name: "UTF-16 without a mark", why: "its zero bytes end C strings", body: utf16Body("<r/>", false)[2:], refused: "control character"},
		{name: "UTF-16 little endian", why: "accepted with its mark", body: utf16Body(chinese, false), text: "上海 €"},
		{name: "UTF-16 big endian", why: "accepted with its mark", body: utf16Body(chinese, true), text: "上海 €"},
		{name: "GBK by Content-Type", why: "decoded in Go, whatever the image can", body: gbk, charset: "GBK", text: "上海"},
		{name: "GBK by declaration", why: "the parser must not decode it again", body: gbkDeclared, text: "上海"},
		{name: "GB18030", why: "characters outside the first plane", body: gb18030, text: "𠀀上"},
		{name: "NUL in text", why: "ends C strings", body: []byte("<r><t>a\x00b</t></r>"), refused: "0x00"},
		{name: "NUL behind the root", why: "the parser does not see what follows", body: []byte("<r/>\x00<x>"), refused: "0x00"},
		{name: "NUL as a reference", why: "not a character of XML", body: []byte("<r><t>&#0;</t></r>"), refused: "not allow"},
		{name: "invalid UTF-8", why: "two readers may read two things", body: []byte("<r><t>\xff</t></r>"), refused: "0xFF"},
		{name: "overlong UTF-8", why: "hides '<'", body: []byte("<r><t>\xc0\xbc</t></r>"), refused: "0xC0"},
		{name: "100,000 levels", why: "overflows stacks", body: bytes.Repeat([]byte("<r>"), 100_000), refused: "64 deep"},
		{name: "processing instruction", why: "it is passed over, and nothing is loaded", body: []byte(`<?xml-stylesheet href="http://127.0.0.1:1/"?><r><t>a<?p <x>?>b</t></r>`), text: "ab"},
		{name: "schema location", why: "it is not the sender who says where the schema is", body: []byte(`<r xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:noNamespaceSchemaLocation="file:///etc/passwd"/>`)},
		{name: "password", why: "libxml2 quotes the value", body: []byte(`<r password="hunter2"/>`), codes: []Code{CodeType}},
		{name: "many faults", why: "libxml2 stops at the first of each parent", body: []byte(`<r><x/><n>a</n><y/><o/><o><n>b</n><z/></o></r>`),
			codes: []Code{CodeContent, CodeType, CodeContent, CodeContent, CodeType, CodeContent}},
	}
}

// utf16Body writes text in UTF-16 with its byte order mark.
func utf16Body(text string, bigEndian bool) []byte {
	var out []byte
	for _, u := range append([]uint16{0xFEFF}, utf16.Encode([]rune(text))...) {
		if bigEndian {
			out = append(out, byte(u>>8), byte(u))
		} else {
			out = append(out, byte(u), byte(u>>8))
		}
	}
	return out
}
