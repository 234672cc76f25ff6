package statement

import (
	"crypto/ed25519"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
)

// ParsePrivateKey reads an ed25519 private key in PEM (PKCS #8), as
// "openssl genpkey -algorithm ed25519" writes it.
func ParsePrivateKey(source []byte) (ed25519.PrivateKey, error) {
	block, _ := pem.Decode(source)
	if block == nil {
		return nil, errors.New("expected a PEM file with a PRIVATE KEY; make one with: openssl genpkey -algorithm ed25519")
	}
	if block.Type != "PRIVATE KEY" {
		return nil, fmt.Errorf("expected a PRIVATE KEY, found a %s; make one with: openssl genpkey -algorithm ed25519", block.Type)
	}
	key, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	if err != nil {
		return nil, fmt.Errorf("private key: %w", err)
	}
	private, ok := key.(ed25519.PrivateKey)
	if !ok {
		return nil, fmt.Errorf("expected an ed25519 private key, found %T", key)
	}
	return private, nil
}

// ParsePublicKey reads an ed25519 public key in PEM (PKIX).
func ParsePublicKey(source []byte) (ed25519.PublicKey, error) {
	block, _ := pem.Decode(source)
	if block == nil {
		return nil, errors.New("expected a PEM file with a PUBLIC KEY; make one with: openssl pkey -in key.pem -pubout")
	}
	if block.Type != "PUBLIC KEY" {
		return nil, fmt.Errorf("expected a PUBLIC KEY, found a %s; make one with: openssl pkey -in key.pem -pubout", block.Type)
	}
	key, err := x509.ParsePKIXPublicKey(block.Bytes)
	if err != nil {
		return nil, fmt.Errorf("public key: %w", err)
	}
	public, ok := key.(ed25519.PublicKey)
	if !ok {
		return nil, fmt.Errorf("expected an ed25519 public key, found %T", key)
	}
	return public, nil
}

// EncodePublicKey writes the public half of a key in PEM.
func EncodePublicKey(key ed25519.PrivateKey) ([]byte, error) {
	der, err := x509.MarshalPKIXPublicKey(key.Public())
	if err != nil {
		return nil, err
	}
	return pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der}), nil
}
