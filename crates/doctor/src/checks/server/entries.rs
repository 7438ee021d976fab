//! Everything that can be wrong with a server's port: reaching it, its protocol, its certificates, and the clients it
//! accepts.

use crate::checks::{Group, entries};

entries! { Group::Server;
    HOST_UNRESOLVED {
        slug: "host-unresolved",
        severity: Error,
        title: "The host name has no address",
        why: "No client that uses this name service can find the host.",
        remedy: "Add the name to the name service or to /etc/hosts, or correct it.",
    }
    HOST_UNREACHABLE {
        slug: "host-unreachable",
        severity: Error,
        title: "The host is unreachable",
        why: "A route is missing, or a firewall rejects the connection: connections fail, with TLS or \
             without.",
        remedy: "Fix the route, or open the firewall.",
    }
    PORT_REFUSED {
        slug: "port-refused",
        severity: Error,
        title: "Nothing listens on the port",
        why: "The service is not running, or listens on another port or another address.",
        remedy: "Start the service, or give the right port.",
    }
    PORT_TIMEOUT {
        slug: "port-timeout",
        severity: Error,
        title: "The port does not answer",
        why: "The host is down, or a firewall on the way drops the packets.",
        remedy: "Check that the host is up and that no firewall blocks the port.",
    }
    OWN_ADDRESS {
        slug: "own-address-unusable",
        severity: Error,
        title: "The connection cannot start from the requested address or port",
        why: "This machine does not have the address, or the port is in use.",
        remedy: "Choose an address of this machine, and leave out the port.",
    }
    PROXY_REFUSED {
        slug: "proxy-refused",
        severity: Error,
        title: "The proxy does not connect",
        why: "The proxy does not know the host, or does not allow the port.",
        remedy: "Allow the port in the proxy, or connect without it.",
        source: "RFC 9110 §9.3.6",
    }
    PLAIN_TEXT {
        slug: "port-plain-text",
        severity: Error,
        title: "The port does not speak TLS, but answers in plain text",
        why: "TLS is not enabled there, or it is another service's port; everything sent can be read on the \
             way.",
        remedy: "Enable TLS in the service, or give the right port.",
    }
    NOT_TLS {
        slug: "port-not-tls",
        severity: Error,
        title: "The port does not speak TLS",
        why: "It answers with something that is neither TLS nor text: another service's port.",
        remedy: "Give the right port, or enable TLS in the service.",
    }
    STARTTLS_TLS_AT_ONCE {
        slug: "starttls-tls-at-once",
        severity: Error,
        title: "The port speaks TLS from the first byte, so it does not need --starttls",
        why: "The server waits for TLS and the client for a greeting: neither sends anything before the timeout.",
        remedy: "Leave out --starttls. Configure clients for TLS from the first byte (\"SSL/TLS\" in mail programs), or give the port for STARTTLS.",
        source: "RFC 8314 §3",
    }
    STARTTLS_OTHER_PROTOCOL {
        slug: "starttls-other-protocol",
        severity: Error,
        title: "The port does not speak the protocol that --starttls names",
        why: "It is another service's port: a client of that protocol cannot connect.",
        remedy: "Name the port's own protocol with --starttls, or give the right port.",
    }
    STARTTLS_NOT_OFFERED {
        slug: "starttls-not-offered",
        severity: Error,
        title: "The server speaks the protocol, but does not offer TLS in it",
        why: "A client that requires TLS cannot connect; others send everything in plain text, including passwords. TLS is not \
             enabled, or a device in between removes the offer.",
        remedy: "Give the server a certificate and enable TLS for this port; if it is enabled, check again from the host of the server.",
        source: "RFC 3207 §4",
    }
    STARTTLS_REFUSED {
        slug: "starttls-refused",
        severity: Error,
        title: "The server refuses the client, or its request to start TLS",
        why: "The server rejects this client, has reached a limit of connections, or cannot start TLS because its certificate or \
             key is missing, unreadable or does not match.",
        remedy: "Check the log of the server.",
        source: "RFC 3207 §4",
    }
    STARTTLS_BYTES_BEHIND {
        slug: "starttls-bytes-behind",
        severity: Error,
        title: "The server agrees to start TLS, but goes on in plain text",
        why: "Anyone on the way can insert such bytes, and a client that keeps them treats them as if TLS had protected them \
             (CVE-2011-0411, CVE-2021-23222). Or the server cannot start TLS, and only now says so.",
        remedy: "Check the log of the server and each device in between; check again from the host of the server, and compare.",
        source: "RFC 3207 §4.2",
    }
    STARTTLS_UNFINISHED {
        slug: "starttls-unfinished",
        severity: Error,
        title: "The connection fails before TLS starts",
        why: "The server does not answer, closes the connection, or sends more than any client reads: connections fail, with TLS or \
             without.",
        remedy: "Check the log of the server; a slow one may need a longer --timeout.",
    }
    PORT_CLOSES {
        slug: "port-closes",
        severity: Error,
        title: "The port accepts the connection and closes it immediately",
        why: "The service does not accept connections from this address, has no certificate to present, or \
             does not speak TLS.",
        remedy: "Check the log of the service.",
    }
    PORT_SILENT {
        slug: "port-silent",
        severity: Error,
        title: "The port accepts the connection but sends nothing",
        why: "The service hangs, waits for something other than TLS, or a device in between drops the \
             answer.",
        remedy: "Check whether the service works, and whether TLS is enabled for this port.",
    }
    TLS_REFUSED {
        slug: "handshake-refused",
        severity: Error,
        title: "The server speaks TLS, but the handshake fails",
        why: "It has no certificate for this name, or settings that no client can meet.",
        remedy: "Check the log of the server; try another name with `--server-name`.",
        source: "RFC 8446 §6.2",
    }
    PLAIN_AND_TLS {
        slug: "port-plain-and-tls",
        severity: Warning,
        title: "The port accepts plain text as well as TLS",
        why: "A client that is not configured for TLS works anyway, and nobody notices that what it sends \
             can be read on the way.",
        remedy: "Have the service require TLS, once all clients support it.",
    }
    PROTOCOL_OUTDATED {
        slug: "protocol-outdated",
        severity: Error,
        title: "The server supports no TLS version that is in use today",
        why: "Modern libraries support only TLS 1.2 and 1.3, and abort the handshake.",
        remedy: "Enable TLS 1.2 or 1.3 on the server, or update it.",
        source: "RFC 8996 §4",
    }
    PROTOCOL_OLD_ACCEPTED {
        slug: "protocol-old-accepted",
        severity: Warning,
        title: "The server still accepts SSL 3.0, TLS 1.0 or TLS 1.1",
        why: "These versions have known weaknesses; an attacker in between can try to downgrade a client to \
             them.",
        remedy: "Disable them, once no client needs them.",
        source: "RFC 8996",
    }
    SUITES_OUTDATED {
        slug: "cipher-suites-outdated",
        severity: Error,
        title: "The server supports no cipher suite of modern libraries",
        why: "It offers only static RSA or CBC; rustls, Go and browsers abort the handshake.",
        remedy: "Allow ECDHE with AES-GCM or ChaCha20-Poly1305 on the server.",
        source: "RFC 9325 §4.2",
    }
    SUITES_BROKEN {
        slug: "cipher-suites-broken",
        severity: Warning,
        title: "The server accepts broken cipher suites",
        why: "No encryption, no authentication, or keys that can be broken: a client that offers them is not protected.",
        remedy: "Remove them from the server's list.",
        source: "RFC 9325 §4.1",
    }
    SIGNATURE_SHA1 {
        slug: "handshake-signature-sha1",
        severity: Error,
        title: "The server signs handshakes with SHA-1 only",
        why: "SHA-1 is broken. OpenSSL 3 (and with it curl, Python and Node.js) and rustls abort the handshake; Java 17 and GnuTLS 3.7 still accept it.",
        remedy: "Allow SHA-256 among the server's signature algorithms, or update its TLS library.",
        source: "RFC 9155 §2",
    }
    CONNECTIONS_DROPPED {
        slug: "connections-dropped",
        severity: Warning,
        title: "The server closes some connections without an answer",
        why: "The same question gets an answer at other times: a limit of connections, a backend that does not work, or a device in between.",
        remedy: "Check the log of the server, its limits, and each server behind the address.",
    }
    GROUPS_UNCOMMON {
        slug: "key-exchange-uncommon",
        severity: Warning,
        title: "The server accepts only key exchange groups that not all clients offer",
        why: "Each client offers a few groups; one that offers none of the server's fails with handshake_failure.",
        remedy: "Allow X25519 or P-256 as well.",
        source: "RFC 8446 §4.2.7",
    }
    NO_CERTIFICATES {
        slug: "server-without-certificates",
        severity: Error,
        title: "The server accepts only cipher suites without certificates",
        why: "It authenticates by a secret that both ends know (PSK, SRP), or not at all: a client that relies on certificates fails.",
        remedy: "Give the server a certificate, if clients need one.",
        source: "RFC 4279",
    }
    SHORT_PRIME {
        slug: "diffie-hellman-short",
        severity: Warning,
        title: "The server's Diffie-Hellman prime is too short",
        why: "Below 2048 bits it can be broken with much effort; OpenSSL 3 and Java reject short ones.",
        remedy: "Use ECDHE, or give the server a prime of 2048 bits or more.",
        source: "RFC 9325 §4.4",
    }
    RENEGOTIATION {
        slug: "renegotiation-insecure",
        severity: Warning,
        title: "The server has no secure renegotiation",
        why: "An attacker in between can insert text before what a client sends; OpenSSL 3 rejects such a \
             server.",
        remedy: "Update the TLS library of the server.",
        source: "RFC 5746",
    }
    UNREADABLE_CERTIFICATE {
        slug: "presented-unreadable",
        severity: Error,
        title: "A presented certificate cannot be read",
        why: "Clients abort the handshake if they cannot decode a certificate.",
        remedy: "Check the file that the server presents, and issue a new certificate.",
        source: "RFC 5280 §4.1",
    }
    INTERCEPTED {
        slug: "certificate-intercepted",
        severity: Notice,
        title: "The server presents a certificate from another CA, although the local CA issued one for this host",
        why: "Usually someone installed it there. If not, an intercepting proxy may be answering instead of \
             the server.",
        remedy: "Compare with what the server presents on its own machine.",
        source: "RFC 8446 §4.4.2",
    }
    STAPLE_MISSING {
        slug: "must-staple-missing",
        severity: Error,
        title: "The certificate requires a stapled OCSP response, but the server sends none",
        why: "GnuTLS and Firefox reject such a server; OpenSSL, Java and Go do not look.",
        remedy: "Use a certificate without the TLS feature status_request, or turn OCSP stapling on.",
        source: "RFC 7633 §4.2.3",
    }
    PRESENTED_OUTDATED {
        slug: "presented-outdated",
        severity: Warning,
        title: "The CA has issued a newer certificate, but the server presents the old one",
        why: "The new one was not installed on the server, or the server was not reloaded; the old one \
             expires soon or has expired.",
        remedy: "Install the new files on the server, and reload it.",
    }
    PRESENTED_DIFFERS {
        slug: "presented-differs",
        severity: Warning,
        title: "The server presents another certificate than the one in the file",
        why: "The server was not reloaded after the file was replaced, or reads another file.",
        remedy: "Reload the server, or find the file that it uses.",
    }
    SERVER_NAME_NEEDED {
        slug: "server-name-needed",
        severity: Notice,
        title: "Without a server name (SNI), the server presents another certificate or refuses",
        why: "Old clients, and those that connect to an address, send no name, and get the certificate \
             intended for others.",
        remedy: "Make this certificate the server's default, if such clients connect.",
        source: "RFC 6066 §3",
    }
    CLIENT_CERTIFICATE_REFUSED {
        slug: "client-certificate-refused",
        severity: Error,
        title: "The server rejects the client certificate",
        why: "The server does not trust its CA, or the certificate has expired, is revoked or is not for \
             clients.",
        remedy: "Use `gsec doctor handshake` to see what the server would find in it.",
        source: "RFC 8446 §4.4.2.4",
    }
    CLIENT_AUTHORITY_NOT_LISTED {
        slug: "client-ca-not-listed",
        severity: Error,
        title: "The server does not list the CA of the client certificate among those that it trusts",
        why: "Java, Windows and browsers do not even send such a certificate; most servers reject it.",
        remedy: "Have a CA that the server trusts issue the client certificate, or add the CA to what the server trusts.",
        source: "RFC 8446 §4.2.4",
    }
    CLIENT_INTERMEDIATE_MISSING {
        slug: "client-intermediate-missing",
        severity: Error,
        title: "The client does not present the intermediate that leads to a CA that the server trusts",
        why: "The server knows only the CA at the top, and finds no way from the client's certificate to it: unable to get local issuer certificate.",
        remedy: "Append the intermediate's certificate to the client's certificate file.",
        source: "RFC 8446 §4.4.2",
    }
    CLIENT_CERTIFICATE_UNASKED {
        slug: "client-certificate-unasked",
        severity: Notice,
        title: "The server does not request the client certificate",
        why: "It does not know who connects; anyone who can reach the port is let in as far as TLS is \
             concerned.",
        remedy: "Enable client certificates on the server, if it must identify its clients.",
        source: "RFC 8446 §4.3.2",
    }
    ADDRESSES_DIFFER {
        slug: "addresses-differ",
        severity: Warning,
        title: "The addresses of the host answer differently",
        why: "Some clients use one and some the other: it works for some, or only sometimes.",
        remedy: "Have the service listen on every address, with the same certificate, or remove the other \
             addresses from the name service.",
        source: "RFC 8305 §5",
    }
    CONNECTIONS_DIFFER {
        slug: "connections-differ",
        severity: Warning,
        title: "The server presents different certificates to the same client",
        why: "Several servers are behind the address, and one has another certificate: what is wrong with it is wrong for some connections only.",
        remedy: "Install the same certificate on each server behind the address, and restart each.",
    }
}
