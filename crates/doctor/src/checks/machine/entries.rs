//! What can be wrong with the machine.

use crate::checks::{Group, entries};

entries! { Group::Machine;
    NAME_NOT_QUALIFIED {
        slug: "host-name-not-qualified",
        severity: Warning,
        title: "The machine does not know its own name with a domain",
        why: "Certificates are for names with a domain. Programs that tell others their own name tell one that no certificate has.",
        remedy: "Give it its whole name: `hostnamectl set-hostname db1.example.com`, or behind its address in /etc/hosts.",
        source: "RFC 9525 §2",
    }
    NAME_UNKNOWN {
        slug: "host-name-unresolved",
        severity: Warning,
        title: "The name of the machine has no address",
        why: "Others that connect to this name find nobody; a certificate for it is of no use.",
        remedy: "Enter the name with its address in the DNS, or in /etc/hosts of every machine.",
    }
    NAME_DIFFERS {
        slug: "host-name-differs",
        severity: Warning,
        title: "The machine has another name than the one that its address has",
        why: "Others look the address up, find the other name, and compare it with the certificate; or they connect by the other name.",
        remedy: "Let both be the same: rename the machine, or correct the DNS or /etc/hosts.",
    }
    AUTHORITY_ABSENT {
        slug: "ca-certificate-absent",
        severity: Error,
        title: "The CA certificate is not on the host",
        why: "Without it the host trusts nobody: it refuses every peer whose certificate it checks.",
        remedy: "Copy `ca_conf/ca_cert.pem` of the CA directory to the host.",
    }
    CERTIFICATE_ABSENT {
        slug: "host-certificate-absent",
        severity: Error,
        title: "No certificate of the host is there that the CA certificate beside it issued",
        why: "A server without certificate cannot take a secure connection.",
        remedy: "Issue one for the host, and copy certificate and key there.",
    }
    CERTIFICATE_OF_ANOTHER {
        slug: "host-certificate-of-another",
        severity: Warning,
        title: "The certificates on the host are for other hosts",
        why: "Clients compare the name that they connect to with the certificate, and refuse it.",
        remedy: "Issue one for this host.",
        source: "RFC 9525 §6",
    }
    LIBRARY_FOLDER_ABSENT {
        slug: "library-folder-absent",
        severity: Warning,
        title: "A search path for libraries names a folder that is not there",
        why: "Often that is where the security libraries were before an update: programs start without them, or take others.",
        remedy: "Correct the variable where the program is started; the local control agent's environment is passed to what it starts.",
    }
    LIBRARY_ABSENT {
        slug: "library-absent",
        severity: Error,
        title: "A security library is in no folder of the search path",
        why: "The program cannot load it: it starts without TLS, or not at all.",
        remedy: "Install it, and put its folder into the variable of the platform: LD_LIBRARY_PATH on Linux and Solaris, LIBPATH on AIX, SHLIB_PATH on HP-UX.",
    }
    SYSTEM_WITHOUT_TLS {
        slug: "system-without-tls12",
        severity: Error,
        title: "The TLS library of the operating system knows no TLS 1.2",
        why: "Peers that demand TLS 1.2, which are all that are up to date, refuse every connection of programs that use it.",
        remedy: "Update the operating system, or bring a newer TLS library with the program.",
        source: "RFC 8996",
    }
}
