package statement

import (
	"bytes"
	"crypto/ed25519"
	"encoding/base64"
	"encoding/json"
	"strings"
	"testing"
)

// Every value of every byte: base64 has several ways to write the same bytes, and a
// file that was touched is a file that was touched.
func TestEveryOtherByteIsCaught(t *testing.T) {
	report, key := sampleReport(t), testKey('a')
	for contacts := range 3 { // payloads that end differently in base64
		envelope, err := Sign(report, About{Contacts: []string{strings.Repeat("x", contacts+1)}}, key)
		if err != nil {
			t.Fatal(err)
		}
		for i := range envelope {
			step := 1
			if i%50 != 0 && i < len(envelope)-160 {
				step = 37 // a sample in the long middle, all of the signature
			}
			for v := 0; v < 256; v += step {
				if envelope[i] == byte(v) {
					continue
				}
				changed := bytes.Clone(envelope)
				changed[i] = byte(v)
				if _, err := Verify(changed, report, nil, stated); err == nil {
					t.Fatalf("byte %d changed from %q to %q and nothing was noticed", i, envelope[i], byte(v))
				}
			}
		}
	}
}

// What a file can be turned into and still say the same to a lenient reader.
func TestEditedEnvelopes(t *testing.T) {
	report, key := sampleReport(t), testKey('a')
	source, err := Sign(report, About{}, key)
	if err != nil {
		t.Fatal(err)
	}
	var e envelope
	if err := json.Unmarshal(source, &e); err != nil {
		t.Fatal(err)
	}
	body, err := base64.StdEncoding.DecodeString(e.Payload)
	if err != nil {
		t.Fatal(err)
	}
	text := string(source)
	written := func(e envelope) string {
		out, err := encodeEnvelope(&e)
		if err != nil {
			t.Fatal(err)
		}
		return string(out)
	}
	with := func(change func(*envelope)) string {
		c := e
		c.Signatures = append([]signature(nil), e.Signatures...)
		change(&c)
		return written(c)
	}
	var compact bytes.Buffer
	if err := json.Compact(&compact, source); err != nil {
		t.Fatal(err)
	}
	other := testKey('b')
	for _, tc := range []struct{ name, changed, want string }{
		{"nothing at all", "", "not a DSSE envelope"},
		{"no JSON", "hello", "not a DSSE envelope"},
		{"a list", "[]", "not a DSSE envelope"},
		{"cut in the middle", text[:len(text)/2], "not a DSSE envelope"},
		{"the last line break gone", strings.TrimSuffix(text, "\n"), "bytes"},
		{"without white space", compact.String(), "bytes"},
		{"white space in front", " " + text, "bytes"},
		{"other line ends", strings.ReplaceAll(text, "\n", "\r\n"), "bytes"},
		{"a member more", strings.Replace(text, "{", `{"x": 1,`, 1), "bytes"},
		{"a member twice", strings.Replace(text, "{\n", "{\n  \"payloadType\": \""+PayloadType+"\",\n", 1), "bytes"},
		{"members in another order", `{"payload":"` + e.Payload + `","payloadType":"` + PayloadType + `","signatures":[{"keyid":"` + e.Signatures[0].KeyID + `","sig":"` + e.Signatures[0].Sig + `"}]}`, "bytes"},
		{"a second statement behind", text + text, "not a DSSE envelope"},
		{"a byte order mark", "\xef\xbb\xbf" + text, "not a DSSE envelope"},
		{"a second signature", with(func(e *envelope) { e.Signatures = append(e.Signatures, e.Signatures[0]) }), "2 signatures"},
		{"another's signature beside", with(func(e *envelope) { e.Signatures = append(seal(e.PayloadType, body, other).Signatures, e.Signatures...) }), "2 signatures"},
		{"no signature", with(func(e *envelope) { e.Signatures = nil }), "0 signatures"},
		{"an empty signature", with(func(e *envelope) { e.Signatures[0].Sig = "" }), "signature"},
		{"a short signature", with(func(e *envelope) { e.Signatures[0].Sig = e.Signatures[0].Sig[:40] }), "signature"},
		{"another key's name", with(func(e *envelope) { e.Signatures[0].KeyID = keyID(other.Public().(ed25519.PublicKey)) }), "signature"},
		{"another type", with(func(e *envelope) { e.PayloadType = "text/plain" }), "text/plain"},
		{"no type", with(func(e *envelope) { e.PayloadType = "" }), "holds"},
		{"an empty payload", with(func(e *envelope) { e.Payload = "" }), "not a statement"},
		{"a payload that is no base64", with(func(e *envelope) { e.Payload = "%%%" }), "payload"},
		{"line breaks in the payload", with(func(e *envelope) { e.Payload = e.Payload[:8] + "\n" + e.Payload[8:] }), "base64"},
		{"line breaks in the signature", with(func(e *envelope) { e.Signatures[0].Sig = e.Signatures[0].Sig[:8] + "\r\n" + e.Signatures[0].Sig[8:] }), "base64"},
		{"another verdict inside", written(envelope{e.PayloadType, base64.StdEncoding.EncodeToString(bytes.Replace(body, []byte(`"conformant"`), []byte(`"partial"`), 1)), e.Signatures}), "signature"},
		{"the payload written anew", written(envelope{e.PayloadType, base64.StdEncoding.EncodeToString(append(body, ' ')), e.Signatures}), "written"},
		{"two statements inside, signed", written(*seal(PayloadType, append(bytes.Clone(body), body...), key)), "written"},
		{"a member twice inside, signed", written(*seal(PayloadType, bytes.Replace(body, []byte(`"predicate":{`), []byte(`"predicate":{"verdict":"partial",`), 1), key)), "written"},
		{"a member that nobody knows inside, signed", written(*seal(PayloadType, bytes.Replace(body, []byte(`"predicate":{`), []byte(`"predicate":{"x":1,`), 1), key)), "unknown field"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			_, err := Verify([]byte(tc.changed), report, nil, stated)
			if err == nil || !strings.Contains(err.Error(), tc.want) {
				t.Errorf("got %v, want an error about %q", err, tc.want)
			}
		})
	}
}

