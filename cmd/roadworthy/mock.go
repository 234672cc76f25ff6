package main

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/roadworthy-project/roadworthy/mockserver"
	"github.com/roadworthy-project/roadworthy/mockserver/journal"
	"github.com/roadworthy-project/roadworthy/mockserver/state"
	"github.com/roadworthy-project/roadworthy/specs"
)

// drainTime is how long requests under way may take after SIGTERM.
const drainTime = 10 * time.Second

// mockFlags are the flags of the mock command.
type mockFlags struct {
	listen, adminListen, adminToken string
	store, seed, auth, rateLimits   string
	randomSeed                      string
	callbacks, cors                 string
	faults, identities              string
	strict, watch                   bool
	maxBody                         int64
	journal, journalBytes           int
	tlsCert, tlsKey                 string
	mounts                          []string
}

func (a *app) mockCommand() *cobra.Command {
	var f mockFlags
	cmd := &cobra.Command{
		Use:   "mock [CONTRACT…]",
		Short: "Serve the stateful mock of contracts (all built-in ones if none is named)",
		Long: `Serves a mock that behaves as the contracts say and keeps state. It is ready when
it prints one line with "ready" and the address. SIGTERM drains and exits 0.`,
		Example: `  roadworthy mock
  roadworthy mock otms --listen :9000
  roadworthy mock ./petstore.yaml`,
		RunE: func(cmd *cobra.Command, args []string) error { return a.mock(cmd.Context(), args, f) },
	}
	flags := cmd.Flags()
	flags.StringVar(&f.listen, "listen", "127.0.0.1:8080", "address to listen on; port 0 picks one and prints it")
	flags.StringVar(&f.adminListen, "admin-listen", "", "address of the admin API (default: the same listener, under /__admin/)")
	flags.StringVar(&f.adminToken, "admin-token", "", "token that the admin API asks for; generated when listening beyond loopback without one")
	flags.StringVar(&f.store, "store", "memory", "where state is kept: memory, file:PATH, or an address of a Redis server: redis://HOST:PORT/DB, rediss://…, unix:///PATH?db=DB")
	flags.StringVar(&f.seed, "seed", "examples", "state at the start: examples, none, or a folder")
	flags.StringVar(&f.randomSeed, "random-seed", "", "number that makes ids, tokens and the chances of faults the same in every run, for requests in the same order")
	f.auth = "enforce"
	flags.Var(&choice{value: &f.auth, allowed: []string{"enforce", "off"}}, "auth", "check credentials: enforce or off")
	flags.StringVar(&f.rateLimits, "rate-limits", "off", "call limits: off, documented, or a number of calls per second")
	f.callbacks = mockserver.CallbacksLoopback
	flags.Var(&choice{value: &f.callbacks, allowed: []string{mockserver.CallbacksLoopback, mockserver.CallbacksOn, mockserver.CallbacksOff}},
		"callbacks", "where callbacks and webhooks of a contract are sent: loopback (this host only), on (anywhere) or off")
	f.cors = mockserver.CORSLoopback
	flags.Var(&choice{value: &f.cors, allowed: []string{mockserver.CORSLoopback, mockserver.CORSOn, mockserver.CORSOff}},
		"cors", "which pages of a browser may call the mock: loopback (those that this host serves), on (all) or off")
	flags.BoolVar(&f.strict, "strict", false, "refuse unknown fields in a request (default: report them in the journal)")
	flags.StringVar(&f.faults, "faults", "", "YAML file with faults to arm from the start")
	flags.StringVar(&f.identities, "identities", "", "YAML file with more callers than the demo ones")
	flags.Int64Var(&f.maxBody, "max-body", mockserver.DefaultMaxBody, "largest request body in bytes")
	flags.IntVar(&f.journal, "journal", journal.DefaultEntries, "how many requests of each session the journal keeps")
	flags.IntVar(&f.journalBytes, "journal-bytes", journal.DefaultBytes, "how many bytes the journals of all sessions take together; the oldest bodies make room")
	flags.StringVar(&f.tlsCert, "tls-cert", "", "certificate file (PEM) to serve HTTPS")
	flags.StringVar(&f.tlsKey, "tls-key", "", "private key file (PEM) of --tls-cert")
	flags.StringArrayVar(&f.mounts, "mount", nil, "serve a contract below another path: CONTRACT=PREFIX (repeatable)")
	flags.BoolVar(&f.watch, "watch", false, "reload an own contract when its files change; a broken edit keeps the old one serving")
	return cmd
}

