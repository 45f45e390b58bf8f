package identity

import (
	"errors"
	"strings"
	"time"
	"unicode"
	"unicode/utf16"
)

var claimsOf = map[string][]string{
	"user":  {"user_id", "user_email"},
	"agent": {"agent_id", "agent_name"},
	"obo":   {"user_id", "user_email", "agent_id", "agent_name"},
}

func (v *Verifier) checkClaims(claims object) (*Identity, error) {
	if iss, _ := claims.text("iss"); iss != v.issuer {
		return nil, errors.New("the token comes from another issuer")
	}
	// One text: a list is for other servers too.
	if aud, _ := claims.text("aud"); aud != v.audience {
		return nil, errors.New("the token is not for this server")
	}
	expires, err := checkTimes(claims, v.now().Unix())
	if err != nil {
		return nil, err
	}
	identity := &Identity{ExpiresAt: time.Unix(expires, 0)}
	var ok bool
	if identity.TokenID, ok = claims.text("jti"); !ok || !isTokenID(identity.TokenID) {
		return nil, errors.New("jti is missing or unusable")
	}
	if identity.OrganizationID, ok = claims.text("organization_id"); !ok || !isLine(identity.OrganizationID, 128) {
		return nil, errors.New("organization_id is missing or unusable")
	}
	return identity, checkSubject(claims, identity)
}

func checkTimes(claims object, now int64) (expires int64, err error) {
	issued, ok := claims.seconds("iat")
	expires, ok2 := claims.seconds("exp")
	if !ok || !ok2 || expires <= issued || expires-issued > lifetime {
		return 0, errors.New("the token does not live five minutes or less")
	}
	if before, ok := claims.seconds("nbf"); claims.has("nbf") && (!ok || before > now+leeway) {
		return 0, errors.New("the token is not valid yet")
	}
	if issued > now+leeway || expires+leeway <= now {
		return 0, errors.New("the token was issued in the future or has expired")
	}
	return expires, nil
}

func checkSubject(claims object, identity *Identity) error {
	kind, _ := claims.text("subject_type")
	wanted := claimsOf[kind]
	present := 0
	for _, name := range claimsOf["obo"] {
		if claims.has(name) {
			present++
		}
	}
	if len(wanted) == 0 || present != len(wanted) {
		return errors.New("the token names no known kind of subject, or claims of another kind")
	}
	identity.SubjectType = kind
	for _, name := range wanted {
		if err := readSubjectClaim(claims, name, identity); err != nil {
			return err
		}
	}
	id := identity.UserID
	if id == "" {
		id = identity.AgentID
	}
	if sub, ok := claims.text("sub"); !ok || sub != id {
		return errors.New("the token is not about its own subject")
	}
	return nil
}

func readSubjectClaim(claims object, name string, identity *Identity) error {
	value, ok := claims.text(name)
	switch name {
	case "user_id":
		identity.UserID, ok = value, ok && isLine(value, 128)
	case "user_email":
		identity.UserEmail, ok = value, ok && isLine(value, 320)
	case "agent_id":
		identity.AgentID, ok = value, ok && isLine(value, 128)
	case "agent_name": // A display name is free text.
		identity.AgentName, ok = value, ok && units(value) <= 1024
	}
	if !ok {
		return errors.New(name + " is missing or unusable")
	}
	return nil
}

func isTokenID(text string) bool {
	for _, character := range text {
		if character < '!' || character > '~' {
			return false
		}
	}
	return len(text) >= 1 && len(text) <= 128
}

// Something, and fit for one line. Half a surrogate pair comes out of encoding/json as U+FFFD.
func isLine(text string, longest int) bool {
	if units(text) > longest || strings.TrimFunc(text, isBlank) == "" {
		return false
	}
	return strings.IndexFunc(text, func(character rune) bool {
		return unicode.IsControl(character) || unicode.In(character, unicode.Zl, unicode.Zp) || character == unicode.ReplacementChar
	}) < 0
}

// JavaScript counts the byte order mark among the spaces.
func isBlank(character rune) bool {
	return unicode.IsSpace(character) || character == '\ufeff'
}

// Lengths count UTF-16 units, as the platform does.
func units(text string) int {
	return len(utf16.Encode([]rune(text)))
}
