package mockserver_test

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/roadworthy-project/roadworthy/mockserver"
	"github.com/roadworthy-project/roadworthy/mockserver/redis"
	"github.com/roadworthy-project/roadworthy/mockserver/redis/redistest"
	"github.com/roadworthy-project/roadworthy/mockserver/state"
)

const guarded = `
openapi: 3.0.3
info: {title: Guarded, version: "1"}
servers: [{url: /guarded}]
security: [{query: []}, {header: []}, {cookie: []}]
paths:
  /things:
    post:
      requestBody: {content: {application/json: {schema: {type: object, properties: {name: {type: string, maxLength: 5}}}}}}
      responses: {"201": {description: made}, "400": {description: bad}, "401": {description: who}}
components:
  securitySchemes:
    query: {type: apiKey, in: query, name: key}
    header: {type: apiKey, in: header, name: X-Own}
    cookie: {type: apiKey, in: cookie, name: c}
`

// Whoever reads what the store holds, or asks the admin API, learns no credentials:
// neither good nor bad ones.
func TestSecretsStayInTheProcess(t *testing.T) {
	const secret = "s3cr3t-4711"
	for name, place := range map[string]func(t *testing.T) (address string, read func() string){
		"memory": func(t *testing.T) (string, func() string) { return "memory", func() string { return "" } },
		"file": func(t *testing.T) (string, func() string) {
			path := filepath.Join(t.TempDir(), "state.log")
			return "file:" + path, func() string { return textOf(t, path) }
		},
		"redis": func(t *testing.T) (string, func() string) {
			url := redistest.Start(t).URL()
			return url, func() string { return everything(t, url) }
		},
	} {
		t.Run(name, func(t *testing.T) {
			address, read := place(t)
			store, err := state.Open(address)
			if err != nil {
				t.Fatal(err)
			}
			_, web := start(t, mockserver.Options{Store: store}, open(t, "otms"), open(t, "transeu"), bare(t, guarded))
			sent := 0
			call := func(method, path, body string, header http.Header) {
				r := request(t, method, web.URL+path, []byte(body))
				for name, values := range header {
					r.Header[name] = values
				}
				send(t, r)
				sent++
			}
			own := func(name string, value ...string) http.Header {
				return http.Header{name: value, "Content-Type": {"application/json"}}
			}
			call("POST", orders, string(order("A")), own("Authorization", "Bearer "+secret))
			call("POST", orders+"?access_token="+secret, `{`, own("Authorization", secret))
			for _, credentials := range []string{`login="` + secret + `" password="` + secret + `"`, `login = '` + secret + `' password=` + secret, `login="` + strings.Repeat(secret, 40) + `" password=""`} {
				call("POST", "/ws/orderRevenue", strings.Replace(revenue, `version="0.1"`, `version="0.1" `+credentials, 1), http.Header{"Content-Type": {"application/xml"}})
			}
			call("POST", "/guarded/things?key="+secret, `{"name":"Rex"}`, own("X-Own", secret))
			call("POST", "/guarded/things", `{"name":"too long"}`, own("Cookie", "c="+secret+"; colour=blue; session="+secret))
			call("POST", "/guarded/things?key="+secret, `{"name":"Rex","key":"`+secret+`"}`, own("X-Api-Key", secret))

			// The cookie of the contract is a way in.
			r := request(t, "POST", web.URL+"/guarded/things", []byte(`{"name":"Rex"}`))
			r.Header.Set("Cookie", "c=demo")
			if resp, body := send(t, r); resp.StatusCode != 201 {
				t.Errorf("expected the token in the cookie to be taken, found %d %s", resp.StatusCode, body)
			}

			kept := read()
			if at := strings.Index(kept, secret); at >= 0 {
				t.Errorf("the store holds a secret: …%s…", kept[max(0, at-200):min(len(kept), at+100)])
			}
			if name == "redis" && strings.Count(kept, "***") < sent {
				t.Errorf("expected the journal in what Redis holds, found %s", kept)
			}
			a := newAdminClient(t, web.URL)
			for _, path := range []string{"requests", "requests?format=har", "requests/unmatched", "snapshot"} {
				if _, body := a.call("GET", path, nil, 200); strings.Contains(string(body), secret) {
					t.Errorf("%s tells a secret: %s", path, body)
				}
			}
			if _, body := a.call("GET", "requests?text="+secret, nil, 200); strings.Contains(string(body), `"id"`) {
				t.Errorf("the search finds a secret, so that it can be guessed: %s", body)
			}
			// What is masked cannot be verified, and the answer says so.
			_, body := a.call("POST", "requests/verify", `{"request":{"urlPath":"/guarded/things","cookies":{"c":{"equalTo":"`+secret+`"}}}}`, 422)
			if !strings.Contains(string(body), "*** stands for a secret") {
				t.Errorf("expected the reason why a secret fits nothing, found %s", body)
			}
			a.call("POST", "requests/verify", `{"request":{"headers":{"X-Own":{"equalTo":"***"}}}}`, 200)
			a.call("POST", "requests/verify", `{"request":{"cookies":{"colour":{"equalTo":"blue"},"c":{"equalTo":"***"},"session":{"equalTo":"***"}}}}`, 200)
		})
	}
}

func textOf(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// everything is all that a Redis server holds.
func everything(t *testing.T, url string) string {
	t.Helper()
	ctx := context.Background()
	client, err := redis.Open(ctx, url)
	if err != nil {
		t.Fatal(err)
	}
	defer client.Close()
	do := func(command ...any) any {
		reply, err := client.Do(ctx, command...)
		if err != nil {
			t.Fatal(err)
		}
		return reply
	}
	var all strings.Builder
	for _, key := range redis.Texts(do("KEYS", "*")) {
		kind := fmt.Sprint(do("TYPE", key))
		read := map[string][]any{"string": {"GET", key}, "hash": {"HGETALL", key}, "list": {"LRANGE", key, 0, -1}, "set": {"SMEMBERS", key},
			"zset": {"ZRANGE", key, 0, -1}, "stream": {"XRANGE", key, "-", "+"}}[kind]
		if read == nil {
			t.Fatalf("a key of an unknown kind: %s %s", key, kind)
		}
		fmt.Fprintf(&all, "%s %v\n", key, do(read...))
	}
	return all.String()
}
