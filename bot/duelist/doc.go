// Package duelist carries out everything that happens later, once, also after
// an outage: leases, idempotency keys, lateness, quiet hours.
package duelist
