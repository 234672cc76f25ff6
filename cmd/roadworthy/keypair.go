package main

import (
	"crypto/tls"
	"encoding/pem"
	"fmt"
	"os"
	"strings"

	"github.com/roadworthy-project/roadworthy/specs/yamlfile"
)

// keyPair reads a certificate and its key; the flags name the file that is wrong.
func keyPair(certFlag, certFile, keyFlag, keyFile string) (tls.Certificate, error) {
	for _, one := range [][2]string{{certFlag, certFile}, {keyFlag, keyFile}} {
		text, err := os.ReadFile(one[1])
		if err != nil {
			return tls.Certificate{}, yamlfile.NamedBy(one[0], err)
		}
		if block, _ := pem.Decode(text); block == nil {
			return tls.Certificate{}, fmt.Errorf("%s %s: expected PEM, found none", one[0], one[1])
		}
	}
	pair, err := tls.LoadX509KeyPair(certFile, keyFile)
	if err != nil {
		return pair, fmt.Errorf("%s %s, %s %s: %s", certFlag, certFile, keyFlag, keyFile, strings.TrimPrefix(err.Error(), "tls: "))
	}
	return pair, nil
}
