package admin

import (
	"crypto/hmac"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"net"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"
)

const cookieName = "roadworthy_admin"

// loginTime is how long a browser stays logged in.
const loginTime = 12 * time.Hour

// The bounds of guessing: so many wrong tokens at once from one address, and one
// more after each pause. An address that is beyond them is not listened to.
const (
	guesses      = 30
	guessPause   = time.Second
	maxGuessers  = 4096
	maxLoggedOut = 4096
)

// gate knows who may pass: the token, the cookies that stand for it, and how often
// somebody guessed.
type gate struct {
	token string
	clock func() time.Time

	mu        sync.Mutex
	logins    uint64
	loggedOut map[string]time.Time // cookies that are over before their time
	guessers  map[string]guesser
}

// guesser is an address that presented wrong tokens; left is how many it may still
// present at the time.
type guesser struct {
	left int
	at   time.Time
}

func newGate(token string, clock func() time.Time) *gate {
	return &gate{token: token, clock: clock, loggedOut: map[string]time.Time{}, guessers: map[string]guesser{}}
}

// cookie proves that its holder knew the token, until it ends, without being the token.
func (g *gate) cookie() string {
	g.mu.Lock()
	g.logins++
	login := g.logins
	g.mu.Unlock()
	now := g.clock()
	ends := strconv.FormatInt(now.Add(loginTime).Unix(), 36)
	return g.signed(ends + "." + strconv.FormatInt(now.UnixNano(), 36) + "-" + strconv.FormatUint(login, 36))
}

func (g *gate) signed(text string) string {
	mac := hmac.New(sha256.New, []byte(g.token))
	mac.Write([]byte("roadworthy admin cookie " + text))
	return text + "." + hex.EncodeToString(mac.Sum(nil))
}

// holds checks a cookie: that it was made with this token, and is not over.
func (g *gate) holds(cookie string) bool {
	cut := strings.LastIndexByte(cookie, '.')
	if cut < 0 || !same(cookie, g.signed(cookie[:cut])) {
		return false
	}
	first, _, _ := strings.Cut(cookie, ".")
	ends, err := strconv.ParseInt(first, 36, 64)
	g.mu.Lock()
	_, over := g.loggedOut[cookie]
	g.mu.Unlock()
	return err == nil && !over && g.clock().Unix() < ends
}

// forget ends a cookie before its time.
func (g *gate) forget(cookie string) {
	if !g.holds(cookie) {
		return
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	now := g.clock()
	for c, until := range g.loggedOut {
		if now.After(until) {
			delete(g.loggedOut, c)
		}
	}
	if len(g.loggedOut) < maxLoggedOut {
		g.loggedOut[cookie] = now.Add(loginTime)
	}
}

// knows checks a token that an address presents. Who guessed too often is told to
// wait and is not compared, or guessing would go on at full speed.
func (g *gate) knows(remote, token string) (right bool, wait time.Duration) {
	g.mu.Lock()
	defer g.mu.Unlock()
	address, now := addressOf(remote), g.clock()
	who, seen := g.guessers[address]
	if !seen {
		who = guesser{left: guesses, at: now}
	}
	if more := int(now.Sub(who.at) / guessPause); more > 0 {
		who.left, who.at = min(guesses, who.left+more), now
	}
	switch {
	case who.left == 0:
		return false, who.at.Add(guessPause).Sub(now)
	case same(token, g.token):
		return true, 0
	}
	if len(g.guessers) >= maxGuessers {
		g.forgetGuessers(now)
	}
	who.left--
	g.guessers[address] = who
	return false, 0
}

// forgetGuessers makes room: those who were quiet first, else everybody.
func (g *gate) forgetGuessers(now time.Time) {
	for a, who := range g.guessers {
		if now.Sub(who.at) > guesses*guessPause {
			delete(g.guessers, a)
		}
	}
	if len(g.guessers) >= maxGuessers {
		clear(g.guessers)
	}
}

func addressOf(remote string) string {
	if host, _, err := net.SplitHostPort(remote); err == nil {
		return host
	}
	return remote
}

// same compares in a time that depends on neither text: what is compared are their
// digests, so that not even the length shows.
func same(given, want string) bool {
	a, b := sha256.Sum256([]byte(given)), sha256.Sum256([]byte(want))
	return subtle.ConstantTimeCompare(a[:], b[:]) == 1
}

// mayPass checks the token (in the Authorization header, in the query, or the
// cookie that stands for it), and answers when it is not there or wrong.
func (a *API) mayPass(w http.ResponseWriter, r *http.Request) bool {
	if a.opts.Token == "" {
		return true
	}
	given, inQuery := presented(r)
	if given == "" {
		if c, err := r.Cookie(cookieName); err == nil && a.gate.holds(c.Value) {
			return true
		}
		a.refuse(w, r, "")
		return false
	}
	right, wait := a.gate.knows(r.RemoteAddr, given)
	switch {
	case wait > 0:
		tooOften(w, r, a, wait)
		return false
	case !right:
		a.refuse(w, r, wrongToken)
		return false
	}
	if inQuery {
		a.setCookie(w, r, a.gate.cookie(), loginTime)
	}
	return true
}

// presented gives the token that a request carries.
func presented(r *http.Request) (token string, inQuery bool) {
	if kind, token, _ := strings.Cut(r.Header.Get("Authorization"), " "); strings.EqualFold(kind, "Bearer") && strings.TrimSpace(token) != "" {
		return strings.TrimSpace(token), false
	}
	token = r.URL.Query().Get("token")
	return token, token != ""
}
