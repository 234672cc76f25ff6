package mask

import (
	"net/url"
	"strings"
	"testing"
)

func TestBodiesAreMaskedInTheirPlaces(t *testing.T) {
	m := New(nil, nil, []string{"s3cret", "p&q"})
	for _, c := range []struct{ name, body, want string }{
		{"root attributes", `<r login="a" password = 'b'/>`, `<r login="***" password = "***"/>`},
		{"in any case", `<r LOGIN="a"/>`, `<r LOGIN="***"/>`},
		{"member", `{"password": "a\"b", "x": 1}`, `{"password": "***", "x": 1}`},
		{"token", `{"access_token":"a","refresh_token":"b","client_secret":"c"}`, `{"access_token":"***","refresh_token":"***","client_secret":"***"}`},
		{"element", `<a><n:password type="x">b</n:password></a>`, `<a><n:password type="x">***</n:password></a>`},
		{"form", `a=1&client_secret=b&c=2`, `a=1&client_secret=***&c=2`},
		{"a known secret anywhere", `{"note": "s3cret"}`, `{"note": "***"}`},
		{"as it stands in a URL", `p%26q`, `***`},
		{"as it stands in XML", `p&amp;q`, `***`},
		{"nothing of all this", `{"number": "PL-1", "please": "login"}`, `{"number": "PL-1", "please": "login"}`},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got, _ := m.Body([]byte(c.body)); got != c.want {
				t.Errorf("got %s, want %s", got, c.want)
			}
		})
	}
}

func TestABodyIsCut(t *testing.T) {
	kept, cut := New(nil, nil, nil).Body([]byte(strings.Repeat("x", MaxKept+7)))
	if len(kept) != MaxKept || cut != 7 {
		t.Errorf("%d bytes kept, %d cut", len(kept), cut)
	}
}

// Only a body that names no secret may be spared the search.
//
//fuzz:file
func FuzzNothingIsSpared(f *testing.F) {
	for _, s := range []string{`<r login="a"/>`, `{"Password":"b"}`, `<refresh_token>x</refresh_token>`, `access_token=1`, `passwor`, `client_secre"t"`} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		for _, r := range s {
			if r >= 0x80 {
				return // the search folds letters of other scripts too
			}
		}
		for _, e := range []interface{ MatchString(string) bool }{loginAttributes, passwordMembers, passwordElement, passwordField} {
			if e.MatchString(s) && !namesSecret(s) {
				t.Errorf("%q is spared the search", s)
			}
		}
	})
}

func TestSecretsAreKnownByTheirNames(t *testing.T) {
	m := New(nil, nil, nil)
	for name, secret := range map[string]bool{
		"Authorization": true, "X-Auth-Token": true, "Login": true, "password": true, "X-Client-Secret": true, "X_API_KEY": true, "apikey": true, "Session-Id": true,
		"Content-Type": false, "X-Request-Id": false, "Passport-Number": false, "Sec-WebSocket-Key": false, "Tokenizer": false, "X-Total-Count": false,
	} {
		if m.Secret(name) != secret || !strings.HasPrefix(name, "Auth") && m.SecretQuery(name) != secret {
			t.Errorf("%s: secret %t, as a query parameter %t; expected %t", name, m.Secret(name), m.SecretQuery(name), secret)
		}
	}
	u, err := url.Parse("http://x/a?b=%2F1&access_token=abc&c=2")
	if err != nil {
		t.Fatal(err)
	}
	if got := m.URL(u); strings.Contains(got, "abc") || !strings.Contains(got, "c=2") {
		t.Errorf("the URL is shown as %s", got)
	}
	if u.RawQuery = "b=%2F1&c=2"; m.URL(u) != "http://x/a?b=%2F1&c=2" {
		t.Errorf("a URL without secrets is shown as %s", m.URL(u))
	}
}
