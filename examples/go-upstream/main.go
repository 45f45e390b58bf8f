// An HTTP server that says who calls it, to be registered by its URL.
package main

import (
	"encoding/json"
	"log"
	"net"
	"net/http"
	"os"

	"example.com/go-upstream/identity"
)

func main() {
	verifier, err := identity.NewVerifier(os.Getenv("RUNLAYER_URL"), os.Getenv("RUNLAYER_SERVER_ID"), os.Getenv("RUNLAYER_IDENTITY_JWKS_URL"))
	if err != nil {
		log.Fatal(err)
	}
	port := os.Getenv("PORT")
	if port == "" {
		port = "8000"
	}
	host := os.Getenv("HOST")
	if host == "" {
		host = "127.0.0.1"
	}
	log.Fatal(http.ListenAndServe(net.JoinHostPort(host, port), verifier.Require(http.HandlerFunc(whoAmI))))
}

func whoAmI(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "application/json")
	if err := json.NewEncoder(w).Encode(identity.FromContext(r.Context())); err != nil {
		log.Print(err)
	}
}
