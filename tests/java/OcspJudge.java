import java.io.FileInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertPathValidator;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateFactory;
import java.security.cert.PKIXParameters;
import java.security.cert.PKIXRevocationChecker;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What Java makes of an OCSP response: {@code OcspJudge CA HOST RESPONSE} prints "accepted", or why not. */
class OcspJudge {
    public static void main(String[] args) throws Exception {
        X509Certificate ca = read(args[0]);
        X509Certificate host = read(args[1]);
        CertPathValidator validator = CertPathValidator.getInstance("PKIX");
        PKIXRevocationChecker checker = (PKIXRevocationChecker) validator.getRevocationChecker();
        checker.setOptions(EnumSet.of(PKIXRevocationChecker.Option.NO_FALLBACK));
        checker.setOcspResponses(Map.of(host, Files.readAllBytes(Path.of(args[2]))));
        PKIXParameters parameters = new PKIXParameters(Set.of(new TrustAnchor(ca, null)));
        parameters.addCertPathChecker(checker);
        try {
            validator.validate(CertificateFactory.getInstance("X.509").generateCertPath(List.of(host)), parameters);
            System.out.println("accepted");
        } catch (CertPathValidatorException refusal) {
            System.out.println(refusal.getReason() + ": " + refusal.getMessage());
        }
    }

    private static X509Certificate read(String path) throws Exception {
        try (FileInputStream file = new FileInputStream(path)) {
            return (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(file);
        }
    }
}
