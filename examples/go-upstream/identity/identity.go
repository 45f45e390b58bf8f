// Package identity checks the signed identity token that the platform adds to each request. Copy the package; it needs nothing but
// the standard library.
package identity

import (
	"context"
	"crypto/ed25519"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"
)

// Header carries the token.
const Header = "X-Runlayer-Identity-Token"

const (
	leeway       = 30 // seconds by which the clocks may differ
	lifetime     = 300
	longestToken = 8192
)

// ErrUnavailable is returned while the platform's keys cannot be fetched. Every other error refuses the token.
var ErrUnavailable = errors.New("the platform's keys cannot be fetched")

// Identity is who calls: a user, an agent, or an agent on behalf of a user ("obo"), who then has all four fields.
type Identity struct {
	SubjectType    string // "user", "agent" or "obo"
	OrganizationID string
	UserID         string
	UserEmail      string
	AgentID        string
	AgentName      string
	TokenID        string // unique per request
	ExpiresAt      time.Time
}

// Verifier checks tokens for one server. Make one and keep it: it holds the platform's keys.
type Verifier struct {
	issuer   string
	audience string
	keys     *keySet
	now      func() time.Time
}

// NewVerifier takes the public address of the platform without a trailing slash, the id of this server in the platform, and the
// address of the keys ("" for the one below the issuer).
func NewVerifier(issuer, serverID, jwksURL string) (*Verifier, error) {
	if !strings.HasPrefix(issuer, "http") || strings.HasSuffix(issuer, "/") || serverID == "" {
		return nil, errors.New("identity: issuer or server id is missing or malformed")
	}
	if jwksURL == "" {
		jwksURL = issuer + "/.well-known/runlayer-identity-forward.jwks.json"
	}
	keys, err := newKeySet(jwksURL)
	if err != nil {
		return nil, err
	}
	return &Verifier{issuer: issuer, audience: "runlayer:identity-forward:" + serverID, keys: keys, now: time.Now}, nil
}

// Verify tells who calls. A token that is not wholly right gives an error.
func (v *Verifier) Verify(token string) (*Identity, error) {
	header, claims, signature, err := parseToken(token)
	if err != nil {
		return nil, err
	}
	kid, err := checkHeader(header)
	if err != nil {
		return nil, err
	}
	identity, err := v.checkClaims(claims)
	if err != nil {
		return nil, err
	}
	key, err := v.keys.find(kid)
	if err != nil {
		return nil, err
	}
	if !ed25519.Verify(key, []byte(token[:strings.LastIndexByte(token, '.')]), signature) {
		return nil, errors.New("the signature does not match")
	}
	return identity, nil
}

// VerifyRequest is Verify for the one token of a request.
func (v *Verifier) VerifyRequest(r *http.Request) (*Identity, error) {
	values := r.Header.Values(Header)
	if len(values) != 1 {
		return nil, fmt.Errorf("%d identity tokens instead of one", len(values))
	}
	return v.Verify(values[0])
}

type contextKey struct{}

// Require answers 401 to a request without a valid token (503 while the platform's keys cannot be fetched); the others carry their
// identity, see FromContext.
func (v *Verifier) Require(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		identity, err := v.VerifyRequest(r)
		if errors.Is(err, ErrUnavailable) {
			http.Error(w, err.Error(), http.StatusServiceUnavailable)
		} else if err != nil {
			http.Error(w, err.Error(), http.StatusUnauthorized)
		} else {
			next.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), contextKey{}, identity)))
		}
	})
}

// FromContext is who sent the request that Require let through; nil elsewhere.
func FromContext(ctx context.Context) *Identity {
	identity, _ := ctx.Value(contextKey{}).(*Identity)
	return identity
}

func checkHeader(header object) (kid string, err error) {
	for name := range header {
		// Any other member could mean that something else was signed, or by another key.
		if name != "alg" && name != "kid" && name != "typ" {
			return "", errors.New("the token's header has members that it must not have")
		}
	}
	if alg, _ := header.text("alg"); alg != "EdDSA" {
		return "", errors.New("the token's algorithm is not EdDSA")
	}
	if typ, ok := header.text("typ"); header.has("typ") && (!ok || typ != "JWT") {
		return "", errors.New("the token's type is not JWT")
	}
	kid, ok := header.text("kid")
	if raw, err := decodePart(kid); !ok || err != nil || len(raw) != 32 {
		return "", errors.New("the token's kid is no key fingerprint")
	}
	return kid, nil
}
