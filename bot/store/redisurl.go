package store

import (
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"net/url"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/redis/go-redis/v9"
	"github.com/redis/go-redis/v9/maintnotifications"
)

const (
	redisTime  = 1500 * time.Millisecond // to connect, and for one answer, unless the address names another
	redisTries = 2                       // of one operation
	redisSpare = time.Second             // of one operation, for what is between its tries
	redisConns = 64
)

// CheckRedisURL says what is wrong with an address, without asking the Redis.
// The error names no part of it, which may be a password.
func CheckRedisURL(address string) error {
	_, err := parseRedis(address)
	return err
}

// RedisPasswords gives the passwords that an address holds, so that they can be
// kept out of whatever is printed.
func RedisPasswords(address string) (passwords []string) {
	o, err := parseRedis(address)
	if err != nil {
		return nil
	}
	for _, password := range []string{o.Password, o.SentinelPassword} {
		if password != "" {
			passwords = append(passwords, password)
		}
	}
	return passwords
}

// parseRedis reads the forms of Config.RedisURL. Its errors do not repeat the
// address: there may be a password in it.
func parseRedis(address string) (*redis.UniversalOptions, error) {
	list, one := cutHosts(address)
	u, err := url.Parse(one)
	if err != nil {
		return nil, redisConfig("REDIS_URL is not an address")
	}
	query, malformed := url.ParseQuery(u.RawQuery)
	patience := redisTime
	if given := query.Get("timeout"); given != "" {
		if patience, err = time.ParseDuration(given); err != nil || patience <= 0 {
			return nil, redisConfig("the timeout in REDIS_URL is not a time, as 5s")
		}
	}
	o := &redis.UniversalOptions{
		DialTimeout: patience, DialerRetries: 1,
		ReadTimeout: patience, WriteTimeout: patience, ContextTimeoutEnabled: true,
		MaxRetries: redisTries - 1, PoolSize: redisConns, DisableIdentity: true,
		Protocol:                 2, // with 3 every command looks for messages of the server first, of which there are none
		MaintNotificationsConfig: &maintnotifications.Config{Mode: maintnotifications.ModeDisabled},
	}
	if u.User != nil {
		o.Username = u.User.Username()
		o.Password, _ = u.User.Password()
	}
	path := strings.Trim(u.Path, "/")
	secure := strings.HasPrefix(u.Scheme, "rediss")
	defaultPort := "6379"
	switch u.Scheme {
	case "redis", "rediss":
	case "unix":
		o.Addrs = []string{u.Path}
		path = query.Get("db")
	case "redis-sentinel", "rediss-sentinel":
		defaultPort = "26379"
		o.MasterName, path, _ = strings.Cut(path, "/")
		o.SentinelUsername, o.SentinelPassword = query.Get("sentinel_username"), query.Get("sentinel_password")
		if o.MasterName == "" {
			return nil, redisConfig("with Sentinel the path of REDIS_URL names the master")
		}
	case "redis-cluster", "rediss-cluster":
		o.IsClusterMode = true
		if path != "" {
			return nil, redisConfig("a Redis Cluster has one database only")
		}
	default:
		return nil, redisConfig("REDIS_URL begins with none of redis, rediss, unix, redis-sentinel, rediss-sentinel, redis-cluster, rediss-cluster")
	}
	if malformed != nil || !knownOptions(u.Scheme, query) {
		return nil, redisConfig("an option in REDIS_URL is not known: timeout goes with every form, ca with TLS, db with unix, sentinel_username and sentinel_password with Sentinel")
	}
	if path != "" {
		if o.DB, err = strconv.Atoi(path); err != nil || o.DB < 0 {
			return nil, redisConfig("the database in REDIS_URL is not a number")
		}
	}
	if u.Scheme != "unix" {
		if o.Addrs = hosts(list, defaultPort); o.Addrs == nil {
			return nil, redisConfig("REDIS_URL names no host")
		}
	}
	if len(o.Addrs) > 1 && (u.Scheme == "redis" || u.Scheme == "rediss") {
		return nil, redisConfig("several hosts need redis-sentinel or redis-cluster")
	}
	if secure {
		o.TLSConfig, err = redisTLS(query.Get("ca"))
	}
	return o, err
}

// knownOptions says whether all options of an address mean something with its
// scheme: one that is misspelled would be left out without a word.
func knownOptions(scheme string, options url.Values) bool {
	for name := range options {
		known := false
		switch name {
		case "timeout":
			known = true
		case "ca":
			known = strings.HasPrefix(scheme, "rediss")
		case "db":
			known = scheme == "unix"
		case "sentinel_username", "sentinel_password":
			known = strings.HasSuffix(scheme, "-sentinel")
		}
		if !known {
			return false
		}
	}
	return true
}

// cutHosts takes the list of hosts out of an address, as an address of the
// usual form has one host.
func cutHosts(address string) (list, rest string) {
	scheme, after, ok := strings.Cut(address, "://")
	if !ok {
		return "", address
	}
	end := len(after)
	if i := strings.IndexAny(after, "/?#"); i >= 0 {
		end = i
	}
	begin := strings.LastIndexByte(after[:end], '@') + 1
	return after[begin:end], scheme + "://" + after[:begin] + after[end:]
}

// hosts splits "host:port,host" and adds the port where it is missing.
func hosts(list, port string) (out []string) {
	for host := range strings.SplitSeq(list, ",") {
		if host == "" {
			return nil
		}
		if i := strings.LastIndexByte(host, ':'); i < 0 || strings.HasSuffix(host, "]") {
			host += ":" + port
		}
		out = append(out, host)
	}
	return out
}

// redisTLS trusts the system's authorities, or those of a file alone.
func redisTLS(file string) (*tls.Config, error) {
	cfg := &tls.Config{MinVersion: tls.VersionTLS12}
	if file == "" {
		return cfg, nil
	}
	pem, err := os.ReadFile(file)
	if err != nil {
		return nil, redisConfig("the file that ca= in REDIS_URL names cannot be read")
	}
	cfg.RootCAs = x509.NewCertPool()
	if !cfg.RootCAs.AppendCertsFromPEM(pem) {
		return nil, redisConfig("the file that ca= in REDIS_URL names has no certificate")
	}
	return cfg, nil
}

func redisConfig(sentence string) error { return fmt.Errorf("%w: %s", ErrConfig, sentence) }
