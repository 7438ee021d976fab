// The library of step-ca 0.19 as a server, for server/benches/acme.rs: settings and DNS server are arguments.
package main

import (
	"context"
	"log"
	"net"
	"os"

	"github.com/smallstep/certificates/authority/config"
	"github.com/smallstep/certificates/ca"
)

func main() {
	net.DefaultResolver = &net.Resolver{PreferGo: true, Dial: func(ctx context.Context, _, _ string) (net.Conn, error) {
		return new(net.Dialer).DialContext(ctx, "udp", os.Args[2])
	}}
	settings, err := config.LoadConfiguration(os.Args[1])
	if err != nil {
		log.Fatal(err)
	}
	server, err := ca.New(settings, ca.WithQuiet(true))
	if err != nil {
		log.Fatal(err)
	}
	log.Fatal(server.Run())
}
