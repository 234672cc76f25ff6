package main

import (
	"crypto/tls"
	"fmt"
	"net"
	"net/http"
	"strings"
	"time"

	"github.com/spf13/cobra"
)

// healthCommand asks a mock whether it is up: the health check of an image that
// holds no other program.
func (a *app) healthCommand() *cobra.Command {
	var listen, admin string
	cmd := &cobra.Command{
		Use:   "health",
		Short: "Ask a running mock whether it is up; exit 0 if it is, 3 if not",
		Example: `  roadworthy health
  roadworthy health --listen 127.0.0.1:9000
  ROADWORTHY_ADMIN_LISTEN=0.0.0.0:8081 roadworthy health`,
		Args: exactly(0, ""),
		RunE: func(cmd *cobra.Command, _ []string) error {
			flag := "--listen"
			if admin != "" {
				listen, flag = admin, "--admin-listen" // that is where the mock tells its health then
			}
			host, port, err := net.SplitHostPort(listen)
			if err != nil {
				return usageError("%s %q: %w", flag, listen, err)
			}
			if ip := net.ParseIP(host); host == "" || ip != nil && ip.IsUnspecified() {
				host = "127.0.0.1"
			}
			client := &http.Client{Timeout: 2 * time.Second, Transport: &http.Transport{TLSClientConfig: &tls.Config{InsecureSkipVerify: true}}}
			var failed []string
			for _, scheme := range []string{"http", "https"} {
				response, err := client.Get(scheme + "://" + net.JoinHostPort(host, port) + "/__admin/health")
				if err != nil {
					failed = append(failed, err.Error())
					continue
				}
				response.Body.Close()
				if response.StatusCode == http.StatusOK {
					fmt.Fprintln(a.stdout, "up")
					return nil
				}
				failed = append(failed, "answered "+response.Status)
			}
			return failWith(exitInconclusive, fmt.Errorf("no mock is up at %s: %s", listen, strings.Join(failed, "; ")))
		},
	}
	cmd.Flags().StringVar(&listen, "listen", "127.0.0.1:8080", "address that the mock listens on")
	cmd.Flags().StringVar(&admin, "admin-listen", "", "address of its admin API, where that has one of its own")
	return cmd
}
