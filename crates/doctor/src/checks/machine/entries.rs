//! What can be wrong with the machine.

use crate::checks::{Group, entries};

entries! { Group::Machine;
    NAME_NOT_QUALIFIED {
        slug: "host-name-not-qualified",
        severity: Warning,
        title: "The machine does not know its own fully qualified name",
        why: "Certificates are for names with a domain. Programs that report their own name to others use a \
             name that no certificate has.",
        remedy: "Set its fully qualified name: `hostnamectl set-hostname db1.example.com`, or after its \
             address in /etc/hosts.",
        source: "RFC 9525 §2",
    }
    NAME_UNKNOWN {
        slug: "host-name-unresolved",
        severity: Warning,
        title: "The name of the machine has no address",
        why: "Clients that connect to this name cannot find the host; a certificate for it is useless.",
        remedy: "Enter the name with its address in DNS, or in /etc/hosts of every machine.",
    }
    NAME_DIFFERS {
        slug: "host-name-differs",
        severity: Warning,
        title: "The host name does not match the name its address resolves to",
        why: "Clients that look up the address find the other name, and compare it with the certificate; or \
             they connect by the other name.",
        remedy: "Make both the same: rename the machine, or correct DNS or /etc/hosts.",
    }
    AUTHORITY_ABSENT {
        slug: "ca-certificate-absent",
        severity: Error,
        title: "The CA certificate is not on the host",
        why: "Without it the host trusts no CA: it rejects every peer whose certificate it checks.",
        remedy: "Copy `ca_conf/ca_cert.pem` of the CA directory to the host.",
    }
    CERTIFICATE_ABSENT {
        slug: "host-certificate-absent",
        severity: Error,
        title: "There is no host certificate issued by the CA certificate next to it",
        why: "A server cannot accept TLS connections without a certificate.",
        remedy: "Issue one for the host, and copy certificate and key there.",
    }
    CERTIFICATE_OF_ANOTHER {
        slug: "host-certificate-of-another",
        severity: Warning,
        title: "The certificates on the host are for other hosts",
        why: "Clients compare the name that they connect to with the certificate, and reject it.",
        remedy: "Issue one for this host.",
        source: "RFC 9525 §6",
    }
    LIBRARY_FOLDER_ABSENT {
        slug: "library-folder-absent",
        severity: Warning,
        title: "A search path for libraries contains a directory that does not exist",
        why: "Often it is the directory of the security libraries before an update: programs start without \
             them, or use others.",
        remedy: "Correct the variable where the program is started; the environment of the local control \
             agent is passed to the programs it starts.",
    }
    LIBRARY_ABSENT {
        slug: "library-absent",
        severity: Error,
        title: "A security library is in no directory of the search path",
        why: "The program cannot load it: it starts without TLS, or not at all.",
        remedy: "Install it, and put its directory in the variable of the platform: LD_LIBRARY_PATH on Linux \
             and Solaris, LIBPATH on AIX, SHLIB_PATH on HP-UX.",
    }
    AUTHORITY_NOT_TRUSTED {
        slug: "ca-not-trusted-here",
        severity: Notice,
        title: "The CA is not in a trust store of this machine",
        why: "Programs of this machine that use the store reject every certificate of the CA. On a machine \
             that only issues them this is in order.",
        remedy: "Install the CA, if programs of this machine connect to its hosts: `gsec trust install`.",
    }
    AUTHORITY_TRUST_BROKEN {
        slug: "ca-trust-broken",
        severity: Error,
        title: "A trust store of this machine contains the CA, and programs do not trust it",
        why: "Someone installed the CA so that programs trust its hosts; they reject them.",
        remedy: "`gsec trust status` says where. Install a CA certificate that is in date, take back the \
             distrust, or run the tool of the store again.",
    }
    SYSTEM_WITHOUT_TLS {
        slug: "system-without-tls12",
        severity: Error,
        title: "The TLS library of the operating system does not support TLS 1.2",
        why: "Peers that require TLS 1.2, which are all up-to-date ones, reject every connection of programs \
             that use it.",
        remedy: "Update the operating system, or ship a newer TLS library with the program.",
        source: "RFC 8996",
    }
}
