// Go's httputil.ReverseProxy as a contender: bare, or with the key check, the identity headers and the signed token that ours does.
package main

import (
	"crypto/ed25519"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httputil"
	"net/url"
	"os"
	"strings"
	"time"
)

var (
	issuer   = os.Getenv("ISSUER")
	audience = "runlayer:identity-forward:" + os.Getenv("DEPLOYMENT")
)

type caller struct {
	OrganizationID string `json:"organizationId"`
	UserID         string `json:"userId"`
	UserEmail      string `json:"userEmail"`
}

type claims struct {
	Issuer         string `json:"iss"`
	Audience       string `json:"aud"`
	Subject        string `json:"sub"`
	SubjectType    string `json:"subject_type"`
	OrganizationID string `json:"organization_id"`
	UserEmail      string `json:"user_email"`
	UserID         string `json:"user_id"`
	IssuedAt       int64  `json:"iat"`
	Expires        int64  `json:"exp"`
	ID             string `json:"jti"`
}

func main() {
	upstream, err := url.Parse("http://127.0.0.1:" + os.Getenv("UPSTREAM"))
	if err != nil {
		log.Fatal(err)
	}
	proxy := &httputil.ReverseProxy{
		Rewrite:  func(r *httputil.ProxyRequest) { r.SetURL(upstream) },
		ErrorLog: log.New(io.Discard, "", 0),
		// The default keeps two idle connections for each host: 64 callers would open and close one for almost every call.
		Transport: &http.Transport{MaxIdleConnsPerHost: 8192, DisableCompression: true, IdleConnTimeout: 90 * time.Second},
	}
	var handler http.Handler = proxy
	if os.Getenv("SIGN") != "" {
		handler = signing(proxy)
	}
	log.Fatal(http.ListenAndServe("127.0.0.1:"+os.Getenv("PORT"), handler))
}

func signing(proxy http.Handler) http.Handler {
	var who caller
	var jwk struct{ D, Kid string }
	for name, target := range map[string]any{"CALLER": &who, "SIGNING_KEY": &jwk} {
		if err := json.Unmarshal([]byte(os.Getenv(name)), target); err != nil {
			log.Fatal(name, err)
		}
	}
	seed, err := base64.RawURLEncoding.DecodeString(jwk.D)
	if err != nil {
		log.Fatal(err)
	}
	key := ed25519.NewKeyFromSeed(seed)
	callers := map[[32]byte]caller{sha256.Sum256([]byte(os.Getenv("KEY"))): who}
	header := base64.RawURLEncoding.EncodeToString([]byte(`{"alg":"EdDSA","typ":"JWT","kid":"` + jwk.Kid + `"}`))
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		found, ok := callers[sha256.Sum256([]byte(r.Header.Get("X-Runlayer-Api-Key")))]
		if !ok {
			http.Error(w, "no", http.StatusUnauthorized)
			return
		}
		for name := range r.Header {
			if strings.HasPrefix(name, "X-Runlayer-") {
				delete(r.Header, name)
			}
		}
		r.Header["X-Runlayer-Subject-Type"] = []string{"user"}
		r.Header["X-Runlayer-Org-Id"] = []string{found.OrganizationID}
		r.Header["X-Runlayer-User-Email"] = []string{found.UserEmail}
		r.Header["X-Runlayer-User-Id"] = []string{found.UserID}
		r.Header["X-Runlayer-Identity-Token"] = []string{token(header, key, found)}
		proxy.ServeHTTP(w, r)
	})
}

func token(header string, key ed25519.PrivateKey, who caller) string {
	now := time.Now().Unix()
	body, err := json.Marshal(claims{
		Issuer: issuer, Audience: audience, Subject: who.UserID,
		SubjectType: "user", OrganizationID: who.OrganizationID, UserEmail: who.UserEmail, UserID: who.UserID,
		IssuedAt: now, Expires: now + 300, ID: uuid(),
	})
	if err != nil {
		log.Fatal(err)
	}
	message := header + "." + base64.RawURLEncoding.EncodeToString(body)
	return message + "." + base64.RawURLEncoding.EncodeToString(ed25519.Sign(key, []byte(message)))
}

func uuid() string {
	var id [16]byte
	if _, err := rand.Read(id[:]); err != nil {
		log.Fatal(err)
	}
	id[6] = id[6]&0x0f | 0x40
	id[8] = id[8]&0x3f | 0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", id[0:4], id[4:6], id[6:8], id[8:10], id[10:])
}
