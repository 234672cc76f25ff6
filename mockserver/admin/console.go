package admin

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/base64"
	"html/template"
	"net/http"
	"strings"

	"github.com/roadworthy-project/roadworthy/reports/design"
)

//go:embed console
var consoleFiles embed.FS

// consoleScripts are joined into one, in this order, behind the script of the design.
func consoleScripts() []string {
	return []string{"core.js", "first.js", "requests.js", "detail.js", "edit.js", "state.js", "outcomes.js", "faults.js", "try.js", "contract.js", "start.js"}
}

// consolePolicy lets the page load its own two files and talk to its own server,
// and nothing else.
const consolePolicy = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; " +
	"base-uri 'none'; form-action 'self'; frame-ancestors 'none'"

// console is the page for people: its files, put together once.
type console struct {
	files       map[string]asset
	login       *template.Template
	loginPolicy string
	loginStyle  template.CSS
}

type asset struct {
	mediaType, tag string
	body           []byte
}

// newConsole puts it together; with a token there is a way to log out.
func newConsole(token bool) *console {
	c := &console{files: map[string]asset{}}
	scripts := design.JS()
	for _, name := range consoleScripts() {
		scripts += "\n" + consoleFile(name)
	}
	style := design.CSS() + consoleFile("console.css")
	page := consoleFile("index.html")
	if token {
		page = strings.Replace(page, `id="logout" hidden`, `id="logout"`, 1)
	}
	c.add("", "text/html; charset=utf-8", page)
	c.add("console.css", "text/css; charset=utf-8", style)
	c.add("console.js", "text/javascript; charset=utf-8", scripts)
	c.add("icon.svg", "image/svg+xml", consoleFile("icon.svg"))
	// The login page stands alone: without the token nothing else is answered.
	c.loginStyle = template.CSS(style)
	c.login = template.Must(template.New("login").Parse(consoleFile("login.html")))
	hash := sha256.Sum256([]byte(style))
	c.loginPolicy = "default-src 'none'; style-src 'sha256-" + base64.StdEncoding.EncodeToString(hash[:]) +
		"'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
	return c
}

// consoleFile reads an embedded file; that it is there is known when the package is built.
func consoleFile(name string) string {
	text, err := consoleFiles.ReadFile("console/" + name)
	if err != nil {
		panic(err)
	}
	return string(text)
}

func (c *console) add(name, mediaType, body string) {
	sum := sha256.Sum256([]byte(body))
	c.files[name] = asset{mediaType, `"` + base64.RawURLEncoding.EncodeToString(sum[:12]) + `"`, []byte(body)}
}

// serve answers with a file of the console; false when there is none of that name.
func (c *console) serve(w http.ResponseWriter, r *http.Request, name string) bool {
	f, ok := c.files[name]
	if !ok {
		return false
	}
	h := w.Header()
	h.Set("Content-Security-Policy", consolePolicy)
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	h.Set("Content-Type", f.mediaType)
	h.Set("Cache-Control", "no-cache")
	h.Set("ETag", f.tag)
	if r.Header.Get("If-None-Match") == f.tag {
		w.WriteHeader(http.StatusNotModified)
		return true
	}
	_, _ = w.Write(f.body)
	return true
}

// askForToken answers a browser with the login form.
func (c *console) askForToken(w http.ResponseWriter, status int, wrong string) {
	var page bytes.Buffer
	if err := c.login.Execute(&page, map[string]any{"Style": c.loginStyle, "Wrong": wrong, "Action": Prefix + "login"}); err != nil {
		writeProblem(w, err)
		return
	}
	h := w.Header()
	h.Set("Content-Security-Policy", c.loginPolicy)
	h.Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	_, _ = w.Write(page.Bytes())
}

// wantsPage tells a browser that opens a page from everything else.
func wantsPage(r *http.Request) bool {
	return (r.Method == http.MethodGet || r.Method == http.MethodHead) && strings.Contains(r.Header.Get("Accept"), "text/html")
}