func (a *app) mock(ctx context.Context, names []string, f mockFlags) error {
	if (f.tlsCert == "") != (f.tlsKey == "") {
		return usageError("--tls-cert and --tls-key are needed together")
	}
	if f.journal < 1 {
		return usageError("--journal %d: give a number from 1", f.journal)
	}
	if f.journalBytes < 1<<20 {
		return usageError("--journal-bytes %d: give a number from 1048576 (1 MiB)", f.journalBytes)
	}
	mockserver.TuneStart()
	contracts, err := openAll(names)
	if err != nil {
		return err
	}
	mounts, err := parseMounts(f.mounts)
	if err != nil {
		return err
	}
	if f.maxBody < 1 {
		return usageError("--max-body %d: expected 1 or more bytes", f.maxBody)
	}
	if f.tlsCert != "" {
		if _, err := keyPair("--tls-cert", f.tlsCert, "--tls-key", f.tlsKey); err != nil {
			return failWith(exitUsage, err)
		}
	}
	identities, err := readMockIdentities(f.identities)
	if err != nil {
		return err
	}
	token, err := adminToken(f)
	if err != nil {
		return err
	}
	open, err := state.Open(f.store)
	if err != nil {
		return failWith(exitUsage, fmt.Errorf("--store: %w", err))
	}
	faults, err := readFaults(f.faults, contracts)
	if err != nil {
		return err
	}
	random, err := seededRandom(f.randomSeed)
	if err != nil {
		return err
	}
	options := mockserver.Options{
		Rand:    random,
		AuthOff: f.auth == "off", Strict: f.strict, MaxBody: f.maxBody, Store: keptStore(open), Seed: f.seed,
		Mounts: mounts, Identities: identities, RateLimits: f.rateLimits, Callbacks: f.callbacks, CORS: f.cors, AdminToken: token, NoAdmin: f.adminListen != "",
		Journal: journal.Limits{Entries: f.journal, Bytes: f.journalBytes}, Version: versionText(), Log: slog.New(slog.NewTextHandler(a.stderr, nil)),
	}
	main, err := net.Listen("tcp", f.listen)
	if err != nil {
		return usageError("--listen %s: %w. Choose another address, or :0 for any free port.", f.listen, err)
	}
	defer main.Close()
	if options.NoAdmin {
		options.Address = reachable(main.Addr().String())
	}
	serving := &live{}
	server, err := mockserver.New(contracts, options)
	if err == nil {
		err = armFaults(server.Faults(), faults)
	}
	if err != nil {
		return failWith(exitUsage, err)
	}
	defer server.Close()
	mockserver.TuneMemory()
	serving.current.Store(server)
	serving.build = func() (*mockserver.Server, error) {
		contracts, err := openAll(names)
		if err != nil {
			return nil, err
		}
		again := options
		again.Previous = serving.current.Load()
		return mockserver.New(contracts, again)
	}
	listeners := []mockserver.Listener{{Net: main, Server: mockserver.Harden(serving), CertFile: f.tlsCert, KeyFile: f.tlsKey}}
	adminAddress := main.Addr().String()
	if f.adminListen != "" {
		admin, err := net.Listen("tcp", f.adminListen)
		if err != nil {
			return usageError("--admin-listen %s: %w", f.adminListen, err)
		}
		adminAddress = admin.Addr().String()
		listeners = append(listeners, mockserver.Listener{Net: admin, Server: mockserver.Harden(serving.admin()), CertFile: f.tlsCert, KeyFile: f.tlsKey})
	}
	if f.watch {
		go serving.watch(ctx, names, a.stderr)
	}
	a.warn(contracts...)
	a.banner(contracts, f, mounts, main.Addr().String(), adminAddress, token)
	if err := mockserver.Run(ctx, drainTime, listeners...); err != nil {
		return failWith(exitUsage, err)
	}
	return nil
}

