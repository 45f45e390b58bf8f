package identity

import (
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"net"
	"net/http"
	"net/url"
	"sync"
	"time"
)

const (
	fresh     = 10 * time.Minute // a set is current; the platform publishes a key longer than that before it signs with it
	stale     = time.Hour        // the last good set serves for this long while the address is down
	cooldown  = 30 * time.Second // between fetches for a kid that the set does not have
	mostBytes = 65_536
	mostKeys  = 64
)

// Safe for many goroutines. While one of them fetches, the others are served from the set at hand.
type keySet struct {
	url      string
	client   *http.Client
	now      func() time.Time
	fetching sync.Mutex

	mutex     sync.Mutex
	keys      map[string]ed25519.PublicKey
	fetchedAt time.Time
	triedAt   time.Time
	failures  int
}

// Whoever can answer at the address can forge every token: it is https, or http on this machine.
func newKeySet(address string) (*keySet, error) {
	parsed, err := url.Parse(address)
	if err != nil || parsed.User != nil || parsed.Host == "" {
		return nil, errors.New("identity: the address of the keys is malformed")
	}
	host := parsed.Hostname()
	local := host == "localhost" || host == "host.docker.internal" || net.ParseIP(host).IsLoopback()
	if parsed.Scheme != "https" && !(parsed.Scheme == "http" && local) {
		return nil, errors.New("identity: the address of the keys is not https")
	}
	client := &http.Client{
		Timeout:       5 * time.Second,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	return &keySet{url: address, client: client, now: time.Now}, nil
}

func (s *keySet) find(kid string) (ed25519.PublicKey, error) {
	key, usable, due := s.look(kid)
	served := usable && key != nil
	if due && s.startFetching(!served) {
		if _, _, still := s.look(kid); still {
			s.refresh()
		}
		s.fetching.Unlock()
		key, usable, _ = s.look(kid)
	}
	if !usable {
		return nil, ErrUnavailable
	}
	if key == nil {
		return nil, errors.New("the token is signed with a key that the platform does not publish")
	}
	return key, nil
}

// One goroutine fetches. Who can be served meanwhile does not wait for it.
func (s *keySet) startFetching(wait bool) bool {
	if wait {
		s.fetching.Lock()
		return true
	}
	return s.fetching.TryLock()
}

// The key, whether the set is young enough to answer from, and whether to fetch now: the set is old or does not have the kid, and the
// last try is long enough ago.
func (s *keySet) look(kid string) (key ed25519.PublicKey, usable, due bool) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	now := s.now()
	pause := cooldown
	if s.failures > 0 && s.failures < 6 {
		pause = time.Second << (s.failures - 1)
	}
	age := now.Sub(s.fetchedAt)
	key = s.keys[kid]
	return key, age < stale, (age >= fresh || key == nil) && now.Sub(s.triedAt) >= pause
}

func (s *keySet) refresh() {
	startedAt := s.now()
	keys, err := s.fetch()
	s.mutex.Lock()
	defer s.mutex.Unlock()
	s.triedAt = startedAt
	if err != nil {
		s.failures++
		return
	}
	s.keys, s.fetchedAt, s.failures = keys, startedAt, 0
}

func (s *keySet) fetch() (map[string]ed25519.PublicKey, error) {
	response, err := s.client.Get(s.url)
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	body, err := io.ReadAll(io.LimitReader(response.Body, mostBytes+1))
	if err != nil || response.StatusCode != http.StatusOK || len(body) > mostBytes {
		return nil, errors.New("no key set was answered")
	}
	return readKeys(body)
}

// The usable keys by their kid; others are passed over. A set without any is no set.
func readKeys(body []byte) (map[string]ed25519.PublicKey, error) {
	document, err := parseObject(body)
	if err != nil {
		return nil, err
	}
	var listed []json.RawMessage
	if json.Unmarshal(document["keys"], &listed) != nil || len(listed) > mostKeys {
		return nil, errors.New("no list of keys")
	}
	keys := map[string]ed25519.PublicKey{}
	for _, raw := range listed {
		if jwk, err := parseObject(raw); err == nil {
			if kid, key := readKey(jwk); key != nil {
				keys[kid] = key
			}
		}
	}
	if len(keys) == 0 {
		return nil, errors.New("no usable key")
	}
	return keys, nil
}

// A plain Ed25519 key under its own fingerprint (RFC 7638), so that two keys cannot share a kid.
func readKey(jwk object) (kid string, key ed25519.PublicKey) {
	wanted := map[string]string{"kty": "OKP", "crv": "Ed25519", "alg": "EdDSA", "use": "sig"}
	for name, want := range wanted {
		optional := name == "alg" || name == "use"
		if value, _ := jwk.text(name); value != want && !(optional && !jwk.has(name)) {
			return "", nil
		}
	}
	x, _ := jwk.text("x")
	kid, _ = jwk.text("kid")
	point, err := decodePart(x)
	sum := sha256.Sum256([]byte(`{"crv":"Ed25519","kty":"OKP","x":"` + x + `"}`))
	if err != nil || jwk.has("d") || kid != base64.RawURLEncoding.EncodeToString(sum[:]) || !isStrongPoint(point) {
		return "", nil
	}
	return kid, point
}

// The y coordinates of the points of small order, for which anyone can sign. See https://eprint.iacr.org/2020/823, table 1.
var weak = map[string]bool{
	"0000000000000000000000000000000000000000000000000000000000000000": true,
	"0100000000000000000000000000000000000000000000000000000000000000": true,
	"26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05": true,
	"c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a": true,
	"ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f": true,
}

func isStrongPoint(point []byte) bool {
	if len(point) != ed25519.PublicKeySize {
		return false
	}
	y := append([]byte{}, point...)
	y[31] &= 0x7f
	spelling := hex.EncodeToString(y)
	// From 2^255 - 19 on, it spells a smaller coordinate anew.
	abovePrime := spelling[2:] == "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f" && y[0] >= 0xed
	return !weak[spelling] && !abovePrime
}
