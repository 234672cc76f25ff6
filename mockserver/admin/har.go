package admin

import (
	"net/url"

	"github.com/roadworthy-project/roadworthy/mockserver/journal"
)

// har gives entries as an HTTP archive (HAR 1.2), without secrets.
func har(entries []*journal.Entry, version string) map[string]any {
	list := []any{}
	for _, e := range entries {
		list = append(list, harEntry(e))
	}
	return map[string]any{"log": map[string]any{
		"version": "1.2",
		"creator": map[string]any{"name": "roadworthy", "version": version},
		"entries": list,
	}}
}

func harEntry(e *journal.Entry) map[string]any {
	r := e.Render()
	host := ""
	for _, h := range r.Request.Headers {
		if h.Name == "Host" {
			host = h.Value
		}
	}
	if host == "" {
		host = "localhost"
	}
	scheme := "http://"
	if e.TLS {
		scheme = "https://"
	}
	request := map[string]any{
		"method": r.Request.Method, "url": scheme + host + r.Request.URL, "httpVersion": e.Proto,
		"cookies": []any{}, "headers": r.Request.Headers, "queryString": queryString(r.Request.URL),
		"headersSize": -1, "bodySize": e.RequestSize,
	}
	if len(e.RequestBody) > 0 {
		request["postData"] = map[string]any{"mimeType": value(r.Request.Headers, "Content-Type"), "text": r.Request.Body}
	}
	return map[string]any{
		"startedDateTime": r.Time, "time": r.DurationMs, "request": request,
		"response": map[string]any{
			"status": r.Response.Status, "statusText": "", "httpVersion": e.Proto, "cookies": []any{}, "headers": r.Response.Headers,
			"content":     map[string]any{"size": e.ResponseSize, "mimeType": value(r.Response.Headers, "Content-Type"), "text": r.Response.Body},
			"redirectURL": "", "headersSize": -1, "bodySize": e.ResponseSize,
		},
		"cache":   map[string]any{},
		"timings": map[string]any{"send": 0, "wait": r.DurationMs, "receive": 0},
		"comment": r.Contract + " " + r.Operation,
	}
}

func value(headers []journal.Header, name string) string {
	for _, h := range headers {
		if h.Name == name {
			return h.Value
		}
	}
	return ""
}

func queryString(raw string) []any {
	list := []any{}
	u, err := url.Parse(raw)
	if err != nil {
		return list
	}
	for _, name := range sortedKeys(u.Query()) {
		for _, v := range u.Query()[name] {
			list = append(list, map[string]any{"name": name, "value": v})
		}
	}
	return list
}
