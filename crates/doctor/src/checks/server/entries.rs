//! Everything that can be wrong with a server's port: reaching it, its protocol, its certificates, and the clients it
//! accepts.

use crate::checks::{Group, entries};

entries! { Group::Server;
    HOST_UNRESOLVED {
        slug: "host-unresolved",
        severity: Error,
        title: "The host name has no address",
        why: "Nobody who uses this name service finds the host.",
        remedy: "Put the name into the name service or into /etc/hosts, or correct it.",
    }
    HOST_UNREACHABLE {
        slug: "host-unreachable",
        severity: Error,
        title: "There is no way to the host",
        why: "A route is missing, or a firewall says no: no connection comes about, with TLS or without.",
        remedy: "Mend the route, or open the firewall.",
    }
    PORT_REFUSED {
        slug: "port-refused",
        severity: Error,
        title: "Nobody listens on the port",
        why: "The service is not running, or listens on another port or another address.",
        remedy: "Start the service, or name the right port.",
    }
    PORT_TIMEOUT {
        slug: "port-timeout",
        severity: Error,
        title: "The port does not answer",
        why: "The host is off, or a firewall on the way drops what is sent.",
        remedy: "Look whether the host is up, and at the firewalls between.",
    }
    OWN_ADDRESS {
        slug: "own-address-unusable",
        severity: Error,
        title: "The connection cannot start from the address or port that was asked for",
        why: "This machine does not have the address, or the port is in use.",
        remedy: "Choose an address that this machine has, and leave the port out.",
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
        why: "TLS is not switched on there, or it is another service's port; whatever is sent can be read on the way.",
        remedy: "Switch TLS on in the service, or name the right port.",
    }
    NOT_TLS {
        slug: "port-not-tls",
        severity: Error,
        title: "The port does not speak TLS",
        why: "It answers with something that is neither TLS nor text: another service's port.",
        remedy: "Name the right port, or switch TLS on in the service.",
    }
    PORT_CLOSES {
        slug: "port-closes",
        severity: Error,
        title: "The port takes the connection and hangs up at once",
        why: "The service does not take connections from this address, has no certificate to present, or does not speak TLS.",
        remedy: "Look into the log of the service.",
    }
    PORT_SILENT {
        slug: "port-silent",
        severity: Error,
        title: "The port takes the connection and says nothing",
        why: "The service hangs, waits for something else than TLS, or something in between swallows the answer.",
        remedy: "Look whether the service works, and whether TLS is switched on for this port.",
    }
    TLS_REFUSED {
        slug: "handshake-refused",
        severity: Error,
        title: "The server speaks TLS, and no handshake comes about",
        why: "It has no certificate for this name, or settings that no client can meet.",
        remedy: "Look into the log of the server; try another name with `--server-name`.",
        source: "RFC 8446 §6.2",
    }
    PLAIN_AND_TLS {
        slug: "port-plain-and-tls",
        severity: Warning,
        title: "The port takes plain text as well as TLS",
        why: "A client that is not set up for TLS works all the same, and nobody notices that what it sends can be read on the way.",
        remedy: "Have the service demand TLS, once all clients can.",
    }
    PROTOCOL_OUTDATED {
        slug: "protocol-outdated",
        severity: Error,
        title: "The server speaks no version of TLS that is in use today",
        why: "Modern libraries speak TLS 1.2 and 1.3 only, and end the handshake.",
        remedy: "Switch TLS 1.2 or 1.3 on in the server, or bring it up to date.",
        source: "RFC 8996 §4",
    }
    PROTOCOL_OLD_ACCEPTED {
        slug: "protocol-old-accepted",
        severity: Warning,
        title: "The server still accepts SSL 3.0, TLS 1.0 or TLS 1.1",
        why: "These versions have known weaknesses; whoever is in between can try to bring a client down to them.",
        remedy: "Switch them off, once no client needs them.",
        source: "RFC 8996",
    }
    SUITES_OUTDATED {
        slug: "cipher-suites-outdated",
        severity: Error,
        title: "The server has no cipher suite that modern libraries have",
        why: "It offers static RSA or CBC only; rustls, Go and browsers end the handshake.",
        remedy: "Allow ECDHE with AES-GCM or ChaCha20-Poly1305 in the server.",
        source: "RFC 9325 §4.2",
    }
    SUITES_BROKEN {
        slug: "cipher-suites-broken",
        severity: Warning,
        title: "The server accepts cipher suites that are broken",
        why: "No encryption, no authentication, or keys that can be broken: a client that offers them is not protected.",
        remedy: "Take them out of the list of the server.",
        source: "RFC 9325 §4.1",
    }
    SHORT_PRIME {
        slug: "diffie-hellman-short",
        severity: Warning,
        title: "The server's Diffie-Hellman prime is too short",
        why: "Below 2048 bits it can be broken with much effort; OpenSSL 3 and Java refuse short ones.",
        remedy: "Use ECDHE, or give the server a prime of 2048 bits or more.",
        source: "RFC 9325 §4.4",
    }
    RENEGOTIATION {
        slug: "renegotiation-insecure",
        severity: Warning,
        title: "The server has no secure renegotiation",
        why: "Somebody in between can put text before what a client sends; OpenSSL 3 refuses such a server.",
        remedy: "Bring the TLS library of the server up to date.",
        source: "RFC 5746",
    }
    UNREADABLE_CERTIFICATE {
        slug: "presented-unreadable",
        severity: Error,
        title: "A presented certificate cannot be read",
        why: "Peers end the handshake where they cannot decode a certificate.",
        remedy: "Look at the file that the server presents, and issue a new certificate.",
        source: "RFC 5280 §4.1",
    }
    INTERCEPTED {
        slug: "certificate-intercepted",
        severity: Notice,
        title: "The server presents a certificate of another CA than the one at hand, which has issued for this host",
        why: "Mostly somebody installed it there. If nobody did, something in between may answer in place of the server, such as a proxy that inspects the traffic.",
        remedy: "Compare with what the server presents on its own machine.",
        source: "RFC 8446 §4.4.2",
    }
    UNRECORDED {
        slug: "presented-unrecorded",
        severity: Error,
        title: "The CA has no record of the certificate that it signed",
        why: "The CA directory was restored from an older copy, or somebody else has the CA key: what is not recorded cannot be revoked.",
        remedy: "Find out where it comes from; if the directory was restored, record it again.",
    }
    PRESENTED_OUTDATED {
        slug: "presented-outdated",
        severity: Warning,
        title: "The CA has issued a newer certificate, and the server presents the old one",
        why: "The new one was not handed to the server, or the server was not reloaded; the old one ends soon or has ended.",
        remedy: "Hand the new files to the server, and reload it.",
    }
    PRESENTED_DIFFERS {
        slug: "presented-differs",
        severity: Warning,
        title: "The server presents another certificate than the one in the file",
        why: "The server was not reloaded after the file was replaced, or reads another file.",
        remedy: "Reload the server, or find the file that it reads.",
    }
    SERVER_NAME_NEEDED {
        slug: "server-name-needed",
        severity: Notice,
        title: "Without a server name (SNI), the server presents another certificate or refuses",
        why: "Old clients, and those that connect to an address, send no name, and get what is meant for others.",
        remedy: "Make this certificate the default one of the server, where such clients connect.",
        source: "RFC 6066 §3",
    }
    CLIENT_CERTIFICATE_REFUSED {
        slug: "client-certificate-refused",
        severity: Error,
        title: "The server refuses the client certificate",
        why: "The server does not trust its CA, or it has expired, is revoked or is not for clients.",
        remedy: "Look with `gsec doctor handshake` at what the server would find in it.",
        source: "RFC 8446 §4.4.2.4",
    }
    CLIENT_AUTHORITY_NOT_LISTED {
        slug: "client-ca-not-listed",
        severity: Error,
        title: "The server does not name the CA of the client certificate among those that it trusts",
        why: "Java, Windows and browsers do not even send such a certificate; most servers refuse it.",
        remedy: "Have a CA that the server trusts issue the client certificate, or add the CA to what the server trusts.",
        source: "RFC 8446 §4.2.4",
    }
    CLIENT_CERTIFICATE_UNASKED {
        slug: "client-certificate-unasked",
        severity: Notice,
        title: "The server does not ask for the client certificate",
        why: "It does not know who connects; whoever reaches the port is let in as far as TLS goes.",
        remedy: "Switch client certificates on in the server, if it shall know its clients.",
        source: "RFC 8446 §4.3.2",
    }
    ADDRESSES_DIFFER {
        slug: "addresses-differ",
        severity: Warning,
        title: "The addresses of the host do not answer alike",
        why: "Some clients take the one and some the other: it works for some, or only sometimes.",
        remedy: "Have the service listen on every address, with the same certificate, or take the other addresses out of the name service.",
        source: "RFC 8305 §5",
    }
    TRUST_UNKNOWN {
        slug: "trust-unknown",
        severity: Notice,
        title: "Nothing is known to be trusted, so that nobody knows whether clients accept the certificate",
        why: "Dates, names and keys were looked at, and not whose certificate it is: there is no CA directory at hand that issued it.",
        remedy: "Say what clients trust with `--trust`, or name the CA directory with `--ca-dir`.",
    }
}
