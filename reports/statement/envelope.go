package statement

import (
	"crypto/ed25519"
	"encoding/base64"
	"errors"
	"fmt"
)

// envelope is a DSSE envelope (version 1): a payload, what kind it is, and who
// signed it.
type envelope struct {
	PayloadType string      `json:"payloadType"`
	Payload     string      `json:"payload"` // base64
	Signatures  []signature `json:"signatures"`
}

// signature is over the type and the payload together.
type signature struct {
	KeyID string `json:"keyid"`
	Sig   string `json:"sig"` // base64
}

// signed is what a signature is made of: DSSE's pre-authentication encoding, in
// which the lengths keep type and payload apart.
func signed(payloadType string, payload []byte) []byte {
	return append(fmt.Appendf(nil, "DSSEv1 %d %s %d ", len(payloadType), payloadType, len(payload)), payload...)
}

// seal puts a payload into an envelope with one signature.
func seal(payloadType string, payload []byte, key ed25519.PrivateKey) *envelope {
	return &envelope{
		PayloadType: payloadType, Payload: base64.StdEncoding.EncodeToString(payload),
		Signatures: []signature{{
			KeyID: keyID(key.Public().(ed25519.PublicKey)),
			Sig:   base64.StdEncoding.EncodeToString(ed25519.Sign(key, signed(payloadType, payload))),
		}},
	}
}

// check reports an error unless the only signature is that of the key, over the
// type and this payload.
func (e *envelope) check(key ed25519.PublicKey, payload []byte) error {
	sig, err := decodeStrictly(e.Signatures[0].Sig)
	if err != nil {
		return err
	}
	if e.Signatures[0].KeyID != keyID(key) || !ed25519.Verify(key, signed(e.PayloadType, payload), sig) {
		return fmt.Errorf("ed25519: the signature of %s does not fit", e.Signatures[0].KeyID)
	}
	return nil
}

// decodeStrictly reads base64 that is written in the one way in which an encoder writes
// it: without line breaks, and with zeros in the bits that say nothing.
func decodeStrictly(text string) ([]byte, error) {
	out, err := base64.StdEncoding.Strict().DecodeString(text)
	if err != nil {
		return nil, err
	}
	if base64.StdEncoding.EncodeToString(out) != text {
		return nil, errors.New("base64 with something in it that means nothing")
	}
	return out, nil
}
