package identity

import (
	"bytes"
	"crypto/ed25519"
	"encoding/base64"
	"encoding/json"
	"errors"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"
)

var errMalformed = errors.New("the identity token is malformed")

func parseToken(token string) (header, claims object, signature []byte, err error) {
	parts := strings.Split(token, ".")
	if len(token) > longestToken || len(parts) != 3 {
		return nil, nil, nil, errMalformed
	}
	if signature, err = decodePart(parts[2]); err != nil || len(signature) != ed25519.SignatureSize {
		return nil, nil, nil, errMalformed
	}
	if header, err = decodeObject(parts[0]); err != nil {
		return nil, nil, nil, err
	}
	claims, err = decodeObject(parts[1])
	return header, claims, signature, err
}

// Base64url in the one spelling that its bytes have. The decoder skips line ends and, by default, ignores spare bits.
func decodePart(part string) ([]byte, error) {
	raw, err := base64.RawURLEncoding.DecodeString(part)
	if err != nil || base64.RawURLEncoding.EncodeToString(raw) != part {
		return nil, errMalformed
	}
	return raw, nil
}

// An object keeps its members by their exact names: a struct of encoding/json would take "SUB" for "sub".
type object map[string]json.RawMessage

func decodeObject(part string) (object, error) {
	raw, err := decodePart(part)
	if err != nil {
		return nil, err
	}
	return parseObject(raw)
}

// A JSON object in UTF-8 whose members have distinct names: encoding/json keeps the last of two, others the first.
func parseObject(raw []byte) (object, error) {
	if !utf8.Valid(raw) || !json.Valid(raw) {
		return nil, errMalformed
	}
	decoder := json.NewDecoder(bytes.NewReader(raw))
	if open, err := decoder.Token(); err != nil || open != json.Delim('{') {
		return nil, errMalformed
	}
	members := object{}
	for decoder.More() {
		token, err := decoder.Token()
		name, isText := token.(string)
		var value json.RawMessage
		if err != nil || !isText || members.has(name) || decoder.Decode(&value) != nil {
			return nil, errMalformed
		}
		members[name] = value
	}
	return members, nil
}

func (o object) has(name string) bool {
	_, ok := o[name]
	return ok
}

func (o object) text(name string) (string, bool) {
	var text string
	value := o[name]
	if len(value) == 0 || value[0] != '"' || json.Unmarshal(value, &text) != nil {
		return "", false
	}
	return text, true
}

var wholeNumber = regexp.MustCompile(`^(0|[1-9][0-9]{0,14})$`)

func (o object) seconds(name string) (int64, bool) {
	if !wholeNumber.Match(o[name]) {
		return 0, false
	}
	seconds, err := strconv.ParseInt(string(o[name]), 10, 64)
	return seconds, err == nil
}
