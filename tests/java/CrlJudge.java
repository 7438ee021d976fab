import java.io.FileInputStream;
import java.security.cert.CRL;
import java.security.cert.CertPathValidator;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertStore;
import java.security.cert.CertificateFactory;
import java.security.cert.CollectionCertStoreParameters;
import java.security.cert.PKIXParameters;
import java.security.cert.PKIXRevocationChecker;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * What Java makes of CRLs: {@code CrlJudge CA HOST [CRL...]} prints "accepted", or why not. Without a CRL it fetches the one that the
 * certificate names; with any it fetches none.
 */
class CrlJudge {
    public static void main(String[] args) throws Exception {
        CertificateFactory factory = CertificateFactory.getInstance("X.509");
        List<CRL> crls = new ArrayList<>();
        for (int i = 2; i < args.length; i++) {
            try (FileInputStream file = new FileInputStream(args[i])) {
                crls.add(factory.generateCRL(file));
            }
        }
        CertPathValidator validator = CertPathValidator.getInstance("PKIX");
        PKIXParameters parameters = new PKIXParameters(Set.of(new TrustAnchor(read(factory, args[0]), null)));
        parameters.addCertStore(CertStore.getInstance("Collection", new CollectionCertStoreParameters(crls)));
        if (crls.isEmpty()) {
            PKIXRevocationChecker checker = (PKIXRevocationChecker) validator.getRevocationChecker();
            checker.setOptions(
                    EnumSet.of(PKIXRevocationChecker.Option.PREFER_CRLS, PKIXRevocationChecker.Option.NO_FALLBACK));
            parameters.addCertPathChecker(checker);
        }
        try {
            validator.validate(factory.generateCertPath(List.of(read(factory, args[1]))), parameters);
            System.out.println("accepted");
        } catch (CertPathValidatorException refusal) {
            System.out.println(refusal.getReason() + ": " + refusal.getMessage());
        }
    }

    private static X509Certificate read(CertificateFactory factory, String path) throws Exception {
        try (FileInputStream file = new FileInputStream(path)) {
            return (X509Certificate) factory.generateCertificate(file);
        }
    }
}