func openAll(names []string) ([]*specs.Contract, error) {
	if len(names) == 0 {
		names = specs.BuiltIn()
	}
	type opened struct {
		contract *specs.Contract
		err      error
	}
	results := make([]chan opened, len(names))
	for i, name := range names {
		results[i] = make(chan opened, 1)
		go func() {
			c, err := specs.Open(name)
			results[i] <- opened{c, err}
		}()
	}
	var all []*specs.Contract
	var failed []error
	for _, result := range results {
		o := <-result
		if o.err != nil {
			failed = append(failed, o.err)
			continue
		}
		all = append(all, o.contract)
	}
	if err := errors.Join(failed...); err != nil {
		return nil, failWith(exitUsage, err)
	}
	return all, nil
}

func parseMounts(given []string) (map[string]string, error) {
	mounts := map[string]string{}
	for _, mount := range given {
		name, prefix, ok := strings.Cut(mount, "=")
		if !ok || name == "" || !strings.HasPrefix(prefix, "/") {
			return nil, usageError("--mount %q: expected CONTRACT=/PREFIX", mount)
		}
		mounts[name] = strings.TrimSuffix(prefix, "/")
	}
	return mounts, nil
}

// adminToken gives the token of the admin API. Beyond loopback there is always
// one: what is not given is generated.
func adminToken(f mockFlags) (string, error) {
	address := f.listen
	if f.adminListen != "" {
		address = f.adminListen
	}
	if f.adminToken != "" || onLoopback(address) {
		return f.adminToken, nil
	}
	random := make([]byte, 16)
	if _, err := rand.Read(random); err != nil {
		return "", err
	}
	return hex.EncodeToString(random), nil
}

func onLoopback(address string) bool {
	host, _, err := net.SplitHostPort(address)
	return err == nil && mockserver.OnThisHost(host)
}

// banner tells a person what is served and how to call it; the last line is what
// scripts wait for.
func (a *app) banner(contracts []*specs.Contract, f mockFlags, mounts map[string]string, address, admin, token string) {
	scheme := "http"
	if f.tlsCert != "" {
		scheme = "https"
	}
	url := scheme + "://" + reachable(address)
	for _, c := range contracts {
		prefix, mounted := mounts[c.Name]
		if !mounted {
			prefix = c.BasePath
		}
		fmt.Fprintf(a.stdout, "  %-10s %s%s  %d operations  %s\n", c.Name, url, prefix, len(c.Operations), c.Title)
		if f.auth == "enforce" {
			if credentials := demoCredentials(c); credentials != "" {
				fmt.Fprintf(a.stdout, "  %-10s credentials: %s\n", "", credentials)
			}
		}
	}
	adminURL := scheme + "://" + reachable(admin) + "/__admin/"
	if token != "" {
		adminURL += "?token=" + token
	}
	fmt.Fprintf(a.stdout, "  %-10s %s\n", "admin", adminURL)
	fmt.Fprintf(a.stdout, "ready %s\n", url)
}

// reachable is an address that a person can click: a server that listens on every
// address of its host is reached on loopback.
func reachable(address string) string {
	host, port, err := net.SplitHostPort(address)
	if ip := net.ParseIP(host); err != nil || ip == nil || !ip.IsUnspecified() {
		return address
	}
	return net.JoinHostPort("127.0.0.1", port)
}

// tokenAs says how a token is sent: by the first scheme that takes one.
func tokenAs(schemes []specs.AuthScheme, who specs.Identity) string {
	token := who.Token
	for _, s := range schemes {
		switch s.Type {
		case "bearer":
			return "bearer " + token
		case "header":
			return s.Name + ": " + token
		case "query":
			return "?" + s.Name + "=" + token
		case "cookie":
			return "cookie " + s.Name + "=" + token
		case "basic":
			return "login " + who.Login + " password " + who.Password
		}
	}
	return "bearer " + token
}

func demoCredentials(c *specs.Contract) string {
	var all []string
	for _, identity := range c.Auth.Identities {
		switch {
		case identity.Token != "":
			all = append(all, tokenAs(c.Auth.Schemes, identity)+" ("+identity.Name+")")
		case identity.Login != "":
			all = append(all, fmt.Sprintf("login %s password %s (%s)", identity.Login, identity.Password, identity.Name))
		}
	}
	return strings.Join(all, ", ")
}
