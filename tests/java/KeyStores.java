import java.io.*;
import java.nio.charset.StandardCharsets;
import java.nio.file.*;
import java.security.*;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.*;
import javax.net.ssl.*;

/**
 * Opens and writes key stores as lines on stdin say; see tests/common/java_key_store.rs.
 * A password stands behind `=`; `-` is no password at all, which is not the same as the empty one.
 */
public class KeyStores {
    public static void main(String[] args) throws Exception {
        BufferedReader commands = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        PrintStream answers = new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8);
        for (String line; (line = commands.readLine()) != null; ) {
            try {
                obey(line.split("\t", -1)).forEach(answers::println);
                answers.println("done");
            } catch (Exception problem) {
                answers.println("refused\t" + problem.toString().replaceAll("\\s+", " "));
            }
        }
    }

    private static List<String> obey(String[] word) throws Exception {
        switch (word[0]) {
            case "open": return entries(load(word[1], password(word[2])), password(word[2]));
            case "write": return write(word);
            case "trust": return trust(load(word[1], password(word[2])), chain(word[3]));
            default: throw new IllegalArgumentException(word[0]);
        }
    }

    private static KeyStore load(String file, char[] password) throws Exception {
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(Path.of(file))) {
            store.load(in, password);
        }
        return store;
    }

    /** Every entry with its alias: keys in PKCS #8, in hexadecimal digits, and SHA-256 of each certificate. */
    private static List<String> entries(KeyStore store, char[] password) throws Exception {
        List<String> lines = new ArrayList<>();
        for (String alias : Collections.list(store.aliases())) {
            if (store.isCertificateEntry(alias)) {
                lines.add(String.join("\t", "trusted", alias, thumbprint(store.getCertificate(alias))));
            } else if (store.getKey(alias, password) instanceof PrivateKey) {
                String key = HexFormat.of().formatHex(store.getKey(alias, password).getEncoded());
                List<String> chain = new ArrayList<>();
                for (Certificate certificate : Objects.requireNonNullElse(store.getCertificateChain(alias), new Certificate[0])) {
                    chain.add(thumbprint(certificate));
                }
                lines.add(String.join("\t", "key", alias, key, String.join(",", chain)));
            } else {
                lines.add(String.join("\t", "secret", alias, store.getKey(alias, password).getAlgorithm()));
            }
        }
        return lines;
    }

    private static String thumbprint(Certificate certificate) throws Exception {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(certificate.getEncoded()));
    }

    /** write FILE PASSWORD KEY-PASSWORD ALIAS KEY-IN-DER CHAIN-IN-PEM */
    private static List<String> write(String[] word) throws Exception {
        X509Certificate[] chain = chain(word[6]);
        PKCS8EncodedKeySpec encoded = new PKCS8EncodedKeySpec(Files.readAllBytes(Path.of(word[5])));
        PrivateKey key = KeyFactory.getInstance(chain[0].getPublicKey().getAlgorithm()).generatePrivate(encoded);
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        store.setKeyEntry(word[4], key, password(word[3]), chain);
        try (OutputStream out = Files.newOutputStream(Path.of(word[1]))) {
            store.store(out, password(word[2]));
        }
        return List.of();
    }

    /** Whether a TLS client that trusts what is in this store takes a server with this chain. */
    private static List<String> trust(KeyStore store, X509Certificate[] chain) throws Exception {
        TrustManagerFactory anchors = TrustManagerFactory.getInstance("PKIX");
        anchors.init(store);
        X509TrustManager manager = (X509TrustManager) anchors.getTrustManagers()[0];
        manager.checkServerTrusted(chain, "ECDHE_" + (chain[0].getPublicKey().getAlgorithm().equals("RSA") ? "RSA" : "ECDSA"));
        return List.of("trusts\t" + manager.getAcceptedIssuers().length);
    }

    private static X509Certificate[] chain(String pem) throws Exception {
        try (InputStream in = Files.newInputStream(Path.of(pem))) {
            return CertificateFactory.getInstance("X.509").generateCertificates(in).toArray(X509Certificate[]::new);
        }
    }

    private static char[] password(String word) {
        return word.equals("-") ? null : word.substring(1).toCharArray();
    }
}
