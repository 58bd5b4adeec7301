package store_test

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"fmt"
	"math/big"
	randv2 "math/rand/v2"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/aldanba/aldanba/bot"
	"github.com/aldanba/aldanba/bot/dispatch"
	"github.com/aldanba/aldanba/bot/store"
)

// freePorts gives ports that are free, those of a cluster's bus too, which are
// 10,000 above. They are not among those that systems give to whoever asks for
// any port, so that nobody takes one before the server does.
func freePorts(t *testing.T, n int) (ports []string) {
	t.Helper()
	for range 1000 * n {
		port := 10_000 + randv2.IntN(12_000)
		if name := strconv.Itoa(port); isFree(port) && isFree(port+10_000) && !slices.Contains(ports, name) {
			ports = append(ports, name)
		}
		if len(ports) == n {
			return ports
		}
	}
	t.Fatal("no free ports")
	return nil
}

func isFree(port int) bool {
	l, err := net.Listen("tcp", fmt.Sprint("127.0.0.1:", port))
	if err != nil {
		return false
	}
	l.Close()
	return true
}

// works uses a bit of everything.
func works(t *testing.T, url string) {
	t.Helper()
	b := &bench{clock: newClock(), engine: "redis"}
	address := url + patiently
	if strings.Contains(url, "?") {
		address = url + "&" + patiently[1:]
	}
	b.cfg = store.Config{RedisURL: address, Secret: secret, Clock: b.Now, Log: quiet()}
	ready(t, func() error {
		s, err := store.OpenIdle(context.Background(), b.cfg)
		if err == nil {
			s.Close()
		}
		return err
	})
	b.open(t)
	b.fill(t)
	var all []dispatch.Update
	for i := range 100 {
		all = append(all, update(fmt.Sprint("chat ", i), 1))
	}
	if got := b.put(t, all...); slices.Contains(got, false) {
		t.Errorf("fresh = %v", got)
	}
	if got := b.waits(t); len(got) != 102 {
		t.Errorf("%d chats wait", len(got))
	}
	check(t, b.Moved(t.Context(), "chat 1", "chat 2"))
	if got := b.recall(t); got.Session.Checks != 7 || len(got.Due) != 2 || got.Fresh[0] {
		t.Errorf("it remembers %+v", got)
	}
	if n := b.records(t)["q"]; n < 100 {
		t.Errorf("a backup would hold %d updates", n)
	}
	check(t, b.Erase(t.Context(), victimID))
	if got := must[bot.Session](t)(b.Load(t.Context(), victimID)); got != (bot.Session{}) {
		t.Errorf("session: %+v", got)
	}
	check(t, b.Health())
}

func TestRedisWithAUserAndAPassword(t *testing.T) {
	dir, port := t.TempDir(), freePorts(t, 1)[0]
	acl := filepath.Join(dir, "users.acl")
	check(t, os.WriteFile(acl, []byte("user default off\nuser aldanba on >pass:word/1 ~aldanba:* +@all -@dangerous +keys +info\n"), 0o600))
	t.Cleanup(startRedis(t, dir, "--port", port, "--bind", "127.0.0.1", "--aclfile", acl))
	works(t, "redis://aldanba:pass%3Aword%2F1@127.0.0.1:"+port+"/3")
	for _, user := range []string{"", "aldanba:wrong@", "nobody:wrong@"} {
		err := openError(t, store.Config{RedisURL: "redis://" + user + "127.0.0.1:" + port, Secret: secret, Log: quiet()})
		if !errors.Is(err, store.ErrDenied) || strings.Contains(err.Error(), "wrong") {
			t.Errorf("with the user %q: %v", user, err)
		}
	}
}

func TestRedisWithTLS(t *testing.T) {
	dir, port := t.TempDir(), freePorts(t, 1)[0]
	cert, key := certificate(t, dir)
	t.Cleanup(startRedis(t, dir, "--port", "0", "--tls-port", port, "--bind", "127.0.0.1", "--tls-cert-file", cert, "--tls-key-file", key, "--tls-ca-cert-file", cert, "--tls-auth-clients", "no"))
	works(t, "rediss://127.0.0.1:"+port+"?ca="+cert)
	if err := openError(t, store.Config{RedisURL: "rediss://127.0.0.1:" + port, Secret: secret, Log: quiet()}); !errors.Is(err, store.ErrAway) || !strings.Contains(err.Error(), "certificate") {
		t.Errorf("a certificate of nobody known: %v", err)
	}
}

// certificate makes a certificate that is its own authority.
func certificate(t *testing.T, dir string) (cert, key string) {
	t.Helper()
	private := must[*ecdsa.PrivateKey](t)(ecdsa.GenerateKey(elliptic.P256(), rand.Reader))
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "redis for tests"},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, IsCA: true, BasicConstraintsValid: true,
		KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign,
	}
	der := must[[]byte](t)(x509.CreateCertificate(rand.Reader, template, template, &private.PublicKey, private))
	keyDER := must[[]byte](t)(x509.MarshalECPrivateKey(private))
	cert, key = filepath.Join(dir, "cert.pem"), filepath.Join(dir, "key.pem")
	check(t, os.WriteFile(cert, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}), 0o600))
	check(t, os.WriteFile(key, pem.EncodeToMemory(&pem.Block{Type: "EC PRIVATE KEY", Bytes: keyDER}), 0o600))
	return cert, key
}

