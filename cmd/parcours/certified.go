package main

import (
	"crypto/tls"
	"fmt"
	"os"
	"sync"
	"time"
)

// certified gives how to encrypt with a certificate and its key, from files that
// are read again once they are renewed. Error: they are no certificate and key.
func certified(cert, key string) (*tls.Config, error) {
	c := &certificate{cert: cert, key: key}
	if _, err := c.get(nil); err != nil {
		return nil, err
	}
	return &tls.Config{MinVersion: tls.VersionTLS12, GetCertificate: c.get}, nil
}

// A certificate is one on disk.
type certificate struct {
	cert, key string

	mu      sync.Mutex
	pair    *tls.Certificate
	renewed time.Time
}

// get gives the certificate as it is on disk; as it was, while what is there is
// half renewed.
func (c *certificate) get(*tls.ClientHelloInfo) (*tls.Certificate, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	info, err := os.Stat(c.cert)
	if err == nil && c.pair != nil && info.ModTime().Equal(c.renewed) {
		return c.pair, nil
	}
	pair, err := tls.LoadX509KeyPair(c.cert, c.key)
	switch {
	case err == nil:
		c.pair, c.renewed = &pair, info.ModTime()
	case c.pair == nil:
		return nil, fmt.Errorf("the certificate and its key: %w", err)
	}
	return c.pair, nil
}
