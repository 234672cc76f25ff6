package journal

import "testing"

// FuzzEntry reads what another server may have put into a shared journal.
//
//fuzz:wire
func FuzzEntry(f *testing.F) {
	e := &Entry{Session: "s", RequestBody: []byte("abc"), ResponseBody: []byte("de"), RequestSize: 3}
	entry, bodies, _ := e.encode()
	f.Add("s\n"+string(entry), string(bodies))
	f.Add("s\n{}", "\x01\x02abc[]")
	f.Add("", "\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01")
	f.Fuzz(func(t *testing.T, text, bodies string) {
		if e, err := decodeEntry(1, text, bodies); err == nil {
			e.Render()
		}
	})
}

// FuzzMask takes secrets out of any body, whole or torn.
//
//fuzz:wire
func FuzzMask(f *testing.F) {
	f.Add([]byte(`{"password":"x"}`), "password")
	f.Add([]byte(`<a password = 'x`), "password")
	f.Add([]byte(`<password>x</password>`), "password")
	f.Fuzz(func(t *testing.T, body []byte, name string) {
		once := Mask(body, []string{name})
		if len(once) > len(body)+len(Masked)*(len(body)+1) {
			t.Errorf("%d bytes became %d", len(body), len(once))
		}
	})
}
