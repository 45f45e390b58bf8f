package identity

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// A platform over real HTTP, and a clock that the test moves.
type platform struct {
	*httptest.Server
	mutex   sync.Mutex
	handler http.HandlerFunc
	fetches int64
	clock   int64
	keys    *keySet
}

func newPlatform(t *testing.T) (*platform, []json.RawMessage, []string) {
	t.Helper()
	var set struct{ Keys []json.RawMessage }
	if err := json.Unmarshal(load(t, "keys").Sets[0].Jwks, &set); err != nil {
		t.Fatal(err)
	}
	kids := []string{}
	for _, key := range set.Keys {
		var jwk struct{ Kid string }
		_ = json.Unmarshal(key, &jwk)
		kids = append(kids, jwk.Kid)
	}
	p := &platform{clock: 1_000_000}
	p.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		atomic.AddInt64(&p.fetches, 1)
		p.mutex.Lock()
		handler := p.handler
		p.mutex.Unlock()
		handler(w, r)
	}))
	t.Cleanup(p.Close)
	keys, err := newKeySet(p.URL)
	if err != nil {
		t.Fatal(err)
	}
	keys.now = func() time.Time { return time.Unix(atomic.LoadInt64(&p.clock), 0) }
	p.keys = keys
	return p, set.Keys, kids
}

func (p *platform) answers(handler http.HandlerFunc) {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	p.handler = handler
}

func publishing(keys ...json.RawMessage) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		_ = json.NewEncoder(w).Encode(map[string]any{"keys": keys})
	}
}

func down(w http.ResponseWriter, _ *http.Request) {
	http.Error(w, "down", http.StatusBadGateway)
}

func (p *platform) after(seconds int64) {
	atomic.AddInt64(&p.clock, seconds)
}

func (p *platform) mustFind(t *testing.T, kid string) {
	t.Helper()
	if _, err := p.keys.find(kid); err != nil {
		t.Fatal(err)
	}
}

func TestRotationIsSeen(t *testing.T) {
	p, keys, kids := newPlatform(t)
	p.answers(publishing(keys[1]))
	for call := 0; call < 50; call++ {
		p.mustFind(t, kids[1])
	}
	if p.fetches != 1 {
		t.Errorf("%d fetches", p.fetches)
	}
	p.answers(publishing(keys[0], keys[1]))
	p.after(30)
	p.mustFind(t, kids[0])
	p.answers(publishing(keys[0]))
	p.after(600)
	if _, err := p.keys.find(kids[1]); err == nil {
		t.Error("a revoked key is found")
	}
}

func TestJunkDoesNotHammer(t *testing.T) {
	p, keys, kids := newPlatform(t)
	p.answers(publishing(keys[1]))
	p.mustFind(t, kids[1])
	for second := 0; second < 90; second++ {
		p.after(1)
		for number := 0; number < 10; number++ {
			if _, err := p.keys.find(fmt.Sprintf("%043d", second*10+number)); err == nil {
				t.Fatal("a junk kid is found")
			}
		}
		p.mustFind(t, kids[1])
	}
	if p.fetches > 4 {
		t.Errorf("%d fetches", p.fetches)
	}
}

func TestManyAtOnceFetchOnce(t *testing.T) {
	p, keys, kids := newPlatform(t)
	p.answers(publishing(keys[1]))
	var group sync.WaitGroup
	for call := 0; call < 50; call++ {
		group.Add(1)
		go func() {
			defer group.Done()
			if _, err := p.keys.find(kids[1]); err != nil {
				t.Error(err)
			}
		}()
	}
	group.Wait()
	if p.fetches != 1 {
		t.Errorf("%d fetches", p.fetches)
	}
}

func TestOutageIsSurvivedUpToTheLimit(t *testing.T) {
	p, keys, kids := newPlatform(t)
	p.answers(publishing(keys[1]))
	p.mustFind(t, kids[1])
	p.answers(down)
	for second := 0; second < 3599; second++ {
		p.after(1)
		p.mustFind(t, kids[1])
	}
	// Every 30 s at most, once the address is known to be down.
	if p.fetches > 110 {
		t.Errorf("%d fetches", p.fetches)
	}
	p.after(1)
	if _, err := p.keys.find(kids[1]); !errors.Is(err, ErrUnavailable) {
		t.Errorf("%v after an hour", err)
	}
	p.answers(publishing(keys[1]))
	p.after(30)
	p.mustFind(t, kids[1])
}

func TestStrangeAnswersAreNoKeySet(t *testing.T) {
	p, keys, kids := newPlatform(t)
	good := `{"keys":[` + string(keys[1]) + `]}`
	other := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { t.Error("a redirect is followed") }))
	defer other.Close()
	text := func(status int, body string) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Location", other.URL)
			w.WriteHeader(status)
			_, _ = w.Write([]byte(body))
		}
	}
	for name, answer := range map[string]http.HandlerFunc{
		"a redirect":          text(http.StatusFound, good),
		"an error with keys":  text(http.StatusNotFound, good),
		"a page":              text(http.StatusOK, "<!doctype html>"),
		"ten megabytes":       text(http.StatusOK, good+strings.Repeat(" ", 10_000_000)),
		"too many keys":       text(http.StatusOK, `{"keys":[`+strings.Repeat(string(keys[1])+",", 64)+string(keys[1])+`]}`),
		"nesting without end": text(http.StatusOK, strings.Repeat("[", 60_000)),
	} {
		p.answers(answer)
		p.after(3600)
		if _, err := p.keys.find(kids[1]); !errors.Is(err, ErrUnavailable) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestOnlyHttpsOrThisMachine(t *testing.T) {
	for _, address := range []string{"http://runlayer.example/jwks", "https://u:p@runlayer.example/jwks", "file:///etc/passwd", "jwks"} {
		if _, err := newKeySet(address); err == nil {
			t.Errorf("%s is taken", address)
		}
	}
}
