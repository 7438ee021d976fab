// What Go's crypto/x509 makes of certification paths, asked as crypto/tls asks it. Cases and answers as in tests/python/path_judges.py.
package main

import (
	"bufio"
	"crypto/x509"
	"encoding/hex"
	"fmt"
	"os"
	"strconv"
	"strings"
	"time"
)

func certificates(list string) ([]*x509.Certificate, error) {
	var all []*x509.Certificate
	var first error
	for _, part := range strings.Split(list, ",") {
		if part == "" {
			continue
		}
		der, err := hex.DecodeString(part)
		if err != nil {
			return nil, err
		}
		certificate, err := x509.ParseCertificate(der)
		if err == nil {
			all = append(all, certificate)
		} else if first == nil {
			first = err
		}
	}
	return all, first
}

func judge(line string) error {
	fields := strings.Split(line, "\t")
	seconds, err := strconv.ParseInt(fields[0], 10, 64)
	if err != nil {
		return err
	}
	target, err := certificates(fields[3])
	if err != nil {
		return err
	}
	// crypto/tls refuses a message of certificates when one in it cannot be parsed.
	between, err := certificates(fields[4])
	if err != nil {
		return err
	}
	anchors, _ := certificates(fields[5])
	options := x509.VerifyOptions{CurrentTime: time.Unix(seconds, 0), Roots: x509.NewCertPool(), Intermediates: x509.NewCertPool()}
	if strings.Contains(fields[2], ":") {
		options.DNSName = "[" + fields[2] + "]"
	} else {
		options.DNSName = fields[2]
	}
	switch fields[1] {
	case "client":
		options.KeyUsages = []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth}
	case "any":
		options.KeyUsages = []x509.ExtKeyUsage{x509.ExtKeyUsageAny}
	}
	for _, anchor := range anchors {
		options.Roots.AddCert(anchor)
	}
	for _, certificate := range between {
		options.Intermediates.AddCert(certificate)
	}
	_, err = target[0].Verify(options)
	return err
}

// Whether the certificates of each file named are found, as for a pool of roots.
func load(files []string) {
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err == nil && x509.NewCertPool().AppendCertsFromPEM(text) {
			fmt.Println("yes")
		} else {
			fmt.Println("no")
		}
	}
}

func main() {
	if len(os.Args) > 1 {
		load(os.Args[1:])
		return
	}
	lines := bufio.NewScanner(os.Stdin)
	lines.Buffer(nil, 1<<24)
	for lines.Scan() {
		if err := judge(lines.Text()); err != nil {
			fmt.Println("no", strings.Split(err.Error(), "\n")[0])
		} else {
			fmt.Println("yes")
		}
	}
}
