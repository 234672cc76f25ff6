package statement

import (
	"context"
	"crypto"
	"crypto/ed25519"
	"encoding/json"
	"errors"
	"testing"

	"github.com/secure-systems-lab/go-securesystemslib/dsse"
)

// pair makes our key one of the library's.
type pair struct{ key ed25519.PrivateKey }

func (p pair) Sign(_ context.Context, data []byte) ([]byte, error) {
	return ed25519.Sign(p.key, data), nil
}

func (p pair) Verify(_ context.Context, data, sig []byte) error {
	if !ed25519.Verify(p.key.Public().(ed25519.PublicKey), data, sig) {
		return errors.New("does not fit")
	}
	return nil
}

func (p pair) KeyID() (string, error)   { return keyID(p.key.Public().(ed25519.PublicKey)), nil }
func (p pair) Public() crypto.PublicKey { return p.key.Public() }

// What we sign, the reference implementation of DSSE accepts, and the other way round.
func TestEnvelopeIsThatOfTheReference(t *testing.T) {
	key, payload := testKey('a'), []byte(`{"a": "ä"}`)
	ours, err := json.Marshal(seal(PayloadType, payload, key))
	if err != nil {
		t.Fatal(err)
	}
	var theirs dsse.Envelope
	if err := json.Unmarshal(ours, &theirs); err != nil {
		t.Fatal(err)
	}
	verifier, err := dsse.NewEnvelopeVerifier(pair{key})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := verifier.Verify(context.Background(), &theirs); err != nil {
		t.Errorf("the reference refuses our envelope: %v", err)
	}
	signer, err := dsse.NewEnvelopeSigner(pair{key})
	if err != nil {
		t.Fatal(err)
	}
	made, err := signer.SignPayload(context.Background(), PayloadType, payload)
	if err != nil {
		t.Fatal(err)
	}
	text, err := json.Marshal(made)
	if err != nil {
		t.Fatal(err)
	}
	if string(text) != string(ours) {
		t.Errorf("the reference makes\n%s\nand we\n%s", text, ours)
	}
	if err := seal(PayloadType, payload, key).check(key.Public().(ed25519.PublicKey), append(payload, ' ')); err == nil {
		t.Error("another payload was accepted")
	}
}
