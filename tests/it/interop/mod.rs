//! Judged by the programs that must agree with gsec.

mod conformance;
mod consumers;
mod gnutls;
mod golden;
mod java;
mod key_forms;
mod legal_edges;
mod lifecycle;
mod lint_pkilint;
mod nginx;
mod nss;
mod ocsp;
mod openssl;
mod openssl_ca_directory;
mod pem_forms;
mod pfx_gnutls;
mod pfx_java;
mod pfx_nss;
mod pfx_openssl;
mod pfx_python;
mod pfx_readers;
mod python;
mod rustls;
