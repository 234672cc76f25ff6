package redis

import (
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/url"
	"strconv"
	"strings"
)

// forms is what an address may look like.
const forms = "redis://[USER:PASSWORD@]HOST[:PORT][/DB], rediss:// for the same over TLS, or unix://[USER:PASSWORD@]/PATH[?db=DB]"

// Is tells whether a text is meant to be an address of a Redis server.
func Is(text string) bool {
	scheme, _, found := strings.Cut(text, "://")
	return found && (scheme == "redis" || scheme == "rediss" || scheme == "unix")
}

// Parse reads an address. It does not connect. No error shows the password.
func Parse(text string) (*Client, error) {
	u, err := url.Parse(text)
	if err != nil {
		// The whole error would show the address, password and all.
		var inner *url.Error
		if errors.As(err, &inner) {
			err = inner.Err
		}
		return nil, fmt.Errorf("the address of the Redis server cannot be read: %w. Expected %s; write special characters of a password as %%XX", err, forms)
	}
	c := &Client{network: "tcp", user: u.User.Username()}
	c.password, _ = u.User.Password()
	db, query := strings.Trim(u.Path, "/"), u.Query()
	switch {
	case u.Scheme == "unix" && u.Host == "" && len(u.Path) > 1:
		c.network, c.addr, db = "unix", u.Path, query.Get("db")
		query.Del("db")
	case (u.Scheme == "redis" || u.Scheme == "rediss") && u.Hostname() != "":
		port := u.Port()
		if port == "" {
			port = "6379"
		}
		c.addr = net.JoinHostPort(u.Hostname(), port)
	default:
		return nil, fmt.Errorf("expected %s, found %q", forms, u.Redacted())
	}
	if db != "" {
		if c.db, err = strconv.Atoi(db); err != nil || c.db < 0 {
			return nil, fmt.Errorf("the database of %s: expected a number, found %q", u.Redacted(), db)
		}
	}
	if len(query) > 0 {
		return nil, fmt.Errorf("%s: parameters are not known here. Expected %s", u.Redacted(), forms)
	}
	if u.Scheme == "rediss" {
		c.secure = &tls.Config{ServerName: u.Hostname(), MinVersion: tls.VersionTLS12}
	}
	return c, nil
}
