package reports

import (
	"fmt"
	"slices"
	"strings"
)

// exchangeText writes an exchange as the two messages that went over the wire.
func exchangeText(x Exchange) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s %s\n", x.Request.Method, x.Request.URL)
	writeHeaders(&b, x.Request.Headers)
	writeBody(&b, x.Request.Body, x.Request.BodyCut)
	b.WriteString("\n")
	if x.Response.Status == 0 {
		fmt.Fprintf(&b, "no response: %s", x.Response.Error)
		return b.String()
	}
	fmt.Fprintf(&b, "HTTP %d\n", x.Response.Status)
	writeHeaders(&b, x.Response.Headers)
	writeBody(&b, x.Response.Body, x.Response.BodyCut)
	return strings.TrimRight(b.String(), "\n")
}

func writeHeaders(b *strings.Builder, headers map[string][]string) {
	names := make([]string, 0, len(headers))
	for name := range headers {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		for _, value := range headers[name] {
			fmt.Fprintf(b, "%s: %s\n", name, value)
		}
	}
}

func writeBody(b *strings.Builder, body string, cut int) {
	if body != "" {
		b.WriteString("\n" + body + "\n")
	}
	if cut > 0 {
		fmt.Fprintf(b, "… %d more bytes\n", cut)
	}
}
