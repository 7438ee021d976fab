// Whether Java reads the certificates of each file named, as keytool does: "yes" or "no" in a line.
import java.io.BufferedInputStream;
import java.io.FileInputStream;
import java.io.InputStream;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;

public class PemForms {
    public static void main(String[] files) throws Exception {
        CertificateFactory factory = CertificateFactory.getInstance("X.509");
        for (String file : files) {
            try (InputStream in = new BufferedInputStream(new FileInputStream(file))) {
                System.out.println(factory.generateCertificates(in).isEmpty() ? "no" : "yes");
            } catch (CertificateException error) {
                System.out.println("no");
            }
        }
    }
}
