import java.io.FileInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.*;
import java.util.*;
import java.util.stream.Collectors;
import javax.net.ssl.*;

/**
 * What Java's TLS makes of certification paths. Arguments: seconds since 1970, then folders, each with `target.der`, `between*.der`,
 * `anchor*.der`, and perhaps `crl*.der`. Prints a line for each: `yes`, or `no` and why.
 */
public class PathJudge {
    static final CertificateFactory FACTORY;

    static {
        try {
            FACTORY = CertificateFactory.getInstance("X.509");
        } catch (CertificateException problem) {
            throw new IllegalStateException(problem);
        }
    }

    public static void main(String[] arguments) throws Exception {
        Date at = new Date(Long.parseLong(arguments[0]) * 1000);
        for (int i = 1; i < arguments.length; i++) {
            String said;
            try {
                judge(Path.of(arguments[i]), at);
                said = "yes";
            } catch (Exception problem) {
                said = "no " + problem.toString().lines().findFirst().orElse("");
            }
            System.out.println(said);
        }
    }

    static List<Path> files(Path folder, String beginning) throws Exception {
        try (var names = Files.list(folder)) {
            return names.filter(name -> name.getFileName().toString().startsWith(beginning)).sorted().collect(Collectors.toList());
        }
    }

    static X509Certificate certificate(Path file) throws Exception {
        try (FileInputStream in = new FileInputStream(file.toFile())) {
            return (X509Certificate) FACTORY.generateCertificate(in);
        }
    }

    static void judge(Path folder, Date at) throws Exception {
        Set<TrustAnchor> anchors = new HashSet<>();
        for (Path file : files(folder, "anchor")) {
            anchors.add(new TrustAnchor(certificate(file), null));
        }
        List<X509Certificate> chain = new ArrayList<>();
        chain.add(certificate(folder.resolve("target.der")));
        for (Path file : files(folder, "between")) {
            chain.add(certificate(file));
        }
        PKIXBuilderParameters parameters = new PKIXBuilderParameters(anchors, new X509CertSelector());
        parameters.setDate(at);
        List<CRL> crls = new ArrayList<>();
        for (Path file : files(folder, "crl")) {
            try (FileInputStream in = new FileInputStream(file.toFile())) {
                crls.add(FACTORY.generateCRL(in));
            }
        }
        parameters.setRevocationEnabled(!crls.isEmpty());
        parameters.addCertStore(CertStore.getInstance("Collection", new CollectionCertStoreParameters(crls)));
        TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
        factory.init(new CertPathTrustManagerParameters(parameters));
        X509TrustManager manager = (X509TrustManager) factory.getTrustManagers()[0];
        manager.checkServerTrusted(chain.toArray(new X509Certificate[0]), "ECDHE_ECDSA");
    }
}