func TestRedisCluster(t *testing.T) {
	ports := freePorts(t, 3)
	var hosts []string
	for i, port := range ports {
		t.Cleanup(startRedis(t, t.TempDir(), "--port", port, "--bind", "127.0.0.1", "--cluster-enabled", "yes", "--cluster-config-file", "nodes.conf"))
		client := redisClient(t, "redis://127.0.0.1:"+port)
		check(t, client.Do(t.Context(), "CLUSTER", "ADDSLOTSRANGE", i*5462, min(i*5462+5461, 16383)).Err())
		check(t, client.Do(t.Context(), "CLUSTER", "MEET", "127.0.0.1", ports[0]).Err())
		hosts = append(hosts, "127.0.0.1:"+port)
	}
	for _, port := range ports {
		client := redisClient(t, "redis://127.0.0.1:"+port)
		ready(t, func() error {
			info, err := client.ClusterInfo(context.Background()).Result()
			if err == nil && (!strings.Contains(info, "cluster_state:ok") || !strings.Contains(info, "cluster_known_nodes:3")) {
				err = errors.New("the cluster is not complete")
			}
			return err
		})
	}
	works(t, "redis-cluster://"+strings.Join(hosts, ","))
	for _, host := range hosts {
		if n := must[int64](t)(redisClient(t, "redis://"+host).DBSize(t.Context()).Result()); n < 50 {
			t.Errorf("%s has only %d keys", host, n)
		}
	}
}

func TestRedisSentinel(t *testing.T) {
	ports := freePorts(t, 2)
	dir := t.TempDir()
	t.Cleanup(startRedis(t, dir, "--port", ports[0], "--bind", "127.0.0.1"))
	redisClient(t, "redis://127.0.0.1:"+ports[0])
	conf := filepath.Join(dir, "sentinel.conf")
	check(t, os.WriteFile(conf, []byte("port "+ports[1]+"\nbind 127.0.0.1\nsentinel monitor main 127.0.0.1 "+ports[0]+" 1\n"), 0o600))
	t.Cleanup(startServer(t, conf, "--sentinel", "--dir", dir))
	works(t, "redis-sentinel://127.0.0.1:"+ports[1]+"/main/2")
	if n := must[int64](t)(redisClient(t, "redis://127.0.0.1:"+ports[0]+"/2").DBSize(t.Context()).Result()); n < 50 {
		t.Errorf("the database has only %d keys", n)
	}
}

func TestRedisURLsThatAreNone(t *testing.T) {
	for _, url := range []string{
		"127.0.0.1:6379", "http://127.0.0.1", "redis://", "redis://a:1,b:2", "redis://a/x", "redis://a/-1", "redis://a/?timeout=5", "redis://a/?timeout=-5s", "unix://u:hush@/s?db=x",
		"redis-sentinel://a:1,b:2", "redis-sentinel://a/main/x", "redis-cluster://a,b/1", "redis-cluster://a,,b", "redis://u:hush%zz@a/",
		"redis://a/?dbb=1", "redis://u@a/?hush", "redis://a/?db=1", "redis://a/?ca=redis_test.go", "redis://a/?sentinel_password=hush", "redis://a/?timeout=%zz",
		"rediss://u:hush@a?ca=/no/such/file", "rediss://u:hush@a?ca=redis_test.go", "redis://u:hush@a:port:more/%zz",
	} {
		err := openError(t, store.Config{RedisURL: url, Secret: secret, Log: quiet()})
		if !errors.Is(err, store.ErrConfig) || strings.Contains(err.Error(), "hush") {
			t.Errorf("%q: %v", url, err)
		}
	}
}

func TestPasswordsOfAnAddressAreKnown(t *testing.T) {
	for url, want := range map[string][]string{
		"redis://a": nil, "redis://hush@a": nil, "not an address": nil,
		"redis://u:hush%2Fhush@a:1/3":          {"hush/hush"},
		"unix://:hush@/s":                      {"hush"},
		"redis-cluster://u:hush@a:1,b:2":       {"hush"},
		"redis-sentinel://u:hush@a:1,b:2/main": {"hush"},
		"rediss-sentinel://u:hush@a:1,b:2/main?sentinel_username=s&sentinel_password=still": {"hush", "still"},
	} {
		if got := store.RedisPasswords(url); !slices.Equal(got, want) {
			t.Errorf("%q: %q", url, got)
		}
	}
}

// TestScriptsAreTaughtAgain does what a restart of Redis does to its scripts.
func TestScriptsAreTaughtAgain(t *testing.T) {
	b := newBench(t, "redis")
	b.open(t)
	b.put(t, update("a", 1))
	check(t, redisClient(t, b.cfg.RedisURL).ScriptFlush(t.Context()).Err())
	if got := b.put(t, update("a", 1), update("a", 2), update("b", 1)); !slices.Equal(got, []bool{false, true, true}) {
		t.Fatalf("fresh = %v", got)
	}
	check(t, b.Health())
}

func TestKeysOfAChatShareASlot(t *testing.T) {
	b := newBench(t, "redis")
	b.open(t)
	b.put(t, update("a", 1), update("a", 2))
	b.claimed(t, "a")
	check(t, b.Save(t.Context(), "a", bot.Session{Checks: 1}))
	client := redisClient(t, b.cfg.RedisURL)
	parts := map[string]bool{}
	for _, key := range must[[]string](t)(client.Keys(t.Context(), "aldanba:*").Result()) {
		part := key[strings.IndexByte(key, '{') : strings.IndexByte(key, '}')+1]
		if part != "{meta}" {
			parts[part] = true
		}
	}
	if len(parts) != 1 {
		t.Errorf("one chat lies in the parts %v", parts)
	}
}
