//! Kubernetes: a secret and a map, as text that `kubectl apply` takes.

use zeroize::Zeroizing;

use super::{CA, FULL_CHAIN, FurtherFile, Hooks, Installer, KEY, ROOT_ONLY, Site, Target};
use gsec_pki::encoding::pem;

pub(super) const TARGET: Target = Target {
    name: "kubernetes",
    about: "Kubernetes: a secret of type kubernetes.io/tls, and the CA as a map",
    files: &[FULL_CHAIN, KEY, CA],
    key: ROOT_ONLY,
    unit: None,
    dest: None,
    installer: Installer::Kubectl,
    hooks: Hooks::NONE,
    settings,
    further,
    notes: "install.sh calls kubectl apply, with the namespace and context that kubectl has. Pods that mount the secret see new files after a minute; those that read it into variables must be restarted.",
};

fn settings(site: &Site<'_>) -> String {
    let host = site.plain_host.unwrap_or("db1.example.com");
    format!(
        "# In an Ingress:\n\
         # spec:\n\
         #   tls:\n\
         #     - hosts: [\"{host}\"]\n\
         #       secretName: {}\n\
         # In the template of a Deployment, so that its pods are replaced with each certificate:\n\
         # metadata:\n\
         #   annotations:\n\
         #     gsec/sha256: \"{}\"\n",
        site.name, site.digest
    )
}

fn further(site: &Site<'_>) -> Vec<FurtherFile> {
    let head = |kind: &str, name: &str| {
        format!(
            "apiVersion: v1\nkind: {kind}\nmetadata:\n  name: {name}\n  annotations:\n    gsec/sha256: \"{}\"\n",
            site.digest
        )
    };
    let ca: String = site
        .text(CA.name)
        .lines()
        .map(|line| format!("    {line}\n"))
        .collect();
    let map = format!(
        "{}data:\n  ca.crt: |\n{ca}",
        head("ConfigMap", &format!("{}-ca", site.name))
    );
    let mut files = vec![FurtherFile::public("ca-configmap.yaml", map)];
    if let (Some(certificate), Some(key), Some(ca)) = (
        site.bytes(FULL_CHAIN.name),
        site.bytes(KEY.name),
        site.bytes(CA.name),
    ) {
        let mut secret = Zeroizing::new(head("Secret", site.name).into_bytes());
        secret.reserve(4 * (certificate.len() + key.len() + ca.len()));
        secret.extend_from_slice(b"type: kubernetes.io/tls\ndata:\n");
        for (name, content) in [("tls.crt", certificate), ("tls.key", key), ("ca.crt", ca)] {
            secret.extend_from_slice(format!("  {name}: ").as_bytes());
            secret.extend_from_slice(base64(content).as_bytes());
            secret.push(b'\n');
        }
        files.push(FurtherFile {
            path: "secret.yaml".into(),
            secret: true,
            installed: true,
            content: secret,
        });
    }
    files
}

/// The lines between the boundaries of PEM are base64.
fn base64(bytes: &[u8]) -> Zeroizing<String> {
    let pem = pem::encode_secret("DATA", bytes);
    let lines = pem.lines().filter(|line| !line.starts_with("-----"));
    Zeroizing::new(lines.collect())
}
