package identity

import (
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"os"
	"testing"
	"time"
)

type vector struct {
	Attack  string            `json:"attack"`
	Name    string            `json:"name"`
	Token   string            `json:"token"`
	Code    string            `json:"code"`
	Subject map[string]string `json:"subject"`
}

type vectors struct {
	Issuer   string          `json:"issuer"`
	ServerID string          `json:"serverId"`
	Now      int64           `json:"now"`
	Jwks     json.RawMessage `json:"jwks"`
	Good     []vector        `json:"good"`
	Bad      []vector        `json:"bad"`
	Sets     []struct {
		Name string          `json:"name"`
		Jwks json.RawMessage `json:"jwks"`
		Good []vector        `json:"good"`
		Bad  []vector        `json:"bad"`
	} `json:"sets"`
}

func load(t *testing.T, name string) vectors {
	t.Helper()
	var loaded vectors
	text, err := os.ReadFile("../../../packages/identity-forward/vectors/" + name + ".json")
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(text, &loaded); err != nil {
		t.Fatal(err)
	}
	return loaded
}

// A verifier at the moment of the vectors, with its keys from a real server.
func (v vectors) verifier(t *testing.T, jwks []byte) *Verifier {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write(jwks) }))
	t.Cleanup(server.Close)
	verifier, err := NewVerifier(v.Issuer, v.ServerID, server.URL)
	if err != nil {
		t.Fatal(err)
	}
	verifier.now = func() time.Time { return time.Unix(v.Now, 0) }
	return verifier
}

func (identity *Identity) fields() map[string]string {
	fields := map[string]string{"subjectType": identity.SubjectType, "organizationId": identity.OrganizationID}
	if identity.SubjectType != "agent" {
		fields["userId"], fields["userEmail"] = identity.UserID, identity.UserEmail
	}
	if identity.SubjectType != "user" {
		fields["agentId"], fields["agentName"] = identity.AgentID, identity.AgentName
	}
	return fields
}

func check(t *testing.T, verifier *Verifier, good, bad []vector) {
	t.Helper()
	for _, vector := range good {
		identity, err := verifier.Verify(vector.Token)
		if err != nil {
			t.Errorf("%s: refused: %v", vector.Name, err)
			continue
		}
		got, _ := json.Marshal(identity.fields())
		if want, _ := json.Marshal(vector.Subject); string(got) != string(want) {
			t.Errorf("%s: %s instead of %s", vector.Name, got, want)
		}
	}
	for _, vector := range bad {
		_, err := verifier.Verify(vector.Token)
		if err == nil {
			t.Errorf("%s: accepted: %s", vector.Attack, vector.Name)
		} else if errors.Is(err, ErrUnavailable) != (vector.Code == "ERR_IDENTITY_KEYS_UNAVAILABLE") {
			t.Errorf("%s: %s: %v", vector.Attack, vector.Name, err)
		}
	}
}

func TestTokens(t *testing.T) {
	all := load(t, "tokens")
	if len(all.Bad) < 300 {
		t.Fatal("too few forgeries")
	}
	check(t, all.verifier(t, all.Jwks), all.Good, all.Bad)
}

func TestKeySets(t *testing.T) {
	all := load(t, "keys")
	for _, set := range all.Sets {
		t.Run(set.Name, func(t *testing.T) { check(t, all.verifier(t, set.Jwks), set.Good, set.Bad) })
	}
}

func TestMiddleware(t *testing.T) {
	all := load(t, "tokens")
	handler := all.verifier(t, all.Jwks).Require(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = w.Write([]byte(FromContext(r.Context()).UserID))
	}))
	status := func(tokens ...string) int {
		request := httptest.NewRequest(http.MethodGet, "/", nil)
		request.Header[Header] = tokens
		recorder := httptest.NewRecorder()
		handler.ServeHTTP(recorder, request)
		return recorder.Code
	}
	good := all.Good[0].Token
	if status(good) != http.StatusOK {
		t.Error("a good token is refused")
	}
	for _, tokens := range [][]string{{}, {""}, {good, good}, {good, "x"}, {"x", good}, {good + ", " + good}} {
		if status(tokens...) != http.StatusUnauthorized {
			t.Errorf("%d tokens are accepted", len(tokens))
		}
	}
	for _, vector := range all.Bad {
		if status(vector.Token) != http.StatusUnauthorized {
			t.Errorf("accepted: %s", vector.Name)
		}
	}
	down := all.verifier(t, []byte("null")).Require(handler)
	recorder := httptest.NewRecorder()
	request := httptest.NewRequest(http.MethodGet, "/", nil)
	request.Header.Set(Header, good)
	if down.ServeHTTP(recorder, request); recorder.Code != http.StatusServiceUnavailable {
		t.Errorf("%d without keys", recorder.Code)
	}
}
