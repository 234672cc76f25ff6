package main

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/http"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/roadworthy-project/roadworthy/conformance/har"
	"github.com/roadworthy-project/roadworthy/conformance/mask"
	"github.com/roadworthy-project/roadworthy/conformance/proxy"
	"github.com/roadworthy-project/roadworthy/conformance/traffic"
	"github.com/roadworthy-project/roadworthy/conformance/verdict"
	"github.com/roadworthy-project/roadworthy/reports"
	"github.com/roadworthy-project/roadworthy/specs"
)

// proxyFlags are the flags of proxy.
type proxyFlags struct {
	upstream, listen, mode, sides, failOn string
	record, recordScenarios               string
	tlsCert, tlsKey                       string
	maxBody                               int64
	toUpstream                            runFlags
	out                                   output
}

func (a *app) proxyCommand() *cobra.Command {
	f := proxyFlags{mode: proxy.Report, sides: "both", failOn: "error"}
	cmd := &cobra.Command{
		Use:   "proxy CONTRACT --upstream URL",
		Short: "Stand between a real client and a real server and judge both by the contract",
		Long: `Forwards everything to the upstream and judges every request and response that
calls an operation of the contract. Each deviation is printed on standard error
when it is first met.

With --mode enforce a request that deviates is answered with 400 and not
forwarded, and a response that deviates is held back and answered with 502; both
as application/problem+json that names the deviations. What cannot be judged
(other paths, bodies over --max-body, event streams) streams through in both modes.

Runs until SIGINT or SIGTERM: that is how a proxy ends, and not an interruption.
It then finishes what is under way, writes the reports and exits. Exit 0: no
deviation. Exit 1: deviations. Exit 3: nothing called an operation.`,
		Example: `  roadworthy proxy transeu --upstream https://staging.example.com --listen 127.0.0.1:8081
  roadworthy proxy otms --upstream http://127.0.0.1:8080 --record traffic.har --record-scenarios recorded/`,
		Args: exactly(1, "a CONTRACT"),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := f.out.check(); err != nil {
				return err
			}
			contract, err := specs.Open(args[0])
			if err != nil {
				return err
			}
			return a.runProxy(cmd.Context(), contract, f)
		},
	}
	f.out.flags(cmd)
	flags := cmd.Flags()
	flags.StringVar(&f.upstream, "upstream", "", "base URL of the real server: http://, https:// or h2c:// (HTTP/2 without TLS)")
	flags.StringVar(&f.listen, "listen", "127.0.0.1:8081", "address to listen on; port 0 picks one and prints it")
	flags.Var(&choice{value: &f.mode, allowed: proxy.Modes()}, "mode", "report what deviates, or enforce the contract")
	flags.Var(&choice{value: &f.sides, allowed: traffic.Sides()}, "judge", "what is judged: both, requests or responses")
	flags.Var(&choice{value: &f.failOn, allowed: verdict.FailOn()}, "fail-on", "exit 1 on: error, warning or never")
	flags.StringVar(&f.record, "record", "", "write the traffic of the contract to this HAR file, secrets masked")
	flags.StringVar(&f.recordScenarios, "record-scenarios", "", "write the traffic as scenarios into this folder, secrets left out")
	flags.Int64Var(&f.maxBody, "max-body", 8<<20, "largest body that is judged, in bytes; larger ones pass")
	flags.StringVar(&f.tlsCert, "tls-cert", "", "certificate to listen with (PEM)")
	flags.StringVar(&f.tlsKey, "tls-key", "", "private key of --tls-cert (PEM)")
	flags.StringVar(&f.toUpstream.caFile, "ca-file", "", "certificate authorities to trust (PEM)")
	flags.StringVar(&f.toUpstream.clientCert, "client-cert", "", "client certificate for the upstream (PEM)")
	flags.StringVar(&f.toUpstream.clientKey, "client-key", "", "private key of --client-cert (PEM)")
	flags.BoolVar(&f.toUpstream.insecure, "insecure", false, "do not check the upstream's certificate")
	return cmd
}

func (a *app) runProxy(ctx context.Context, contract *specs.Contract, f proxyFlags) error {
	o := proxy.Options{Mode: f.mode, Sides: f.sides, MaxBody: f.maxBody, Version: versionText(), Live: a.printLive, Failed: a.printFailed}
	transport, err := f.toUpstream.transport()
	if err != nil {
		return failWith(exitUsage, err)
	}
	from, _ := transport.(*http.Transport)
	o.Transport = proxy.Transport(from, strings.HasPrefix(f.upstream, "h2c://"))
	recording, err := a.recording(contract, f, &o)
	if err != nil {
		return failWith(exitUsage, err)
	}
	handler, err := proxy.New(contract, f.upstream, o)
	if err != nil {
		return failWith(exitUsage, err)
	}
	if err := a.serveProxy(ctx, handler, f); err != nil {
		return failWith(exitUsage, err)
	}
	recordErr := errors.Join(handler.Close(), recording())
	report := handler.Report()
	a.listUnmatched(handler.Unmatched())
	if err := reports.Terminal(a.stdout, report, a.terminal(false, "")); err != nil {
		return err
	}
	if err := errors.Join(a.writeReport(report, f.out), recordErr); err != nil {
		return failWith(exitUsage, err)
	}
	return quietly(verdict.Exit(report, f.failOn, nil))
}