// A report that was changed and signed anew by somebody else holds with that key alone;
// whoever pins the right one is told.
func TestSignedAnewByAnother(t *testing.T) {
	report, key, other := sampleReport(t), testKey('a'), testKey('b')
	changed := bytes.Replace(report, []byte("ACME"), []byte("Evil"), 1)
	forged, err := Sign(changed, About{}, other)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := Verify(forged, changed, key.Public().(ed25519.PublicKey), stated); err == nil || !strings.Contains(err.Error(), "signature") {
		t.Errorf("got %v, want an error about the signature", err)
	}
	// With the name of the right key inside, and the wrong one's signature.
	var e envelope
	_ = json.Unmarshal(forged, &e)
	e.Signatures[0].KeyID = keyID(key.Public().(ed25519.PublicKey))
	lied, _ := encodeEnvelope(&e)
	for _, pinned := range []ed25519.PublicKey{nil, key.Public().(ed25519.PublicKey), other.Public().(ed25519.PublicKey)} {
		if _, err := Verify(lied, changed, pinned, stated); err == nil {
			t.Errorf("with the key %x the lie about the key was believed", pinned)
		}
	}
}

// Every changed byte of a report is caught, wherever it is, and so is a report that says
// the same in other words.
func TestEditedReports(t *testing.T) {
	report, key := sampleReport(t), testKey('a')
	envelope, err := Sign(report, About{}, key)
	if err != nil {
		t.Fatal(err)
	}
	var compact bytes.Buffer
	if err := json.Compact(&compact, report); err != nil {
		t.Fatal(err)
	}
	for name, changed := range map[string][]byte{
		"without white space": compact.Bytes(), "empty": {}, "no JSON": []byte("hello"), "twice": append(bytes.Clone(report), report...),
		"a member twice": bytes.Replace(report, []byte("{"), []byte(`{"verdict": "conformant",`), 1), "null": []byte("null"), "cut": report[:len(report)-2],
	} {
		if _, err := Verify(envelope, changed, nil, stated); err == nil || !strings.Contains(err.Error(), "report.json") {
			t.Errorf("%s: got %v, want an error about report.json", name, err)
		}
	}
}
