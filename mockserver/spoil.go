package mockserver

import (
	"net/http"
	"strconv"
)

// spoil lets the faults of the wire and of the status have their way. It may not
// come back: a connection that is reset ends the request.
func (x *exchange) spoil() {
	p, a := x.plan, &x.answer
	x.sleep(p.Delay)
	if p.OKOnError && a.status >= 400 {
		a.status = http.StatusOK
	}
	if p.ContentType != "" {
		a.mediaType = p.ContentType
	}
	if p.Garble && len(a.body) > 0 {
		a.body = append(append([]byte(nil), a.body[:len(a.body)-1]...), " \x01<{"...)
	}
	switch {
	case p.Reset:
		panic(http.ErrAbortHandler)
	case p.Empty:
		a.body, a.tree = nil, nil
	case p.Truncate && len(a.body) > 1:
		x.writePart(len(a.body) / 2)
		panic(http.ErrAbortHandler)
	case p.DripBytes > 0:
		x.drip()
	}
}

// writePart announces the whole body and sends the beginning.
func (x *exchange) writePart(n int) {
	h := x.w.Header()
	h.Set("Content-Type", x.answer.mediaType)
	h.Set("Content-Length", strconv.Itoa(len(x.answer.body)))
	x.w.WriteHeader(x.answer.status)
	_, _ = x.w.Write(x.answer.body[:n])
	_ = http.NewResponseController(x.w).Flush()
}

// drip makes the writer slow; respond writes through it as ever.
func (x *exchange) drip() {
	x.w = &slowWriter{ResponseWriter: x.w, x: x}
}

// slowWriter sends a few bytes at a time.
type slowWriter struct {
	http.ResponseWriter
	x *exchange
}

// Write sends the body in pieces, until the caller goes away.
func (w *slowWriter) Write(b []byte) (int, error) {
	controller := http.NewResponseController(w.ResponseWriter)
	sent := 0
	for sent < len(b) && w.x.r.Context().Err() == nil {
		end := min(sent+w.x.plan.DripBytes, len(b))
		n, err := w.ResponseWriter.Write(b[sent:end])
		sent += n
		if err != nil {
			return sent, err
		}
		if err := controller.Flush(); err != nil {
			return sent, err
		}
		w.x.sleep(w.x.plan.DripDelay)
	}
	return sent, nil
}