// recording prepares what is recorded; finish writes the end of it.
func (a *app) recording(contract *specs.Contract, f proxyFlags, o *proxy.Options) (finish func() error, err error) {
	var archive *har.Writer
	if f.record != "" {
		if archive, err = har.Create(f.record, versionText()); err != nil {
			return nil, err
		}
	}
	var recorder *proxy.Recorder
	if f.recordScenarios != "" {
		recorder = proxy.NewRecorder(contract)
	}
	if archive == nil && recorder == nil {
		return func() error { return nil }, nil
	}
	o.Record = func(j *traffic.Judged, m *mask.Masker) error {
		if recorder != nil {
			recorder.Add(j)
		}
		if archive != nil {
			return archive.Write(j.Exchange, m)
		}
		return nil
	}
	return func() error {
		var problems []error
		if archive != nil {
			problems = append(problems, archive.Close())
		}
		if recorder != nil {
			written, left, err := recorder.Write(f.recordScenarios)
			problems = append(problems, err)
			for _, why := range left {
				fmt.Fprintln(a.stderr, "not recorded as a scenario: "+reports.OneLine(why, 300))
			}
			fmt.Fprintf(a.stderr, "%d scenarios in %s\n", written, f.recordScenarios)
		}
		return errors.Join(problems...)
	}, nil
}

// serveProxy listens until the context ends, then drains.
func (a *app) serveProxy(ctx context.Context, handler http.Handler, f proxyFlags) error {
	if (f.tlsCert == "") != (f.tlsKey == "") {
		return errors.New("--tls-cert and --tls-key are needed together")
	}
	server := &http.Server{Handler: handler, ReadHeaderTimeout: 10 * time.Second, IdleTimeout: 2 * time.Minute, MaxHeaderBytes: 1 << 20, Protocols: new(http.Protocols)}
	server.Protocols.SetHTTP1(true)
	server.Protocols.SetHTTP2(true)
	server.Protocols.SetUnencryptedHTTP2(true)
	scheme := "http"
	if f.tlsCert != "" {
		pair, err := keyPair("--tls-cert", f.tlsCert, "--tls-key", f.tlsKey)
		if err != nil {
			return err
		}
		scheme, server.TLSConfig = "https", &tls.Config{MinVersion: tls.VersionTLS12, Certificates: []tls.Certificate{pair}}
	}
	listener, err := net.Listen("tcp", f.listen)
	if err != nil {
		return err
	}
	fmt.Fprintf(a.stderr, "proxy to %s, mode %s; end it with Ctrl-C\nready %s://%s\n", reports.OneLine(f.upstream, 200), f.mode, scheme, listener.Addr())
	ended := make(chan error, 1)
	go func() {
		if f.tlsCert != "" {
			ended <- server.ServeTLS(listener, "", "")
		} else {
			ended <- server.Serve(listener)
		}
	}()
	select {
	case err := <-ended:
		return err
	case <-ctx.Done():
	}
	drain, cancel := context.WithTimeout(context.WithoutCancel(ctx), drainTime)
	defer cancel()
	if err := server.Shutdown(drain); err != nil {
		return errors.Join(server.Close(), nil)
	}
	return nil
}

// printLive writes a deviation on one line.
func (a *app) printLive(l proxy.Line) {
	d := l.Deviation
	held := ""
	if l.Blocked {
		held = ", held back"
	}
	where := d.In
	if d.Path != "" {
		where += " " + d.Path
	}
	fmt.Fprintf(a.stderr, "%s: %s %s %d: %s of %s: %s: %s: expected %s, found %s%s [%s]\n", d.Severity, l.Exchange.Method,
		reports.OneLine(l.URL, 160), l.Exchange.Status, d.Step, d.Operation, reports.OneLine(where, 160), d.Kind,
		reports.OneLine(d.Expected, 160), reports.OneLine(d.Actual, 160), held, d.ID)
}

// printFailed says that the upstream gave no answer.
func (a *app) printFailed(x *traffic.Exchange, why string) {
	fmt.Fprintf(a.stderr, "no answer: %s %s: %s\n", x.Method, reports.OneLine(x.URL.Path, 160), reports.OneLine(why, 160))
}
