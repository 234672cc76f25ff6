// Package proxy stands between a real client and a real server and judges what goes
// through.
//
// In the mode report nothing is held up: bytes pass as they come, and the exchange is
// judged when it is over, on another goroutine. In the mode enforce a request is
// judged before it is forwarded (a deviation is answered with 400 and a problem
// document), and a response before it is passed on (502).
//
// What has nothing to be judged streams in both modes: requests of no operation,
// bodies over the limit, media types without a schema, server-sent events, upgrades.
//
// All rules are those of conformance/judge, by way of conformance/traffic.
//
// Read proxy.go first, then handler.go.
package proxy
