package main

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"testing"
	"time"

	"parcours/config"
)

// writeCertificate puts a new certificate for localhost in a folder, by a number.
func writeCertificate(t *testing.T, folder string, number int64, at time.Time) (cert, key string) {
	t.Helper()
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	must(t, err)
	template := &x509.Certificate{
		SerialNumber: big.NewInt(number), Subject: pkix.Name{CommonName: "localhost"}, DNSNames: []string{"localhost"},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &private.PublicKey, private)
	must(t, err)
	secret, err := x509.MarshalPKCS8PrivateKey(private)
	must(t, err)
	cert, key = filepath.Join(folder, "cert.pem"), filepath.Join(folder, "key.pem")
	must(t, os.WriteFile(key, pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: secret}), 0o600))
	must(t, os.WriteFile(cert, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}), 0o600))
	must(t, os.Chtimes(cert, at, at))
	return cert, key
}

// TestListenIsEncryptedWithACertificate has a certificate renewed while the program
// listens, and then half renewed.
func TestListenIsEncryptedWithACertificate(t *testing.T) {
	folder := t.TempDir()
	cert, key := writeCertificate(t, folder, 1, time.Now().Add(-time.Hour))
	cfg := config.Default()
	cfg.Listen, cfg.TLSCert, cfg.TLSKey = "127.0.0.1:0", cert, key
	listener, err := listen(cfg)
	must(t, err)
	defer listener.Close()
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			go func() {
				defer conn.Close()
				_ = conn.(*tls.Conn).Handshake()
			}()
		}
	}()
	shown := func() int64 {
		t.Helper()
		conn, err := tls.Dial("tcp", listener.Addr().String(), &tls.Config{InsecureSkipVerify: true})
		must(t, err)
		defer conn.Close()
		return conn.ConnectionState().PeerCertificates[0].SerialNumber.Int64()
	}
	if got := shown(); got != 1 {
		t.Errorf("certificate %d is shown", got)
	}
	writeCertificate(t, folder, 2, time.Now())
	if got := shown(); got != 2 {
		t.Errorf("after the renewal, certificate %d is shown", got)
	}
	must(t, os.WriteFile(cert, []byte("half"), 0o600))
	if got := shown(); got != 2 {
		t.Errorf("in the middle of a renewal, certificate %d is shown", got)
	}
	old := &tls.Config{InsecureSkipVerify: true, MaxVersion: tls.VersionTLS11}
	if conn, err := tls.Dial("tcp", listener.Addr().String(), old); err == nil {
		conn.Close()
		t.Error("an old version of the protocol is spoken")
	}
	plain, err := net.Dial("tcp", listener.Addr().String())
	must(t, err)
	plain.Close()
	if _, err := listen(cfg); err == nil {
		t.Error("no certificate, and it listens all the same")
	}
}
