package reports

import (
	"bytes"
	"compress/gzip"
	"encoding/base64"
	"encoding/json"
	"html/template"
)

// packFrom is the size of the exchanges from which they are packed into the page.
const packFrom = 1 << 20

type htmlExchange struct {
	Request  Request  `json:"request"`
	Response Response `json:"response"`
	Curl     string   `json:"curl,omitempty"`
}

// embedExchanges gives the list of exchanges for the page, which reads it when one
// is looked at. A long list is packed as it is written: it never lies here whole.
func embedExchanges(r *Report) (text template.JS, packed bool, err error) {
	list := packing{}
	list.write([]byte("["))
	first := true
	for _, sc := range r.Scenarios {
		for _, st := range sc.Steps {
			if st.Exchange.Empty() {
				continue
			}
			opened := st.Exchange.Open()
			x := htmlExchange{Request: opened.Request, Response: opened.Response}
			if len(st.Deviations) > 0 || st.Status == Error {
				x.Curl = Curl(opened.Request)
			}
			raw, err := json.Marshal(x) // escapes what could end the script element
			if err != nil {
				return "", false, err
			}
			if !first {
				list.write([]byte(","))
			}
			first = false
			list.write(raw)
		}
	}
	list.write([]byte("]"))
	if list.zip == nil {
		return template.JS(list.out.String()), false, nil
	}
	if err := list.zip.Close(); err != nil {
		return "", false, err
	}
	text, err = embed(base64.StdEncoding.EncodeToString(list.out.Bytes()))
	return text, true, err
}

// packing collects a text, packed once it is long.
type packing struct {
	out bytes.Buffer
	zip *gzip.Writer
}

// write cannot fail: a buffer takes whatever is written.
func (p *packing) write(text []byte) {
	if p.zip == nil && p.out.Len()+len(text) > packFrom {
		plain := bytes.Clone(p.out.Bytes())
		p.out.Reset()
		p.zip = gzip.NewWriter(&p.out)
		_, _ = p.zip.Write(plain)
	}
	if p.zip == nil {
		p.out.Write(text)
		return
	}
	_, _ = p.zip.Write(text)
}
