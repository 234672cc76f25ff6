package mockserver

import (
	"errors"
	"io"
	"mime"
	"net/http"
	"strconv"
	"strings"

	"github.com/roadworthy-project/roadworthy/specs"
	"github.com/roadworthy-project/roadworthy/specs/schema"
)

// decode reads the body and finds its description.
func (x *exchange) decode() *refusal {
	x.readBody()
	return x.bodyErr
}

// readBody reads and parses the body once. What is wrong with it waits in
// bodyErr, because credentials come first and may be inside.
func (x *exchange) readBody() {
	if x.body != nil {
		return
	}
	x.body = []byte{}
	described := x.op.spec.RequestBody
	if described == nil {
		return
	}
	if twoLengths(x.r) {
		x.bodyErr = &refusal{stage: "decode", reason: "malformed", detail: "the request has both a Content-Length and a Transfer-Encoding; send one of them",
			header: http.Header{"Connection": {"close"}}}
		return
	}
	if coding := x.r.Header.Get("Content-Encoding"); coding != "" && !strings.EqualFold(coding, "identity") {
		x.bodyErr = &refusal{stage: "decode", reason: "media-type", detail: "a body in Content-Encoding " + shown(coding) + " is not read; send it as it is"}
		return
	}
	if x.bodyErr = x.readAll(); x.bodyErr != nil {
		return
	}
	x.entry.RequestBody = x.body
	if len(x.body) == 0 {
		if described.Required {
			x.bodyErr = &refusal{stage: "decode", reason: "malformed", detail: "the operation needs a body and the request has none",
				violations: []schema.Violation{{Kind: schema.Missing, Expected: "a body", Actual: "an empty body"}}}
		}
		return
	}
	x.parse(described)
}

// parse chooses the description by Content-Type, parses and judges.
func (x *exchange) parse(described *specs.Body) {
	contentType := headerValue(x.r.Header["Content-Type"])
	mediaType, charset := contentType, ""
	if strings.IndexByte(contentType, ';') >= 0 {
		parsed, params, err := mime.ParseMediaType(contentType)
		if err == nil {
			mediaType, charset = parsed, params["charset"]
		}
	}
	x.media = described.For(mediaType)
	if contentType == "" && len(described.Media) > 0 {
		x.media = described.Media[0]
	}
	if x.media == nil {
		var names []string
		for _, m := range described.Media {
			names = append(names, m.Type)
		}
		x.bodyErr = &refusal{stage: "decode", reason: "media-type", detail: "Content-Type: expected " + strings.Join(names, " or ") + ", found " + shown(contentType)}
		if !x.mount.callers.inBody || len(described.Media) == 0 {
			return
		}
		// The credentials may be inside all the same.
		x.tree, _ = described.Media[0].Judge(x.body, "")
		return
	}
	if why := x.media.Misframed(contentType, x.body); why != "" {
		x.bodyErr = &refusal{stage: "decode", reason: "malformed", detail: why}
		return
	}
	x.tree, x.found = x.media.Judge(x.body, charset)
	for _, v := range x.found {
		if v.Kind == schema.Malformed {
			x.tree = nil
			x.bodyErr = &refusal{stage: "decode", reason: "malformed", detail: v.Message(), violations: x.found}
			return
		}
	}
	x.tree = x.media.AsJSON(x.tree)
	x.call.Body = x.tree
}

// smallBody is the size up to which a body is read in one piece.
const smallBody = 64 << 10

// readAll reads the body up to the limit.
func (x *exchange) readAll() *refusal {
	limit := x.server.opts.MaxBody
	if x.r.ContentLength > limit {
		return x.tooLarge(limit)
	}
	// A large body is read as it comes: an announcement alone gets no memory.
	if n := x.r.ContentLength; n >= 0 && n <= smallBody {
		x.body = make([]byte, n)
		_, err := io.ReadFull(x.r.Body, x.body)
		return x.readFailed(err)
	}
	body, err := io.ReadAll(http.MaxBytesReader(x.w, x.r.Body, limit))
	var beyond *http.MaxBytesError
	if errors.As(err, &beyond) {
		return x.tooLarge(limit)
	}
	x.body = body
	return x.readFailed(err)
}

func (x *exchange) tooLarge(limit int64) *refusal {
	// The rest of the body is not waited for.
	return &refusal{stage: "decode", reason: "too-large", detail: "the body is larger than " + strconv.FormatInt(limit, 10) + " bytes",
		header: http.Header{"Connection": {"close"}}}
}

func (x *exchange) readFailed(err error) *refusal {
	if err == nil {
		return nil
	}
	x.body = []byte{}
	return &refusal{stage: "decode", reason: "malformed", detail: "the body ended before its announced length: " + err.Error(),
		header: http.Header{"Connection": {"close"}}}
}

// shown cuts what came from outside for a message.
func shown(s string) string {
	if s == "" {
		return "none"
	}
	if len(s) > 80 {
		s = s[:80] + "…"
	}
	return strconv.Quote(s)
}
