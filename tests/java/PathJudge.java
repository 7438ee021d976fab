import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.InputStreamReader;
import java.security.cert.*;
import java.util.*;
import javax.net.ssl.*;
import sun.security.util.HostnameChecker;

/**
 * What Java's TLS makes of certification paths: the validator behind its trust manager, and the check of names that HTTPS adds. Cases and
 * answers as in tests/python/path_judges.py. Needs {@code --add-exports java.base/sun.security.util=ALL-UNNAMED}.
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
        BufferedReader lines = new BufferedReader(new InputStreamReader(System.in));
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            String said;
            try {
                judge(line.split("\t", -1));
                said = "yes";
            } catch (Exception problem) {
                Throwable cause = problem;
                while (cause.getCause() != null) {
                    cause = cause.getCause();
                }
                said = "no " + cause.toString().lines().findFirst().orElse("");
            }
            System.out.println(said);
        }
    }

    static List<byte[]> ders(String list) {
        List<byte[]> all = new ArrayList<>();
        for (String part : list.split(",")) {
            if (!part.isEmpty()) {
                all.add(HexFormat.of().parseHex(part));
            }
        }
        return all;
    }

    static X509Certificate certificate(byte[] der) throws Exception {
        return (X509Certificate) FACTORY.generateCertificate(new ByteArrayInputStream(der));
    }

    static void judge(String[] fields) throws Exception {
        List<X509Certificate> chain = new ArrayList<>();
        chain.add(certificate(ders(fields[3]).get(0)));
        for (byte[] der : ders(fields[4])) {
            chain.add(certificate(der));
        }
        Set<TrustAnchor> anchors = new HashSet<>();
        for (byte[] der : ders(fields[5])) {
            anchors.add(new TrustAnchor(certificate(der), null));
        }
        PKIXBuilderParameters parameters = new PKIXBuilderParameters(anchors, new X509CertSelector());
        parameters.setDate(new Date(Long.parseLong(fields[0]) * 1000));
        List<CRL> crls = new ArrayList<>();
        for (byte[] der : ders(fields[6])) {
            crls.add(FACTORY.generateCRL(new ByteArrayInputStream(der)));
        }
        parameters.setRevocationEnabled(!crls.isEmpty());
        parameters.addCertStore(CertStore.getInstance("Collection", new CollectionCertStoreParameters(crls)));
        TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
        factory.init(new CertPathTrustManagerParameters(parameters));
        X509TrustManager manager = (X509TrustManager) factory.getTrustManagers()[0];
        X509Certificate[] given = chain.toArray(new X509Certificate[0]);
        if (fields[1].equals("client")) {
            manager.checkClientTrusted(given, "EC");
        } else {
            manager.checkServerTrusted(given, "ECDHE_ECDSA");
        }
        if (!fields[2].isEmpty()) {
            HostnameChecker.getInstance(HostnameChecker.TYPE_TLS).match(fields[2], given[0]);
        }
    }
}
