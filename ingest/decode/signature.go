package decode

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"errors"

	"duban/ingest/deadletter"
)

// An action says who acted in which role, and only the product knows that: a person signed
// in, or reached the folder of the instance. Whatever else can write to the topic must not
// be able to speak for a person. So the product signs the bytes of an action, and ingest
// takes no other.

// signatureField opens the member that ends a signed message; 64 hexadecimal digits and
// signatureEnd follow.
const (
	signatureField = `,"signature":"`
	signatureEnd   = `"}`
)

// errNoObject says that bytes cannot be signed.
var errNoObject = errors.New("an action to be signed must be a JSON object with members")

// SignAction adds to the JSON object of an action the member signature: the HMAC-SHA256 of
// the bytes of the object as given, in hexadecimal digits.
func SignAction(key, value []byte) ([]byte, error) {
	value = bytes.TrimSpace(value)
	if len(value) < 3 || value[0] != '{' || value[len(value)-1] != '}' {
		return nil, errNoObject
	}
	out := append(bytes.Clone(value[:len(value)-1]), signatureField...)
	return append(append(out, signature(key, value)...), signatureEnd...), nil
}

func signature(key, value []byte) []byte {
	mac := hmac.New(sha256.New, key)
	_, _ = mac.Write(value) // a hash takes everything
	return hex.AppendEncode(nil, mac.Sum(nil))
}

// unsigned takes the signature off an action. Without a key it is not checked, and may be
// missing.
func (d *Decoder) unsigned(value []byte) ([]byte, *Reject) {
	trimmed := bytes.TrimSpace(value)
	at := len(trimmed) - len(signatureField) - 2*sha256.Size - len(signatureEnd)
	if at < 1 || !bytes.HasPrefix(trimmed[at:], []byte(signatureField)) || !bytes.HasSuffix(trimmed, []byte(signatureEnd)) {
		if d.actionKey == nil {
			return value, nil
		}
		return nil, &Reject{Reason: deadletter.UnsignedAction, Field: "/signature",
			Detail: "actions are taken from the product alone, which signs them; this one ends without a signature"}
	}
	given := trimmed[at+len(signatureField) : len(trimmed)-len(signatureEnd)]
	body := append(bytes.Clone(trimmed[:at]), '}')
	if d.actionKey != nil && !hmac.Equal(given, signature(d.actionKey, body)) {
		return nil, &Reject{Reason: deadletter.UnsignedAction, Field: "/signature",
			Detail: "the signature is not that of this instance's key; every process of an instance needs the same secrets.action_key_file"}
	}
	return body, nil
}
